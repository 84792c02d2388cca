// A long table: asked for on the list of people, made beside the page, taken when it is
// ready, with a script that shows how far it is and without one.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, smallTargets, startBrowser, startDemo, until } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

const many = 2_050; // more than are sent at once

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
  const { page, go, close } = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await go('/import/people');
  const rows = Array.from({ length: many }, (_, i) => `Узакбаева Айжан ${i},ai${i}@example.org`);
  await page.setInputFiles('input[type=file]', { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`аты-жөнү,email\n${rows.join('\n')}\n`) });
  await page.locator('main form button').last().click();
  await page.waitForURL(/import\/people\/./);
  // A long file is taken in portions: the button stands there until all of it is in.
  for (let i = 0; i < 20 && (await page.locator('main form button.button').count()); i++) {
    await page.locator('main form button.button').first().click();
    await page.waitForLoadState();
  }
  await close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const { lang, width, script } of looks) {
  test(`a long table in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 240_000 }, async ({ signal }) => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    await go('/staff/exports');
    assert.equal(await page.locator('.empty').count(), 1);
    await sound('nothing yet');
    await go('/people');
    await page.locator('.list-top .drop summary').last().click();
    await page.locator('button[value=csv]').click();
    await page.waitForURL(/\/staff\/exports$/);
    await sound('just asked for');

    // Until it is ready: without a script by loading the page again.
    const ready = page.locator('.made button[value=csv]');
    if (script) await ready.waitFor({ timeout: 200_000 });
    else {
      await until(signal, async () => {
        await page.reload();
        return (await ready.count()) > 0;
      });
    }
    assert.equal(await ready.count(), 1);
    await sound('ready');

    if (script) {
      // A page that was drawn halfway becomes the ready one by itself.
      await page.route(/\/staff\/exports$/, async (route) => {
        const answer = await route.fetch();
        const body = (await answer.text())
          .replace('class="made"', 'class="made" data-progress')
          .replace(/(<div data-part="done">)[^]*?<\/div>/, '$1<progress max="3" value="1" aria-label="1"></progress></div>')
          .replace(/(<div class="actions" data-part="do">)[^]*?(<\/div>\s*<\/section>)/, '$1$2');
        await route.fulfill({ response: answer, body });
        await page.unroute(/\/staff\/exports$/);
      });
      await go('/staff/exports');
      assert.equal(await ready.count(), 0, 'the page is not the one that was drawn halfway');
      await ready.waitFor();
      assert.equal(await page.locator('.made progress').count(), 0);
      assert.equal(await page.locator('[data-progress]').count(), 0);
    }

    for (const format of ['csv', 'xlsx']) {
      const [file] = await Promise.all([page.waitForEvent('download'), page.locator(`.made button[value=${format}]`).click()]);
      assert.match(file.suggestedFilename(), new RegExp(`^people-\\d{4}-\\d\\d-\\d\\d\\.${format}$`));
      const body = readFileSync(await file.path());
      if (format === 'csv') assert.ok(body.toString().trim().split('\n').length > many, 'the table is not whole');
      else assert.equal(body.subarray(0, 2).toString(), 'PK');
    }
    // In another's hands the page has nothing of it.
    const other = await open(browser, demo, { role: 'admin', lang, width, script });
    await other.go('/staff/exports');
    assert.equal(await other.page.locator('.made').count(), 0);
    await other.close();

    await page.locator('.made form button').last().click();
    await page.waitForLoadState();
    assert.equal(await page.locator('.made').count(), 0);
    await sound('deleted');
    assert.deepEqual(complaints, []);
    await close();
  });
}
