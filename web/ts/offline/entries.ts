// The last entries of a phone at the door that it may still take back, and how many people came.
import type { Line } from "./decide.js";
import type { Desk } from "./desk.js";
import type { Kept } from "./store.js";

/** As many as the house lists. */
const most = 10;

/** Takes up an entry of this phone that the page of the house lists and its ledger has not, so that it can be undone with no network. */
export async function adopt(desk: Desk, nonce: string, application: string, at: number): Promise<void> {
  const { opened } = desk;
  if (!nonce || !opened) return;
  const had = (await desk.lines()).find((l) => l.nonce === nonce);
  if (had?.of) return;
  const line: Kept = had ?? {
    nonce,
    kind: "in",
    event: opened.known.event,
    of: "",
    at,
    counts: true,
    by: await opened.mark(),
    row: "guest",
    answered: desk.now(),
    denied: false,
  };
  line.of = await opened.rowOf(application); // of a code that was read before the pack was there, too
  await desk.store.keep(line);
}

/** Who was let in and may be taken back still, newest first; a ticket that was read again is no entry of its own. */
export function recent(lines: Line[], desk: Desk): Line[] {
  const { event } = desk.place;
  const known = desk.opened?.known;
  const undo = known?.bounds.undo ?? 0;
  const now = desk.now();
  const back = new Set(lines.filter((l) => l.kind === "undo" && l.counts).map((l) => l.of));
  const stand = lines.filter((l) => l.event === event && l.counts && l.kind !== "undo" && !back.has(l.nonce));
  const again = (l: Line): boolean => {
    const g = known?.guests.get(l.of);
    const before = stand.filter((o) => l.of && o.of === l.of && o.at < l.at);
    const marks = [...before, ...(g?.kind && g.at < l.at ? [g] : [])].sort((a, b) => a.at - b.at);
    return marks.at(-1)?.kind === "in";
  };
  const mine = stand.filter((l) => l.kind === "in" && l.at <= now && now - l.at <= undo && !again(l));
  return mine.sort((a, b) => b.at - a.at || (a.nonce < b.nonce ? -1 : 1)).slice(0, most);
}

/** How many people came: those of the house when the pack was made, and what this device knows better. */
export async function came(desk: Desk): Promise<number | undefined> {
  const known = desk.opened?.known;
  if (!known || !desk.held) return undefined;
  const lines = (await desk.lines()).filter((l) => l.event === known.event && l.counts);
  const undone = new Set(lines.filter((l) => l.kind === "undo").map((l) => l.of));
  const before = new Set<string>();
  let back = 0;
  for (const [row, g] of known.guests) {
    if (!g.kind || g.revoked) continue;
    before.add(row);
    const own = lines.some((l) => l.of === row && l.kind === g.kind && l.at === g.at && undone.has(l.nonce));
    const again = lines.some((l) => l.of === row && l.kind === "in" && !undone.has(l.nonce));
    if (own && !again) back++;
  }
  const since = new Set(lines.filter((l) => l.kind === "in" && !undone.has(l.nonce) && !before.has(l.of)).map((l) => l.of));
  return (desk.held.pack.rules.came ?? 0) + since.size - back;
}
