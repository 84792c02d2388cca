// What the door answers where there is no house: internal/modules/seminars/door/decide.go
// once more, held to it by door/doortest/testdata/decisions.json. Instants are milliseconds since
// 1970, spans are milliseconds. docs/offline.md has the order and its reasons.

/** What a device knows of an activity: what the house knew when the pack was made. */
export interface Known {
  event: string;
  cancelled: boolean;
  starts: number;
  ends: number;
  /** Several days: who is inside is told anew each day. */
  several: boolean;
  /** Seats that nobody held when the pack was made. */
  free: number;
  made: number;
  /** From then on the pack tells nothing. */
  until: number;
  bounds: { grace: number; ahead: number; undo: number; zone: number; opens: number };
  guests: Map<string, Guest>;
}

/** Somebody who may come, or a ticket that was taken back. */
export interface Guest {
  seat: "held" | "waiting" | "withdrawn";
  /** When the ticket was taken back, 0 while it holds. */
  revoked: number;
  /** The last mark that stood. */
  kind: "in" | "out" | "";
  at: number;
}

/** A line of the device's ledger; `of` is whose ticket, of an undo the nonce that it undoes. */
export interface Line {
  nonce: string;
  kind: string;
  event: string;
  of: string;
  at: number;
  counts: boolean;
}

/** A code that was read, typed or chosen by name, with what the device made of it. */
export interface Shown {
  nonce: string;
  kind: string;
  event: string;
  /** Of an undo the nonce that it undoes. */
  code: string;
  at: number;
  read: "pass" | "code" | "name" | "forged" | "nothing" | "locked" | "other" | typeof walkIn | "";
  ticket: string;
}

export interface Answer {
  state: "come_in" | "look" | "stop";
  reason: string;
  next: string;
  counts: boolean;
}

/** How a walk-in is read, and with her nonce what she is called: no row of a pack is called so. */
export const walkIn = "walk_in+";

const longest = 512; // bytes of a code
const day = 24 * 60 * 60 * 1000;

/** Answers a scan by the pack, the device's own ledger and the clock; it changes nothing. */
export function decide(p: Known | undefined, ledger: Line[], s: Shown, now: number): Answer {
  const say = (state: Answer["state"], reason: string, next: string, counts = false): Answer => ({ state, reason, next, counts });
  const year = new Date(s.at).getUTCFullYear();
  if (!/^[A-Za-z0-9_-]{8,64}$/.test(s.nonce) || !(year >= 2000 && year <= 2200) || new TextEncoder().encode(s.code).length > longest || !["in", "out", "undo"].includes(s.kind)) {
    return say("stop", "malformed", "again");
  }
  if (ledger.some((l) => l.nonce === s.nonce)) return say("look", "duplicate", "next");
  if (!p) return say("look", "no_pack", "on_paper");
  if (now > p.until) return say("look", "pack_over", "on_paper");
  if (now < p.made - p.bounds.ahead) return say("look", "clock_behind", "fix_clock");
  if (s.event !== p.event) return say("stop", "wrong_event", "other_door");
  if (s.at > now + p.bounds.ahead) return say("stop", "future", "fix_clock");
  if (s.kind === "undo") {
    const undoes = ledger.find((l) => l.nonce === s.code);
    if (!undoes) return say("stop", "undo_first", "ask_lead");
    if (undoes.event !== p.event) return say("stop", "wrong_event", "other_door");
    if (undoes.kind === "undo" || !undoes.counts) return say("stop", "not_undone", "ask_lead");
    if (!inTime(p, undoes.at, s.at)) return say("stop", "too_late", "ask_lead");
    return say("come_in", "accepted", "undone", true);
  }
  const g = p.guests.get(s.ticket);
  if (s.read === "locked") return say("look", "locked", "unlock");
  if (s.read === "other") return say("stop", "wrong_event", "other_door");
  if (s.read === "forged") return say("stop", "forged", "by_name");
  if (s.read !== "pass" && s.read !== walkIn && !g) return say("stop", "no_ticket", "by_name");
  if (g?.revoked && s.at >= g.revoked && s.read !== "name") return say("stop", "revoked", "ask_lead");
  if (p.cancelled) return say("stop", "cancelled", "ask_lead");
  if (s.at < p.starts - p.bounds.grace) return say("stop", "too_early", "come_later");
  if (s.at > p.ends + p.bounds.grace) return say("stop", "expired", "ask_lead");
  if (s.kind === "out") return say("come_in", "accepted", "goodbye", true);
  const { inside, came } = presence(p, ledger, s.ticket, s.at);
  if (inside) return say("look", "already_in", "same_person", true);
  if (came || g?.seat === "held") return say("come_in", "accepted", "welcome", true);
  if (s.read === "pass" && !g) return say("look", "not_in_pack", "let_in_note");
  if (p.free <= letIn(p, ledger)) return say("stop", "full", "ask_lead");
  if (!g) return say("come_in", "accepted", "welcome", true); // a walk-in takes a seat that was left
  if (g.seat === "waiting") return say("look", "waiting", "seat_later");
  return say("look", "withdrawn", "walk_in");
}

const inTime = (p: Known, at: number, undo: number): boolean => undo >= at && undo - at <= p.bounds.undo;

const undone = (p: Known, ledger: Line[], of: Line): boolean =>
  ledger.some((u) => u.kind === "undo" && u.counts && u.of === of.nonce && u.event === of.event && inTime(p, of.at, u.at));

/** Whether somebody is inside at an instant, and whether this device let her in and did not take it back. */
export function presence(p: Known, ledger: Line[], ticket: string, at: number): { inside: boolean; came: boolean } {
  const g = p.guests.get(ticket);
  let marks: { kind: string; nonce: string; at: number }[] = [];
  let base = g?.kind ? { kind: g.kind, nonce: "", at: g.at } : undefined;
  let came = false;
  for (const l of ledger) {
    if (l.of !== ticket || l.event !== p.event || l.kind === "undo" || !l.counts) continue;
    if (!undone(p, ledger, l)) {
      marks.push(l);
      came ||= l.kind === "in";
    } else if (l.kind === g?.kind && l.at === g.at) base = undefined;
  }
  if (base) marks.push(base);
  if (p.several) {
    const midnight = Math.floor((at + p.bounds.zone) / day) * day - p.bounds.zone;
    marks = marks.filter((m) => m.at >= midnight);
  }
  marks.sort((a, b) => a.at - b.at || (a.nonce < b.nonce ? -1 : Number(a.nonce > b.nonce)));
  return { inside: marks.at(-1)?.kind === "in", came };
}

/** Whom this device has let in without a seat of their own: each takes one that was left. */
function letIn(p: Known, ledger: Line[]): number {
  const took = new Set<string>();
  for (const l of ledger) {
    const g = p.guests.get(l.of);
    if ((g ? g.seat !== "held" : l.of.startsWith(walkIn)) && l.kind === "in" && l.event === p.event && l.counts && !undone(p, ledger, l)) took.add(l.of);
  }
  return took.size;
}
