// What a phone at the door decides by itself: the scripts of web/ts/offline, asked without a
// browser, by the table of cases that the house answers too.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const minute = 60_000;

/** @typedef {typeof import('../../web/ts/offline/decide.js')} Decide */
/** @typedef {{ ends: number, made: number, until: number, free: number, cancelled?: boolean, several?: boolean, guests: Record<string, [string, number, string, number]> }} Pack */
/** @typedef {{ is: string, pack: string, ledger?: string[], scan: string, now?: number, nonce?: string, event?: string, long?: number, want: string }} Case */
/** @type {{ starts: string, bounds: { grace: number, ahead: number, undo: number, zone: number }, packs: Record<string, Pack>, cases: Case[] }} */
const table = JSON.parse(await readFile(new URL('internal/modules/seminars/door/doortest/testdata/decisions.json', root), 'utf8'));

/** @type {string} */
let folder;
/** @type {Decide} */
let decided;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-'));
  await run(new URL('node_modules/.bin/tsc', root).pathname, ['--project', new URL('web', root).pathname, '--noEmit', 'false', '--outDir', folder, '--rootDir', new URL('web/ts', root).pathname]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const parts = join(folder, 'offline');
  for (const name of await readdir(parts)) { // bundlers find a file without its ending, Node does not
    const text = await readFile(join(parts, name), 'utf8');
    await writeFile(join(parts, name), text.replace(/(from "\.\/\w+)"/g, '$1.js"'));
  }
  decided = await import(pathToFileURL(join(parts, 'decide.js')).href);
});

after(() => rm(folder, { recursive: true, force: true }));

/** @param {number} minutes after the start */
const at = (minutes) => Date.parse(table.starts) + minutes * minute;

/** @param {Case} c @returns {import('../../web/ts/offline/decide.js').Known | undefined} */
function known(c) {
  const p = table.packs[c.pack];
  if (!p) return undefined;
  const bounds = { grace: table.bounds.grace * minute, ahead: table.bounds.ahead * minute, undo: table.bounds.undo * minute, zone: table.bounds.zone * minute };
  /** @type {import('../../web/ts/offline/decide.js').Known['guests']} */
  const guests = new Map();
  for (const [name, [seat, revoked, kind, when]] of Object.entries(p.guests)) {
    guests.set(name, /** @type {any} */ ({ seat, revoked: revoked && at(revoked), kind, at: when && at(when) }));
  }
  return { event: 'osh', cancelled: p.cancelled ?? false, starts: at(0), ends: at(p.ends), several: p.several ?? false, free: p.free, made: at(p.made), until: at(p.until), bounds, guests };
}

/** @param {Case} c */
function answer(c) {
  const ledger = (c.ledger ?? []).map((line) => {
    const [kind = '', of = '', when = '', nonce = '', ...more] = line.split(' ');
    const event = more.find((m) => m.startsWith('@'))?.slice(1) ?? 'osh';
    return { kind, of, at: at(Number(when)), nonce, event, counts: !more.includes('refused') };
  });
  const [kind = '', what = '', when = ''] = c.scan.split(' ');
  const [read = '', ticket = ''] = what.split(':');
  const undo = kind === 'undo';
  const code = undo ? what : 'x'.repeat(c.long ?? 0);
  const shown = { nonce: c.nonce ?? 'nonce-scan', kind, event: c.event ?? 'osh', code, at: at(Number(when)), read: /** @type {any} */ (undo ? '' : read === 'newer' ? 'pass' : read), ticket };
  const a = decided.decide(known(c), ledger, shown, c.now === undefined ? shown.at : at(c.now));
  return `${a.state} ${a.reason} ${a.next}`;
}

test('a device answers as the table says', () => {
  assert.ok(table.cases.length >= 120);
  for (const c of table.cases) assert.equal(answer(c), c.want, c.is);
});

test('whichever word of the table is another, its case is wrong', () => {
  for (const c of table.cases) {
    const words = c.want.split(' ');
    for (const i of words.keys()) assert.notEqual(answer(c), words.map((w, n) => (n === i ? w + 'x' : w)).join(' '), c.is);
  }
});
