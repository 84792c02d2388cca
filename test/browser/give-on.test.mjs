// Giving on what a phone has kept: a phone whose network never returns gives its entries by a file
// and by QR codes to another, which keeps them and sends them; the counts then equal the people.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, languages, open, overflow, phone, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const entries = 30;
const wide = 640;
const high = 640;
const perSecond = 5;

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startProxy>>} */
let proxy;
/** @type {string} */
let folder;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'give-on-'));
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  demo = await startDemo();
  proxy = await startProxy(Number(new URL(demo.url).port));
});
afterEach(async () => {
  proxy?.stop();
  await demo?.stop();
});

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

/** Somebody behind a proxy. @param {string} role @param {Partial<import('./harness.mjs').Look>} look @param {string} url @param {import('playwright-core').Browser} from */
function behind(role, look = {}, url = proxy.url, from = browser) {
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, url)]));
  return open(from, { ...demo, url, signin }, { role, ...look });
}

/** @param {Visit} desk @param {string} store @returns {Promise<any[]>} */
function stored(desk, store) {
  return desk.page.evaluate(
    (store) =>
      new Promise((resolve) => {
        const asked = indexedDB.open('ashar-door');
        asked.onsuccess = () => {
          const { result } = asked;
          if (!result.objectStoreNames.contains(store)) return resolve([]);
          const all = result.transaction(store).objectStore(store).getAll();
          all.onsuccess = () => {
            result.close();
            resolve(all.result);
          };
        };
        asked.onerror = () => resolve([]);
      }),
    store,
  );
}

/** Opens the door and waits until the phone has its pack and its pages. @param {Visit} desk @param {AbortSignal} signal */
async function ready(desk, signal) {
  await desk.go(`/door/${event}`);
  await until(signal, async () => (await stored(desk, 'pack')).length === 1, 50);
  await until(signal, () => desk.page.evaluate(() => navigator.serviceWorker.controller !== null), 50);
}

/** How many came, as the house says it. @param {Visit} staff */
async function came(staff) {
  await staff.go(`/door/${event}`);
  return Number(/\d+/.exec(await staff.page.locator('.door-count').innerText())?.[0]);
}

/** @param {Visit} desk @param {string} where */
async function good(desk, where) {
  assert.deepEqual(await overflow(desk.page), [], `${where} is too wide`);
  assert.deepEqual(await axe(desk.page), [], where);
}

/**
 * A phone reads people by name with no network until it has so many entries: all who have a seat come
 * in, then go out, and come again. It gives how many more people came.
 * @param {Visit} desk @param {AbortSignal} signal
 */
async function reads(desk, signal) {
  const word = await readWord();
  await desk.page.locator('form[data-word] input').fill(word);
  await desk.page.locator('form[data-word] button').click();
  await until(signal, () => desk.page.locator('form[data-word]').isHidden(), 50);
  const guests = await desk.page.evaluate(async () => {
    const asked = indexedDB.open('ashar-door');
    /** @type {any} */
    const held = await new Promise((resolve) => (asked.onsuccess = () => {
      const all = asked.result.transaction('pack').objectStore('pack').getAll();
      all.onsuccess = () => { asked.result.close(); resolve(all.result[0]); };
    }));
    const half = held.pack.shelves.length / 2;
    return held.pack.shelves.slice(0, half).flatMap((/** @type {any} */ s, /** @type {number} */ i) =>
      s.rows.map((/** @type {any} */ r, /** @type {number} */ n) => ({ row: r[0], stands: held.pack.shelves[half + i].rows[n][0] })));
  });
  const seated = guests.filter((/** @type {any} */ g) => g.stands === 'h').map((/** @type {any} */ g) => g.row);
  assert.ok(seated.length > 0, 'nobody is to come');
  const list = Array.from({ length: entries }, (_, n) => ({ row: seated[n % seated.length], kind: Math.floor(n / seated.length) % 2 ? 'out' : 'in' }));
  for (const { row, kind } of list) {
    const had = (await stored(desk, 'line')).length;
    await desk.page.evaluate(({ row, kind }) => {
      const form = document.createElement('form');
      form.dataset['scan'] = '';
      form.innerHTML = `<input name="guest"><input name="kind">`;
      form.querySelectorAll('input')[0].value = row;
      form.querySelectorAll('input')[1].value = kind;
      document.querySelector('main')?.append(form);
      form.requestSubmit();
    }, { row, kind });
    await until(signal, async () => (await stored(desk, 'line')).length === had + 1, 20);
  }
  return Math.min(seated.length, entries);
}

/** The word of the desk, as the organiser reads it. */
async function readWord() {
  const lead = await open(browser, demo, { role: 'facilitator', lang: 'en', width: desktop });
  await lead.go(`/door/${event}/phones`);
  await lead.page.locator('details summary', { hasText: 'Show the password' }).click();
  const word = await lead.page.locator('.doorkey').innerText();
  await lead.close();
  return word;
}

/** Film frames of the codes that a phone shows, in the order given. @param {Visit} desk @param {(n: number) => number[]} order */
async function film(desk, order) {
  /** @type {Buffer[]} */
  const frames = [];
  const said = await desk.page.locator('b[data-nth]').innerText();
  const all = Number(/(\d+)\D*$/.exec(said)?.[1]);
  for (let n = 0; n < all; n++) {
    await desk.page.waitForFunction((n) => new RegExp(`\\b${n} `).test(document.querySelector('b[data-nth]')?.textContent ?? ''), n + 1);
    const pixels = await desk.page.evaluate(([wide, high]) => {
      const svg = document.querySelector('[data-qr]');
      const size = Number(svg?.getAttribute('viewBox')?.split(' ')[2]);
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [wide, high];
      const pen = canvas.getContext('2d');
      if (!pen || !size) throw new Error('no code is shown');
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, wide, high);
      const scale = Math.floor(600 / size);
      pen.translate(Math.floor((wide - size * scale) / 2), Math.floor((high - size * scale) / 2));
      pen.scale(scale, scale);
      pen.fillStyle = '#000';
      pen.fill(new Path2D(svg?.querySelector('path')?.getAttribute('d') ?? ''));
      const { data } = pen.getImageData(0, 0, wide, high);
      return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] ?? 0);
    }, /** @type {[number, number]} */ ([wide, high]));
    frames.push(Buffer.from(pixels));
    await desk.page.locator('[data-next]').click();
  }
  const grey = Buffer.alloc((wide * high) / 2, 128);
  const file = join(folder, 'codes.y4m');
  const shown = order(all).flatMap((n) => Array(8).fill(frames[n] ?? Buffer.alloc(0)));
  await writeFile(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${wide} H${high} F${perSecond}:1 Ip A1:1 C420jpeg\n`), ...shown.flatMap((f) => [Buffer.from('FRAME\n'), f, grey])]));
  return { file, all };
}

test('what a phone has kept goes on by a file and by codes, and the counts equal the people', { timeout: 240_000 }, async ({ signal }) => {
  const lost = await behind('facilitator', { lang: 'en', width: phone });
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await ready(lost, signal);
  const before = await came(staff);
  proxy.cut(); // and it never returns
  const more = await reads(lost, signal);

  // The page opens with no network, and gives all as a file.
  await lost.go(`/door/${event}/give`);
  await lost.page.locator('[data-acts]:not([hidden])').waitFor();
  assert.match(await lost.page.locator('[data-count]').innerText(), new RegExp(`not sent yet: ${entries}$`));
  await good(lost, 'giving on with no network');
  const [down] = await Promise.all([lost.page.waitForEvent('download'), lost.page.locator('[data-file]').click()]);
  const file = join(folder, 'given.json');
  await down.saveAs(file);
  assert.match(down.suggestedFilename(), /^ashar-activists-naryn-[\dT-]+\.json$/);
  const text = await readFile(file, 'utf8');
  for (const line of await stored(lost, 'line')) assert.ok(!text.includes(line.nonce) && !text.includes(line.of), 'the file is open');

  // Another phone takes the file where it has no network either, and says that it keeps it.
  const second = await startProxy(Number(new URL(demo.url).port));
  const other = await behind('frontdesk', { lang: 'en', width: phone }, second.url);
  await ready(other, signal);
  second.cut();
  await other.go(`/door/${event}/give`);
  /** @param {string} name @param {string} body */
  const bring = async (name, body) => {
    await other.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(body) });
    await other.page.locator('[data-bring] button[type=submit]').click();
  };
  for (const [body, says] of [['{}', /holds no entries/], [text.slice(0, 900), /holds no entries/], [text.replace('activists-naryn', 'activists-osh'), /damaged/], [text.replace('"version":1', '"version":7'), /a form that we do not read/], ['x'.repeat(600_000), /too large/]]) {
    await bring('wrong.json', String(body));
    await other.page.locator('[data-said]', { hasText: /** @type {RegExp} */ (says) }).waitFor();
    assert.equal((await stored(other, 'parcel')).length, 0, String(says));
  }
  await bring('given.json', text);
  await other.page.locator('ul[data-kept] li[data-state=kept]').waitFor();
  await bring('given.json', text);
  await until(signal, async () => (await stored(other, 'parcel')).length === 1, 50);
  await good(other, 'kept with no network');
  assert.equal(await came(staff), before, 'it came before the network did');
  await second.mend();
  await other.page.locator('ul[data-kept] li[data-state=sent]').waitFor({ timeout: 30_000 });
  assert.match(await other.page.locator('ul[data-kept] li').innerText(), new RegExp(`Taken in: ${entries}\\.`));
  assert.equal(await came(staff), before + more, 'the count does not equal the people');
  await good(other, 'sent');
  await other.close();

  // The same once more by codes, in another order and with one shown twice: all is there already.
  await lost.page.locator('[data-codes]').click();
  await lost.page.locator('[data-shown]:not([hidden])').waitFor();
  await good(lost, 'codes');
  const { file: codes, all } = await film(lost, (n) => [...Array.from({ length: n }, (_, i) => (i * 2) % n), ...Array.from({ length: n }, (_, i) => n - 1 - i)]);
  assert.ok(all >= 3 && all <= 20, `${all} codes`);
  const filmed = await startBrowser('--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${codes}`);
  const third = await behind('frontdesk', { lang: 'en', width: phone }, second.url, filmed);
  await third.context.grantPermissions(['camera']);
  await ready(third, signal);
  await third.go(`/door/${event}/give`);
  await third.page.locator('button[data-read]').click();
  await third.page.locator('[data-said]', { hasText: /^Read: \d+ of \d+\. Still missing: / }).waitFor({ timeout: 30_000 });
  await third.page.locator('ul[data-kept] li[data-state=sent]').waitFor({ timeout: 120_000 });
  assert.match(await third.page.locator('ul[data-kept] li').innerText(), new RegExp(`Taken in: 0\\. There already: ${entries}\\.`));
  assert.equal(await came(staff), before + more);
  assert.equal(await third.page.locator('video').isVisible(), false, 'the camera goes on');
  await filmed.close();
  second.stop();

  assert.deepEqual(lost.complaints.filter((c) => !/ERR_|Failed to fetch|Failed to load/.test(c)), []);
  await lost.close();
  await staff.close();
});

for (const lang of languages) {
  test(`the page of giving on reads well in ${lang}`, { timeout: 60_000 }, async () => {
    for (const width of [phone, desktop]) {
      const desk = await open(browser, demo, { role: 'facilitator', lang, width });
      await desk.go(`/door/${event}/give`);
      await desk.page.locator('[data-count]:not(:empty)').waitFor();
      await good(desk, `${lang} ${width}`);
      assert.deepEqual(desk.complaints, []);
      await desk.close();
    }
    // Without script the file is taken all the same.
    const plain = await open(browser, demo, { role: 'facilitator', lang, width: phone, script: false });
    await plain.go(`/door/${event}/give`);
    await plain.page.locator('input[type=file]').setInputFiles({ name: 'wrong.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
    await Promise.all([plain.page.waitForNavigation(), plain.page.locator('[data-bring] button[type=submit]').click()]);
    assert.ok(await plain.page.locator('.error, [aria-invalid=true]').count());
    await plain.close();
  });
}
