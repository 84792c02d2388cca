// Takes the screenshots of docs/screens from the demo, at the width of a phone and of a desk.

import { mkdir } from 'node:fs/promises';
import { open, startBrowser, startDemo } from './harness.mjs';

/** @type {[string, string | undefined, string][]} name, role, path */
const pages = [
  ['home', undefined, '/'],
  ['events', undefined, '/events'],
  ['seminar', undefined, '/events/activists-karakol'],
  ['application', undefined, '/events/activists-karakol/apply'],
  ['my-applications', 'participant', '/my/applications'],
  ['selection', 'coordinator', '/staff/seminars/activists-tokmok/applicants'],
  ['ticket', 'participant', '/my'],
  ['door', 'facilitator', '/door/activists-naryn'],
  ['today', 'coordinator', '/today'],
  ['numbers', 'coordinator', '/numbers'],
];

const demo = await startDemo();
const browser = await startBrowser();
try {
  await mkdir('docs/screens', { recursive: true });
  for (const width of [360, 1280]) {
    for (const [name, role, path] of pages) {
      const { page, go, close } = await open(browser, demo, { role, lang: 'ky', width, height: width === 360 ? 780 : 900 });
      const answer = await go(path);
      if (!answer.ok()) throw new Error(`${path} gives ${answer.status()}`);
      if (name === 'ticket') {
        await page.locator('main a[href*="/tickets/"]').first().click();
        await page.waitForLoadState();
      }
      await page.screenshot({ path: `docs/screens/${name}-${width}.png` });
      console.log(`docs/screens/${name}-${width}.png`);
      await close();
    }
  }
} finally {
  await browser.close();
  await demo.stop();
}
