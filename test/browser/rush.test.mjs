// A rush on the first seats: who has script gets through without doing
// anything, who has none after a short wait, and nothing that was typed is lost.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

/** @typedef {import('./harness.mjs').Lang} Lang */
/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {string[]} seminars of the first come, each for one rush */
const slugs = [];

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  const visitor = await open(browser, demo, { lang: 'en' });
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await visitor.go('/events');
  const all = await visitor.page.locator('main a[href*="/events/"]').evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute('href')?.split('/').pop() ?? ''))]);
  for (const slug of all) {
    await visitor.go(`/events/${slug}`);
    if (!(await visitor.page.locator(`main a[href$="/events/${slug}/apply"]`).count())) continue;
    await staff.go(`/staff/seminars/${slug}/seats`);
    await staff.page.locator('[name=capacity]').fill('500');
    await staff.page.locator('[name=first_come]').check({ force: true });
    await staff.page.locator('main form button[type=submit]').last().click();
    await staff.page.waitForLoadState();
    slugs.push(slug);
  }
  assert.ok(slugs.length >= 4, `only ${slugs.length} seminars take applications`);
  await visitor.close();
  await staff.close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/**
 * Lets twenty programs apply at once, each as a browser of its own.
 * @param {string} slug
 */
async function rush(slug) {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      fetch(`${demo.url}/en/events/${slug}/apply`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({
          step: '0', do: 'next', q_name: `Bot ${'abcdefghijklmnopqrst'[i]}`, q_email: `${slug}.${i}@example.org`,
          q_sex: 'female', q_age: '25-34', q_place: 'osh', q_group: 'activists', q_processing: 'on',
        }),
      }),
    ),
  );
  assert.deepEqual([...new Set(answers.map((a) => a.status))], [303], 'the first twenty are not let through');
}

/**
 * Fills in the form, but does not send it.
 * @param {{ page: import('playwright-core').Page, go: (path: string) => Promise<unknown> }} person
 * @param {string} slug
 * @param {string} mail
 */
async function fill({ page, go }, slug, mail) {
  await go(`/events/${slug}/apply`);
  await page.locator('[name=q_name]').fill('Сүйүнова Гүлүмкан');
  await page.locator('[name=q_email]').fill(mail);
  await page.locator('[name=q_sex][value=female]').check({ force: true });
  await page.locator('[name=q_age]').selectOption('25-34');
  await page.locator('[name=q_place]').selectOption('tokmok');
  await page.locator('[name=q_why]').fill('Биринчи сап\nэкинчи "сап" & <үчүнчү>');
  await page.locator('[name=q_processing]').check({ force: true });
}

/** @param {string} complaint that is not the browser's note of an answer that is meant so */
const unexpected = (complaint) => !/status of 4(22|29)/.test(complaint);

/**
 * The page of her application shows; what she typed the coordinator reads.
 * @param {import('playwright-core').Page} page
 * @param {string} mail
 * @param {string} slug
 */
async function arrived(page, mail, slug) {
  await page.waitForURL(/\/my\/applications\//, { timeout: 100_000 });
  const id = page.url().replace(/.*\/my\/applications\//, '');
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`/staff/seminars/${slug}/applicants/${id}`);
  const answers = await staff.page.locator('main').innerText();
  assert.ok(answers.includes('экинчи "сап" & <үчүнчү>'), 'what she typed did not arrive');
  // The address is masked until somebody says what for.
  assert.ok(!(await staff.page.content()).includes(mail), 'her address can be read without a reason');
  await staff.page.locator('main a[href$="#reach"]').click();
  await staff.page.locator('#reach summary').click();
  await staff.page.selectOption('#reach [name=reason]', 'other');
  await staff.page.fill('#reach [name=words]', 'Rush');
  await staff.page.locator('#reach button[name=contact]', { hasText: '@' }).click();
  await staff.page.waitForURL(/\/contacts/);
  assert.equal(await staff.page.locator('#reach a[href^="mailto:"]').getAttribute('href'), `mailto:${mail}`, 'her address did not arrive');
  await staff.close();
}

for (const [lang, width] of /** @type {[Lang, number][]} */ ([['ky', phone], ['en', desktop]])) {
  test(`in a rush a browser with script gets through by itself, in ${lang}`, { timeout: 180_000 }, async () => {
    const slug = slugs.pop() ?? '';
    const mail = `rush.${lang}@example.org`;
    const person = await open(browser, demo, { lang, width });
    const { page } = person;
    await fill(person, slug, mail);

    // The worker and the clock are held, so that the page can be looked at while it works.
    /** @type {(_: unknown) => void} */
    let go = () => {};
    const looked = new Promise((resolve) => (go = resolve));
    await page.route('**/assets/effort_worker-*.js', async (route) => {
      await looked;
      await route.continue();
    });
    await page.clock.install();
    await page.clock.pauseAt(Date.now() + 60_000);
    await rush(slug);
    await page.locator('button[name=do][value=next]').click();
    await page.locator('progress:visible').waitFor();
    assert.ok((await page.locator('[role=status][data-says]').innerText()).length > 40, 'the page does not say what it does');
    assert.equal(await page.locator('main button:visible').count(), 0, 'there is something to press while nothing is to be done');
    // When it takes as long as the wait of those without script, the button is there as for them.
    await page.clock.fastForward(11_000);
    await page.locator('main form[data-effort] button:visible').waitFor();
    await page.clock.resume();
    assert.deepEqual(await axe(page), []);
    assert.deepEqual(await overflow(page), []);
    go(undefined);
    await arrived(page, mail, slug);
    assert.deepEqual(person.complaints.filter(unexpected), []);
    await person.close();
  });
}

test('in a rush a browser that starts no worker gets through by itself', { timeout: 180_000 }, async () => {
  const slug = slugs.pop() ?? '';
  const person = await open(browser, demo, { lang: 'ru' });
  await fill(person, slug, 'alone@example.org');
  await person.page.route('**/assets/effort_worker-*.js', (route) => route.abort());
  await rush(slug);
  await person.page.locator('button[name=do][value=next]').click();
  await arrived(person.page, 'alone@example.org', slug);
  await person.close();
});

test('in a rush a browser without script gets through after the wait that the page names', { timeout: 180_000 }, async () => {
  const slug = slugs.pop() ?? '';
  const person = await open(browser, demo, { lang: 'ru', script: false });
  const { page } = person;
  await fill(person, slug, 'plain@example.org');
  await rush(slug);
  await page.locator('button[name=do][value=next]').click();
  const button = page.locator('main form[data-effort] button');
  const told = async () => Number(/Подождите (\d+) секунд/.exec(await page.locator('main').innerText())?.[1]);
  assert.equal(await told(), 10);
  assert.deepEqual(await overflow(page), []);

  // Pressing early, by the keyboard, costs nothing.
  await button.focus();
  await page.keyboard.press('Enter');
  await page.waitForLoadState();
  const rest = await told();
  assert.ok(rest > 0 && rest <= 10, `after pressing early the page says ${rest}`);
  await page.waitForTimeout(rest * 1000); // what the page asks of her
  await button.click();
  await arrived(page, 'plain@example.org', slug);
  assert.deepEqual(person.complaints.filter(unexpected), []);
  await person.close();
});
