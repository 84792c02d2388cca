// Applications are scored without a name, by a rubric: the criteria are written, an application is
// read by number and scored, and whoever selects opens the scores and sorts by them.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
});

const pictures = process.env.PICTURES;

for (const look of looks) {
  const { lang, width, script } = look;
  test(`a review without names in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
    demo = await startDemo();
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    await go('/staff/seminars');
    const slugs = await page.locator('main a[href*="/staff/seminars/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').match(/\/staff\/seminars\/([a-z0-9-]+)/)?.[1] ?? ''))].filter(Boolean));
    let slug = '';
    for (const s of slugs) {
      await go(`/staff/seminars/${s}/applicants?state=applied`);
      if ((await page.locator('table.people tbody tr').count()) >= 3) {
        slug = s;
        break;
      }
    }
    assert.ok(slug, `no seminar has three who applied: ${slugs}`);
    const names = await page.locator('table.people .choice span').allInnerTexts();

    await go(`/staff/seminars/${slug}/review`);
    await page.fill('[name=name_0_ky]', 'Катышуу себеби');
    await page.fill('[name=name_0_ru]', 'Мотивация');
    await page.fill('[name=most_0]', '99');
    await page.fill('[name=name_1_ky]', 'Иш тажрыйбасы');
    await page.fill('[name=most_1]', '5');
    const save = page.locator('form[action$="/review"] > button');
    await save.click();
    await page.locator('#most_0[aria-invalid=true], [name=most_0][aria-invalid=true]').waitFor();
    await page.fill('[name=most_0]', '10');
    await save.click();
    await page.locator('.notice.good').first().waitFor();
    await sound('the criteria');

    await page.locator('aside a[href*="/review/"]').click();
    await sound('what waits');
    const items = page.locator('main a[href*="/review/"]');
    assert.ok((await items.count()) >= 3);
    await items.first().click();
    const text = await page.locator('main').innerText();
    for (const name of names) for (const part of name.split(' ')) assert.ok(part.length < 4 || !text.includes(part), `the page has ${part}`);
    await page.fill('[name=points_0]', '8');
    await page.fill('[name=points_1]', '4');
    await page.locator('button[value=score]').click();
    assert.equal(await page.locator('[name=reason][aria-invalid=true]').count(), 1);
    assert.equal(await page.locator('[name=points_0]').inputValue(), '8');
    await page.fill('[name=reason]', 'Максаты так, тажрыйбасы бар.');
    await page.locator('button[value=score]').click();
    await page.locator('.notice.good').first().waitFor();
    await sound('an application without a name');

    await go(`/staff/seminars/${slug}/review`);
    assert.equal(await page.locator('[name=name_0_ky]').count(), 0, 'the criteria can still be changed');
    await page.locator(':is(form[action$="/review/open"] button, button[formaction$="/review/open"])').click();
    assert.match(page.url(), /sort=-score/);
    assert.match(await page.locator('table.people tbody tr').first().innerText(), /12/);
    await sound('the list by scores');
    assert.deepEqual(complaints.filter((c) => !/review.*422/.test(c)), []);
    await close();
    await demo.stop();
  });
}
