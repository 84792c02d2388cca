// The desk of the door's page: each scan is kept, then the house is asked; where it does not
// answer the phone does, by its pack. Without script the forms go to the house.
import type { Answer } from "./offline/decide";
import { Desk, type Asked, type Entry } from "./offline/desk";
import { call } from "./offline/house";
import type { More } from "./door_more";
import { givenUp, heldMark, Store } from "./offline/store";

/** For how long the house may be silent before the phone answers, in milliseconds. */
const answersIn = 1000;
const again = 3000; // between two attempts while something waits, ms
const looks = 600_000; // between two looks while nothing does, ms
const wrong = 60_000; // from here on the error of a clock is told, ms

type Colour = "good" | "wait" | "bad";

const pause = (ms: number) => new Promise<undefined>((done) => setTimeout(done, ms));
const find = <T extends Element>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);
const colourOf = (box: Element): Colour => (["good", "wait"] as const).find((c) => box.classList.contains(c)) ?? "bad";

async function atTheDesk(place: HTMLElement): Promise<void> {
  const words = place.dataset;
  const answers = find<HTMLTemplateElement>("template[data-answers]");
  const answer = find<HTMLElement>("[data-answer]");
  const strip = find<HTMLElement>("[data-strip]", place);
  const word = find<HTMLFormElement>("form[data-word]");
  const heading = find<HTMLElement>("h1");
  if (!answers || !answer || !strip || !word || !heading) return;

  const path = location.pathname;
  const event = words["event"] || decodeURIComponent(path.split("/")[3] ?? "");
  const shell = !words["event"]; // the page that is kept for when there is no network
  if (!event) return;
  if (shell) for (const a of document.querySelectorAll<HTMLAnchorElement>(".langs a")) a.href = `/${a.lang}/door/${event}`;
  const mine = {
    event,
    title: shell ? "" : (heading.textContent ?? ""),
    mark: words["mark"] ?? "",
    pack: `/api/v1/door/${encodeURIComponent(event)}/pack`,
    upload: "/api/v1/checkins",
    script: words["giveUp"] ?? "",
  };
  let more: More | undefined;
  const desk = new Desk(await Store.open(), mine, () => {
    void tell();
    more?.changed();
  });
  let shown = ""; // the nonce whose answer stands
  let leaves = false;

  function show(nonce: string, box: Element): void {
    shown = nonce;
    answer?.replaceChildren(box);
    box.scrollIntoView({ block: "nearest" });
    document.dispatchEvent(new CustomEvent("door-answer", { detail: colourOf(box) }));
  }

  // What the phone says stands in the page already, as the house would say it.
  function own(entry: Entry, said: Answer): Element {
    const { line, told } = entry;
    const box = (find(`[data-reason=${said.reason}][data-next=${said.next}]`, answers?.content) ?? plain(words["lost"] ?? "")).cloneNode(true) as HTMLElement;
    const name = find(".door-name", box);
    if (name) name.textContent = told?.name ?? "";
    if (said.counts && line.kind !== "undo") {
      const form = document.createElement("form");
      form.dataset["scan"] = "";
      for (const [name, value] of [["kind", "undo"], ["code", line.nonce]] as const) {
        const field = document.createElement("input");
        Object.assign(field, { type: "hidden", name, value });
        form.append(field);
      }
      const button = document.createElement("button");
      button.className = "button second";
      button.textContent = words["undo"] ?? "";
      form.append(button);
      find(".door-acts", box)?.append(form);
    }
    Object.assign(box.dataset, { nonce: line.nonce, by: "phone" });
    return box;
  }

  function plain(text: string): Element {
    const box = document.createElement("section");
    box.className = "door-answer bad";
    const p = document.createElement("p");
    p.className = "door-words";
    p.textContent = text;
    box.append(p);
    return box;
  }

  // The answer of the house is the page of the door; what it says is taken over.
  async function ask(entry: Entry, form: URLSearchParams): Promise<Element> {
    const { line } = entry;
    const reply = await call(path, { method: "POST", body: form });
    await desk.reached(reply);
    const page = new DOMParser().parseFromString(await reply.response.text(), "text/html");
    const box = [...page.querySelectorAll<HTMLElement>("[data-answer] .door-answer")].find((b) => b.dataset["nonce"] === line.nonce);
    if (!reply.response.ok || !box) {
      void desk.contact(); // a phone that may stand here no more is told so there
      return plain((!reply.response.ok && find("main h1", page)?.textContent) || (words["lost"] ?? ""));
    }
    await desk.answered(line, box.dataset["result"] ?? "", Number(box.dataset["at"]));
    for (const fresh of page.querySelectorAll<HTMLElement>("[data-live]")) find(`[data-live="${fresh.dataset["live"] ?? ""}"]`)?.replaceWith(fresh);
    return box;
  }

  async function take(entry: Entry, form: URLSearchParams): Promise<void> {
    const { line } = entry;
    const asks = (!desk.away || !desk.tells(entry)) && !(await desk.waits(entry));
    if (asks) {
      const heard = ask(entry, form).catch(() => {
        desk.silent();
        return undefined;
      });
      const first = await Promise.race([heard, pause(answersIn).then(() => null)]);
      if (first) return show(line.nonce, first);
      if (first === null) {
        // The phone answers now; what the house says later is shown if it is something else.
        desk.silent();
        void heard.then((box) => {
          if (box && shown === line.nonce && answer?.firstElementChild && colourOf(box) !== colourOf(answer.firstElementChild)) show(line.nonce, box);
        });
      }
    }
    const told = await desk.decide(entry);
    await tell(); // the count stands when the answer does
    show(line.nonce, own(entry, told));
    if (!asks || desk.away) void desk.contact();
  }

  let turn: Promise<void> = Promise.resolve();
  function enter(asked: Asked, more: Record<string, string> = {}): void {
    const entered = desk.enter(asked); // at once, whatever the one before waits for
    turn = turn.then(async () => {
      const entry = await entered;
      const form = new URLSearchParams({ nonce: entry.line.nonce, kind: asked.kind, ...more });
      const [name, value] = asked.application ? ["application", asked.application] : asked.guest ? ["guest", asked.guest] : ["code", asked.code];
      form.set(name, value);
      await take(entry, form);
    });
  }

  document.addEventListener("door-scan", (event) => enter({ kind: "in", code: (event as CustomEvent<string>).detail.slice(0, 400) }));

  // Before the page's own guard of forms: these stay on the page.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !("scan" in form.dataset)) return;
      event.preventDefault();
      const given = new FormData(form);
      const pressed = event.submitter;
      if (pressed instanceof HTMLButtonElement && pressed.name) given.set(pressed.name, pressed.value);
      const text = (name: string) => String(given.get(name) ?? "");
      const over = given.has("over") ? { over: text("over") } : {};
      const name = find(answer.contains(form) ? ".door-name" : "b", answer.contains(form) ? answer : form)?.textContent ?? "";
      const whose = Object.fromEntries((["application", "guest"] as const).filter((n) => given.has(n)).map((n) => [n, text(n)]));
      enter({ kind: text("kind"), code: text("code"), name, ...whose }, over);
      if (given.has("then")) document.getElementById(text("then").replace("_", "-"))?.scrollIntoView();
      if (answer.contains(form) || text("kind") === "undo") form.remove(); // pressed once
      else form.reset();
    },
    true,
  );

  word.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    const field = find<HTMLInputElement>("input", word);
    const said = find<HTMLElement>("[data-said]", word);
    if (!field || !said) return;
    said.textContent = words["opening"] ?? "";
    void desk.unlock(field.value).then((open) => {
      field.value = "";
      said.textContent = open ? "" : (words["otherWord"] ?? "");
      if (!open) field.focus();
    });
  });

  let told = 0;
  async function tell(): Promise<void> {
    const mine = ++told;
    const { unsent, denied, texts } = await desk.state();
    const came = desk.away || shell ? await more?.came() : undefined;
    if (mine !== told || !strip || !word) return;
    leaves = texts > 0;
    const says: string[] = [];
    if (desk.away) says.push(words["away"] ?? "");
    if (unsent) says.push(`${words["unsent"] ?? ""} ${unsent}`);
    if (shell && !desk.away) says.push(words["back"] ?? "");
    if (Math.abs(desk.behind) > wrong) says.push(`${words[desk.behind > 0 ? "behind" : "ahead"] ?? ""} ${Math.round(Math.abs(desk.behind) / 60_000)}`);
    if (denied) says.push(`${words["denied"] ?? ""} ${denied}`);
    const line = document.createElement("p");
    line.textContent = says.join(" · ");
    if (strip.textContent !== line.textContent) strip.replaceChildren(...(says.length ? [line] : []));
    word.hidden = !desk.locked;
    if (shell && desk.title && heading) heading.textContent = desk.title;
    const count = find<HTMLElement>("[data-live=count]");
    if (came !== undefined && count) {
      const b = document.createElement("b");
      b.textContent = `${words["came"] ?? ""} ${came}`;
      count.replaceChildren(b);
    }
  }

  addEventListener("beforeunload", (event) => {
    if (leaves) event.preventDefault();
  });
  document.addEventListener(givenUp, () => void desk.end());
  addEventListener("storage", (event) => void (event.key === heldMark && !event.newValue && desk.end()));
  addEventListener("online", () => void desk.contact());

  await desk.start();
  await tell();
  // What is needed with no network alone comes after the page, and is kept with it.
  void (import(words["more"] ?? "") as Promise<typeof import("./door_more")>).then((m) => ((more = m.begin(desk, place, shell, enter)), tell())).catch(() => undefined);
  if (words["worker"]) void navigator.serviceWorker?.register(words["worker"], { scope: path.split("/").slice(0, 3).join("/") + "/" }).catch(() => undefined);
  for (let last = 0; ; ) {
    if (desk.ended) await desk.end(() => (import(mine.script) as Promise<typeof import("./door_give_up")>).then((m) => m.giveUp(again, true)).catch(() => desk.store.wipe()));
    const { unsent } = await desk.state();
    if (unsent || desk.away || Date.now() - last >= looks) {
      last = Date.now();
      await desk.contact();
    }
    await pause(again);
  }
}

const place = find<HTMLElement>("[data-desk]");
if (place) void atTheDesk(place);
