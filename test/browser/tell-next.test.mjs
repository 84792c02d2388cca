// Who was refused, waits or came too late asks with one tap to be told of the next in her city,
// and takes it back with one button.

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
  test(`the next in her city in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'participant', lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/next-${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const press = async (/** @type {string} */ button) => {
      await Promise.all([page.waitForNavigation(), page.locator(button).first().click()]);
    };
    // One of her applications waits, was refused or is over: its page offers it.
    await go('/my/applications');
    const mine = await page.locator('main h2 a').evaluateAll((list) => list.map((a) => new URL(/** @type {HTMLAnchorElement} */ (a).href).pathname.replace(/^\/(ky|ru|en)/, '')));
    const tap = 'form[action$="/next"] button[value=want]';
    for (const path of mine) {
      await go(path);
      if ((await page.locator(tap).count()) > 0) break;
    }
    assert.equal(await page.locator(tap).count(), 1, `no page offers it: ${mine}`);
    await sound('an application');
    await press(tap);
    assert.match(page.url(), /\/next$/);
    assert.equal(await page.locator('.notice.good').count(), 1);
    assert.equal(await page.locator('button[value=stop]').count(), 1);
    await page.locator('select[name=city]').selectOption('naryn');
    await page.locator('[name=kind][value=seminar]').check({ force: true });
    await press('section[aria-labelledby=want] button');
    await sound('what she asked for');
    // She finds it on My data and stops it there.
    await go('/me');
    const stop = 'form[action$="/next"] button[value=stop]';
    assert.ok((await page.locator(stop).count()) >= 1, 'My data tells nothing of it');
    while ((await page.locator(stop).count()) > 0) {
      await press(stop);
    }
    await go('/me');
    assert.equal(await page.locator(stop).count(), 0);
    assert.deepEqual(complaints, []);
    await close();

    // A stranger is led to sign in first.
    const stranger = await open(browser, demo, { lang, width, script });
    await stranger.go('/next?city=osh');
    assert.match(stranger.page.url(), /\/sign-in\?back=/);
    await stranger.close();
  });
}
