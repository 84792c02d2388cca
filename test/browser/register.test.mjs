// All applications as one list: narrowed, sought by name, several decided together after a
// look at what would become of each.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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

for (const { lang, width, script } of looks) {
  test(`all applications in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const rows = page.locator('.list tbody tr');
    await go('/staff/applications');
    await sound('the list');
    assert.equal(await rows.count(), 50);
    const name = ((await rows.first().locator('th').textContent()) ?? '').trim();

    // Sought by any part of the name: no address of the page holds it.
    const part = name.split(' ').at(-1) ?? name;
    await page.fill('#seek', part);
    await page.press('#seek', 'Enter');
    await page.waitForURL(/find=/);
    assert.ok((await rows.filter({ hasText: name }).count()) > 0);
    const links = await page.locator('a[href], form').evaluateAll((list) => list.map((e) => decodeURIComponent(e.getAttribute('href') ?? e.getAttribute('action') ?? '')));
    assert.deepEqual([page.url(), ...links].filter((a) => decodeURIComponent(a).includes(part)), []);
    await sound('the search');

    // Narrowed by what opens; the table carried away holds what fits.
    await go('/staff/applications?state=applied');
    await page.locator('.facets summary').first().click();
    await sound('a filter is open');
    // The seminar with the most of them; the first link takes all.
    const counts = await page.locator('.facets details[open] a').evaluateAll((list) => list.map((a) => Number((a.querySelector('small')?.textContent ?? '').replace(/\D/g, ''))));
    await page.locator('.facets details[open] a').nth(counts.indexOf(Math.max(...counts.slice(1)), 1)).click();
    assert.match(page.url(), /seminar=/);
    const fit = await rows.count();
    assert.ok(fit > 1, `${fit} fit`);
    await page.locator('.list-top .drop summary').last().click();
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button[value=csv]').click()]);
    assert.match(file.suggestedFilename(), /^applications-\d{4}-\d\d-\d\d\.csv$/);
    assert.ok(readFileSync(await file.path(), 'utf8').trim().split('\n').length > fit);
    if (await page.locator('.list-top details[open]').count()) await page.locator('.list-top .drop summary').last().click();

    // Decided together: shown first, done after a word.
    const here = page.url();
    for (const i of [0, 1]) await rows.nth(i).locator('.tick input').check();
    await page.locator('.stick button[value=shortlisted]').click();
    await sound('the preview');
    assert.equal(await page.locator('.confirm .changes li').count(), 2);
    await page.locator('.confirm button').click();
    await page.waitForURL((url) => url.href === here);
    await sound('done');
    assert.equal(await page.locator('.notice.good').count(), 1);
    assert.deepEqual(complaints, []);
    await close();
  });
}
