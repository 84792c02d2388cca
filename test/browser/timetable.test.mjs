// The messages that go by themselves about one activity: seen in three languages, switched off,
// moved, given a paragraph, and what cannot be kept refused.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {string[]} */
const slugs = []; // one activity for each look, whose reminder is to come

const pictures = process.env.PICTURES;

before(async () => {
  [demo, browser] = await Promise.all([startDemo(), startBrowser()]);
  const { page, go, close } = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await go('/staff/seminars');
  const paths = await page.locator('main a[href*="/staff/seminars/"]').evaluateAll((list) => list.map((a) => a.getAttribute('href') ?? ''));
  const all = [...new Set(paths.map((p) => p.match(/\/staff\/seminars\/([a-z0-9-]+)$/)?.[1] ?? '').filter(Boolean))];
  for (const slug of all) {
    if (slugs.length === looks.length) break;
    await go(`/staff/seminars/${slug}/timetable`);
    const waits = await page.locator('.timed li').evaluateAll((list) => list.filter((li) => li.querySelector('a[href$="/reminder"]') && /Waits/.test(li.textContent ?? '')).length);
    if (waits) slugs.push(slug);
  }
  assert.equal(slugs.length, looks.length, 'too few activities of the demo are to come');
  await close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const look of looks) {
  const { lang, width, script } = look;
  test(`the timetable of an activity in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 240_000 }, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const slug = slugs[looks.indexOf(look)];
    let pictured = 0;
    /** @param {string} where */
    const sound = async (where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/timetable-${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    const save = async () => {
      await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=save]').click()]);
    };
    // From the page of messages to groups.
    await go(`/staff/seminars/${slug}/mailings`);
    await page.locator('main p a[href$="/timetable"]').first().click();
    await page.waitForURL(/\/timetable$/);
    assert.equal(await page.locator('.happening li').count(), 18, 'fourteen of an application and four of other rooms');
    await sound('the timetable');
    // In order of time, none in the night.
    const hours = await page.locator('.timed li').evaluateAll((list) => list.map((li) => Number(li.querySelector('small')?.textContent?.match(/(\d\d):\d\d/)?.[1])));
    assert.ok(hours.length >= 1 && hours.every((h) => h >= 8 && h < 21), String(hours));
    // The reminder in three languages, with a paragraph that is only tried.
    await page.locator('a[href$="/timetable/reminder"]').click();
    await page.waitForURL(/\/reminder$/);
    assert.equal(await page.locator('.letter').count(), 3);
    assert.deepEqual(await page.locator('.letter').evaluateAll((list) => list.map((l) => l.getAttribute('lang'))), ['ky', 'ru', 'en']);
    await sound('the reminder');
    await page.fill('[name=own_ru]', 'Автобус уходит в семь от площади.\nВаше имя: {name}');
    await page.fill('[name=own_en]', 'The bus leaves at seven.');
    await page.locator('button[name=do][value=see]').click();
    await page.locator('[id$="missing-error"]').waitFor(); // Kyrgyz is missing, and staff have to say what then
    await sound('a language is missing');
    await page.locator('input[name=missing][value=russian]').check();
    await page.locator('button[name=do][value=see]').click();
    await page.locator('.notice').first().waitFor();
    for (const [n, says] of [[0, /Автобус уходит/], [1, /Автобус уходит/], [2, /The bus leaves/]]) {
      assert.match(await page.locator('.letter').nth(Number(n)).innerText(), /** @type {RegExp} */ (says));
    }
    assert.doesNotMatch(await page.locator('.letter').first().innerText(), /[{}]/);
    await sound('a paragraph is tried');
    // Nothing goes at night; what was typed stays.
    await page.fill('[name=days]', '2');
    await page.fill('[name=minute]', '22:30');
    await save();
    await page.locator('[id$="minute-error"]').waitFor();
    assert.equal(await page.inputValue('[name=own_en]'), 'The bus leaves at seven.');
    await sound('not at night');
    await page.fill('[name=minute]', '18:30');
    await save();
    await page.waitForURL(/\/reminder$/);
    await page.reload();
    assert.match(await page.locator('.facts').first().innerText(), /18:30/);
    assert.match(await page.locator('.letter').nth(2).innerText(), /The bus leaves/);
    // Somebody else has changed it meanwhile: the second is told, and nothing is lost.
    const stale = await page.locator('input[name=version]').getAttribute('value');
    await page.locator('input[name=off]').check();
    await save();
    await page.waitForURL(/\/reminder$/);
    await page.locator('input[name=version]').evaluate((input, v) => input.setAttribute('value', String(v)), stale).catch(() => {});
    await page.locator('input[name=off]').uncheck();
    if (script) {
      await save();
      await page.locator('.errors, .error-summary, [role=alert]').first().waitFor();
      await sound('the second is told');
      await go(`/staff/seminars/${slug}/timetable/reminder`);
      assert.ok(await page.locator('input[name=off]').isChecked());
    }
    await go(`/staff/seminars/${slug}/timetable`);
    assert.equal(await page.locator('.timed li:has(a[href$="/reminder"]) .tag').count(), 2, 'it is off, and has a paragraph');
    await sound('switched off and reworded');
    // The whole message in one's own words: not without the day, tried, sent to oneself, kept, and taken back.
    await page.locator('a[href$="/timetable/reminder"]').click();
    await page.waitForURL(/\/reminder$/);
    await page.locator('details:has([name=body_en]) summary').click();
    const house = await page.inputValue('[name=body_en]');
    await page.fill('[name=body_en]', 'See you soon at {activity}, {place}.');
    await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=save]').click()]);
    await page.locator('[name=body_en][aria-invalid=true]').waitFor();
    await sound('words without the day');
    await page.fill('[name=subject_en]', 'Soon: {activity}');
    await page.fill('[name=body_en]', 'See you soon at {activity}, {place}: {day}.');
    await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=test]').click()]);
    await page.locator('.notice.good').first().waitFor();
    assert.match(await page.locator('.letter').nth(2).innerText(), /^Soon: [\s\S]*See you soon at/);
    assert.doesNotMatch(await page.locator('.letter').nth(2).innerText(), /[{}]/);
    assert.doesNotMatch(await page.locator('.letter').nth(1).innerText(), /Soon/);
    await sound('words are tried');
    await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=save]').click()]);
    await go(`/staff/seminars/${slug}/timetable`);
    assert.equal(await page.locator('.timed li:has(a[href$="/reminder"]) .tag').count(), 3, 'it has words of its own');
    await go(`/staff/seminars/${slug}/timetable/reminder`);
    await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=house]').click()]);
    assert.equal(await page.locator('button[name=do][value=house]').count(), 0);
    assert.equal(await page.inputValue('[name=body_en]'), house);
    await go(`/staff/seminars/${slug}/timetable`);
    // What may not be switched off says why.
    await page.locator('a[href$="/timetable/invited"]').click();
    await page.waitForURL(/\/invited$/);
    assert.equal(await page.locator('input[name=off]').count(), 0);
    await sound('what always goes');
    await go(`/staff/seminars/${slug}/timetable`);
    await page.locator('a[href$="/timetable/team.moved"]').click();
    await page.waitForURL(/team\.moved$/);
    assert.equal(await page.locator('.letter').count(), 3);
    await sound('a message of another room');
    assert.deepEqual(complaints.filter((c) => !/422|409/.test(c)), []); // of what was refused on purpose
    await close();
  });
}
