// The camera at the door. It reads tickets one after another, sends each as the
// form would be sent, and shows the answer of the page. Without script, or
// without a camera, the button stays hidden and the form does the same.
import { hasCamera, lamp, makeReader, openCamera, type Reader } from "./parts/camera";
import { type Colour, Signals } from "./parts/signals";

const again = 3000; // the same ticket is not read twice within, ms
const gone = 3; // nor before so many pictures without it: a slow phone takes few
const pause = 150; // between two pictures, ms
const retry = 3000; // until a scan that did not get through is sent again, ms

const newNonce = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

function atTheDoor(place: HTMLElement): void {
  const find = <T extends Element>(selector: string, root: ParentNode = place) => root.querySelector<T>(selector);
  const start = find<HTMLButtonElement>("[data-start]");
  const stop = find<HTMLButtonElement>("[data-stop]", document);
  const video = find<HTMLVideoElement>("video");
  const torch = find<HTMLButtonElement>("[data-torch]", document);
  const sound = find<HTMLButtonElement>("[data-sound]", document);
  const switches = find<HTMLElement>("[data-switches]", document);
  const status = find<HTMLElement>("[data-status]");
  const waiting = find<HTMLElement>("[data-waiting]");
  const answer = find<HTMLElement>("[data-answer]", document);
  const words = place.dataset;
  if (!start || !stop || !video || !torch || !sound || !switches || !status || !waiting || !answer) return;

  let signals: Signals | undefined;
  let reader: Reader | undefined;
  let stream: MediaStream | undefined;
  let lock: WakeLockSentinel | undefined;
  let last = { code: "", seen: 0, without: 0 };
  const queue: URLSearchParams[] = []; // read and not yet answered, in turn
  let sending = false;

  let light: ((on: boolean) => Promise<void>) | undefined;
  let lit = false;

  const say = (text: string | undefined) => (status.textContent = text ?? "");

  // A switch says what it does; pressed, it says the opposite.
  function turn(button: HTMLButtonElement): void {
    const was = button.textContent ?? "";
    button.textContent = button.dataset["other"] ?? "";
    button.dataset["other"] = was;
  }

  const isQuiet = () => sessionStorage.getItem("door-quiet") === "yes";

  function show(colour: Colour, filled: Node[]): void {
    const box = document.createElement("section");
    box.className = `door-answer ${colour}`;
    box.append(...filled);
    answer?.replaceChildren(box);
    say("");
    signals?.give(colour, isQuiet());
  }

  function line(text: string): HTMLElement {
    const p = document.createElement("p");
    p.className = "door-words";
    p.textContent = text;
    return p;
  }

  function count(): void {
    if (waiting) waiting.textContent = queue.length ? `${words["kept"] ?? ""} ${queue.length}` : "";
  }

  // The answer to a scan is the page of the door; what it says is taken over.
  async function take(reply: Response): Promise<void> {
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const told = find<HTMLElement>("[data-answer] .door-answer", page);
    if (reply.ok && told) {
      const colour = (["good", "wait"] as const).find((c) => told.classList.contains(c)) ?? "bad";
      show(colour, [...told.childNodes]);
      const fresh = find(".door-count", page);
      if (fresh) find(".door-count", document)?.replaceWith(fresh);
    } else {
      const why = find("main h1", page)?.textContent;
      show("bad", [line(reply.ok ? (words["lost"] ?? "") : why || (words["lost"] ?? ""))]);
    }
  }

  async function send(): Promise<void> {
    if (sending) return;
    sending = true;
    for (let scan = queue[0]; scan; scan = queue[0]) {
      try {
        const reply = await fetch(words["action"] ?? "", { method: "POST", body: scan });
        if (reply.status >= 500 || reply.status === 429) throw new Error(String(reply.status));
        await take(reply);
        queue.shift();
        count();
      } catch {
        // The nonce makes one scan of all attempts.
        if (!waiting?.textContent) show("wait", [line(words["offline"] ?? "")]);
        count();
        await new Promise((done) => setTimeout(done, retry));
      }
    }
    sending = false;
  }

  function enter(scan: Record<string, string>): void {
    queue.push(new URLSearchParams(scan));
    if (waiting?.textContent) count(); // no network: the number of those kept goes up
    void send();
  }

  async function look(): Promise<void> {
    if (!stream || !reader || !video) return;
    try {
      // Nothing is read while somebody writes into the answer: it would be lost.
      const writing = document.activeElement instanceof HTMLInputElement && answer?.contains(document.activeElement);
      const code = document.hidden || writing ? undefined : await reader(video);
      const now = Date.now();
      if (code) {
        const held = code === last.code && (now - last.seen <= again || last.without < gone);
        if (!held) enter({ kind: "in", nonce: newNonce(), code: code.slice(0, 400) });
        last = { code, seen: now, without: 0 };
      } else last.without++;
    } catch {
      // One picture that cannot be read is followed by the next.
    }
    setTimeout(() => void look(), pause);
  }

  async function stayAwake(): Promise<void> {
    if (stream && !document.hidden) lock = await navigator.wakeLock?.request("screen").catch(() => undefined);
  }

  function end(): void {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    void lock?.release();
    lock = undefined;
    if (!start || !video || !torch || !switches) return;
    if (lit) turn(torch);
    light = undefined;
    lit = false;
    video.srcObject = null;
    video.hidden = switches.hidden = true;
    start.hidden = false;
    say("");
  }

  start.addEventListener("click", async () => {
    start.disabled = true;
    signals ??= new Signals();
    signals.wake();
    say(words["starting"]);
    try {
      stream = await openCamera();
      reader ??= await makeReader(words["decoder"] ?? "");
      for (const track of stream.getTracks()) track.addEventListener("ended", end);
      video.srcObject = stream;
      video.hidden = switches.hidden = false;
      start.hidden = true;
      light = lamp(stream);
      torch.hidden = !light;
      await video.play();
      say(words["look"]);
      stop.focus({ preventScroll: true });
      find(".door-count", document)?.scrollIntoView({ block: "start" });
      void stayAwake();
      void look();
    } catch (error) {
      end();
      const refused = error instanceof DOMException && (error.name === "NotAllowedError" || error.name === "SecurityError");
      say(words[refused ? "denied" : "broken"]);
    }
    start.disabled = false;
  });
  stop.addEventListener("click", () => {
    end();
    start.focus();
  });
  torch.addEventListener("click", async () => {
    const on = !lit;
    try {
      await light?.(on);
    } catch {
      return; // it stays as it is, and so does its name
    }
    lit = on;
    turn(torch);
  });
  sound.addEventListener("click", () => {
    sessionStorage.setItem("door-quiet", isQuiet() ? "no" : "yes");
    turn(sound);
  });
  if (isQuiet()) turn(sound);
  document.addEventListener("visibilitychange", () => void stayAwake());
  addEventListener("pagehide", end);
  addEventListener("beforeunload", (event) => {
    if (queue.length) event.preventDefault();
  });
  // What the answer offers (undo, an extra chair) goes the same way while the
  // camera runs, so that it keeps running.
  answer.addEventListener("submit", (event) => {
    if (!stream || !(event.target instanceof HTMLFormElement)) return;
    event.preventDefault();
    const scan: Record<string, string> = {};
    for (const [name, value] of new FormData(event.target)) scan[name] = String(value);
    event.target.remove();
    last = { code: last.code, seen: Date.now(), without: 0 };
    enter(scan);
  });
  place.hidden = false;
}

const place = document.querySelector<HTMLElement>("[data-door]");
if (place && hasCamera()) atTheDoor(place);
