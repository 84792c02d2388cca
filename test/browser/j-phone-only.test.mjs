// A person with nothing but a phone number: she applies, is called, is invited,
// answers through the link that she saved, and comes in at the door; the numbers
// count her once. All on a phone, in Kyrgyz.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

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

const name = 'Жээналиева Үмүткан Өмүрбековна';
const number = '0707 000 321';

test('who has nothing but a phone number is called, invited, let in and counted once', { timeout: 180_000 }, async (t) => {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'ky', width: phone });
  const slug = await seminarOfToday(staff);
  const person = await open(browser, demo, { lang: 'ky', width: phone });
  const { page } = person;
  assert.equal(await counted(staff, 'applied', slug), 0);
  const appliedInAll = await counted(staff, 'applied');
  const attendedInAll = await counted(staff, 'attended');

  // From the page of the seminar to the form.
  let taps = 0;
  /** @param {import('playwright-core').Locator} where */
  const tap = async (where) => {
    await where.tap();
    taps++;
  };
  await person.go(`/events/${slug}`);
  await good(person, 'the seminar');
  await tap(page.locator(`main a[href$="/events/${slug}/apply"]`));
  await page.waitForURL(/\/apply$/);
  await good(person, 'the form');
  const fields = await fieldsOf(page);
  assert.ok(fields.all.includes('q_phone') && fields.all.includes('q_email'), `the form asks for ${fields.all}`);
  assert.ok(!fields.required.includes('q_phone') && !fields.required.includes('q_email'), 'one of the two does not do');
  assert.ok(fields.required.length > 0 && fields.required.length <= 8, `${fields.required.length} fields must be filled in: ${fields.required}`);

  // Without a number and without an address she is told, at the fields, that one of them is needed.
  const typed = new Set();
  /** @param {string} field @param {string} text */
  const type = async (field, text) => {
    await tap(page.locator(`[name=${field}]`));
    await page.locator(`[name=${field}]`).pressSequentially(text);
    typed.add(field);
  };
  /** @param {string} field @param {string} value */
  const choose = async (field, value) => {
    await page.locator(`[name=${field}]`).selectOption(value);
    taps += 2; // the list, and the line of it
    typed.add(field);
  };
  await type('q_name', name);
  await tap(page.locator('label:has([name=q_sex][value=female])'));
  typed.add('q_sex');
  await choose('q_age', '25-34');
  await choose('q_place', 'batken');
  await tap(page.locator('label:has([name=q_processing])'));
  typed.add('q_processing');
  assert.deepEqual(fields.required.filter((f) => !typed.has(f)), [], 'a field that must be filled in was not');
  await send(page.locator('button[name=do][value=next]'));
  assert.match(page.url(), /\/apply$/);
  assert.ok((await page.locator('[name=q_phone][aria-invalid=true], [name=q_email][aria-invalid=true]').count()) > 0, 'neither contact is marked');
  await good(person, 'the form without a contact');

  // Her number is enough; nothing else has to be typed again.
  await type('q_phone', number);
  assert.equal(await page.locator('[name=q_email]').inputValue(), '');
  await tap(page.locator('button[name=do][value=next]'));
  await page.waitForURL(/\/my\/applications\//);
  t.diagnostic(`the form shows ${fields.all.length} fields, ${fields.required.length} of them required; ${typed.size} filled in with ${taps} taps`);
  assert.ok(typed.size <= fields.all.length);

  // Her page says that she is called, and gives her a link to save.
  const mine = page.url();
  const id = mine.replace(/.*\/my\/applications\//, '');
  await good(person, 'her application');
  assert.match(await page.locator('#reach').innerText(), /телефон номериңизди калтырдыңыз: программадан сизге чалы/);
  await page.locator('#reach button[name=do][value=link]').tap();
  await page.locator('#reach code.copy').waitFor();
  await good(person, 'the link to save');
  const saved = await page.locator('#reach code.copy').innerText();
  assert.ok(saved.startsWith(`${demo.url}/ky/a/`), `the link to save is ${saved}`);

  // The phone may be borrowed: she leaves it, and nothing of hers opens there.
  await send(page.locator('form.sign-out button'));
  await good(person, 'the page after leaving');
  await page.goto(mine);
  assert.notEqual(page.url(), mine, 'who has the phone next opens her application');
  await good(person, 'what the next person sees');
  await person.go(`/events/${slug}/apply`);
  assert.equal(await page.locator('[name=q_name]').inputValue(), '', 'the next person sees what she typed');
  assert.deepEqual(person.complaints.filter((c) => !/422/.test(c)), []);
  await person.close();
  assert.equal(await counted(staff, 'applied', slug), 0, 'an application counts that nobody proved');

  // The coordinator finds her number on the page of calls, and notes that it is she.
  await staff.go(`/staff/seminars/${slug}`);
  await staff.page.locator('.event-all summary').tap();
  await staff.page.locator(`.event-all a[href$="/staff/seminars/${slug}/calls"]`).tap();
  await staff.page.waitForURL(/\/calls$/);
  const call = staff.page.locator(`section.card:has(#call-${id})`);
  assert.match(await call.innerText(), new RegExp(name));
  assert.equal(await call.locator('a[href^="tel:"]').getAttribute('href'), 'tel:+996707000321');
  await good(staff, 'the calls');
  await send(call.locator('button[name=answer][value=herself]'));
  assert.equal(await call.count(), 0, 'she is to be called again');
  await good(staff, 'the calls after the call');
  assert.equal(await counted(staff, 'applied', slug), 1, 'her application is proven and does not count');

  // The coordinator invites her.
  await staff.go(`/staff/seminars/${slug}/applicants?q=${encodeURIComponent('Үмүткан')}`);
  await good(staff, 'the selection');
  const row = staff.page.locator('tbody tr', { hasText: name });
  assert.equal(await row.count(), 1);
  await row.locator('label:has([name=chosen])').tap();
  assert.equal(await row.locator('[name=chosen]').isChecked(), true);
  await send(staff.page.locator('button[name=to][value=invited]'));
  await good(staff, 'the selection after the invitation');
  await staff.go(`/staff/seminars/${slug}/applicants?state=invited`);
  assert.equal(await staff.page.locator('tbody tr', { hasText: name }).count(), 1, 'she is not invited');

  // In another browser the saved link opens her application: one tap, and the seat is hers.
  const later = await open(browser, demo, { lang: 'ky', width: phone });
  await later.page.goto(saved);
  await good(later, 'the invitation');
  await send(later.page.locator('form:has(input[name=reply][value=confirm]) button'));
  await later.page.goto(saved);
  assert.equal(await later.page.locator('input[name=reply][value=confirm]').count(), 0, 'she is still asked');
  await good(later, 'the confirmation');
  await later.page.locator('main a[href*="/tickets/"]').tap();
  await later.page.waitForURL(/\/tickets\//);
  await good(later, 'the ticket');
  const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await later.page.locator('main').innerText())?.[0];
  assert.ok(code, 'the ticket shows no code');
  assert.deepEqual(later.complaints, []);
  await later.close();

  // At the door she is found by her name; her ticket then changes nothing more.
  assert.equal(await counted(staff, 'attended', slug), 0);
  const desk = await open(browser, demo, { role: 'frontdesk', lang: 'ky', width: phone });
  await desk.go('/today');
  await good(desk, 'today at the desk');
  await desk.page.locator(`main a[href$="/door/${slug}"]`).first().tap();
  await desk.page.waitForURL(/\/door\//);
  await good(desk, 'the door');
  await desk.page.locator('main [name=q]').fill('Үмүткан');
  await desk.page.locator('form[role=search] button').tap();
  await desk.page.waitForURL(/\?find=/);
  assert.ok(!decodeURIComponent(desk.page.url()).includes('Үмүткан'), 'the address holds her name');
  await good(desk, 'who was found at the door');
  await desk.page.locator('form.door-guest', { hasText: name }).locator('button[value=in]').tap();
  await desk.page.locator('[data-answer] .door-answer.good:not([data-by])').waitFor();
  await good(desk, 'the answer of the door');
  assert.equal(await counted(staff, 'attended', slug), 1, 'the numbers do not count her');
  await desk.page.locator('[name=code]:not([type=hidden])').fill(code);
  await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').tap();
  await desk.page.locator('[data-answer] .door-answer.wait:not([data-by])').waitFor();
  assert.deepEqual(desk.complaints, []);
  await desk.close();

  // She is one in all that the numbers say of her.
  assert.equal(await counted(staff, 'attended', slug), 1, 'she is counted twice');
  assert.equal(await counted(staff, 'applied', slug), 1, 'her application is counted twice');
  await good(staff, 'her number');
  assert.equal(await counted(staff, 'applied'), appliedInAll + 1);
  assert.equal(await counted(staff, 'attended'), attendedInAll + 1);
  assert.deepEqual(staff.complaints, []);
  await staff.close();
});

/**
 * Taps a button that sends a form, and waits for the page that answers.
 * @param {import('playwright-core').Locator} button
 */
async function send(button) {
  await Promise.all([button.page().waitForEvent('load'), button.tap()]);
}

/** @param {Visit} v @param {string} where */
async function good(v, where) {
  assert.deepEqual(await overflow(v.page), [], `${where} is too wide`);
  assert.deepEqual(await axe(v.page), [], where);
}

/**
 * The names of the fields that the form shows, each once.
 * @param {import('playwright-core').Page} page
 */
function fieldsOf(page) {
  return page.locator('main form:has([name=do]) :is(input:not([type=hidden]), select, textarea)').evaluateAll((list) => {
    /** @param {Element[]} of */
    const names = (of) => [...new Set(of.map((e) => e.getAttribute('name') ?? ''))];
    const shown = list.filter((e) => (e.closest('label, .field') ?? e).getClientRects().length > 0);
    return { all: names(shown), required: names(shown.filter((e) => e.matches(':required'))) };
  });
}

/**
 * Has the coordinator announce a seminar that begins in an hour and a half and takes
 * applications until then, so that its door is open already.
 * @param {Visit} staff
 */
async function seminarOfToday(staff) {
  const known = await announced(staff);
  const [day, hour] = new Date(Date.now() + (6 + 1.5) * 3_600_000).toISOString().split('T'); // Bishkek is six hours ahead
  // Not at 00:00, which is the end of a day for a deadline, and with a minute before its end.
  const minute = (hour ?? '').slice(0, 5);
  const from = minute === '00:00' ? '00:01' : minute < '23:59' ? minute : '23:58';
  const { page } = staff;
  await staff.go('/plan/templates/activists/copies');
  await page.locator('[name=row_batken_date]').fill(day ?? '');
  await page.locator('[name=row_batken_from]').fill(from);
  await page.locator('[name=row_batken_to]').fill('23:59');
  await page.locator('[name=row_batken_venue_ky]').fill('Китепкана');
  await page.locator('[name=publish]').check({ force: true });
  await send(page.locator('main form:has([name=publish]) button').last());
  assert.deepEqual(await page.locator('.error').allInnerTexts(), [], 'the seminar is not made');
  const [slug] = (await announced(staff)).filter((s) => !known.includes(s));
  assert.ok(slug, 'the seminar is not announced');
  await staff.go(`/plan/${slug}`);
  await page.locator('[name=deadline]').fill(`${day}T${from}`);
  await send(page.locator('main form:has([name=deadline]) button[type=submit]').last());
  assert.equal(await page.locator('[aria-invalid=true]').count(), 0, 'the deadline is not taken');
  return slug;
}

/**
 * The seminars for activists in Batken that the public calendar announces.
 * @param {Visit} staff
 */
async function announced(staff) {
  await staff.go('/events?kind=seminar&group=activists&city=batken');
  return staff.page.locator('main article a[href*="/events/"]').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href')?.split('/').pop() ?? ''))]);
}

/**
 * How many people the staff's numbers show: of one seminar, or in all.
 * @param {Visit} staff @param {'applied' | 'attended'} what @param {string} [slug]
 */
async function counted(staff, what, slug) {
  const answer = await staff.go(`/numbers/facts?count=seminars.${what}${slug ? `&activity=${slug}` : ''}`);
  assert.equal(answer.status(), 200);
  const n = /\d[\d \u00a0\u202f]*/.exec(await staff.page.locator('main p b').first().innerText());
  assert.ok(n, 'the page of the numbers shows none');
  return Number(n[0].replace(/\D/g, ''));
}
