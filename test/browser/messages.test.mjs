// Messages as the list of staff: narrowed, sought by whom they are to, several sent again
// after a look at what would leave, and taken back; and the numbers beside the words.

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

for (const { lang, width, script } of looks) {
  test(`messages that did not arrive in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const rows = page.locator('.list tbody tr');
    await go('/staff/messages?state=failed');
    await sound('what did not arrive');
    const failed = await rows.count();
    assert.ok(failed > 0, 'the demo has no message that did not arrive');
    // The number beside the word is that of the list.
    const beside = page.locator(`nav.side a[href$="/staff/messages"] .count`);
    assert.equal(await beside.textContent(), String(failed));
    const name = (await rows.first().locator('td:not(.tick)').first().textContent())?.trim() ?? '';
    assert.ok(name.length > 3, 'nobody is named who has to be called');

    // Sought by name: no address names her.
    await page.fill('#seek', name);
    await page.press('#seek', 'Enter');
    await page.waitForURL(/find=/);
    assert.ok((await rows.count()) > 0);
    assert.ok(!decodeURIComponent(page.url()).includes(name.split(' ')[0] ?? name));
    await sound('the search');
    await page.locator('.facets a.on').last().click();

    // Sent again: shown first, waiting, taken back.
    await go('/staff/messages?state=failed');
    for (const box of await page.locator('.list .tick input').all()) await box.check();
    await page.locator('.stick button').first().click();
    await sound('the preview');
    assert.equal(await page.locator('.changes li').count(), failed);
    await page.locator('.confirm button').click();
    await page.waitForURL(/\/staff\/messages\?state=failed$/);
    assert.equal(await rows.count(), 0);
    assert.equal(await beside.count(), 0, 'nothing waits, and the word has a number');
    await sound('they wait');
    await page.locator('.undo button').click();
    await page.waitForURL(/\/staff\/messages$/);
    await go('/staff/messages?state=failed');
    assert.equal(await rows.count(), failed);
    assert.equal(await page.locator('.undo').count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}
