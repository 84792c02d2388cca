// The signed sheet of a day: two people key it in, neither sees the other, what differs is decided.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */

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

/** @type {{ lang: Lang, width: number, script: boolean }[]} */
const runs = [
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: phone, script: false },
  { lang: 'en', width: desktop, script: true },
  { lang: 'ky', width: desktop, script: false },
];

for (const { lang, width, script } of runs) {
  test(`a signed sheet is keyed in twice in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    /** @param {string} role */
    const at = async (role) => {
      const one = await open(browser, demo, { role, lang, width, script });
      /** @param {string} where */
      const sound = async (where) => {
        if (process.env.PICTURES) await one.page.screenshot({ path: `${process.env.PICTURES}/${where.replaceAll(' ', '-')}-${lang}-${width}.png`, fullPage: true });
        assert.deepEqual(await overflow(one.page), [], where);
        if (script) assert.deepEqual(await axe(one.page), [], where);
        if (script && width === phone) assert.deepEqual(await smallTargets(one.page), [], where);
      };
      return { ...one, sound };
    };
    const lead = await at('coordinator');
    // One of the demo's seminars that have begun and whose sheet nobody has keyed in.
    await lead.go('/staff/seminars');
    const events = await lead.page.locator('a[href*="/staff/seminars/"]').evaluateAll((links) => [...new Set(links.map((a) => (a.getAttribute('href') ?? '').match(/\/staff\/seminars\/([a-z0-9-]+)$/)?.[1]).filter(Boolean))]);
    let slug = '';
    for (const one of events) {
      await lead.go(`/staff/seminars/${one}/signed`);
      if (await lead.page.locator('a[href*="reading=1"]').count()) {
        await lead.page.locator('a[href*="reading=1"]').first().click();
        const people = await lead.page.locator('input[name=signed]').count();
        if (people >= 4) {
          slug = String(one);
          break;
        }
      }
    }
    assert.ok(slug, 'no seminar of the demo has a sheet that nobody has keyed in');
    await lead.go(`/staff/seminars/${slug}/signed`);
    await lead.sound('nothing keyed in');
    await lead.page.locator('a[href*="reading=1"]').first().click();
    const ticks = lead.page.locator('input[name=signed]');
    const people = await ticks.count();
    await ticks.nth(0).check();
    await ticks.nth(1).check();
    await lead.page.locator('input[name=below]').fill('many');
    await lead.sound('the first reading');
    await lead.page.locator('button[value=later]').click();
    assert.equal(await lead.page.locator('input[name=below][aria-invalid=true]').count(), 1, 'nonsense is named');
    assert.equal(await lead.page.locator('input[name=signed]:checked').count(), 2, 'what was ticked is kept');
    await lead.page.locator('input[name=below]').fill('1');
    await lead.page.locator('button[value=later]').click();
    assert.equal(await lead.page.locator('input[name=signed]:checked').count(), 2, 'what was saved is there');
    await lead.page.locator('button[value=done]').click();

    // The second reading, by the same person, says so; nothing is ticked.
    await lead.page.locator('a[href*="reading=2"]').first().click();
    assert.equal(await lead.page.locator('input[name=signed]:checked').count(), 0, 'the second reader sees nothing of the first');
    await lead.page.locator('input[name=signed]').nth(0).check();
    await lead.page.locator('input[name=signed]').nth(2).check();
    await lead.page.locator('input[name=below]').fill('1');
    await lead.page.locator('button[value=done]').click();
    await lead.sound('by one person without saying so');
    assert.equal(await lead.page.locator('input[name=signed]:checked').count(), 2);
    await lead.page.locator('input[name=alone]').check();
    await lead.page.locator('button[value=done]').click();
    assert.equal(await lead.page.locator('fieldset input[value=yes]').count(), 2, `two of ${people} differ`);
    await lead.sound('what differs');
    const take = lead.page.locator('form[action$="/signed/take"] button[type=submit]').last();
    await take.click();
    assert.equal(await lead.page.locator('fieldset input[value=yes]').count(), 2, 'nothing is taken over while something is open');
    await lead.sound('left open');
    await lead.page.locator('fieldset').nth(0).locator('input[value=yes]').check();
    await lead.page.locator('fieldset').nth(1).locator('input[value=no]').check();
    await lead.page.locator('form[action$="/signed/take"] button[type=submit]').last().click();
    assert.equal(await lead.page.locator('form[action$="/signed/take"]').count(), 0, 'it is taken over');
    await lead.sound('taken over');
    await lead.page.locator('form[action$="/signed/again"] summary').last().click();
    await lead.page.locator('form[action$="/signed/again"] button').last().click();
    assert.equal(await lead.page.locator('form[action$="/signed/take"]').count(), 1, 'it is open again');
    assert.equal(await lead.page.locator('fieldset input:checked').count(), 2, 'what was decided is kept');
    assert.deepEqual(lead.complaints.filter((c) => !/status of 4(22|09)/.test(c)), []);
    await lead.close();
  });
}
