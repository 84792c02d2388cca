// What a phone makes of what was pressed on a run sheet: web/ts/offline/day.ts without a browser,
// against a house that answers as each case says.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const minute = 60_000;
const hour = 60 * minute;

/** @typedef {typeof import('../../web/ts/offline/day.js')} Days */
/** @typedef {typeof import('../../web/ts/offline/store.js')} Stores */
/** @typedef {import('../../web/ts/offline/day.js').Doc} Doc */
/** @typedef {import('../../web/ts/offline/course.js').Mark} Mark */

/** @type {string} */
let folder;
/** @type {Days} */
let days;
/** @type {Stores} */
let stores;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-sheet-'));
  await run(new URL('node_modules/.bin/tsc', root).pathname, ['--project', new URL('web', root).pathname, '--noEmit', 'false', '--outDir', folder, '--rootDir', new URL('web/ts', root).pathname]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  days = await import(pathToFileURL(join(folder, 'offline', 'day.js')).href);
  stores = await import(pathToFileURL(join(folder, 'offline', 'store.js')).href);
});

after(() => rm(folder, { recursive: true, force: true }));

/** What localStorage holds. @type {Map<string, string>} */
const slots = new Map();
/** The house: what it has, by how much the phone's clock is ahead of its own, and what it answers to marks. */
const house = {
  /** @type {Mark[]} */ marks: [],
  /** Batches that were sent. @type {Mark[][]} */ sent: [],
  /** @type {(m: Mark) => string} why a mark is refused, empty for taken */ why: () => '',
  /** Of marks. */ status: 200,
  may: true,
  ahead: 0,
  /** How long the day is kept, after now. */ until: 10 * hour,
};
const now = () => Date.now() - house.ahead;

/** @returns {Doc} */
const doc = () => ({
  event: 'osh', mark: 'mine', title: '', when: '', where: '', starts: now(), ends: now() + hour, from: now() - hour, until: now() + house.until, zone: 0, plan: 1, may: house.may,
  steps: ['a', 'b', 'c'].map((id, i) => ({ id, begins: i * hour, minutes: 60, least: 60, title: id, lang: 'en', room: '' })),
  marks: [...house.marks], counts: [], needs: [], of: '',
});

/** @param {string} address @param {RequestInit} init */
async function answer(address, init) {
  const headers = { 'Ashar-Time': new Date(now()).toISOString() };
  if (init.method !== 'POST') return Response.json(doc(), { headers });
  if (house.status !== 200) return Response.json({ title: 'Not allowed', detail: `why of ${address}` }, { status: house.status, headers });
  /** @type {{ marks: Mark[] }} */
  const { marks } = JSON.parse(String(init.body));
  house.sent.push(marks);
  const results = marks.map((m) => {
    const known = house.marks.some((h) => h.nonce === m.nonce);
    const why = known ? '' : m.at > now() + 10 * minute ? 'future' : house.why(m);
    if (!known && !why) house.marks.push(m);
    return { nonce: m.nonce, result: why ? 'refused' : known ? 'known' : 'kept', ...(why && { why }) };
  });
  return Response.json({ results }, { headers });
}

let away = false;
beforeEach(() => {
  slots.clear();
  Object.assign(house, { marks: [], sent: [], why: () => '', status: 200, may: true, ahead: 0, until: 10 * hour });
  away = false;
  Object.assign(globalThis, {
    fetch: (/** @type {string} */ address, /** @type {RequestInit} */ init) => (away ? Promise.reject(new TypeError('cut')) : answer(address, init)),
    localStorage: {
      getItem: (/** @type {string} */ name) => slots.get(name) ?? null,
      setItem: (/** @type {string} */ name, /** @type {string} */ value) => void slots.set(name, value),
      removeItem: (/** @type {string} */ name) => void slots.delete(name),
    },
  });
});

/** A page of the run sheet over a storage of the phone. @param {import('../../web/ts/offline/store.js').Store} store */
async function page(store) {
  const day = new days.Day(store, { event: 'osh', mark: 'mine', lang: 'en', script: '/give-up.js' }, () => undefined);
  await day.start();
  return day;
}

/** A page that holds the day. */
async function ready() {
  const store = await stores.Store.open();
  const day = await page(store);
  await day.contact();
  assert.equal((await store.all('day')).length, 1);
  return { store, day };
}

/** @param {{ marks: Mark[] }} of */
const steps = ({ marks }) => [...marks].sort((x, y) => x.at - y.at).map((m) => m.step);

test('what another page has sent stands in the day that is held', async () => {
  const { store, day } = await ready();
  away = true;
  for (const step of ['a', 'b']) await day.press({ kind: 'begin', step });
  away = false;
  assert.equal(await days.sendRest(store, 1000), 0);
  assert.equal(house.marks.length, 2);
  away = true;
  assert.deepEqual(steps(await page(store)), ['a', 'b'], 'with no network the day is drawn as if nothing had been pressed');
});

test('what another page was refused waits for the run sheet, which tells it once', async () => {
  const { store, day } = await ready();
  away = true;
  for (const step of ['a', 'gone']) await day.press({ kind: 'begin', step });
  away = false;
  house.why = (m) => (m.step === 'gone' ? 'step' : '');
  assert.equal(await days.sendRest(store, 1000), 1);
  assert.equal(await days.sendRest(store, 1000), 1);
  assert.equal(house.sent.length, 1, 'what was refused is sent again and again');
  const opened = await page(store);
  assert.deepEqual(opened.whys, ['step']);
  assert.deepEqual(steps(opened), ['a'], 'what was refused is drawn');
  assert.deepEqual((await page(store)).whys, []);
});

test('a day that was given up meanwhile does not come back with what was sent', async () => {
  const { store, day } = await ready();
  away = true;
  await day.press({ kind: 'begin', step: 'a' });
  away = false;
  const sending = days.sendRest(store, 1000);
  await store.wipe();
  await sending;
  assert.deepEqual(await store.all('day'), []);
});

for (const way of ['the run sheet', 'another page']) {
  test(`what was pressed under a clock that was ahead goes up from ${way}, dated by the house`, async (t) => {
    const real = Date.now;
    t.after(() => void (Date.now = real));
    const { store, day } = await ready();
    away = true;
    const begun = now();
    await day.press({ kind: 'begin', step: 'a' });
    Date.now = () => real() + 5 * hour;
    await day.press({ kind: 'begin', step: 'b', from: 'a' }); // five hours ahead
    Date.now = real;
    const later = now();
    await day.press({ kind: 'begin', step: 'c', from: 'b' }); // the clock is right again, and nobody knows it
    await day.press({ kind: 'end', step: 'c' });
    assert.deepEqual((await page(store)).marks.map((m) => m.step), ['a', 'b', 'c', 'c']);
    Date.now = () => real() + 30 * minute; // so much later the house is there again
    away = false;
    if (way === 'the run sheet') await day.contact();
    else assert.equal(await days.sendRest(store, 1000), 0);
    const heard = now();
    assert.deepEqual(day.whys, []);
    assert.deepEqual(await store.all('mark'), [], 'something was not sent');
    assert.deepEqual(house.marks.map((m) => `${m.kind} ${m.step}`), ['begin a', 'begin b', 'begin c', 'end c']);
    const [a, b, c, end] = /** @type {[number, number, number, number]} */ (house.marks.map((m) => m.at));
    assert.ok(a < b && b < c && c < end, `the order is another: ${[a, b, c, end].map((at) => at - begun).join()}`);
    assert.ok(a >= begun - 5 && end <= heard + 5, `dated ${a - begun} ms after the first, ${end - heard} ms after the answer`);
    assert.ok(c >= later - 5 && end < later + 1000, 'a press is not dated by the clock under which it was made');
    assert.equal(house.sent.length, 2, 'it was sent too often');
    // What follows is dated by the clock.
    const next = await (await page(store)).press({ kind: 'begin', step: 'a' });
    assert.ok(next.at < now() + 1000, 'what was pressed later was dragged along');
  });
}

test('what the house calls future though its clock says no such thing is told, and not sent for ever', async () => {
  const { store, day } = await ready();
  house.why = () => 'future';
  await day.press({ kind: 'begin', step: 'a' });
  await day.contact();
  assert.deepEqual(day.whys, ['future']);
  assert.deepEqual(await store.all('mark'), []);
  assert.equal(house.sent.length, 1);
});

test('what others have pressed ahead of the house is not overtaken, and nothing is sent for ever', async () => {
  const { store, day } = await ready();
  house.marks.push({ nonce: 'of-another-phone', kind: 'begin', step: 'a', at: now() + 10 * minute });
  await day.contact();
  const real = Date.now;
  Date.now = () => real() + hour;
  away = true;
  await day.press({ kind: 'begin', step: 'b', from: 'a' });
  away = false;
  Date.now = real;
  house.why = (m) => (m.at > now() + 10 * minute - 1000 ? 'future' : '');
  await day.contact();
  assert.deepEqual(await store.all('mark'), []);
  assert.ok(house.sent.length <= 3, `it was sent ${house.sent.length} times`);
  const [second] = /** @type {Mark[]} */ (house.sent.at(-1));
  assert.equal(second?.at, house.marks[0] && house.marks[0].at + 1);
});

for (const status of [401, 403]) {
  test(`what the house does not take from her, ${status}, is told and not drawn`, async () => {
    const { store, day } = await ready();
    away = true;
    await day.press({ kind: 'begin', step: 'a' });
    await day.press({ kind: 'length', step: 'a', minutes: 65 });
    assert.equal(day.unsent, 2);
    away = false;
    Object.assign(house, { status, may: false });
    await day.contact();
    assert.equal(day.no, 'why of /api/v1/door/osh/marks?lang=en');
    assert.equal(day.untaken, 2, 'how many were not taken');
    assert.equal(day.unsent, 0, 'they are tried every three seconds');
    assert.deepEqual(day.marks, [], 'they are drawn as if they stood');
    assert.equal((await store.all('mark')).length, 2, 'they are lost');

    // With no network the phone knows it by the day that it holds.
    away = true;
    const opened = await page(store);
    assert.deepEqual([opened.untaken, opened.unsent, opened.marks], [2, 0, []]);

    // Her place again: they go up.
    away = false;
    Object.assign(house, { status: 200, may: true });
    await opened.contact();
    assert.deepEqual([opened.untaken, opened.unsent, opened.no], [0, 0, '']);
    assert.equal(house.marks.length, 2);
  });
}

test('the run sheet of a day that is over is not kept, and nothing is given up for its sake', async () => {
  const { store } = await ready();
  const [held] = await store.all('day');
  const slot = slots.get('door-held');
  house.until = -hour;
  const other = new days.Day(store, { event: 'past', mark: 'mine', lang: 'en', script: '/give-up.js' }, () => undefined);
  await other.start();
  await other.contact();
  assert.ok(other.held, 'it is not shown');
  assert.deepEqual(await store.all('day'), [held], 'it has taken the place of today');
  assert.equal(slots.get('door-held'), slot);
  assert.ok(parseInt(slot ?? '') > Date.now());

  // By the clock of the house: that of the phone is ahead, and for the house the day goes on.
  Object.assign(house, { ahead: 5 * hour, until: hour });
  await other.contact();
  assert.equal((await store.all('day')).length, 1);
  assert.notDeepEqual(await store.all('day'), [held]);
});

test('until when something is held is the earliest end of what lies there', () => {
  stores.note(2000, '/new.js');
  assert.equal(slots.get('door-held'), '2000 /new.js');
  stores.note(3000, '/newer.js');
  assert.equal(slots.get('door-held'), '2000 /newer.js', 'what is held outlives its end');
  stores.note(1000, '/newer.js');
  assert.equal(slots.get('door-held'), '1000 /newer.js');
  stores.note(3000, '/newer.js', NaN);
  assert.equal(slots.get('door-held'), '3000 /newer.js');
});
