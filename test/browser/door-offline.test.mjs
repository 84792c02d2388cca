// The door with no network: a proxy between browser and house closes every socket and takes
// no new one, or takes them and says nothing. The phone answers by itself, opens its page
// again, and when the network is back everything is in the house once.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const texts = new URL('../../internal/modules/seminars/pages/text/', import.meta.url);

/** Somebody with a seat who has not come yet, as the search calls her. @param {string} lang */
const confirmed = async (lang) => JSON.parse(await readFile(new URL(`${lang}.json`, texts), 'utf8'))['seminars.state.confirmed'];

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

/**
 * Somebody behind the proxy; `demo` for somebody who has a network all the time.
 * @param {string} role
 * @param {Partial<import('./harness.mjs').Look>} look
 */
function behind(role, look = {}) {
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, proxy.url)]));
  return open(browser, { ...demo, url: proxy.url, signin }, { role, ...look });
}

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

/**
 * The text of the QR of the participant's ticket, and her name.
 * @returns {Promise<{ code: string, typed: string }>}
 */
async function ticket() {
  const guest = await open(browser, demo, { role: 'participant', lang: 'en' });
  await guest.go('/my');
  await guest.page.locator('main a[href*="/tickets/"]').first().click();
  await guest.page.waitForURL(/\/tickets\//);
  const typed = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await guest.page.locator('main').innerText())?.[0] ?? '';
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'en' });
  await desk.go(`/door/${event}`);
  const decoder = (await desk.page.locator('[data-decoder]').getAttribute('data-decoder')) ?? '';
  await desk.close();
  const code = await guest.page.evaluate(async (decoder) => {
    const drawn = document.querySelector('svg.qr');
    const size = Number(drawn?.getAttribute('viewBox')?.split(' ')[2]);
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = size * 8;
    const pen = canvas.getContext('2d');
    if (!pen) throw new Error('no canvas');
    pen.fillStyle = '#fff';
    pen.fillRect(0, 0, size * 8, size * 8);
    pen.scale(8, 8);
    pen.fillStyle = '#000';
    pen.fill(new Path2D(drawn?.querySelector('path')?.getAttribute('d') ?? ''));
    const { read } = await import(decoder);
    return /** @type {string} */ (read(pen.getImageData(0, 0, size * 8, size * 8)));
  }, decoder);
  await guest.close();
  assert.ok(code && typed, 'the ticket cannot be read');
  return { code, typed };
}

/** @param {Visit} desk @param {string} store @returns {Promise<any[]>} */
function stored(desk, store) {
  return desk.page.evaluate(
    (store) =>
      new Promise((resolve) => {
        const asked = indexedDB.open('ashar-door', 1);
        asked.onsuccess = () => {
          const all = asked.result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => {
            asked.result.close();
            resolve(all.result);
          };
        };
        asked.onerror = () => resolve([]);
      }),
    store,
  );
}

/**
 * Opens the door and waits until the phone has its pack and its page.
 * @param {Visit} desk @param {AbortSignal} signal
 */
async function ready(desk, signal) {
  await desk.go(`/door/${event}`);
  await until(signal, async () => (await stored(desk, 'pack')).length === 1, 50);
  await until(signal, () => desk.page.evaluate(() => navigator.serviceWorker.controller !== null), 50);
}

/** The camera has read a code. @param {Visit} desk @param {string} code */
const scan = (desk, code) => desk.page.evaluate((detail) => void document.dispatchEvent(new CustomEvent('door-scan', { detail })), code);

/** @param {Visit} desk @param {string} colour @param {string} by */
const answered = (desk, colour, by = '[data-by=phone]') => desk.page.locator(`[data-answer] .door-answer.${colour}${by}`).waitFor();

/** What is to be done now stands in the window. @param {Visit} desk */
const acts = (desk) =>
  desk.page.locator('.door-answer .door-next').evaluate((e) => {
    scrollTo(0, 0);
    return e.getBoundingClientRect().bottom <= innerHeight;
  });

/** @param {Visit} desk @param {string} where */
async function good(desk, where) {
  assert.deepEqual(await overflow(desk.page), [], `${where} is too wide`);
  assert.deepEqual(await axe(desk.page), [], where);
}

/** How many people the house counts. @param {Visit} staff */
async function attended(staff) {
  const answer = await staff.go(`/numbers/facts?count=seminars.attended&activity=${event}`);
  if (answer.status() !== 200) return 0;
  const n = /\d[\d \u00a0\u202f]*/.exec(await staff.page.locator('main p b').first().innerText());
  return n ? Number(n[0].replace(/\D/g, '')) : 0;
}

for (const { lang, width, script } of looks) {
  test(`the door goes on with no network, in ${lang} at ${width} ${script ? 'with' : 'without'} script`, { timeout: 120_000 }, async (t) => {
    const desk = await behind('facilitator', { lang, width, script });
    if (!script) {
      await desk.go(`/door/${event}`);
      assert.ok(await desk.page.locator('main noscript, main noscript + p.quiet, main > p.quiet').first().innerText(), 'nothing says that it needs script');
      await desk.close();
      return;
    }
    const { code, typed } = await ticket();
    const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
    const before = await attended(staff);
    desk.page.on('dialog', (d) => void d.accept());
    await ready(desk, t.signal);
    // Some are on the page by their names when the network goes.
    await desk.page.locator('[name=q]').last().fill('ба');
    await desk.page.locator('[name=q]').last().press('Enter');
    const guests = desk.page.locator('form.door-guest:has(button[value=in])', { hasText: await confirmed(lang) });
    await guests.first().waitFor();

    const came = async () => Number(/\d+/.exec(await desk.page.locator('[data-live=count] b').innerText())?.[0]);
    const told = await came();
    const size = desk.page.viewportSize();
    if (width === phone) await desk.page.setViewportSize({ width, height: 640 });

    proxy.cut();
    await scan(desk, code);
    await answered(desk, 'good');
    assert.ok(await acts(desk), 'the next act is not seen at once, with no network');
    assert.equal(await came(), told + 1, 'the count does not go on from that of the house');
    const her = await desk.page.locator('.door-answer .door-name').innerText();
    assert.ok(her, 'a ticket does not open its name');
    await good(desk, 'come in, with no network');
    await scan(desk, code);
    await answered(desk, 'wait');
    await guests.filter({ hasNotText: her }).first().locator('button').click();
    await answered(desk, 'good');
    // A code that was typed cannot be read before the word of the desk; one that is none can.
    await desk.page.locator('[name=code]:not([type=hidden])').fill(typed);
    await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click();
    await answered(desk, 'wait');
    assert.ok(await acts(desk), 'the next act of a look is not seen at once, with no network');
    await good(desk, 'look, with no network');
    await scan(desk, 'NOT A TICKET');
    await answered(desk, 'bad');
    assert.ok(await acts(desk), 'the next act of a stop is not seen at once, with no network');
    await good(desk, 'stop, with no network');
    assert.equal(await came(), told + 2);
    assert.match(await desk.page.locator('[data-strip]').innerText(), /5$/m, 'the strip does not count what is not sent');

    // Opened again, the page comes without the network, and knows what it knew.
    await desk.page.reload();
    await desk.page.locator('[data-strip] p').first().waitFor();
    assert.equal(await desk.page.locator('form.door-guest').count(), 0, 'a page with names was kept');
    await good(desk, 'the page that was kept');
    await scan(desk, code);
    await answered(desk, 'wait');
    assert.ok(await acts(desk), 'the next act is not seen at once on the page that was kept');
    assert.equal(await came(), told + 2);
    if (size) await desk.page.setViewportSize(size);
    assert.equal((await stored(desk, 'line')).filter((l) => !l.answered && l.row).length, 4);

    await proxy.mend();
    await until(t.signal, async () => (await stored(desk, 'line')).every((l) => l.answered || !l.row), 100);
    assert.equal(await attended(staff), before + 2, 'not everybody is in the house once');
    await ready(desk, t.signal);
    assert.equal(await desk.page.locator('[data-strip] p').count(), 0);
    await scan(desk, code);
    await answered(desk, 'wait', ':not([data-by])');
    assert.equal(await attended(staff), before + 2);
    assert.deepEqual(desk.complaints.filter((c) => !/ERR_|Failed to load|status of/.test(c)), []);
    await staff.close();
    await desk.close();
  });
}

test('a house that is silent is waited for as long as the page says, and no longer', { timeout: 120_000 }, async (t) => {
  const { code } = await ticket();
  const desk = await behind('facilitator', { lang: 'ky', width: phone });
  await desk.page.clock.install();
  await ready(desk, t.signal);
  // The page's own clock stands still: only what the test lets pass goes by.
  await desk.page.clock.pauseAt(Date.now() + 60_000);
  proxy.hang();
  await scan(desk, code);
  await until(t.signal, async () => (await stored(desk, 'line')).length === 1, 20);
  await desk.page.clock.runFor(999);
  assert.equal(await desk.page.locator('[data-answer] .door-answer').count(), 0, 'it answers before the house could');
  await desk.page.clock.runFor(1);
  await answered(desk, 'good');
  // From now on it is known that nobody is there: no time goes by at all.
  await scan(desk, code);
  await answered(desk, 'wait');
  await desk.close();
});

test('with its sockets cut the phone answers at once', { timeout: 120_000 }, async (t) => {
  const { code } = await ticket();
  const desk = await behind('facilitator', { lang: 'ky', width: phone });
  await desk.page.clock.install();
  await ready(desk, t.signal);
  await desk.page.clock.pauseAt(Date.now() + 60_000);
  proxy.cut();
  await scan(desk, code);
  await answered(desk, 'good');
  await desk.close();
});

/**
 * Everything that the browser keeps of the site, as text.
 * @param {import('playwright-core').Page} page
 */
function dump(page) {
  return page.evaluate(async () => {
    /** @type {unknown[]} */
    const all = [{ ...localStorage }, { ...sessionStorage }];
    for (const { name = '' } of await indexedDB.databases()) {
      /** @type {IDBDatabase} */
      const db = await new Promise((resolve, reject) => {
        const asked = indexedDB.open(name);
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
      for (const store of db.objectStoreNames) {
        const asked = db.transaction(store).objectStore(store);
        for (const get of [asked.getAll(), asked.getAllKeys()]) all.push(await new Promise((resolve) => (get.onsuccess = () => resolve(get.result))));
      }
      db.close();
    }
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const kept of await cache.keys()) all.push(kept.url, await (await cache.match(kept))?.text());
    }
    return JSON.stringify(all);
  });
}

/** A text in the spellings in which it could lie somewhere. @param {string} text */
function spellings(text) {
  /** @type {[string, string][]} */
  const out = [['as it is', text], ['escaped', JSON.stringify(text).slice(1, -1)], ['in an address', encodeURIComponent(text)]];
  for (const kind of /** @type {const} */ (['utf8', 'utf16le'])) {
    const raw = Buffer.from(text, kind);
    out.push([`${kind} in hex`, raw.toString('hex')]);
    // Base64 of the middle, wherever the text begins.
    for (const skip of [0, 1, 2]) {
      const rest = raw.subarray(skip);
      const whole = rest.subarray(0, rest.length - (rest.length % 3));
      out.push([`${kind} in base64`, whole.toString('base64')], [`${kind} in base64url`, whole.toString('base64url')]);
    }
  }
  return out;
}

/** @param {string} held @param {string[]} secrets */
const found = (held, secrets) => secrets.flatMap((s) => spellings(s).filter(([, spelt]) => held.toLowerCase().includes(spelt.toLowerCase())).map(([how]) => `${s} ${how}`));

test('a phone holds no name that can be read, and after each way of going none at all', { timeout: 240_000 }, async (t) => {
  const { code, typed } = await ticket();
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  /** @type {string[]} */
  const secrets = [code, typed, typed.replace('-', '')];
  await staff.go(`/door/${event}`);
  await staff.page.locator('main [name=q]').fill('ба');
  await staff.page.locator('main [name=q]').press('Enter');
  await staff.page.locator('form.door-guest').first().waitFor();
  for (const name of await staff.page.locator('form.door-guest b').allInnerTexts()) secrets.push(...name.split(/\s+/).filter((w) => w.length > 5), name);
  assert.ok(secrets.length > 6);
  assert.equal(found(`[${secrets.map((s) => Buffer.from(`x${s}yy`).toString('base64')).join()}]`, secrets).length >= secrets.length, true, 'a name is not found where it lies');
  const before = await attended(staff);

  /** @type {Record<string, (desk: Visit) => Promise<void>>} */
  const ways = {
    'signing out': async (desk) => {
      await proxy.mend();
      await desk.page.locator('form[action$="/sign-out"] button').first().click();
      await desk.page.waitForURL((u) => !u.pathname.includes('/door/'));
      assert.equal(await attended(staff), before + 1, 'what was kept did not go up first');
    },
    'leaving quickly': async (desk) => {
      await proxy.mend();
      await desk.page.evaluate(() => document.querySelector('a[data-leave]')?.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })));
    },
    'being refused': async (desk) => {
      await proxy.mend();
      await desk.context.clearCookies();
      await scan(desk, code);
    },
    'being led away': async (desk) => {
      await proxy.mend();
      await desk.context.clearCookies();
      await desk.page.reload();
    },
    'the end of the day': async (desk) => {
      await desk.page.clock.fastForward(5 * 24 * 60 * 60 * 1000);
    },
  };
  for (const [way, go] of Object.entries(ways)) {
    const desk = await behind('facilitator', { lang: 'ru', width: phone });
    desk.page.on('dialog', (d) => void d.accept());
    if (way === 'the end of the day') await desk.page.clock.install();
    await ready(desk, t.signal);
    proxy.cut();
    await scan(desk, code);
    await desk.page.locator('[data-answer] .door-answer[data-by=phone] .door-name').waitFor();
    await desk.page.locator('[name=code]:not([type=hidden])').fill(typed);
    await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click();
    await desk.page.locator('[data-answer] .door-answer.wait[data-by=phone]').waitFor();
    const held = await dump(desk.page);
    assert.ok(held.includes('"shelves":[') && held.includes('door-page.html'), 'nothing is held');
    assert.deepEqual(found(held, secrets), [], `before ${way}`);

    await go(desk);
    const other = await desk.context.newPage();
    await proxy.mend();
    await other.goto(`${proxy.url}/icon.svg`);
    await until(t.signal, async () => !(await dump(other)).includes('"shelves":['), 100);
    const left = await dump(other);
    assert.equal(left.includes('door-page.html'), way.startsWith('being'), `the page that was kept, after ${way}`);
    assert.deepEqual(found(left, secrets), [], `after ${way}`);
    await desk.close();
  }
  await staff.close();
});
