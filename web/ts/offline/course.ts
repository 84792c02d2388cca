// How a day goes, from what was pressed: internal/modules/seminars/runsheet/course.go once more,
// held to it by runsheet/testdata/courses.json. Moments are milliseconds since 1970.

/** What somebody pressed. */
export interface Mark {
  nonce: string;
  kind: string;
  step: string;
  /** Of begin: which step went on for who pressed; missing for none. */
  from?: string;
  /** Of length. */
  minutes?: number;
  at: number;
}

/** What a course needs to know of a step. */
export interface Planned {
  id: string;
  begins: number;
  minutes: number;
  least: number;
}

/** What has become of a step; zero for not yet. */
export interface Run {
  began: number;
  ended: number;
  /** Minutes that it takes in all, without pauses. */
  length: number;
  /** For how long its clock has stood. */
  paused: number;
  /** Since when its clock stands. */
  stands: number;
}

export interface Course {
  /** The step that goes on, empty for none. */
  now: string;
  /** The last step was ended. */
  over: boolean;
  runs: Record<string, Run>;
}

export interface Expected {
  state: "done" | "now" | "next" | "coming" | "skipped";
  begins: number;
  ends: number;
}

export interface Forecast {
  steps: Expected[];
  /** By how many minutes the day is behind its plan; ahead negative. */
  late: number;
  /** By how many minutes the coming steps may be shortened. */
  spare: number;
}

export const minute = 60_000;
/** The longest step, in minutes. */
export const longest = 480;

/** Texts in the order of their bytes, as the house sorts them. */
const order = (x: string, y: string): number => Number(x > y) - Number(x < y);

/** Works out a day from the set of marks: neither their order counts nor how often one is among them. */
export function courseOf(steps: Planned[], marks: Mark[]): Course {
  const c: Course = { now: "", over: false, runs: {} };
  for (const s of steps) c.runs[s.id] = { began: 0, ended: 0, length: s.minutes, paused: 0, stands: 0 };
  const sorted = [...marks].sort((x, y) => x.at - y.at || order(x.nonce, y.nonce) || order(x.kind, y.kind) || order(x.step, y.step));
  const seen = new Set<string>();
  for (const m of sorted) {
    if (!seen.has(m.nonce)) take(c, m);
    seen.add(m.nonce);
  }
  return c;
}

function take(c: Course, m: Mark): void {
  const run = c.runs[m.step];
  if (!run) return;
  const goes = m.step === c.now;
  const minutes = m.minutes ?? 0;
  const from = m.from ?? "";
  const follows = from === c.now || (from !== "" && !c.runs[from] && run.began === 0);
  if (m.kind === "begin" && follows && !goes) {
    close(c, m.at);
    [c.now, c.over] = [m.step, false];
    c.runs[m.step] = { began: m.at, ended: 0, length: run.length, paused: 0, stands: 0 };
  } else if (m.kind === "length" && run.ended === 0 && minutes >= 1 && minutes <= longest) {
    run.length = minutes;
  } else if (m.kind === "pause" && goes && run.stands === 0) {
    run.stands = m.at;
  } else if (m.kind === "go_on" && goes && run.stands !== 0) {
    [run.paused, run.stands] = [run.paused + m.at - run.stands, 0];
  } else if (m.kind === "end" && goes) {
    close(c, m.at);
    [c.now, c.over] = ["", true];
  }
}

/** Ends the step that goes on. */
function close(c: Course, at: number): void {
  const run = c.runs[c.now];
  if (!run) return;
  if (run.stands !== 0) [run.paused, run.stands] = [run.paused + at - run.stands, 0];
  run.ended = at;
}

/** For how long the clock of a step has stood by a moment. */
export const stood = (run: Run, now: number): number => run.paused + (run.stands && Math.max(now - run.stands, 0));

/** Tells when the steps of a course end, as far as is known at a moment. */
export function forecastOf(steps: Planned[], c: Course, now: number): Forecast {
  const runs = steps.map((s) => c.runs[s.id] as Run);
  const f: Forecast = { steps: [], late: 0, spare: 0 };
  const current = steps.findIndex((s) => s.id === c.now);
  let last = current; // the step from which the day goes on
  if (current < 0) for (const [i, run] of runs.entries()) if (run.ended !== 0) last = i;
  const next = runs.findIndex((run, i) => i > last && run.ended === 0);
  let free = -Infinity; // from when the next step may begin
  for (const [i, s] of steps.entries()) {
    const run = runs[i] as Run;
    const length = run.length * minute;
    const planned = s.begins + s.minutes * minute;
    const begins = Math.max(s.begins, free);
    let e: Expected = { state: "coming", begins, ends: begins + length };
    if (i === current) {
      e = { state: "now", begins: run.began, ends: Math.max(run.began + length + stood(run, now), now) };
      f.late = minutesOf(e.ends - planned);
    } else if (run.ended !== 0) {
      e = { state: "done", begins: run.began, ends: run.ended };
      if (i === last) f.late = minutesOf(run.ended - planned);
    } else if (i < last || (c.over && current < 0)) {
      e = { state: "skipped", begins: s.begins, ends: s.begins + length };
    } else {
      if (i === next) e.state = "next";
      f.spare += Math.max(run.length - s.least, 0);
      if (last < 0 && i === 0 && now > s.begins) {
        f.late = minutesOf(now - s.begins);
        [e.begins, e.ends] = [now, now + length];
      }
    }
    if (i >= last && e.state !== "skipped") free = e.ends;
    f.steps.push(e);
  }
  return f;
}

/** Rounds to whole minutes, halves away from nought. */
export const minutesOf = (ms: number): number => Math.sign(ms) * Math.floor((Math.abs(ms) + minute / 2) / minute) || 0;
