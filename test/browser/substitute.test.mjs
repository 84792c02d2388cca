// Somebody who stands at a door falls ill, or a phone breaks: the place is handed over in one
// step. The substitute's phone lets people in and runs the day; the earlier one holds nothing
// any more but records that name nobody.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, languages, looks, open, overflow, phone, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';

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

/** What a store of the phone holds. @param {Visit} visit @param {string} store @returns {Promise<any[]>} */
const stored = (visit, store) =>
  visit.page.evaluate(
    (store) =>
      new Promise((resolve) => {
        const opened = indexedDB.open('ashar-door');
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

/** Hands over what stands in the list under these words, her own place when none are given; gives the link. @param {Visit} staff @param {RegExp} [whose] */
async function handOver(staff, whose) {
  const field = staff.page.locator('main select[name=whose]');
  if (whose) {
    const words = (await field.locator('option').allInnerTexts()).find((w) => whose.test(w));
    assert.ok(words, `no place is called ${whose}`);
    await field.selectOption({ label: words });
  } else {
    await field.selectOption({ index: 0 });
  }
  await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main form:has(select[name=whose]) button').click()]);
  return (await staff.page.locator('.door-link a').getAttribute('href')) ?? '';
}

/** @param {Visit} visit @param {string} link */
async function enrol(visit, link) {
  await visit.page.goto(link);
  await Promise.all([visit.page.waitForURL(/\/door\//), visit.page.locator('main form button').click()]);
}

/** The typed code of the participant's ticket. */
async function code() {
  const guest = await open(browser, demo, { role: 'participant', lang: 'en' });
  await guest.go('/my');
  await guest.page.locator('main a[href*="/tickets/"]').first().click();
  await guest.page.waitForURL(/\/tickets\//);
  const typed = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await guest.page.locator('main').innerText())?.[0] ?? '';
  await guest.close();
  assert.ok(typed);
  return typed;
}

/** @param {Visit} visit @param {string} text @param {string} kind */
async function type(visit, text, kind = 'in') {
  await visit.page.locator('[name=code]:not([type=hidden])').fill(text);
  await visit.page.locator(`form:has([name=code]:not([type=hidden])) button[value=${kind}]`).click();
  await visit.page.locator('[data-answer] .door-answer').waitFor();
}

test('a facilitator hands her place over: her phone is wiped, the new one lets in and runs the day', { timeout: 240_000 }, async (t) => {
  const typed = await code();
  const signin = Object.fromEntries(Object.entries(demo.signin).map(([who, link]) => [who, link.replace(demo.url, proxy.url)]));
  const hers = await open(browser, { ...demo, url: proxy.url, signin }, { role: 'facilitator', lang: 'ky', width: phone });
  hers.page.on('dialog', (d) => void d.accept());
  await hers.go(`/door/${event}`);
  await until(t.signal, async () => (await stored(hers, 'pack')).length === 1, 50);
  proxy.cut();
  await type(hers, 'ABCD-EFGH');
  await until(t.signal, async () => (await stored(hers, 'line')).length === 1, 50);

  const staff = await open(browser, demo, { role: 'facilitator', lang: 'en', width: desktop });
  await staff.go(`/door/${event}/day`);
  await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main a[href$="/phones#substitute"]').click()]);
  const link = await handOver(staff);
  const next = await open(browser, demo, { lang: 'ru', width: phone });
  await enrol(next, link);

  await proxy.mend();
  await until(t.signal, async () => (await stored(hers, 'pack')).length === 0, 100);
  assert.equal((await stored(hers, 'line')).filter((l) => !l.answered).length, 1, 'what was not sent is lost');
  await staff.go(`/door/${event}`);
  assert.equal(await staff.page.locator('[data-desk]').count(), 0, 'whose place it was still stands there');

  await type(next, typed);
  await next.page.locator('[data-answer] .door-answer.good').waitFor();
  await next.page.goto(`${demo.url}/ru/door/${event}/day`);
  const step = next.page.locator('main button[name=do]').first();
  await Promise.all([next.page.waitForNavigation(), step.click()]);
  await next.page.locator('main button[name=do]').first().waitFor();
  for (const path of [`door/${event}/phones`, 'staff/seminars', `staff/seminars/${event}/day`]) {
    await next.page.goto(`${demo.url}/ru/${path}`);
    assert.match(next.page.url(), /sign-in/, `the phone of the substitute opens ${path}`);
  }
  // A second phone with the same link is told.
  const third = await open(browser, demo, { lang: 'en', width: phone });
  await third.page.goto(link);
  assert.equal(await third.page.locator('main form').count(), 0);
  for (const visit of [hers, staff, next, third]) await visit.close();
});

for (const { lang, width, script } of looks) {
  test(`a place is handed over in ${lang} at ${width}${script ? '' : ' without script'}`, { timeout: 240_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {Visit} visit @param {string} what */
    const good = async (visit, what) => {
      assert.deepEqual(await overflow(visit.page), [], `${what} is too wide`);
      if (script) assert.deepEqual(await axe(visit.page), [], what);
      if (process.env['PICTURES']) await visit.page.screenshot({ path: `${process.env['PICTURES']}/${what.replaceAll(' ', '-')}-${lang}-${width}-${script}.png`, fullPage: true });
    };
    await staff.go(`/door/${event}/phones`);
    await good(staff, 'the page of the phones');
    const link = await handOver(staff);
    await good(staff, 'the link');
    const next = await open(browser, demo, { lang, width: phone, script });
    await next.page.goto(link);
    await good(next, 'what the phone is asked');
    await Promise.all([next.page.waitForURL(/\/door\//), next.page.locator('main form button').click()]);
    assert.equal(await next.page.locator('h1').count(), 1);
    await next.page.goto(`${demo.url}/${lang}/door/${event}/day`);
    await good(next, 'the run sheet on the phone');
    assert.ok((await next.page.locator('main button[name=do]').count()) > 0, 'the phone does not run the day');
    await staff.go(`/door/${event}/phones`);
    assert.ok([401, 403].includes((await staff.page.goto(`${demo.url}/${lang}/door/${event}/phones`))?.status() ?? 0), 'whose place it was lets phones in');
    assert.ok(languages.includes(lang));
    await staff.close();
    await next.close();
  });
}
