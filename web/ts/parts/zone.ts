/** Minutes that Bishkek is ahead of UTC. */
const bishkek = 360;

/** Tells people whose clock differs from Bishkek's what a time is where they are. */
export function showZone(page: Document): void {
  const text = page.body.dataset["zone"];
  if (!text || -new Date().getTimezoneOffset() === bishkek) return;
  const clock = new Intl.DateTimeFormat(page.documentElement.lang, { hour: "2-digit", minute: "2-digit", hour12: false });
  for (const time of page.querySelectorAll<HTMLTimeElement>("time[datetime][data-zone]")) {
    const note = page.createElement("span");
    note.className = "quiet";
    note.textContent = ` (${text.replace("{time}", clock.format(new Date(time.dateTime)))})`;
    time.append(note);
  }
}
