// A coordinator reads what happened to a person, narrows it, and shows a contact with a
// reason; the person reads in her log who saw it and why.

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
  const how = `in ${lang} at ${width} px${script ? '' : ', without a script'}`;

  test(`what happened to a person is read, and a contact shown with a reason ${how}`, async () => {
    // Who she is: her own page names her.
    const own = await open(browser, demo, { role: 'participant', lang, width, script });
    await own.go('/me');
    const name = (await own.page.locator('main dl.facts dd').first().innerText()).trim();
    const address = (await own.page.locator('main dl.facts dd', { hasText: '@' }).first().innerText()).trim();

    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const sound = async (/** @type {string} */ where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    await go('/people');
    await page.fill('#seek', name);
    await page.locator('form.seek button').click();
    await page.locator('.list tbody a', { hasText: name }).first().click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
    await sound('her page');
    assert.ok(!(await page.content()).includes(address), 'the page holds the address');

    // Each filter tells as many as it says, and all together those that stand together.
    const filters = page.locator('#story .facets a');
    const total = Number(await filters.first().locator('small').innerText());
    assert.equal(await page.locator('#story .timeline b').count(), Math.min(total, 50));
    for (let i = 1; i < (await filters.count()); i++) {
      const said = Number(await filters.nth(i).locator('small').innerText());
      await filters.nth(i).click();
      await page.waitForURL(/of=[a-z]+/);
      assert.equal(await filters.nth(i).getAttribute('aria-current'), 'true');
      const told = await page.locator('#story .timeline b').count();
      assert.ok(told === Math.min(said, 50) || /of=looks/.test(page.url()), `filter ${i}: ${told} of ${said}`); // looking is a look
      await sound(page.url());
    }

    // No reason, no contact; then it stands there once, as links without words.
    await page.locator('#reach summary').click();
    const show = page.locator('#reach button[name=contact]', { hasText: '@' });
    if (!script) {
      await page.locator('#reach [name=reason]').evaluate((e) => e.removeAttribute('required'));
      await show.click();
      assert.ok((await page.locator('#reach .error').count()) > 0, 'nothing is said of the missing reason');
      assert.ok(!(await page.content()).includes(address));
    }
    await page.selectOption('#reach [name=reason]', 'other');
    const words = `Эскертүү ${lang} ${width}`;
    await page.fill('#reach [name=words]', words);
    await show.click();
    await page.waitForURL(/\/contacts/);
    assert.equal(await page.locator('#reach a[href^="mailto:"]').getAttribute('href'), `mailto:${address}`);
    assert.doesNotMatch(page.url(), /@|%40/);
    await sound('the contact is shown');
    await page.goto(page.url().replace(/\/contacts.*/, ''));
    assert.ok(!(await page.content()).includes(address), 'the address stays on the page');
    assert.deepEqual(complaints.filter((c) => !c.includes('422')), []); // the missing reason
    await close();

    await own.go('/me');
    assert.ok((await own.page.locator('#looks').innerText()).includes(words), 'she does not read the reason');
    await own.close();
  });
}
