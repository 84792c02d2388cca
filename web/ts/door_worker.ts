// Opens the door's page where there is no network: a page that names nobody, and its files.
// The house writes in front of this which they are; a page of the house is never kept.
declare const kept: { cache: string; lang: string; page: string; files: string[] };

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

/** Deletes the pack: who is led away from the door may hold none. Scans stay, and name nobody. */
function forget(): void {
  const asked = indexedDB.open("ashar-door");
  asked.onupgradeneeded = () => asked.transaction?.abort(); // there is none
  asked.onsuccess = () => {
    const change = asked.result.transaction(["pack", "clock"], "readwrite");
    for (const name of ["pack", "clock"]) change.objectStore(name).clear();
    asked.result.close();
  };
}

worker.addEventListener("install", (event) => {
  const keep = async () => {
    const cache = await caches.open(kept.cache);
    // Asked as a stranger: what is kept is what anybody would get.
    for (const address of [kept.page, ...kept.files]) {
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

async function open(request: Request): Promise<Response> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), opensIn);
  try {
    const answer = await fetch(request, { signal: stop.signal });
    if (request.method === "GET" && (answer.type === "opaqueredirect" || refused.includes(answer.status))) forget();
    if (!gone.includes(answer.status)) return answer;
  } catch {
    // No network: the page that is kept.
  } finally {
    clearTimeout(timer);
  }
  return (await caches.match(kept.page)) ?? Response.error();
}

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) return;
  if (request.mode === "navigate" && /^\/..\/door\/[^/]+$/.test(pathname)) event.respondWith(open(request));
  else if (kept.files.includes(pathname)) event.respondWith(caches.match(pathname, { ignoreVary: true }).then((file) => file ?? fetch(request)));
});

export {};
