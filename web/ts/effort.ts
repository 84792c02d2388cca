// A form that asks for an effort: the challenge is solved in workers, or in
// short slices where there are none, and the form sends itself. Without this
// script, and when it takes longer than the wait, the button does it.
import type { Part } from "./effort_worker";
import { search, words } from "./parts/effort_search";

/** How many workers at most: more would only warm the phone. */
const most = 4;
/** On the page itself: hashes between two looks at the clock, and milliseconds between two rests. */
const slice = 1024;
const breath = 12;

for (const form of document.querySelectorAll<HTMLFormElement>("form[data-effort]")) begin(form);

function begin(form: HTMLFormElement): void {
  const { effort = "", bits = "", parts = "", wait = "", worker = "", working = "", done = "" } = form.dataset;
  const says = form.querySelector<HTMLElement>("[data-says]");
  const bar = form.querySelector("progress");
  const plain = form.querySelector<HTMLElement>("[data-plain]");
  const field = form.querySelector<HTMLInputElement>("input[name=effort_solution]");
  if (!says || !bar || !plain || !field) return;
  const seed = words(effort);
  const counters: number[] = new Array<number>(Number(parts));
  let next = 0;
  let found = 0;

  /** Gives out the next part that nobody works on. */
  const take = (): Part | undefined => (next < counters.length ? { seed, bits: Number(bits), part: next++ } : undefined);
  const note = (part: number, counter: number): void => {
    counters[part] = counter;
    bar.value = ++found;
    if (found < counters.length || form.dataset["sent"]) return;
    field.value = counters.join(",");
    says.textContent = done;
    form.requestSubmit();
  };

  plain.hidden = true;
  bar.hidden = false;
  says.textContent = working;
  // Whoever has a slow device need not wait longer than one without script.
  setTimeout(() => (plain.hidden = false), 1000 * Number(wait));

  const helpers: Worker[] = [];
  /** Without workers the page does it itself, from the beginning. */
  const alone = (): void => {
    for (const h of helpers.splice(0)) h.terminate();
    next = found = 0;
    void slowly(take, note);
  };
  try {
    for (let i = Math.min(most, navigator.hardwareConcurrency || 1); i > 0; i--) {
      const helper = new Worker(worker);
      helpers.push(helper);
      helper.onmessage = ({ data: [part, counter] }: MessageEvent<[number, number]>) => {
        note(part, counter);
        const more = take();
        if (more) helper.postMessage(more);
      };
      helper.onerror = () => helpers.length && alone();
      const first = take();
      if (first) helper.postMessage(first);
    }
  } catch {
    alone();
  }
}

async function slowly(take: () => Part | undefined, note: (part: number, counter: number) => void): Promise<void> {
  for (let p = take(), counter = -1, from = 0; p; ) {
    for (const until = performance.now() + breath; counter < 0 && performance.now() < until; from += slice) {
      counter = search(p.seed, p.part, p.bits, from, from + slice);
    }
    if (counter >= 0) {
      note(p.part, counter);
      [p, counter, from] = [take(), -1, 0];
    }
    await new Promise((rested) => setTimeout(rested)); // the page lives meanwhile
  }
}
