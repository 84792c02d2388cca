// Applications are looked through one after the other, in the list as it was narrowed; staff tag
// them and note what they think, which the applicant may read.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const pictures = process.env.PICTURES;

for (const look of looks) {
  const { lang, width, script } = look;
  test(`looking through applications in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
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
    const rows = page.locator('table.people tbody tr');
    const first = page.locator('table.people tbody tr a[href*="/applicants/"]').first();
    assert.match(String(await first.getAttribute('href')), /state=applied/);
    await first.click();
    assert.equal(await page.locator('a[rel=prev]').count(), 0);

    // A tag and a note, which its author deletes again.
    const tag = `Жаш лидер ${lang} ${width}`;
    await page.fill('#tags [name=tag]', tag);
    await page.locator('#tags form:last-of-type button').click();
    await page.locator('#tags button[name=off]').first().waitFor();
    assert.ok((await page.locator('#tags button[name=off]').allInnerTexts()).some((t) => t.includes(tag)));
    const words = 'Былтыр келген, абдан активдүү катышкан. Быйыл да чакыруу керек.';
    await page.fill('#notes [name=note]', words);
    await page.locator('#notes > form button').click();
    await page.locator('#notes article').first().waitFor();
    assert.ok((await page.locator('#notes article').last().innerText()).includes(words));
    assert.match(page.url(), /state=applied/);
    await sound('an application');
    await page.locator('#notes button[name=drop]').last().click();
    assert.equal(await page.locator('#notes article', { hasText: words }).count(), 0);

    // The next, and back to the list, narrowed to the tag.
    await page.locator('a[rel=next]').first().click();
    assert.equal(await page.locator('a[rel=prev]').count(), 1);
    assert.match(page.url(), /state=applied/);
    await page.locator('a[rel=prev]').click();
    await page.locator('main > p a').first().click();
    await page.locator('main details', { has: page.locator('a', { hasText: tag }) }).locator('summary').first().click();
    await page.locator('a', { hasText: tag }).first().click();
    assert.equal(await rows.count(), 1);
    await sound('the list of a tag');
    await page.locator('table.people tbody tr a[href*="/applicants/"]').first().click();
    await page.locator('#tags button[name=off]', { hasText: tag }).click();
    assert.equal(await page.locator('#tags button[name=off]', { hasText: tag }).count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}
