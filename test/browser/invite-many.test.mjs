// Thirty people of the list are invited to one event together; and who was refused asks why,
// once, which waits on Today with its day until somebody answers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */

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

/** @type {{ lang: Lang, width: number, script: boolean }[]} */
const looks = [
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: phone, script: false },
  { lang: 'en', width: desktop, script: true },
  { lang: 'ky', width: desktop, script: false },
];

/**
 * @param {import('playwright-core').Page} page
 * @param {{ width: number, script: boolean }} look
 */
const soundOn = (page, { width, script }) => async (/** @type {string} */ where) => {
  assert.deepEqual(await overflow(page), [], where);
  if (script) assert.deepEqual(await axe(page), [], where);
  if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
};

for (const look of looks) {
  const { lang, width, script } = look;
  test(`thirty people are invited together in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const sound = soundOn(page, look);
    await go('/people?sort=made');
    for (const box of (await page.locator('.list .tick input').all()).slice(0, 30)) await box.check();
    await page.locator('.stick button[formaction*="/staff/invite"]').click();
    await sound('to which event');
    assert.equal(await page.locator('.changes li').count(), 30);
    // The one with most seats left.
    const choices = await page.locator('select[name=activity] option').evaluateAll((list) => list.map((o) => [o.getAttribute('value') ?? '', Number((o.textContent ?? '').match(/(\d+)\s*$/)?.[1] ?? 0)]));
    choices.sort((a, b) => Number(b[1]) - Number(a[1]));
    const [slug, left] = choices[0] ?? ['', 0];
    assert.ok(slug && Number(left) > 0, `no event has a seat: ${JSON.stringify(choices)}`);
    await page.selectOption('select[name=activity]', String(slug));
    await page.locator('main form button').last().click();
    await sound('who would be invited');
    const invited = await page.locator('.confirm > .changes').first().locator('li').count();
    const all = await page.locator('.changes li').count();
    assert.equal(all, 30);
    assert.ok(invited > 0 && invited <= Number(left), `${invited} of ${left} seats`);
    await page.locator('.confirm button').click();
    await page.waitForURL(new RegExp(`/staff/seminars/${slug}/applicants`));
    await sound('the event');
    const said = (await page.locator('.notice').first().innerText()).match(/\d+/g)?.map(Number);
    assert.deepEqual(said?.slice(0, 2), [invited, 30 - invited]);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`who was refused asks why in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 120_000 }, async () => {
    const name = `Бекова Чынара ${lang} ${width}`;
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const her = await open(browser, demo, { lang, width, script });
    // She applies where applications are open, and is refused.
    await her.go('/events');
    const events = await her.page.locator('main a[href*="/events/"]').evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute('href') ?? ''))].filter((h) => /\/events\/[a-z0-9-]+$/.test(h)));
    let slug = '';
    for (const event of events) {
      await her.page.goto(demo.url + event);
      if (await her.page.locator(`main a[href$="${event.slice(3)}/apply"]`).count()) {
        slug = event.replace(/.*\/events\//, '');
        await her.go(`/events/${slug}/apply`);
        if (await her.page.locator('[name=q_email]').count()) break;
        slug = '';
      }
    }
    assert.ok(slug, 'no event takes applications');
    await her.page.fill('[name=q_name]', name);
    await her.page.fill('[name=q_email]', `chynara-${lang}-${width}@example.org`);
    for (const [field, value] of [['q_age', '25-34'], ['q_place', 'osh']]) {
      if (await her.page.locator(`select[name=${field}]`).count()) await her.page.selectOption(`[name=${field}]`, String(value));
    }
    await her.page.locator('label:has([name=q_sex][value=female])').click();
    await her.page.locator('label:has([name=q_processing])').click();
    await her.page.locator('button[name=do][value=next]').click();
    await her.page.waitForURL(/\/my\/applications\//);
    const mine = her.page.url();
    await staff.go(`/staff/seminars/${slug}/applicants/${mine.replace(/.*\//, '')}`);
    // Where that takes a place on the waiting list from her, it needs a reason.
    const declines = staff.page.locator('form:has(button[name=to][value=declined])');
    await declines.locator('input[type=text]').fill('Орун калган жок');
    await declines.locator('button[name=to][value=declined]').click();
    assert.equal(await declines.count(), 0, 'she is not refused');
    await her.page.goto(mine);
    const hers = soundOn(her.page, look);
    await hers('her page after the refusal');
    await her.page.fill('#why textarea', 'Эмне жетишпеди?');
    await her.page.locator('#why button').click();
    await hers('her page after the question');
    assert.equal(await her.page.locator('#why form').count(), 0, 'she may ask a second time');

    // It waits on Today, is answered, and she reads the answer.
    await staff.go('/today');
    const task = staff.page.locator(`a[href*="/staff/seminars/${slug}/applicants/"]`).first();
    assert.equal(await task.count(), 1, 'nothing waits on Today');
    await task.click();
    const sound = soundOn(staff.page, look);
    await sound('the question');
    await staff.page.locator('#why textarea').fill('Орун аз болду.');
    await staff.page.locator('#why form button').click();
    await sound('the answer');
    assert.equal(await staff.page.locator('#why form').count(), 0);
    await her.page.goto(mine);
    assert.match(await her.page.locator('#why').innerText(), /Орун аз болду\./);
    await hers('her page with the answer');
    assert.deepEqual([...staff.complaints, ...her.complaints], []);
    await staff.close();
    await her.close();
  });
}
