// What the desk of a door does with no network beside answering scans: it finds people by name
// and lists the last entries, each with its undo. It comes after the page (door_desk.ts).
import { close } from "./offline/box";
import { sendCheck } from "./offline/check";
import { sendRest } from "./offline/day";
import { walkIn } from "./offline/decide";
import type { Asked, Desk } from "./offline/desk";
import { adopt, came, recent } from "./offline/entries";
import { call, callEnds } from "./offline/house";
import { find, opens, type Found } from "./offline/names";
import { sendCarried } from "./offline/parcel";

/** For how long the house may be silent before the phone looks by itself, in milliseconds. */
const answersIn = 1000;

const one = <T extends Element>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);
const copy = (name: string) => one<HTMLTemplateElement>(`template[data-${name}]`)?.content.cloneNode(true) as DocumentFragment | undefined;

function say(root: ParentNode | undefined, selector: string, text: string): void {
  const e = root && one(selector, root);
  if (e) e.textContent = text;
}

/** What the page asks of this script. */
export interface More {
  /** To be told of each change. */
  changed: () => void;
  /** How many people came; undefined without a pack. */
  came: () => Promise<number | undefined>;
}

/** Begins: from now on what the pack has no row for is kept in boxes. */
export function begin(desk: Desk, place: HTMLElement, shell: boolean, enter: (asked: Asked) => void): More {
  desk.closes = close;
  if (shell) one<HTMLAnchorElement>("[data-give-on]")?.setAttribute("href", `/${document.documentElement.lang}/door/${desk.place.event}/give`);
  const words = place.dataset;
  /** Names of entries, as the page showed them: nowhere but here. */
  const names = new Map<string, string>();
  let query = "";
  let turn = 0;

  document.addEventListener("door-answer", () => {
    const box = one<HTMLElement>("[data-answer] .door-answer");
    const name = box && one(".door-name", box)?.textContent;
    if (name) names.set(box.dataset["nonce"] ?? "", name);
  });

  function card(f: Found): Node {
    const part = copy("guests");
    const form = part && one<HTMLElement>(`form[data-seat=${f.inside ? "inside" : f.seat}]`, part);
    if (!form) return document.createTextNode("");
    form.querySelector<HTMLInputElement>("input[name=guest]")?.setAttribute("value", f.row);
    say(form, "b", f.name);
    return form;
  }

  /** Shows who is found on this phone. */
  async function look(): Promise<void> {
    const mine = ++turn;
    const found = desk.opened ? await find(desk.opened, await desk.lines(), query, desk.now()) : "noPack";
    const to = one("[data-live=names]");
    if (mine !== turn || !to) return;
    const says = document.createElement("p");
    says.textContent = typeof found === "string" ? (words[found] ?? "") : `${words["found"] ?? ""} ${found.length}`;
    to.replaceChildren(says, ...(typeof found === "string" ? [] : found.map(card)));
    if (found === "locked") one<HTMLElement>("form[data-word] input")?.focus();
  }

  /** Asks the house; false when it does not answer in time. */
  async function ask(form: HTMLFormElement): Promise<boolean> {
    const asked = call(location.pathname, { method: "POST", body: new URLSearchParams({ q: query }) }, answersIn);
    const reply = await asked.catch(() => undefined);
    if (!reply) return false;
    await desk.reached(reply);
    const page = new DOMParser().parseFromString(await reply.response.text(), "text/html");
    const fresh = one("[data-live=names]", page);
    if (!reply.response.ok || !fresh) {
      form.submit(); // what the house says instead is a page of its own
      return true;
    }
    turn++;
    history.replaceState(null, "", reply.response.url);
    one("[data-live=names]")?.replaceChildren(...fresh.childNodes);
    query = "";
    return true;
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !("names" in form.dataset)) return;
      event.preventDefault();
      query = String(new FormData(form).get("q") ?? "").trim();
      void (async () => {
        if (!desk.away && (await ask(form))) return;
        desk.silent();
        await look();
      })();
    },
    true,
  );

  /** Shows the form of a walk-in, where what it tells can be closed to the house; else says why not. */
  async function walkInForm(): Promise<void> {
    const to = one("[data-live=walk-in]");
    const part = copy("walk-ins");
    const { opened } = desk;
    const key = desk.held?.pack.rules.box;
    const can = key && (await close(key, "trial", "").catch(() => undefined));
    const why = !opened || !can ? "noPack" : opens(opened.known, desk.now()) ? "" : "notToday";
    const says = document.createElement("p");
    says.textContent = words[why] ?? "";
    to?.replaceChildren(why || !part ? says : part);
    (to?.querySelector<HTMLElement>("h2") ?? says).focus();
  }

  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest?.("[data-walk]");
    if (!link) return;
    event.preventDefault();
    void (async () => {
      if (link instanceof HTMLAnchorElement && !desk.away && (await call(link.href, {}, answersIn).catch(() => undefined))) return location.assign(link.href);
      if (link instanceof HTMLAnchorElement) desk.silent();
      await walkInForm();
    })();
  });

  document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !("walkIn" in form.dataset)) return;
      event.preventDefault();
      const answers: Record<string, string[]> = {};
      for (const [name, value] of new FormData(form)) if (name.startsWith("q_") && value) (answers[name.slice(2)] ??= []).push(String(value));
      const name = answers["name"]?.[0]?.trim() ?? "";
      enter({ kind: "in", code: "", name, walk: JSON.stringify({ lang: document.documentElement.lang, answers }) });
      form.remove();
      one("[data-answer]")?.scrollIntoView({ block: "nearest" });
  }, true);

  /** Lists the last entries of this phone, where the house does not. */
  async function list(): Promise<void> {
    const to = one("[data-live=recent]");
    if (!to) return;
    for (const form of to.querySelectorAll<HTMLElement>("form[data-of]")) {
      const nonce = one<HTMLInputElement>("input[name=code]", form)?.value ?? "";
      names.set(nonce, one("b", form.closest("li") ?? form)?.textContent ?? "");
      await adopt(desk, nonce, form.dataset["of"] ?? "", Number(form.dataset["at"]));
    }
    if (!desk.away && !shell) return;
    const entries = recent(await desk.lines(), desk);
    const told = await desk.opened?.names();
    const part = copy("entries");
    const li = part && one("li", part);
    if (!part || !li) return;
    li.replaceWith(
      ...entries.map((l) => {
        const item = li.cloneNode(true) as Element;
        const name = names.get(l.nonce) ?? told?.get(l.of)?.name ?? words[l.of.startsWith(walkIn) ? "walkIn" : "entry"] ?? "";
        say(item, "b", name);
        say(item, "small", new Date(l.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Bishkek" }));
        one("input[name=code]", item)?.setAttribute("value", l.nonce);
        one("button", item)?.setAttribute("aria-label", `${words["undo"] ?? ""}: ${name}`);
        return item;
      }),
    );
    to.replaceChildren(...(entries.length ? [part] : []));
  }

  // What was pressed on the run sheet, what another phone has given, and what a check of the phone
  // has come to goes up from here as well, once the house answers.
  let rising: Promise<unknown> | undefined;
  const rest = () => {
    if (desk.away) return;
    rising ??= Promise.all([sendRest(desk.store, callEnds), sendCarried(desk.store, document.documentElement.lang), sendCheck(desk.held?.mark ?? "", document.documentElement.lang)])
      .catch(() => undefined)
      .finally(() => (rising = undefined));
  };

  let drawing: Promise<void> = Promise.resolve();
  const changed = () => {
    rest();
    drawing = drawing.then(list).catch(() => undefined);
    if (query && desk.away) void look();
  };
  changed();
  return { changed, came: () => came(desk) };
}
