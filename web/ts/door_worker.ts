// Opens the pages of a door where there is no network: pages that name nobody, and their files.
// The house writes in front of this which they are; a page of the house is never kept.
declare const kept: { cache: string; lang: string; pages: Record<string, string>; files: string[] };

interface Extended extends Event {
  waitUntil(done: Promise<unknown>): void;
}
interface Fetched extends Extended {
  request: Request;
  respondWith(answer: Promise<Response>): void;
}
interface Worker {
  addEventListener(name: "install" | "activate", then: (event: Extended) => void): void;
  addEventListener(name: "fetch", then: (event: Fetched) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
}

const worker = self as unknown as Worker;
/** For how long the house may be silent when a page is opened, in milliseconds. */
const opensIn = 5000;
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

/** Opens a page of a door; `part` is what stands behind the door's address, empty for the door itself. */
async function open(request: Request, part: string): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), opensIn);
  try {
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
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  const [, part = ""] = /^\/..\/door\/[^/]+(?:\/(\w+))?$/.exec(pathname) ?? [, "-"];
  if (request.mode === "navigate" && Object.hasOwn(kept.pages, part)) event.respondWith(open(request, part));
  else if (kept.files.includes(pathname)) event.respondWith(caches.match(pathname, { ignoreVary: true }).then((file) => file ?? fetch(request)));
});

export {};
