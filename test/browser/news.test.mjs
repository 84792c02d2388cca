// A release from its first word through review and embargo to everybody: its page, the feed
// as a reader of feeds takes it, the picture to share, and a stand-in of Telegram.

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { parseFeed } from 'feedsmith';
import { axe, languages, looks, open, overflow, phone, smallTargets, startBrowser, startDemo, until, weigh } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
/** @type {{ method: string, body: string }[]} */
const posts = [];
const telegram = createServer((request, response) => {
  /** @type {Buffer[]} */
  const parts = [];
  request.on('data', (part) => parts.push(part));
  request.on('end', () => {
    const method = request.url?.split('/').pop() ?? '';
    const result = method === 'getUpdates' ? [] : method === 'getMe' ? { id: 1, is_bot: true, username: 'ashar_test_bot' } : { message_id: posts.length + 1 };
    if (method.startsWith('send') || method.startsWith('edit')) posts.push({ method, body: Buffer.concat(parts).toString('utf8') });
    response.setHeader('Content-Type', 'application/json');
    // A bot that asks for what people write is kept waiting, as by Telegram.
    setTimeout(() => response.end(JSON.stringify({ ok: true, result })), method === 'getUpdates' ? 1_000 : 0);
  });
});

before(async () => {
  await new Promise((resolve) => telegram.listen(0, '127.0.0.1', () => resolve(undefined)));
  const address = telegram.address();
  assert.ok(address && typeof address === 'object');
  demo = await startDemo('--telegram-url', `http://127.0.0.1:${address.port}`);
  browser = await startBrowser();
  const { page, go, complaints, close } = await open(browser, demo, { role: 'coordinator', lang: 'ru', width: phone });
  await go('/staff/news/channels');
  assert.deepEqual(await faults(page), []);
  for (const l of languages) await page.locator(`input[name=channel_${l}]`).fill(`https://t.me/ashar_${l}`);
  await Promise.all([page.waitForNavigation(), page.locator('main form button[type=submit]').click()]);
  for (const l of languages) assert.equal(await page.locator(`input[name=channel_${l}]`).inputValue(), '@ashar_' + l);
  assert.deepEqual(complaints, []);
  await close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  telegram.closeAllConnections();
  telegram.close();
});

/** @param {import('playwright-core').Page} page */
async function faults(page) {
  const bad = [...(await axe(page)), ...(await overflow(page))];
  return page.viewportSize()?.width === phone ? [...bad, ...(await smallTargets(page))] : bad;
}

/**
 * A moment in Bishkek as the field of a date and time takes it.
 * @param {number} at in milliseconds
 */
const inBishkek = (at) => new Date(at + 6 * 3_600_000).toISOString().slice(0, 16);

// All at once, since each waits for the end of its embargo.
describe('a release goes through review and embargo to everybody', { concurrency: true }, () => {
  for (const { lang, width, script } of looks) test(`in ${lang} at ${width} px${script ? '' : ' without script'}`, { timeout: 360_000 }, async ({ signal }) => {
    const name = `${lang} ${width} ${script}`;
    const channel = `ashar_${lang}`;
    const { page, go, complaints, close } = await open(browser, demo, { role: 'coordinator', lang, width, script });
    const stranger = await open(browser, demo, { lang, width, script });
    /** Presses a button that sends a form, and waits for the page that answers. */
    const send = async (/** @type {import('playwright-core').Locator} */ button) => {
      await Promise.all([page.waitForNavigation(), button.click()]);
    };
    const good = async () => assert.equal(await page.locator('.notice.good').count(), 1, await page.locator('main').innerText());
    await go('/staff/news');
    if (script) assert.deepEqual(await faults(page), []);
    await page.locator('main a[href$="/staff/news/new"]').click();
    await send(page.locator('main form:has(textarea) button[type=submit]').last());
    assert.equal(await page.locator('#errors').count(), 1, 'a text without a title is kept');
    await page.locator(`input[name=title_${lang}]`).fill(`Ө Ү Ң ${name}`);
    await page.locator(`textarea[name=lead_${lang}]`).fill(`Lead ${name}`);
    await page.locator(`textarea[name=body_${lang}]`).fill(`First **bold** paragraph.\n\n# Heading\n\n<script>alert(1)</script>\n\n[a page](https://example.org) [a trap](javascript:alert(1))`);
    await page.locator('input[name=embargo]').fill(inBishkek(Date.now() + 3_600_000));
    if (script) assert.deepEqual(await faults(page), []);
    await send(page.locator('main form:has(textarea) button[type=submit]').last());
    await page.waitForURL(/\/staff\/news\/[0-9a-f-]{36}$/);
    const slug = await page.locator('input[name=slug]').inputValue();
    assert.match(slug, /^[a-z0-9-]+$/);
    const move = (/** @type {string} */ to) => page.locator(`button[name=to][value=${to}]`);
    await send(move('review'));
    await good();
    assert.equal(await move('published').count(), 0, 'what is under embargo can be published by mistake');
    await send(move('scheduled'));
    await good();
    if (script) assert.deepEqual(await faults(page), []);

    /** What strangers get of it. */
    const feed = async () => {
      const answer = await fetch(`${demo.url}/news/feed.atom?lang=${lang}`);
      assert.match(answer.headers.get('content-type') ?? '', /^application\/atom\+xml/);
      const { format, feed } = parseFeed(await answer.text());
      assert.equal(format, 'atom');
      return /** @type {any} */ (feed);
    };
    const mine = async () => ((await feed()).entries ?? []).filter((/** @type {any} */ e) => e.title?.value === `Ө Ү Ң ${name}` || e.title === `Ө Ү Ң ${name}`);
    const status = async (/** @type {string} */ path) => (await fetch(demo.url + path)).status;
    assert.equal(await status(`/${lang}/news/${slug}`), 404);
    assert.equal(await status(`/news/${slug}/share.png`), 404);
    assert.equal((await mine()).length, 0);
    assert.doesNotMatch(await (await fetch(demo.url + '/sitemap.xml')).text(), new RegExp(slug));
    assert.equal(posts.filter((p) => p.body.includes(`Ө Ү Ң ${name}`)).length, 0);

    // The embargo is moved to a full minute that is near, and ends by itself; once more when
    // that minute was over before the form arrived.
    await until(signal, async () => {
      await page.locator('input[name=embargo]').fill(inBishkek(Date.now() + 100_000));
      await send(page.locator('main form:has(textarea[name^=body]) button[type=submit]').last());
      return (await page.locator('.notice.good').count()) > 0;
    });
    await until(signal, async () => (await status(`/${lang}/news/${slug}`)) === 200);
    const picture = await fetch(`${demo.url}/news/${slug}/share.png?lang=${lang}`);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    const [entry, ...others] = await mine();
    assert.equal(others.length, 0);
    const html = entry.content?.value ?? entry.content;
    assert.match(html, /<strong>bold<\/strong>/);
    assert.doesNotMatch(html, /script|javascript/);
    assert.match(await (await fetch(demo.url + '/sitemap.xml')).text(), new RegExp(`/${lang}/news/${slug}<`));
    await until(signal, () => posts.some((p) => p.body.includes(`Ө Ү Ң ${name}`)));
    const post = posts.filter((p) => p.body.includes(`Ө Ү Ң ${name}`));
    assert.equal(post.length, 1);
    assert.ok(post[0].method === 'sendPhoto' && post[0].body.includes('@' + channel) && post[0].body.includes(`/${lang}/news/${slug}`));

    await stranger.go('/news');
    assert.ok(await stranger.page.locator('link[type="application/atom+xml"]').count());
    await stranger.page.locator(`main a[href$="/news/${slug}"]`).click();
    assert.equal(await stranger.page.locator('h1').innerText(), `Ө Ү Ң ${name}`);
    assert.equal(await stranger.page.locator('main script, main a[href^="javascript"]').count(), 0);
    if (script) assert.deepEqual(await faults(stranger.page), []);

    // A correction is shown below it; a public text is not changed without one.
    await page.reload();
    await page.locator(`input[name=title_${lang}]`).fill(`Right ${name}`);
    await send(page.locator('main form:has(textarea[name^=body]) button[type=submit]').last());
    assert.equal(await page.locator('#errors').count(), 1, 'a public text is changed without a word');
    await page.locator(`textarea[name=correction_${lang}], input[name=correction_${lang}]`).first().fill(`The title was wrong ${name}`);
    await send(page.locator('main form:has(textarea[name^=body]) button[type=submit]').last());
    await good();
    await stranger.page.reload();
    assert.match(await stranger.page.locator('#corrections + dl').innerText(), new RegExp(`The title was wrong ${name}`));
    await until(signal, () => posts.some((p) => p.method === 'editMessageCaption' && p.body.includes(`Right ${name}`)));
    if (script) assert.deepEqual(await faults(stranger.page), []);
    assert.deepEqual(complaints.filter((c) => !c.includes('422')), []);
    await close();
    await stranger.close();
  });
});

test('the release of September 2022 is read in three languages, and its pages are light', { timeout: 120_000 }, async () => {
  const titles = new Set();
  for (const lang of languages) {
    const { page, go, close } = await open(browser, demo, { lang, width: phone });
    await go('/news/programme-begins');
    titles.add(await page.locator('h1').innerText());
    assert.match(await page.locator('main time').first().innerText(), /2022/);
    assert.deepEqual(await faults(page), []);
    await close();
    for (const path of ['/news', '/news/programme-begins']) {
      const weight = await weigh(browser, `${demo.url}/${lang}${path}`);
      assert.ok(weight.all <= 60_000 && weight.document <= 14_000 && weight.script <= 30_000, `${path} in ${lang}: ${JSON.stringify(weight)}`);
    }
  }
  assert.equal(titles.size, 3);
});
