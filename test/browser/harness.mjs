// The harness of the browser tests: starts the demo as a child process, drives
// a real browser, and holds the checks that every page must pass.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from 'playwright-core';

const require = createRequire(import.meta.url);
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** @typedef {'ky' | 'ru' | 'en'} Lang */
/** @typedef {{ url: string, signin: Record<string, string>, stop: () => Promise<void>, log: () => string }} Demo */
/** @typedef {{ role?: string, lang?: Lang, width?: number, height?: number, script?: boolean, offline?: boolean }} Look */

/** @type {Lang[]} */
export const languages = ['ky', 'ru', 'en'];
export const phone = 360;
export const desktop = 1280;

/**
 * The runs in which a way through the site is gone: narrow and wide, with a script and
 * without one.
 * @type {{ lang: Lang, width: number, script: boolean }[]}
 */
export const looks = [
  { lang: 'ky', width: phone, script: true },
  { lang: 'ru', width: phone, script: false },
  { lang: 'en', width: desktop, script: true },
  { lang: 'ky', width: desktop, script: false },
];

/**
 * Starts `ashar demo --json` and waits for its line.
 * @param {string[]} more further arguments
 * @returns {Promise<Demo>}
 */
export async function startDemo(...more) {
  const binary = process.env.ASHAR ?? 'bin/ashar';
  const child = spawn(binary, ['demo', '--json', '--any-hour', '--addr', '127.0.0.1:0', ...more], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stderr.on('data', (d) => (log += d));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  /** @type {string} */
  const line = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the demo ended with ${code} before it was ready:\n${log}`)));
  });
  const { url, signin } = JSON.parse(line);
  return {
    url: url.replace(/\/$/, ''),
    signin,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/**
 * Starts the browser named by CHROMIUM.
 * @param {string[]} more further arguments
 */
export function startBrowser(...more) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', ...more],
  });
}

/**
 * A click or a key that leads to another page comes back when that page stands, styles too.
 * The browser's driver waits only until the answer has begun: on a busy machine the page has
 * no root element at that moment, and a look at it finds nothing, or nothing wrong.
 * @param {import('playwright-core').Page} page any page: what it changes holds for all
 */
function arrive(page) {
  const kind = Object.getPrototypeOf(page.locator('html'));
  if (kind.arrives) return;
  kind.arrives = true;
  for (const act of ['click', 'press', 'tap']) {
    const once = kind[act];
    /** @param {unknown[]} given */
    kind[act] = async function (...given) {
      await once.apply(this, given);
      const where = this.page();
      if (!where.isClosed()) await where.waitForLoadState('load');
    };
  }
}

const locales = { ky: 'ky-KG', ru: 'ru-RU', en: 'en-GB' };

/**
 * Opens a page as somebody: signed in with the demo's link when a role is given.
 * What the browser complains of on the way is gathered in `complaints`.
 * @param {import('playwright-core').Browser} browser
 * @param {Demo} demo
 * @param {Look} look
 */
export async function open(browser, demo, { role, lang = 'ky', width = phone, height = 740, script = true } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    locale: locales[lang],
    timezoneId: 'Asia/Bishkek',
    javaScriptEnabled: script,
    hasTouch: width < 600,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  arrive(page);
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (m) => {
    if (m.type() === 'error' || m.type() === 'warning') complaints.push(`${page.url()}: ${m.text()}`);
  });
  page.on('pageerror', (e) => complaints.push(`${page.url()}: ${e.message}`));
  if (role) {
    assert.ok(demo.signin[role], `the demo has no sign-in link for ${role}`);
    await page.goto(demo.signin[role]);
  }
  return {
    context,
    page,
    complaints,
    /** @param {string} path of the site, without the language */
    go: async (path) => {
      const answer = await page.goto(`${demo.url}/${lang}${path}`);
      assert.ok(answer, `no answer from ${path}`);
      return answer;
    },
    close: () => context.close(),
  };
}

/**
 * Asks again and again until there is an answer. The bound is the test's own: when its time
 * is over its signal ends the waiting, so that no process lives on by it.
 * @template T
 * @param {AbortSignal} signal of the test
 * @param {() => Promise<T | undefined | false> | T | undefined | false} get gives undefined or false while there is nothing
 * @param {number} pause between two askings, in milliseconds
 * @returns {Promise<T>}
 */
export async function until(signal, get, pause = 500) {
  for (;;) {
    signal.throwIfAborted();
    const got = await get();
    if (got !== undefined && got !== false) return got;
    await delay(pause, undefined, { signal });
  }
}

/**
 * The text of a letter to an address that says something, from the mailbox of the demo.
 * @param {AbortSignal} signal of the test
 * @param {Demo} demo
 * @param {string} to
 * @param {string} says
 */
export function letter(signal, demo, to, says) {
  return until(signal, async () => {
    const list = await (await fetch(`${demo.url}/en/demo/mailbox`, { signal })).text();
    for (const [, row] of list.matchAll(/<tr>(.*?)<\/tr>/gs)) {
      const link = /href="([^"]*\/demo\/mailbox\/[^"]+)"/.exec(row);
      if (!link || !row.includes(to)) continue;
      const page = await (await fetch(new URL(link[1], demo.url), { signal })).text();
      if (page.includes(says)) return page;
    }
    return undefined;
  });
}

/**
 * The findings of axe on the page as it stands, one line each.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export async function axe(page) {
  // What stands at the foot of the window covers, for the moment, half of a link that can be
  // scrolled away from it: the whole page is looked at, in a window of its height.
  const size = page.viewportSize();
  const tall = await page.evaluate(() => (document.querySelector('.tabs') ? document.documentElement.scrollHeight : 0));
  if (size && tall > size.height) await page.setViewportSize({ width: size.width, height: tall });
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    // @ts-ignore axe has just been put there
    const { violations } = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'] });
    return violations.map((/** @type {any} */ v) => `${v.id}: ${v.help} (${v.nodes.slice(0, 3).map((/** @type {any} */ n) => n.html.slice(0, 160)).join(' · ')})`);
  });
  if (size && tall > size.height) await page.setViewportSize(size);
  return found;
}

/**
 * What does not fit: elements that reach beyond the page's width.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= width) return [];
    const out = [];
    for (const e of document.querySelectorAll('body *')) {
      if (e.getBoundingClientRect().right > width + 1) out.push(`${e.tagName.toLowerCase()}.${e.className} reaches ${Math.round(e.getBoundingClientRect().right)} of ${width}`);
    }
    return out.length ? out.slice(0, 3) : [`the page is ${document.documentElement.scrollWidth} wide, the screen ${width}`];
  });
}

/**
 * Sets the text spacing of WCAG 1.4.12 and gives what is then cut off.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export function cutBySpacing(page) {
  return page.evaluate(() => {
    // Through the object model, since the page's policy forbids inline style.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }');
    document.adoptedStyleSheets.push(sheet);
    const out = [];
    for (const e of document.querySelectorAll('body *')) {
      const style = getComputedStyle(e);
      const hidden = style.clipPath !== 'none' || style.position === 'absolute' && e.clientWidth <= 1;
      if (!hidden && style.overflow === 'hidden' && e.textContent?.trim() && (e.scrollHeight > e.clientHeight + 2 || e.scrollWidth > e.clientWidth + 2)) {
        out.push(`${e.tagName.toLowerCase()}.${e.className} cuts its text`);
      }
    }
    document.adoptedStyleSheets.pop();
    return out.slice(0, 3);
  });
}

/**
 * Targets of a finger that are smaller than 24 px (WCAG 2.5.8), links in running text aside.
 * @param {import('playwright-core').Page} page
 * @returns {Promise<string[]>}
 */
export function smallTargets(page) {
  return page.evaluate(() => {
    const out = [];
    for (const e of document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary, nav a, a.button')) {
      const label = e instanceof HTMLInputElement && (e.type === 'radio' || e.type === 'checkbox') ? e.labels?.[0] : undefined;
      const box = (label ?? e).getBoundingClientRect();
      if (box.width > 1 && box.height > 1 && box.height < 24) out.push(`${e.outerHTML.slice(0, 120)} is ${Math.round(box.height)} px high`);
    }
    return out.slice(0, 3);
  });
}

/**
 * Loads a page with an empty cache and weighs what comes over the wire, in bytes.
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 */
export async function weigh(browser, url) {
  const context = await browser.newContext({ viewport: { width: phone, height: 740 } });
  try {
    const page = await context.newPage();
    const wire = await context.newCDPSession(page);
    await wire.send('Network.enable');
    /** @type {Map<string, string>} */
    const kinds = new Map();
    const weight = { document: 0, script: 0, all: 0 };
    wire.on('Network.responseReceived', (e) => kinds.set(e.requestId, e.type));
    wire.on('Network.loadingFinished', (e) => {
      weight.all += e.encodedDataLength;
      if (kinds.get(e.requestId) === 'Document') weight.document += e.encodedDataLength;
      if (kinds.get(e.requestId) === 'Script') weight.script += e.encodedDataLength;
    });
    await page.goto(url, { waitUntil: 'load' });
    return weight;
  } finally {
    await context.close();
  }
}

/**
 * Reads the site as a role does with plain requests and follows every link,
 * from the home page of a language. Files and sign-out are left aside.
 * @param {Demo} demo
 * @param {string | undefined} role
 * @param {Lang} lang
 */
export async function crawl(demo, role, lang) {
  const cookie = role ? await signIn(demo, role) : '';
  /** @type {Map<string, { status: number, title: string, lang: string, heads: number, from: string, html: string }>} */
  const pages = new Map();
  /** @type {[string, string][]} */
  const queue = [[`/${lang}/`, '']];
  const seen = new Set(queue.map(([p]) => p));
  /** @type {Map<string, number>} */
  const shapes = new Map();
  /** @type {Map<string, number>} */
  const asked = new Map(); // addresses with a query, by their path
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [path, from] = next;
    const answer = await fetch(demo.url + path, { headers: { cookie, 'accept-language': lang }, redirect: 'follow' });
    const type = answer.headers.get('content-type') ?? '';
    const html = type.includes('text/html') ? await answer.text() : (await answer.arrayBuffer(), '');
    if (answer.ok && !html) continue;
    const landed = new URL(answer.url);
    if (answer.redirected && seen.has(landed.pathname + landed.search)) continue;
    seen.add(landed.pathname + landed.search);
    pages.set(landed.pathname + landed.search, {
      status: answer.status,
      from,
      html,
      title: unescape(/<title>([^<]*)<\/title>/.exec(html)?.[1] ?? '').trim(),
      lang: /<html[^>]*\blang="?([a-z-]+)/.exec(html)?.[1] ?? '',
      heads: (html.match(/<h1[\s>]/g) ?? []).length,
    });
    for (const [, href] of html.matchAll(/<a\b[^>]*?\bhref="([^"]*)"/g)) {
      const to = new URL(unescape(href), demo.url + path);
      const inside = to.origin === demo.url && to.pathname.startsWith(`/${lang}/`);
      // Files; and links out of messages, which open one person's page for a while and then no more.
      if (!inside || /\.[a-z0-9]{2,5}$/.test(to.pathname) || /^\/..\/[aim]\//.test(to.pathname)) continue;
      const key = to.pathname + to.search;
      if (seen.has(key)) continue;
      // Of lists sorted, filtered and paged by the query a few stand for all.
      if (to.search && (asked.get(to.pathname) ?? 0) >= 3) continue;
      // Of a thousand people, too.
      const same = shapes.get(shape(key)) ?? 0;
      if (!to.search && same >= 12) continue;
      shapes.set(shape(key), same + 1);
      if (to.search) asked.set(to.pathname, (asked.get(to.pathname) ?? 0) + 1);
      seen.add(key);
      queue.push([key, path]);
    }
  }
  return pages;
}

/**
 * Follows the sign-in link of a role and gives the cookies.
 * @param {Demo} demo
 * @param {string} role
 */
export async function signIn(demo, role) {
  /** @type {Map<string, string>} */
  const jar = new Map();
  for (let to = demo.signin[role], i = 0; to && i < 5; i++) {
    const answer = await fetch(to, { redirect: 'manual', headers: { cookie: [...jar].map(([k, v]) => `${k}=${v}`).join('; ') } });
    for (const c of answer.headers.getSetCookie()) {
      const [name, value] = c.split(';')[0].split(/=(.*)/s);
      jar.set(name, value);
    }
    const next = answer.headers.get('location');
    to = next ? new URL(next, to).href : '';
  }
  assert.notEqual(jar.size, 0, `the sign-in link of ${role} sets no cookie`);
  return [...jar].map(([k, v]) => `${k}=${v}`).join('; ');
}

/** @param {string} s */
function unescape(s) {
  return s.replaceAll('&amp;', '&').replaceAll('&#34;', '"').replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&lt;', '<').replaceAll('&gt;', '>');
}

/**
 * The shape of a path: what names one thing among many becomes a star.
 * @param {string} path
 */
export function shape(path) {
  return path
    .split('?')[0]
    .split('/')
    .map((s) => (/[0-9A-Z]/.test(s) || s.includes('-') || s.length > 20 ? '*' : s))
    .join('/');
}

/**
 * What one look stands for: the shape of a path, in which a plain word that names one thing
 * among many is a star too. "/staff/seminars/parliament/seats" looks like that of any other
 * seminar. The crawl goes by the shape alone, so that it comes to all of them.
 * @param {string} path
 */
export function look(path) {
  return shape(path).replace(/\/(seminars|door|cancel|team|materials|templates|city|group|level)\/(?!new(?:\/|$))[^/]+/g, '/$1/*');
}
