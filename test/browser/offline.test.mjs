// What a phone at the door decides by itself: the scripts of web/ts/offline, asked without a
// browser, by the table of cases that the house answers too.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = new URL('../../', import.meta.url);
const minute = 60_000;

/** @typedef {typeof import('../../web/ts/offline/decide.js')} Decide */
/** @typedef {typeof import('../../web/ts/offline/pack.js')} Packs */
/** @typedef {import('../../web/ts/offline/pack.js').Pack} Sent */
/** @typedef {{ ends: number, made: number, until: number, free: number, cancelled?: boolean, several?: boolean, guests: Record<string, [string, number, string, number]> }} Pack */
/** @typedef {{ is: string, pack: string, ledger?: string[], scan: string, now?: number, nonce?: string, event?: string, long?: number, want: string }} Case */
/** @type {{ starts: string, bounds: { grace: number, ahead: number, undo: number, zone: number }, packs: Record<string, Pack>, cases: Case[] }} */
const table = JSON.parse(await readFile(new URL('internal/modules/seminars/door/doortest/testdata/decisions.json', root), 'utf8'));

/** @typedef {{ pass: string, code: string, told: [string, string, string], seat: string, kind: string, at: number, back: number }} Person */
/**
 * A pack that the house has made of invented people.
 * @type {{ pack: Sent, word: string, people: Person[], codes: { code: string, read: string }[] }}
 */
const sample = JSON.parse(await readFile(new URL('internal/modules/seminars/door/doortest/testdata/pack.json', root), 'utf8'));

/** @type {string} */
let folder;
/** @type {Decide} */
let decided;
/** @type {Packs} */
let packs;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-'));
  await run(new URL('node_modules/.bin/tsc', root).pathname, ['--project', new URL('web', root).pathname, '--noEmit', 'false', '--outDir', folder, '--rootDir', new URL('web/ts', root).pathname]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const parts = join(folder, 'offline');
  decided = await import(pathToFileURL(join(parts, 'decide.js')).href);
  packs = await import(pathToFileURL(join(parts, 'pack.js')).href);
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

/** @param {Sent} pack */
const opened = (pack) => new packs.Opened(pack);
/** @param {Person} p */
const toldOf = (p) => ({ lang: p.told[0], name: p.told[1], needs: p.told[2] });

test('a ticket opens the name of its bearer, and of nobody else', async () => {
  const pack = opened(sample.pack);
  assert.equal(pack.known.guests.size, sample.people.length);
  for (const p of sample.people) {
    if (!p.pass) continue;
    const got = await pack.read(p.pass);
    assert.equal(got.read, 'pass');
    assert.deepEqual(got.told, p.back ? undefined : toldOf(p), p.code);
    assert.deepEqual(pack.known.guests.get(got.ticket), { seat: p.seat, revoked: p.back, kind: p.kind, at: p.at }, p.code);
  }
  for (const { code, read } of sample.codes) assert.equal((await pack.read(code)).read, read === 'code' ? 'locked' : read, code);
});

test('a typed code and a name are for who has typed the word', async () => {
  const pack = opened(sample.pack);
  const fold = (/** @type {string} */ text) => text.toLowerCase();
  for (const p of sample.people) if (p.code) assert.deepEqual(await pack.read(p.code), { read: 'locked', ticket: '' });
  assert.deepEqual(await pack.find('айгүл', fold), []);
  for (const word of ['', '22222-22222', sample.word.slice(1), `${sample.word}2`]) assert.equal(await pack.unlock(word), false, word);
  assert.equal(pack.locked, true);

  assert.equal(await pack.unlock(` ${sample.word.toLowerCase().replace('-', '')}`), true);
  for (const p of sample.people) {
    if (!p.code) continue;
    for (const code of [p.code, p.code.toLowerCase().replace('-', ' '), p.code.replaceAll('K', 'к').replaceAll('A', 'А').replaceAll('M', 'м')]) {
      const got = await pack.read(code);
      assert.deepEqual([got.read, got.told], ['code', p.back ? undefined : toldOf(p)], code);
      assert.equal(got.ticket, (await pack.read(p.pass)).ticket, 'a code and a QR of one person are two');
    }
  }
  for (const { code, read } of sample.codes) {
    const got = await pack.read(code);
    assert.equal(got.read, read, code);
    assert.equal(pack.known.guests.has(got.ticket), false, code);
  }
  const held = sample.people.filter((p) => !p.back);
  for (const p of held) assert.deepEqual((await pack.find(p.told[1].slice(0, 4), fold)).map((f) => f.told), [toldOf(p)]);
  assert.equal((await pack.find('ова', fold)).length, held.filter((p) => p.told[1].includes('ова')).length);
  assert.deepEqual(await pack.find('а', fold), [], 'a letter alone leafs through the list');
});

test('a pack on a device holds no name', () => {
  const dump = JSON.stringify(sample.pack);
  const clear = [...dump.matchAll(/[\w-]{12,}/g)].map(([text]) => Buffer.from(text, 'base64url').toString('utf8')).join(' ') + dump;
  for (const p of sample.people) {
    for (const secret of [...p.told[1].split(' '), p.pass, p.code]) {
      if (secret) assert.ok(!clear.includes(secret), secret);
    }
  }
});

test('what the house says to be as it was is taken from what the device has', () => {
  const sent = { ...sample.pack, shelves: sample.pack.shelves.map((s, i) => (i === 3 ? s : { tag: s.tag, rows: null })) };
  assert.deepEqual(packs.merge(sample.pack, sent), sample.pack);
  assert.equal(packs.merge(undefined, sent), undefined);
  const other = { ...sample.pack, shelves: sample.pack.shelves.map((s) => ({ ...s, tag: 'another' })) };
  assert.equal(packs.merge(other, sent), undefined, 'rows of another state are taken');
  assert.equal(packs.merge(sample.pack, { ...sent, version: 2 }), undefined);
  assert.equal(packs.have(sample.pack).split('.').length, sample.pack.shelves.length);
  assert.equal(packs.have(undefined), '');
});

test('a scan by a pack of the house is decided whole', async () => {
  const pack = opened(sample.pack);
  const now = sample.pack.made + 2 * 60 * minute;
  const says = [];
  for (const p of sample.people) {
    const got = await pack.read(p.pass || 'no ticket');
    const a = decided.decide(pack.known, [], { nonce: 'nonce-scan', kind: 'in', event: 'osh', code: p.pass, at: now, read: got.read, ticket: got.ticket }, now);
    says.push(`${a.state} ${a.reason}`);
  }
  assert.deepEqual(says, ['come_in accepted', 'look already_in', 'come_in accepted', 'stop no_ticket', 'stop revoked']);
});
