// Twenty days of three phones at one door, drawn from a seed, in real browsers: networks are
// cut, silent, or lose the answers of the house, pages are killed and opened again, clocks
// are wrong, buttons are pressed twice. Whoever was let in is in the house once, whoever was
// taken back is not, and house and phones count the same people. `TestThreeDevices…` in
// `internal/modules/seminars/pages` has a thousand of them without a browser.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, startBrowser, startDemo, until } from './harness.mjs';
import { startProxy } from './network.mjs';

const event = 'activists-naryn';
const days = 20;
/** Of one demo: after these hardly anybody is left who has not come. */
const daysOfADemo = 5;
const acts = 12; // of a day

/** @type {import('playwright-core').Browser} */
let browser;
before(async () => {
  browser = await startBrowser();
});
after(() => browser?.close());

/**
 * Whole numbers of a seed, each from 0 to below n (mulberry32).
 * @param {number} seed
 */
function dice(seed) {
  let a = seed;
  /** @param {number} n */
  return (n) => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % n;
  };
}

/** @typedef {{ role: string, visit: Awaited<ReturnType<typeof open>>, page: import('playwright-core').Page, proxy: Awaited<ReturnType<typeof startProxy>>, ledger: Set<string> }} Phone */

/** @param {import('playwright-core').Page} page @returns {Promise<any[]>} the ledger of the phone */
const lines = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve, reject) => {
        const asked = indexedDB.open('ashar-door');
        asked.onerror = () => reject(asked.error);
        asked.onsuccess = () => {
          const all = asked.result.transaction('line').objectStore('line').getAll();
          all.onsuccess = () => {
            asked.result.close();
            resolve(all.result);
          };
        };
      }),
  );

/** Opens the door, as the house or the phone itself gives it. @param {Phone} p */
async function stand(p) {
  await p.page.goto(`${p.proxy.url}/en/door/${event}`);
  await p.page.locator('[data-desk]').waitFor({ state: 'attached' });
  await p.page.waitForFunction(() => localStorage.getItem('door-held') !== null && navigator.serviceWorker.controller !== null, undefined, { timeout: 0 });
}

/** From now on the clock of the phone is wrong by so many milliseconds. @param {Phone} p @param {number} ahead */
async function wrong(p, ahead) {
  await p.page.evaluate((ahead) => localStorage.setItem('test-ahead', String(ahead)), ahead);
  await stand(p);
}

/** The page dies as a phone kills it, and is opened again. @param {Phone} p */
async function killed(p) {
  await p.page.close();
  p.page = await p.visit.context.newPage();
  await stand(p);
}

/**
 * Something is pressed; gives the colour of what the page answers.
 * @param {AbortSignal} signal @param {Phone} p @param {() => Promise<unknown>} act
 */
async function pressed(signal, p, act) {
  const before = new Set((await lines(p.page)).map((l) => l.nonce));
  await act();
  return until(
    signal,
    async () => {
      const fresh = (await lines(p.page)).filter((l) => !before.has(l.nonce)).map((l) => l.nonce);
      return p.page.evaluate((fresh) => {
        const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-answer] .door-answer'));
        return box !== null && fresh.includes(box.dataset['nonce'] ?? '') && ['good', 'wait', 'bad'].find((c) => box.classList.contains(c));
      }, fresh);
    },
    20,
  );
}

/**
 * Somebody is chosen by her name, with the form that the page draws for her, so many times at once.
 * @param {Phone} p @param {string} application @param {string} kind @param {number} times
 */
const choose = (p, application, kind, times) =>
  p.page.evaluate(
    ([application, kind, times]) => {
      const form = document.createElement('form');
      form.dataset['scan'] = '';
      for (const [name, value] of [['application', application], ['kind', kind]]) {
        const field = document.createElement('input');
        Object.assign(field, { type: 'hidden', name, value });
        form.append(field);
      }
      document.querySelector('main')?.append(form);
      for (let i = 0; i < Number(times); i++) form.requestSubmit();
      form.remove();
    },
    [application, kind, String(times)],
  );

/** Whole number that stands first in a text. @param {string} text */
const number = (text) => Number(/\d+/.exec(text)?.[0] ?? NaN);

/** How many came and are inside, by the page of the house. @param {import('playwright-core').Page} page */
async function counted(page) {
  const text = await page.locator('[data-live=count]').innerText();
  return { came: number(text), inside: number(/Inside now: *(\d+)/.exec(text)?.[1] ?? '') };
}

/** @param {import('./harness.mjs').Demo} demo @returns {Promise<string[]>} the applications of those who have a seat and have not come */
async function guests(demo) {
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en' });
  /** @type {Set<string>} */
  const all = new Set();
  for (const part of ['ба', 'ай', 'ов', 'ин', 'ур', 'бе', 'ан']) {
    await staff.go(`/door/${event}?q=${encodeURIComponent(part)}`);
    const found = staff.page.locator('form.door-guest[data-state=confirmed] [name=application]');
    for (const id of await found.evaluateAll((fields) => fields.map((f) => /** @type {HTMLInputElement} */ (f).value))) all.add(id);
  }
  await staff.close();
  return [...all].sort();
}

for (let from = 0; from < days; from += daysOfADemo) {
  test(`days ${from + 1} to ${from + daysOfADemo} of three phones`, { timeout: 300_000 }, async (t) => {
    const demo = await startDemo();
    /** @type {Phone[]} */
    const phones = [];
    try {
      const people = await guests(demo);
      assert.ok(people.length >= 10, `${people.length} people prove little`);
      for (const role of ['facilitator', 'coordinator', 'frontdesk']) {
        const proxy = await startProxy(Number(new URL(demo.url).port));
        const visit = await open(browser, { ...demo, url: proxy.url, signin: { [role]: demo.signin[role].replace(demo.url, proxy.url) } }, { role, lang: 'en' });
        await visit.context.addInitScript(() => {
          const now = Date.now.bind(Date);
          Date.now = () => now() + Number(localStorage.getItem('test-ahead') ?? 0);
        });
        const p = { role, visit, page: visit.page, proxy, ledger: new Set() };
        phones.push(p);
        await stand(p);
      }
      const base = await counted(phones[0].page);
      /** @type {Set<string>} */
      const came = new Set();
      /** @type {Set<string>} */
      const inside = new Set();
      for (let day = from; day < from + daysOfADemo; day++) {
        const draw = dice(day + 1);
        /** @type {Map<Phone, Set<string>>} */
        const let_in = new Map(phones.map((p) => [p, new Set()]));
        for (const p of phones) await wrong(p, (draw(13) - 6) * 1_800_000);
        let seed = `day ${day + 1}:`;
        for (let i = 0; i < acts; i++) {
          const p = phones[draw(phones.length)];
          const mine = let_in.get(p) ?? new Set();
          const fresh = people.filter((id) => !came.has(id));
          const what = draw(10);
          const who = what < 4 && fresh.length ? fresh[draw(fresh.length)] : people[draw(people.length)];
          if (what < 2 && fresh.length) {
            seed += ` ${p.role} lets in and takes back;`;
            assert.equal(await pressed(t.signal, p, () => choose(p, who, 'in', 1)), 'good', seed);
            if (draw(2)) await p.proxy.mend(); // what is taken back may not have gone up yet
            assert.equal(await pressed(t.signal, p, () => p.page.locator('[data-answer] form[data-scan] button').click()), 'good', seed);
          } else if (what < 6) {
            const times = 1 + draw(2);
            seed += ` ${p.role} lets in, pressed ${times} times;`;
            await pressed(t.signal, p, () => choose(p, who, 'in', times));
            came.add(who);
            inside.add(who);
            mine.add(who);
          } else if (what === 6 && mine.size) {
            const one = [...mine][draw(mine.size)];
            seed += ` ${p.role} lets out;`;
            await pressed(t.signal, p, () => choose(p, one, 'out', 1));
            inside.delete(one);
          } else if (what === 7) {
            const how = /** @type {const} */ (['cut', 'hang', 'deafen'])[draw(3)];
            seed += ` ${p.role} ${how};`;
            p.proxy[how]();
          } else if (what === 8) {
            seed += ` ${p.role} has a network;`;
            await p.proxy.mend();
          } else {
            seed += ` ${p.role} is killed;`;
            await killed(p);
          }
        }
        for (const p of phones) await p.proxy.mend();
        for (const p of phones) {
          await until(t.signal, async () => (await lines(p.page)).every((l) => l.answered), 50);
          const all = await lines(p.page);
          assert.deepEqual(all.filter((l) => l.denied), [], seed);
          for (const l of all) p.ledger.add(l.nonce);
        }
        for (const p of phones) {
          await stand(p);
          assert.deepEqual(await counted(p.page), { came: base.came + came.size, inside: base.inside + inside.size }, seed);
        }
      }
      t.diagnostic(`${phones.reduce((n, p) => n + p.ledger.size, 0)} records, ${came.size} people`);
      assert.ok(came.size >= 6, `${came.size} people prove little`);
    } finally {
      for (const p of phones) {
        p.proxy.stop();
        await p.visit.close();
      }
      await demo.stop();
    }
  });
}
