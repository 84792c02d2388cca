// The first page leads to something: each of its links opens a page that is not empty; what
// is not there yet says soon, and what is over leads to what comes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { axe, looks, open, overflow, startBrowser, startDemo } from './harness.mjs';

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

const soon = { ky: /Жакында/, ru: /Скоро/, en: /Soon/ };

for (const { lang, width, script } of looks) {
  test(`no dead end on the first page in ${lang} at ${width} px ${script ? 'with' : 'without'} a script`, { timeout: 120_000 }, async () => {
    const person = await open(browser, demo, { lang, width, script });
    const { page } = person;
    /** @param {string} where */
    const sound = async (where) => {
      assert.deepEqual(await overflow(page), [], where);
      if (script) assert.deepEqual(await axe(page), [], where);
    };
    await person.go('/');
    await sound('the first page');
    const links = await page.locator('main a').evaluateAll((all) => [...new Set(all.map((a) => a.getAttribute('href') ?? ''))].filter((p) => p.startsWith('/')));
    assert.ok(links.length > 8, `${links}`);
    for (const path of links) {
      const answer = await page.goto(demo.url + path);
      assert.equal(answer?.status(), 200, path);
      assert.equal(await page.locator('main .empty').count(), 0, `${path} is empty`);
      assert.ok((await page.locator('main').innerText()).length > 80, `${path} says nothing`);
    }

    // A publication that cannot be read yet says so where it is announced, and on its page.
    await person.go('/');
    const reading = page.locator('section[aria-labelledby=reading] article').first();
    assert.match(await reading.innerText(), soon[lang]);
    await reading.locator('a').click();
    await page.waitForURL(/\/events\//);
    assert.match(await page.locator('main').innerText(), soon[lang]);
    await sound('a publication');

    // What is over leads to what comes.
    await person.go('/events?when=past');
    await page.locator('main article a').first().click();
    await page.waitForURL(/\/events\/[^?]+$/);
    const then = page.locator('section[aria-labelledby=then]');
    assert.ok((await then.locator('article').count()) > 0, 'what is over leads nowhere');
    await sound('what is over');
    const answer = await page.goto(demo.url + (await then.locator('article a').first().getAttribute('href')));
    assert.equal(answer?.status(), 200);
    assert.equal(await page.locator('section[aria-labelledby=then]').count(), 0, 'what comes is over');

    // An empty list says where there is something.
    await person.go('/events?kind=brainstorm&when=past');
    assert.equal(await page.locator('main article').count(), 0, 'the test shows nothing');
    await sound('an empty list');
    await page.locator('main .empty a').click();
    await page.waitForURL(/kind=brainstorm/);
    assert.equal(await page.locator('main article').count(), 1, 'it leads from nothing to nothing');
    assert.deepEqual(person.complaints, []);
    await person.close();
  });
}
