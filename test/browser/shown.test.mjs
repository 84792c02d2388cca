// What a person must be able to see: what became of each row of an import, what she
// answered, and, for the administrator, which jobs wait, run or have failed.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, languages, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

/**
 * What is wrong with the page as it stands.
 * @param {import('playwright-core').Page} page
 */
async function faults(page) {
  const bad = [...(await axe(page)), ...(await overflow(page))];
  return page.viewportSize()?.width === phone ? [...bad, ...(await smallTargets(page))] : bad;
}

for (const [i, { lang, width, script }] of looks.entries()) {
  test(`an import names each row that was not added, in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 120_000 }, async () => {
    const { page, go, complaints, close } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    await go('/import/people');
    const one = `Асанова Ая ${'АБВГ'[i]}`;
    const rows = ['ФИО;Телефон;Почта', `${one};0555 20 02 1${i};aya-${i}@mail.kg`, 'Бекова Бая;12;', `${one};;aya-${i}@mail.kg`, `Донова Дая ${'АБВГ'[i]};;aya-${i}@mail.kg`];
    await page.locator('input[type=file]').setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\n') + '\n') });
    await page.locator('main form button').click();
    await page.waitForURL(/\/import\/people\/.+/);
    if (script) assert.deepEqual(await faults(page), []);
    await page.locator('main form button').first().click();
    await page.waitForSelector('#not-added');
    /** What the page tells of rows that were not added. */
    const told = async () => (await page.locator('#not-added tbody tr').allInnerTexts()).map((t) => t.replace(/\s+/g, ' '));
    const first = await told();
    assert.equal(first.length, 2);
    assert.match(first[0], /3.*Бекова Бая/);
    assert.match(first[1], new RegExp(`4.*${one}`));
    assert.equal(await page.locator('#shared tbody tr').count(), 2);
    if (script) assert.deepEqual(await faults(page), []);
    await page.reload();
    assert.deepEqual(await told(), first, 'a reload tells something else');
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('form[action$="/table"] button').click()]);
    assert.equal(file.suggestedFilename(), 'import-result.csv');
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const { lang, width, script } of looks) {
  test(`a person reads what she answered, in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 60_000 }, async () => {
    const { page, go, complaints, close } = await open(browser, demo, { role: 'participant', lang, width, script });
    await go('/me');
    const answers = page.locator('#answers');
    assert.ok((await answers.locator('details').count()) > 0, 'no application is shown');
    assert.ok((await answers.locator('details[open] dd').count()) > 2, 'no answers are shown');
    if (script) assert.deepEqual(await faults(page), []);
    await answers.locator('details[open] a[href*="/my/applications/"]').last().click();
    await page.waitForURL(/\/my\/applications\//);
    assert.ok((await page.locator('#answers dd').count()) > 2, 'the page of the application has no answers');
    if (script) assert.deepEqual(await faults(page), []);
    assert.deepEqual(complaints, []);
    await close();
  });
}

for (const lang of languages) {
  test(`the administrator sees the jobs in ${lang}`, { timeout: 60_000 }, async () => {
    for (const [width, script] of /** @type {[number, boolean][]} */ ([[phone, true], [phone, false], [desktop, true], [desktop, false]])) {
      const { page, go, complaints, close } = await open(browser, demo, { role: 'admin', lang, width, script });
      await go('/today');
      await go('/staff/menu');
      await page.locator('ul.all a[href$="/staff/jobs"]').click();
      await page.waitForURL(/\/staff\/jobs$/);
      assert.ok((await page.locator('main tbody tr').count()) > 0, 'nothing waits, not even the next night');
      if (script) assert.deepEqual(await faults(page), []);
      await page.locator('main nav a[href*="state=failed"]').click();
      await page.waitForURL(/state=failed/);
      assert.equal(await page.locator('main tbody tr').count(), 0);
      if (script) assert.deepEqual(await faults(page), []);
      await page.locator('main a[href$="/staff/jobs"]').last().click();
      await page.waitForURL(/\/staff\/jobs$/);
      assert.deepEqual(complaints, []);
      await close();
    }
    const other = await open(browser, demo, { role: 'coordinator', lang });
    assert.equal((await other.go('/staff/jobs')).status(), 403);
    assert.equal(await other.page.locator(':is(nav.side, nav.tabs, footer) a[href$="/staff/jobs"]').count(), 0);
    await other.close();
  });
}
