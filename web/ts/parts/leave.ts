import { giveUp } from "./held";

/** How long three presses of Escape may take, in milliseconds. */
const within = 1500;

/**
 * Leaves without a way back: the link, or Escape three times, empties the page
 * at once and puts the other site in its place in the browser's history.
 */
export function leaveQuickly(page: Document): void {
  const link = page.querySelector<HTMLAnchorElement>("a[data-leave]");
  if (!link) return;
  const leave = (): void => {
    page.body.hidden = true;
    page.title = "";
    giveUp(700, (keep) => location.replace(link.href + `&${keep}`));
  };
  link.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  let presses: number[] = [];
  page.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    presses = presses.filter((at) => event.timeStamp - at < within);
    presses.push(event.timeStamp);
    if (presses.length >= 3) leave();
  });
}
