// A message to two hundred of whom seven cannot be reached: whom it is to, how each sees it, a
// trial, a time, taken back, what came of it, and who is to be called.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, smallTargets, startBrowser, startDemo, until } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
let slug = '';

const pictures = process.env.PICTURES;

before(async () => {
  [demo, browser] = await Promise.all([startDemo('--undo', '1s'), startBrowser()]);
  const { page, go, close } = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await go('/import/people');
  const rows = Array.from({ length: 200 }, (_, i) => (i % 30 === 9 ? `Узакбаева Айжан ${i},,+99655510${String(i).padStart(4, '0')}` : `Узакбаева Айжан ${i},ai${i}@example.org,`));
  await page.setInputFiles('input[type=file]', { name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(`аты-жөнү,email,телефон\n${rows.join('\n')}\n`) });
  await page.locator('main form button').last().click();
  await page.waitForURL(/import\/people\/./);
  for (let i = 0; i < 20 && (await page.locator('main form button.button').count()); i++) {
    await page.locator('main form button.button').first().click();
    await page.waitForLoadState();
  }
  // An event with seats for them, to which nobody has applied yet or few have.
  await go('/people?sort=made');
  for (const box of (await page.locator('.list .tick input').all()).slice(0, 1)) await box.check();
  await page.locator('.stick button[formaction*="/staff/invite"]').click();
  const options = await page.locator('select[name=activity] option').evaluateAll((list) => list.map((o) => o.getAttribute('value') ?? '').filter(Boolean));
  slug = String(options.at(-1));
  await go(`/staff/seminars/${slug}/seats`);
  await page.fill('[name=capacity]', '999');
  await page.locator('main form button').last().click();
  // All whom the import brought.
  await go('/people?sort=made');
  /** @type {string[]} */
  const ids = [];
  while (ids.length < 200) {
    ids.push(...(await page.locator('.list tbody tr:has-text("Узакбаева") .tick input').evaluateAll((list) => list.map((b) => b.getAttribute('value') ?? ''))));
    const next = page.locator('a[rel=next]').first();
    if (!(await next.count())) break;
    await next.click();
    await page.waitForLoadState();
  }
  assert.equal(ids.length, 200);
  const token = String(await page.locator('input[name=csrf], input[name=token]').first().getAttribute('value').catch(() => ''));
  const field = String(await page.locator('form[method=post] input[type=hidden]').first().getAttribute('name'));
  const value = token || String(await page.locator('form[method=post] input[type=hidden]').first().getAttribute('value'));
  const body = new URLSearchParams([[field, value], ['activity', slug], ['sure', 'yes'], ...ids.map((id) => ['pick', id])]);
  const answer = await page.request.post(`${demo.url}/en/staff/invite`, { data: body.toString(), headers: { 'content-type': 'application/x-www-form-urlencoded', origin: demo.url }, maxRedirects: 0 });
  assert.equal(answer.status(), 303, await answer.text());
  await close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const look of looks) {
  const { lang, width, script } = look;
  test(`a message to two hundred in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 240_000 }, async ({ signal }) => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    let pictured = 0;
    /** @param {string} where */
    const sound = async (where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const number = async (/** @type {string} */ selector) => Number((await page.locator(selector).first().innerText()).replace(/\D/g, ''));
    await go(`/staff/seminars/${slug}/mailings`);
    await sound('the list');
    await page.locator('main a[href$="/mailings/write"]').first().click();
    assert.equal(await page.locator('input[name=state]:checked').count(), 0, 'somebody is chosen in advance');
    for (const box of await page.locator('input[name=state]').all()) await box.setChecked((await box.getAttribute('value')) === 'invited');
    // An ending that hangs on a place is refused, and its line named.
    await page.fill('[name=subject_ru]', 'Как добраться: {activity}');
    await page.fill('[name=body_ru]', 'Имя: {name}\nПишем {name}-у о дороге.');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator('#body_ru-error, [id$="body_ru-error"]').first().waitFor();
    assert.match(await page.locator('[id$="body_ru-error"]').innerText(), /2/);
    await sound('an ending is refused');
    await page.fill('[name=body_ru]', 'Имя: {name}\n\nАвтобус уходит в восемь от площади.\nВаша страница: {link}');
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    // Who reads another language has no text: that is said before anything can be sent.
    assert.ok((await page.locator('.box.bad').count()) > 0, 'a language has no text and the page is silent');
    assert.equal(await page.locator('input[name=do][value=send]').count(), 0);
    assert.ok((await page.locator('#not-yet').innerText()).length > 40, 'when it goes is not there, and nothing says why');
    await sound('a language is missing');
    await page.locator('a[href*="/mailings/write?of="]').first().click();
    for (const box of await page.locator('input[name=russian]').all()) await box.check();
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    assert.equal(await number('main h3'), 200);
    assert.equal(await page.locator('.box.warn .names li').count(), 7);
    const who = await page.locator('#who').innerText();
    assert.match(who, /193\D+7\b/);
    const letter = await page.locator('.letter').innerText();
    assert.match(letter, /Автобус уходит в восемь/);
    assert.doesNotMatch(await page.locator('main').innerText(), /ai\d+@example/);
    await sound('how each sees it');
    await page.locator('a[rel=next]').click();
    assert.match(await page.locator('.letter').innerText(), /Автобус уходит в восемь/);
    // A trial to oneself.
    await page.locator('form:has(input[name=do][value=try]) button').click();
    await page.locator('.notice').first().waitFor();
    await sound('a trial');
    const trial = await until(signal, async () => {
      const answer = await page.request.get(`${demo.url}/ru/demo/mailbox`);
      return /Проба|Trial|Сынак/.test(await answer.text());
    });
    assert.ok(trial);
    // Planned for another day, and taken back.
    const mailing = page.url().replace(/[?#].*/, '');
    const day = new Date(Date.now() + 2 * 86400_000).toISOString().slice(0, 10);
    await page.fill('[name=at]', `${day}T12:00`);
    await page.locator('form:has(input[name=do][value=send]) button').click();
    await page.locator('.notice.undo').waitFor();
    assert.match(await page.locator('.notice.undo').innerText(), /193\D+7\b/, 'another number than before it was planned');
    await sound('it waits');
    await page.locator('.notice.undo button').click();
    await page.waitForURL(mailing);
    assert.equal(await page.locator('.notice.undo').count(), 0);
    await sound('taken back');
    // The same words once more, now at once.
    await page.locator('a[href*="/mailings/write?of="]').first().click();
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    const second = page.url().replace(/[?#].*/, '');
    await page.locator('input[name=night]').check();
    await page.locator('form:has(input[name=do][value=send]) button').click();
    const done = await until(signal, async () => {
      await page.goto(second);
      const rows = await page.locator('.quotas tbody tr').evaluateAll((list) => list.map((tr) => [tr.querySelector('a')?.getAttribute('href')?.match(/as=(\w+)/)?.[1], Number(tr.querySelector('td')?.textContent)]));
      const counts = Object.fromEntries(rows);
      return counts.delivered === 193 && counts.unreachable === 7 && counts;
    });
    assert.ok(done);
    await sound('what came of it');
    await page.locator('.quotas a[href*="as=unreachable"]').click();
    assert.equal(await page.locator('.names li').count(), 7);
    await sound('whom it did not reach');
    // They are called; who was spoken with leaves the list.
    await page.locator('a[href$="/calls"].button').click();
    const cards = page.locator('section.card');
    const before = await cards.count();
    assert.ok(before > 0 && before <= 7);
    assert.match(await page.locator('.letter').innerText(), /Автобус/);
    await sound('whom to call');
    await Promise.all([page.waitForNavigation(), cards.nth(looks.indexOf(look)).locator('button[value=herself]').click()]); // each run another
    assert.match(page.url(), /\/mailings\/.*\/calls$/);
    assert.equal(await cards.count(), before - 1);
    assert.deepEqual(complaints.filter((c) => !c.includes('422')), []); // of what was refused on purpose
    await close();
  });
}
