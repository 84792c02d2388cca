// The donor signs in as a new user would: she lands on the results, finds women and men by city
// and by month without help, learns why a number is hidden, and takes the same along.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

/** @typedef {{ ky: string, ru: string, en: string }} Words */
/** @type {Words} */
const women = { ky: 'Аялдар', ru: 'Женщины', en: 'Women' };
/** @type {Words} */
const osh = { ky: 'Ош', ru: 'Ош', en: 'Osh' };
/** @type {Words} */
const applied = { ky: 'Арыз берди', ru: 'Подали заявку', en: 'Applied' };

for (const { lang, width, script } of /** @type {const} */ ([
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: phone, script: false },
  { lang: 'en', width: desktop, script: true },
  { lang: 'ky', width: desktop, script: false },
])) {
  test(`the donor finds women and men by city and by month in ${lang} at ${width} px ${script ? 'with' : 'without'} script`, { timeout: 120_000 }, async () => {
    const { page, complaints, close } = await open(browser, demo, { role: 'donor', lang, width, script });
    assert.match(page.url(), new RegExp(`/${lang}/results$`));
    const ofCities = () => page.locator('table', { has: page.locator('tbody th', { hasText: new RegExp(`^${osh[lang]}$`) }) });
    /** @param {import('playwright-core').Locator} table */
    const read = async (table) => {
      const heads = await table.locator('thead th').allInnerTexts();
      const row = table.locator('tr', { has: page.locator('th', { hasText: new RegExp(`^${osh[lang]}$`) }) });
      const cells = await row.locator('td').allInnerTexts();
      assert.equal(heads.length, 4);
      assert.equal(heads[1]?.trim(), women[lang]);
      return cells.map((c) => c.trim());
    };
    const now = await read(ofCities());
    const [her, others, all] = now.map(Number);
    assert.ok(now.every((c) => /^\d+$/.test(c)) && Number(her) + Number(others) === all, `${now}`);

    // By month: the table under the line, and each month's own page.
    const months = page.locator('main nav.filters').first().locator('a');
    assert.ok((await months.count()) >= 2);
    assert.equal(await page.locator('figure.chart table tbody tr').count(), await months.count());
    // Of who applied stands how many and of which sex, also of an earlier month.
    const steps = async () => {
      const row = page.locator('table tr', { has: page.locator('th', { hasText: new RegExp(`^${applied[lang]}$`) }) }).first();
      return (await row.locator('td').allInnerTexts()).map((c) => Number(c.trim()));
    };
    const last = await steps();
    assert.equal(last.length, 3);
    await months.first().click();
    await page.waitForURL(/month=/);
    const first = await steps();
    assert.ok(last.every((n, i) => (first[i] ?? 0) > 0 && (first[i] ?? 0) < n), `${first} by the first month, ${last} by the last`);

    // Why a number may be hidden, or older than the others, stands below.
    assert.ok(await page.locator('#hidden').isVisible());

    if (script) {
      const bad = [...(await axe(page)), ...(await overflow(page)), ...(width === phone ? await smallTargets(page) : [])];
      assert.deepEqual(bad, []);
    }

    // The same to take along.
    for (const [ending, kind] of [
      ['csv', 'text/csv'],
      ['xlsx', 'spreadsheetml'],
      ['pdf', 'application/pdf'],
    ]) {
      const path = await page.locator(`a[href*="results.${ending}"]`).getAttribute('href');
      const answer = await page.request.get(demo.url + path);
      assert.equal(answer.status(), 200);
      assert.ok(answer.headers()['content-type']?.includes(kind ?? '?'), ending);
      if (ending === 'csv') assert.ok((await answer.text()).split('\n').some((line) => line.includes(osh[lang]) && line.includes(women[lang])));
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}
