// What a phone has kept and cannot send itself, as another phone carries it: a file, or a
// sequence of QR codes (internal/modules/seminars/door/parcel.go from the other side). It lies in
// boxes that only the house opens; who carries it reads nothing of it.
import { close } from "./box.js";
import { call, callEnds } from "./house.js";
import type { Kept, Store } from "./store.js";

export const version = 1;
/** Bounds of a parcel; what is beyond makes another. */
export const mostBoxes = 60;
export const mostScans = 2000;
export const longest = 512 * 1024; // bytes of a file
const fullBox = 5600; // bytes in a box, closed no more than the house opens
const inCode = 380; // characters of a parcel in one QR: with its head version 13, which cheap cameras read
/** As many codes as somebody shows one after the other; of more a file is made. */
export const mostCodes = 60;
const head = "ASHAR-PARCEL";
const text = new TextEncoder();

export interface Parcel {
  version: number;
  event: string;
  boxes: string[];
  /** Of all the rest: what was cut or changed has another. */
  sum: string;
}

/** A parcel of another phone as it lies on this one, until the house has it. */
export interface Carried {
  sum: string;
  event: string;
  text: string;
  /** When it came here, by the clock of the device. */
  at: number;
  /** What the house said in words, in the language of the page; missing while it has not. */
  said?: string;
}

async function digest(said: string, length: number): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", text.encode(said))).slice(0, length);
  return btoa(String.fromCharCode(...sum)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const sumOf = (event: string, boxes: string[]): Promise<string> => digest(`${event}\n${boxes.join("\n")}`, 12);

/** What of a ledger can be given on: what the house has not answered, and names its row or lies in a box. */
export const giveable = (lines: Kept[], event: string): Kept[] => lines.filter((l) => l.event === event && !l.answered && (l.row || l.box));

/** A scan as it lies in a box: nonce, kind, which field of a scan the next is, what that says, when. */
function boxed(l: Kept): [string, string, string, string, number] {
  const field = l.box ? (l.row === "walk_in" ? "walk_in" : "box") : l.row;
  return [l.nonce, l.kind, field, l.box ?? l.of, Math.round(l.at)];
}

/**
 * Makes parcels of scans, closed to a public key of the house, each device's apart and in the
 * order in which they happened. Scans that are too long for a box are left out, and none is.
 */
export async function parcelsOf(event: string, publicKey: string, lines: Kept[]): Promise<Parcel[]> {
  const sorted = [...lines].sort((a, b) => a.at - b.at || Number(a.kind === "undo") - Number(b.kind === "undo"));
  const boxes: { box: string; scans: number }[] = [];
  for (const by of new Set(sorted.map((l) => l.by))) {
    let some: string[] = [];
    const shut = async () => {
      if (some.length) boxes.push({ box: await close(publicKey, `parcel ${version}`, `{"by":${JSON.stringify(by)},"scans":[${some.join(",")}]}`), scans: some.length });
      some = [];
    };
    let bytes = 0;
    for (const l of sorted.filter((l) => l.by === by)) {
      const said = JSON.stringify(boxed(l));
      const length = text.encode(said).length + 1;
      if (length > fullBox) continue;
      if (bytes + length > fullBox) {
        await shut();
        bytes = 0;
      }
      some.push(said);
      bytes += length;
    }
    await shut();
  }
  const out: Parcel[] = [];
  let scans = mostScans;
  for (const { box, scans: more } of boxes) {
    const last = out.at(-1);
    if (!last || last.boxes.length >= mostBoxes || scans + more > mostScans) {
      out.push({ version, event, boxes: [box], sum: "" });
      scans = more;
    } else {
      last.boxes.push(box);
      scans += more;
    }
  }
  for (const p of out) p.sum = await sumOf(event, p.boxes);
  return out;
}

/** Why a file or a sequence is not taken. */
export type Wrong = "parcel" | "parcelVersion" | "parcelDamaged" | "parcelEvent" | "parcelLarge";

/** Reads a parcel for an activity, or says why it is none, as the house would before it opens it. */
export async function readParcel(said: string, event: string): Promise<Parcel | Wrong> {
  if (said.length > longest) return "parcelLarge";
  let p: Partial<Parcel> | null;
  try {
    p = JSON.parse(said) as Partial<Parcel> | null;
  } catch {
    return "parcel";
  }
  const { boxes, sum } = p ?? {};
  if (!p?.version || typeof p.event !== "string" || !Array.isArray(boxes) || !boxes.length || boxes.some((b) => typeof b !== "string")) return "parcel";
  if (p.version !== version) return "parcelVersion";
  if (boxes.length > mostBoxes) return "parcelLarge";
  if (sum !== (await sumOf(p.event, boxes))) return "parcelDamaged";
  return p.event === event ? { version, event, boxes, sum } : "parcelEvent";
}

/** The texts of the QR codes of a parcel: its sum, which of how many, a check of this one, and a piece of the parcel. */
export async function codesOf(p: Parcel): Promise<string[]> {
  const whole = JSON.stringify(p);
  const all = Math.ceil(whole.length / inCode);
  const out: string[] = [];
  for (let n = 1; n <= all; n++) {
    const piece = whole.slice((n - 1) * inCode, n * inCode);
    const said = `${p.sum} ${n}/${all} ${piece}`;
    out.push(`${head} ${version} ${await digest(said, 6)} ${said}`);
  }
  return out;
}

/** Gathers the codes of a sequence in any order; a code of another sequence begins that one. */
export class Gathering {
  private sum = "";
  private all = 0;
  private readonly pieces = new Map<number, string>();

  /** Takes the text of a QR: false when it is no code of a sequence, or was not read whole. */
  async take(said: string): Promise<boolean> {
    const [, v, check, rest = "", sum = "", n = "", all = "", piece = ""] = /^ASHAR-PARCEL (\d+) ([\w-]{8}) (([\w-]{16}) (\d{1,3})\/(\d{1,3}) ([^]+))$/.exec(said) ?? [];
    if (Number(v) !== version || check !== (await digest(rest, 6)) || !Number(n) || Number(n) > Number(all) || Number(all) > mostCodes) return false;
    if (sum !== this.sum || Number(all) !== this.all) {
      this.pieces.clear();
      [this.sum, this.all] = [sum, Number(all)];
    }
    this.pieces.set(Number(n), piece);
    return true;
  }

  get count(): number {
    return this.all;
  }

  /** Which are not read yet. */
  get lacks(): number[] {
    return Array.from({ length: this.all }, (_, i) => i + 1).filter((n) => !this.pieces.has(n));
  }

  /** The parcel once all are read. */
  get whole(): string | undefined {
    if (!this.all || this.lacks.length) return undefined;
    return Array.from({ length: this.all }, (_, i) => this.pieces.get(i + 1)).join("");
  }
}

/** Keeps a parcel of another phone: it is on the disk when this comes back, and nothing was sent before. One that is there stays as it is. */
export async function carry(store: Store, p: Parcel): Promise<void> {
  if ((await carried(store)).some((c) => c.sum === p.sum)) return;
  const one: Carried = { sum: p.sum, event: p.event, text: JSON.stringify(p), at: Date.now() };
  await store.put("parcel", p.sum, one);
}

/** The parcels of other phones that lie here, in the order in which they came. */
export const carried = async (store: Store): Promise<Carried[]> => (await store.all<Carried>("parcel")).sort((a, b) => a.at - b.at);

/** Sends what is carried and was not answered, all within so many milliseconds; how many the house has not answered. */
export async function sendCarried(store: Store, lang: string, ends = callEnds): Promise<number> {
  const until = Date.now() + ends;
  let left = 0;
  for (const one of await carried(store)) {
    if (one.said !== undefined) continue;
    const said = await send(one, lang, until - Date.now()).catch(() => undefined);
    if (said === undefined) left++;
    else await store.put("parcel", one.sum, { ...one, said });
  }
  return left;
}

/** Brings a parcel as the form of the page would; what the house says, undefined when it is not to be heard, or does not let this phone stand here. */
async function send(one: Carried, lang: string, ends: number): Promise<string | undefined> {
  const form = new FormData();
  form.set("file", new Blob([one.text], { type: "application/json" }), "ashar.json");
  const { response } = await call(`/${lang}/door/${encodeURIComponent(one.event)}/give`, { method: "POST", body: form }, ends);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const heard = page.querySelector("[data-given]");
  return heard ? Array.from(heard.querySelectorAll("li"), (e) => e.textContent?.trim()).join(" ") : undefined;
}
