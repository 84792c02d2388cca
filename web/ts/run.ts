// The run sheet of a day. What is pressed is kept on the device, shown, and sent; with no network
// the phone draws the day by what it holds (offline/day.ts). Without script the forms go to the
// house, and the page says when a step ends.
import { courseOf, forecastOf, longest, minute, minutesOf, stood, type Course, type Expected, type Forecast, type Mark, type Run } from "./offline/course";
import { Day, type Doc, type Step } from "./offline/day";
import { givenUp, heldMark, Store } from "./offline/store";

/** With so many minutes left the phone vibrates, and the ring changes its colour. */
const warnsAt = 5;
/** By so many minutes a step is made longer at once. */
const longer = 5;
const answersIn = 1000; // the house may be silent so long before the page says so, ms
const again = 3000; // between two attempts while something waits, ms
const looks = 120_000; // between two looks at what others have pressed, ms
const wrong = 60_000; // from here on the error of a clock is told, ms
const aDay = 86_400_000;
const acts = ["begin", "length", "pause", "go_on", "end"];

type Words = Record<string, string> & { whys: Record<string, string> } & Record<"minutes" | "longer" | "shorten" | "late" | "spare" | "early", string[]>;

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));
const find = <T extends Element = HTMLElement>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);

function fill(root: ParentNode, selector: string, text: string): void {
  const e = find(selector, root);
  if (e) e.textContent = text;
}

function element(name: string, text: string, kind = ""): HTMLElement {
  const e = document.createElement(name);
  e.textContent = text;
  if (kind) e.className = kind;
  return e;
}

/** A text with its number, in the form that the language has for it. */
function counted(forms: string[], n: number): string {
  const many = document.documentElement.lang === "ru" ? (n % 10 === 1 && n % 100 !== 11 ? 0 : n % 10 >= 2 && n % 10 <= 4 && (n % 100 < 12 || n % 100 > 14) ? 1 : 2) : Number(n !== 1);
  return (forms[many] ?? "").replace(/\d+/, String(n));
}

/** The clock of the step that goes on: how much of it is left. */
function tick(step: HTMLElement, now: number, before: number): number {
  const face = find("[data-face]", step);
  const ring = find<SVGCircleElement>("[data-ring]", step);
  const number = (name: string) => Number(step.dataset[name]);
  const ms = number("began") + number("length") * minute + number("paused") - (number("stands") || now);
  const minutes = minutesOf(ms);
  const part = Math.min(Math.max(ms / (number("length") * minute), 0), 1);
  ring?.setAttribute("stroke-dasharray", `${(part * 314.2).toFixed(1)} 314.2`);
  ring?.classList.toggle("warn", minutes <= warnsAt);
  fill(step, "[data-left]", String(Math.abs(minutes)));
  fill(step, "[data-unit]", face?.dataset[minutes < 0 ? "over" : "minute"] ?? "");
  if ((before > warnsAt && minutes <= warnsAt && before !== Infinity) || (before > 0 && minutes <= 0 && before !== Infinity)) navigator.vibrate?.(400);
  return minutes;
}

/** A day as it is drawn. */
interface Drawn {
  doc: Doc;
  course: Course;
  forecast: Forecast;
  pressed: boolean;
  /** Steps may be begun now. */
  runs: boolean;
  now: number;
}

/** The state of a step by the clock, while nothing was pressed. */
function byClock({ doc, now }: Drawn, step: Step): Expected["state"] {
  let going = -1;
  for (const [i, s] of doc.steps.entries()) if (s.begins <= now) going = i;
  const at = doc.steps.findIndex((s) => s.begins === step.begins);
  const day = (moment: number) => Math.floor((moment + doc.zone) / aDay);
  if (now > doc.ends || at < going) return "done";
  if (at === going) return "now";
  return at === going + 1 && (going >= 0 || day(doc.starts) === day(now)) ? "next" : "coming";
}

async function lead(list: HTMLElement): Promise<void> {
  const words = JSON.parse(list.dataset["words"] ?? "{}") as Words;
  const parts = find<HTMLTemplateElement>("template[data-parts]")?.content;
  const strip = find("[data-strip]");
  const dock = find("[data-dock]");
  const path = location.pathname;
  const event = list.dataset["event"] || decodeURIComponent(path.split("/")[3] ?? "");
  const shell = !list.dataset["event"]; // the page that is kept for when there is no network
  if (!parts || !strip || !dock || !event) return;
  const { lang } = document.documentElement;
  const script = list.dataset["giveUp"] ?? "";

  /** What the page of the house says of a step beside its plan: who leads it, notes and files. It is nowhere but here. */
  const beside = new Map<string, { leads: string; more: Element | null }>();
  for (const li of list.querySelectorAll<HTMLElement>("[data-step]")) beside.set(li.dataset["step"] ?? "", { leads: li.dataset["leads"] ?? "", more: find("[data-more]", li) });
  if (shell) {
    for (const a of document.querySelectorAll<HTMLAnchorElement>(".langs a")) a.href = `/${a.lang}/door/${event}/day`;
    find<HTMLAnchorElement>("a[data-door]")?.setAttribute("href", `/${lang}/door/${event}`);
  }

  let drawn = ""; // what stands on the page
  let heard = false; // the house was asked, or does not answer
  let told = ""; // what a press has come to
  const day = new Day(await Store.open(), { event, mark: list.dataset["mark"] ?? "", lang, script }, () => draw());

  const clock = (at: number, zone: number) => new Date(at + zone).toISOString().slice(11, 16);
  const span = (from: number, to: number, zone: number) => `${clock(from, zone)}\u2060–\u2060${clock(to, zone)}`; // not broken over two lines
  const part = (selector: string) => find(selector, parts)?.cloneNode(true) as HTMLElement;

  function about(form: Element, d: Drawn, step: Step, minutes = ""): void {
    for (const [name, value] of [["step", step.id], ["from", d.course.now], ["minutes", minutes]] as const) find(`[name=${name}]`, form)?.setAttribute("value", value);
    fill(form, "[data-of]", `: ${step.title}`);
  }

  /** A step with what may be pressed at it. */
  function item(d: Drawn, step: Step, when: Expected): HTMLElement {
    const { doc, course, forecast, pressed } = d;
    const run = course.runs[step.id] as Run;
    const state = pressed ? when.state : byClock(d, step);
    const plan = span(step.begins, step.begins + step.minutes * minute, doc.zone);
    const at = pressed ? span(when.begins, when.ends, doc.zone) : plan;
    const begins = pressed ? when.begins : step.begins;
    const goes = step.id === course.now;
    const li = part("li");
    li.className = state;
    Object.assign(li.dataset, { step: step.id });
    if (state === "now") {
      li.id = "now";
      li.setAttribute("aria-current", "step");
    }
    const date = doc.days?.[Math.floor((begins + doc.zone) / aDay)];
    if (date) fill(li, "[data-day]", date);
    else find("[data-day]", li)?.remove();
    fill(li, "[data-at]", at);
    fill(li, "[data-title]", step.title);
    find("[data-title]", li)?.setAttribute("lang", step.lang);
    for (const tag of li.querySelectorAll<HTMLElement>("[data-tag]")) if (tag.dataset["tag"] !== state) tag.remove();
    const { leads, more } = beside.get(step.id) ?? { leads: "", more: null };
    fill(li, "[data-line]", [counted(words.minutes, run.length), leads, step.room, at === plan ? "" : (words["planned"] ?? "").replace("{}", plan)].filter(Boolean).join(" · "));
    if (goes) {
      for (const name of ["began", "length", "paused", "stands"] as const) li.dataset[name] = String(run[name]);
      const ends = run.began + run.length * minute + stood(run, d.now);
      const says = run.stands ? words["stands"] : minutesOf(ends - d.now) < 0 ? words["overdue"] : words["ends"];
      fill(li, "[data-said]", (says ?? "").replace("{}", clock(ends, doc.zone)));
    } else find("[data-face]", li)?.remove();
    const which = goes ? "now" : state === "done" && run.ended ? "done" : pressed && forecast.late > 0 && !run.ended && step.least < run.length && state !== "skipped" ? "late" : "";
    for (const form of li.querySelectorAll<HTMLElement>("form")) {
      if (!d.runs || form.dataset["for"] !== which) {
        form.remove();
        continue;
      }
      about(form, d, step, String(which === "late" ? step.least : Math.min(run.length + longer, longest)));
      if (which === "late") fill(form, "[data-words]", counted(words.shorten, step.least));
      if (which !== "now") continue;
      const more = Math.min(longer, longest - run.length);
      fill(form, "[value=length]", counted(words.longer, more));
      if (more <= 0) find("[value=length]", form)?.remove();
      find(run.stands ? "[value=pause]" : "[value=go_on]", form)?.remove();
    }
    if (more) {
      (more as HTMLElement).hidden = state !== "now" && state !== "next";
      li.lastElementChild?.insertBefore(more, find("form", li));
    }
    return li;
  }

  /** The one button for what comes next. */
  function next(d: Drawn): Node[] {
    const at = d.forecast.steps.findIndex((e) => e.state === "next");
    const step = d.doc.steps[at] ?? d.doc.steps.find((s) => s.id === d.course.now);
    if (!d.runs || !step) return [];
    const form = part(".run-dock");
    about(form, d, step);
    const button = find<HTMLButtonElement>("button", form);
    if (button) {
      button.value = at < 0 ? "end" : "begin";
      button.textContent = at < 0 ? (words["finish"] ?? "") : (words[d.course.now ? "next" : "begin"] ?? "").replace("{}", () => step.title);
    }
    return [form];
  }

  /** How the day stands to its plan. */
  function late({ course, forecast, pressed }: Drawn): Node[] {
    if (course.over) return [notice("good", words["over"] ?? "")];
    if (!pressed) return [];
    if (forecast.late < 0) return [element("p", counted(words.early, -forecast.late))];
    if (!forecast.late) return [element("p", words["onTime"] ?? "")];
    const box = notice("wait", ` ${forecast.spare ? counted(words.spare, forecast.spare) : words["noSpare"]}`);
    box.firstElementChild?.prepend(element("b", counted(words.late, forecast.late)));
    return [box];
  }

  function notice(kind: string, text: string): HTMLElement {
    const box = element("div", "", `notice ${kind}`);
    box.append(element("p", text));
    return box;
  }

  function needs({ doc }: Drawn): Node[] {
    if (!doc.of) return [];
    const box = part("section");
    const rows = doc.needs.map(({ question, words, number }) => {
      const li = document.createElement("li");
      const what = element("span", words);
      if (question) what.prepend(element("small", question));
      li.append(what, element("b", number));
      return li;
    });
    find("ul", box)?.replaceChildren(...rows);
    fill(box, "p", doc.of);
    return [box];
  }

  /** What the phone says of itself. */
  function say(): void {
    const says = [];
    if (day.away) says.push(words["away"]);
    if (day.unsent && (day.away || day.unsent > 1)) says.push(`${words["unsent"]} ${day.unsent}`);
    if (day.away && day.held) says.push((words["numbers"] ?? "").replace("{}", clock(day.held.at, day.held.doc.zone)));
    if (Math.abs(day.behind) > wrong) says.push(`${words[day.behind > 0 ? "behind" : "ahead"]} ${Math.round(Math.abs(day.behind) / minute)}`);
    for (const why of new Set(day.whys)) says.push(`${words["refused"]} ${words.whys[why] ?? why}`);
    if (day.untaken) says.push([`${words["refused"]} ${day.untaken}`, day.no].filter(Boolean).join(". "));
    if (told) says.push(told);
    if (heard && !day.held) says.push(words[day.away || shell ? "nothing" : "gone"]);
    const text = says.join(" · ");
    if (strip?.textContent !== text) strip?.replaceChildren(...(text ? [notice(day.away ? "wait" : "bad", text)] : []));
  }

  function draw(): void {
    say();
    if (!day.held || !(heard || shell || day.unsent)) return;
    const { doc } = day.held;
    const { marks } = day;
    const now = day.now();
    const course = courseOf(doc.steps, marks);
    const d: Drawn = { doc, course, forecast: forecastOf(doc.steps, course, now), pressed: marks.length > 0, runs: doc.may && now >= doc.from && now <= doc.until, now };
    // Drawn anew when something is otherwise than it stands there, by the minute.
    const is = JSON.stringify([doc, course, d.forecast.steps.map((e) => [e.state, Math.floor(e.begins / minute), Math.floor(e.ends / minute)]), d.forecast.late, d.runs, Math.floor(now / minute)]);
    if (is === drawn) return;
    drawn = is;
    const active = document.activeElement instanceof HTMLButtonElement ? document.activeElement : undefined;
    const [key, place] = active ? [active.value, active.closest("[data-dock]") ? "" : active.closest<HTMLElement>("[data-step]")?.dataset["step"]] : [];
    const items = doc.steps.map((s, i) => item(d, s, d.forecast.steps[i] as Expected));
    const end = part("li.end");
    const last = d.forecast.steps.at(-1);
    fill(end, ".at", clock(d.pressed && last ? Math.max(last.ends, doc.ends) : doc.ends, doc.zone));
    list?.replaceChildren(...items, ...(items.length ? [end] : []));
    find("[data-counts]")?.replaceChildren(
      ...doc.counts.flatMap(({ number, words }) => {
        const one = element("span", ` ${words}`);
        one.prepend(element("b", number));
        return [one, " "];
      }),
    );
    find("[data-late]")?.replaceChildren(...late(d));
    find("[data-needs]")?.replaceChildren(...needs(d));
    dock?.replaceChildren(...next(d));
    if (shell) {
      fill(document, "[data-title]", doc.title);
      fill(document, "[data-when]", doc.when);
      fill(document, "[data-where]", doc.where);
    }
    if (active) (place === "" ? find("button", dock as ParentNode) : (find(`[data-step="${place}"] button[value=${key}]`) ?? find(`[data-step="${place}"] button`)))?.focus({ preventScroll: true });
    before = Infinity;
    clockOf();
  }

  let before = Infinity;
  const house = Number(list.dataset["clock"]) - Date.now(); // until the house was heard by the script
  function clockOf(): void {
    const step = find("[data-began]", list);
    if (step) before = tick(step, day.held ? day.now() : Date.now() + house, before);
  }

  async function press(mark: Pick<Mark, "kind" | "step" | "from" | "minutes">): Promise<void> {
    told = "";
    const kept = await day.press(mark);
    if (mark.kind === "begin") find("#now")?.scrollIntoView({ block: "nearest" });
    const meets = day.contact().then(() => {
      if (kept.kind !== "begin" || !day.held || day.away) return;
      const run = courseOf(day.held.doc.steps, day.marks).runs[kept.step];
      if (run?.began === kept.at || !day.marks.some((m) => m.nonce === kept.nonce)) return;
      told = words["other"] ?? "";
      say();
    });
    const late = await Promise.race([meets, pause(answersIn).then(() => true)]);
    if (late) day.silent();
  }

  // Before the page's own guard of forms: what is pressed stays on the page, once it holds the day.
  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      const pressed = event.submitter;
      if (!(form instanceof HTMLFormElement) || !(pressed instanceof HTMLButtonElement) || !acts.includes(pressed.value) || !day.held) return;
      event.preventDefault();
      const given = new FormData(form);
      const text = (name: string) => String(given.get(name) ?? "");
      const from = pressed.value === "begin" && text("from");
      void press({ kind: pressed.value, step: text("step"), ...(from && { from }), ...(pressed.value === "length" && { minutes: Number(text("minutes")) }) });
    },
    true,
  );
  document.addEventListener(givenUp, () => void day.end());
  addEventListener("storage", (event) => void (event.key === heldMark && !event.newValue && day.end()));
  addEventListener("online", () => void day.contact());
  document.addEventListener("visibilitychange", () => void (document.hidden || day.contact()));
  setInterval(() => {
    clockOf();
    draw();
  }, 1000);

  await day.start();
  if (shell) draw();
  const worker = list.dataset["worker"];
  if (worker) void navigator.serviceWorker?.register(worker, { scope: path.split("/").slice(0, 3).join("/") + "/" }).catch(() => undefined);
  if (await Promise.race([day.contact(), pause(answersIn).then(() => true)])) day.silent();
  heard = true;
  draw();
  for (let last = Date.now(); ; await pause(again)) {
    if (!day.unsent && !day.away && (document.hidden || Date.now() - last < looks)) continue;
    last = Date.now();
    await day.contact();
  }
}

const list = find("[data-run]");
if (list) void lead(list);
