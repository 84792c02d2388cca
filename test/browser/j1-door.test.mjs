// J1 goes on at the door: the ticket on a phone, the code typed at the desk,
// the attendance in the numbers; taken back, and let in again.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, languages, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());
// Each visit finds the door as it is in the morning.
beforeEach(async () => {
  demo = await startDemo();
});
afterEach(() => demo?.stop());

/** @typedef {Awaited<ReturnType<typeof open>>} Visit */

for (const lang of languages) {
  for (const script of [false, true]) {
    test(`a ticket opens the door in ${lang} ${script ? 'with' : 'without'} script and counts once`, { timeout: 120_000 }, async () => {
      const guest = await open(browser, demo, { role: 'participant', lang, script, width: phone });
      const desk = await open(browser, demo, { role: 'frontdesk', lang, script, width: phone });
      const staff = await open(browser, demo, { role: 'coordinator', lang, width: desktop });
      /** @param {Visit} v @param {string} where */
      const good = async (v, where) => {
        assert.deepEqual(await overflow(v.page), [], `${where} is too wide`);
        if (script) assert.deepEqual(await axe(v.page), [], where);
      };

      // Her ticket comes first on her own page.
      await guest.go('/my');
      await good(guest, 'My programme');
      await guest.page.locator('main a[href*="/tickets/"]').first().click();
      await guest.page.waitForURL(/\/tickets\//);
      await good(guest, 'the ticket');
      const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await guest.page.locator('main').innerText())?.[0];
      assert.ok(code, 'the ticket shows no code');
      for (const kind of ['pdf', 'png']) {
        const file = await guest.page.request.get(`${guest.page.url()}.${kind}`);
        assert.equal(file.status(), 200);
        assert.match(file.headers()['content-type'] ?? '', new RegExp(kind));
      }

      // The desk is led to the door and types the code.
      await desk.go('/today');
      await good(desk, 'Today at the desk');
      await desk.page.locator('main a[href*="/door/"]').first().click();
      await desk.page.waitForURL(/\/door\//);
      await good(desk, 'the door');
      const before = await attended(staff);
      await enter(desk, code);
      await good(desk, 'the answer');
      assert.equal(await attended(staff), before + 1, 'the numbers do not count her');

      // Undone, she is not there; then she comes in after all.
      await desk.page.locator('form:has(input[name=kind][value=undo]) button').click();
      await desk.page.waitForLoadState();
      assert.equal(await attended(staff), before, 'the numbers count her still');
      await enter(desk, code);
      assert.equal(await attended(staff), before + 1, 'the numbers do not count her');

      // The second time she is inside already, and counts no more.
      await enter(desk, code);
      assert.equal(await attended(staff), before + 1, 'she is counted twice');

      // A code that nobody has is refused in words and changes nothing.
      await enter(desk, '2222-2222');
      await good(desk, 'the refusal');
      assert.equal(await attended(staff), before + 1);

      assert.deepEqual([...guest.complaints, ...desk.complaints.filter((c) => !/4\d\d/.test(c)), ...staff.complaints], []);
      for (const v of [guest, desk, staff]) await v.close();
    });
  }
}

test('somebody without an application is let in at the door and counted', { timeout: 60_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'ru', script: false, width: phone });
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'ru', width: desktop });
  // The house is full: a larger room is found. Before the day begins, who waits is offered its seats first.
  await staff.go('/staff/seminars/activists-naryn/seats');
  const seats = staff.page.locator('[name=capacity]');
  await seats.fill(String(Number(await seats.inputValue()) + 60));
  await staff.page.locator('main form:has([name=capacity]) button').first().click();
  await staff.page.waitForLoadState();
  const before = await attended(staff);
  await desk.go('/door/activists-naryn/walk-in');
  assert.deepEqual(await overflow(desk.page), []);
  await desk.page.locator('[name=q_name]').fill('Мамбетова Бегимай Кубаныч кызы');
  await desk.page.locator('[name=q_sex][value=female]').check({ force: true });
  await desk.page.locator('[name=q_processing]').check({ force: true });
  await desk.page.locator('main form button').click();
  await desk.page.waitForURL(/\/door\/activists-naryn\?/);
  assert.equal(await attended(staff), before + 1);
  await desk.close();
  await staff.close();
});

/** @param {Visit} desk @param {string} code */
async function enter(desk, code) {
  await desk.page.locator('[name=code]:not([type=hidden])').fill(code);
  await desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click();
  await desk.page.waitForLoadState();
}

/**
 * How many people the staff's numbers show as attended in Naryn.
 * @param {Visit} staff
 */
async function attended(staff) {
  const answer = await staff.go('/numbers/facts?count=seminars.attended&activity=activists-naryn');
  if (answer.status() !== 200) return 0;
  const n = /\d[\d \u00a0\u202f]*/.exec((await staff.page.locator('main p b').first().innerText()) ?? '');
  return n ? Number(n[0].replace(/\D/g, '')) : 0;
}
