// A selection of a large seminar: five hundred applications for 25 seats. The list stays short
// and light, rules of six categories are put together one by one, a draw is proposed with
// progress, keeps to every rule, shows each person's chance, and asks for a reason to be made
// again. Once it was told, who drops out is replaced by the reserve, with the rules kept.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, startBrowser, startDemo, until } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  [demo, browser] = await Promise.all([startDemo('--applicants', '500', '--undo', '3s'), startBrowser()]);
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

const pictures = process.env.PICTURES;

/** What is asked for: a value, at least and at most how many. @type {[RegExp, number, number][]} */
const wishes = [
  [/^sex=female$/, 12, 14],
  [/^sex=male$/, 10, 13],
  [/^age=18-24$/, 3, 6],
  [/^age=45-59$/, 4, 9],
  [/^city=tokmok$/, 8, 12],
  [/^city=batken$/, 3, 5],
  [/^group=activists$/, 20, 25],
  [/^village=/, 1, 2],
  [/^question:[^=]+=1$/, 5, 9],
  [/^question:[^=]+=4$/, 2, 5],
];

/** The address of a page without its language. @param {string | null} href */
const bare = (href) => (href ?? '').replace(/^\/(ky|ru|en)(?=\/)/, '');

/** @typedef {{ which: RegExp, value: string, label: string, least: number, most: number }} Rule */

/**
 * Counts who is in the selection as the list of applicants and each application show them,
 * and not as the table of the rules does; every rule must hold.
 * @param {import('playwright-core').Page} page
 * @param {(path: string) => Promise<unknown>} go
 * @param {string} slug
 * @param {Rule[]} rules
 * @param {boolean} whole by what was answered to questions too, for which each application is opened
 */
async function everyRuleHolds(page, go, slug, rules, whole) {
  const listed = async (/** @type {string} */ query) => {
    /** @type {{ path: string, words: string }[]} */
    const out = [];
    for (let n = 1; ; n++) {
      await go(`/staff/seminars/${slug}/applicants?chosen=yes${query}&page=${n}`);
      out.push(...(await page.locator('table.people tbody tr').evaluateAll((rows) => rows.map((tr) => ({
        path: tr.querySelector('a[href*="/applicants/"]')?.getAttribute('href') ?? '',
        words: tr.textContent ?? '',
      })))));
      if ((await page.locator('a[rel=next]').count()) === 0) return out;
    }
  };
  const all = await listed('');
  assert.equal(all.length, 25, 'those who are chosen');
  assert.equal(new Set(all.map((one) => one.path)).size, 25);
  /** @type {string[][]} */
  const answers = [];
  for (const one of whole ? all : []) {
    await go(bare(one.path));
    answers.push(await page.locator('dl.answers dd').allInnerTexts());
  }
  for (const { value, label, least, most } of rules) {
    const [by, of] = value.split('=');
    let n = 0;
    if (by.startsWith('question:') && !whole) continue;
    if (by.startsWith('question:')) n = answers.filter((one) => one.includes(label)).length;
    else if (by === 'village') n = all.filter((one) => one.words.split(/[·\n\t]/).some((part) => part.trim().startsWith(label))).length;
    else n = (await listed(`&${by}=${of}`)).length;
    assert.ok(n >= least && n <= most, `${label} (${value}): ${n} were chosen, not ${least} to ${most}`);
  }
}

/** The seminar with the applications, and the rules that hold there. @type {{ slug: string, rules: Record<string, Rule[]> }} */
const found = { slug: '', rules: {} };

for (const look of looks) {
  const { lang, width, script } = look;
  test(`25 of 500 are selected in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async (t) => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-large-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
    };
    /** Presses a button and waits until the page has come that answers. @param {import('playwright-core').Locator} button */
    const press = async (button) => {
      await page.evaluate(() => document.body.setAttribute('data-before', ''));
      await button.click();
      await page.locator('body:not([data-before])').waitFor();
    };
    await go('/staff/seminars');
    const slugs = await page.locator('main a[href*="/staff/seminars/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').match(/\/staff\/seminars\/([a-z0-9-]+)/)?.[1] ?? ''))].filter(Boolean));
    let slug = '';
    for (const s of slugs) {
      await go(`/staff/seminars/${s}/selection`);
      if ((await page.locator('#rules').count()) && Number((await page.locator('main > p').last().innerText()).match(/\d+/)?.[0]) >= 500) slug = s;
    }
    assert.ok(slug, `no seminar has 500 applications: ${slugs}`);

    // The list is light and short on every page of it, the last one too.
    for (const path of ['applicants', 'applicants?page=2', 'applicants?page=42']) {
      const answer = await go(`/staff/seminars/${slug}/${path}`);
      const bytes = (await answer.body()).length;
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      t.diagnostic(`${path}: ${bytes} bytes, ${height} px`);
      assert.ok(bytes <= 60_000, `${path} is ${bytes} bytes`);
      if (width === desktop) assert.ok(height <= 2500, `${path} is ${height} px high`);
    }
    await go(`/staff/seminars/${slug}/applicants`);
    await sound('the applicants');

    // Rules, one after another; those of a look before are dropped.
    await go(`/staff/seminars/${slug}/selection`);
    for (const drop of await page.locator('[name^=drop_]').all()) await drop.check();
    await press(page.locator('button[value=save]'));
    await page.locator('#verdict .box').waitFor();
    assert.equal(await page.locator('#verdict .box.good').count(), 0, 'rules that nobody made can be met');
    /** @type {Rule[]} */
    const rules = [];
    for (const [which, least, most] of wishes) {
      const values = await page.locator('#add option').evaluateAll((list) => list.map((o) => /** @type {HTMLOptionElement} */ (o).value));
      const value = values.find((v) => which.test(v));
      assert.ok(value, `${which} is not offered`);
      const label = (await page.locator(`#add option[value="${value}"]`).textContent() ?? '').replace(/ \(\d+\)$/, '');
      rules.push({ which, value, label, least, most });
      await page.selectOption('#add', value);
      await page.fill('[name=add_min]', String(least));
      await page.fill('[name=add_max]', String(most));
      await press(page.locator('button[value=save]'));
      await page.locator('#verdict .box.good').waitFor();
    }
    assert.equal(await page.locator('[name^=by_]').count(), wishes.length);
    assert.equal(new Set(rules.map(({ value }) => value.split('=')[0])).size, 6, 'the rules are not of six categories');
    [found.slug, found.rules[lang]] = [slug, rules];
    await sound('the rules');

    // Rules that the applications cannot meet are named, with ways out.
    await page.fill('[name=min_0]', '20');
    await page.fill('[name=max_0]', '25');
    await press(page.locator('button[value=check]'));
    await page.locator('#verdict .box.bad').waitFor();
    assert.ok((await page.locator('#verdict button[name=way]').count()) >= 1, 'no way out is offered');
    const against = (await page.locator('#verdict .against-each-other li').allInnerTexts()).join('\n');
    for (const { label } of rules.slice(0, 2)) assert.ok(against.includes(label), `${label} is not named: ${against}`);
    await sound('a conflict');
    await press(page.locator('#verdict button[name=way]').first());
    await page.locator('#verdict .box.good').waitFor();
    for (const [i, { least, most }] of rules.entries()) { // whatever the way out was
      await page.fill(`[name=min_${i}]`, String(least));
      await page.fill(`[name=max_${i}]`, String(most));
    }
    await press(page.locator('button[value=save]'));
    await page.locator('#verdict .box.good').waitFor();

    // The draw; a second one without a reason is refused, also by the house itself.
    const seed = async () => ((await page.locator('#draw .said code').count()) ? page.locator('#draw .said code').innerText() : '');
    const before = await seed();
    const again = page.locator('[name=reason]');
    assert.equal(await again.count(), before ? 1 : 0, 'a reason is asked for where something was drawn, and only there');
    if (before) {
      await page.locator('#draw summary').first().click();
      await press(page.locator('button[formaction$="/selection/draw"]'));
      await page.locator('[name=reason][aria-invalid=true]').waitFor();
      assert.equal(await seed(), before, 'drawn again without a reason');
      await again.fill('Эреже өзгөрдү');
    }
    const asked = performance.now();
    await press(page.locator('button[formaction$="/selection/draw"]'));
    let progress = 0;
    await until(t.signal, async () => {
      progress += await page.locator('#draw [role=status], #draw progress').count();
      if (!script) await go(`/staff/seminars/${slug}/selection`);
      return !['', before].includes(await seed());
    }, 100);
    t.diagnostic(`drawn in ${((performance.now() - asked) / 1000).toFixed(1)} s, progress was seen ${progress} times`);
    await sound('drawn');
    for (const [i, [, least, most]] of wishes.entries()) {
      const row = page.locator('.quotas tbody tr').nth(i);
      const n = Number((await row.locator("td.num, td").filter({ hasText: "✓" }).first().innerText()).match(/\d+/)?.[0]);
      assert.ok(n >= least && n <= most, `rule ${i + 1}: ${n}, not ${least} to ${most}`);
    }
    await go(`/staff/seminars/${slug}/applicants?chosen=yes`);
    assert.equal(await page.locator('table.people tbody tr.on').count(), 12, 'a whole page of those who were drawn');
    assert.equal(await page.locator('table.people td.num b').count() >= 11, true, 'chances are not shown');
    await sound('those drawn');
    await everyRuleHolds(page, go, slug, rules, look === looks[0]);
    // In each language, since their words differ in length.
    for (const other of ['ky', 'ru', 'en']) {
      await page.goto(`${demo.url}/${other}/staff/seminars/${slug}/applicants`);
      assert.deepEqual(await overflow(page), [], `the applicants in ${other}`);
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      if (pictures) await page.screenshot({ path: `${pictures}/${other}-${width}-in-turn.png`, fullPage: true });
      if (width === desktop) assert.ok(height <= 2500, `the applicants in ${other}: ${height} px`);
    }
    // That a draw without a reason is refused is what was asked for.
    assert.deepEqual(complaints.filter((c) => !/selection\/draw: .*422/.test(c)), []);
    await close();
  });
}

for (const [i, look] of looks.entries()) {
  const { lang, width, script } = look;
  test(`who drops out of 25 is replaced by the reserve in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async (t) => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { slug, rules } = found;
    assert.ok(slug, 'nothing was drawn');
    const at = `/staff/seminars/${slug}`;
    if (i === 0) { // it is told once
      await go(`${at}/selection/send`);
      await page.locator('details.dialog summary').first().click();
      await Promise.all([page.waitForNavigation(), page.locator('form[action$="/selection/close"] button').click()]);
      await go(`${at}/selection/send`);
      await Promise.all([page.waitForNavigation(), page.locator('.confirm button').click()]);
      await until(t.signal, async () => {
        await go(`${at}/applicants?state=invited`);
        return (await page.locator('table.people tbody tr').count()) > 0;
      }, 500);
      await everyRuleHolds(page, go, slug, rules[lang], false);
    }
    const invited = async () => {
      /** @type {string[]} */
      const out = [];
      for (let n = 1; ; n++) {
        await go(`${at}/applicants?state=invited&page=${n}`);
        out.push(...(await page.locator('table.people tbody a[href*="/applicants/"]').evaluateAll((list) => list.map((a) => a.getAttribute('href')))).map((href) => bare(href).split('?')[0]));
        if ((await page.locator('a[rel=next]').count()) === 0) return out;
      }
    };
    const before = await invited();
    // Somebody whom others can replace: of no rule but those of sex, group and experience.
    const tight = new Set();
    for (const { value, label } of rules[lang]) {
      const [by, of] = value.split('=');
      if (by === 'village') await go(`${at}/applicants?state=invited`);
      else if (by === 'age' || by === 'city') await go(`${at}/applicants?state=invited&${by}=${of}`);
      else continue;
      for (let next = true; next; ) {
        for (const row of await page.locator('table.people tbody tr').all()) {
          const words = await row.innerText();
          if (by !== 'village' || words.split(/[·\n\t]/).some((part) => part.trim().startsWith(label))) tight.add(bare(await row.locator('a[href*="/applicants/"]').first().getAttribute('href')).split('?')[0]);
        }
        const more = page.locator('a[rel=next]');
        if ((next = (await more.count()) > 0)) await go(bare(await more.first().getAttribute('href')));
      }
    }
    const gone = before.find((one) => !tight.has(one));
    assert.ok(gone, 'everybody counts for a rule of place or age');
    await go(gone);
    const decline = page.locator('form:has(button[name=to][value=declined])').first();
    await decline.locator('input[type=text]').fill('Уезжает в этот день');
    await Promise.all([page.waitForNavigation(), decline.locator('button[value=declined]').click()]);
    /** @type {string[]} */
    let now = [];
    await until(t.signal, async () => {
      now = await invited();
      return now.length === before.length && !now.includes(gone);
    }, 500);
    const came = now.filter((one) => !before.includes(one));
    assert.equal(came.length, 1, 'one is asked for the one seat');
    await go(came[0]);
    if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-replaced.png`, fullPage: true });
    assert.deepEqual(await overflow(page), []);
    await everyRuleHolds(page, go, slug, rules[lang], i === 0);
    assert.deepEqual(complaints, []);
    await close();
  });
}
