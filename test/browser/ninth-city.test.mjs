// A ninth city: a coordinator looks at it on the map, adds it, plans a seminar there from a
// template; a woman who lives there finds it on the map and applies; the list of people,
// the selection and the calendar know the city. Then it gets another name.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo?.stop());

const names = { ky: 'Карабалта', ru: 'Кара-Балта', en: 'Kara-Balta' };
const locatives = { ky: 'Карабалтада', ru: 'в Кара-Балте', en: 'in Kara-Balta' };
const renamed = { ky: 'Жаңышаар', ru: 'Джанышар', en: 'Janyshaar' };
const inRenamed = { ky: 'Жаңышаарда', ru: 'в Джанышаре', en: 'in Janyshaar' };

for (const { lang, width, script } of looks) {
  test(`a ninth city in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 120_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    /** @param {string} where */
    const sound = async (where, on = page) => {
      assert.deepEqual(await overflow(on), [], where);
      if (script) assert.deepEqual(await axe(on), [], where);
      if (script && width === phone) assert.deepEqual(await smallTargets(on), [], where);
    };

    // From the plan to the lists, and to an empty form.
    await staff.go('/plan');
    await page.locator('a[href$="/staff/lists"]').click();
    await sound('the lists');
    const cities = page.locator('section[aria-labelledby=list-city] tbody tr');
    assert.equal(await cities.count(), 8);
    await page.locator('a[href$="/staff/lists/city/new"]').click();

    // What is missing is said at its field, and what was typed stays.
    await page.fill('[name=name_0_ky]', names.ky);
    await page.fill('[name=lat]', '52.5');
    await page.locator('main button[type=submit]:not([name])').last().click();
    await page.waitForLoadState();
    assert.equal(await page.locator('[name=lat][aria-invalid=true]').count(), 1);
    assert.equal(await page.locator('[name=name_0_ru][aria-invalid=true]').count(), 1);
    assert.equal(await page.inputValue('[name=name_0_ky]'), names.ky);
    await sound('a form with faults');

    // Looked at on the map before anything is kept.
    for (const l of /** @type {Lang[]} */ (['ky', 'ru', 'en'])) {
      await page.fill(`[name=name_0_${l}]`, names[l]);
      await page.fill(`[name=in_0_${l}]`, locatives[l]);
    }
    // Where it lies is pressed on the map: degrees and region fill themselves in, and nothing
    // that was typed is lost. A key presses no place, and Enter in a field presses no map.
    await page.fill('[name=lat]', '');
    const press = async (/** @type {() => Promise<unknown>} */ how) => {
      await Promise.all([page.waitForNavigation(), how()]);
    };
    const map = page.locator('input.point:visible');
    assert.equal(await map.count(), 1, 'the map is there once');
    await press(() => map.press('Enter'));
    await page.locator('#where [role=status]').waitFor();
    assert.equal(await page.inputValue('[name=lat]'), '', 'a key presses a place');
    const box = await map.boundingBox();
    assert.ok(box);
    assert.equal(box.width, Number(await map.getAttribute('width')), 'the map is shown in another width than it is read in');
    await press(() => map.click({ position: { x: box.width * 0.423, y: box.height * 0.15 } })); // west of Bishkek
    assert.ok(Math.abs(Number(await page.inputValue('[name=lat]')) - 42.81) < 0.05, await page.inputValue('[name=lat]'));
    assert.ok(Math.abs(Number(await page.inputValue('[name=lon]')) - 73.85) < 0.06, await page.inputValue('[name=lon]'));
    assert.equal(await page.inputValue('[name=iso]'), 'KG-C', 'the region is not found');
    assert.equal(await page.inputValue('[name=name_0_ky]'), names.ky);
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/city-${lang}-${width}.png`, fullPage: true });
    await sound('pressed on the map');
    await page.fill('[name=lat]', '42,8142');
    await page.fill('[name=lon]', '73.8481');
    await page.locator('button[name=look]').click();
    await page.waitForLoadState();
    assert.equal(await page.locator('svg .pin.new text').textContent(), names[lang]);
    assert.equal(await meeting(page), '', 'names meet on the map');
    await sound('the look at it');
    await page.locator('main form button[type=submit]:not([name]):not([hidden])').first().click();
    await page.waitForURL(/\/staff\/lists$/);
    assert.equal(await cities.count(), 9, 'it was not added');
    assert.match(await page.locator('[role=status], .notice').first().innerText(), new RegExp(names[lang]));

    // A seminar there, from a template, in the table of all cities.
    await staff.go('/plan/templates/activists/copies');
    const day = new Date(Date.now() + 25 * 86_400_000).toISOString().slice(0, 10);
    await page.fill('[name="row_kara-balta_date"]', day);
    await page.fill('[name="row_kara-balta_from"]', '10:00');
    await page.fill('[name="row_kara-balta_to"]', '16:00');
    await page.fill(`[name="row_kara-balta_venue_${lang}"]`, 'Venue');
    await page.locator('[name=publish]').check({ force: true });
    await page.locator('main form:has([name=publish]) button[type=submit], main form:has([name=publish]) button:not([type])').last().click();
    await page.waitForLoadState();

    // A woman who lives there finds it on the map and applies.
    const person = await open(browser, demo, { lang, width, script });
    await person.go('/events/map');
    const pin = person.page.locator('svg a.pin[href*="city=kara-balta"]');
    assert.match((await pin.getAttribute('aria-label')) ?? '', new RegExp(`^${names[lang]}: `));
    await sound('the map', person.page);
    await pin.focus();
    await person.page.keyboard.press('Enter');
    await person.page.waitForURL(/city=kara-balta/);
    const card = person.page.locator('main article a[href*="/events/activists-kara-balta"]').first();
    assert.match(await card.innerText(), new RegExp(names[lang]));
    await person.go('/events/activists-kara-balta/apply');
    await person.page.fill('[name=q_name]', 'Эркинбекова Перизат');
    await person.page.fill('[name=q_phone]', '0543 000 998');
    await person.page.locator('[name=q_sex][value=female]').check({ force: true });
    await person.page.selectOption('[name=q_age]', '25-34');
    await person.page.selectOption('[name=q_place]', { label: names[lang] });
    await person.page.locator('[name=q_processing]').check({ force: true });
    await person.page.locator('button[name=do][value=next]').click();
    await person.page.waitForURL(/\/my\/applications\//);
    assert.match(await person.page.locator('main').innerText(), new RegExp(names[lang]));
    assert.deepEqual(person.complaints, []);
    await person.close();

    // Staff see her with her city.
    await staff.go('/staff/seminars/activists-kara-balta/applicants');
    const chosen = await page.locator('main').innerText();
    assert.match(chosen, /Эркинбекова Перизат/);
    assert.match(chosen, new RegExp(names[lang]));
    await sound('the selection');
    await staff.go('/people?city=kara-balta');
    assert.equal(await page.locator('.list tbody tr').count(), 1);

    // Another name from today: pages say it, and the former one still finds the city.
    await staff.go('/staff/lists/city/kara-balta');
    await page.locator('main form details summary').last().click();
    // A day is what Bishkek calls it.
    const today = new Date(Date.now() + 6 * 3_600_000).toISOString().slice(0, 10);
    await page.fill('[name=from_1]', today);
    for (const l of /** @type {Lang[]} */ (['ky', 'ru', 'en'])) {
      await page.fill(`[name=name_1_${l}]`, renamed[l]);
      await page.fill(`[name=in_1_${l}]`, inRenamed[l]);
    }
    await sound('another name');
    await page.locator('main form button[type=submit]:not([name]):not([hidden])').first().click();
    await page.waitForURL(/\/staff\/lists$/);
    await staff.go('/events?city=kara-balta');
    assert.match(await page.locator('main').innerText(), new RegExp(renamed[lang]));
    await staff.go('/staff/lists/city/kara-balta');
    assert.match(await page.locator('main').innerText(), new RegExp(names[lang]), 'the former name is not said');
    await sound('a city with two names');
    assert.deepEqual(staff.complaints.filter((c) => !/422/.test(c)), []);
    await staff.close();
  });
}

/**
 * Two names of the map that cover each other, empty when none do.
 * @param {import('playwright-core').Page} page
 */
function meeting(page) {
  return page.evaluate(() => {
    const all = [...document.querySelectorAll('svg .pin text')].map((t) => ({ name: t.textContent, box: t.getBoundingClientRect() }));
    for (const [i, a] of all.entries()) {
      for (const b of all.slice(i + 1)) {
        const w = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
        const h = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
        if (w > 2 && h > 6) return `${a.name} and ${b.name}`;
      }
    }
    return '';
  });
}
