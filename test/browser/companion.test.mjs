// Two who come only together: one gives a link, the other applies and agrees, both confirm;
// staff see the pair and invite both in one go, one withdraws, and the other says that she
// comes alone.

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

for (const [n, look] of looks.entries()) {
  const { lang, width, script } = look;
  test(`coming together in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const first = await open(browser, demo, { lang, width, script });
    const second = await open(browser, demo, { lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };

    // A seminar that takes applications, with many seats; staff let people come together.
    await first.go('/events');
    const slugs = await first.page.locator('main a[href*="/events/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').match(/\/events\/([a-z0-9-]+)$/)?.[1] ?? ''))].filter((s) => s && s !== 'map' && s !== 'month'));
    let slug = '';
    for (const s of slugs.reverse()) { // the last days first: their deadlines lie ahead
      await first.go(`/events/${s}`);
      if ((await first.page.locator(`main a[href$="/events/${s}/apply"]`).count()) > 0) slug = s;
      if (slug) break;
    }
    assert.ok(slug, `nothing takes applications: ${slugs}`);
    await staff.go(`/staff/seminars/${slug}/seats`);
    await staff.page.locator('[name=first_come]').uncheck();
    await staff.page.locator('[name=companions]').check();
    await staff.page.locator('[name=capacity]').fill('60');
    await sound(staff.page, 'the seats');
    await staff.page.locator('main form:has([name=companions]) button[type=submit]').click();
    await staff.page.locator('[role=status]').first().waitFor();

    const apply = async (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ name, /** @type {string} */ email) => {
      await page.waitForURL(/\/apply/);
      for (let step = 0; step < 8 && !/\/my\/applications\//.test(page.url()); step++) {
        for (const [field, text] of [['q_name', name], ['q_email', email]]) {
          if ((await page.locator(`[name=${field}]`).count()) > 0) await page.locator(`[name=${field}]`).fill(text);
        }
        for (const box of await page.locator('main select').all()) await box.selectOption({ index: 1 });
        const groups = await page.locator('main input[type=radio]').evaluateAll((list) => [...new Set(list.map((i) => /** @type {HTMLInputElement} */ (i).name))]);
        for (const group of groups) await page.locator(`input[name="${group}"]`).first().check();
        for (const box of await page.locator('main input[type=checkbox][required]').all()) await box.check();
        if ((await page.locator('[name=q_processing]').count()) > 0) await page.locator('[name=q_processing]').check();
        for (const box of await page.locator('main textarea').all()) await box.fill('Жергиликтүү демилге');
        await Promise.all([page.waitForNavigation(), page.locator('button[name=do][value=next]').click()]);
      }
      await page.waitForURL(/\/my\/applications\//);
    };
    const names = [`Биринчи Айнура ${n}`, `Экинчи Бермет ${n}`];

    await first.go(`/events/${slug}/apply`);
    await apply(first.page, names[0], `first-${n}@example.org`);
    await first.page.locator('#companion summary').click();
    await sound(first.page, 'what it means');
    await first.page.locator('#companion form:has([value=companion_offer]) button').click();
    await first.page.locator('#companion code.copy').waitFor();
    const link = await first.page.locator('#companion code.copy').innerText();
    await sound(first.page, 'the link');
    const hers = first.page.url().replace(/#.*/, '');

    await second.page.goto(link);
    await sound(second.page, 'the page of the link');
    assert.ok(!(await second.page.locator('main').innerText()).includes('Айнура'), 'the link tells who gave it');
    await second.page.locator(`main a[href$="/events/${slug}/apply"]`).click();
    await apply(second.page, names[1], `second-${n}@example.org`);
    await second.page.locator('#companion a[href*="/companion/"]').click();
    await sound(second.page, 'agreeing');
    await second.page.locator('main form button[type=submit]').click();
    await second.page.waitForURL(/\/my\/applications\//);
    const theirs = second.page.url().replace(/#.*/, '');
    assert.ok(!(await second.page.locator('main').innerText()).includes('Айнура'), 'named before both have agreed');

    await first.page.goto(hers);
    assert.ok((await first.page.locator('#companion').innerText()).includes(names[1]), 'she does not read who used her link');
    await sound(first.page, 'confirming');
    await first.page.locator('#companion form:has([value=companion_agree]) button').click();
    await first.page.waitForURL(/\/my\/applications\//);
    await sound(first.page, 'a pair');
    await second.page.goto(theirs);
    assert.ok((await second.page.locator('#companion').innerText()).includes(names[0]), 'the first is not named now');

    // Staff see who comes with whom, and invite both at once.
    const application = hers.replace(/.*\/my\/applications\//, '');
    await staff.go(`/staff/seminars/${slug}/applicants/${application}`);
    assert.ok((await staff.page.locator('main').innerText()).includes(names[1]), 'staff do not read with whom she comes');
    await sound(staff.page, 'the applicant');

    // Staff part the two, not without a reason; nothing of it shows, and it is taken back.
    await staff.page.locator('#together summary').click();
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('#together button[value=part]').click()]);
    await staff.page.locator('#together [name=part_why][aria-invalid=true]').waitFor();
    await sound(staff.page, 'parting');
    await staff.page.locator('#together [name=part_why]').fill('Жалгыз келерин телефондон айтты');
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('#together button[value=part]').click()]);
    await staff.page.locator('#together button[value=undo]').waitFor();
    await sound(staff.page, 'parted');
    await second.page.goto(theirs);
    assert.ok((await second.page.locator('#companion').innerText()).includes(names[0]), 'it shows before it is told');
    assert.ok(!(await second.page.locator('main').innerText()).includes('телефондон'), 'the reason is shown');
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('#together button[value=undo]').click()]);
    await staff.page.locator('#together summary').waitFor();
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main button[name=to][value=invited]').click()]);
    await sound(staff.page, 'asked before the deadline');
    await staff.page.locator('.confirm button').click();
    await staff.page.locator('[role=status]').first().waitFor();
    for (const [who, at] of /** @type {const} */ ([[first, hers], [second, theirs]])) {
      await who.page.goto(at);
      await who.page.locator('form:has([name=reply][value=confirm]) button').click();
      await who.page.locator('main a[href*="/tickets/"]').first().waitFor();
    }

    // One withdraws; the other is asked, and comes alone.
    await first.page.locator('details:has([value=withdraw]) summary').click();
    await Promise.all([first.page.waitForNavigation(), first.page.locator('form:has([name=reply][value=withdraw]) button').click()]);
    await second.page.goto(theirs);
    await second.page.locator('form:has([name=reply][value=alone]) button').waitFor();
    await sound(second.page, 'alone or not');
    await Promise.all([second.page.waitForNavigation(), second.page.locator('form:has([name=reply][value=alone]) button').click()]);
    await second.page.goto(theirs);
    assert.equal(await second.page.locator('form:has([name=reply][value=alone])').count(), 0, 'she is asked again');
    assert.ok((await second.page.locator('main a[href*="/tickets/"]').count()) > 0, 'she has lost her seat');
    for (const who of [staff, first, second]) {
      assert.deepEqual(who.complaints.filter((c) => !/422/.test(c)), []); // what was refused on purpose
      await who.close();
    }
  });
}
