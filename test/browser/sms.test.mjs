// Text messages to those who gave a number alone: what they cost is shown before and after, they
// lie beside the mailbox of the demo, and nobody whom one reaches is to be called.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, smallTargets, startBrowser, startDemo, until } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
let slug = '';

const pictures = process.env.PICTURES;
const people = 30;
const phoned = 3;

before(async () => {
  [demo, browser] = await Promise.all([startDemo('--undo', '1s', '--sms'), startBrowser()]);
  const { page, go, close } = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await go('/import/people');
  const rows = Array.from({ length: people }, (_, i) => (i % 10 === 9 ? `Узакбаева Айжан ${i},,+99655510${String(i).padStart(4, '0')}` : `Узакбаева Айжан ${i},ai${i}@example.org,`));
  await page.setInputFiles('input[type=file]', { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`аты-жөнү,email,телефон\n${rows.join('\n')}\n`) });
  await page.locator('main form button').last().click();
  await page.waitForURL(/import\/people\/./);
  for (let i = 0; i < 20 && (await page.locator('main form button.button').count()); i++) {
    await page.locator('main form button.button').first().click();
    await page.waitForLoadState();
  }
  await go('/people?sort=made');
  for (const box of (await page.locator('.list .tick input').all()).slice(0, 1)) await box.check();
  await page.locator('.stick button[formaction*="/staff/invite"]').click();
  const options = await page.locator('select[name=activity] option').evaluateAll((list) => list.map((o) => o.getAttribute('value') ?? '').filter(Boolean));
  slug = String(options.at(-1));
  await go(`/staff/seminars/${slug}/seats`);
  await page.fill('[name=capacity]', '999');
  await page.locator('main form button').last().click();
  await go('/people?sort=made');
  /** @type {string[]} */
  const ids = [];
  while (ids.length < people) {
    ids.push(...(await page.locator('.list tbody tr:has-text("Узакбаева") .tick input').evaluateAll((list) => list.map((b) => b.getAttribute('value') ?? ''))));
    const next = page.locator('a[rel=next]').first();
    if (ids.length >= people || !(await next.count())) break;
    await next.click();
    await page.waitForLoadState();
  }
  assert.equal(ids.length, people);
  const token = String(await page.locator('input[name=csrf], input[name=token]').first().getAttribute('value').catch(() => ''));
  const field = String(await page.locator('form[method=post] input[type=hidden]').first().getAttribute('name'));
  const value = token || String(await page.locator('form[method=post] input[type=hidden]').first().getAttribute('value'));
  const body = new URLSearchParams([[field, value], ['activity', slug], ['sure', 'yes'], ...ids.map((id) => ['pick', id])]);
  const answer = await page.request.post(`${demo.url}/en/staff/invite`, { data: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: demo.url }, maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  // A number that was only typed gets three a day, and the four runs send more: staff spoke with them.
  await go(`/staff/seminars/${slug}/calls`);
  const cards = page.locator('section.card:has-text("Узакбаева")');
  assert.equal(await cards.count(), phoned);
  for (let left = await cards.count(); left > 0; left = await cards.count()) {
    await Promise.all([page.waitForNavigation(), cards.first().locator('button[value=herself]').click()]);
    assert.ok((await cards.count()) < left);
  }
  await close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const { lang, width, script } of looks) {
  test(`text messages in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 240_000 }, async ({ signal }) => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    let pictured = 0;
    /** @param {string} where */
    const sound = async (where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const short = `Автобус уходит в восемь, ${lang} ${width}`;
    await go(`/staff/seminars/${slug}/mailings/write`);
    for (const box of await page.locator('input[name=state]').all()) await box.setChecked((await box.getAttribute('value')) === 'invited');
    for (const box of await page.locator('input[name=russian]').all()) await box.check();
    await page.fill('[name=subject_ru]', 'Как добраться');
    await page.fill('[name=body_ru]', 'Автобус уходит в восемь от площади.');
    // A place in a text message is refused, and its line named.
    await page.fill('[name=short_ru]', 'Пишем {name}');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator('[id$="short_ru-error"]').waitFor();
    await sound('a place is refused');
    // Without a text message those with a number alone are not reached.
    await page.fill('[name=short_ru]', '');
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    assert.equal(await page.locator('.box.warn .names li').count(), phoned);
    assert.equal(await page.locator('#sms-cost').count(), 0);
    await sound('without a text');
    await page.locator('a[href*="/mailings/write?of="]').first().click();
    await page.fill('[name=short_ru]', short);
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    assert.equal(await page.locator('.box.warn .names li').count(), 0, 'whom a text message reaches is listed as out of reach');
    const before = await page.locator('#sms-cost').innerText();
    const [parts, som] = (before.match(/\d+([.,]\d+)?/g) ?? []).map((n) => Number(n.replace(',', '.')));
    assert.ok(parts >= phoned && som === parts * 2.5, `the sum is not shown before it is sent: ${before}`);
    await sound('what it costs');
    const mailing = page.url().replace(/[?#].*/, '');
    await page.locator('input[name=night]').check();
    await page.locator('form:has(input[name=do][value=send]) button').click();
    const paid = await until(signal, async () => {
      await page.goto(mailing);
      const counts = await page.locator('.quotas tbody tr').evaluateAll((list) => Object.fromEntries(list.map((tr) => [tr.querySelector('a')?.getAttribute('href')?.match(/as=(\w+)/)?.[1], Number(tr.querySelector('td')?.textContent)])));
      return counts.delivered === people && page.locator('#sms-cost').innerText();
    });
    assert.equal(paid, before, 'another sum was paid than was shown');
    assert.equal(await page.locator('a[href$="/calls"].button').count(), 0, 'somebody is to be called whom it reached');
    await sound('what was paid');
    await go('/demo/mailbox');
    const texts = page.locator('section[aria-labelledby=sms] .card');
    assert.equal(await texts.filter({ hasText: short }).count(), phoned);
    await sound('the box of the demo');
    const link = String(await texts.filter({ hasText: short }).first().locator('a').getAttribute('href'));
    assert.match(link, /\/m\/[\w-]{24}$/);
    await page.goto(link);
    assert.match(page.url(), /\/[ai]\//, 'the link leads to her application');
    assert.deepEqual(complaints.filter((c) => !c.includes('422')), []); // of what was refused on purpose
    await close();
  });
}
