// Who plans makes one seminar of several days on a page of its own, from the list of
// seminars to the draft; what is wrong is told at its field, and what was typed stays.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await startBrowser();
  demo = await startDemo();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const [turn, { lang, width, script }] of looks.entries()) {
  test(`a new seminar in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 120_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
    };
    await staff.go('/staff/seminars');
    await Promise.all([page.waitForNavigation(), page.locator('main a[href$="/plan/activities/new?kind=seminar"]').click()]);
    await sound('which template');
    await Promise.all([page.waitForNavigation(), page.locator('main a[href$="template=activists"]').click()]);
    await sound('the form');
    await page.locator('[name=row_new_city]').selectOption('osh');
    await page.locator('[name=row_new_date]').fill(`2028-03-0${turn + 1}`);
    await page.locator('[name=row_new_days]').fill('3');
    await Promise.all([page.waitForNavigation(), page.locator('form[action$="/plan/activities/new"] button[type=submit]').click()]);
    assert.equal(await page.locator(`#f-row_new_venue_${lang}[aria-invalid=true]`).count(), 1, 'the place that is missing is not marked');
    assert.equal(await page.locator('[name=row_new_days]').inputValue(), '3', 'what was typed is gone');
    await sound('the form with a fault');
    await page.locator(`[name=row_new_venue_${lang}]`).fill('Ош');
    await Promise.all([page.waitForNavigation(), page.locator('form[action$="/plan/activities/new"] button[type=submit]').click()]);
    assert.match(page.url(), /\/plan\/activists-osh/);
    assert.equal(await page.locator('[name=days]').inputValue(), '3');

    // More lines of the agenda come, and what was typed is still there.
    await page.locator('#f-venue_' + lang).fill('Ош, 2');
    const lines = await page.locator('input[name^="agenda_"][name$="_at"]').count();
    await Promise.all([page.waitForNavigation(), page.locator('button[name=more_sessions]').click()]);
    assert.ok((await page.locator('input[name^="agenda_"][name$="_at"]').count()) > lines, 'no lines were added');
    assert.equal(await page.locator('#f-venue_' + lang).inputValue(), 'Ош, 2', 'what was typed is gone');
    await sound('the editor with more lines');
    assert.deepEqual(staff.complaints.filter((c) => !/422/.test(c)), []);
    await staff.close();
  });
}
