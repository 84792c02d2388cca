// J2: a coordinator makes eight seminars from one template in one table, opens them, sees the
// balance of who applies, selects with a quota where many did, and writes to who waits.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, looks, open, overflow, phone, startBrowser, startDemo, until } from './harness.mjs';

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

const cities = ['naryn', 'karakol', 'bishkek', 'tokmok', 'jalal-abad', 'osh', 'batken', 'talas'];

for (const { lang, width, script } of looks) {
  test(`eight seminars from one template in ${lang} at ${width} px ${script ? 'with' : 'without'} script`, { timeout: 240_000 }, async ({ signal }) => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, script, width });
    const { page } = staff;
    /** @param {string} where */
    const good = async (where) => {
      assert.deepEqual(await overflow(page), [], `${where} is too wide`);
      if (script) assert.deepEqual(await axe(page), [], where);
    };
    await staff.go('/plan');
    await good('the plan');
    const known = await seminars(staff);
    await staff.go('/plan/templates/activists/copies');
    await good('the table');
    assert.deepEqual(await unlabelled(page), [], 'boxes without a label to be seen');
    if (script) {
      // What is typed as a day stands in words beside its box.
      await page.locator('[name=row_osh_date]').fill('2038-01-01');
      assert.match(await page.locator('#f-row_osh_date-words').innerText(), { ky: /2038-жылдын 1-январы, жума/, ru: /пятница, 1 января 2038/, en: /Friday, 1 January 2038/ }[lang]);
    }

    // A row that lacks its hours makes none of the eight.
    await fill(page, lang);
    await page.locator('[name=row_osh_from]').fill('');
    await page.locator('[name=publish]').check({ force: true });
    await submit(page);
    assert.equal(await page.locator('[name=row_osh_from][aria-invalid=true]').count(), 1, 'the wrong cell is not marked');
    assert.equal(await page.locator(`[name=row_naryn_venue_${lang}]`).inputValue(), `Venue naryn`, 'what was typed is lost');
    await good('the table with a fault');
    assert.match(await page.locator('#f-row_naryn_date-words').innerText(), /20\d\d/, 'a day that was sent is not said in words');
    assert.deepEqual(await unlabelled(page), [], 'boxes without a label to be seen');
    assert.equal(await seminars(staff), known, 'half of the table was made');

    await staff.go('/plan/templates/activists/copies');
    await fill(page, lang);
    await page.locator('[name=publish]').check({ force: true });
    await submit(page);
    assert.equal(await seminars(staff), known + 8, 'there are not eight more');

    // One of them takes an application at once, and shows it in the balance.
    await staff.go('/events?kind=seminar&group=activists&city=talas');
    const link = page.locator('main article a[href*="/events/activists-talas"]');
    const slug = (await link.evaluateAll((all) => all.map((a) => a.getAttribute('href')?.split('/').pop() ?? ''))).pop();
    assert.ok(slug);
    const person = await open(browser, demo, { lang, script: false, width: phone });
    await person.go(`/events/${slug}/apply`);
    await person.page.locator('[name=q_name]').fill('Эркинбекова Перизат');
    await person.page.locator('[name=q_phone]').fill('0543 000 998');
    await person.page.locator('[name=q_sex][value=female]').check({ force: true });
    await person.page.locator('[name=q_age]').selectOption('25-34');
    await person.page.locator('[name=q_place]').selectOption('talas');
    await person.page.locator('[name=q_processing]').check({ force: true });
    await person.page.locator('button[name=do][value=next]').click();
    await person.page.waitForURL(/\/my\/applications\//);
    await person.close();
    await staff.go(`/staff/seminars/${slug}/applicants`);
    await good('the selection');
    assert.match(await page.locator('main').innerText(), /Эркинбекова Перизат/);
    assert.ok((await page.locator('main svg').count()) > 0, 'no balance is drawn');

    // Where more apply than there are seats she draws with a quota for women, and it is kept.
    const many = 'activists-tokmok';
    await staff.go(`/staff/seminars/${many}/selection`);
    const seats = Number(await page.locator('[name=seats]').inputValue());
    const half = Math.ceil(seats / 2);
    await page.selectOption('#add', 'sex=female');
    await page.fill('[name=add_min]', String(half));
    await page.locator('button[value=save]').click();
    await page.locator('#verdict .box.good').waitFor();
    await good('the rules');
    await page.fill('[name=witness]', '2 5 3 6');
    await page.locator('button[formaction$="/selection/draw"]').click();
    await until(signal, async () => {
      await staff.go(`/staff/seminars/${many}/selection`);
      return page.locator('#draw code').count();
    });
    await good('the draw');
    await page.locator('#draw a[href$="/applicants?chosen=yes"]').click();
    await good('who is chosen');
    assert.ok((await page.locator('table.people tr.on').count()) > 0, 'nobody is chosen');

    // She writes to all who wait for a decision, in their languages, and takes it back.
    await staff.go(`/staff/seminars/${many}/mailings/write`);
    await page.locator('input[name=state][value=undecided]').check();
    for (const [l, words] of [['ky', 'Чечим жакында'], ['ru', 'Решение скоро'], ['en', 'We decide soon']]) {
      await page.fill(`[name=subject_${l}]`, words);
      await page.fill(`[name=body_${l}]`, `${words}: {activity}`);
    }
    await good('a message');
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/mailings\/[0-9a-f-]{20,}/);
    const reach = (await page.locator('#who').innerText()).match(/\d+/g)?.map(Number) ?? [];
    assert.ok(reach.length >= 2 && reach[0] > 0, `it reaches ${reach}`);
    await good('whom it reaches');
    await page.locator('form:has(input[name=do][value=send]) button').click();
    await page.locator('.notice.undo').waitFor();
    await page.locator('.notice.undo button').click();
    await page.locator('main a[href*="/mailings/write?of="]').waitFor();
    assert.equal(await page.locator('.notice.undo').count(), 0, 'it still waits');
    assert.deepEqual(staff.complaints.filter((c) => !/422/.test(c)), []);
    await staff.close();
  });
}

/** @param {import('playwright-core').Page} page @param {string} lang */
async function fill(page, lang) {
  for (const [i, city] of cities.entries()) {
    const day = new Date(Date.now() + (20 + i) * 86_400_000).toISOString().slice(0, 10);
    await page.locator(`[name=row_${city}_date]`).fill(day);
    await page.locator(`[name=row_${city}_from]`).fill('10:00');
    await page.locator(`[name=row_${city}_to]`).fill('16:00');
    await page.locator(`[name=row_${city}_venue_${lang}]`).fill(`Venue ${city}`);
  }
}

/** @param {import('playwright-core').Page} page */
async function submit(page) {
  await page.locator('main form:has([name=publish]) button[type=submit], main form:has([name=publish]) button:not([type])').last().click();
  await page.waitForLoadState();
}

/**
 * How many seminars for activists the public calendar announces.
 * @param {Awaited<ReturnType<typeof open>>} staff
 */
async function seminars(staff) {
  await staff.go('/events?kind=seminar&group=activists');
  return staff.page.locator('main article').count();
}

/**
 * The boxes of the table whose label is not to be seen, or is not what assistive technology calls them.
 * @param {import('playwright-core').Page} page
 */
function unlabelled(page) {
  return page.evaluate(() => {
    const out = [];
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('table.filling input, table.filling select'))) {
      if (!box.checkVisibility()) continue;
      const label = box.labels?.[0];
      const seen = label?.getBoundingClientRect();
      if (!label || !seen || seen.width < 8 || seen.height < 8 || label.classList.contains('visually-hidden')) out.push(box.name);
    }
    return out;
  });
}
