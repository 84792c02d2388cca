// What people write on the page of contacts is answered from there, and what becomes public
// goes to the press list until one button leaves it.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { axe, letter, looks, open, overflow, phone, smallTargets, startBrowser, startDemo, until } from './harness.mjs';

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

/** @param {import('playwright-core').Page} page */
async function faults(page) {
  const bad = [...(await axe(page)), ...(await overflow(page))];
  return page.viewportSize()?.width === phone ? [...bad, ...(await smallTargets(page))] : bad;
}

/**
 * The address of a link in a letter.
 * @param {string} page
 * @param {RegExp} path
 */
function linkIn(page, path) {
  const found = path.exec(page.replaceAll('&amp;', '&'));
  assert.ok(found, 'the letter has no such link');
  return demo.url + found[0];
}

/** @param {string} complaint that is not the browser's note of an answer that is meant so */
const unexpected = (complaint) => !/status of 4(22|29)/.test(complaint);

describe('who writes is answered, and who subscribes gets what becomes public', { concurrency: true }, () => {
  for (const [i, { lang, width, script }] of looks.entries()) test(`in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 300_000 }, async ({ signal }) => {
    const name = `Жумабекова ${'АБВГ'[i]}`;
    const mail = `asks.${i}@example.org`;
    const stranger = await open(browser, demo, { lang, width, script });
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const look = async (/** @type {import('playwright-core').Page} */ page) => {
      if (script) assert.deepEqual(await faults(page), []);
    };
    const good = async (/** @type {import('playwright-core').Page} */ page) => assert.equal(await page.locator('.notice.good').count(), 1, await page.locator('main').innerText());
    const press = async (/** @type {import('playwright-core').Page} */ page, /** @type {string} */ button) => {
      await Promise.all([page.waitForNavigation(), page.locator(button).last().click()]);
    };
    /** Sends a form that costs an effort, and waits for the page of contacts. */
    const effort = async (/** @type {string} */ path) => {
      const { page } = stranger;
      await page.locator(`form[action$="${path}"] button[type=submit]`).last().click();
      // Without a script the page asks for a wait instead, and for another press after it.
      if (!script) {
        await until(signal, async () => {
          if (/\/contact$/.test(page.url())) return true;
          await Promise.all([page.waitForNavigation(), page.locator(`form[action$="${path}"] button`).last().click()]);
          return /\/contact$/.test(page.url());
        }, 5_000); // pressing early costs nothing but one of the forms that a network may send
      }
      await page.waitForURL(/\/contact$/, { timeout: 120_000 });
      await good(page);
    };

    await stranger.go('/contact');
    await look(stranger.page);
    await press(stranger.page, 'form[action$="/contact/write"] button[type=submit]');
    assert.equal(await stranger.page.locator('#errors').count(), 1, 'an empty form is taken');
    await look(stranger.page);
    await stranger.page.locator('[name=name]').fill(name);
    await stranger.page.locator('[name=email]').fill(mail);
    await stranger.page.locator('[name=from][value=press]').check({ force: true });
    await stranger.page.locator('[name=words]').fill(`Биринчи сап\n"экинчи" & <${name}>`);
    await effort('/contact/write');
    await letter(signal, demo, mail, '');

    await staff.go('/staff/news/inquiries');
    await look(staff.page);
    await Promise.all([staff.page.waitForNavigation(), staff.page.locator('main td a', { hasText: name }).click()]);
    assert.ok((await staff.page.locator('main').innerText()).includes(`"экинчи" & <${name}>`));
    await look(staff.page);
    await press(staff.page, 'form[action$="/take"] button');
    await good(staff.page);
    await look(staff.page);
    await press(staff.page, 'form[action$="/answer"] button');
    assert.equal(await staff.page.locator('#errors').count(), 1, 'an answer without words is sent');
    await staff.page.locator('[name=words]').fill(`The answer to ${name}`);
    await press(staff.page, 'form[action$="/answer"] button');
    await good(staff.page);
    await letter(signal, demo, mail, `The answer to ${name}`);

    await stranger.go('/contact/list');
    await look(stranger.page);
    await stranger.page.locator('[name=name]').fill(name);
    await stranger.page.locator('[name=email]').fill(`list.${i}@example.org`);
    await stranger.page.locator('[name=agree]').check({ force: true });
    await effort('/contact/list');
    await stranger.page.goto(linkIn(await letter(signal, demo, `list.${i}@example.org`, '/contact/list/confirm/'), /\/(ky|ru|en)\/contact\/list\/confirm\/[\w-]+/));
    await look(stranger.page);
    await press(stranger.page, 'button[name=do][value=yes]');

    await staff.go('/staff/news/list');
    await look(staff.page);
    await staff.go('/staff/news/new');
    await staff.page.locator(`input[name=title_${lang}]`).fill(`Public ${name}`);
    await staff.page.locator(`textarea[name=lead_${lang}]`).fill(`Lead ${name}`);
    await staff.page.locator(`textarea[name=body_${lang}]`).fill('Body');
    await press(staff.page, 'main form:has(textarea[name^=body]) button[type=submit]');
    await press(staff.page, 'button[name=to][value=review]');
    await look(staff.page);
    await staff.page.locator('[name=mail][value=now]').check({ force: true });
    await press(staff.page, 'button[name=to][value=published]');
    await good(staff.page);
    await look(staff.page);
    await stranger.page.goto(linkIn(await letter(signal, demo, `list.${i}@example.org`, `Lead ${name}`), /\/(ky|ru|en)\/contact\/list\/leave\/[\w-]+/));
    await look(stranger.page);
    await press(stranger.page, 'form[action*="/leave/"] button');
    await good(stranger.page);

    for (const who of [stranger, staff]) {
      assert.deepEqual(who.complaints.filter(unexpected), []);
      await who.close();
    }
  });
});
