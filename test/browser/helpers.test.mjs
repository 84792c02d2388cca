// Who helps at one activity: invited by staff on its page, for some days; her own page with
// what she needs; the texts that a translator writes; the role taken back.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, letter, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

/** @param {import('playwright-core').Page} page */
async function faults(page) {
  const bad = [...(await axe(page)), ...(await overflow(page))];
  return page.viewportSize()?.width === phone ? [...bad, ...(await smallTargets(page))] : bad;
}

/** @param {string} complaint that is not the browser's note of an answer that is meant so */
const unexpected = (complaint) => !/status of 4(03|22)/.test(complaint);

describe('who helps at one activity', { concurrency: 1 }, () => {
  for (const [i, { lang, width, script }] of looks.entries()) test(`in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 300_000 }, async ({ signal }) => {
    const helper = await open(browser, demo, { role: 'deputy', lang, width, script });
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const look = async (/** @type {import('playwright-core').Page} */ at) => {
      if (script) assert.deepEqual(await faults(at), []);
    };

    // My programme leads her to her page of the event.
    await helper.go('/my');
    const link = helper.page.locator('#helps ~ ul a, section[aria-labelledby=helps] a').first();
    await link.click();
    const work = new URL(helper.page.url()).pathname;
    assert.match(work, /^\/\w\w\/helping\/[\w-]+$/);
    const slug = work.split('/')[3];
    assert.ok((await helper.page.locator('.agenda li').count()) > 2, 'her page has no agenda');
    assert.ok((await helper.page.locator('.materials li').count()) > 0, 'her page has no materials');
    await look(helper.page);

    // She translates, and gets no other page of staff.
    await helper.go(`/helping/${slug}/words`);
    await look(helper.page);
    const title = `A seminar in ${lang} ${width}${script ? '' : ' plain'}`;
    await helper.page.locator('[name=title_en]').fill(title);
    await Promise.all([helper.page.waitForNavigation(), helper.page.locator('main button[type=submit]').last().click()]);
    assert.equal(await helper.page.locator('[name=title_en]').inputValue(), title);
    for (const closed of [`/plan/team/${slug}`, `/plan/${slug}`, `/staff/seminars/${slug}/applicants`]) {
      assert.equal((await helper.go(closed)).status(), 403, `${closed} opens to a helper`);
    }

    // Staff see her there, look for somebody, and are told what is missing.
    await staff.go(`/plan/team/${slug}`);
    assert.equal(await staff.page.locator('main table tbody tr').count() >= 2, true);
    await look(staff.page);
    await staff.page.locator('[name=find]').fill('Асан');
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('form[role=search] button').last().click()]);
    assert.ok(!decodeURIComponent(staff.page.url()).includes('Асан'), 'a name stands in the address');
    assert.ok((await staff.page.locator('form[action$="/give"] [name=person]').count()) > 0, 'nobody is found');
    await look(staff.page);
    await staff.go(`/plan/team/${slug}`);
    const invite = staff.page.locator('form[action$="/give"]');
    await invite.locator('[name=email]').fill('nobody');
    await Promise.all([staff.page.waitForNavigation(), invite.locator('button[type=submit]').click()]);
    assert.ok((await staff.page.locator('.errors li, .error-summary li, [data-errors] li').count()) > 0, 'nothing says what is wrong');
    assert.equal(await invite.locator('[name=email]').inputValue(), 'nobody');
    await look(staff.page);

    // Somebody new is invited: the letter is on its way, and the link is on no page of staff.
    const name = `Котормочу ${'АБВГ'[i]}`;
    await invite.locator('[name=name]').fill(name);
    await invite.locator('[name=email]').fill(`interpreter-${i}@example.org`);
    await invite.locator('[name=role][value=interpreter]').check({ force: true });
    await Promise.all([staff.page.waitForNavigation(), invite.locator('button[type=submit]').click()]);
    const row = staff.page.locator('main table tbody tr', { hasText: name });
    assert.equal(await row.count(), 1);
    assert.doesNotMatch(await staff.page.content(), /\/invitation\//);
    await letter(signal, demo, `interpreter-${i}@example.org`, '/invitation/');
    await look(staff.page);

    // And the role is taken back.
    await Promise.all([staff.page.waitForNavigation(), row.locator('button[value=take]').click()]);
    assert.equal(await row.count(), 0);
    assert.deepEqual([...helper.complaints, ...staff.complaints].filter(unexpected), []);
    await helper.close();
    await staff.close();
  });
});
