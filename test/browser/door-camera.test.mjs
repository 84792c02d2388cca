// The camera at the door: a film of a ticket is held before the browser's
// invented camera, and the page answers by colour and words.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { axe, languages, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

const wide = 640;
const high = 480;
const perSecond = 5;

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {string} */
let folder;
/** @type {string} */
let typed;
/** @type {Buffer[]} */
const tickets = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'door-'));
  demo = await startDemo();
  const plain = await startBrowser();
  const guest = await open(plain, demo, { role: 'participant', script: true });
  for (const n of [0, 1]) {
    await guest.go('/my');
    await guest.page.locator('main a[href*="/tickets/"]').nth(n).click();
    await guest.page.waitForURL(/\/tickets\//);
    typed ||= /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await guest.page.locator('main').innerText())?.[0] ?? '';
    tickets.push(await draw(guest.page));
  }
  const nothing = Buffer.alloc(wide * high, 128);
  await plain.close();
  // Today's ticket, then one for another day, each long enough for a slow machine to see.
  const film = [tickets[0], nothing, tickets[1], nothing].flatMap((frame, i) => Array(i % 2 ? 8 : 25).fill(frame));
  browser = await startFilm('door', film);
});

/** @param {string} name @param {Buffer[]} film */
async function startFilm(name, film) {
  const file = join(folder, name + '.y4m');
  await writeFile(file, y4m(film));
  return startBrowser('--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`);
}

after(async () => {
  await browser?.close();
  await demo?.stop();
  await rm(folder, { recursive: true, force: true });
});

/**
 * The brightness of each pixel of a picture with the ticket's code in its middle.
 * @param {import('playwright-core').Page} page
 */
async function draw(page) {
  const pixels = await page.evaluate(
    ([wide, high]) => {
      const code = document.querySelector('svg.qr');
      const path = code?.querySelector('path')?.getAttribute('d');
      const size = Number(code?.getAttribute('viewBox')?.split(' ')[2]);
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [wide, high];
      const pen = canvas.getContext('2d');
      if (!path || !size || !pen) throw new Error('the ticket has no code');
      pen.fillStyle = '#fff';
      pen.fillRect(0, 0, wide, high);
      const scale = Math.floor(340 / size);
      pen.translate(Math.floor((wide - size * scale) / 2), Math.floor((high - size * scale) / 2));
      pen.scale(scale, scale);
      pen.fillStyle = '#000';
      pen.fill(new Path2D(path));
      const { data } = pen.getImageData(0, 0, wide, high);
      return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] ?? 0);
    },
    /** @type {[number, number]} */ ([wide, high]),
  );
  return Buffer.from(pixels);
}

/** @param {Buffer[]} frames */
function y4m(frames) {
  const grey = Buffer.alloc((wide * high) / 2, 128);
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${wide} H${high} F${perSecond}:1 Ip A1:1 C420jpeg\n`), ...frames.flatMap((f) => [Buffer.from('FRAME\n'), f, grey])]);
}

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

/** @param {Visit} desk @param {string} where */
async function good(desk, where) {
  assert.deepEqual(await overflow(desk.page), [], `${where} is too wide`);
  assert.deepEqual(await axe(desk.page), [], where);
}

/** @param {Visit} desk @param {'good' | 'wait' | 'bad'} colour */
const answered = (desk, colour) => desk.page.locator(`[data-answer] .door-answer.${colour}`).waitFor();

test('each ticket before the camera is answered in colour and words', { timeout: 90_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'en', width: phone });
  await desk.context.grantPermissions(['camera']);
  /** @type {string[]} */
  const loaded = [];
  desk.page.on('request', (r) => {
    if (r.resourceType() === 'script') loaded.push(new URL(r.url()).pathname);
  });
  await desk.go('/door/activists-naryn');
  assert.ok(!loaded.some((l) => l.includes('/qr-')), 'the decoder comes before anybody starts the camera');
  await desk.page.locator('[data-start]').click();
  await answered(desk, 'good');
  assert.match(await desk.page.locator('.door-answer').innerText(), /Let in/);
  await good(desk, 'let in');
  await answered(desk, 'bad');
  assert.match(await desk.page.locator('.door-answer').innerText(), /another event/);
  await good(desk, 'refused');
  await answered(desk, 'wait');
  assert.match(await desk.page.locator('.door-answer').innerText(), /Already marked as inside/);
  await good(desk, 'already inside');

  assert.deepEqual(desk.complaints, []);
  await desk.close();
});

test('a ticket that is held before the camera is sent once', { timeout: 90_000 }, async () => {
  const [ticket] = tickets;
  assert.ok(ticket);
  const held = await startFilm('held', [ticket, ticket]);
  const desk = await open(held, demo, { role: 'facilitator', lang: 'en', width: phone });
  await desk.context.grantPermissions(['camera']);
  let sent = 0;
  desk.page.on('request', (r) => void (sent += Number(r.method() === 'POST')));
  await desk.go('/door/activists-naryn');
  await desk.page.locator('[data-start]').click();
  await desk.page.locator('[data-answer] .door-answer').waitFor();
  await desk.page.waitForTimeout(8000); // longer than the door remembers a ticket that has gone
  assert.equal(sent, 1, 'a ticket that is held is sent again');
  await held.close();
});

test('the door is heard and felt; its sound and its light are switches', { timeout: 90_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'en', width: phone });
  await desk.context.grantPermissions(['camera']);
  await desk.page.addInitScript(() => {
    const told = { tones: 0, shakes: 0, light: /** @type {unknown[]} */ ([]) };
    Object.assign(window, { told });
    const start = OscillatorNode.prototype.start;
    OscillatorNode.prototype.start = function (at) {
      told.tones++;
      start.call(this, at);
    };
    navigator.vibrate = () => Boolean(++told.shakes);
    // The invented camera has no lamp.
    MediaStreamTrack.prototype.getCapabilities = () => /** @type {any} */ ({ torch: true });
    MediaStreamTrack.prototype.applyConstraints = async (c) => void told.light.push(c?.advanced?.[0]);
  });
  /** @returns {Promise<{ tones: number, shakes: number, light: unknown[] }>} */
  const told = () => desk.page.evaluate(() => Reflect.get(window, 'told'));
  await desk.go('/door/activists-naryn');
  await desk.page.locator('[data-start]').click();
  await answered(desk, 'bad');
  const loud = await told();
  assert.ok(loud.tones > 0 && loud.shakes > 0, JSON.stringify(loud));

  await desk.page.getByRole('button', { name: 'Light on' }).click();
  await desk.page.getByRole('button', { name: 'Light off' }).click();
  await desk.page.getByRole('button', { name: 'Light on' }).waitFor();
  assert.deepEqual((await told()).light, [{ torch: true }, { torch: false }]);

  await desk.page.getByRole('button', { name: 'Sound off' }).click();
  const quiet = await told();
  await answered(desk, 'wait');
  const later = await told();
  assert.equal(later.tones, quiet.tones, 'it sounds though it is off');
  assert.ok(later.shakes > quiet.shakes, 'it is not felt');
  await good(desk, 'with all switches');

  await desk.page.locator('[data-stop]').click();
  await desk.page.locator('[data-start]').waitFor();
  assert.equal(await desk.page.locator('video').isVisible(), false);
  await desk.go('/door/activists-naryn');
  assert.equal(await desk.page.locator('[data-sound]').textContent(), 'Sound on', 'the choice is forgotten');
  await desk.close();
});

test('without a network the camera goes on, and the phone keeps what it read and sends it once', { timeout: 90_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'ru', width: phone });
  await desk.context.grantPermissions(['camera']);
  await desk.go('/door/activists-naryn');
  await desk.page.locator('[data-start]').click();
  await answered(desk, 'bad');
  await desk.context.setOffline(true);
  await desk.page.locator('[data-answer] .door-answer[data-by=phone]').waitFor();
  await desk.page.locator('[data-strip] p').waitFor();
  assert.match(await desk.page.locator('[data-strip]').innerText(), /Нет связи[^]*[1-9]$/);
  await good(desk, 'no network');
  await desk.page.locator('[data-stop]').click();
  await desk.context.setOffline(false);
  await desk.page.locator('[data-strip]:empty').waitFor({ state: 'attached' });
  await desk.close();
});

for (const lang of languages) {
  test(`with the camera refused the code is typed, in ${lang}`, { timeout: 60_000 }, async () => {
    const desk = await open(browser, demo, { role: 'frontdesk', lang, width: phone });
    await desk.go('/door/activists-naryn');
    await desk.page.locator('[data-start]').click();
    await desk.page.locator('[data-status]:not(:empty)').waitFor();
    await desk.page.locator('[data-start]:enabled').waitFor();
    await good(desk, 'camera refused');
    await desk.page.locator('[name=code]:not([type=hidden])').fill(typed);
    await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click();
    await desk.page.locator('[data-answer] .door-answer[data-nonce]:not([data-by])').waitFor();
    assert.equal(await desk.page.locator('.door-answer').count(), 1);
    await desk.close();
  });
}

test('no page but the door may use the camera', { timeout: 60_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'en', width: phone });
  await desk.context.grantPermissions(['camera']);
  const ask = () => desk.page.evaluate(() => navigator.mediaDevices.getUserMedia({ video: true }).then(() => 'open', (e) => e.name));
  for (const path of ['/', '/today', '/door/activists-naryn/walk-in']) {
    await desk.go(path);
    assert.equal(await ask(), 'NotAllowedError', path);
  }
  await desk.go('/door/activists-naryn');
  assert.equal(await ask(), 'open');
  await desk.close();
});
