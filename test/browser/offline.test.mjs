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
/** @typedef {typeof import('../../web/ts/offline/box.js')} Boxes */
/** @typedef {typeof import('../../web/ts/offline/fold.js')} Folds */
/** @typedef {typeof import('../../web/ts/offline/names.js')} Names */
/** @typedef {typeof import('../../web/ts/offline/entries.js')} Entries */
/** @typedef {typeof import('../../web/ts/offline/course.js')} Courses */
/** @typedef {import('../../web/ts/offline/pack.js').Pack} Sent */
/** @typedef {{ ends: number, made: number, until: number, free: number, cancelled?: boolean, several?: boolean, guests: Record<string, [string, number, string, number]> }} Pack */
/** @typedef {{ is: string, pack: string, ledger?: string[], scan: string, now?: number, nonce?: string, event?: string, long?: number, want: string }} Case */
/** @type {{ starts: string, bounds: { grace: number, ahead: number, undo: number, zone: number, opens: number }, packs: Record<string, Pack>, cases: Case[] }} */
const table = JSON.parse(await readFile(new URL('internal/modules/seminars/door/doortest/testdata/decisions.json', root), 'utf8'));

/** @typedef {{ pass: string, code: string, told: [string, string, string], seat: string, kind: string, at: number, back: number, earlier?: string[] }} Person */
/**
 * A pack that the house has made of invented people.
 * @type {{ pack: Sent, word: string, people: Person[], codes: { code: string, read: string }[] }}
 */
const sample = JSON.parse(await readFile(new URL('internal/modules/seminars/door/doortest/testdata/pack.json', root), 'utf8'));

/** @typedef {{ private: string, public: string, ephemeral: string, point: string, of: string, plain: string, box: string }} Closed */
/** @type {Closed[]} what the house opens: box_test.go makes them and holds to them */
const closed = JSON.parse(await readFile(new URL('internal/foundation/offline/testdata/boxes.json', root), 'utf8'));

/** @type {string} */
let folder;
/** @type {Decide} */
let decided;
/** @type {Packs} */
let packs;
/** @type {Boxes} */
let boxes;
/** @type {Folds} */
let folds;
/** @type {Names} */
let names;
/** @type {Entries} */
let entries;
/** @type {Courses} */
let courses;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-'));
  await run(new URL('node_modules/.bin/tsc', root).pathname, ['--project', new URL('web', root).pathname, '--noEmit', 'false', '--outDir', folder, '--rootDir', new URL('web/ts', root).pathname]);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const parts = join(folder, 'offline');
  decided = await import(pathToFileURL(join(parts, 'decide.js')).href);
  packs = await import(pathToFileURL(join(parts, 'pack.js')).href);
  boxes = await import(pathToFileURL(join(parts, 'box.js')).href);
  folds = await import(pathToFileURL(join(parts, 'fold.js')).href);
  names = await import(pathToFileURL(join(parts, 'names.js')).href);
  entries = await import(pathToFileURL(join(parts, 'entries.js')).href);
  courses = await import(pathToFileURL(join(parts, 'course.js')).href);
});

after(() => rm(folder, { recursive: true, force: true }));

/** @param {number} minutes after the start */
const at = (minutes) => Date.parse(table.starts) + minutes * minute;

/** @param {Case} c @returns {import('../../web/ts/offline/decide.js').Known | undefined} */
function known(c) {
  const p = table.packs[c.pack];
  if (!p) return undefined;
  const bounds = { grace: table.bounds.grace * minute, ahead: table.bounds.ahead * minute, undo: table.bounds.undo * minute, zone: table.bounds.zone * minute, opens: table.bounds.opens * minute };
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
  assert.ok(sample.people.filter((p) => p.earlier?.length).length >= 3);
  for (const p of sample.people) {
    for (const printed of p.earlier ?? []) {
      assert.deepEqual(await pack.read(printed), await pack.read(p.pass), `a QR of ${p.code} from before the activity moved`);
    }
  }
  for (const { code, read } of sample.codes) assert.equal((await pack.read(code)).read, read === 'code' ? 'locked' : read, code);
});

test('a typed code and a name are for who has typed the word', async () => {
  const pack = opened(sample.pack);
  for (const p of sample.people) if (p.code) assert.deepEqual(await pack.read(p.code), { read: 'locked', ticket: '' });
  assert.equal((await pack.names()).size, 0);
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
  assert.deepEqual([...(await pack.names()).values()].map((t) => t.name).sort(), held.map((p) => p.told[1]).sort());
});

/**
 * @typedef {import('../../web/ts/offline/course.js').Mark} Mark
 * @type {{ steps: import('../../web/ts/offline/course.js').Planned[], cases: { name: string, marks: Mark[], now: number, course: unknown, forecast: unknown }[] }} days that the house is held to as well
 */
const days = JSON.parse(await readFile(new URL('internal/modules/seminars/runsheet/testdata/courses.json', root), 'utf8'));

test('a day goes on a phone as in the house, in whatever order its marks arrive', () => {
  assert.ok(days.cases.length >= 37);
  for (const { name, marks, now, course, forecast } of days.cases) {
    for (const list of [marks, [...marks].reverse(), [...marks, ...marks]]) {
      const goes = courses.courseOf(days.steps, list);
      assert.deepEqual(goes, course, name);
      assert.deepEqual(courses.forecastOf(days.steps, goes, now), forecast, name);
    }
  }
});

/** @type {{ text: string, key: string, searched: boolean }[]} which the house is held to as well */
const spellings = JSON.parse(await readFile(new URL('internal/foundation/i18n/testdata/folds.json', root), 'utf8'));

test('a name is folded on a phone as in the house, and looked for when the house would', () => {
  assert.ok(spellings.length >= 100);
  for (const { text, key, searched } of spellings) {
    assert.equal(folds.fold(text), key, JSON.stringify(text));
    assert.equal(folds.searchable(text), searched, JSON.stringify(text));
  }
});

test('a name is found by its parts in whatever spelling, once the word is typed, and only on the day', async () => {
  const pack = opened(sample.pack);
  const now = sample.pack.rules.starts;
  /** @param {string} query @param {import('../../web/ts/offline/decide.js').Line[]} lines */
  const find = (query, lines = [], at = now) => names.find(pack, lines, query, at);
  assert.equal(await find('айгүл'), 'locked');
  await pack.unlock(sample.word);
  for (const query of ['Айгүл', 'aigul asanova', 'АСАНОВА айгу', 'Aygul']) {
    const found = await find(query);
    assert.ok(Array.isArray(found));
    assert.deepEqual(found.map(({ name, seat, inside }) => [name, seat, inside]), [['Айгүл Асанова', 'held', false]], query);
  }
  const some = await find('ова');
  assert.ok(Array.isArray(some));
  assert.deepEqual(
    some.map(({ name, seat, inside }) => [name, seat, inside]),
    [
      ['Айгүл Асанова', 'held', false],
      ['Жылдыз Абдырахманова', 'held', true],
      ["Nurgül O'Brien-Ысакова", 'waiting', false],
    ],
    'who holds a seat does not come first, or inside is not told apart',
  );
  const row = some[0]?.row ?? '';
  const line = { nonce: 'nonce-0001', kind: 'in', event: 'osh', of: row, at: now - minute, counts: true };
  const after = await find('айгүл', [line]);
  assert.ok(Array.isArray(after) && after[0]?.inside, 'who was let in here is not inside');
  assert.equal(await find('а'), 'twoLetters');
  assert.deepEqual(await find('Осмонова'), []);
  assert.equal(await find('айгүл', [], now - 24 * 60 * minute), 'notToday');
  assert.equal(await find('айгүл', [], now + 24 * 60 * minute), 'notToday');
});

test('a phone shows as many people as the house, and no more', async () => {
  const pack = opened(sample.pack);
  await pack.unlock(sample.word);
  const all = await pack.names();
  for (let n = 0; all.size < names.most + 1; n++) all.set(`row ${n}`, { lang: 'ky', name: `Асанова ${n}`, needs: '' });
  const found = await names.find(pack, [], 'ова', sample.pack.rules.starts);
  assert.equal(found.length, names.most);
  const go = await readFile(new URL('internal/modules/seminars/door/door_search.go', root), 'utf8');
  assert.equal(Number(/const mostFound = (\d+)/.exec(go)?.[1]), names.most);
});

test('the last entries are those of this phone that stand and may be undone, each person once', async () => {
  const pack = opened(sample.pack);
  await pack.unlock(sample.word);
  const now = sample.pack.rules.starts + 60 * minute;
  const [first = '', second = '', third = ''] = [...(await pack.names()).keys()].filter((r) => !pack.known.guests.get(r)?.kind);
  assert.ok(first && second);
  /** @param {string} nonce @param {string} kind @param {string} of @param {number} ago */
  const line = (nonce, kind, of, ago, counts = true) => ({ nonce, kind, event: 'osh', of, at: now - ago * minute, counts });
  const desk = /** @type {any} */ ({ opened: pack, place: { event: 'osh' }, now: () => now });
  const lines = [
    line('old', 'in', third, 16),
    line('bound', 'in', 'walk', 15),
    line('one', 'in', first, 9),
    line('again', 'in', first, 8),
    line('two', 'in', second, 7),
    line('undo', 'undo', 'two', 6),
    line('refused', 'in', 'x', 5, false),
    { ...line('other', 'in', 'y', 4), event: 'naryn' },
    line('out', 'out', first, 3),
    line('back', 'in', first, 2),
    line('later', 'in', 'z', -1),
  ];
  assert.deepEqual(entries.recent(lines, desk).map((l) => l.nonce), ['back', 'one', 'bound']);
  const many = Array.from({ length: 12 }, (_, n) => line(`many-${n}`, 'in', `row ${n}`, n));
  assert.equal(entries.recent(many, desk).length, 10);
});

test('a pack on a device holds no name', () => {
  const dump = JSON.stringify(sample.pack);
  const clear = [...dump.matchAll(/[\w-]{12,}/g)].map(([text]) => Buffer.from(text, 'base64url').toString('utf8')).join(' ') + dump;
  for (const p of sample.people) {
    for (const secret of [...p.told[1].split(' '), p.pass, p.code, ...(p.earlier ?? [])]) {
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

const curve = { name: 'ECDH', namedCurve: 'P-256' };

/**
 * A private key of a point, as WebCrypto takes it.
 * @param {string} secret @param {string} point both in base64url
 */
function privateKey(secret, point) {
  const raw = Buffer.from(point, 'base64url');
  const part = (/** @type {number} */ from) => raw.subarray(from, from + 32).toString('base64url');
  return crypto.subtle.importKey('jwk', { kty: 'EC', crv: 'P-256', d: secret, x: part(1), y: part(33) }, curve, false, ['deriveBits']);
}

/**
 * Opens a box as the house does, written once more.
 * @param {Closed} c @param {string} box
 */
async function openAsHouse(c, box) {
  const raw = Buffer.from(box, 'base64url');
  const point = raw.subarray(0, 65);
  const mine = await privateKey(c.private, c.public);
  const shared = await crypto.subtle.deriveBits({ name: 'ECDH', public: await crypto.subtle.importKey('raw', point, curve, false, []) }, mine, 256);
  const salt = Buffer.concat([point, Buffer.from(c.public, 'base64url')]);
  const from = await crypto.subtle.importKey('raw', shared, 'HKDF', false, ['deriveKey']);
  const key = await crypto.subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt, info: Buffer.from('ashar offline box 1') }, from, { name: 'AES-GCM', length: 256 }, false, ['decrypt']);
  const padded = Buffer.from(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: new Uint8Array(12), additionalData: Buffer.from(c.of) }, key, raw.subarray(65)));
  return padded.subarray(0, padded.lastIndexOf(0x80)).toString('utf8');
}

test('a box that is closed here is the one that the house opens, byte for byte', async () => {
  assert.ok(closed.length >= 20);
  for (const c of closed) {
    const publicKey = await crypto.subtle.importKey('raw', Buffer.from(c.point, 'base64url'), curve, true, []);
    const pair = { privateKey: await privateKey(c.ephemeral, c.point), publicKey };
    assert.equal(await boxes.close(c.public, c.of, c.plain, pair), c.box, c.of);
    assert.equal(await openAsHouse(c, c.box), c.plain, c.of);
  }
});

test('each box has a key of its own, and opens for its record alone', async () => {
  const [c] = closed;
  assert.ok(c);
  const text = 'Үмүткан Жээналиева';
  const made = new Set();
  for (let i = 0; i < 20; i++) {
    const box = await boxes.close(c.public, c.of, text);
    made.add(box.slice(0, 87));
    assert.equal(await openAsHouse(c, box), text);
    await assert.rejects(openAsHouse({ ...c, of: 'nonce-of-another' }, box));
    await assert.rejects(openAsHouse(c, box.slice(0, -1 - i)));
  }
  assert.equal(made.size, 20);
  for (const key of ['', c.box, c.public.slice(2)]) await assert.rejects(boxes.close(key, c.of, text));
});
