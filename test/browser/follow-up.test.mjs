// Who has said yes answers what the organiser must know before the day, also without a script,
// and corrects it; staff read who needs what, and the kitchen gets numbers without names.

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
  test(`questions after a yes in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const hers = await open(browser, demo, { role: 'participant', lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const press = async (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ button) => {
      await Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);
    };

    // Staff switch it on wherever something is ahead, the first time.
    await staff.go('/staff/seminars');
    const slugs = await staff.page.locator('main a[href*="/staff/seminars/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').match(/\/staff\/seminars\/([a-z0-9-]+)/)?.[1] ?? ''))].filter(Boolean));
    let slug = '';
    for (const s of slugs) {
      await staff.go(`/staff/seminars/${s}/more`);
      if ((await staff.page.locator('form[action$="/more/rules"]').count()) === 0) continue;
      if (!(await staff.page.locator('[name=asks]').isChecked())) {
        await staff.page.locator('[name=asks]').check({ force: true });
        await staff.page.locator('[name=days_before]').fill('0');
        await press(staff.page, 'form[action$="/more/rules"] button');
        assert.equal(await staff.page.locator('.notice.good').count(), 1, s);
      }
    }

    // She is asked on My programme, answers, is asked what hangs on an answer, and corrects.
    await hers.go('/my');
    if ((await hers.page.locator('main a[href$="/more"]').count()) === 0) {
      await press(hers.page, 'form:has([name=reply][value=confirm]) button');
    }
    await sound(hers.page, 'my programme');
    await Promise.all([hers.page.waitForNavigation(), hers.page.locator('main a[href$="/more"]').first().click()]);
    const where = hers.page.url();
    await sound(hers.page, 'the questions');
    await hers.page.fill('[name=q_travel_from]', 'Кара-Суу');
    await hers.page.locator('[name=q_travel_how][value="1"]').check({ force: true });
    await press(hers.page, 'form[action$="/more"] button');
    await hers.page.locator('[name=q_travel_how][value="2"]').check({ force: true });
    await hers.page.locator('[name=q_food][value="2"]').check({ force: true });
    await hers.page.fill('[name=q_allergy]', 'жаңгак');
    await hers.page.locator('[name=q_needs][value="5"]').check({ force: true });
    await press(hers.page, 'form[action$="/more"] button');
    assert.equal(await hers.page.locator('[name=q_fare]').count(), 2, 'a question that hangs on an answer is not asked');
    assert.equal(await hers.page.locator('[name=q_allergy]').inputValue(), 'жаңгак');
    await sound(hers.page, 'one question more');
    await hers.page.locator('[name=q_fare][value="1"]').check({ force: true });
    await press(hers.page, 'form[action$="/more"] button');
    assert.equal(await hers.page.locator('.notice.good').count(), 1);
    await hers.go('/my');
    await Promise.all([hers.page.waitForNavigation(), hers.page.locator('main a[href$="/more"]').first().click()]);
    assert.equal(hers.page.url(), where);
    assert.equal(await hers.page.locator('[name=q_travel_from]').inputValue(), 'Кара-Суу');
    await hers.page.fill('[name=q_travel_from]', 'Өзгөн');
    await press(hers.page, 'form[action$="/more"] button');
    assert.equal(await hers.page.locator('[name=q_travel_from]').inputValue(), 'Өзгөн');

    // Staff find her answer under one of the seminars, and the kitchen reads no name.
    for (const s of slugs) {
      await staff.go(`/staff/seminars/${s}/more/answers`);
      if ((await staff.page.locator('main').innerText()).includes('Өзгөн')) slug = s;
      if (slug) break;
    }
    assert.ok(slug, 'no page of staff shows the answer');
    await sound(staff.page, 'the answers');
    const name = await staff.page.locator('main tbody tr', { hasText: 'Өзгөн' }).locator('a').first().innerText();
    await staff.go(`/staff/seminars/${slug}/more`);
    await sound(staff.page, 'who has answered');
    await staff.go(`/staff/seminars/${slug}/more/lines?for=kitchen`);
    const kitchen = await staff.page.locator('main').innerText();
    assert.ok(kitchen.includes('жаңгак') && !kitchen.includes(name), kitchen);
    await sound(staff.page, 'the kitchen');
    await staff.go(`/staff/seminars/${slug}/more/lines?for=door`);
    const door = await staff.page.locator('main').innerText();
    assert.ok(!door.includes('жаңгак') && !door.includes(name), door);
    await staff.go(`/staff/seminars/${slug}/more/form`);
    await sound(staff.page, 'the form of questions');

    assert.deepEqual([...staff.complaints, ...hers.complaints], []);
    await Promise.all([staff.close(), hers.close()]);
  });
}
