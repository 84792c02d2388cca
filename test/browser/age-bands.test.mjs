// Age bands that hold from a day: a coordinator sees which hold, is told of a gap at its
// field, looks at what would change, sets them and takes them back. A former name of a city
// is only corrected as a typing error, which stays to be read.

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

const weekday = { ky: 'жума', ru: 'пятница', en: 'Friday' };

for (const { lang, width, script } of looks) {
  test(`other age bands in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 120_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], where);
    };
    const sets = page.locator('main table tbody tr');
    const look = () => page.locator('main form:not(.confirm):has([name=ages_from_0]) button[type=submit]').click().then(() => page.waitForLoadState());

    await staff.go('/staff/lists');
    await page.locator('a[href$="/staff/lists/bands"]').click();
    await page.waitForURL(/\/staff\/lists\/bands$/);
    assert.equal(await sets.count(), 1);
    await sound('the bands');

    // The 1st of January 2038 is a Friday, whatever the device calls it.
    await page.fill('[name=from]', '2038-01-01');
    if (script) assert.match(await page.locator('#f-from-words').innerText(), new RegExp(weekday[lang]), 'the words do not follow what is typed');
    await page.fill('[name=ages_from_1]', '20');
    await look();
    assert.match(await page.locator('#f-from-words').innerText(), new RegExp(weekday[lang]));
    assert.equal(await page.locator('[name=ages_from_1][aria-invalid=true]').count(), 1, 'the gap is not at its field');
    assert.equal(await page.inputValue('[name=ages_from_1]'), '20', 'what was typed is lost');
    await sound('a gap');

    // 18 to 29 and 30 to 44 take the place of three bands.
    for (const [name, value] of Object.entries({ ages_from_1: '18', ages_to_1: '29', ages_from_2: '30', ages_to_2: '44', ages_from_3: '45', ages_to_3: '59', ages_from_4: '60', ages_to_4: '', ages_from_5: '', ages_to_5: '' })) {
      await page.fill(`[name=${name}]`, value);
    }
    await look();
    const changes = await page.locator('section[aria-labelledby=look] tbody tr').allInnerTexts();
    assert.equal(changes.length, 6);
    assert.match(changes[1] ?? '', /18–24[\s\S]*18–29/);
    assert.match(changes[2] ?? '', /25–34[\s\S]*18–29[\s\S]*30–44/);
    await sound('what would change');
    await staff.go('/staff/lists/bands');
    assert.equal(await sets.count(), 1, 'a look has set them');

    await page.fill('[name=from]', '2038-01-01');
    for (const [name, value] of Object.entries({ ages_to_1: '29', ages_from_2: '30', ages_to_2: '44', ages_from_3: '45', ages_to_3: '59', ages_from_4: '60', ages_to_4: '', ages_from_5: '', ages_to_5: '' })) {
      await page.fill(`[name=${name}]`, value);
    }
    await look();
    await page.locator('form.confirm button[type=submit]').click();
    await page.waitForLoadState();
    assert.equal(await sets.count(), 2);
    assert.match(await sets.nth(1).innerText(), /30–44/);
    await sound('two sets');
    await page.locator('form[action$="/staff/lists/bands/2038-01-01/back"] button').click();
    await page.waitForLoadState();
    assert.equal(await sets.count(), 1, 'they were not taken back');

    // Jalal-Abad is Manas: what it was called is corrected by a letter, after it was said.
    await staff.go('/staff/lists/city/jalal-abad');
    await page.locator('main form details summary').first().click();
    const former = await page.inputValue('[name=name_0_en]');
    const otherwise = former.endsWith('s') ? former.slice(0, -1) : `${former}s`;
    await page.fill('[name=name_0_en]', otherwise);
    const save = () => page.locator('main form:has([name=name_0_en]) button[type=submit]:not([name], [hidden])').click().then(() => page.waitForLoadState());
    assert.equal(await page.locator('[name=typo]').count(), 0);
    await save();
    assert.equal(await page.locator('[name=typo]').count(), 1, 'nobody asks what is meant');
    assert.equal(await page.locator('[name=earlier]').count(), 0, 'a former name may be another');
    await sound('it has to be said');
    await page.locator('[name=typo]').check({ force: true });
    await save();
    await page.waitForURL(/\/staff\/lists$/);
    await staff.go('/staff/lists/city/jalal-abad');
    assert.match(await page.locator('section[aria-labelledby=corrected]').innerText(), new RegExp(`${former} → ${otherwise}`));
    await sound('a correction');
    assert.deepEqual(staff.complaints.filter((c) => !/422/.test(c)), []);
    await staff.close();
  });
}
