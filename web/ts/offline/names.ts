// The search by name where there is no network: who is in the pack, as the door of the house
// would find her (door/door_search.go).
import { presence, type Guest, type Known, type Line } from "./decide.js";
import { fold, searchable } from "./fold.js";
import type { Opened } from "./pack.js";

/** As many as the house shows. */
export const most = 20;

/** Somebody who was found, by what the pack calls her. */
export interface Found {
  row: string;
  name: string;
  seat: Guest["seat"];
  inside: boolean;
}

/** Whether people are let in at a moment: all day long on the day it begins, a while before, and while it goes on. */
export function opens(p: Known, now: number): boolean {
  const day = (at: number) => Math.floor((at + p.bounds.zone) / 86_400_000);
  return !p.cancelled && (day(p.starts) === day(now) || (now > p.starts - p.bounds.opens && now < p.ends));
}

/**
 * Those of whom each word that was typed stands in their name: who holds a seat first, then by
 * name, at most as many as the house shows. Why there is nobody, where that is so for all.
 */
export async function find(pack: Opened, lines: Line[], query: string, now: number): Promise<Found[] | "locked" | "twoLetters" | "notToday"> {
  const { known } = pack;
  if (!opens(known, now)) return "notToday";
  if (!searchable(query)) return "twoLetters";
  if (pack.locked) return "locked";
  const words = fold(query).split(" ");
  const out: Found[] = [];
  for (const [row, { name }] of await pack.names()) {
    const folded = fold(name);
    const seat = known.guests.get(row)?.seat ?? "withdrawn";
    if (words.every((w) => folded.includes(w))) out.push({ row, name, seat, inside: presence(known, lines, row, now).inside });
  }
  const rank = (f: Found) => (f.seat === "held" ? 0 : 1);
  out.sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name));
  return out.slice(0, most);
}
