// The plan of a seminar, its materials and its seats are pages of one event: each begins
// with the same head and the same groups of pages, with the present one marked; on a phone
// they open by one word.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, languages, looks, open, overflow, phone, smallTargets, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await startBrowser();
  demo = await startDemo();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const { lang, width, script } of looks) {
  test(`one event in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 120_000 }, async () => {
    const staff = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const { page } = staff;
    const head = page.locator('.event-head');
    const parts = head.locator('.event-all a'); // all pages, also where two lines are shown
    const lines = head.locator('.event-lines ul');

    await staff.go('/staff/seminars');
    const first = await page.locator('main tbody a[href*="/staff/seminars/"]').first().getAttribute('href');
    const slug = first?.split('/').pop() ?? '';
    assert.ok(slug);
    await staff.go(`/plan/${slug}`);
    const said = await head.locator('h1, h1 ~ p').allInnerTexts();
    assert.equal(said.length, 3, 'title, day and city, state');
    const line = await parts.allTextContents();
    const paths = await parts.evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? ''));
    for (const path of [`/plan/${slug}`, `/staff/seminars/${slug}`, `/staff/seminars/${slug}/applicants`, `/staff/seminars/${slug}/seats`, `/door/${slug}`, `/door/${slug}/day`, `/plan/materials/${slug}`]) {
      assert.ok(paths.includes(`/${lang}${path}`), `${path} is missing in ${paths}`);
    }
    assert.equal(new Set(paths).size, paths.length, 'a page stands twice');
    for (const path of paths.filter((p) => !p.endsWith(`/door/${slug}`))) {
      await page.goto(demo.url + path);
      assert.equal(await page.locator('h1').count(), 1, path);
      assert.deepEqual(await head.locator('h1, h1 ~ p').allInnerTexts(), said, `${path} has another head`);
      assert.deepEqual(await parts.allTextContents(), line, `${path} has another line`);
      const here = await parts.evaluateAll((all) => all.filter((a) => a.getAttribute('aria-current') === 'page').map((a) => a.getAttribute('href')));
      assert.deepEqual(here, [path], `${path}: the present page is not marked`);
      if (width === phone) {
        assert.ok(!(await lines.first().isVisible()), `${path}: lines on a phone`);
        assert.ok(!(await parts.first().isVisible()), `${path}: the pages are open`);
        await head.locator('summary').click();
        assert.ok(await parts.last().isVisible(), `${path}: the pages do not open`);
      } else {
        assert.ok((await lines.count()) <= 2, path);
        const marked = await head.locator('.event-lines [aria-current=page]').evaluateAll((all) => all.map((a) => a.getAttribute('href')));
        assert.deepEqual(marked, [path], `${path}: the present page is not marked in its line`);
        assert.ok((await lines.first().locator('a').count()) <= 6, path);
      }
      assert.deepEqual(await overflow(page), [], path);
      if (script) assert.deepEqual(await axe(page), [], path);
      if (script && width === phone) assert.deepEqual(await smallTargets(page), [], path);
    }

    // Each line is one line on a desk, whatever the language.
    if (width !== phone) {
      for (const words of languages) {
        for (const path of paths.filter((p) => !p.endsWith(`/door/${slug}`))) {
          await page.goto(demo.url + path.replace(`/${lang}/`, `/${words}/`));
          for (const height of await lines.evaluateAll((all) => all.map((l) => l.getBoundingClientRect().height))) {
            assert.ok(height < 70, `${path} in ${words}: a line is ${height} px high`);
          }
        }
      }
    }

    // An event whose seats people have asked for is no draft any more, and the page says why.
    await staff.go(`/plan/${slug}`);
    const back = page.locator('button[aria-describedby=bound]');
    assert.equal(await back.count(), 1);
    assert.ok(await back.isDisabled());
    assert.ok((await page.locator('#bound').innerText()).length > 20);
    assert.deepEqual(staff.complaints, []);
    await staff.close();
  });
}
