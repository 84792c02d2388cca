// The parts of pages: each in all of its states, in three languages, narrow and wide, dark
// and in the browser's own colours; and where charts, map, month, steps and events stand.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, cutBySpacing, desktop, languages, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {NonNullable<Parameters<import('playwright-core').Page['emulateMedia']>[0]>} Media */

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

/**
 * axe needs script; the page is the same without.
 * @param {import('playwright-core').Page} page
 * @param {string} where
 * @param {boolean} script
 */
async function sound(page, where, script = true) {
  assert.deepEqual([...(script ? await axe(page) : []), ...(await overflow(page)), ...(await smallTargets(page)), ...(await cutBySpacing(page))], [], where);
}

/**
 * The parts of the gallery, as its first page lists them.
 * @param {import('playwright-core').Page} page
 */
const partsOf = (page) => page.locator('main nav ul.links a').evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));

for (const lang of languages) {
  for (const width of [phone, desktop]) {
    test(`every part in ${lang} at ${width} px`, { timeout: 300_000 }, async () => {
      const { page, go, complaints, close } = await open(browser, demo, { lang, width });
      await go('/_style');
      const paths = await partsOf(page);
      assert.ok(paths.length > 10, `${paths.length} parts`);
      await sound(page, '/_style');
      for (const path of paths) {
        const answer = await page.goto(demo.url + path);
        assert.equal(answer?.status(), 200, path);
        await sound(page, `${path} at ${width}`);
      }
      assert.deepEqual(complaints, []);
      await close();
    });
  }
}

for (const [name, features] of /** @type {[string, Media][]} */ ([['dark', { colorScheme: 'dark' }], ['in the colours of the browser', { forcedColors: 'active' }]])) {
  test(`every part ${name}`, { timeout: 300_000 }, async () => {
    for (const width of [phone, desktop]) {
      const { page, go, complaints, close } = await open(browser, demo, { lang: 'ru', width });
      await page.emulateMedia({ ...features, reducedMotion: 'reduce' });
      await go('/_style');
      for (const path of await partsOf(page)) {
        await page.goto(demo.url + path);
        await sound(page, `${path} ${name} at ${width}`);
      }
      assert.deepEqual(complaints, []);
      await close();
    }
  });
}

test('a form of the gallery keeps nothing and says so', { timeout: 120_000 }, async () => {
  const { page, go, close } = await open(browser, demo, { lang: 'en', width: phone, script: false });
  await go('/_style/words');
  await page.locator('section[data-component=Flash] button').click();
  await page.waitForURL(/_style\/words$/);
  assert.match(await page.locator('main [role=status]').first().innerText(), /nothing was saved/);
  await close();
});

test('patterns tell women from men where there are no colours', { timeout: 120_000 }, async () => {
  for (const features of /** @type {Media[]} */ ([{}, { colorScheme: 'dark' }, { forcedColors: 'active' }, { media: 'print' }])) {
    const { page, go, close } = await open(browser, demo, { lang: 'ky', width: desktop });
    await page.emulateMedia(features);
    await go('/_style/charts');
    const looks = await page.locator('section[data-component=Proportion] .keys .swatch').evaluateAll((all) =>
      all.map((s) => {
        const line = s.querySelector('line');
        const of = (/** @type {Element | null} */ e) => (e ? getComputedStyle(e) : undefined);
        return [of(s.querySelector('rect'))?.fill, of(line)?.stroke, of(line)?.strokeDasharray].join(' ');
      }),
    );
    assert.equal(looks.length, 3);
    assert.equal(new Set(looks).size, 3, looks.join('\n'));
    const dashes = looks.map((l) => l.split(' ').slice(-2).join(' '));
    assert.equal(new Set(dashes).size, 3, `the patterns alone: ${dashes.join(' / ')}`);
    await close();
  }
});

test('a chart tells its numbers to who does not see it', { timeout: 120_000 }, async () => {
  const { page, go, close } = await open(browser, demo, { lang: 'en', width: phone, script: false });
  await go('/_style/charts');
  const image = page.getByRole('img', { name: 'Participants by city' }).first();
  assert.ok(await image.isVisible());
  const figure = page.locator('figure', { has: page.locator('#bars-title') });
  await figure.locator('summary').click();
  const rows = await figure.locator('tbody tr').allInnerTexts();
  assert.deepEqual(rows.map((t) => t.replace(/\s+/g, ' ').trim()), ['Osh 1,204', 'Naryn 38', 'Talas hidden', 'Batken fewer than 5', 'Karakol 0']);
  // Letters of a drawing are as large as they are read on a phone.
  const letter = await page.locator('svg.lines.narrow text').first().evaluate((t) => t.getBoundingClientRect().height);
  assert.ok(letter >= 12, `letters of ${letter} px`);
  assert.ok(!(await page.locator('svg.lines.wide').first().isVisible()));
  await close();
});

for (const { lang, width, script } of looks) {
  test(`map and month in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 240_000 }, async () => {
    const { page, go, complaints, close } = await open(browser, demo, { lang, width, script });
    await go('/');
    await sound(page, 'home', script);
    const map = page.locator('figure.map');
    assert.ok((await map.locator('path.region').count()) >= 3, 'no region has something on');
    const fills = await map.locator('path.region').evaluateAll((all) => all.map((p) => [p.getAttribute('class'), p.getAttribute('fill')].join(' ')));
    for (const f of fills) assert.match(f, /^region (now url\(#map-stripes\)|coming url\(#map-dots\)|past url\(#map-waves\))$/);
    // Each pattern that is drawn stands in the legend, and each city with something in the list.
    assert.equal(await map.locator('.legend li').count(), new Set(fills).size);
    if (!(await map.locator('.regions').isVisible())) await map.locator('summary').click();
    const pins = await map.locator('svg a.pin').evaluateAll((all) => all.map((a) => a.getAttribute('aria-label')));
    assert.deepEqual(await map.locator('.regions a').allInnerTexts(), pins);
    await sound(page, 'the list of the map', script);
    assert.equal(await meeting(page), '', 'names meet on the map');

    await go('/events/month');
    await sound(page, 'the month', script);
    const heads = await page.locator('table.month th').evaluateAll((all) => all.map((h) => h.querySelector('.long')?.textContent));
    assert.equal(heads.length, 7);
    const monday = { ky: 'дүйшөмбү', ru: 'понедельник', en: 'Monday' }[lang];
    assert.equal(heads[0], monday);
    const days = await page.locator('table.month td.full').count();
    assert.ok(days > 0, 'the demo has something this month');
    const first = page.locator('table.month td.full').first();
    if (width === phone) {
      // A list by day: what has nothing is not there, and the day stands in words.
      assert.equal(await page.locator('table.month td:visible').count(), days);
      assert.match(await first.locator('.words').innerText(), /\d.*, \p{L}+/u);
    } else {
      assert.ok((await page.locator('table.month td:visible').count()) >= 28);
    }
    const link = first.locator('a').first();
    const to = await link.getAttribute('href');
    await link.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**${to}`);
    // Month after month to the last with something, and not beyond.
    await go('/events/month');
    for (let turns = 0; (await page.locator('a[rel=next]').count()) > 0; turns++) {
      assert.ok(turns < 30, 'months lead on without end');
      await page.locator('a[rel=next]').click();
      await page.waitForLoadState();
    }
    assert.ok((await page.locator('table.month td.full').count()) > 0, 'the last month has nothing');
    // An empty one leads back to where something is.
    await go('/events/month?month=2040-02');
    await sound(page, 'an empty month', script);
    await page.locator('main p[role=status] + ul a').first().click();
    await page.waitForLoadState();
    assert.ok((await page.locator('table.month td.full').count()) > 0, 'the empty month leads nowhere');
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`charts, steps and events where people use them, in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 240_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    await staff.go('/numbers');
    await sound(staff.page, 'the numbers', script);
    assert.equal(await staff.page.locator('figure.chart').count(), 4);
    // What the map shows of a city is what the table below says.
    const cities = staff.page.locator('section', { has: staff.page.locator('#chart-city-title') });
    const row = await cities.locator('tbody tr').first().locator('td').allInnerTexts();
    const number = /\d[\d\s, ]*/.exec(row[1])?.[0].trim();
    const names = (await cities.locator('svg.places text').allTextContents()).map((t) => t.replace(/\u00a0/g, ' '));
    assert.ok(names.includes(`${row[0].trim()} ${number}`), `${row[0]} ${number}: ${names}`);
    await staff.go('/plan/templates/activists/copies');
    assert.equal(await staff.page.locator('div.steps [aria-current=step]').count(), 1);
    await sound(staff.page, 'the days of a template', script);
    await staff.page.locator('div.steps a').click();
    await staff.page.waitForURL(/\/plan\/templates\/activists$/);
    await staff.go('/import/people');
    const steps = staff.page.locator('div.steps');
    if (width === phone) {
      const box = await steps.locator('ol').boundingBox();
      assert.ok(box && box.height < 60, `the steps are ${box?.height} px high`);
    }
    await sound(staff.page, 'the file of people', script);
    await staff.go('/staff/seminars');
    await staff.page.locator('main td a[href*="/staff/seminars/"]').first().click();
    await staff.page.waitForLoadState();
    await sound(staff.page, 'a seminar', script);
    assert.deepEqual(staff.complaints, []);
    await staff.close();

    const her = await open(browser, demo, { role: 'participant', lang, width, script });
    await her.go('/me');
    await sound(her.page, 'her data', script);
    await her.go('/my/applications');
    await her.page.locator('main a[href*="/my/applications/"]').first().click();
    await her.page.waitForLoadState();
    const line = her.page.locator('ol.timeline');
    assert.ok((await line.locator('> li').count()) > 0, 'her application has no story');
    assert.equal(await line.locator('.day time[datetime]').count(), await line.locator('> li').count());
    await sound(her.page, 'her application', script);
    assert.deepEqual(her.complaints, []);
    await her.close();
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
        if (w > 1 && h > 4) return `${a.name} and ${b.name}`;
      }
    }
    return '';
  });
}
