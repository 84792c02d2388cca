// The camera at the door. It reads tickets one after another and gives each to the desk of the
// page (door_desk.ts), which answers. Without script, or without a camera, the button stays
// hidden and the form does the same.
import { hasCamera, lamp, makeReader, openCamera, type Reader } from "./parts/camera";
import { type Colour, Signals } from "./parts/signals";

const again = 3000; // the same ticket is not read twice within, ms
const gone = 3; // nor before so many pictures without it: a slow phone takes few
const pause = 150; // between two pictures, ms

function atTheDoor(place: HTMLElement): void {
  const find = <T extends Element>(selector: string, root: ParentNode = place) => root.querySelector<T>(selector);
  const start = find<HTMLButtonElement>("[data-start]");
  const stop = find<HTMLButtonElement>("[data-stop]", document);
  const video = find<HTMLVideoElement>("video");
  const torch = find<HTMLButtonElement>("[data-torch]", document);
  const sound = find<HTMLButtonElement>("[data-sound]", document);
  const switches = find<HTMLElement>("[data-switches]", document);
  const status = find<HTMLElement>("[data-status]");
  const answer = find<HTMLElement>("[data-answer]", document);
  const words = place.dataset;
  if (!start || !stop || !video || !torch || !sound || !switches || !status || !answer) return;

  let signals: Signals | undefined;
  let reader: Reader | undefined;
  let stream: MediaStream | undefined;
  let lock: WakeLockSentinel | undefined;
  let last = { code: "", seen: 0, without: 0 };

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

  document.addEventListener("door-answer", (event) => {
    say("");
    last.seen = Date.now();
    signals?.give((event as CustomEvent<Colour>).detail, isQuiet());
  });

  async function look(): Promise<void> {
    if (!stream || !reader || !video) return;
    try {
      // Nothing is read while somebody writes into the answer: it would be lost.
      const writing = document.activeElement instanceof HTMLInputElement && answer?.contains(document.activeElement);
      const code = document.hidden || writing ? undefined : await reader(video);
      const now = Date.now();
      if (code) {
        const held = code === last.code && (now - last.seen <= again || last.without < gone);
        if (!held) document.dispatchEvent(new CustomEvent("door-scan", { detail: code }));
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
  place.hidden = false;
}

const place = document.querySelector<HTMLElement>("[data-door]");
if (place && hasCamera()) atTheDoor(place);
