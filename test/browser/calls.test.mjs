// Somebody with nothing but a phone number is invited by name: the page says that she has to be
// called, and the list of calls takes what she says. Nobody answers, then she comes; a wrong
// tap is taken back; her application tells all of it.

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
  test(`who has a phone alone is called in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 240_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    const sound = async (/** @type {string} */ where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/calls-${turn}-${lang}-${where}.png`, fullPage: true });
    };
    /** @param {import('playwright-core').Locator} button */
    const press = (button) => Promise.all([page.waitForNavigation(), button.click()]);

    const slug = 'activists-tokmok';
    const name = `Үсөнова Гүлзат ${'Айжан Бермет Чолпон Дамира'.split(' ')[turn] ?? ''}`;
    await staff.go(`/staff/seminars/${slug}/invite`);
    await page.locator('[name=q_name]').fill(name);
    await page.locator('[name=q_phone]').fill(`0555 10 20 3${turn}`);
    await press(page.locator('main form:has([name=q_name]) button[type=submit]'));
    // People may still apply: it is asked first, and nobody is invited yet.
    assert.equal(await page.locator('main .changes li').innerText(), name);
    await sound('asked');
    await press(page.locator('.confirm button[type=submit]'));
    const call = page.locator('main a[href*="/calls#call-"]');
    assert.equal(await call.count(), 1, 'the page does not lead to the call');
    await sound('invited');
    const id = ((await call.getAttribute('href')) ?? '').split('#call-')[1] ?? '';
    await press(call);

    const card = page.locator(`section.card:has(#call-${id})`);
    assert.equal(await card.locator('h3 a').innerText(), name);
    await sound('list');
    // Nobody answers: she stays on the list, behind the others.
    await card.locator('[name=again]').selectOption('three');
    await press(card.locator('button[value=other]'));
    assert.equal(await card.count(), 1);
    assert.equal(await page.locator('section.card h3').last().innerText(), name, 'she does not stand behind the others');
    await sound('not-reached');
    // A wrong tap: she does not come. It is taken back by one tap.
    await press(card.locator('button[value=not_coming]'));
    assert.equal(await card.count(), 0);
    const noted = page.locator(`.notice.undo:has(a[href$="/applicants/${id}"])`);
    await sound('noted');
    await press(noted.first().locator('button'));
    assert.equal(await card.count(), 1, 'what was taken back is not as it was');
    // She comes.
    await press(card.locator('button[value=comes]'));
    assert.equal(await card.count(), 0);
    await press(noted.first().locator('a'));
    assert.match(page.url(), new RegExp(`/applicants/${id}$`));
    const events = page.locator('.timeline li li, .before li li');
    assert.ok((await events.count()) >= 5, 'her application does not tell the calls');
    assert.equal(await page.locator('#call .notice.undo').count(), 1);
    await sound('application');
    assert.deepEqual(staff.complaints, []);
    await staff.close();
  });
}
