// The core as WebAssembly against the core in C: the same cards, links and entry bytes.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { bin, run } from './lib/chip.mjs';
import { cardsFile, library, newCards, newCore, noCore, rulesFile } from './lib/core.mjs';

const data = fileURLToPath(new URL('../data', import.meta.url));
const corpus = [process.env.KITH_CORPUS, ...['../../../shared/corpus', '../../../../shared/corpus'].map((p) => fileURLToPath(new URL(p, import.meta.url)))]
	.filter(Boolean)
	.find((folder) => existsSync(path.join(folder, 'vcard')));

const files = (folder) =>
	readdirSync(folder).flatMap((name) => {
		const file = path.join(folder, name);
		return statSync(file).isDirectory() ? files(file) : [file];
	});

/** What kith-badge card prints of a file, without the file's name; or its first problem. */
async function native(file) {
	const { out, err } = await run(path.join(bin, 'kith-badge'), ['card', file]);
	const begin = `{"file":${JSON.stringify(file)},`;
	const lines = out.split('\n').slice(0, -1);
	for (const line of lines) assert.ok(line.startsWith(begin));
	if (lines.length > 0) return `[${lines.map((line) => `{"file":"",${line.slice(begin.length)}`).join()}]`;
	return err.split('\n')[0].slice(file.length + 1).replace(/ warning:/, '');
}

function wasm(cards, file) {
	try {
		return new TextDecoder().decode(cards.ask('kith_card_read', readFileSync(file)));
	} catch (error) {
		assert.equal(error.name, 'CoreError', error.stack);
		return error.message.replace(/^line /, '');
	}
}

describe('the core as WebAssembly', { skip: noCore }, () => {
	let core;
	let cards;
	before(async () => {
		core = await newCore();
		cards = await newCards();
	});

	test('asks nothing of its page but character sets: no clock, no file, no randomness', async () => {
		const imports = async (file) => WebAssembly.Module.imports(await WebAssembly.compile(readFileSync(file)));
		assert.deepEqual(await imports(rulesFile), []);
		assert.deepEqual(await imports(cardsFile), [{ module: 'kith', name: 'charset', kind: 'function' }]);
	});

	for (const [what, folder] of [
		['our own cards', data],
		['cards from everywhere', corpus && path.join(corpus, 'vcard')],
	])
		test(`reads ${what} as the tools do`, { skip: !folder && 'KITH_CORPUS is not there' }, async () => {
			const found = files(folder).filter((file) => /\/(vcard|mecard|bizcard|memory)\//.test(file));
			assert.ok(found.length > 20, `${found.length} files`);
			for (const file of found) assert.equal(wasm(cards, file), await native(file), file);
		});

	// of sets with several bytes a character node knows fewer than browsers do, so only these two
	test('reads each character of each set as iconv does', async () => {
		const source = readFileSync(new URL('../../core/card/charset.c', import.meta.url), 'utf8');
		const sets = [...source.matchAll(/STR_INIT\("([^"]+)"\), .*, (true|false) }/g)];
		const folder = mkdtempSync(path.join(os.tmpdir(), 'kith-charset-'));
		let seen = 0;
		for (const [, name, many] of sets) {
			const values = [];
			for (let first = 0x80; first < 0x100; first++) {
				if (many === 'false') values.push([0x61, first]);
				for (let second = 0x40; ['SHIFT_JIS', 'GBK'].includes(name) && second < 0xff; second++) values.push([first, second]);
			}
			const texts = [];
			for (let i = 0; i < values.length; i += 150) {
				const notes = values.slice(i, i + 150).flatMap((bytes) => [`NOTE;CHARSET=${name}:.`, Buffer.from(bytes), '.\r\n']);
				texts.push('BEGIN:VCARD\r\nFN:x\r\n', ...notes, 'END:VCARD\r\n');
			}
			const all = Buffer.concat(texts.map((part) => Buffer.from(part)));
			const file = path.join(folder, 'all.vcf');
			writeFileSync(file, all);
			const { out } = await run(path.join(bin, 'kith-badge'), ['card', file]);
			const notes = (list) => list.flatMap((card) => card.notes);
			const theirs = all.length ? notes(cards.readCards(all)) : [];
			const ours = all.length ? notes(out.trim().split('\n').map((line) => JSON.parse(line))) : [];
			assert.equal(ours.length, values.length);
			seen += ours.length;
			for (const [i, bytes] of values.entries()) {
				const hex = Buffer.from(bytes).toString('hex');
				// two signs of the Macintosh, and what GB 18030 of 2005 moved out of the private area
				if (name === 'MACINTOSH' && ['61c6', '61f0'].includes(hex)) continue;
				if (name === 'GBK' && /^(a3a0|fe(51|52|53|6c|76|91))$/.test(hex)) continue;
				assert.equal(theirs[i], ours[i], `${name} ${hex}`);
			}
		}
		rmSync(folder, { recursive: true });
		assert.ok(seen > 40_000, `${seen} characters`);
	});

	test('refuses what is no card by an error that says why', () => {
		assert.throws(() => cards.readCards('hello'), { name: 'CoreError', code: 'malformed', message: /not a card/ });
		assert.throws(() => cards.readCards(''), { code: 'malformed' });
		assert.equal(cards.readCards('MECARD:N:Next;;')[0].name, 'Next');
	});

	test('reads again each card that the phone writes, in every script', async () => {
		const { vcard } = await library('vcard');
		const card = {
			name: 'Zoë Łukasz, 王小明; عائشة',
			organization: 'Ñandú \\ Söhne',
			title: 'Line one\nline two',
			emails: ['zoë@example.org', 'b@example.org'],
			phones: ['+49 1'],
			urls: ['https://kith.example/b#AAAAAAAAAAAAAAAAAAAAAA.x'],
		};
		const text = vcard(card);
		assert.match(text, /^BEGIN:VCARD\r\nVERSION:3\.0\r\n/);
		assert.deepEqual(cards.readCards(text), [{ file: '', index: 0, notes: [], uid: '', ...card }]);
		assert.equal(cards.readCards(vcard({ name: 'A', emails: [], phones: [], urls: [], note: 'one\ntwo' }))[0].notes[0], 'one\ntwo');
	});

	test('turns any card into a vCard', () => {
		assert.match(cards.convertCard('MECARD:N:Next;TEL:12;;'), /\r\nFN:Next\r\n(.|\r\n)*TEL:12\r\nEND:VCARD\r\n$/);
	});

	test('knows our links', () => {
		const id = 'AQEBAQEBAQEBAQEBAQEBAQ';
		for (const [text, link] of [
			['hello', { kind: 'none' }],
			['https://example.org/x', { kind: 'other', host: 'example.org' }],
			[` http://kith.example/b#${id} `, { kind: 'badge', host: 'kith.example', id, signed: false }],
			[`https://kith.example:8443/b#${id}.${'A'.repeat(86)}`, { kind: 'badge', host: 'kith.example:8443', id, signed: true }],
			[`https://kith.example/b#${id}.AAAA`, { kind: 'other', host: 'kith.example' }],
			['https://kith.example/t#abcd-efgh-jkmn-pqrs', { kind: 'ticket', host: 'kith.example', code: 'ABCDEFGHJKMNPQRS' }],
			[`https://kith.example/p#${id}`, { kind: 'pair', host: 'kith.example', token: id }],
		])
			assert.deepEqual(cards.readLink(text), link, text);
	});

	const uuid = (byte) => byte.repeat(16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
	const sha256 = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest());

	test('gives the bytes under an entry\u2019s hash: the three vectors of docs/sync-protocol.md', () => {
		const plain = Buffer.from('{"a":"AAAAAAAAAAAAAAAAAAAAAA","b":"AQEBAQEBAQEBAQEBAQEBAQ"}');
		const doc = readFileSync(new URL('../../docs/sync-protocol.md', import.meta.url), 'utf8');
		let prev_hash = new Uint8Array(32);
		for (const x of [
			{ seq: 1, id: uuid('11'), kind: 'meeting', boot_ms: 1000, wall_ms: 1795305600001, quality: 'ntp', payload: plain },
			{ seq: 2, id: uuid('12'), kind: 'meeting', boot_ms: 2000, wall_ms: 1795305600002, quality: 'ntp', payload: plain },
			{ seq: 3, id: uuid('13'), kind: 'note', boot_ms: 3000, wall_ms: -1, quality: 'unset', sealed: true, payload: Buffer.from([0, 1, 2, 3]) },
		]) {
			const bytes = core.canonical({
				...x,
				prev_hash,
				store_id: uuid('a5'),
				boot_id: uuid('b0'),
				event: 7,
				payload_length: x.payload.length,
				payload_hash: sha256(x.payload),
			});
			assert.equal(bytes.length, 160);
			prev_hash = sha256(bytes);
			const row = doc.split('\n').find((line) => line.startsWith(`| ${x.seq} | 16 × `));
			assert.ok(row.endsWith(`| \`${Buffer.from(prev_hash).toString('hex')}\` |`), row);
		}
	});

	test('refuses an entry of an unknown kind, and a damaged one', () => {
		const good = {
			prev_hash: new Uint8Array(32),
			store_id: uuid('a5'),
			seq: 1,
			id: uuid('11'),
			event: 7,
			kind: 'note',
			boot_id: uuid('b0'),
			boot_ms: 1,
			wall_ms: 1,
			quality: 'ntp',
			payload_length: 0,
			payload_hash: new Uint8Array(32),
		};
		core.canonical(good);
		for (const wrong of [{ kind: 'x' }, { quality: 'x' }, { id: 'x' }, { prev_hash: new Uint8Array(31) }])
			assert.throws(() => core.canonical({ ...good, ...wrong }), { code: 'malformed' }, JSON.stringify(wrong));
		const empty = new Uint8Array();
		assert.throws(() => core.ask('kith_entry_canonical', empty), { code: 'malformed' });
	});

	test('holds no more memory after 10,000 calls than after the largest one', () => {
		const photo = `BEGIN:VCARD\nFN:P\nPHOTO;ENCODING=b:${'A'.repeat(750_000)}\nEND:VCARD\n`;
		cards.readCards(photo);
		const held = cards.memory();
		for (let i = 0; i < 10_000; i++) {
			if (i % 1000 === 0) cards.readCards(photo);
			cards.readCards('MECARD:N:Next;TEL:12;;');
			assert.throws(() => cards.readCards('hello'));
		}
		assert.equal(cards.memory(), held);
	});

	test('a call that traps is an error, and the next one is answered', async () => {
		const { Cards } = await library('cards');
		const { exports } = await WebAssembly.instantiate(await WebAssembly.compile(readFileSync(cardsFile)), { kith: { charset: () => 0 } });
		const stack = exports.__stack_pointer.value;
		const trapping = new Cards({
			...exports,
			kith_link_read() {
				exports.__stack_pointer.value -= 4096; // as deep as a call stands when memory ends
				throw new WebAssembly.RuntimeError('unreachable');
			},
		});
		assert.throws(() => trapping.readLink('x'), { name: 'CoreError', code: 'internal', message: /unreachable/ });
		assert.equal(exports.__stack_pointer.value, stack);
		assert.equal(trapping.readCards('MECARD:N:Next;;')[0].name, 'Next');
	});
});
