// A coordinator adds one person who phoned: a phone that somebody has already is asked about,
// and another person is added all the same, with all that was typed.

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

for (const [run, { lang, width, script }] of looks.entries()) {
  test(`one person is added in ${lang} at ${width} px${script ? '' : ', without a script'}`, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${where.replaceAll(' ', '-')}-${lang}-${width}.png`, fullPage: true });
    };
    const name = `Жокова Эчким${'абвг'[run]}`;
    const number = `+996 555 10 20 3${run}`;

    // Sought and not found: the name is typed in already, and no address holds it.
    await go('/people');
    await sound('the list');
    await page.fill('#seek', name);
    await page.press('#seek', 'Enter');
    await page.waitForURL(/find=/);
    await sound('nobody is found');
    await page.locator('main a[href*="/people/add?find="]').click();
    await page.waitForURL(/\/people\/add\?find=/);
    assert.ok(!decodeURIComponent(page.url()).includes('Жокова'));
    assert.equal(await page.inputValue('[name=name]'), name);
    await sound('the form');

    // What is wrong is said at the fields, and nothing that was typed is lost.
    await page.selectOption('[name=city]', 'osh');
    await page.fill('[name=phone]', '12');
    await page.fill('[name=birth_year]', '1990');
    await page.check(`[name=lang][value=${lang}]`);
    await page.check('[name=source][value=phone]');
    await page.check('[name=purpose][value=programme]');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator('#errors').waitFor();
    assert.equal(await page.inputValue('[name=name]'), name);
    assert.ok(await page.isChecked('[name=purpose][value=programme]'));
    assert.ok(!(await page.isChecked('[name=purpose][value=photo]')));
    await sound('a mistake');
    await page.fill('[name=phone]', number);
    const sent = script ? await page.locator('main form').last().evaluate((f) => new URLSearchParams(/** @type {any} */ (new FormData(/** @type {HTMLFormElement} */ (f)))).toString()) : '';
    await page.locator('main form button[type=submit]').last().click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}\/added$/);
    await sound('added');
    assert.ok((await page.locator('h1').innerText()).includes(name));
    const first = page.url();

    // Sent again, as a browser does that went back, it is the same person.
    if (script) {
      const again = await page.evaluate(
        async ({ to, body }) => (await fetch(to, { method: 'POST', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, body })).url,
        { to: `${demo.url}/${lang}/people/add`, body: sent },
      );
      assert.equal(again, first);
    }

    // Another, with the same phone: the first is shown, and what both share.
    await page.locator('main a[href$="/people/add"]').click();
    await page.fill('[name=name]', `${name} Маратовна`);
    await page.fill('[name=phone]', number);
    await page.selectOption('[name=city]', 'osh');
    await page.locator('details.field summary').click();
    await page.fill('[name=organisation]', 'Айыл үнү');
    await page.check(`[name=lang][value=${lang}]`);
    await page.check('[name=source][value=in_person]');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator('button[name=another]').waitFor();
    assert.equal(await page.locator('.card').count(), 1);
    assert.ok((await page.locator('.card h3').innerText()).includes(name));
    assert.ok((await page.locator('.card .tag').count()) >= 2);
    await sound('alike');
    await page.locator('button[name=change]').click();
    assert.equal(await page.inputValue('[name=organisation]'), 'Айыл үнү');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator('button[name=another]').click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}\/added$/);
    assert.notEqual(page.url(), first);
    assert.ok((await page.locator('main').innerText()).includes('Айыл үнү'));

    // A third time it is the first: her record gets the address that it lacks.
    await page.locator('main a[href$="/people/add"]').click();
    await page.fill('[name=name]', name);
    await page.fill('[name=phone]', number);
    await page.fill('[name=email]', `echkim-${run}@example.org`);
    await page.selectOption('[name=city]', 'osh');
    await page.check(`[name=lang][value=${lang}]`);
    await page.check('[name=source][value=phone]');
    await page.locator('main form button[type=submit]').last().click();
    await page.locator(`button[name=is][value="${first.split('/').at(-2)}"]`).click();
    await page.waitForURL(/\/people\/[0-9a-f-]{36}$/);
    assert.ok(first.includes(/** @type {string} */ (page.url().split('/').at(-1))));
    assert.match(await page.locator('main').innerText(), /e•••@e•••\.org/);

    // From whom was added it goes on to an invitation.
    await page.goto(first);
    await page.locator('main form[action$="/staff/invite"] button').click();
    await page.locator('[name=activity]').waitFor();
    assert.ok((await page.locator('main').innerText()).includes(name));
    assert.deepEqual(complaints.filter((c) => !c.includes('422') && !c.includes('409')), []);
    await close();
  });
}
