// The run sheet of an activity on a device: it keeps what is pressed before anything is shown,
// and brings itself up to date with the house by itself. Nobody's name is among what lies here.
import type { Mark, Planned } from "./course.js";
import { batch, call, type Reply } from "./house.js";
import { note, type Store } from "./store.js";

/** A step as the house tells it, in the language of the page. */
export interface Step extends Planned {
  title: string;
  /** The language that the title is written in. */
  lang: string;
  room: string;
}

/** The day of one activity, as the house sends it. */
export interface Doc {
  event: string;
  /** What the house calls who reads: another's marks are not sent as hers. */
  mark: string;
  title: string;
  when: string;
  where: string;
  starts: number;
  ends: number;
  /** When steps may be begun; after until nothing is held. */
  from: number;
  until: number;
  /** What the clock of the house is ahead of Greenwich. */
  zone: number;
  /** The version of the plan, 0 while there is none. */
  plan: number;
  /** Who reads may begin steps. */
  may: boolean;
  steps: Step[];
  /** Of an activity of several days, what each is called, by its number. */
  days?: Record<string, string>;
  marks: Mark[];
  /** Numbers with their words. */
  counts: { number: string; words: string }[];
  needs: { question?: string; words: string; number: string }[];
  /** Of how many the needs are known, in words. */
  of: string;
}

/** The day as it lies here, and when it came. */
interface Held {
  doc: Doc;
  tag: string;
  at: number;
}

/** A mark that is not in the house yet: whose it is, and of which activity. */
interface Waiting extends Mark {
  by: string;
  event: string;
  /** What the clock said, where what was seen stood later. */
  clock?: number;
  /** Why the house has refused it: the page of the run sheet tells it, and deletes it then. */
  why?: string;
}

/** What has become of a mark in the house. */
interface Outcome {
  nonce: string;
  result: "kept" | "known" | "refused";
  why?: string;
}

export const dayOf = (event: string): string => `/api/v1/door/${encodeURIComponent(event)}/day`;
const marksOf = (event: string): string => `/api/v1/door/${encodeURIComponent(event)}/marks`;
/** Who is answered so may hold the day no more. */
const refused = [401, 403, 404, 410];

/** Sends marks of one activity, at most a portion of them; no says in the words of the house why it takes none from who reads. */
async function sendMarks(event: string, marks: Waiting[], ends?: number, lang = ""): Promise<Reply & { outcomes: Outcome[]; no: string }> {
  const sent = marks.slice(0, batch).map(({ nonce, kind, step, from, minutes, at }) => ({ nonce, kind, step, from, minutes, at }));
  const reply = await call(marksOf(event) + (lang && `?lang=${lang}`), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ marks: sent }) }, ends);
  const outcomes = reply.response.ok ? (((await reply.response.json()) as { results?: Outcome[] }).results ?? []) : [];
  const problem = refused.includes(reply.response.status) ? ((await reply.response.json().catch(() => ({}))) as { title?: string; detail?: string }) : undefined;
  return { ...reply, outcomes: outcomes.filter((o) => marks.some((m) => m.nonce === o.nonce)), no: problem ? (problem.detail ?? problem.title ?? String(reply.response.status)) : "" };
}

const waiting = async (store: Store): Promise<Waiting[]> => (await store.all<Waiting>("mark")).sort((x, y) => x.at - y.at);

/**
 * Dates anew what was pressed under a clock that was ahead, when the house has refused it as future and
 * its clock was heard: each as its own clock said without those before it, at the latest now; in
 * their order, and none before what was seen. Gives what goes up once more.
 */
function dated(mine: Waiting[], outcomes: Outcome[], seen: Mark[], now: number): Waiting[] {
  if (!outcomes.some((o) => o.why === "future")) return [];
  const stands = new Set(outcomes.filter((o) => !o.why).map((o) => o.nonce));
  const ahead = mine.filter((m) => m.at > now && !stands.has(m.nonce)).sort((x, y) => x.at - y.at);
  const set = new Set<Mark>(ahead);
  let floor = Math.max(0, ...[...seen, ...mine].filter((m) => !set.has(m)).map((m) => m.at));
  let last = now;
  const moments = ahead.map((m) => m.clock ?? m.at);
  for (let i = moments.length - 1; i >= 0; i--) last = (moments[i] = Math.min(moments[i] as number, last)) - 1;
  return ahead.filter((m, i) => {
    const was = m.at;
    m.at = floor = Math.max(moments[i] as number, floor + 1);
    return m.at < was; // else it is not its clock that is wrong
  });
}

/**
 * Sends what is not in the house within so many milliseconds, from another page than that of the run
 * sheet; how many marks stay. What the house has taken is written into the day that is held, and
 * what it has refused waits for the page of the run sheet, to be told there.
 */
export async function sendRest(store: Store, ends: number): Promise<number> {
  const from = performance.now();
  const doc = (await store.all<Held>("day"))[0]?.doc;
  const mine = (await waiting(store)).filter((m) => m.event === doc?.event && m.by === doc.mark && !m.why);
  if (doc && mine.length) {
    const { outcomes, behind } = await sendMarks(doc.event, mine, ends).catch(() => ({ outcomes: [], behind: undefined }));
    const said = new Map(outcomes.map((o) => [o.nonce, o.why ?? ""]));
    const anew = dated(mine, outcomes, doc.marks, Date.now() + (behind ?? (await store.clock())));
    for (const m of anew) {
      said.delete(m.nonce);
      await store.put("mark", m.nonce, m);
    }
    const taken = mine.filter((m) => said.get(m.nonce) === "");
    const held = (await store.all<Held>("day"))[0]; // once more: it may have been read anew, or given up
    if (taken.length && held?.doc.event === doc.event) {
      held.doc.marks.push(...taken);
      await store.put("day", "day", held);
    }
    for (const m of mine) if (said.get(m.nonce)) await store.put("mark", m.nonce, { ...m, why: said.get(m.nonce) });
    await store.remove("mark", taken.map((m) => m.nonce));
    if (anew.length) return sendRest(store, ends - (performance.now() - from));
  }
  return (await waiting(store)).length;
}

export class Day {
  /** The house did not answer the last call. */
  away = false;
  /** By how many milliseconds the clock of the device is behind the house's. */
  behind = 0;
  held: Held | undefined;
  /** Why marks were refused since the page was opened. */
  readonly whys: string[] = [];
  /** Why the house takes nothing from who reads, in its words. */
  no = "";
  private mine: Waiting[] = [];
  private over = false;
  private meets: Promise<void> | undefined;

  constructor(
    readonly store: Store,
    private readonly place: { event: string; mark: string; lang: string; script: string },
    private readonly changed: () => void,
  ) {}

  /** Takes up what the device has kept; what is over, or was another's, is deleted first. */
  async start(): Promise<void> {
    const { event, mark } = this.place;
    this.behind = await this.store.clock();
    const held = (await this.store.all<Held>("day"))[0];
    if (held && (this.now() > held.doc.until || (mark && held.doc.event === event && held.doc.mark !== mark))) await this.store.remove("day");
    else if (held?.doc.event === event) this.held = held;
    await this.takeUp();
  }

  private async takeUp(): Promise<void> {
    const by = this.held?.doc.mark ?? this.place.mark;
    const all = (await waiting(this.store)).filter((m) => m.event === this.place.event && m.by === by);
    this.mine = all.filter((m) => !m.why);
    const told = all.filter((m) => m.why);
    this.whys.push(...told.map((m) => m.why as string));
    await this.store.remove("mark", told.map((m) => m.nonce));
  }

  /** The moment by the clock of the house. */
  now(): number {
    return Date.now() + this.behind;
  }

  /** What was pressed, by whomever, as far as it is known here. */
  get marks(): Mark[] {
    return [...(this.held?.doc.marks ?? []), ...(this.barred ? [] : this.mine)];
  }

  /** The house takes nothing from who reads: her place was taken over, say. What she has pressed does not count then. */
  get barred(): boolean {
    return this.no !== "" || this.held?.doc.may === false;
  }

  /** How much goes up by itself. */
  get unsent(): number {
    return this.barred ? 0 : this.mine.length;
  }

  /** How much of hers the house does not take. */
  get untaken(): number {
    return this.barred ? this.mine.length : 0;
  }

  /** Keeps what was pressed. It is on the disk when this comes back, and nothing was shown or sent before. */
  async press(what: Pick<Mark, "kind" | "step" | "from" | "minutes">): Promise<Mark> {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    // Never before what she has seen, though the clock of the device was put back.
    const clock = this.now();
    const at = this.marks.reduce((at, m) => Math.max(at, m.at + 1), clock);
    const mark: Waiting = { ...what, nonce, at, ...(at > clock && { clock }), by: this.held?.doc.mark ?? "", event: this.place.event };
    await this.store.put("mark", nonce, mark);
    this.mine.push(mark);
    this.changed();
    return mark;
  }

  /** The house was not reached. */
  silent(): void {
    this.away = true;
    this.changed();
  }

  /** Sends what waits, and asks what is new. */
  async contact(): Promise<void> {
    if (this.meets) await this.meets; // what was pressed meanwhile goes up now
    this.meets ??= this.meet()
      .catch(() => this.silent())
      .finally(() => (this.meets = undefined));
    return this.meets;
  }

  private async meet(): Promise<void> {
    if (this.over) return;
    while (this.mine.length) {
      const reply = await sendMarks(this.place.event, this.mine, undefined, this.place.lang);
      await this.reached(reply);
      this.no = reply.no;
      if (this.barred) this.changed();
      if (!reply.outcomes.length) break; // what has no answer goes up another time
      await this.answered(reply.outcomes);
    }
    const init: RequestInit = this.held ? { headers: { "If-None-Match": this.held.tag } } : {};
    const reply = await call(`${dayOf(this.place.event)}?lang=${this.place.lang}`, init);
    await this.reached(reply);
    const { response } = reply;
    if (refused.includes(response.status)) return this.wipe();
    if (response.ok) await this.hold({ doc: (await response.json()) as Doc, tag: response.headers.get("ETag") ?? "", at: this.now() });
    else if (this.held) await this.hold({ ...this.held, at: this.now() });
    this.changed();
  }

  /** What stands in the house stands here too, before it waits no more. */
  private async answered(outcomes: Outcome[]): Promise<void> {
    const said = new Map(outcomes.map((o) => [o.nonce, o]));
    const anew = dated(this.mine, outcomes, this.held?.doc.marks ?? [], this.now());
    for (const m of anew) {
      said.delete(m.nonce);
      await this.store.put("mark", m.nonce, m);
    }
    const gone = this.mine.filter((m) => said.has(m.nonce));
    for (const m of gone) {
      const { why } = said.get(m.nonce) as Outcome;
      if (why) this.whys.push(why);
      else this.held?.doc.marks.push(m);
    }
    if (this.held) await this.hold(this.held);
    await this.store.remove("mark", gone.map((m) => m.nonce));
    this.mine = this.mine.filter((m) => !said.has(m.nonce));
    this.changed();
  }

  private async reached({ behind }: Reply): Promise<void> {
    this.away = false;
    if (behind === undefined) return;
    this.behind = behind;
    await this.store.put("clock", "clock", behind);
  }

  private async hold(held: Held): Promise<void> {
    if (this.over) return;
    const first = !this.held;
    this.held = held;
    if (this.now() <= held.doc.until) {
      // What is over is looked at, and not kept: the day that lies here stays.
      await this.store.put("day", "day", held);
      note(held.doc.until, this.place.script);
    }
    if (first) await this.takeUp();
  }

  /** Deletes the day; what the house has not got stays, and names nobody. */
  private async wipe(): Promise<void> {
    this.held = undefined;
    await this.store.remove("day");
    this.changed();
  }

  /** All was given up, on this page or on another: nothing is held any more until the page is opened again. */
  async end(): Promise<void> {
    this.over = true;
    await this.wipe();
  }
}
