// A photo of the press kit: brought by staff, held back until who is in it agreed, shown with
// its description and credit, and away again.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, languages, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Buffer} what a photo may be */
let photo;

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  const page = await browser.newPage({ viewport: { width: 640, height: 480 } });
  await page.setContent('<body style="background: linear-gradient(45deg, teal, orange)"><h1>Ө Ү Ң</h1>');
  photo = await page.screenshot({ type: 'jpeg', quality: 80 });
  await page.close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/** @param {import('playwright-core').Page} page */
async function faults(page) {
  const bad = [...(await axe(page)), ...(await overflow(page))];
  return page.viewportSize()?.width === phone ? [...bad, ...(await smallTargets(page))] : bad;
}

/** @param {string} complaint that is not the browser's note of an answer that is meant so; a photo of another run may go between the page and its pictures */
const unexpected = (complaint) => !/status of 4(22|10)/.test(complaint);

describe('a photo goes to the page for the press when who is in it agreed', { concurrency: true }, () => {
  for (const [i, { lang, width, script }] of looks.entries()) test(`in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 300_000 }, async () => {
    const name = `Зал ${'АБВГ'[i]}`;
    const visitor = await open(browser, demo, { lang, width, script });
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    const look = async (/** @type {import('playwright-core').Page} */ at) => {
      if (script) assert.deepEqual(await faults(at), []);
    };
    const press = async (/** @type {string} */ button) => {
      await Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);
    };

    await staff.go('/staff/news/kit');
    await look(page);
    await page.locator('[name=kind][value=photo]').check({ force: true });
    await page.locator('[name=file]').setInputFiles({ name: 'зал.jpg', mimeType: 'image/jpeg', buffer: photo });
    await press('form[action$="/staff/news/kit"] button[type=submit]');
    const desk = new URL(page.url()).pathname.replace(/^\/\w\w/, '');
    assert.match(desk, /^\/staff\/news\/kit\/items\/[\w-]+$/);
    await look(page);

    // Without a description, a credit and an answer to who is in it nothing is shown.
    await press('button[formaction$="/show"]');
    assert.equal(await page.locator('#errors').count(), 1, 'a photo without words is shown');
    for (const l of languages) for (const part of ['alt', 'caption', 'credit']) await page.locator(`[name=${part}_${l}]`).fill(`${name} ${part} ${l}`);
    await page.locator('[name=pictured][value=agreed]').check({ force: true });
    await press(`form[action$="${desk}"] button[type=submit]`);
    assert.equal(await page.locator('#errors').count(), 1, 'that they agreed is believed without a note');
    await look(page);
    await page.locator('[name=noted]').fill('2026-11-02, кагазда');
    await press(`form[action$="${desk}"] button[type=submit]`);
    assert.equal(await page.locator('#errors').count(), 0, await page.locator('main').innerText());

    await visitor.go('/press');
    assert.ok(!(await visitor.page.content()).includes(name), 'it is shown before it is public');
    await staff.go(desk);
    await press('button[formaction$="/show"][value=public]');
    await look(page);

    await visitor.go('/press');
    const shown = visitor.page.locator('main li.card', { has: visitor.page.locator(`img[alt="${name} alt ${lang}"]`) });
    assert.equal(await shown.count(), 1);
    assert.ok((await shown.innerText()).includes(`${name} credit ${lang}`), 'a photo without its credit');
    assert.ok(!(await visitor.page.content()).includes('кагазда'), 'the note of who agreed is public');
    await look(visitor.page);
    const file = await shown.locator('a[href*="/press/files/"]').first().getAttribute('href');
    const got = await fetch(new URL(file ?? '', demo.url));
    assert.equal(got.status, 200);
    assert.equal(got.headers.get('content-type'), 'image/jpeg');

    await staff.go(desk);
    await press('button[formaction$="/show"][value=closed]');
    await visitor.go('/press');
    assert.ok(!(await visitor.page.content()).includes(name), 'it stays after it was closed');
    assert.equal((await fetch(new URL(file ?? '', demo.url))).status, 410, 'its file stays');

    for (const who of [visitor, staff]) {
      assert.deepEqual(who.complaints.filter(unexpected), []);
      await who.close();
    }
  });
});
