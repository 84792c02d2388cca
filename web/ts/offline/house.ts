// How a device speaks with the house: each call has its end, each answer tells the time.
import type { Kept } from "./store.js";

/** How long a call in the background may take, in milliseconds. */
export const callEnds = 20_000;
/** How many scans go up at once. */
export const batch = 200;

/** An answer of the house, with how far this device's clock was behind it then, in milliseconds. */
export interface Reply {
  response: Response;
  behind: number | undefined;
}

/** Calls the house; it throws when there is no answer, or none of the house's: 5xx and 429 are those of a house that is not there. */
export async function call(address: string, init: RequestInit, ends = callEnds): Promise<Reply> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ends);
  const from = Date.now();
  try {
    const response = await fetch(address, { ...init, cache: "no-store", signal: stop.signal });
    const to = Date.now();
    if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
    const told = Date.parse(response.headers.get("Ashar-Time") ?? "");
    return { response, behind: Number.isNaN(told) ? undefined : Math.round(told - (from + to) / 2) };
  } finally {
    clearTimeout(timer);
  }
}

/** A scan as the house takes it; the code is given where the pack knows no row for it, and there is no box. */
export function asSent(line: Kept, code: string): Record<string, string> {
  const { nonce, kind, event } = line;
  const at = new Date(line.at).toISOString();
  if (line.row === "ticket" || line.row === "guest") return { nonce, kind, event, at, code: "", [line.row]: line.of };
  if (line.box) return { nonce, kind, event, at, code: "", [line.row || "box"]: line.box };
  return { nonce, kind, event, at, code: line.row === "undo" ? line.of : code };
}

/** What the house says to one scan of a batch. */
export interface Result {
  nonce: string;
  result: string;
  reason?: string;
  /** Of a box: what the pack calls her of whom it told. */
  row?: string;
}

/** Sends scans and gives the answers; it throws where call does, and when the answer is none. */
export async function upload(address: string, scans: Record<string, string>[], ends?: number): Promise<Reply & { results: Result[] }> {
  const reply = await call(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ scans }) }, ends);
  if (!reply.response.ok) return { ...reply, results: [] };
  const body = (await reply.response.json()) as { results?: Result[] };
  return { ...reply, results: body.results ?? [] };
}
