// Every page that can be reached, as every role, in three languages.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, crawl, cutBySpacing, languages, look, open, overflow, phone, shape, smallTargets, startBrowser, startDemo, weigh } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {Set<string>} */
const looked = new Set(); // a shape of page is looked at once for visitors, once for people signed in, once for staff
const staff = ['coordinator', 'facilitator', 'moderator', 'frontdesk', 'admin'];

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

for (const role of [undefined, 'participant', 'deputy', 'coordinator', 'facilitator', 'moderator', 'frontdesk', 'donor', 'admin']) {
  for (const lang of languages) {
    test(`${role ?? 'a visitor'} reaches only good pages in ${lang}`, { timeout: 300_000 }, async () => {
      const pages = await crawl(demo, role, lang);
      /** @type {string[]} */
      const bad = [];
      /** @type {Map<string, string>} */
      const titles = new Map();
      for (const [path, p] of pages) {
        if (p.status !== 200) bad.push(`${path} gives ${p.status}, linked from ${p.from}`);
        if (p.lang !== lang) bad.push(`${path} says lang="${p.lang}"`);
        if (p.heads !== 1) bad.push(`${path} has ${p.heads} headings of the first level`);
        if (!p.title) bad.push(`${path} has no title`);
        if (/\[[a-z]+(\.[a-z_]+)+\]/.test(p.html)) bad.push(`${path} lacks the text ${/\[[a-z]+(\.[a-z_]+)+\]/.exec(p.html)?.[0]}`);
        const place = path.split('?')[0];
        const twin = titles.get(p.title);
        // A page about a person does not carry her name in its title, where it would stay in the history of the browser.
        if (twin && twin !== place && ((!role && !place.includes('/demo/')) || shape(twin) !== shape(place))) bad.push(`${path} and ${twin} are both called "${p.title}"`);
        titles.set(p.title, place);
      }
      assert.ok(pages.size >= 5, `only ${pages.size} pages were found`);

      const { page, complaints, close } = await open(browser, demo, { role, lang, width: phone });
      for (const path of examples(pages.keys())) {
        const key = `${!role ? 'out' : staff.includes(role) ? 'staff' : 'in'} ${look(path)}`;
        if (looked.has(key)) continue;
        looked.add(key);
        await page.goto(demo.url + path);
        // What axe looks for lies in the templates and styles, which all languages share, and it
        // takes most of the time: each look is read in one of the languages, all in turn.
        if (turn(key.replace(`/${lang}`, '')) === lang) for (const finding of await axe(page)) bad.push(`${path}: axe: ${finding}`);
        for (const small of await smallTargets(page)) bad.push(`${path}: ${small}`);
        for (const cut of await cutBySpacing(page)) bad.push(`${path} with wide spacing: ${cut}`);
        for (const width of [320, phone]) {
          await page.setViewportSize({ width, height: 740 });
          for (const wide of await overflow(page)) bad.push(`${path} at ${width} px: ${wide}`);
        }
      }
      await close();
      assert.deepEqual([...bad, ...complaints], []);
    });
  }
}

test('public pages stay inside the budgets', { timeout: 120_000 }, async (t) => {
  const bad = [];
  for (const path of examples((await crawl(demo, undefined, 'ky')).keys())) {
    const w = await weigh(browser, demo.url + path);
    t.diagnostic(`${path}: ${w.all} bytes in all, ${w.document} of HTML, ${w.script} of script`);
    if (w.all > 60_000) bad.push(`${path} weighs ${w.all} bytes`);
    if (w.document > 14_000) bad.push(`the HTML of ${path} weighs ${w.document} bytes: more than the first flight`);
    if (w.script > 30_000) bad.push(`${path} has ${w.script} bytes of script`);
  }
  assert.deepEqual(bad, []);
});

for (const lang of languages) {
  test(`every public page can be read without script in ${lang}`, { timeout: 120_000 }, async () => {
    const bad = [];
    const { page, close } = await open(browser, demo, { lang, script: false });
    for (const path of examples((await crawl(demo, undefined, lang)).keys())) {
      await page.goto(demo.url + path);
      const text = await page.locator('main').innerText();
      if (text.trim().length < 40) bad.push(`${path} shows nothing without script`);
    }
    await close();
    assert.deepEqual(bad, []);
  });
}

/**
 * The language in which axe reads a look: one of the three, by its letters.
 * @param {string} key
 */
function turn(key) {
  return languages[[...key].reduce((sum, c) => sum + c.charCodeAt(0), 0) % languages.length];
}

/**
 * One path for each look.
 * @param {Iterable<string>} paths
 */
function examples(paths) {
  /** @type {Map<string, string>} */
  const one = new Map();
  for (const p of paths) if (!one.has(look(p))) one.set(look(p), p);
  return one.values();
}
