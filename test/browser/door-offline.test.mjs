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
        const asked = indexedDB.open('ashar-door');
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
    // What the pack has no row for is kept too, in a box that only the house opens.
    const waits = (await stored(desk, 'line')).filter((l) => !l.answered);
    assert.equal(waits.length, 6);
    assert.deepEqual(waits.map((l) => Boolean(l.row) !== Boolean(l.box)), waits.map(() => true));
    assert.equal(waits.filter((l) => l.box).length, 2);
    assert.deepEqual(found(await dump(desk.page), [code, typed, typed.replace('-', ''), 'NOT A TICKET']), []);

    await proxy.mend();
    await until(t.signal, async () => (await stored(desk, 'line')).every((l) => l.answered), 100);
    assert.deepEqual((await stored(desk, 'line')).filter((l) => l.box || l.denied), [], 'a box is kept though the house has answered');
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

/** The word of the desk, as the coordinator reads it. */
async function wordOf() {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`/door/${event}/phones`);
  const word = (await staff.page.locator('.doorkey').textContent())?.trim() ?? '';
  await staff.close();
  assert.match(word, /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  return word;
}

/** @param {Visit} desk @param {string} query */
async function look(desk, query) {
  const field = desk.page.locator('main [name=q]');
  await field.fill(query);
  await field.press('Enter');
}

/** @param {Visit} desk @param {string} word */
async function unlock(desk, word) {
  await desk.page.locator('[name=word]').fill(word);
  await desk.page.locator('[name=word]').press('Enter');
  await desk.page.locator('form[data-word]').waitFor({ state: 'hidden' });
}

for (const { lang, width } of looks.filter((l) => l.script)) {
  test(`people are found by name and taken back with no network, in ${lang} at ${width}`, { timeout: 120_000 }, async (t) => {
    const word = await wordOf();
    const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
    const before = await attended(staff);
    const desk = await behind('facilitator', { lang, width });
    desk.page.on('dialog', (d) => void d.accept());
    await ready(desk, t.signal);
    const came = async () => Number(/\d+/.exec(await desk.page.locator('[data-live=count] b').innerText())?.[0]);
    const told = await came();

    // With a network the house finds her, on the same page.
    await look(desk, 'ба');
    const guests = desk.page.locator('form.door-guest:has(button[value=in])', { hasText: await confirmed(lang) });
    await guests.first().waitFor();
    const early = await guests.first().locator('b').innerText();
    await guests.first().locator('button').click();
    await answered(desk, 'good', ':not([data-by])');
    assert.equal(await came(), told + 1);
    const entry = (/** @type {string} */ name) => desk.page.locator('.door-recent li', { hasText: name });
    await entry(early).waitFor();

    proxy.cut();
    await look(desk, 'ба');
    await until(t.signal, async () => (await desk.page.locator('[data-live=names] form').count()) === 0, 50);
    assert.ok(await desk.page.locator('[data-live=names] p').innerText(), 'nothing says that the word is needed');
    assert.equal(await desk.page.locator('[name=word]').evaluate((e) => e === document.activeElement), true);
    await unlock(desk, word);
    const people = desk.page.locator('form.door-guest[data-seat]');
    await people.first().waitFor();
    assert.equal(await people.filter({ hasText: early }).getAttribute('data-seat'), 'inside', 'who was let in before the cut is not told apart');
    assert.ok((await people.count()) <= 20);
    await good(desk, 'people found with no network');
    const next = desk.page.locator('form.door-guest[data-seat=held]').first();
    const late = await next.locator('b').innerText();
    await next.locator('button').click();
    await answered(desk, 'good');
    assert.equal(await desk.page.locator('[data-answer] .door-name').innerText(), late);
    await until(t.signal, async () => (await people.filter({ hasText: late }).getAttribute('data-seat')) === 'inside', 50);
    assert.equal(await came(), told + 2);

    // Both can be taken back, she who came before the cut too; pressed twice it counts once.
    await entry(late).waitFor();
    await entry(early).locator('form').evaluate((form) => {
      if (form instanceof HTMLFormElement) for (const _ of [1, 2]) if (form.isConnected) form.requestSubmit(form.querySelector('button'));
    });
    await desk.page.locator('[data-answer] [data-next=undone][data-by=phone]').waitFor();
    await until(t.signal, async () => (await came()) === told + 1, 50);
    await entry(early).waitFor({ state: 'detached' });
    await until(t.signal, async () => (await people.filter({ hasText: early }).getAttribute('data-seat')) === 'held', 50);
    assert.equal((await stored(desk, 'line')).filter((l) => l.kind === 'undo').length, 1);
    await good(desk, 'the last entries with no network');

    // The page that is kept knows them too, and their names once the word is typed again.
    await desk.page.reload();
    await desk.page.locator('[data-strip] p').first().waitFor();
    await desk.page.locator('.door-recent li').waitFor();
    assert.equal(await entry(late).count(), 0, 'a name stands there without the word');
    await unlock(desk, word);
    await entry(late).waitFor();
    const held = await dump(desk.page);
    assert.deepEqual(found(held, [early, late, word]), []);
    await good(desk, 'the last entries on the page that was kept');
    await entry(late).locator('button').click();
    await until(t.signal, async () => (await came()) === told, 50);
    assert.equal(await desk.page.locator('.door-recent li').count(), 0);

    await proxy.mend();
    await until(t.signal, async () => (await stored(desk, 'line')).every((l) => l.answered), 100);
    assert.equal(await attended(staff), before, 'what was taken back counts in the house');
    assert.deepEqual((await stored(desk, 'line')).filter((l) => l.denied), []);
    await staff.close();
    await desk.close();
  });
}

for (const { lang, width } of looks.filter((l) => l.script)) {
  test(`somebody without an application is taken in with no network, in ${lang} at ${width}`, { timeout: 120_000 }, async (t) => {
    const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
    // Seats are left.
    await staff.go(`/staff/seminars/${event}/seats`);
    const seats = staff.page.locator('[name=capacity]');
    await seats.fill(String(Number(await seats.inputValue()) + 60));
    await staff.page.locator('main form:has([name=capacity]) button').first().click();
    await staff.page.waitForLoadState();
    const before = await attended(staff);
    const desk = await behind('facilitator', { lang, width });
    desk.page.on('dialog', (d) => void d.accept());
    await ready(desk, t.signal);
    const came = async () => Number(/\d+/.exec(await desk.page.locator('[data-live=count] b').innerText())?.[0]);
    const told = await came();
    const name = 'Мамбетова Бегимай Кубаныч кызы';
    const secrets = [name, 'Мамбетова', 'Бегимай', '555010203'];
    const fill = async (/** @type {string} */ who) => {
      await desk.page.locator('[data-walk]').click();
      const form = desk.page.locator('form[data-walk-in]');
      await form.locator('[name=q_name]').fill(who);
      await form.locator('[name=q_phone]').fill('+996 555 010203');
      await form.locator('[name=q_sex]').first().check();
      await form.locator('[name=q_processing]').check();
      return form;
    };
    proxy.cut();
    const form = await fill(name);
    await good(desk, 'a walk-in with no network');
    // Without her consent the form stays.
    await form.locator('[name=q_processing]').uncheck();
    await form.locator('button[type=submit]').click();
    assert.equal((await stored(desk, 'line')).length, 0);
    await form.locator('[name=q_processing]').check();
    await form.locator('button[type=submit]').click();
    await answered(desk, 'good');
    assert.equal(await desk.page.locator('.door-answer .door-name').innerText(), name);
    await until(t.signal, async () => (await came()) === told + 1, 50);
    const [line] = await stored(desk, 'line');
    assert.ok(line.box && line.row === 'walk_in');
    assert.deepEqual(found(await dump(desk.page), secrets), []);

    // On the page that was kept she is an entry without a name, and another can be taken in and taken back.
    await desk.page.reload();
    await desk.page.locator('.door-recent li').waitFor();
    assert.equal(await desk.page.locator('.door-recent li', { hasText: name }).count(), 0);
    const second = await fill('Жумабаева Нуриза');
    await second.locator('button[type=submit]').click();
    await answered(desk, 'good');
    await until(t.signal, async () => (await came()) === told + 2, 50);
    await good(desk, 'a walk-in on the page that was kept');
    await desk.page.locator('.door-recent li', { hasText: 'Жумабаева' }).locator('button').click();
    await until(t.signal, async () => (await came()) === told + 1, 50);
    assert.deepEqual(found(await dump(desk.page), [...secrets, 'Жумабаева', 'Нуриза']), []);

    await proxy.mend();
    await until(t.signal, async () => (await stored(desk, 'line')).every((l) => l.answered), 100);
    assert.deepEqual((await stored(desk, 'line')).filter((l) => l.box || l.denied), []);
    assert.equal(await attended(staff), before + 1, 'she is not in the house once');
    await desk.go(`/door/${event}`);
    await desk.page.locator('.door-recent li', { hasText: name }).waitFor();
    assert.equal(await came(), told + 1);
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
    assert.equal((await stored(desk, 'line')).filter((l) => l.box).length, 1, `nothing is in a box before ${way}`);
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

for (const [lang, minutes] of /** @type {const} */ ([['ky', -7], ['ru', 7], ['en', -3]])) {
  test(`a clock that is wrong by ${minutes} minutes is told in ${lang}, and scans are dated by that of the house`, { timeout: 120_000 }, async (t) => {
    const says = JSON.parse(await readFile(new URL(`${lang}.json`, texts), 'utf8'))[minutes < 0 ? 'seminars.desk.behind' : 'seminars.desk.ahead'];
    const { code } = await ticket();
    const desk = await behind('facilitator', { lang, width: phone });
    await desk.page.clock.install({ time: Date.now() + minutes * 60_000 });
    await ready(desk, t.signal);
    const strip = desk.page.locator('[data-strip]');
    await until(t.signal, async () => (await strip.innerText()).includes(`${says} ${Math.abs(minutes)}`), 50);
    await good(desk, 'a clock that is wrong');
    proxy.cut();
    await scan(desk, code);
    await answered(desk, 'good');
    const [line] = await stored(desk, 'line');
    assert.ok(Math.abs(line.at - Date.now()) < 60_000, 'the scan is dated by the clock of the phone');
    assert.ok((await strip.innerText()).includes(`${says} ${Math.abs(minutes)}`), 'the error is not told with no network');
    await desk.close();
  });
}

test('a clock that is wrong by half a minute is nobody\'s concern', { timeout: 120_000 }, async (t) => {
  const desk = await behind('facilitator', { lang: 'en', width: phone });
  await desk.page.clock.install({ time: Date.now() - 30_000 });
  await ready(desk, t.signal);
  await until(t.signal, async () => (await stored(desk, 'clock')).some((behind) => behind > 20_000), 50);
  assert.equal(await desk.page.locator('[data-strip] p').count(), 0);
  await desk.close();
});

/**
 * A phone that was let in at the door, without an account, with a scan that could not be sent.
 * @param {string} code @param {AbortSignal} signal
 */
async function unsent(code, signal) {
  const desk = await open(browser, { ...demo, url: proxy.url }, { lang: 'ky', width: phone });
  await desk.page.goto(await enrolLink());
  await Promise.all([desk.page.waitForURL(/\/door\//), desk.page.locator('main form button').click()]);
  await ready(desk, signal);
  // The house takes no scans, and answers all else.
  for (const path of [`**/door/${event}`, '**/api/v1/checkins']) await desk.page.route(path, (r) => (r.request().method() === 'POST' ? r.abort() : r.continue()));
  await scan(desk, code);
  await answered(desk, 'good');
  return desk;
}

/** A link that lets a phone in at the door, once. */
async function enrolLink() {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`/door/${event}/phones`);
  await staff.page.locator('main input[name=name]').fill('A phone of the hall');
  await staff.page.locator('main form:has(input[name=name]) button').click();
  const link = (await staff.page.locator('.door-link a').getAttribute('href')) ?? '';
  await staff.close();
  return link.replace(demo.url, proxy.url);
}

test('an enrolled phone that is left quickly sends what it keeps from its next page of the door', { timeout: 120_000 }, async (t) => {
  const { code } = await ticket();
  const desk = await unsent(code, t.signal);
  const left = desk.page.waitForResponse(/\/leave\?/);
  await desk.page.locator('a[data-leave]').evaluate((a) => /** @type {HTMLElement} */ (a).click());
  assert.match((await left).url(), /keep=storage/);
  desk.page = await desk.context.newPage();
  await desk.page.goto(`${proxy.url}/ky/door/${event}`);
  await until(t.signal, async () => (await stored(desk, 'line')).some((l) => l.answered && l.counts), 100);
  await desk.close();
});

test('an enrolled phone whose right is taken back loses pack, keys and names, and keeps what the house has not got', { timeout: 120_000 }, async (t) => {
  const { code, typed } = await ticket();
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`/door/${event}/phones`);
  await staff.page.locator('main input[name=name]').fill('A phone of the hall');
  await staff.page.locator('main form:has(input[name=name]) button').click();
  const link = (await staff.page.locator('.door-link a').getAttribute('href')) ?? '';
  const desk = await open(browser, { ...demo, url: proxy.url }, { lang: 'ky', width: phone });
  desk.page.on('dialog', (d) => void d.accept());
  await desk.page.goto(link.replace(demo.url, proxy.url));
  await Promise.all([desk.page.waitForURL(/\/door\//), desk.page.locator('main form button').click()]);
  await ready(desk, t.signal);
  proxy.cut();
  await scan(desk, code);
  await answered(desk, 'good');
  const her = await desk.page.locator('.door-answer .door-name').innerText();
  assert.ok(her);
  await desk.page.locator('[name=code]:not([type=hidden])').fill(typed);
  await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click();
  await answered(desk, 'wait');
  assert.ok((await dump(desk.page)).includes('"shelves":['));

  await staff.go(`/door/${event}/phones`);
  await Promise.all([staff.page.waitForURL(/phones/), staff.page.locator('button[name=revoke]').first().click()]);
  await proxy.mend();
  await until(t.signal, async () => (await stored(desk, 'pack')).length === 0, 100);
  const left = await dump(desk.page);
  assert.equal(left.includes('"shelves":['), false);
  assert.deepEqual(found(left, [code, typed, typed.replace('-', ''), her, ...her.split(' ').filter((w) => w.length > 5)]), []);
  const lines = await stored(desk, 'line');
  assert.deepEqual(lines.map((l) => [Boolean(l.answered), Boolean(l.row || l.box)]), [[false, true], [false, true]], 'what was kept is lost, or was taken from a phone that may stand here no more');
  await staff.close();
  await desk.close();
});
