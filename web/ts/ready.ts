// The check of a phone before the day. The worker of the door refuses this page the network, as a
// phone without one would, and then the page looks whether the phone can go on by itself. What is
// missing is told to the house afterwards, and nothing else.
import { checkMark, dropCheck, keepCheck, sendCheck } from "./offline/check";
import { decide, type Shown } from "./offline/decide";
import type { Doc } from "./offline/day";
import { Opened } from "./offline/pack";
import { givenUp, Store, type Held, type Kept } from "./offline/store";
import { hasCamera, openCamera } from "./parts/camera";

const minute = 60_000;
const aDay = 24 * 60 * minute;
/** From here on the list is not fresh any more. */
const old = aDay;
const zone = 6 * 60 * minute; // what the clock of the house is ahead of Greenwich
/** An error of the clock that is told, and one that is to be mended, in minutes. */
const told = 1;
const wrong = 10;
/** So many bytes must be free. */
const room = 20_000_000;
const again = 3000; // between two attempts while an outcome waits, ms
const answers = 2000; // the worker may be silent so long, ms
/** Tickets that nobody has: as a QR, all of it zeros, and as a code with a true check character. */
const madeUp = [`V50${"000".repeat(37)}00`, "22222222"];
/** Of such a device are the records of the check: no desk sends them. */
const check = "check";

type State = "good" | "wait" | "bad";
/** What was found: the state of a line, its words, and what they are filled with. */
type Found = [State, string, string?];

interface Words {
  states: Record<State, string>;
  said: Record<string, string>;
  ready: string;
  missing: string[];
  /** Days by their number since 1970, in words. */
  days: Record<string, string>;
  checking: string;
  sent: string;
  waits: string;
  refused: string;
  camera: string;
}

const pause = (ms: number) => new Promise<undefined>((done) => setTimeout(done, ms));
const find = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);

/** A text with its number, in the form that the language has for it. */
function counted(forms: string[], n: number): string {
  const many = document.documentElement.lang === "ru" ? (n % 10 === 1 && n % 100 !== 11 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2) : Number(n !== 1);
  return (forms[many] ?? "").replace(/\d+/, String(n));
}

/** Asks the worker to refuse this page the network, or to give it back; whether the page had one, undefined without an answer. */
async function network(on: boolean): Promise<boolean | undefined> {
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise<boolean>((done) => (port1.onmessage = (event) => done((event.data as { network: boolean }).network)));
  navigator.serviceWorker.controller?.postMessage({ network: on }, [port2]);
  return Promise.race([answer, pause(answers)]);
}

/** Whether the page at an address opens as it is kept, with all its files. */
async function opens(address: string, shell: string): Promise<boolean> {
  const answer = await fetch(address);
  const text = await answer.text();
  const page = new DOMParser().parseFromString(text, "text/html");
  if (!answer.ok || page.documentElement.lang !== document.documentElement.lang || !page.querySelector(`${shell}[data-event=""]`)) return false;
  for (const file of new Set(text.match(/\/assets\/[\w.-]+/g))) if (!(await fetch(file)).ok) return false;
  return true;
}

async function pages(door: string): Promise<Found> {
  if (await fetch(`/api/v1${door.slice(3)}/pack`).then(() => true, () => false)) return ["bad", "pages.net"];
  const open = await Promise.all([opens(door, "[data-desk]"), opens(`${door}/day`, "[data-run]")]).catch(() => [false]);
  return open.every(Boolean) ? ["good", "pages.good"] : ["bad", "pages.shut"];
}

/** A moment by the clock of the house, in words. */
function when(at: number, days: Words["days"]): string {
  const there = at + zone;
  return [days[Math.floor(there / aDay)], new Date(there).toISOString().slice(11, 16)].filter(Boolean).join(", ");
}

function pack(held: Held | undefined, event: string, mark: string, now: number, days: Words["days"]): Found {
  if (!held || now > held.pack.until) return ["bad", "pack.none"];
  if (held.pack.rules.event !== event || held.mark !== mark) return ["bad", "pack.other"];
  const made = when(held.pack.made, days);
  return now - held.pack.made > old ? ["bad", "pack.old", made] : ["good", "pack.good", made];
}

/** Whether a made-up ticket is turned away, by a QR and, once the word is known, by a code. */
async function ticket(opened: Opened, event: string, now: number): Promise<Found> {
  for (const code of madeUp) {
    const { read, ticket } = await opened.read(code);
    const shown: Shown = { nonce: `${check}-of-the-phone`, kind: "in", event, code: "", at: now, read, ticket };
    const { reason } = decide(opened.known, [], shown, now);
    if (reason !== (read === "pass" || read === "forged" ? "forged" : read === "locked" ? "locked" : "no_ticket")) return ["bad", "ticket.bad"];
  }
  return ["good", "ticket.good"];
}

/** Writes a record, reads it by another way, and deletes it. It counts as answered: nothing sends it. */
async function ledger(store: Store, event: string, now: number): Promise<Found> {
  try {
    const nonce = Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
    const record: Kept = { nonce, kind: "in", event, of: "", at: now, counts: false, by: check, row: "", answered: now, denied: false };
    await store.keep(record);
    const other = await Store.open();
    const mine = async () => (await other.lines()).filter((l) => l.by === check);
    const there = await mine();
    await other.remove("line", there.map((l) => l.nonce));
    if (there.some((l) => l.nonce === nonce) && !(await mine()).length) return ["good", "ledger.good"];
  } catch {
    // It is not kept.
  }
  return ["bad", "ledger.bad"];
}

async function word(opened: Opened, typed: string): Promise<Found> {
  if (!typed.trim()) return ["bad", "word.none"];
  if (!(await opened.unlock(typed))) return ["bad", "word.other"];
  const rows = opened.known.guests.size;
  return rows && !(await opened.names()).size ? ["bad", "word.other"] : ["good", "word.good"];
}

function clock(behind: number): Found {
  const minutes = Math.round(Math.abs(behind) / minute);
  return minutes < told ? ["good", "clock.good"] : [minutes < wrong ? "wait" : "bad", minutes < wrong ? "clock.near" : "clock.bad", String(minutes)];
}

async function storage(): Promise<Found> {
  try {
    const { quota = 0, usage = 0 } = await navigator.storage.estimate();
    if (quota - usage < room) return ["bad", "storage.bad"];
    if (await navigator.storage.persist()) return ["good", "storage.good"];
  } catch {
    // It promises nothing.
  }
  return ["wait", "storage.near"];
}

async function day(store: Store, event: string, mark: string, now: number): Promise<Found> {
  const { doc } = (await store.all<{ doc: Doc }>("day"))[0] ?? {};
  return doc?.event === event && doc.mark === mark && now <= doc.until ? ["good", "day.good"] : ["bad", "day.none"];
}

async function camera(): Promise<Found> {
  if (!hasCamera()) return ["wait", "camera.none"];
  const state = await navigator.permissions.query({ name: "camera" as PermissionName }).then((p) => p.state, () => "prompt");
  return state === "granted" ? ["good", "camera.good"] : ["wait", state === "denied" ? "camera.denied" : "camera.ask"];
}

async function tryCamera(): Promise<Found> {
  try {
    for (const track of (await openCamera()).getTracks()) track.stop();
    return ["good", "camera.good"];
  } catch (error) {
    return ["wait", error instanceof DOMException && error.name === "NotAllowedError" ? "camera.denied" : "camera.none"];
  }
}

function begin(list: HTMLElement, form: HTMLFormElement, result: HTMLElement): void {
  const words = JSON.parse(list.dataset["words"] ?? "{}") as Words;
  const signs = find<HTMLTemplateElement>("template[data-signs]")?.content;
  const { event = "", mark = "" } = list.dataset;
  const { lang } = document.documentElement;
  const button = find<HTMLButtonElement>("button", form);
  const field = find<HTMLInputElement>("input", form);
  const behind = Number(list.dataset["clock"]) - Date.now(); // the page came just now
  const door = `/${lang}/door/${encodeURIComponent(event)}`;
  const now = () => Date.now() + behind;
  let head: HTMLElement | undefined; // what the outcome is, in words
  let over = false;

  function show(line: string, [state, says, filled = ""]: Found): void {
    const li = find(`[data-line=${line}]`, list);
    if (!li) return;
    li.className = state;
    const sign = signs?.querySelector(`[data-sign=${state}]`)?.cloneNode(true);
    if (sign) find("svg", li)?.replaceWith(sign);
    const said = find("[data-said]", li);
    if (said) said.textContent = `${words.states[state]}. ${(words.said[says] ?? says).replace("{}", filled)}`;
    find("button", li)?.remove();
    if (says !== "camera.ask") return;
    const ask = document.createElement("button");
    Object.assign(ask, { type: "button", className: "button second small", textContent: words.camera });
    ask.addEventListener("click", () => void tryCamera().then((found) => show(line, found)));
    li.lastElementChild?.append(ask);
  }

  function tell(kind: string, ...texts: string[]): void {
    head = document.createElement("div");
    head.className = `notice ${kind}`;
    head.append(...texts.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
    head.firstElementChild?.classList.add("ready-head");
    result.replaceChildren(head);
  }

  async function look(typed: string): Promise<string[]> {
    const missing: string[] = [];
    const note = (line: string, found: Found) => {
      show(line, found);
      if (found[0] === "bad") missing.push(line);
    };
    const worker = !!navigator.serviceWorker?.controller;
    const cut = worker && (await network(false)) !== undefined;
    let kept: Found = ["bad", worker ? "pages.old" : "pages.none"];
    try {
      if (cut) kept = await pages(door);
      const store = await Store.open();
      const held = await store.held();
      const list = pack(held, event, mark, now(), words.days);
      note("pack", list);
      const opened = held && list[1] !== "pack.none" && list[1] !== "pack.other" ? new Opened(held.pack) : undefined;
      const later: Found = ["wait", "later"];
      note("word", opened ? await word(opened, typed) : later);
      note("ticket", opened ? await ticket(opened, event, now()) : later);
      note("ledger", await ledger(store, event, now()));
      note("clock", clock(behind));
      note("storage", await storage());
      note("day", await day(store, event, mark, now()));
      show("camera", await camera());
    } finally {
      // Only what was refused to the end was looked at with no network.
      if (cut && (await network(true)) !== false) kept = ["bad", "pages.net"];
    }
    note("pages", kept);
    return missing;
  }

  async function send(): Promise<void> {
    const what = over ? undefined : await sendCheck(mark, lang).catch(() => "waits" as const);
    const line = head?.lastElementChild;
    if (what && line) line.textContent = words[what];
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (!button || !field || button.disabled) return;
    button.disabled = true;
    tell("", words.checking);
    void look(field.value)
      .then((missing) => {
        field.value = "";
        tell(missing.length ? "bad" : "good", missing.length ? counted(words.missing, missing.length) : words.ready, "");
        result.scrollIntoView({ block: "nearest" });
        keepCheck({ event: list.dataset["event"] ?? "", by: mark, at: Math.round(now()), missing });
        return send();
      })
      .finally(() => (button.disabled = false));
  });

  document.addEventListener(givenUp, () => {
    over = true;
    dropCheck();
  });
  addEventListener("storage", (event) => void (event.key === checkMark && !event.newValue && dropCheck()));
  addEventListener("online", () => void send());
  addEventListener("pagehide", () => navigator.serviceWorker?.controller?.postMessage({ network: true }));
  form.hidden = false;
  void (async () => {
    for (; ; await pause(again)) await send();
  })();
}

const list = find("[data-ready]");
const form = find<HTMLFormElement>("form[data-check]");
const result = find("[data-result]");
if (list && form && result) begin(list, form, result);
