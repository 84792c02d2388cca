// What is printed: the sheets of one event, with their PDFs, and every page of staff on paper.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, crawl, desktop, languages, look, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const event = '/staff/seminars/activists-naryn';
const kinds = ['signin', 'badges', 'list', 'costs', 'photo', 'poster'];

/** @type {{ lang: Lang, width: number, script: boolean }[]} */
const runs = [
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: phone, script: false },
  { lang: 'en', width: desktop, script: true },
  { lang: 'ky', width: desktop, script: false },
];

for (const { lang, width, script } of runs) {
  test(`the sheets of an event in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 180_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
    };
    await staff.go(event);
    if (width === phone) await page.locator('.event-all summary').click();
    await page.locator(width === phone ? '.event-all a[href$="/print"]' : '.event-lines a[href$="/print"]').click();
    await page.waitForURL(/\/print$/);
    for (const kind of kinds) {
      await page.locator(`.kinds a[href*="sheet=${kind}&"], .kinds a[href$="sheet=${kind}"]`).first().click();
      await page.waitForLoadState();
      assert.equal(await page.locator('.preview .paper').count(), 1, kind);
      await sound(kind);
    }

    // The sheet in another language, with as many empty rows as are wanted.
    await staff.go(`${event}/print`);
    const rows = await page.locator('.preview tbody tr').count();
    await page.fill('.how [name=rows]', '9');
    await page.selectOption('.how [name=in]', 'ru');
    await page.locator('.how button').click();
    await page.waitForURL(/rows=9/);
    assert.equal(await page.locator('.preview tbody tr').count(), rows + 4);
    assert.equal(await page.locator('.preview .paper').getAttribute('lang'), 'ru');

    // What is paid is typed once.
    await staff.go(`${event}/print?sheet=costs&in=en&when=planned`);
    const details = page.locator('.amounts');
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    await page.fill('[name=day]', '1,5');
    await page.locator('form[action$="/amounts"] button').click();
    await page.waitForLoadState();
    assert.equal(await page.locator('[name=day][aria-invalid=true]').count(), 1, 'the amount is not said to be wrong');
    await sound('an amount that is none');
    await page.fill('[name=day]', '1500');
    await page.locator('form[action$="/amounts"] button').click();
    await page.waitForLoadState();
    assert.match(await page.locator('.preview').innerText(), /1,500/);
    await sound('allowances');

    // All sheets come in one file.
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button[name=sheet][value=all]').click()]);
    const body = readFileSync(await file.path());
    assert.equal(body.subarray(0, 5).toString(), '%PDF-');
    assert.match(file.suggestedFilename(), /^all-activists-naryn-en\.pdf$/);
    assert.deepEqual(staff.complaints.filter((c) => !/422/.test(c)), []);
    await staff.close();
  });
}

test('on paper stands a sheet alone, in its own size', { timeout: 120_000 }, async () => {
  const { page, go, close } = await open(browser, demo, { role: 'coordinator', lang: 'ky', width: desktop });
  await page.emulateMedia({ media: 'print' });
  for (const kind of kinds) {
    await go(`${event}/print?sheet=${kind}`);
    assert.deepEqual(await onPaper(page), [], kind);
    assert.ok(await page.locator('.preview .paper').isVisible());
    assert.equal(await page.locator('.screen').isVisible(), false, kind);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const lies = /MediaBox \[0 0 84[12][\d.]* 59[45]/.test(pdf);
    assert.equal(lies, kind === 'signin' || kind === 'costs', `${kind} lies: ${lies}`);
  }
  await close();
});

/**
 * What no page should have on paper.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
function onPaper(page) {
  return page.evaluate(() => {
    /** @type {string[]} */
    const bad = [];
    /** @param {Element} e */
    const seen = (e) => e.checkVisibility() && e.getBoundingClientRect().height > 1;
    for (const e of document.querySelectorAll('nav, button, .button, [role=search], table input, .tabs, .side')) {
      if (seen(e)) bad.push(`${e.outerHTML.slice(0, 80)} is printed`);
    }
    for (const e of document.querySelectorAll('main :is(.card, .notice, tr, fieldset, figure)')) {
      if (seen(e) && getComputedStyle(e).breakInside !== 'avoid') bad.push(`${e.outerHTML.slice(0, 80)} may be divided`);
    }
    for (const e of document.querySelectorAll('main a[href]')) {
      if (/https?:|\/staff|\/people/.test(getComputedStyle(e, '::after').content)) bad.push(`${e.outerHTML.slice(0, 80)} has its address after it`);
    }
    return bad.slice(0, 10);
  });
}

for (const lang of languages) {
  test(`every page of staff can be printed in ${lang}`, { timeout: 300_000 }, async () => {
    /** @type {string[]} */
    const bad = [];
    const done = new Set();
    const pages = await crawl(demo, 'coordinator', lang);
    const { page, close } = await open(browser, demo, { role: 'coordinator', lang, width: desktop });
    await page.emulateMedia({ media: 'print' });
    for (const path of pages.keys()) {
      if (done.has(look(path))) continue;
      done.add(look(path));
      await page.goto(demo.url + path);
      if (!(await page.locator('body.staff').count())) continue;
      for (const finding of await onPaper(page)) bad.push(`${path}: ${finding}`);
    }
    assert.ok(done.size > 20, `only ${done.size} pages were found`);
    await close();
    assert.deepEqual(bad, []);
  });
}
