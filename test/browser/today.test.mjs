// The coordinator's morning: what cannot wait, the rows of seminars with their figures, whom to
// call; somebody is ticked as reached and leaves every count. And where the others begin.

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

/** @param {string | null} text */
const numberIn = (text) => Number(/\d+/.exec((text ?? '').replaceAll(/\s/g, ' '))?.[0]);

for (const { lang, width, script } of looks) {
  const how = `in ${lang} at ${width} px${script ? '' : ', without a script'}`;
  /** @param {import('playwright-core').Page} page @param {string} where */
  const sound = async (page, where) => {
    assert.deepEqual(await overflow(page), [], where);
    if (script) assert.deepEqual(await axe(page), [], where);
    if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
  };

  test(`a coordinator calls somebody, and every count follows ${how}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const answer = await go('/today');
    assert.ok((await answer.body()).length < 120_000, 'the page is long before it is compressed');
    await sound(page, 'today');
    // What is counted is shown: each thing in a row, beside, or above.
    const all = numberIn(await page.locator('.day-head b').textContent());
    const needs = await page.locator('.sem .needs a:not([href$="/day"])').count();
    const also = await page.locator('.box .needs li').count();
    const urgent = await page.locator('.urgent li').count();
    assert.ok(all >= needs + also && all <= needs + also + urgent, `${all} things wait, ${needs} in rows, ${also} beside, ${urgent} urgent`);
    assert.ok(urgent <= 3, 'more than three cannot wait');
    assert.equal(await page.locator('.sem svg[role=img][aria-label]').count(), await page.locator('.sem').count(), 'a row without its seats in words');
    const before = numberIn(await page.locator('#calls-title').textContent());
    assert.ok(before > 0, 'nobody is to be called in the demo');
    assert.match((await page.locator('.calls a.ring').first().getAttribute('href')) ?? '', /\/calls#call-/);
    // Who has to answer an invitation is called from the list, where the answer is noted.
    const first = page.locator('.calls li:has(form)').first();
    const name = await first.locator('> span > a').textContent();
    if (await first.locator('summary').count()) { // what proves an application is asked for once more
      assert.equal(await first.locator('form').isVisible(), false, 'an unproven application is one press from its proof');
      await first.locator('summary').click();
      await sound(page, 'the question');
    }
    await first.locator('form button').click();
    await page.waitForURL(new RegExp(`/${lang}/today`));
    const left = await page.locator('#calls-title').count();
    assert.equal(left === 0 ? 0 : numberIn(await page.locator('#calls-title').textContent()), before - 1);
    assert.equal(await page.locator('.calls', { hasText: name ?? '' }).count(), 0, 'who was reached is still to be called');
    await sound(page, 'after the call');
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`a facilitator finds the run sheet of the day ${how}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'facilitator', lang, width, script });
    await go('/start');
    await sound(page, 'where she begins');
    await page.locator('.sem.live .needs a[href$="/day"]').first().click();
    await page.waitForURL(/\/door\/[^/]+\/day/);
    assert.ok((await page.locator('ol.run > li').count()) > 3, 'the day has no steps');
    await sound(page, 'the run sheet');
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`the front desk begins at the door, a deputy at her invitation ${how}`, async () => {
    const desk = await open(browser, demo, { role: 'frontdesk', lang, width, script });
    await desk.go('/start');
    assert.match(new URL(desk.page.url()).pathname, new RegExp(`^/${lang}/door/`));
    await sound(desk.page, 'the door');
    await desk.close();
    const deputy = await open(browser, demo, { role: 'deputy', lang, width, script });
    await deputy.go('/start');
    const card = deputy.page.locator('#my-next ~ .grid article').first();
    assert.equal(await card.locator('form button[type=submit]').count(), 2, 'the invitation is not answered on its card');
    await sound(deputy.page, 'My programme');
    await card.locator('h3 a').click();
    await deputy.page.waitForURL(/\/my\/applications\//);
    await sound(deputy.page, 'the invitation');
    await deputy.close();
  });
}
