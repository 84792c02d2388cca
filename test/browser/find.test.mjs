// Finding anything: people, seminars, plans, materials and pages by what staff type, with
// the keyboard and without script.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

for (const { lang, width, script } of looks) {
  test(`staff find a seminar, its people and its papers, in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 120_000 }, async () => {
    const { page, go, complaints, close } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    await go('/today');
    if (script) {
      await page.keyboard.press('/');
      if (width === phone) {
        // The head of a phone has no field: the key leads to the page of the search.
        await page.waitForURL(/\/staff\/find$/);
        await page.locator('h1').click();
        await page.keyboard.press('/');
      }
      await page.keyboard.type('naryn / ');
      assert.equal(await page.locator('input[name=q]').inputValue(), 'naryn / ', 'a slash is a sign like any other in the field');
    } else {
      if (width === phone) await page.locator('nav.tabs a[href$="/staff/find"]').click();
      await page.locator('input[name=q]').fill('naryn');
    }
    await page.locator('input[name=q]').press('Enter');
    await page.waitForURL(/find=/);
    assert.doesNotMatch(page.url() + (await page.title()), /naryn/i, 'the address or the title tells what was looked for');
    for (const kind of ['seminars', 'activities']) {
      assert.ok((await page.locator(`section[aria-labelledby=found-${kind}] .hits a`).count()) > 0, `no ${kind} are found`);
    }
    const bad = script ? [...(await axe(page)), ...(await overflow(page)), ...(width === phone ? await smallTargets(page) : [])] : [];
    assert.deepEqual(bad, []);
    assert.equal(await page.locator('input[name=q]').count(), 1, 'the page of the search has a second field at its head');
    const heading = await page.locator('main h1').innerText();
    const sum = (await page.locator('main nav.facets a').allInnerTexts()).map((words) => Number(words.replace(/\D/g, '')));
    assert.equal(sum[0], sum.slice(1).reduce((a, b) => a + b, 0), 'the kinds do not add up to all');
    assert.match(heading, new RegExp(String(sum[0])));
    await page.locator('section[aria-labelledby=found-seminars] .hits a').first().click();
    await page.waitForURL(/\/staff\/seminars\/.+/);
    await go('/staff/find?q=' + encodeURIComponent('айгул'));
    assert.ok((await page.locator('section[aria-labelledby=found-people] .hits li').count()) > 0, 'nobody is found');
    if (script) assert.deepEqual([...(await axe(page)), ...(await overflow(page))], []);
    await page.locator('section[aria-labelledby=found-people] .hits a').first().click();
    await page.waitForURL(/\/people\/.+/);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test('who is no staff has no search, and no script of it', { timeout: 60_000 }, async () => {
  const { page, go, close } = await open(browser, demo, { role: 'participant', lang: 'ru', width: phone });
  await go('/');
  assert.equal(await page.locator('[data-find], script[src*="find-"]').count(), 0);
  await page.keyboard.press('/');
  assert.match(page.url(), /\/ru\/$/);
  await close();
});
