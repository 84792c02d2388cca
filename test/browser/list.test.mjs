// The list of people as staff use it, with a script and without one, on a phone and on a
// desk: searched without a name in any address, narrowed, sorted, changed and taken back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Demo} Demo */
/** @type {Demo} */
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
  test(`the list of people in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    await go('/people');
    await sound('the list');
    const all = await page.locator('.list tbody tr').count();
    assert.equal(all, 50);

    // Searched: she is found, and neither the address nor a link of the page names her.
    await page.fill('#seek', 'асан');
    await page.press('#seek', 'Enter');
    await page.waitForURL(/find=/);
    const found = await page.locator('.list tbody tr').count();
    assert.ok(found > 0 && found < all, `${found} of ${all} are found`);
    const links = await page.locator('a[href], form').evaluateAll((list) => list.map((e) => decodeURIComponent(e.getAttribute('href') ?? e.getAttribute('action') ?? '')));
    assert.deepEqual([page.url(), ...links].filter((a) => /асан|[?&]q=/i.test(decodeURIComponent(a))), []);
    await sound('the search');

    // Sorted and narrowed, with the search kept; what opens fits the screen.
    await page.locator('.facets summary').first().click();
    await sound('a filter is open');
    await page.locator('.facets details[open] a').first().click();
    assert.match(page.url(), /find=/);
    assert.match(page.url(), /sex=/);
    const narrowed = await page.locator('.list tbody tr').count();
    assert.ok(narrowed > 0 && narrowed < found, `${narrowed} of ${found} are left`);
    await page.locator('.facets a.on').last().click();
    assert.equal(await page.locator('.list tbody tr').count(), found);

    // Carried away: a file of those who were found.
    await page.locator('.list-top .drop summary').last().click();
    await sound('the export is open');
    const [file] = await Promise.all([page.waitForEvent('download'), page.locator('button[value=csv]').click()]);
    assert.match(file.suggestedFilename(), /^people-\d{4}-\d\d-\d\d\.csv$/);
    assert.equal(readFileSync(await file.path(), 'utf8').trim().split('\n').length, found + 1);
    if (await page.locator('.list-top details[open]').count()) await page.locator('.list-top .drop summary').last().click();

    // Changed: shown first, done, and taken back from the list.
    const first = page.locator('.list tbody tr').first();
    const name = (await first.locator('th').innerText()).trim();
    const before = await first.locator('td:not(.tick)').first().innerText();
    await first.locator('.tick input').check();
    // A file of those who are ticked leaves the page as it is: the other button still works.
    const [ticked] = await Promise.all([page.waitForEvent('download'), page.locator('.stick button[name=ticked]').click()]);
    assert.match(ticked.suggestedFilename(), /\.xlsx$/);
    await page.locator('.stick button').first().click();
    await page.selectOption('select[name=what]', 'group:other');
    await sound('what to change');
    await page.locator('main form .button').first().click();
    await sound('the preview');
    assert.ok((await page.locator('.changes').first().innerText()).includes(name));
    await page.locator('.confirm button').click();
    await page.waitForURL(/find=/);
    await sound('done');
    const row = page.locator('.list tbody tr', { hasText: name }).first();
    assert.notEqual(await row.locator('td:not(.tick)').first().innerText(), before);
    await page.locator('.undo button').click();
    await page.waitForURL(/\/people$/);
    assert.equal(await page.locator('.undo').count(), 0);
    await page.fill('#seek', name);
    await page.press('#seek', 'Enter');
    await page.waitForURL(/find=/);
    assert.equal(await page.locator('.list tbody tr', { hasText: name }).first().locator('td:not(.tick)').first().innerText(), before);
    assert.deepEqual(complaints, []);
    await close();
  });
}
