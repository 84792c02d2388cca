// Two phones at one door lose the network and let in the same ticket. When it is back, the
// house counts her once, the page of conflicts says what contradicts, and somebody decides.

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, looks, open, overflow, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const page = `/staff/seminars/${event}/conflicts`;
const pictures = process.env.PICTURES;

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Awaited<ReturnType<typeof startProxy>>[]} */
let proxies = [];

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  demo = await startDemo();
  const port = Number(new URL(demo.url).port);
  proxies = [await startProxy(port), await startProxy(port)];
});
afterEach(async () => {
  for (const p of proxies) p.stop();
  await demo?.stop();
});

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

/** Somebody at the door whose network can be taken away. @param {number} n @param {string} role @returns {Promise<Visit>} */
function behind(n, role) {
  const url = proxies[n]?.url ?? '';
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, url)]));
  return open(browser, { ...demo, url, signin }, { role, lang: 'en' });
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

/** Opens the door on a phone, which finds somebody by her name and then has no network. @param {Visit} desk @param {number} n @param {AbortSignal} signal */
async function atDoor(desk, n, signal) {
  await desk.go(`/door/${event}`);
  await until(signal, async () => (await stored(desk, 'pack')).length === 1, 50);
  await desk.page.locator('main [name=q]').fill('ба');
  await Promise.all([desk.page.waitForNavigation(), desk.page.locator('main [name=q]').press('Enter')]);
  proxies[n]?.cut();
}

/** @param {Visit} desk */
const guests = (desk) => desk.page.locator('form.door-guest[data-state=confirmed]:has(button[value=in])');

/** Lets one of them in, with no network. @param {Visit} desk @param {string} name */
async function letIn(desk, name) {
  await guests(desk).filter({ hasText: name }).first().locator('button').click();
  await desk.page.locator('[data-answer] .door-answer.good[data-by=phone]').waitFor();
}

/** @param {Visit} desk @param {number} n @param {AbortSignal} signal */
async function send(desk, n, signal) {
  await proxies[n]?.mend();
  await until(signal, async () => (await stored(desk, 'line')).every((l) => l.answered || !l.row), 100);
}

/** How many people the door counts. @param {Visit} staff */
async function came(staff) {
  await staff.go(`/door/${event}`);
  return Number(/\d+/.exec(await staff.page.locator('[data-live=count] b').innerText())?.[0]);
}

/** @param {Visit} staff @param {string} where @param {boolean} script */
async function good(staff, where, script) {
  assert.deepEqual(await overflow(staff.page), [], `${where} is too wide`);
  if (script) assert.deepEqual(await axe(staff.page), [], where);
  if (!pictures) return;
  await mkdir(pictures, { recursive: true });
  await staff.page.screenshot({ path: `${pictures}/${where.replaceAll(' ', '-')}.png`, fullPage: true });
}

/** Presses a button that leads to the next page. @param {Visit} staff @param {import('playwright-core').Locator} button */
const press = (staff, button) => Promise.all([staff.page.waitForNavigation(), button.click()]);

for (const { lang, width, script } of looks) {
  const name = `${lang} ${width} ${script ? 'with' : 'without'} script`;
  test(`one ticket on two phones is shown, decided and taken back, in ${name}`, { timeout: 180_000 }, async (t) => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    await staff.go(page);
    assert.equal(await staff.page.locator('[data-conflict]').count(), 0);
    await good(staff, `empty ${name}`, script);
    const told = await came(staff);

    const first = await behind(0, 'facilitator');
    const second = await behind(1, 'coordinator');
    await atDoor(first, 0, t.signal);
    await atDoor(second, 1, t.signal);
    const her = await guests(first).first().locator('b').innerText();
    await letIn(first, her);
    await letIn(second, her);
    await send(second, 1, t.signal);
    await send(first, 0, t.signal);
    await first.close();
    await second.close();

    assert.equal(await came(staff), told + 1, 'she is not counted once');
    const link = staff.page.locator(`main a[href$="${page}"]`);
    assert.match(await link.innerText(), /1/, 'the page of the door does not say that something is to be decided');
    await press(staff, link);
    const card = staff.page.locator('[data-conflict=double]');
    assert.equal(await card.count(), 1);
    assert.match(await card.innerText(), new RegExp(her));
    await good(staff, `double ${name}`, script);

    await press(staff, card.locator('button[value=two]'));
    assert.equal(await staff.page.locator('[data-conflict]').count(), 0);
    await staff.page.locator('[data-decided=double]').waitFor();
    await good(staff, `decided ${name}`, script);
    assert.equal(await came(staff), told + 1, 'a decision about the second entry took the first');

    await staff.go(page);
    await press(staff, staff.page.locator('[data-decided=double] button'));
    assert.equal(await card.count(), 1, 'taken back, it does not stand again');
    await press(staff, card.locator('button[value=same]'));
    assert.equal(await staff.page.locator('[data-conflict]').count(), 0);

    // Whoever leads the day takes an entry back, with a reason.
    await staff.page.locator('main [name=q]').fill(her);
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main form[role=search] button').click()]);
    assert.ok(!staff.page.url().includes(encodeURIComponent(her)), 'a name stands in an address');
    const entry = staff.page.locator('[data-entry]', { hasText: her });
    await press(staff, entry.locator('button[value=take]'));
    assert.equal(await staff.page.locator('#errors').count(), 1, 'it asks for no reason');
    await good(staff, `no reason ${name}`, script);
    await entry.locator('input[type=text]').fill('Жаңылыштык');
    await press(staff, entry.locator('button[value=take]'));
    await staff.page.locator('[data-decided=entry]').waitFor();
    await good(staff, `taken back ${name}`, script);
    assert.equal(await came(staff), told, 'an entry that was taken back still counts');
    assert.deepEqual(staff.complaints.filter((c) => !/status of 422/.test(c)), []);
    await staff.close();
  });
}
