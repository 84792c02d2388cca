// Files that people choose: a photo is made smaller before it is sent, what is
// too large is said at the field, and nothing that was typed is lost.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { axe, desktop, languages, open, overflow, phone, startBrowser, startDemo } from './harness.mjs';

/** @type {import('./harness.mjs').Demo} */
let demo;
/** @type {import('playwright-core').Browser} */
let browser;
let slug = '';

before(async () => {
  demo = await startDemo();
  browser = await startBrowser();
  const visitor = await open(browser, demo, { lang: 'en' });
  await visitor.go('/events');
  const all = await visitor.page.locator('main a[href*="/events/"]').evaluateAll((links) => [...new Set(links.map((a) => a.getAttribute('href')?.split('/').pop() ?? ''))]);
  for (const one of all) {
    await visitor.go(`/events/${one}`);
    if (await visitor.page.locator(`main a[href$="/events/${one}/apply"]`).count()) slug = one;
  }
  assert.ok(slug, 'no seminar takes applications');
  await visitor.close();
  const staff = await open(browser, demo, { role: 'coordinator', lang: 'en', width: desktop });
  await staff.go(`/staff/seminars/${slug}/form`);
  const form = staff.page.locator('form', { has: staff.page.locator('[name=label_ky]') });
  await form.locator('[name=kind]').selectOption('file').catch(() => form.locator('[name=kind][value=file]').check({ force: true }));
  for (const lang of languages) await form.locator(`[name=label_${lang}]`).fill('Photo');
  await form.locator('button[value=save]').click();
  await staff.page.waitForLoadState();
  await staff.close();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
});

/**
 * A picture of noise, which no program packs: three bytes for each point.
 * @param {number} side
 */
function noise(side) {
  /** @param {string} kind @param {Buffer} body */
  const chunk = (kind, body) => {
    const out = Buffer.alloc(12 + body.length);
    out.writeUInt32BE(body.length);
    out.write(kind, 4, 'latin1');
    body.copy(out, 8);
    out.writeUInt32BE(zlib.crc32(out.subarray(4, 8 + body.length)), 8 + body.length);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side);
  head.writeUInt32BE(side, 4);
  head.set([8, 2], 8);
  const points = Buffer.alloc(side * (1 + 3 * side));
  for (let i = 0, seed = 1; i < points.length; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    points[i] = i % (1 + 3 * side) ? seed >>> 24 : 0;
  }
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', zlib.deflateSync(points, { level: 1 })), chunk('IEND', Buffer.alloc(0))]);
}

const photo = { name: 'photo.png', mimeType: 'image/png', buffer: noise(2000) };
const paper = { name: 'scan.pdf', mimeType: 'application/pdf', buffer: Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(11 << 20, ' '), Buffer.from('%%EOF')]) };

/**
 * Fills in the form, but does not send it.
 * @param {Awaited<ReturnType<typeof open>>} person
 * @param {string} mail
 */
async function fill({ page, go }, mail) {
  await go(`/events/${slug}/apply`);
  await page.locator('[name=q_name]').fill('Сүйүнова Гүлүмкан');
  await page.locator('[name=q_email]').fill(mail);
  await page.locator('[name=q_sex][value=female]').check({ force: true });
  await page.locator('[name=q_age]').selectOption('25-34');
  await page.locator('[name=q_place]').selectOption('tokmok');
  await page.locator('[name=q_processing]').check({ force: true });
  return page.locator('input[type=file]');
}

test('a photo beyond the limit is made smaller in the browser and taken', { timeout: 120_000 }, async () => {
  assert.ok(photo.buffer.length > 10 << 20, 'the photo is within the limit: the test proves nothing');
  const person = await open(browser, demo, { lang: 'ky', width: phone });
  const { page, complaints, close } = person;
  const field = await fill(person, 'photo.script@example.kg');
  await field.setInputFiles(photo);
  await page.locator('button[value=next]').click(); // at once: it waits until the photo is ready
  await page.waitForURL(/\/my\/applications\//);
  assert.deepEqual(complaints, []);
  await fill(person, 'photo.again@example.kg');
  await field.setInputFiles(photo);
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector('input[type=file]')).files?.[0]?.type === 'image/jpeg');
  const made = await field.evaluate((/** @type {HTMLInputElement} */ input) => ({ name: input.files?.[0]?.name, size: input.files?.[0]?.size ?? 0 }));
  assert.equal(made.name, 'photo.jpg');
  assert.ok(made.size > 0 && made.size < 10 << 20, `${made.size} bytes`);
  await close();
});

for (const lang of languages) {
  test(`what is too large is said at the field before it is sent, in ${lang}`, { timeout: 120_000 }, async () => {
    for (const width of [phone, desktop]) {
      const person = await open(browser, demo, { lang, width });
      const { page, complaints, close } = person;
      const field = await fill(person, `large.${lang}.${width}@example.kg`);
      await field.setInputFiles(paper);
      const said = page.locator('p.error', { hasText: '10' });
      await said.waitFor();
      /** @type {string[]} */
      const sent = [];
      page.on('request', (r) => r.method() === 'POST' && sent.push(r.url()));
      await page.locator('button[value=next]').click();
      assert.ok(await field.evaluate((input) => input === document.activeElement), 'the field is not shown');
      assert.deepEqual(sent, [], 'it was sent all the same');
      assert.equal(await page.locator('[name=q_name]').inputValue(), 'Сүйүнова Гүлүмкан');
      assert.deepEqual(await axe(page), []);
      assert.deepEqual(await overflow(page), []);
      await field.setInputFiles([]);
      await said.waitFor({ state: 'detached' });
      await page.locator('button[value=next]').click();
      await page.waitForURL(/\/my\/applications\//);
      assert.deepEqual(complaints, []);
      await close();
    }
  });

  test(`without script it is said at the field and the form is kept, in ${lang}`, { timeout: 120_000 }, async () => {
    const person = await open(browser, demo, { lang, width: phone, script: false });
    const { page, close } = person;
    const field = await fill(person, `plain.${lang}@example.kg`);
    await field.setInputFiles(paper);
    await page.locator('button[value=next]').click();
    await page.locator('p.error', { hasText: '10' }).waitFor();
    assert.equal(await page.locator('[name=q_name]').inputValue(), 'Сүйүнова Гүлүмкан');
    assert.equal(await page.locator('[name=q_email]').inputValue(), `plain.${lang}@example.kg`);
    assert.ok(await page.locator('[name=q_processing]').isChecked());
    await close();
  });
}
