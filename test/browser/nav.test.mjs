// The navigation: what a role may open stands in one line at the foot of a phone, or in a
// list beside the page, and each word leads to a page that opens.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, languages, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

const staff = ['coordinator', 'facilitator', 'moderator', 'frontdesk', 'admin'];

for (const role of ['coordinator', 'facilitator', 'moderator', 'frontdesk', 'admin', 'donor', 'deputy', 'participant']) {
  test(`the words of ${role} fit and lead on, on a phone and on a desk`, { timeout: 240_000 }, async () => {
    for (const lang of languages) {
      // Without script on the phone: the words are links.
      const { page, go, complaints, close } = await open(browser, demo, { role, lang, width: phone, script: lang === 'ru' });
      await go(staff.includes(role) ? '/today' : '/my');
      const words = page.locator(staff.includes(role) ? 'nav.tabs a' : 'nav.words a');
      const count = await words.count();
      assert.ok(count >= 2 && count <= 5, `${count} words`);
      const boxes = await Promise.all((await words.all()).map((one) => one.boundingBox()));
      if (staff.includes(role)) {
        assert.equal(new Set(boxes.map((b) => Math.round(b?.y ?? -1))).size, 1, 'the words stand in more than one line');
        const view = page.viewportSize();
        assert.ok(boxes.every((b) => b && view && b.y + b.height <= view.height + 1 && b.height >= 44), 'the words are not at the foot of the window');
        const header = await page.locator('header.top .row').boundingBox();
        assert.ok(header && header.height <= 150, `the head is ${header?.height} px high`);
        assert.equal(await page.locator('nav.tabs [aria-current=page]').count(), 1);
      } else {
        // One row of the head, with the words behind one more, and her account below it.
        const header = await page.locator('header.top .row').boundingBox();
        assert.ok(header && header.height <= 56, `the head is ${header?.height} px high`);
        const behind = page.locator('header.top details.menu');
        assert.equal(await behind.locator('a').first().isVisible(), false);
        await behind.locator('summary').click();
        assert.deepEqual(await behind.locator('a').allTextContents(), await words.allTextContents());
        assert.ok(await behind.locator('a').last().isVisible());
        assert.equal(await page.locator('header.top .who a, header.top .who button').count(), 2, 'her page and the way out');
      }
      if (lang === 'ru') assert.deepEqual([...(await axe(page)), ...(await overflow(page)), ...(await smallTargets(page))], []);
      const paths = await words.evaluateAll((links) => links.map((a) => a.getAttribute('href') ?? ''));
      if (paths.some((p) => p.endsWith('/staff/menu'))) {
        await page.goto(`${demo.url}/${lang}/staff/menu`);
        paths.push(...(await page.locator('ul.all a').evaluateAll((links) => links.map((a) => a.getAttribute('href') ?? ''))));
      }
      for (const path of new Set(paths)) {
        const answer = await page.goto(demo.url + path);
        assert.equal(answer?.status(), 200, `${path} answers ${role} with ${answer?.status()}`);
        assert.deepEqual(await overflow(page), [], path);
      }
      assert.deepEqual(complaints, []);
      await close();
    }
    const { page, go, complaints, close } = await open(browser, demo, { role, lang: 'ky', width: desktop });
    await go(staff.includes(role) ? '/today' : '/my');
    if (staff.includes(role)) {
      assert.ok(await page.locator('nav.side').isVisible());
      assert.ok(!(await page.locator('nav.tabs').isVisible()));
      assert.equal(await page.locator('nav.side [aria-current=page]').count(), 1);
      // From the address by the keyboard: first the way past it all, then the words.
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('href')), '#main');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate(() => document.activeElement?.id), 'main');
    }
    assert.deepEqual([...(await axe(page)), ...(await overflow(page))], []);
    assert.deepEqual(complaints, []);
    await close();
  });
}
