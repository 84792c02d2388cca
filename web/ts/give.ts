// The page of giving on: what this phone has kept and cannot send leaves it as a file or as QR
// codes, and what another phone gives comes in, is kept on the disk and sent. It needs no network.
import { hasCamera, makeReader, openCamera } from "./parts/camera";
import { carried, carry, codesOf, Gathering, giveable, mostCodes, parcelsOf, readParcel, sendCarried, type Parcel } from "./offline/parcel";
import { Store } from "./offline/store";

const again = 3000; // between two attempts while something waits, ms
const pause = 150; // between two pictures, ms

const one = <T extends Element>(selector: string, root: ParentNode = document) => root.querySelector<T>(selector);

async function begin(place: HTMLElement): Promise<void> {
  const words = place.dataset;
  const { lang } = document.documentElement;
  const event = words["event"] || decodeURIComponent(location.pathname.split("/")[3] ?? "");
  const here = `/${lang}/door/${encodeURIComponent(event)}`;
  if (!words["event"]) {
    // The page that is kept names no door.
    for (const a of document.querySelectorAll<HTMLAnchorElement>(".langs a")) a.href = `/${a.lang}/door/${event}/give`;
    one<HTMLAnchorElement>("[data-door]")?.setAttribute("href", here);
    one<HTMLFormElement>("[data-bring]")?.setAttribute("action", `${here}/give`);
  }
  const store = await Store.open();

  // From this phone.
  const count = one("[data-count]");
  const acts = one<HTMLElement>("[data-acts]");
  const share = one<HTMLButtonElement>("[data-share]");
  const shown = one<HTMLElement>("[data-shown]");
  let parcels: Parcel[] = [];
  let codes: string[] = [];
  let at = 0;

  const name = (n: number) => `ashar-${event}-${new Date().toISOString().slice(0, 16).replaceAll(":", "")}${parcels.length > 1 ? `-${n + 1}` : ""}.json`;
  const files = () => parcels.map((p, n) => new File([JSON.stringify(p)], name(n), { type: "application/json" }));

  async function offer(): Promise<void> {
    const held = await store.held();
    const key = (held?.pack.rules.event === event && held.pack.rules.box) || words["box"] || "";
    const lines = giveable(await store.lines(), event);
    if (!count || !acts || !share) return;
    const made = lines.length && key ? await parcelsOf(event, key, lines).catch(() => []) : [];
    parcels = made;
    count.textContent = !lines.length ? (words["none"] ?? "") : `${words["unsent"] ?? ""} ${lines.length}${made.length ? "" : `. ${words["noKey"] ?? ""}`}`;
    acts.hidden = !made.length;
    share.hidden = !made.length || !navigator.canShare?.({ files: files() });
  }

  one("[data-file]")?.addEventListener("click", () => {
    for (const file of files()) {
      const a = document.createElement("a");
      a.href = URL.createObjectURL(file);
      a.download = file.name;
      a.click();
      setTimeout(() => URL.revokeObjectURL(a.href), again);
    }
  });
  share?.addEventListener("click", () => void navigator.share({ files: files() }).catch(() => undefined));

  async function show(): Promise<void> {
    const { draw } = (await import(words["draw"] ?? "")) as typeof import("./qr_draw");
    const { path, size } = draw(codes[at] ?? "");
    const svg = one("[data-qr]");
    const nth = one("b[data-nth]");
    if (!svg || !nth) return;
    nth.textContent = `${words["nth"] ?? ""} ${at + 1} ${words["of"] ?? ""} ${codes.length}`;
    svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
    svg.setAttribute("aria-label", nth.textContent);
    one("path", svg)?.setAttribute("d", path);
    one("rect", svg)?.setAttribute("width", String(size));
    one("rect", svg)?.setAttribute("height", String(size));
  }
  one("[data-codes]")?.addEventListener("click", async () => {
    const [first] = parcels;
    codes = first && parcels.length === 1 ? await codesOf(first) : [];
    if (!shown || !count) return;
    if (!codes.length || codes.length > mostCodes) return void (count.textContent = words["many"] ?? "");
    at = 0;
    shown.hidden = false;
    await show();
    shown.scrollIntoView({ block: "start" });
  });
  const turn = (by: number) => () => {
    at = (at + by + codes.length) % codes.length;
    void show();
  };
  one("[data-back]")?.addEventListener("click", turn(-1));
  one("[data-next]")?.addEventListener("click", turn(1));
  one("[data-hide]")?.addEventListener("click", () => {
    if (shown) shown.hidden = true;
    one<HTMLElement>("[data-codes]")?.focus();
  });

  // From another phone.
  const said = one("[data-said]");
  const list = one("ul[data-kept]");
  const say = (text: string | undefined) => said && (said.textContent = text ?? "");

  async function tell(): Promise<void> {
    const all = (await carried(store)).filter((c) => c.event === event);
    const items = all.map((c) => {
      const li = document.createElement("li");
      li.dataset["state"] = c.said === undefined ? "kept" : "sent";
      li.textContent = `${new Date(c.at).toLocaleTimeString(lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "Asia/Bishkek" })}: ${c.said ?? words["kept"] ?? ""}`;
      return li;
    });
    list?.replaceChildren(...items);
  }

  /** Takes what another phone has given, and says what came of it. */
  async function take(text: string): Promise<void> {
    const p = await readParcel(text, event);
    if (typeof p === "string") return void say(words[p]);
    await carry(store, p);
    say("");
    await tell();
    await sendCarried(store, lang);
    await tell();
  }

  one<HTMLFormElement>("[data-bring]")?.addEventListener("submit", (submitted) => {
    const field = one<HTMLInputElement>("[data-bring] input[type=file]");
    submitted.preventDefault();
    submitted.stopPropagation();
    const file = field?.files?.[0];
    if (!file) return void say(words["choose"]);
    if (file.size > 1024 * 1024) return void say(words["parcelLarge"]);
    void file.text().then(async (text) => {
      await take(text);
      if (field) field.value = "";
    });
  }, true);

  const start = one<HTMLButtonElement>("button[data-read]");
  const stop = one<HTMLButtonElement>("[data-stop]");
  const video = one<HTMLVideoElement>("video");
  let stream: MediaStream | undefined;
  const end = () => {
    for (const track of stream?.getTracks() ?? []) track.stop();
    stream = undefined;
    if (!start || !stop || !video) return;
    video.srcObject = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
  };

  async function read(): Promise<void> {
    if (!video) return;
    const gathering = new Gathering();
    const reader = await makeReader(words["decoder"] ?? "");
    let last = "";
    while (stream) {
      const text = document.hidden ? undefined : await reader(video).catch(() => undefined);
      if (text && text !== last) {
        last = text;
        const known = await gathering.take(text);
        const { lacks, whole } = gathering;
        if (whole) {
          end();
          return take(whole);
        }
        say(!known ? words["otherCode"] : `${words["read"] ?? ""} ${gathering.count - lacks.length} ${words["of"] ?? ""} ${gathering.count}. ${words["lacks"] ?? ""} ${lacks.join(", ")}`);
      }
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  start?.addEventListener("click", async () => {
    if (!stop || !video) return;
    start.disabled = true;
    try {
      stream = await openCamera();
      video.srcObject = stream;
      video.hidden = stop.hidden = false;
      start.hidden = true;
      await video.play();
      say(words["look"]);
      void read();
    } catch {
      end();
      say(words["broken"]);
    }
    start.disabled = false;
  });
  stop?.addEventListener("click", () => {
    end();
    start?.focus();
  });
  addEventListener("pagehide", end);
  if (start) start.hidden = !hasCamera();

  await offer();
  await tell();
  for (;;) {
    if (list && (await sendCarried(store, lang)) === 0) await tell();
    await new Promise((done) => setTimeout(done, again));
  }
}

const place = one<HTMLElement>("[data-give]");
if (place) void begin(place);
