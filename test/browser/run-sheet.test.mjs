// The run sheet with no network: a proxy between browser and house closes every socket. What is
// pressed stands on the page at once and on the phone's disk; when the network is back the house
// has each press once, and whoever looks sees the same day.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, looks, open, overflow, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const past = 'activists-osh';
/** @type {Record<string, string>} */
const en = JSON.parse(readFileSync(new URL('../../internal/modules/seminars/runsheet/text/en.json', import.meta.url), 'utf8'));
/** @type {Record<string, string>} */
const doors = JSON.parse(readFileSync(new URL('../../internal/modules/seminars/pages/text/en.json', import.meta.url), 'utf8'));
/** What the page says in English. @param {string} key */
const texts = (key) => en[key] ?? doors[key] ?? assert.fail(key);
const day = `/door/${event}/day`;

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
/** @typedef {import('../../web/ts/offline/course.js').Mark} Mark */

/** Somebody behind the proxy. @param {string} role @param {Partial<import('./harness.mjs').Look>} look */
function behind(role, look = {}) {
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, proxy.url)]));
  return open(browser, { ...demo, url: proxy.url, signin }, { role, ...look });
}

/** @param {Visit['page']} page @param {string} store @returns {Promise<any[]>} */
function stored(page, store) {
  return page.evaluate(
    (store) =>
      new Promise((resolve) => {
        const asked = indexedDB.open('ashar-door');
        asked.onupgradeneeded = () => asked.transaction?.abort();
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

/** The first plan of the day is made of the usual steps. */
async function plan() {
  const staff = await open(browser, demo, { role: 'facilitator', script: false });
  await staff.go(day);
  const make = staff.page.locator('button[value=plan]');
  if (await make.count()) await make.click();
  await staff.close();
}

/** Opens the run sheet and waits until the phone holds the day and its page. @param {Visit} lead @param {AbortSignal} signal */
async function ready(lead, signal) {
  await lead.go(day);
  await until(signal, async () => (await stored(lead.page, 'day')).length === 1, 50);
  await until(signal, () => lead.page.evaluate(() => navigator.serviceWorker.controller !== null), 50);
}

/**
 * Presses a button and gives how long it took until the page said what follows, in milliseconds
 * by the page's own clock.
 * @param {Visit['page']} page @param {string} button @param {string} follows
 */
async function press(page, button, follows) {
  const took = page.evaluate(
    (follows) =>
      new Promise((resolve) => {
        const begin = () => {
          const from = performance.now();
          const look = () => (document.querySelector(follows) ? resolve(performance.now() - from) : requestAnimationFrame(look));
          look();
        };
        document.addEventListener('submit', begin, { once: true, capture: true });
      }),
    follows,
  );
  await page.locator(button).first().click();
  return /** @type {Promise<number>} */ (took);
}

const next = '[data-dock] button';
/** @param {number} n */
const goes = (n) => `ol.run > li:nth-child(${n}).now [data-face]`;

/** What a page says of each step: its times, and its state. @param {Visit['page']} page */
const steps = (page) => page.locator('ol.run > li').evaluateAll((list) => list.map((li) => `${li.className} ${li.querySelector('.at')?.textContent?.replace(/\s+/g, ' ').trim()}`));

/** The marks that the house has. @returns {Promise<Mark[]>} */
async function inTheHouse() {
  const staff = await open(browser, demo, { role: 'coordinator', width: desktop });
  const answer = await staff.page.request.get(`${demo.url}/api/v1/door/${event}/day`);
  const { marks } = await answer.json();
  await staff.close();
  return marks;
}

/** The house shows the same day as a phone, drawn without script. @param {Visit['page']} page @param {'ky' | 'ru' | 'en'} lang */
async function same(page, lang) {
  const staff = await open(browser, demo, { role: 'coordinator', lang, script: false, width: desktop });
  for (let tries = 0; ; tries++) {
    await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    await staff.go(day);
    const [phone, house] = [await steps(page), await steps(staff.page)];
    if (tries < 5 && JSON.stringify(phone) !== JSON.stringify(house)) continue; // a minute may have passed between the two looks
    assert.deepEqual(phone, house, 'the phone and the house show another day');
    break;
  }
  await staff.close();
}

/** @param {Visit['page']} page @param {string} where */
async function good(page, where) {
  assert.deepEqual(await overflow(page), [], `${where} is too wide`);
  assert.deepEqual(await axe(page), [], where);
}

for (const { lang, width, script } of looks) {
  test(`a whole day of steps goes on with no network, in ${lang} at ${width} ${script ? 'with' : 'without'} script`, { timeout: 180_000 }, async (t) => {
    await plan();
    const lead = await behind('facilitator', { lang, width, script });
    if (!script) {
      await lead.go(day);
      await Promise.all([lead.page.waitForNavigation(), lead.page.locator(next).click()]);
      assert.equal(await lead.page.locator('ol.run > li.now').count(), 1);
      assert.deepEqual(await overflow(lead.page), [], 'the run sheet without script is too wide');
      await lead.close();
      return;
    }
    await ready(lead, t.signal);
    await good(lead.page, 'the run sheet');
    const all = (await lead.page.locator('ol.run > li').count()) - 1;
    assert.ok(all >= 4, `the day has ${all} steps`);

    proxy.cut();
    const took = await press(lead.page, next, goes(1));
    assert.ok(took < 1000, `with no network a press was answered in ${took} ms`);
    await lead.page.locator('[data-strip] .notice').waitFor();
    assert.equal((await stored(lead.page, 'mark')).length, 1, 'what was pressed is not on the disk');
    await press(lead.page, 'li.now button[value=length]', goes(1));
    await press(lead.page, 'li.now button[value=pause]', 'li.now button[value=go_on]');
    await press(lead.page, 'li.now button[value=go_on]', 'li.now button[value=pause]');
    await press(lead.page, next, goes(2));
    await good(lead.page, 'the run sheet with no network');

    // The page is killed, and opened again with no network.
    const context = lead.page.context();
    await lead.page.close();
    const page = await context.newPage();
    await page.goto(`${proxy.url}/${lang}${day}`);
    await page.locator(goes(2)).waitFor();
    await good(page, 'the run sheet that was kept');
    assert.equal((await stored(page, 'mark')).length, 5);
    for (let step = 3; step <= all; step++) await press(page, next, goes(step));
    await press(page, next, 'ol.run:not(:has(li.now))');
    await page.locator('[data-late] .notice.good').waitFor();
    assert.equal(await page.locator(next).count(), 0, 'a day that has ended has a next step');

    await proxy.mend();
    await until(t.signal, async () => (await stored(page, 'mark')).length === 0, 100);
    const marks = await inTheHouse();
    assert.deepEqual(
      marks.map((m) => m.kind),
      ['begin', 'length', 'pause', 'go_on', ...Array(all - 1).fill('begin'), 'end'],
    );
    assert.equal(new Set(marks.filter((m) => m.kind === 'begin').map((m) => m.step)).size, all, 'a step was begun twice');
    await same(page, lang);
    assert.equal(await page.locator('[data-strip] .notice').count(), 0, await page.locator('[data-strip]').innerText());
    await context.close();
  });
}

test('two phones lead one day, one of them with no network, and agree when it is back', { timeout: 120_000 }, async (t) => {
  await plan();
  const cut = await behind('facilitator', { lang: 'en' });
  const other = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await ready(cut, t.signal);
  await other.go(day);
  await until(t.signal, async () => (await stored(other.page, 'day')).length === 1, 50);
  await press(cut.page, next, goes(1));
  await until(t.signal, async () => (await inTheHouse()).length === 1, 50);
  await other.page.reload();
  await other.page.locator(goes(1)).waitFor();

  proxy.cut();
  await press(cut.page, next, goes(2)); // the first of the two
  await press(cut.page, 'li.now button[value=length]', goes(2));
  await press(other.page, next, goes(2)); // changes nothing once the other is heard of
  await press(other.page, next, goes(3));
  await press(cut.page, next, goes(3));
  await proxy.mend();
  await until(t.signal, async () => (await stored(cut.page, 'mark')).length === 0, 100);
  assert.equal((await inTheHouse()).length, 6);
  await same(cut.page, 'en');
  await same(other.page, 'en');
  assert.equal(await cut.page.locator('ol.run > li.now').count(), 1);
  await cut.close();
  await other.close();
});

test('what was sent and never answered is in the house once', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'ru' });
  await ready(lead, t.signal);
  proxy.deafen();
  await press(lead.page, next, goes(1));
  await until(t.signal, async () => (await inTheHouse()).length === 1, 50);
  assert.equal((await stored(lead.page, 'mark')).length, 1);
  await proxy.mend();
  await until(t.signal, async () => (await stored(lead.page, 'mark')).length === 0, 100);
  assert.equal((await inTheHouse()).length, 1);

  // A house that says nothing is waited for one second, and no longer.
  proxy.hang();
  const took = await press(lead.page, next, goes(2));
  assert.ok(took < 1000, `with a silent house a press was answered in ${took} ms`);
  await lead.page.locator('[data-strip] .notice').waitFor({ timeout: 2000 });
  await lead.close();
});

test('a phone whose clock is wrong dates by the clock of the house', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'ky' });
  await lead.page.addInitScript(() => {
    const real = Date.now;
    Object.assign(globalThis, { skew: 3 * 3_600_000 });
    Date.now = () => real() + /** @type {any} */ (globalThis).skew;
  });
  /** @param {number} hours */
  const skew = (hours) => lead.page.evaluate((hours) => void Object.assign(globalThis, { skew: hours * 3_600_000 }), hours);
  await ready(lead, t.signal);
  await lead.page.locator('[data-strip]', { hasText: '180' }).waitFor();
  proxy.cut();
  await press(lead.page, next, goes(1));
  // Put back meanwhile, it dates nothing before what was seen.
  await skew(-5);
  await press(lead.page, next, goes(2));
  const [first, second] = /** @type {Mark[]} */ (await stored(lead.page, 'mark')).sort((x, y) => x.at - y.at);
  assert.ok(first && second && Math.abs(first.at - Date.now()) < 60_000, 'the first press is not dated by the clock of the house');
  assert.equal(second.at, first.at + 1);
  // Put ahead, it dates what the house would refuse: it goes up by the clock of the house, with all that follows.
  await skew(5);
  await press(lead.page, next, goes(3));
  await skew(3);
  await press(lead.page, next, goes(4));
  await proxy.mend();
  await until(t.signal, async () => (await stored(lead.page, 'mark')).length === 0, 100);
  await lead.page.locator(goes(4)).waitFor();
  const marks = await inTheHouse();
  assert.equal(marks.length, 4);
  for (const m of marks) assert.ok(Math.abs(m.at - Date.now()) < 60_000, 'a press is not dated by the clock of the house');
  assert.deepEqual([...new Set(marks.map((m) => m.at))].sort((x, y) => x - y), marks.map((m) => m.at), 'the order is another');
  await same(lead.page, 'ky');
  await lead.close();
});

test('signing out sends what is left, and leaves nothing of the day on the phone', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'en', width: desktop });
  await ready(lead, t.signal);
  proxy.cut();
  await press(lead.page, next, goes(1));
  assert.equal((await stored(lead.page, 'mark')).length, 1);
  const context = lead.page.context();
  await lead.page.close();
  await proxy.mend();
  const page = await context.newPage();
  await page.goto(`${proxy.url}/en/start`);
  assert.equal((await stored(page, 'mark')).length, 1, 'it went up by itself');
  await Promise.all([page.waitForURL((url) => !url.pathname.includes('/start')), page.locator('form[action$="/sign-out"] button').first().evaluate((b) => /** @type {HTMLElement} */ (b).click())]);
  assert.equal((await inTheHouse()).length, 1, 'what was pressed was lost');
  await page.goto(`${proxy.url}/en/`);
  assert.deepEqual(await stored(page, 'day').catch(() => []), []);
  assert.deepEqual(await stored(page, 'mark').catch(() => []), []);
  assert.deepEqual(await page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('door '))), []);
  assert.equal(await page.evaluate(() => localStorage.getItem('door-held')), null);
  await context.close();
});

test('what was pressed goes up from the page of the door as well', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'en' });
  await ready(lead, t.signal);
  proxy.cut();
  await press(lead.page, next, goes(1));
  await lead.page.goto(`${proxy.url}/en/door/${event}`);
  await lead.page.locator('[data-strip] p').waitFor();
  assert.equal((await stored(lead.page, 'mark')).length, 1);
  await proxy.mend();
  await until(t.signal, async () => (await stored(lead.page, 'mark')).length === 0, 100);
  assert.equal((await inTheHouse()).length, 1);
  await lead.close();
});

test('who may lead no more holds the day no more, and what she pressed stays without a name', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'en' });
  await ready(lead, t.signal);
  proxy.cut();
  await press(lead.page, next, goes(1));
  await lead.page.context().clearCookies();
  await proxy.mend();
  await until(t.signal, async () => (await stored(lead.page, 'day')).length === 0, 100);
  const strip = lead.page.locator('[data-strip] .notice', { hasText: texts('runsheet.desk.refused') });
  await strip.waitFor();
  assert.ok((await strip.innerText()).includes(`${texts('runsheet.desk.refused')} 1. `), 'how much was not taken is not told');
  assert.equal(await lead.page.locator('li.now [data-face]').count(), 0, 'what was not taken is drawn');
  const left = await stored(lead.page, 'mark');
  assert.equal(left.length, 1);
  assert.deepEqual(Object.keys(left[0]).sort(), ['at', 'by', 'event', 'from', 'kind', 'nonce', 'step'].filter((k) => k in left[0]));
  assert.equal((await inTheHouse()).length, 0);
  await lead.close();
});

test('whose place was handed over is told what was not taken, and sees the day without it', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('facilitator', { lang: 'en' });
  await ready(lead, t.signal);
  proxy.cut();
  await press(lead.page, next, goes(1));
  const staff = await open(browser, demo, { role: 'facilitator', lang: 'en', width: desktop });
  await staff.go(`/door/${event}/phones`);
  await staff.page.locator('main select[name=whose]').selectOption({ index: 0 }); // her own
  await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main form:has(select[name=whose]) button').click()]);
  const link = (await staff.page.locator('.door-link a').getAttribute('href')) ?? '';
  const substitute = await open(browser, demo, { lang: 'en' });
  await substitute.page.goto(link);
  await Promise.all([substitute.page.waitForURL(/\/door\//), substitute.page.locator('main form button').click()]);
  await substitute.close();
  await proxy.mend();
  const strip = lead.page.locator('[data-strip] .notice', { hasText: texts('seminars.fault.handed_over') });
  await strip.waitFor();
  assert.ok((await strip.innerText()).includes(`${texts('runsheet.desk.refused')} 1. `), 'how much was not taken is not told');
  await until(t.signal, async () => (await lead.page.locator('li.now [data-face], [data-dock] button').count()) === 0, 50);
  const asked = proxy.taken();
  assert.equal((await stored(lead.page, 'mark')).length, 1);
  await good(lead.page, 'a run sheet whose presses are not taken');
  // With no network it is the same: the phone knows that she leads no more.
  proxy.cut();
  const context = lead.page.context();
  await lead.page.close();
  const page = await context.newPage();
  await page.goto(`${proxy.url}/en${day}`);
  await page.locator('[data-strip] .notice', { hasText: `${texts('runsheet.desk.refused')} 1` }).waitFor();
  assert.equal(await page.locator('li.now [data-face]').count(), 0, 'what was not taken is drawn');
  assert.equal(proxy.asked(asked).filter((line) => line.startsWith('POST')).length, 0, 'it is tried again and again');
  await context.close();
  await staff.close();
});

/** What a phone has left of a door: until when, and the pages. @param {Visit['page']} page */
const left = (page) => page.evaluate(async () => ({ slot: localStorage.getItem('door-held'), pages: (await caches.keys()).filter((name) => name.startsWith('door ')).length, workers: (await navigator.serviceWorker.getRegistrations()).length }));

test('the run sheet of a past day gives up nothing of today', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('coordinator', { lang: 'en', width: desktop });
  await lead.go(`/door/${event}`);
  await until(t.signal, async () => (await stored(lead.page, 'pack')).length === 1, 50);
  await ready(lead, t.signal);
  const before = await left(lead.page);
  const heard = lead.page.waitForResponse((answer) => answer.url().includes(`/api/v1/door/${past}/day`));
  await lead.go(`/door/${past}/day`);
  await (await heard).finished();
  await lead.go('/today');
  await lead.page.waitForLoadState('networkidle');
  assert.equal((await stored(lead.page, 'pack')).length, 1, 'the pack of today is gone');
  assert.deepEqual((await stored(lead.page, 'day')).map((held) => held.doc.event), [event], 'the run sheet of today is gone');
  assert.deepEqual(await left(lead.page), before);
  await lead.close();
});

test('at the end of the pack a run sheet that goes on stays, and at its own end all goes', { timeout: 120_000 }, async (t) => {
  await plan();
  const lead = await behind('coordinator', { lang: 'en', width: desktop });
  await lead.go(`/door/${event}`);
  await until(t.signal, async () => (await stored(lead.page, 'pack')).length === 1, 50);
  await ready(lead, t.signal);
  /** Puts the ends of what is held elsewhere. @param {number} pack @param {number} day */
  const ends = (pack, day) =>
    lead.page.evaluate(
      ([pack, day]) =>
        new Promise((resolve) => {
          const asked = indexedDB.open('ashar-door');
          asked.onsuccess = () => {
            const change = asked.result.transaction(['pack', 'day'], 'readwrite');
            for (const [name, until] of /** @type {const} */ ([['pack', pack], ['day', day]])) {
              const store = change.objectStore(name);
              store.get(name).onsuccess = (event) => {
                const held = /** @type {any} */ (event.target).result;
                if (held) Object.assign(held.pack ?? held.doc, { until }) && store.put(held, name);
              };
            }
            change.oncomplete = () => {
              asked.result.close();
              localStorage.setItem('door-held', `${Math.min(pack ?? 0, day ?? 0)} ${localStorage.getItem('door-held')?.split(' ')[1]}`);
              resolve(undefined);
            };
          };
        }),
      [pack, day],
    );
  const minute = 60_000;
  const later = Date.now() + 30 * 24 * 60 * minute;
  await lead.go('/today');
  const before = await left(lead.page);
  await ends(Date.now() - minute, later);
  await lead.go('/today');
  await until(t.signal, async () => (await stored(lead.page, 'pack')).length === 0, 50);
  await until(t.signal, async () => (await left(lead.page)).slot?.startsWith(`${later} `) ?? false, 50);
  assert.equal((await stored(lead.page, 'day')).length, 1, 'the run sheet has gone with the pack');
  assert.deepEqual({ ...(await left(lead.page)), slot: '' }, { ...before, slot: '' });
  await ends(0, Date.now() - minute);
  await lead.go('/today');
  await until(t.signal, async () => (await left(lead.page)).slot === null, 50);
  await until(t.signal, async () => (await left(lead.page)).workers === 0, 50);
  assert.deepEqual(await stored(lead.page, 'day').catch(() => []), []);
  assert.equal((await left(lead.page)).pages, 0);
  await lead.close();
});
