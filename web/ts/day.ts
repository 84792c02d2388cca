// Boxes for a day show it as the device writes days. The words beside them say it in the
// language of the page; while somebody types, they follow.
for (const words of document.querySelectorAll<HTMLElement>("[data-day]")) {
  const box = document.getElementById(words.dataset["day"] ?? "");
  if (!(box instanceof HTMLInputElement)) continue;
  box.addEventListener("input", () => {
    words.textContent = inWords(box.value, words.dataset);
  });
}

/** A day, "2026-11-28", or a day with its time, as the form in the data says; empty for none. */
function inWords(value: string, data: DOMStringMap): string {
  const found = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/.exec(value);
  if (!found) return "";
  const [, year = "", month = "", day = "", time] = found;
  const at = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const parts: Record<string, string> = {
    weekday: data["weekdays"]?.split("|")[at.getUTCDay()] ?? "",
    day: String(Number(day)),
    month: data["months"]?.split("|")[Number(month) - 1] ?? "",
    year: String(Number(year)),
  };
  const text = (data["form"] ?? "").replace(/\{(\w+)\}/g, (_, name: string) => parts[name] ?? "");
  return time ? `${text}, ${time}` : text;
}

export {};
