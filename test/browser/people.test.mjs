// A coordinator of one city is named by one mail; two records become one, and that is undone.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */

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

/** @type {{ lang: Lang, width: number, script: boolean }[]} */
const looks = [
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: desktop, script: true },
  { lang: 'en', width: phone, script: false },
];

/**
 * @param {import('playwright-core').Page} page
 * @param {{ width: number, script: boolean }} look
 */
const soundOn = (page, { width, script }) => async (/** @type {string} */ where) => {
  assert.deepEqual(await overflow(page), [], where);
  if (script) assert.deepEqual(await axe(page), [], where);
  if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
};

for (const look of looks) {
  const { lang, width, script } = look;
  const how = `in ${lang} at ${width} px${script ? '' : ', without a script'}`;

  test(`a coordinator of Naryn is named by one mail ${how}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'admin', lang, width, script });
    const sound = soundOn(page, look);
    const address = `nuraiym-${lang}-${width}@example.org`;
    await go('/people/roles');
    await page.locator('main a[href$="/people/name"]').click();
    await sound('the form');
    await page.fill('[name=name]', 'Касымова Нурайым');
    await page.fill('[name=email]', address);
    await page.selectOption('[name=role]', 'coordinator');
    await page.selectOption('[name=city]', 'naryn');
    await page.locator('main form button').last().click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
    await sound('her page');
    assert.equal(await page.locator('#roles .tag.wait').count(), 1, 'the role does not sleep');
    // One letter: role, city and who invites stand in it.
    await go('/demo/mailbox');
    const letters = page.locator(`main :is(li, tr):has-text("${address}") a`);
    for (let tries = 0; tries < 50 && (await letters.count()) === 0; tries++) await go('/demo/mailbox');
    assert.equal(await letters.count(), 1, 'letters to her');
    await letters.click();
    const text = await page.locator('main').innerText();
    const words = { ky: ['координатор', 'Нарын'], ru: ['координатор', 'Нарын'], en: ['coordinator', 'Naryn'] };
    for (const word of words[lang]) assert.match(text, new RegExp(word, 'i'));
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`two records are to be one, and that is undone ${how}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'admin', lang, width, script });
    const sound = soundOn(page, look);
    await go('/people?sort=made');
    const paths = await page.locator('.list tbody a[href*="/people/"]').evaluateAll((list) => [...new Set(list.map((a) => a.getAttribute('href') ?? ''))].filter((h) => /\/people\/[0-9a-f-]{36}$/.test(h)));
    const at = 2 * looks.indexOf(look);
    const [one, other] = [paths[at], paths[at + 1]].map((p) => p?.replace(/.*\//, ''));
    assert.ok(one && other, 'the list has too few people');
    await go(`/people/${one}/merge?with=${other}`);
    await sound('both records');
    await page.locator('label:has([name=keep][value=a])').click();
    await page.locator('main form button').last().click();
    await sound('what will happen');
    await page.locator('.confirm button').click();
    await page.waitForURL(new RegExp(`/people/${one}`));
    await sound('the record that stays');
    await go(`/people/${other}`);
    await sound('the record that goes');
    await page.locator('.undo button').click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}/);
    for (const id of [one, other]) {
      await go(`/people/${id}`);
      assert.equal(await page.locator('.undo').count(), 0);
      assert.equal(new URL(page.url()).pathname, `/${lang}/people/${id}`);
    }
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`whoever is signed in reads all that is kept of her ${how}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'participant', lang, width, script });
    const sound = soundOn(page, look);
    await go('/me');
    const out = await page.locator('main form[action$="/sign-out"]').boundingBox();
    const first = await page.locator('main h2').first().boundingBox();
    assert.ok(out && first && out.y < first.y, 'the way out does not stand at the top');
    await page.locator('main a[href$="/me/kept"]').click();
    await sound('all that is kept');
    assert.ok((await page.locator('main data').count()) > 20, 'little is kept');
    assert.deepEqual(complaints, []);
    await close();
  });
}
