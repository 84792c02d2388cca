// The check of a phone before the day. The page refuses the network to itself, and a proxy between
// browser and house counts that nothing leaves meanwhile; what is missing is named, and the house
// hears of it afterwards, by itself.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, languages, open, overflow, phone, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const door = `/door/${event}`;
const lines = ['pages', 'pack', 'ticket', 'ledger', 'word', 'clock', 'storage', 'day'];

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  demo = await startDemo();
  proxy = await startProxy(Number(new URL(demo.url).port));
});
afterEach(async () => {
  proxy?.stop();
  await demo?.stop();
});

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */
/** @typedef {import('./harness.mjs').Lang} Lang */

/** Somebody behind the proxy. @param {string} role @param {Partial<import('./harness.mjs').Look>} look */
function behind(role, look = {}) {
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, proxy.url)]));
  return open(browser, { ...demo, url: proxy.url, signin }, { role, ...look });
}

/** What a store of the phone holds. @param {Visit} visit @param {string} store @returns {Promise<any[]>} */
const stored = (visit, store) =>
  visit.page.evaluate(
    (store) =>
      new Promise((resolve) => {
        const opened = indexedDB.open('ashar-door');
        opened.onupgradeneeded = () => opened.transaction?.abort();
        opened.onerror = () => resolve([]);
        opened.onsuccess = () => {
          const all = opened.result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => {
            opened.result.close();
            resolve(all.result);
          };
        };
      }),
    store,
  );

/** Opens door and run sheet once, as the page asks, and then the check. @param {Visit} visit @param {AbortSignal} signal */
async function prepare(visit, signal) {
  await visit.go(door);
  await until(signal, async () => (await stored(visit, 'pack')).length === 1, 50);
  await until(signal, () => visit.page.evaluate(() => navigator.serviceWorker.controller !== null), 50);
  await visit.go(`${door}/day`);
  await until(signal, async () => (await stored(visit, 'day')).length === 1, 50);
  await visit.go(`${door}/ready`);
  await visit.page.locator('form[data-check]').waitFor();
}

/** The word of the desk, as who lets phones in reads it. */
async function wordOf() {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', script: false });
  await staff.go(`${door}/phones`);
  const word = (await staff.page.locator('.doorkey').textContent())?.trim() ?? '';
  await staff.close();
  assert.ok(word);
  return word;
}

/** Presses the button and gives what each line has come to. @param {Visit} visit @param {string} [word] @returns {Promise<Record<string, string>>} */
async function check(visit, word = '') {
  await visit.page.locator('[data-check] [name=word]').fill(word);
  await visit.page.locator('[data-check] button').click();
  await visit.page.locator('[data-result] .notice:is(.good, .bad) > p + p').waitFor({ state: 'attached' });
  await visit.page.locator('[data-check] button:enabled').waitFor();
  return Object.fromEntries(await visit.page.locator('[data-line]').evaluateAll((all) => all.map((li) => [/** @type {HTMLElement} */ (li).dataset['line'], li.className])));
}

/** @param {Record<string, string>} found */
const missing = (found) => lines.filter((line) => found[line] === 'bad');

/** @param {Visit} visit @param {string} line */
const says = (visit, line) => visit.page.locator(`[data-line=${line}] [data-said]`).innerText();

/** Waits until the page says that the house has the outcome. @param {Visit} visit @param {AbortSignal} signal */
const sent = (visit, signal) => until(signal, () => visit.page.evaluate(() => localStorage.getItem('door-check') === null), 50);

/** What who leads reads at the top of the run sheet. */
async function listed() {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop, script: false });
  await staff.go(`${door}/day`);
  const text = await staff.page.locator('[data-phones-ready]').evaluate((e) => e.textContent ?? '');
  await staff.close();
  return text.replace(/\s+/g, ' ');
}

/** @param {Visit} visit @param {string} where */
async function good(visit, where) {
  assert.deepEqual(await overflow(visit.page), [], `${where} is too wide`);
  assert.deepEqual(await axe(visit.page), [], where);
}

for (const [lang, width] of /** @type {[Lang, number][]} */ (languages.flatMap((l) => [[l, phone], [l, desktop]]))) {
  test(`a phone that is prepared is ready, and nothing leaves it meanwhile, in ${lang} at ${width}`, { timeout: 120_000 }, async (t) => {
    const word = await wordOf();
    const visit = await behind('facilitator', { lang, width });
    await prepare(visit, t.signal);
    await good(visit, 'the page before the check');

    const before = proxy.taken();
    // The outcome goes up once all was looked at: that one request is what the proxy sees.
    await visit.page.evaluate(() => {
      const post = window.fetch;
      window.fetch = (...asked) => {
        if (String(asked[0]).includes('/ready')) document.documentElement.dataset['asks'] = String(document.querySelectorAll('[data-line].good, [data-line].wait').length);
        return post(...asked);
      };
    });
    const found = await check(visit, word);
    await sent(visit, t.signal);
    assert.deepEqual(missing(found), [], await visit.page.locator('[data-ready]').innerText());
    assert.equal(await visit.page.locator('[data-result] .notice.good').count(), 1);
    assert.equal(await visit.page.locator('html').getAttribute('data-asks'), String(lines.length + 1), 'the house was told before all was looked at');
    const asked = proxy.asked(before);
    assert.deepEqual(asked.filter((a) => !a.endsWith('/door-worker.js HTTP/1.1')), [`POST /api/v1${door}/ready?lang=${lang} HTTP/1.1`], 'something else left the phone');
    assert.deepEqual(await stored(visit, 'line'), [], 'the record of the check is still there');
    await good(visit, 'the page after the check');
    // The network is there again for the page.
    assert.equal(await visit.page.evaluate(() => fetch('/healthz').then((r) => r.status)), 200);
    assert.match(await listed(), /Phones ready for the day: 1 of/);
    await visit.close();
  });
}

test('what is not ready is named with what to do, and who leads reads it', { timeout: 180_000 }, async (t) => {
  const word = await wordOf();
  const visit = await behind('facilitator', { lang: 'en' });
  const { page } = visit;
  await visit.go(`${door}/ready`); // the door was never opened on this phone
  await page.locator('form[data-check]').waitFor();
  const never = await check(visit, word);
  assert.deepEqual(missing(never), ['pages', 'pack', 'day']);
  assert.deepEqual([never['word'], never['ticket']], ['wait', 'wait'], 'what rests on the list is not looked at before it is there');
  assert.match(await page.locator('[data-result]').innerText(), /3 things are missing/);
  await sent(visit, t.signal);
  assert.match(await listed(), /not ready.*missing: pages with no network, list of participants, run sheet/);
  await good(visit, 'the page of a phone that is not ready');

  await prepare(visit, t.signal);
  const plain = await check(visit);
  assert.deepEqual(missing(plain), ['word']);
  assert.match(await says(visit, 'word'), /Type it above/);
  assert.match(await page.locator('[data-result]').innerText(), /1 thing is missing/);
  assert.deepEqual(missing(await check(visit, 'AAAAA-AAAAA')), ['word']);
  assert.match(await says(visit, 'word'), /does not open the names/);
  assert.deepEqual(missing(await check(visit, word)), []);
  await sent(visit, t.signal);
  assert.doesNotMatch(await listed(), /missing/);

  /** Changes the pack as it lies on the phone. @param {Record<string, number>} change */
  const change = (change) =>
    page.evaluate(
      (change) =>
        new Promise((resolve) => {
          const opened = indexedDB.open('ashar-door');
          opened.onsuccess = () => {
            const store = opened.result.transaction('pack', 'readwrite').objectStore('pack');
            store.get('pack').onsuccess = ({ target }) => {
              const { result } = /** @type {IDBRequest} */ (target);
              Object.assign(result.pack, change);
              store.put(result, 'pack').onsuccess = () => {
                opened.result.close();
                resolve(undefined);
              };
            };
          };
        }),
      change,
    );
  const [{ pack }] = await stored(visit, 'pack');
  await change({ made: Date.now() - 25 * 3_600_000 });
  assert.deepEqual(missing(await check(visit, word)), ['pack']);
  assert.match(await says(visit, 'pack'), /more than a day old/);
  await change({ made: pack.made, until: Date.now() - 1000 });
  assert.deepEqual(missing(await check(visit, word)), ['pack']);
  assert.match(await says(visit, 'pack'), /not on the phone/);
  await change({ until: pack.until });
  assert.deepEqual(missing(await check(visit, word)), []);

  // A phone without its worker cannot do without a network, and one whose browser keeps nothing cannot either.
  await page.evaluate(async () => {
    for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
  });
  await visit.go(`${door}/ready`);
  assert.deepEqual(missing(await check(visit, word)), ['pages']);
  assert.match(await says(visit, 'pages'), /has not kept the pages/);
  await prepare(visit, t.signal);
  await page.addInitScript(() => {
    if (location.pathname.endsWith('/ready'))
      indexedDB.open = () => {
        throw new DOMException('refused', 'InvalidStateError');
      };
  });
  await visit.go(`${door}/ready`);
  assert.deepEqual(missing(await check(visit, word)), ['pack', 'ledger', 'day']);
  assert.match(await says(visit, 'ledger'), /keeps nothing/);
  await visit.close();
});

test('a kept page that was lost is found missing', { timeout: 120_000 }, async (t) => {
  const visit = await behind('facilitator', { lang: 'en' });
  await prepare(visit, t.signal);
  const word = await wordOf();
  await visit.page.evaluate(async () => {
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const kept of await cache.keys()) if (kept.url.endsWith('/door-day.html')) await cache.delete(kept);
    }
  });
  assert.deepEqual(missing(await check(visit, word)), ['pages']);
  assert.match(await says(visit, 'pages'), /a page does not open/);
  await visit.close();
});

test('with no network the check says the same, and its outcome goes up by itself later', { timeout: 180_000 }, async (t) => {
  const word = await wordOf();
  const visit = await behind('facilitator', { lang: 'en' });
  await prepare(visit, t.signal);
  proxy.cut();
  assert.deepEqual(missing(await check(visit, word)), []);
  await visit.page.getByText('The outcome is sent by itself once there is one.').waitFor();
  assert.match(await listed(), /0 of/);
  await proxy.mend();
  await sent(visit, t.signal);
  assert.match(await listed(), /1 of/);
  await visit.page.getByText('The organisers see this outcome.').waitFor();

  // The page was closed before: the door's page sends what waits.
  proxy.cut();
  assert.deepEqual(missing(await check(visit)), ['word']);
  await proxy.mend();
  await visit.go(door);
  await sent(visit, t.signal);
  assert.match(await listed(), /missing: door password/);
  await visit.close();
});

test('a phone whose right is taken back is not ready, and its outcome is not kept', { timeout: 180_000 }, async (t) => {
  const word = await wordOf();
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`${door}/phones`);
  await staff.page.locator('main [name=name]').fill('The phone of the check');
  await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main form:has([name=name]) button').click()]);
  const link = (await staff.page.locator('.door-link a').getAttribute('href')) ?? '';
  const visit = await open(browser, demo, { lang: 'en', width: phone });
  await visit.page.goto(link);
  await Promise.all([visit.page.waitForURL(/\/door\//), visit.page.locator('main form button').click()]);
  await prepare(visit, t.signal);
  assert.deepEqual(missing(await check(visit, word)), []);
  await sent(visit, t.signal);
  await staff.go(`${door}/phones`);
  await staff.page.locator('[data-phones-ready] summary').click();
  assert.match(await staff.page.locator('[data-phones-ready]').innerText(), /The phone of the check\s+ready/);
  await good(staff, 'the page of the phones');
  await Promise.all([staff.page.waitForNavigation(), staff.page.locator('form.card:has-text("The phone of the check") button[name=revoke]').click()]);
  assert.doesNotMatch((await staff.page.locator('[data-phones-ready]').textContent()) ?? '', /The phone of the check/);

  const other = await visit.page.context().newPage();
  await other.goto(`${demo.url}/en${door}`);
  await other.close();
  await until(t.signal, async () => (await stored(visit, 'pack')).length === 0, 50);
  assert.deepEqual(missing(await check(visit, word)), ['pack', 'day']);
  await visit.page.getByText('The system did not take this outcome').waitFor();
  assert.equal(await visit.page.evaluate(() => localStorage.getItem('door-check')), null);
  await visit.close();
  await staff.close();
});

test('a page that goes has a network again, and so has one that was checked for too long', { timeout: 120_000 }, async (t) => {
  const visit = await behind('facilitator', { lang: 'en' });
  await prepare(visit, t.signal);
  const reaches = () => visit.page.evaluate(() => fetch('/healthz').then((r) => r.status, () => 0));
  const refuse = () =>
    visit.page.evaluate(
      () =>
        new Promise((done) => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => done(undefined);
          navigator.serviceWorker.controller?.postMessage({ network: false }, [port2]);
        }),
    );
  await refuse();
  assert.equal(await reaches(), 0, 'the page has a network while it is checked');
  const other = await visit.page.context().newPage();
  await other.goto(`${proxy.url}/en${door}/ready`);
  assert.equal(await other.evaluate(() => fetch('/healthz').then((r) => r.status)), 200, 'another page has none');
  await visit.page.reload();
  assert.equal(await reaches(), 200);
  await visit.close();

  // The same worker by a clock of ours.
  const script = await (await fetch(`${demo.url}/en/door-worker.js`)).text();
  let now = 0;
  /** @type {Record<string, (event: any) => void>} */
  const on = {};
  const worker = { addEventListener: (/** @type {string} */ name, /** @type {(event: any) => void} */ then) => (on[name] = then) };
  new Function('self', 'performance', 'location', script.replace(/export\s*\{\s*\};?/, ''))(worker, { now: () => now }, { origin: demo.url });
  const refused = () => {
    let answered = false;
    on['fetch']?.({ request: { url: `${demo.url}/healthz`, mode: 'cors', method: 'GET' }, clientId: 'page', respondWith: () => (answered = true) });
    return answered;
  };
  on['message']?.({ data: { network: false }, source: { id: 'page' }, ports: [] });
  now = 59_999;
  assert.ok(refused());
  now = 60_000;
  assert.ok(!refused(), 'the network is refused for longer than the bound');
});

for (const lang of languages) {
  test(`without script the page says what to try by hand, in ${lang}`, { timeout: 120_000 }, async () => {
    for (const width of [phone, desktop]) {
      const visit = await open(browser, demo, { role: 'facilitator', lang, width, script: false });
      await visit.go(`${door}/ready`);
      assert.equal(await visit.page.locator('main noscript li').count(), 6);
      assert.ok(!(await visit.page.locator('form[data-check]').isVisible()));
      assert.deepEqual(await overflow(visit.page), []);
      await visit.close();
    }
  });
}
