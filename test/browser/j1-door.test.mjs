// J1 goes on at the door: the ticket on a phone, the code typed at the desk,
// the attendance in the numbers; taken back, and let in again.

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { axe, desktop, languages, looks, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

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
      await another(desk, () => desk.page.locator('[data-answer] form:has(input[name=kind][value=undo]) button').click());
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

/**
 * Finds somebody by a part of the name, of those for whom a choice is there.
 * @param {Visit} desk @param {string} part @param {string} of
 */
async function find(desk, part, of) {
  await desk.go('/door/activists-naryn');
  await desk.page.locator('main [name=q]').fill(part);
  await Promise.all([desk.page.waitForURL(/find=/), desk.page.locator('main form[role=search] button').click()]);
  return desk.page.locator(of).filter({ has: desk.page.locator('button[value=in]') });
}

/** @param {Visit} desk @param {import('playwright-core').Locator} button */
async function answer(desk, button) {
  await another(desk, () => button.click());
  return desk.page.locator('[data-answer] .door-answer');
}

/** @param {Visit} desk @param {string} why */
async function overfill(desk, why) {
  await desk.page.locator('.door-answer [name=over]').fill(why);
  return answer(desk, desk.page.locator('.door-answer form:has([name=over]) button'));
}

/** @param {Visit} desk */
const undo = (desk) => answer(desk, desk.page.locator('.door-answer form:has([value=undo]) button'));

/** @param {Visit} desk */
const counts = async (desk) => {
  await desk.go('/door/activists-naryn');
  return (await desk.page.locator('.door-count').innerText()).replace(/\s+/g, ' ');
};

/** @param {Visit} staff */
const line = async (staff) => {
  await staff.go('/staff/seminars/activists-naryn/applicants?state=waitlisted');
  return (await staff.page.locator('main table.people tbody').innerText()).replace(/\s+/g, ' ');
};

for (const { lang, width, script } of looks) {
  test(`what is undone at the door is as it was, in ${lang} at ${width} ${script ? 'with' : 'without'} script`, { timeout: 180_000 }, async () => {
    const guest = await open(browser, demo, { role: 'participant', lang: 'en' });
    await guest.go('/my');
    await guest.page.locator('main a[href*="/tickets/"]').first().click();
    await guest.page.waitForURL(/\/tickets\//);
    const code = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(await guest.page.locator('main').innerText())?.[0];
    assert.ok(code);
    const desk = await open(browser, demo, { role: 'facilitator', lang, width, script });
    const staff = await open(browser, demo, { role: 'coordinator', lang, width: desktop });
    const waiting = await line(staff);
    const before = await attended(staff);

    // Five come: one by code, two by name, two without an application, for whom no seat is left.
    await desk.go('/door/activists-naryn');
    await enter(desk, code);
    await desk.page.locator('.door-answer.good').waitFor();
    for (const _ of [1, 2]) {
      const guests = await find(desk, 'ова', '.door-guest:not(.unseated):not([data-state=attended])');
      await (await answer(desk, guests.first().locator('button[value=in]'))).and(desk.page.locator('.good')).waitFor();
    }
    for (const n of ['Мамбетова Бегимай', 'Токтосунов Данияр']) {
      await desk.go('/door/activists-naryn/walk-in');
      await desk.page.locator('[name=q_name]').fill(n);
      await desk.page.locator('[name=q_sex][value=female]').check({ force: true });
      await desk.page.locator('[name=q_processing]').check({ force: true });
      await Promise.all([desk.page.waitForURL(/done=/), desk.page.locator('main form button').click()]);
      await desk.page.locator('.door-answer.bad').waitFor();
      await (await overfill(desk, 'Приехали из Кочкора')).and(desk.page.locator('.good')).waitFor();
    }
    assert.equal(await attended(staff), before + 5, 'five came');
    const five = await counts(desk);

    // One is undone, from the list, and comes in again.
    const entries = desk.page.locator('.door-recent li');
    assert.equal(await entries.count(), 5, 'the last five are listed');
    await answer(desk, entries.nth(3).locator('button'));
    await desk.page.locator('.door-answer [data-next=undone], .door-answer[data-next=undone]').waitFor();
    assert.deepEqual(await overflow(desk.page), []);
    assert.equal(await attended(staff), before + 4, 'one of five is undone');
    assert.notEqual(await counts(desk), five);
    assert.equal(await entries.count(), 4);
    const guests = await find(desk, 'ова', '.door-guest:not(.unseated):not([data-state=attended])');
    await answer(desk, guests.first().locator('button[value=in]'));
    assert.equal(await counts(desk), five, 'five are in');

    // Who waits is let in over capacity, and undone.
    const waits = await find(desk, 'ева', '.door-guest.unseated');
    assert.ok(await waits.count(), 'nobody is found who waits');
    await answer(desk, waits.first().locator('button[value=in]'));
    await (await overfill(desk, 'Нашёлся стул')).and(desk.page.locator('.good')).waitFor();
    assert.notEqual(await line(staff), waiting, 'she waits still');
    assert.equal(await attended(staff), before + 6);
    await desk.page.locator('.door-answer form:has([value=undo]) button').waitFor();
    await undo(desk);
    if (script) assert.deepEqual(await axe(desk.page), [], 'the answer to an undo');
    assert.equal(await counts(desk), five, 'the counts are not what they were');
    assert.equal(await line(staff), waiting, 'the waiting list is not what it was');
    assert.equal(await attended(staff), before + 5);
    assert.deepEqual([...desk.complaints.filter((c) => !/4\d\d/.test(c)), ...staff.complaints], []);
    for (const v of [guest, desk, staff]) await v.close();
  });
}

test('the answer, the name and the next act stand above the fold in all states, schemes and languages', { timeout: 180_000 }, async () => {
  const desk = await open(browser, demo, { role: 'facilitator', lang: 'en', width: phone, height: 640 });
  const guests = await find(desk, 'ова', '.door-guest:not(.unseated):not([data-state=attended])');
  const one = guests.first();
  const id = await one.locator('[name=application]').getAttribute('value');
  const nonces = ['fold-good-0001', 'fold-wait-0001', 'fold-stop-0001'];
  /** @type {[Record<string, string>, string][]} */
  const sent = [
    [{ application: id ?? '', kind: 'in' }, 'come_in'],
    [{ application: id ?? '', kind: 'in' }, 'look'],
    [{ code: '2222-2222', kind: 'in' }, 'stop'],
  ];
  for (const [i, [form]] of sent.entries()) {
    const reply = await desk.page.request.post(`${demo.url}/en/door/activists-naryn`, { form: { ...form, nonce: nonces[i] ?? '' }, headers: { Origin: demo.url } });
    assert.ok(reply.ok(), String(reply.status()));
  }
  /** @type {string[]} */
  const low = [];
  for (const lang of languages) {
    for (const [i, [, state]] of sent.entries()) {
      await desk.page.goto(`${demo.url}/${lang}/door/activists-naryn?done=${nonces[i]}`);
      assert.equal(await desk.page.locator('.door-answer').getAttribute('data-state'), state);
      for (const [width, height] of [[360, 640], [640, 360]]) {
        await desk.page.setViewportSize({ width: width ?? 0, height: height ?? 0 });
        for (const scheme of /** @type {const} */ (['light', 'dark', 'forced'])) {
          await desk.page.emulateMedia(scheme === 'forced' ? { forcedColors: 'active', colorScheme: 'light' } : { forcedColors: 'none', colorScheme: scheme });
          await desk.page.evaluate(() => scrollTo(0, 0));
          for (const what of ['.door-words', '.door-name', '.door-next']) {
            const part = desk.page.locator(`.door-answer ${what}`);
            if (what === '.door-name' && !(await part.innerText())) continue;
            const box = await part.boundingBox();
            if (!box || box.height < 8 || box.y < 0 || box.y + box.height > (height ?? 0) || box.x < 0 || box.x + box.width > (width ?? 0) + 1)
              low.push(`${lang} ${state} ${scheme} ${width}x${height}: ${what} at ${JSON.stringify(box)}`);
          }
          const full = await desk.page.locator('.door-answer').boundingBox();
          if (width === 360 && full?.width !== 360) low.push(`${lang} ${state}: the answer is ${full?.width} wide`);
          if (width === 360 && scheme !== 'forced' && lang === 'ru') assert.deepEqual(await axe(desk.page), [], `${state} ${scheme}`);
        }
        assert.deepEqual(await overflow(desk.page), [], `${lang} ${state} ${width}`);
      }
    }
    // Every answer that there is, with a name where a name may stand, and upright below the strip
    // that says that there is no network.
    let seen = 0;
    for (const [width, height] of [[360, 640], [640, 360]]) {
      await desk.page.setViewportSize({ width: width ?? 0, height: height ?? 0 });
      const below = await desk.page.evaluate(() => {
        const kept = /** @type {HTMLTemplateElement} */ (document.querySelector('template[data-answers]'));
        const all = [...kept.content.querySelectorAll('section.door-answer')];
        const nameless = ['malformed', 'wrong_event', 'forged', 'no_ticket', 'undo_first', 'not_undone', 'locked', 'not_in_pack', 'no_pack', 'pack_over', 'clock_behind', 'future'];
        scrollTo(0, 0);
        document.querySelector('.door-answer')?.parentElement?.style.setProperty('padding-block-start', innerHeight > innerWidth ? '40px' : '0');
        return all.map((one) => {
          const answer = /** @type {HTMLElement} */ (one.cloneNode(true));
          const name = answer.querySelector('.door-name');
          if (name && !nameless.includes(answer.dataset.reason ?? '')) name.textContent = 'Айнура Асанова';
          document.querySelector('.door-answer')?.replaceWith(answer);
          const parts = [...answer.querySelectorAll('.door-words, .door-name, .door-next')].filter((part) => part.textContent?.trim());
          return parts.length > 0 && parts.every((part) => part.getBoundingClientRect().bottom <= innerHeight) ? '' : `${answer.dataset.reason} ${answer.dataset.next}`;
        });
      });
      seen += below.length;
      low.push(...below.filter(Boolean).map((what) => `${lang} ${width}x${height}: ${what}`));
    }
    assert.equal(seen, 2 * 27, lang);
  }
  assert.deepEqual(low, []);
  await desk.close();
});

/** @param {Visit} desk @param {string} code */
async function enter(desk, code) {
  await desk.page.locator('[name=code]:not([type=hidden])').fill(code);
  await another(desk, () => desk.page.locator('form:has([name=code]:not([type=hidden])) button[value=in]').click());
}

/**
 * Does something that the house answers, on this page or on the next.
 * @param {Visit} desk @param {() => Promise<void>} act
 */
async function another(desk, act) {
  const answers = desk.page.locator('[data-answer] .door-answer[data-nonce]:not([data-by])');
  const before = (await answers.count()) ? await answers.first().getAttribute('data-nonce') : '';
  await act();
  await desk.page.locator(`[data-answer] .door-answer[data-nonce]:not([data-by]):not([data-nonce="${before}"])`).waitFor();
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
