// Opens the pages of a door where there is no network: pages that name nobody, and their files.
// The house writes in front of this which they are; a page of the house is never kept.
declare const kept: { cache: string; lang: string; pages: Record<string, string>; files: string[] };

interface Extended extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetched extends Extended {
  request: Request;
  clientId: string;
  respondWith(answer: Promise<Response>): void;
}
interface Told extends Extended {
  data: { network?: boolean } | null;
  source: { id?: string } | null;
  ports: MessagePort[];
}
interface Worker {
  addEventListener(name: "message", then: (event: Told) => void): void;
  addEventListener(name: "install" | "activate", then: (event: Extended) => void): void;
  addEventListener(name: "fetch", then: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;
/** For how long the house may be silent when a page is opened, in milliseconds. */
const opensIn = 5000;
/** Pages that are checked with no network, by the name of the browser, with the moment at which that ends. */
const cut = new Map<string, number>();
const cutEnds = 60_000; // the longest that a check takes, ms
const gone = [502, 503, 504];
const refused = [401, 403, 404, 410];

/** Deletes what is held: who is led away from the door may hold none. Scans and marks stay, and name nobody. */
function forget(held: string[]): void {
  const asked = indexedDB.open("ashar-door");
  asked.onupgradeneeded = () => asked.transaction?.abort(); // there is none
  asked.onsuccess = () => {
    const there = held.filter((name) => asked.result.objectStoreNames.contains(name));
    for (const name of there) asked.result.transaction(name, "readwrite").objectStore(name).clear();
    asked.result.close();
  };
}

worker.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(kept.cache);
    // Asked as a stranger: what is kept is what anybody would get.
    for (const address of [...Object.values(kept.pages), ...kept.files]) {
      const answer = await fetch(address, { credentials: "omit", cache: "no-cache" });
      if (!answer.ok || answer.redirected) throw new Error(address);
      await cache.put(address, answer);
    }
    await worker.skipWaiting();
  };
  event.waitUntil(keep());
});

worker.addEventListener("activate", (event) => {
  const tidy = async () => {
    for (const name of await caches.keys()) if (name.startsWith(`door ${kept.lang} `) && name !== kept.cache) await caches.delete(name);
    await worker.clients.claim();
  };
  event.waitUntil(tidy());
});

const isCut = (page: string) => (cut.get(page) ?? 0) > performance.now();

// A page asks to be without a network, or to have one again: it is told whether it had.
worker.addEventListener("message", ({ data, source, ports }) => {
  const page = source?.id;
  if (!page || typeof data?.network !== "boolean") return;
  ports[0]?.postMessage({ network: !isCut(page) });
  if (data.network) cut.delete(page);
  else cut.set(page, performance.now() + cutEnds);
});

/** Opens a page of a door; `part` is what stands behind the door's address, empty for the door itself. */
async function open(request: Request, part: string, away: boolean): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), opensIn);
  try {
    if (away) throw new TypeError("cut");
    const answer = await fetch(request, { signal: stop.signal });
    if (request.method === "GET" && (answer.type === "opaqueredirect" || refused.includes(answer.status))) forget(part ? [part] : ["pack", "clock", "day"]);
    if (!gone.includes(answer.status)) return answer;
  } catch {
    // No network: the page that is kept.
  } finally {
    clearTimeout(timer);
  }
  return (await caches.match(kept.pages[part] ?? "")) ?? Response.error();
}

worker.addEventListener("fetch", (event) => {
  const { request, clientId } = event;
  const { pathname, origin } = new URL(request.url);
  const away = request.mode !== "navigate" && isCut(clientId); // who leaves the page is let go
  const ours = origin === location.origin;
  const [, part = ""] = /^\/..\/door\/[^/]+(?:\/(\w+))?$/.exec(pathname) ?? [, "-"];
  if (ours && (request.mode === "navigate" || (away && request.method === "GET")) && Object.hasOwn(kept.pages, part)) event.respondWith(open(request, part, away));
  else if (ours && kept.files.includes(pathname)) event.respondWith(caches.match(pathname, { ignoreVary: true }).then((file) => file ?? (away ? Response.error() : fetch(request))));
  else if (away) event.respondWith(Promise.resolve(Response.error()));
});

export {};
