// Fair selection: rules that contradict each other name what does and how to go on, a draw is
// proposed, one is put in by hand, what goes out is shown before, waits, and is taken back.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, desktop, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

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

const pictures = process.env.PICTURES;

for (const look of looks) {
  const { lang, width, script } = look;
  test(`a fair selection in ${lang} at ${width} px${script ? '' : ', without a script'}`, { timeout: 300_000 }, async () => {
    const { page, go, close, complaints } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    let pictured = 0;
    const sound = async (/** @type {string} */ where) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${lang}-${width}-${++pictured}-${where.replaceAll(' ', '-')}.png`, fullPage: true });
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
      if (width === phone && script) assert.deepEqual(await smallTargets(page), [], where);
    };
    // The seminar with most who wait for a decision.
    await go('/staff/seminars');
    const slugs = await page.locator('main a[href*="/staff/seminars/"]').evaluateAll((list) => [...new Set(list.map((a) => (a.getAttribute('href') ?? '').match(/\/staff\/seminars\/([a-z0-9-]+)/)?.[1] ?? ''))].filter(Boolean));
    let slug = '';
    let most = 0;
    for (const s of slugs) {
      await go(`/staff/seminars/${s}/selection`);
      if ((await page.locator('#rules').count()) === 0 || (await page.locator('.undo').count()) > 0) continue;
      const n = Number((await page.locator('main > p').last().innerText()).match(/\d+/)?.[0] ?? 0);
      if (n > most) [slug, most] = [s, n];
    }
    assert.ok(most > 3, `no seminar has applicants: ${slugs}`);

    // Rules that cannot be kept together, and the way out.
    await go(`/staff/seminars/${slug}/selection`);
    const seats = Number(await page.locator('[name=seats]').inputValue());
    const before = await page.locator('[name^=by_]').count();
    const options = page.locator('#add option[value*="="]');
    const first = await options.first().getAttribute('value');
    await page.selectOption('#add', String(first));
    await page.fill('[name=add_min]', '999');
    if (script) {
      await page.locator('#verdict .box.bad').waitFor();
    } else {
      await page.locator('button[value=check]').click();
    }
    await page.locator('#verdict .box.bad').waitFor();
    await sound('a conflict');
    await page.locator('#verdict button[name=way]').first().click();
    await page.locator('#verdict .box.good').waitFor();
    const eased = Number(await page.locator(`[name=min_${before}]`).inputValue());
    assert.ok(eased > 0 && eased < 999, `eased to ${eased}`);
    await page.fill(`[name=min_${before}]`, '0');
    if (before > 0) await page.locator(`[name=drop_${before}]`).check();
    await page.locator('button[value=save]').click();
    await page.locator('#verdict .box.good').waitFor();
    await sound('rules');

    // A draw.
    const again = page.locator('[name=reason]');
    if ((await again.count()) > 0) {
      await page.locator('#draw summary').first().click();
      await again.fill('Эреже өзгөрдү');
    }
    await page.fill('[name=witness]', '4 1 6 2');
    await page.locator('button[formaction$="/selection/draw"]').click();
    for (let i = 0; i < 30 && (await page.locator('#draw a[href$="/applicants?chosen=yes"]').count()) === 0; i++) {
      await page.waitForTimeout(500);
      if (!script || i > 10) await go(`/staff/seminars/${slug}/selection`);
    }
    assert.match(await page.locator('#draw code').first().innerText(), /^4 1 6 2 [0-9a-f]{32}$/);
    await sound('a draw');
    await page.locator('#draw a[href$="/applicants?chosen=yes"]').click();
    await page.locator('table.people tbody tr').first().waitFor();
    assert.equal(await page.locator('table.people tbody tr:not(.on)').count(), 0, 'those who were not drawn stand among those who were');
    await sound('the applicants');
    const rows = page.locator('table.people tbody tr');
    assert.ok((await rows.count()) <= 12);
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    if (width === desktop) assert.ok(height <= 2500, `${height} px`);

    // One is put out by hand: without a reason it is refused, and what was ticked stays.
    const box = page.locator('table.people tr.on:has(small.met) input[type=checkbox]').first();
    if ((await box.count()) > 0) {
      await box.check();
      await page.locator('button[name=put][value=out]').click();
      await page.locator('.error-summary, [role=alert], .errors').first().waitFor();
      assert.equal(await page.locator('table.people input:checked').count(), 1);
      await page.fill('[name=why]', 'Шартка туура келбейт');
      await page.locator('button[name=put][value=out]').click();
      await page.locator('.notice.good').first().waitFor();
    }

    // What goes out is shown, decided, waits, and is taken back.
    await page.locator('a[href$="/selection/send"]').first().click();
    await sound('what goes out');
    const closes = page.locator('form[action$="/selection/close"] button');
    if ((await closes.count()) > 0) { // applicants were promised that it is chosen after the deadline
      assert.equal(await page.locator('.confirm').count(), 0, 'it can be told while people may apply');
      await page.locator('details.dialog summary').first().click();
      await Promise.all([page.waitForNavigation(), closes.click()]);
      await page.locator('.notice.good').first().waitFor();
      await sound('applications are closed');
      assert.equal(await page.locator('form[action$="/selection/close"]').count(), 0);
      await go(`/staff/seminars/${slug}/selection/send`);
    }
    assert.ok((await page.locator('.letter').count()) >= 2);
    const sent = page.locator('.confirm button');
    if ((await sent.count()) > 0) {
      await sent.click();
      await page.locator('.undo').waitFor();
      await sound('it waits');
      assert.equal(await page.locator('button[name=put]').count(), 0, 'what waits can be changed');
      await page.locator('.undo button').click();
      await page.locator('a[href$="/selection/send"]').first().waitFor();
      assert.equal(await page.locator('.undo').count(), 0);
    }
    assert.ok(seats > 0);
    // That a choice without a reason is refused is what was asked for.
    assert.deepEqual(complaints.filter((c) => !/selection\/mark: .*422/.test(c)), []);
    await close();
  });
}
