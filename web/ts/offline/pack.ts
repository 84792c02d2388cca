// The pack that a device holds: internal/foundation/offline and door/pack.go from the other
// side. Nothing here stores anything; what is opened stays in memory.
import type { Guest, Known, Shown } from "./decide.js";

/** A pack as the house sends it, with all its shelves. */
export interface Pack {
  version: number;
  made: number;
  until: number;
  key: string;
  lock: { salt: string; rounds: number; box: string };
  rules: {
    event: string;
    tag: string;
    verify: string;
    /** The public key of the house for boxes. */
    box: string;
    cancelled?: boolean;
    starts: number;
    ends: number;
    several?: boolean;
    free: number;
    /** How many came, also those without a scan; missing for none. */
    came?: number;
    bounds: Known["bounds"];
    whole: boolean;
  };
  shelves: Shelf[];
}

/** A part of the rows; null where the house says: as you have it. */
export interface Shelf {
  tag: string;
  rows: unknown[][] | null;
}

/** What the desk is told of somebody. */
export interface Told {
  lang: string;
  name: string;
  needs: string;
}

interface Row {
  id: string;
  passBox: string;
  deskBox: string;
}

export const version = 1;
const seats: Record<string, Guest["seat"]> = { h: "held", w: "waiting", x: "withdrawn" };
const kinds: Record<string, Guest["kind"]> = { i: "in", o: "out" };
const plain = new TextEncoder();

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

const base64url = (raw: Uint8Array): string => btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** What the house sent, with the shelves that the device had; undefined when one is missing, and all is to be asked for. */
export function merge(had: Pack | undefined, sent: Pack): Pack | undefined {
  const shelves: Shelf[] = [];
  for (const [i, s] of sent.shelves.entries()) {
    const rows = s.rows ?? (had?.shelves[i]?.tag === s.tag ? had.shelves[i].rows : null);
    if (!rows) return undefined;
    shelves.push({ tag: s.tag, rows });
  }
  return sent.version === version ? { ...sent, shelves } : undefined;
}

/** The tags that a device has, for the house to send the others. */
export const have = (pack: Pack | undefined): string => pack?.shelves.map((s) => s.tag).join(".") ?? "";

/** A word or a code as it is compared: capitals without separators, Latin where a Cyrillic letter looks the same. */
export function typed(text: string): string {
  const from = "АВСЕНКМРТХУҮ";
  const to = "ABCEHKMPTXYY";
  return [...text.toUpperCase()].map((c) => (from.includes(c) ? (to[from.indexOf(c)] ?? c) : "- –".includes(c) ? "" : c)).join("");
}

const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const passLength = 77;
const headLength = 13;

/** The bytes of a QR in Base45 (RFC 9285), undefined for anything else. */
function unbase45(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 3 === 1 || text.length > 2 * passLength) return undefined;
  const out: number[] = [];
  for (let i = 0; i < text.length; i += 3) {
    const digits = [...text.slice(i, i + 3)].map((c) => alphabet.indexOf(c));
    if (digits.includes(-1)) return undefined;
    const n = digits.reduce((sum, d, place) => sum + d * 45 ** place, 0);
    if (n > (digits.length === 3 ? 0xffff : 0xff)) return undefined;
    if (digits.length === 3) out.push(n >> 8);
    out.push(n & 0xff);
  }
  return Uint8Array.from(out);
}

/** The characters of a typed code; its last one makes the sum of place times digit divisible by their number. */
const codeAlphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";

/** A typed code as it is compared, undefined when it can be none: a slip of the finger is seen at once. */
function code(text: string): string | undefined {
  const short = typed(text);
  const digits = [...short].map((c) => codeAlphabet.indexOf(c));
  const sum = digits.reduce((sum, d, place) => sum + d * (place + 1), 0);
  return text.length <= 64 && digits.length === 8 && !digits.includes(-1) && sum % codeAlphabet.length === 0 ? short : undefined;
}

/** A pack that was read, ready to be asked. */
export class Opened {
  readonly known: Known;
  private readonly byPass = new Map<string, Row>();
  private readonly byCode = new Map<string, Row>();
  private readonly rows = new Map<string, Row>();
  private readonly salt: Uint8Array<ArrayBuffer>;
  private desk: Uint8Array<ArrayBuffer> | undefined;
  private codes: Uint8Array<ArrayBuffer> | undefined;
  /** The key of all boxes of the desk: derived once, not for each. */
  private deskBoxes: Promise<CryptoKey> | undefined;
  private readonly all = new Map<string, Told>();

  constructor(readonly pack: Pack) {
    this.salt = bytes(pack.key);
    const guests = new Map<string, Guest>();
    const half = pack.shelves.length / 2;
    for (const [i, shelf] of pack.shelves.slice(0, half).entries()) {
      for (const [n, cells] of (shelf.rows ?? []).entries()) {
        const [id, byPass, byCode, revoked, passBox, deskBox] = cells as [string, string, string, number, string, string];
        const [stands = "", after = 0] = (pack.shelves[half + i]?.rows?.[n] ?? []) as [string?, number?];
        const row = { id, passBox, deskBox };
        this.rows.set(id, row);
        if (byPass) this.byPass.set(byPass, row);
        if (byCode) this.byCode.set(byCode, row);
        const kind = kinds[stands[1] ?? ""] ?? "";
        guests.set(id, { seat: seats[stands[0] ?? ""] ?? "withdrawn", revoked, kind, at: kind ? pack.rules.starts + after : 0 });
      }
    }
    const { event, cancelled = false, starts, ends, several = false, free, bounds } = pack.rules;
    this.known = { event, cancelled, starts, ends, several, free, made: pack.made, until: pack.until, bounds, guests };
  }

  /** Opens the desk key with the word; false for another word. */
  async unlock(word: string): Promise<boolean> {
    const { salt, rounds, box } = this.pack.lock;
    const base = await crypto.subtle.importKey("raw", plain.encode(typed(word)), "PBKDF2", false, ["deriveKey"]);
    const key = await crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: bytes(salt), iterations: rounds }, base, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
    try {
      this.desk = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: new Uint8Array(12), additionalData: plain.encode("desk") }, key, bytes(box)));
    } catch {
      return false;
    }
    this.codes = await this.derive("codes", this.desk);
    return true;
  }

  get locked(): boolean {
    return !this.desk;
  }

  /** Takes over the desk key of the pack before, if it is that of the same desk. */
  adopt(before: Opened | undefined): void {
    if (before?.pack.key !== this.pack.key || before.pack.lock.box !== this.pack.lock.box) return;
    this.desk = before.desk;
    this.codes = before.codes;
  }

  /** What the house calls the device of this pack: what one keeps is not sent as another's. */
  mark(): Promise<string> {
    return this.name(this.salt, "device", new Uint8Array());
  }

  /** What this pack calls somebody whose application the page of the house has named. */
  rowOf(application: string): Promise<string> {
    return this.name(this.salt, "row", Uint8Array.from(application.replaceAll("-", "").match(/../g) ?? [], (hex) => parseInt(hex, 16)));
  }

  /** What a QR or a typed code is by this pack, and her name where it opens one. */
  async read(text: string): Promise<{ read: Shown["read"]; ticket: string; told?: Told }> {
    const pass = unbase45(text);
    if (pass?.length === passLength && pass[0] === 1) return this.readPass(text, pass);
    const short = code(text);
    if (!short) return { read: "nothing", ticket: "" };
    if (!this.codes || !this.desk) return { read: "locked", ticket: "" };
    const row = this.byCode.get(await this.name(this.codes, "code", plain.encode(short)));
    if (!row) return { read: "code", ticket: "" };
    return { read: "code", ticket: row.id, ...(await this.told("desk", this.desk, row.deskBox)) };
  }

  private async readPass(code: string, pass: Uint8Array<ArrayBuffer>): Promise<{ read: Shown["read"]; ticket: string; told?: Told }> {
    const name = await this.name(this.salt, "pass", plain.encode(code));
    const row = this.byPass.get(name);
    // Only the house could have made what the pack knows; of the rest its signature tells.
    if (row) return { read: "pass", ticket: row.id, ...(await this.told("pass", plain.encode(code), row.passBox)) };
    if (!(await this.signed(pass))) return { read: "forged", ticket: "" };
    const tag = bytes(this.pack.rules.tag);
    return { read: pass.slice(9, headLength).every((b, i) => b === tag[i]) ? "pass" : "other", ticket: `new ${name}` };
  }

  /** Whether the house has signed a pass. A browser that knows no Ed25519 cannot tell, and then it counts as unsigned. */
  private async signed(pass: Uint8Array<ArrayBuffer>): Promise<boolean> {
    try {
      const key = await crypto.subtle.importKey("raw", bytes(this.pack.rules.verify), "Ed25519", false, ["verify"]);
      const domain = plain.encode("ashar ticket");
      const text = new Uint8Array(domain.length + headLength);
      text.set(domain);
      text.set(pass.slice(0, headLength), domain.length);
      return await crypto.subtle.verify("Ed25519", key, pass.slice(headLength), text);
    } catch {
      return false;
    }
  }

  /** The names of all by what the pack calls them, in memory alone; nobody's before the word of the desk. */
  async names(): Promise<Map<string, Told>> {
    if (this.all.size || !this.desk) return this.all;
    for (const row of this.rows.values()) {
      const { told } = await this.told("desk", this.desk, row.deskBox);
      if (told) this.all.set(row.id, told);
    }
    return this.all;
  }

  private async told(use: string, secret: Uint8Array<ArrayBuffer>, box: string): Promise<{ told?: Told }> {
    if (!box) return {};
    try {
      const raw = bytes(box);
      const key = await (use === "desk" ? (this.deskBoxes ??= this.boxes(use, secret)) : this.boxes(use, secret));
      const padded = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw.slice(0, 12), additionalData: plain.encode(use) }, key, raw.slice(12)));
      const [lang, name, needs] = JSON.parse(new TextDecoder().decode(padded.slice(0, padded.lastIndexOf(0x80)))) as [string, string, string];
      return { told: { lang, name, needs } };
    } catch {
      return {};
    }
  }

  private async boxes(use: string, secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
    return crypto.subtle.importKey("raw", await this.derive(use, secret), "AES-GCM", false, ["decrypt"]);
  }

  private async derive(use: string, secret: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
    const key = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: this.salt, info: plain.encode(`ashar offline ${use}`) }, key, 256));
  }

  private async name(key: Uint8Array<ArrayBuffer>, kind: string, of: Uint8Array<ArrayBuffer>): Promise<string> {
    const mac = await crypto.subtle.importKey("raw", key, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
    const text = new Uint8Array(kind.length + 1 + of.length);
    text.set(plain.encode(kind));
    text.set(of, kind.length + 1);
    return base64url(new Uint8Array(await crypto.subtle.sign("HMAC", mac, text)).slice(0, 12));
  }
}
