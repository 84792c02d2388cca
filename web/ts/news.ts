// Pages that others change: when something did, the hidden link that loads the
// page again is shown. Nothing moves by itself under a reader's hand.
for (const place of document.querySelectorAll<HTMLElement>("[data-news]")) {
  const source = new EventSource(place.dataset["news"] ?? "");
  source.onmessage = () => {
    source.close();
    const link = place.querySelector("a");
    if (link) link.hidden = false;
  };
  // An open stream would keep the page from being kept for the way back.
  addEventListener("pagehide", () => source.close());
}

export {};
