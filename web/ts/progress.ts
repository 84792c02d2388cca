// A long work that goes on beside the page: while a place says that something moves, what
// it shows is fetched and exchanged part by part, with the parts elsewhere on the page that
// belong to it (data-of). Without script the page is loaded again.
const first = 700; // until the first look, ms
const most = 5000; // between two looks, ms

async function follow(place: HTMLElement): Promise<void> {
  for (let wait = first; "progress" in place.dataset; wait = Math.min(wait * 1.3, most)) {
    await new Promise((done) => setTimeout(done, wait));
    if (document.hidden) continue;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (answer.status === 429 || answer.status >= 500) continue; // busy for a moment: it looks again later
      if (!answer.ok || answer.redirected) return; // signed out meanwhile, or given up: the page says so when it is used
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById(place.id);
      if (!fresh) return;
      for (const part of document.querySelectorAll<HTMLElement>("[data-part]")) {
        const its = place.contains(part) ? fresh : part.dataset["of"] === place.id ? page : undefined;
        const now = its?.querySelector<HTMLElement>(`[data-part="${part.dataset["part"]}"]`);
        // What somebody is at stays under her hand; what is said aloud is said once.
        if (!now || part.innerHTML === now.innerHTML || part.contains(document.activeElement)) continue;
        part.replaceChildren(...now.childNodes);
      }
      if (!("progress" in fresh.dataset) && !place.contains(document.activeElement)) delete place.dataset["progress"];
    } catch {
      // No network for a moment: it looks again later.
    }
  }
}

for (const place of document.querySelectorAll<HTMLElement>("[data-progress]")) void follow(place);

export {};
