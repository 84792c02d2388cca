// A door's desk on a device: it keeps each scan before anything is shown, answers by the pack
// where the house does not, and brings both up to date with the house by itself.
import { decide, walkIn, type Answer, type Shown } from "./decide.js";
import { asSent, batch, call, upload, type Reply, type Result } from "./house.js";
import { have, merge, Opened, type Pack, type Told } from "./pack.js";
import type { close } from "./box.js";
import type { Held, Kept, Store } from "./store.js";

/** What was read, typed or pressed. */
export interface Asked {
  kind: string;
  /** The text of a QR or of a code; of an undo the nonce that it undoes. */
  code: string;
  /** Of somebody chosen on a page of the house: her application there. */
  application?: string;
  /** Of somebody found on this phone: what the pack calls her. */
  guest?: string;
  /** What a walk-in has told. */
  walk?: string;
  /** Her name where the page shows it already. */
  name?: string;
}

/** A scan in the ledger, with what the device made of it. */
export interface Entry {
  line: Kept;
  shown: Shown;
  told: Told | undefined;
}

export interface Place {
  event: string;
  title: string;
  /** What the house calls this device, empty where the page came without the house. */
  mark: string;
  pack: string;
  upload: string;
  /** The script that gives up what is held, from whatever page. */
  script: string;
}

const counted = ["accepted", "already_in"];

export class Desk {
  /** The house did not answer the last call. */
  away = false;
  /** By how many milliseconds the clock of the device is behind the house's. */
  behind = 0;
  /** The pack, when one is held. */
  opened: Opened | undefined;
  held: Held | undefined;
  /** Closes a text to a key of the house for a record: set by the script that comes after the page. */
  closes: typeof close | undefined;
  private mark = "";
  /** Texts of codes that the pack has no row for, and that no box could be made for. They are nowhere but here. */
  private readonly texts = new Map<string, string>();
  /** The lines of this page: one object each, whoever asks. */
  private readonly live = new Map<string, Kept>();
  private over = false;
  private rising: Promise<void> | undefined;
  private falling: Promise<void> | undefined;

  constructor(
    readonly store: Store,
    readonly place: Place,
    private readonly changed: () => void,
  ) {}

  /** Takes up what the device has kept; what is over, or was another's, is deleted first. */
  async start(): Promise<void> {
    this.behind = await this.store.clock();
    this.mark = this.place.mark;
    const held = await this.store.held();
    if (!held) return;
    const opened = new Opened(held.pack);
    const { mark } = held;
    const other = held.pack.rules.event === this.place.event && this.mark !== "" && this.mark !== mark;
    if (other) return this.store.wipe();
    if (this.now() > held.pack.until) return this.store.remove("pack"); // a run sheet may have another end
    if (held.pack.rules.event !== this.place.event) return;
    this.mark ||= mark;
    [this.held, this.opened] = [held, opened];
  }

  /** The moment by the clock of the house. */
  now(): number {
    return Date.now() + this.behind;
  }

  get title(): string {
    return this.held?.title ?? "";
  }

  /** Names of typed codes cannot be opened yet. */
  get locked(): boolean {
    return this.opened?.locked ?? false;
  }

  async unlock(word: string): Promise<boolean> {
    const pack = this.opened;
    if (!(await pack?.unlock(word))) return false;
    this.opened?.adopt(pack); // a newer one may have come meanwhile
    this.changed();
    return true;
  }

  /** Keeps a scan. It is on the disk when this comes back, and nothing was shown or sent before. */
  async enter(asked: Asked): Promise<Entry> {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    const at = this.now();
    const { kind, code, application, guest, walk } = asked;
    const { event } = this.place;
    const shown: Shown = { nonce, kind, event, code: kind === "undo" ? code : "", at, read: "", ticket: "" };
    const line: Kept = { nonce, kind, event, of: "", at, counts: false, by: this.mark, row: "", answered: 0, denied: false };
    let told: Told | undefined = asked.name ? { lang: "", name: asked.name, needs: "" } : undefined;
    if (kind === "undo") {
      [line.of, line.row] = [code, "undo"];
    } else if (walk) {
      [shown.read, shown.ticket, line.row] = [walkIn, walkIn + nonce, "walk_in"];
    } else if (guest) {
      [shown.read, shown.ticket, line.row] = ["name", guest, "guest"];
    } else if (application) {
      if (this.opened) [shown.read, shown.ticket, line.row] = ["name", await this.opened.rowOf(application), "guest"];
    } else if (this.opened) {
      const got = await this.opened.read(code);
      [shown.read, shown.ticket, told] = [got.read, got.ticket, got.told];
      if (this.opened.known.guests.has(got.ticket)) line.row = "ticket";
    }
    if (line.row !== "undo") line.of = shown.ticket;
    if (walk || (!line.row && !application)) {
      const text = walk ?? code.slice(0, 400);
      const key = this.held?.pack.rules.box;
      const box = key && (await this.closes?.(key, nonce, text).catch(() => undefined));
      if (box) line.box = box;
      else if (!walk) this.texts.set(nonce, text);
    }
    this.live.set(nonce, line);
    await this.store.keep(line);
    this.changed();
    return { line, shown, told };
  }

  /** Answers a scan by what the device knows, and keeps the answer. */
  async decide(entry: Entry): Promise<Answer> {
    const { line, shown } = entry;
    const others = (await this.lines()).filter((l) => l.nonce !== line.nonce && l.event === line.event);
    const answer = decide(this.opened?.known, others, shown, this.now());
    if (!line.answered) {
      line.counts = answer.counts;
      await this.store.keep(line);
    }
    this.changed();
    return answer;
  }

  /** Whether the device can tell what a scan is; else the house is asked though it was silent. */
  tells(entry: Entry): boolean {
    return !!this.opened && entry.shown.read !== "locked" && this.now() <= this.opened.known.until;
  }

  /** Takes the answer of the house to a scan; at is the moment that it stands for there. */
  async answered(line: Kept, result: string, at?: number, row?: string): Promise<void> {
    const stands = result === "duplicate" ? line.counts : counted.includes(result);
    line.denied = line.counts && !stands;
    line.counts = stands;
    line.answered = this.now();
    if (at) line.at = at;
    if (row) line.of = row;
    delete line.box;
    this.texts.delete(line.nonce);
    await this.store.keep(line);
    this.changed();
  }

  /** The house was reached: it was heard what time it is. */
  async reached({ behind }: Reply): Promise<void> {
    this.away = false;
    if (behind !== undefined) {
      this.behind = behind;
      await this.store.put("clock", "clock", behind);
    }
    this.changed();
  }

  /** The house was not reached. */
  silent(): void {
    this.away = true;
    this.changed();
  }

  /** Brings both up to date; neither way waits for the other. */
  async contact(): Promise<void> {
    if (this.over) return;
    await Promise.all([this.up(), this.down()]);
  }

  private up(): Promise<void> {
    this.rising ??= this.send().finally(() => (this.rising = undefined));
    return this.rising;
  }

  private down(): Promise<void> {
    this.falling ??= this.ask().finally(() => (this.falling = undefined));
    return this.falling;
  }

  /** The scans of this device, of whatever door. */
  async lines(): Promise<Kept[]> {
    return (await this.store.lines()).filter((l) => l.by === this.mark).map((l) => this.live.get(l.nonce) ?? l);
  }

  /** What is not in the house, in the order in which it happened: an undo goes after what it undoes. */
  private async unsent(): Promise<Kept[]> {
    const lines = (await this.lines()).filter((l) => !l.answered && (l.row || l.box || this.texts.has(l.nonce)));
    return lines.sort((a, b) => a.at - b.at || Number(a.kind === "undo") - Number(b.kind === "undo"));
  }

  /** Whether what an undo undoes is not in the house yet, which would know of nothing to undo. */
  async waits({ line }: Entry): Promise<boolean> {
    return line.kind === "undo" && (await this.unsent()).some((l) => l.nonce === line.of);
  }

  /** What the page tells of itself: scans that are not in the house, and those that it did not take. */
  async state(): Promise<{ unsent: number; denied: number; texts: number }> {
    const unsent = await this.unsent();
    return { unsent: unsent.length, denied: (await this.lines()).filter((l) => l.denied).length, texts: unsent.filter((l) => this.texts.has(l.nonce)).length };
  }

  private async send(): Promise<void> {
    let took = 0;
    for (let rest = await this.unsent(); rest.length > 0; rest = await this.unsent()) {
      const some = rest.slice(0, batch);
      let results: Result[];
      try {
        const reply = await upload(this.place.upload, some.map((l) => asSent(l, this.texts.get(l.nonce) ?? "")));
        await this.reached(reply);
        results = reply.results;
      } catch {
        this.silent();
        break;
      }
      const lines = some.filter((l) => results.some((r) => r.nonce === l.nonce));
      for (const line of lines) {
        const said = results.find((r) => r.nonce === line.nonce);
        await this.answered(line, said?.result ?? "", 0, said?.row);
      }
      took += lines.length;
      if (lines.length < some.length) break; // what has no answer goes up another time
    }
    if (took) {
      await this.falling; // that one may have been asked for before
      await this.down();
    }
  }

  /** Asks for the pack, or for what is new in it. */
  private async ask(whole = false): Promise<void> {
    const had = whole ? undefined : this.held;
    try {
      const init: RequestInit = had ? { headers: { "If-None-Match": had.tag } } : {};
      const asked = this.now();
      const reply = await call(`${this.place.pack}?have=${encodeURIComponent(have(had?.pack))}`, init);
      await this.reached(reply);
      const { response } = reply;
      if (response.headers.get("Ashar-Pack") === "wipe") return await this.wipe();
      if (response.status === 304) return await this.thin(asked);
      if (!response.ok) return;
      const pack = merge(had?.pack, (await response.json()) as Pack);
      if (!pack) return had ? await this.ask(true) : undefined;
      await this.take(pack, response.headers.get("ETag") ?? "");
      await this.thin(asked);
    } catch {
      this.silent();
    }
  }

  private async take(pack: Pack, tag: string): Promise<void> {
    const opened = new Opened(pack);
    opened.adopt(this.opened);
    const held = { pack, tag, mark: await opened.mark(), title: this.place.title || this.title };
    if (this.over) return;
    [this.held, this.opened, this.mark] = [held, opened, held.mark];
    await this.store.hold(held, this.place.script);
    this.changed();
  }

  /** All was given up, on this page or on another, or the pack is over: nothing is held any more until the page is opened again. */
  async end(gives?: () => Promise<unknown>): Promise<void> {
    this.over = true;
    await this.wipe(gives);
  }

  /** Forgets what the house has answered and this pack knows, once it can be undone no more. */
  private async thin(asked: number): Promise<void> {
    const undo = this.opened?.known.bounds.undo ?? 0;
    const old = (await this.lines()).filter((l) => l.answered && !l.denied && l.answered < asked && l.at < asked - undo);
    await this.store.remove("line", old.map((l) => l.nonce));
  }

  /** Deletes the pack and its keys; scans that the house has not answered stay, and name nobody. */
  async wipe(gives = (): Promise<unknown> => this.store.wipe()): Promise<void> {
    this.held = this.opened = undefined;
    await gives();
    this.changed();
  }

  /** Whether the pack is over, and is to be given up. */
  get ended(): boolean {
    return !!this.opened && this.now() > this.opened.known.until;
  }
}
