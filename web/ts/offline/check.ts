// The outcome of a check of this phone (ready.ts): it waits here until the house has it. It says
// when, and which lines were missing, and names nobody.
import { call } from "./house.js";

export interface Check {
  event: string;
  /** What the house calls the device that was checked. */
  by: string;
  at: number;
  missing: string[];
}

/** Under this name localStorage keeps it: there is one, the last. */
export const checkMark = "door-check";

let held: string | null = null; // where the browser keeps nothing, while the page is open

function waits(): string | null {
  try {
    return localStorage.getItem(checkMark) ?? held;
  } catch {
    return held;
  }
}

/** Keeps a check in place of the one before. */
export function keepCheck(check: Check): void {
  held = JSON.stringify(check);
  try {
    localStorage.setItem(checkMark, held);
  } catch {
    // It goes up while the page is open.
  }
}

export function dropCheck(): void {
  held = null;
  try {
    localStorage.removeItem(checkMark);
  } catch {
    // There is none.
  }
}

/** Sends what waits, if it is of this device: what has become of it, undefined when nothing waits. It throws where call does. */
export async function sendCheck(by: string, lang: string): Promise<"sent" | "refused" | undefined> {
  const text = waits();
  if (!text) return undefined;
  const { event, by: of, at, missing } = JSON.parse(text) as Check;
  if (of !== by) return undefined;
  const { response } = await call(`/api/v1/door/${encodeURIComponent(event)}/ready?lang=${lang}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ at, missing }) });
  if (waits() === text) dropCheck();
  return response.ok ? "sent" : "refused";
}
