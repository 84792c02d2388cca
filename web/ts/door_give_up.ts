// Gives up what a device holds of a door, from whatever page: on signing out, on leaving
// quickly, and when the day is over. What the house has not got goes up first.
import { checkMark } from "./offline/check";
import { sendRest } from "./offline/day";
import { asSent, upload } from "./offline/house";
import { givenUp, Store } from "./offline/store";

/**
 * Deletes pack, keys, the run sheet and the kept pages. Scans and marks of the run sheet that could
 * not be sent within so many milliseconds stay, and name nobody; then the words are given that
 * keep them.
 */
export async function giveUp(within: number): Promise<string> {
  const store = await Store.open();
  const mark = (await store.held())?.mark;
  const waiting = async () => (await store.lines()).filter((l) => !l.answered && (l.row || l.box));
  const rest = sendRest(store, within); // beside the scans: neither waits for the other
  try {
    const mine = (await waiting()).filter((l) => l.by === mark);
    if (mine.length) {
      const { results } = await upload("/api/v1/checkins", mine.map((l) => asSent(l, "")), within);
      await store.forget(results.map((r) => r.nonce));
    }
  } catch {
    // Without a network they stay for the next contact.
  }
  const marks = await rest;
  document.dispatchEvent(new Event(givenUp));
  await store.wipe();
  sessionStorage.removeItem("door-quiet");
  localStorage.removeItem(checkMark);
  for (const name of await caches.keys()) if (name.startsWith("door ")) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  return marks || (await waiting()).length ? "keep=storage" : "";
}
