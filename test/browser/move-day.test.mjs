// A published event moves to another place: what changes is shown first, in three languages,
// with who will be told; then it is done, and everybody reads what was and what is. Swapped
// hours are refused, and what was typed stays.

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
  test(`an event moves in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 180_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    const sound = async (/** @type {string} */ where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
      if (process.env['SHOTS']) await page.screenshot({ path: `${process.env['SHOTS']}/${turn}-${lang}-${where}.png`, fullPage: true });
    };
    const send = page.locator('main form[action*="/plan/"] button[type=submit]:not([name=more_sessions])');

    // One that is ahead, another in each turn.
    await staff.go('/staff/seminars');
    const all = await page.locator('main tbody tr:not(:has(.tag)) a[href*="/staff/seminars/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').split(/[/?]/)[4] ?? ''))].filter(Boolean));
    const slug = all[turn % all.length] ?? '';
    assert.ok(slug, 'no seminar is ahead');
    await staff.go(`/plan/${slug}`);

    // The hours are swapped: refused at the field, and both stay as they were typed.
    const from = await page.locator('[name=from]').inputValue();
    const to = await page.locator('[name=to]').inputValue();
    await page.locator('[name=from]').fill(to);
    await page.locator('[name=to]').fill(from);
    await send.last().click();
    await sound('swapped');
    assert.ok(await page.locator('#f-to-error, [name=to][aria-invalid=true]').count(), 'swapped hours are not refused at their field');
    assert.equal(await page.locator('[name=from]').inputValue(), to);
    await page.locator('[name=from]').fill(from);
    await page.locator('[name=to]').fill(to);

    // A new venue in one language alone is not enough.
    const hall = `Hall ${turn} “Nomad”`;
    await page.locator(`[name=venue_${lang}]`).fill(hall);
    await send.last().click();
    await sound('missing');
    assert.equal(await page.locator('button[name=sure]').count(), 0);
    assert.equal(await page.locator(`[name=venue_${lang}]`).inputValue(), hall);
    await page.locator('[name=words_venue][value=same]').check({ force: true });

    // The old address and the old way stay only when she says so.
    await send.first().click();
    await sound('behind');
    assert.ok(await page.locator('[name=stays_address][aria-invalid=true]').count(), 'the old address stays unasked');
    await page.locator('[name=stays_address]').check({ force: true });
    if (await page.locator('[name=stays_directions]').count()) await page.locator('[name=stays_directions]').check({ force: true });
    await send.first().click();
    await sound('changes');
    assert.equal(await page.locator('main table').first().locator('tbody tr').count(), 3, 'the venue in three languages');
    assert.ok((await page.locator('main table').first().innerText()).includes(hall));
    await page.locator('button[name=sure]').click();
    await page.waitForURL(new RegExp(`/plan/${slug}$`));
    await sound('done');
    assert.ok((await page.locator('main').innerText()).includes(hall));

    // Closed applications stay closed on the new day, unless she ticks that they open again.
    const later = (/** @type {string} */ iso, /** @type {number} */ days) => new Date(Date.parse(`${iso}Z`) + days * 86_400_000).toISOString().slice(0, 16);
    const closed = `${later(`${new Date().toISOString().slice(0, 10)}T00:00`, -1).slice(0, 10)}T23:59`;
    await page.locator('[name=deadline]').fill(closed);
    await Promise.all([page.waitForNavigation(), send.last().click()]);
    await page.locator('[name=date]').fill(later(`${await page.locator('[name=date]').inputValue()}T00:00`, 7).slice(0, 10));
    await send.last().click();
    await sound('shut');
    const opens = await page.locator('[name=reopen]').count();
    const until = opens ? await page.locator('[name=reopen_until]').inputValue() : closed;
    if (opens) {
      await page.locator('[name=reopen_until]').fill('2001-01-01T10:00');
      await page.locator('[name=reopen]').check({ force: true });
      await page.locator('button[name=sure]').click();
      await sound('shut-wrong');
      assert.equal(await page.locator('[name=reopen_until][aria-invalid=true]').count(), 1, 'they open until a day that has passed');
      await page.locator('[name=reopen_until]').fill(until);
    }
    await page.locator('button[name=sure]').click();
    await page.waitForURL(new RegExp(`/plan/${slug}$`));
    assert.equal(await page.locator('[name=deadline]').inputValue(), until, 'applications are open as nobody asked for');

    // Who only looks reads it too.
    const anybody = await open(browser, demo, { lang, width, script });
    await anybody.go(`/events/${slug}`);
    assert.ok((await anybody.page.locator('main .notice').first().innerText()).includes(hall));
    if (process.env['SHOTS']) await anybody.page.screenshot({ path: `${process.env['SHOTS']}/${turn}-${lang}-public.png` });
    assert.deepEqual(anybody.complaints, []);
    await anybody.close();
    assert.deepEqual(staff.complaints.filter((c) => !c.includes('422')), []);
    await staff.close();
  });
}
