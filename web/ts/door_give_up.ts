// Gives up what a device holds of a door, from whatever page: on signing out, on leaving
// quickly, and what is over at its end. What the house has not got goes up first.
import { checkMark } from "./offline/check";
import { sendRest } from "./offline/day";
import { asSent, upload } from "./offline/house";
import { carried, sendCarried } from "./offline/parcel";
import { givenUp, heldMark, note, Store } from "./offline/store";

const waiting = async (store: Store) => (await store.lines()).filter((l) => !l.answered && (l.row || l.box));

/** Sends scans, marks and parcels of other phones that are not in the house; whether some stay after so many milliseconds. */
async function rise(store: Store, within: number): Promise<boolean> {
  const mark = (await store.held())?.mark;
  const rest = sendRest(store, within); // beside the scans: none waits for another
  const given = sendCarried(store, document.documentElement.lang, within);
  try {
    const mine = (await waiting(store)).filter((l) => l.by === mark);
    if (mine.length) {
      const { results } = await upload("/api/v1/checkins", mine.map((l) => asSent(l, "")), within);
      await store.remove("line", results.map((r) => r.nonce));
    }
  } catch {
    // Without a network they stay for the next contact.
  }
  const marks = await rest;
  const parcels = await given;
  return marks > 0 || Boolean(parcels) || (await waiting(store)).length > 0;
}

/** The ends of the pack and of the run sheet that are held. */
async function ends(store: Store): Promise<Partial<Record<"pack" | "day", number>>> {
  const pack = (await store.held())?.pack.until;
  const day = (await store.all<{ doc: { until: number } }>("day"))[0]?.doc.until;
  return { ...(pack !== undefined && { pack }), ...(day !== undefined && { day }) };
}

/**
 * Deletes pack, keys, the run sheet and the kept pages; at an end what is over alone, as long as
 * something else is held. Scans, marks of the run sheet and parcels of other phones that could
 * not be sent within so many milliseconds stay, and name nobody; then the words are given that
 * keep them.
 */
export async function giveUp(within: number, ended = false): Promise<string> {
  const store = await Store.open();
  if (ended && (await end(store, within))) return "";
  const stays = await rise(store, within);
  await store.remove("parcel", (await carried(store)).filter((c) => c.said !== undefined).map((c) => c.sum));
  document.dispatchEvent(new Event(givenUp));
  await store.wipe();
  sessionStorage.removeItem("door-quiet");
  localStorage.removeItem(checkMark);
  for (const name of await caches.keys()) if (name.startsWith("door ")) await caches.delete(name);
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  return stays ? "keep=storage" : "";
}

/** Deletes what is over by the clock of the house, as far as it is known here; false where nothing else is held. */
async function end(store: Store, within: number): Promise<boolean> {
  const slot = localStorage.getItem(heldMark);
  const now = Date.now() + (await store.clock());
  const held = Object.values(await ends(store));
  if (held.every((until) => until < now)) return false;
  if (held.some((until) => until < now)) {
    await rise(store, within);
    // Looked at once more: what has come meanwhile is not over.
    for (const [name, until] of Object.entries(await ends(store)) as ["pack" | "day", number][]) if (until < now) await store.remove(name);
  }
  const stay = await ends(store);
  if (!stay.pack) await store.remove("line", (await store.lines()).filter((l) => l.answered).map((l) => l.nonce));
  const stand = Object.values(stay);
  const script = slot?.split(" ")[1];
  if (script && stand.length && localStorage.getItem(heldMark) === slot) note(Math.min(...stand), script, NaN);
  return true;
}
