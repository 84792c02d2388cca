const mark = "door-held";

/** What a door has left on this device: until when, in milliseconds since 1970, and by which script it is given up. */
const held = (): (string | undefined)[] => (localStorage.getItem(mark) ?? "").split(" ");

/** Gives it up, if there is any, within milliseconds, and goes on: with the words that keep scans which could not be sent. At an end only what is over goes. */
export function giveUp(within: number, then: (keep: string) => void, ended = false): void {
  const script = held()[1];
  if (!script) return then("");
  (import(script) as Promise<{ giveUp: (within: number, ended: boolean) => Promise<string> }>)
    .then((m) => m.giveUp(within, ended))
    .catch(() => {
      indexedDB.deleteDatabase("ashar-door"); // the script of an older release is gone
      localStorage.removeItem(mark);
      return "";
    })
    .then(then);
}

/** On signing out, and on whatever page is opened after its end, what a door has left is given up. */
export function endHeld(page: Document): void {
  page.addEventListener(
    "submit",
    (event) => {
      const form = event.target as HTMLFormElement;
      if (!held()[1] || !form.matches("[action$='/sign-out']")) return;
      event.preventDefault();
      giveUp(3000, (keep) => {
        form.action += `?${keep}`;
        form.submit();
      });
    },
    true,
  );
  if (Number(held()[0]) < Date.now()) giveUp(3000, () => undefined, true);
}
