// J1: a person applies on a phone, is selected, says yes; the numbers count her.
// In three languages, with script and without, on her side; the coordinator works on a desk.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, languages, open, overflow, phone, startBrowser, startDemo, weigh } from './harness.mjs';

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

const applicants = {
  ky: { name: 'Сүйүнова Гүлүмкан Өмүрбековна', first: 'Гүлүмкан' },
  ru: { name: 'Переверзева Аглая Юрьевна', first: 'Аглая' },
  en: { name: 'Aichurek Toktogul kyzy', first: 'Aichurek' },
};

for (const lang of languages) {
  for (const script of [false, true]) {
    test(`applying in ${lang} ${script ? 'with' : 'without'} script leads to a seat and into the numbers`, { timeout: 120_000 }, async (t) => {
      const who = applicants[lang];
      const name = `${who.name}${script ? ' II' : ''}`;
      const mail = `${lang}.${script ? 'script' : 'plain'}@example.org`;
      const person = await open(browser, demo, { lang, script, width: phone });
      const staff = await open(browser, demo, { role: 'coordinator', lang, width: desktop });
      const { page } = person;

      /** @param {string} where */
      const good = async (where) => {
        assert.deepEqual(await overflow(page), [], `${where} is too wide`);
        if (script) assert.deepEqual(await axe(page), [], where);
      };
      const countedBefore = await counted(staff, name);

      // From the public list to the form.
      await person.go('/events');
      const slug = await openSeminar(person);
      await person.go(`/events/${slug}`);
      await good('the seminar');
      await page.locator(`main a[href$="/events/${slug}/apply"]`).click();
      await good('the form');

      // A form that lacks something keeps what was typed and says what is wrong.
      await page.locator('[name=q_name]').fill(name);
      await page.locator('button[name=do][value=next]').click();
      assert.equal(await page.locator('[name=q_name]').inputValue(), name);
      assert.ok((await page.locator('[aria-invalid=true]').count()) > 0, 'no field is marked');
      await good('the form with faults');

      // Half filled, saved, and found again.
      await page.locator('[name=q_email]').fill(mail);
      // Another language keeps what was typed, and so does the way back.
      for (const other of [...languages.filter((l) => l !== lang), lang]) {
        await page.locator(`.langs button[lang=${other}]`).click();
        await page.waitForURL(`**/${other}/**`);
        assert.equal(await page.locator('[name=q_email]').inputValue(), mail, `after choosing ${other}`);
      }
      await page.locator('[name=q_email]').fill(mail);
      await page.locator('button[name=do][value=save]').click();
      await person.go(`/events/${slug}/apply`);
      assert.equal(await page.locator('[name=q_email]').inputValue(), mail);

      await page.locator('[name=q_sex][value=female]').check({ force: true });
      await page.locator('[name=q_age]').selectOption('25-34');
      await page.locator('[name=q_place]').selectOption('tokmok');
      await page.locator('[name=q_processing]').check({ force: true });
      await page.locator('button[name=do][value=next]').click();
      await page.waitForURL(/\/my\/applications\//);
      const mine = page.url();
      assert.ok((await page.locator('main').innerText()).length > 100, 'the page of the application says nothing');
      await good('her application');

      // The coordinator finds her among the applicants and invites her.
      await staff.go(`/staff/seminars/${slug}/applicants?q=${encodeURIComponent(who.first)}`);
      const row = staff.page.locator('tbody tr', { hasText: name }).first();
      await row.locator('[name=chosen]').check({ force: true });
      assert.deepEqual(await axe(staff.page), [], 'the selection');
      await Promise.all([staff.page.waitForNavigation(), staff.page.locator('button[name=to][value=invited]').click()]);
      assert.deepEqual(await axe(staff.page), [], 'asked before the deadline');
      await Promise.all([staff.page.waitForNavigation(), staff.page.locator('.confirm button').click()]);
      await staff.go(`/staff/seminars/${slug}/applicants?state=invited&q=${encodeURIComponent(who.first)}`);
      assert.equal(await staff.page.locator('tbody tr', { hasText: name }).count(), 1, 'she is not invited');

      // One tap, and the seat is hers.
      await page.goto(mine);
      await good('the invitation');
      await page.locator('form:has(input[name=reply][value=confirm]) button').click();
      await page.goto(mine);
      assert.equal(await page.locator('input[name=reply][value=confirm]').count(), 0, 'she is still asked');
      await good('the confirmation');

      // The form is empty for the next person at this browser, and leads back to hers.
      await person.go(`/events/${slug}/apply`);
      assert.equal(await page.locator('[name=q_name]').inputValue(), '', 'the next person sees what she typed');
      await page.locator('main a[href*="/my/applications/"]').click();
      assert.equal(page.url(), mine);

      assert.equal(await counted(staff, name), countedBefore + 1, 'the numbers do not count her application once');
      assert.deepEqual([...person.complaints.filter((c) => !/422/.test(c)), ...staff.complaints], []);

      if (script) {
        const w = await weigh(browser, `${demo.url}/${lang}/events/${slug}/apply`);
        t.diagnostic(`the form weighs ${w.all} bytes, ${w.document} of HTML, ${w.script} of script`);
        assert.ok(w.all <= 60_000 && w.document <= 14_000 && w.script <= 30_000);
      }
      await person.close();
      await staff.close();
    });
  }
}

test('an applicant with nothing but a keyboard hands her application in', { timeout: 60_000 }, async () => {
  const { page, go, close } = await open(browser, demo, { lang: 'ru', width: desktop });
  await go('/events');
  const slug = await openSeminar({ page });
  await go(`/events/${slug}/apply`);
  await page.locator('[name=q_name]').focus();
  await page.keyboard.type('Клавиатурова Тамара');
  const filled = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => {
      const e = document.activeElement;
      if (!(e instanceof HTMLElement)) return { name: '', value: '', seen: false };
      const box = e.getBoundingClientRect();
      const label = e instanceof HTMLInputElement ? e.labels?.[0]?.getBoundingClientRect() : undefined;
      const middle = label && box.width < 2 ? label : box;
      const top = document.elementFromPoint(middle.left + middle.width / 2, middle.top + middle.height / 2);
      return { name: e.getAttribute('name') ?? '', value: e.getAttribute('value') ?? '', seen: Boolean(top) };
    });
    assert.ok(at.seen, `the focus at ${at.name} is hidden`);
    if (filled.has(at.name)) continue;
    if (at.name === 'q_phone') await page.keyboard.type('0543 000 999');
    else if (at.name === 'q_sex') await page.keyboard.press('Space');
    else if (at.name === 'q_place' || at.name === 'q_age') await page.keyboard.press('ArrowDown');
    else if (at.name === 'q_processing') await page.keyboard.press('Space');
    else if (at.name === 'do' && at.value === 'next') {
      await page.keyboard.press('Enter');
      break;
    }
    filled.add(at.name);
  }
  await page.waitForURL(/\/my\/applications\//);
  await close();
});

/**
 * The address of a seminar for activists that takes applications.
 * @param {{ page: import('playwright-core').Page }} on
 */
async function openSeminar({ page }) {
  const slugs = await page.locator('main a[href*="/events/activists-"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')?.split('/').pop() ?? ''))]);
  const base = page.url();
  for (const slug of slugs.reverse()) {
    await page.goto(`${base.replace(/\/events.*/, '')}/events/${slug}`);
    if (await page.locator(`main a[href$="/events/${slug}/apply"]`).count()) return slug;
  }
  throw new Error('no seminar takes applications');
}

/**
 * How many applications the staff's numbers show in all.
 * @param {{ page: import('playwright-core').Page, go: (path: string) => Promise<unknown> }} staff
 * @param {string} _name
 */
async function counted(staff, _name) {
  await staff.go('/numbers/facts?count=seminars.applied');
  const text = await staff.page.locator('main').innerText();
  const n = /(\d[\d \u00a0]*)/.exec(text.split('\n').find((l) => /\d{2,}/.test(l)) ?? '');
  assert.ok(n, `no number in ${text.slice(0, 300)}`);
  return Number(n[1].replace(/\D/g, ''));
}
