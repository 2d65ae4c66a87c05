// A batch of badges: a list, a stack of chips, an operator who drops, forgets and repeats, and a
// program that is killed. Each badge must end on exactly one chip, and what is not must be named.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';

import { HOST, checkBadge, makeKey, messageOf } from './lib/badge-bytes.mjs';
import { Chip, Control, bin, run } from './lib/chip.mjs';
import { until } from './lib/world.mjs';

const NAMES = ['Ana Müller', 'Ben "B" Kowalski', '=SUM(A1)', 'Dora, née Ek', 'Li Wei'];

describe('kith-badge batch', () => {
	let chip;
	let key;
	let people;
	let files;
	let round = 0;
	let chips = 0;
	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
	});
	after(() => chip.stop());
	beforeEach(async () => {
		const dir = path.join(chip.dir, `round${++round}`);
		fs.mkdirSync(dir);
		files = { list: path.join(dir, 'list.csv'), journal: path.join(dir, 'journal'), report: path.join(dir, 'report.csv') };
		people = NAMES.map((name) => ({ name, id: crypto.randomBytes(16).toString('base64url') }));
		writeList(people);
		await chip.send('fault off');
		for (const [, name] of (await chip.send('list')).matchAll(/(\S+):ntag21\d:[0-9a-f]+:in/g))
			await chip.send(`take ${name}`);
	});

	const quote = (text) => `"${text.replaceAll('"', '""')}"`;
	const writeList = (rows) => fs.writeFileSync(files.list,
		`name,badge\r\n${rows.map((p) => `${quote(p.name)},${p.id}\r\n`).join('')}`);
	const args = (extra = []) => ['batch', '--reader', chip.connstring, '--key', key.file, '--list', files.list, '--host', HOST,
		'--journal', files.journal, '--report', files.report, '--wait', '60', ...extra];
	const env = () => ({ ...process.env, KITH_LOCK_DIR: chip.dir });

	/** A running batch; out and err grow, sees(words) waits for them to be said anew. */
	const start = (extra) => {
		const child = spawn(path.join(bin, 'kith-badge'), args(extra), { env: env() });
		const b = { child, out: '', err: '', seen: 0, waiting: null };
		const look = () => {
			const all = b.out + b.err;
			if (b.waiting && b.waiting.words.test(b.waiting.part())) {
				b.waiting.resolve(all);
				b.waiting = null;
			}
		};
		child.stdout.setEncoding('utf8').on('data', (t) => ((b.out += t), look()));
		child.stderr.setEncoding('utf8').on('data', (t) => ((b.err += t), look()));
		b.ended = new Promise((resolve) => child.on('close', (status, signal) => {
			b.waiting?.reject(new Error(`it ended: ${b.out}${b.err}`));
			resolve({ status, signal });
		}));
		/** Resolves once words were said after the marks that were set by the last call. */
		b.sees = (words, from = { out: b.out.length, err: b.err.length }) => new Promise((resolve, reject) => {
			b.waiting = { words, resolve, reject, part: () => b.out.slice(from.out) + b.err.slice(from.err) };
			look();
		});
		b.mark = () => ({ out: b.out.length, err: b.err.length });
		return b;
	};
	const blank = async (kind = 'ntag213') => {
		const name = `c${++chips}`;
		await chip.send(`tag new ${name} ${kind}`);
		return name;
	};
	/** The chip on the reader until these words are said, then away. */
	const tap = async (b, name, words) => {
		const from = b.mark();
		await chip.send(`put ${name}`);
		await b.sees(words, from);
		await chip.send(`take ${name}`);
	};
	const dump = async (name) => {
		const file = path.join(chip.dir, 'saved');
		await chip.send(`tag save ${name} ${file}`);
		return fs.readFileSync(file);
	};
	const idOn = async (name) => /b#([\w-]{22})/.exec(messageOf(await dump(name)).message.toString('latin1'))?.[1];
	const uidOf = async (name) => /^\S+ ([0-9a-f]{14})/.exec(await chip.send(`tag info ${name}`))[1];
	/** Each badge on exactly one of these chips, and that chip's badge genuine. */
	const checkAll = async (names) => {
		const on = [];
		for (const name of names) {
			const id = await idOn(name);
			if (id) {
				checkBadge(await dump(name), key, { id });
				on.push(id);
			}
		}
		assert.deepEqual([...on].sort(), people.map((p) => p.id).sort());
	};
	// one in 64 ids begins with a dash, which no spreadsheet shall run: it has an apostrophe in front
	const report = () => fs.readFileSync(files.report, 'utf8').replaceAll('"\'-', '"-').trim().split('\r\n').slice(1);

	test('a list goes onto chips one after the other, with a report', async () => {
		const b = start();
		await b.sees(/\[1\/5\] Ana Müller: put on the next chip/, { out: 0, err: 0 });
		const used = [];
		for (const p of people) {
			const name = await blank(used.length % 2 ? 'ntag215' : 'ntag213');
			await tap(b, name, new RegExp(`wrote ${p.id} on NTAG21[35] [0-9a-f]{14} for `));
			used.push(name);
		}
		assert.deepEqual(await b.ended, { status: 0, signal: null });
		assert.match(b.out, /5 of 5 badges are written\n$/);
		assert.match(b.err, /\[2\/5\] Ben "B" Kowalski: put on the next chip \(\d+ s a badge, \d+ min left\)/);
		assert.equal(b.err.match(/\x07/g).length, 5);
		await checkAll(used);
		const lines = report();
		assert.equal(lines.length, 5);
		for (const [i, p] of people.entries()) {
			assert.ok(lines[i].startsWith(`${i + 2},`), lines[i]);
			assert.ok(lines[i].includes(`"${p.id}","written","${await uidOf(used[i])}","NTAG21${i % 2 ? 5 : 3}","20`), lines[i]);
		}
		assert.ok(lines[2].includes(`"'=SUM(A1)"`), 'no formula for a spreadsheet');
		// the same command again has nothing to do and needs no chip
		const again = await run(path.join(bin, 'kith-badge'), args(), { env: env() });
		assert.equal(again.status, 0);
		assert.match(again.out, /5 of 5/);
	});

	test('chips that must not be written are refused by name, and the batch goes on', async () => {
		const b = start(['--sound', 'none']);
		await b.sees(/\[1\/5\]/, { out: 0, err: 0 });
		const used = [await blank()];
		await tap(b, used[0], /wrote/);
		await chip.send('wait polls 60'); // seen to be gone: left lying, it would not be spoken of again
		await tap(b, used[0], /carries the badge of Ana Müller already; put on the next one/);
		const strange = await blank();
		await chip.send(`tag save ${used[0]} ${path.join(chip.dir, 'full')}`);
		const bytes = fs.readFileSync(path.join(chip.dir, 'full'));
		bytes[7] ^= 1;
		bytes[8] ^= 1;
		fs.writeFileSync(path.join(chip.dir, 'full'), bytes);
		await chip.send(`tag load ${strange} ${path.join(chip.dir, 'full')}`);
		await tap(b, strange, /it holds the badge [\w-]{22}; --overwrite/);
		assert.deepEqual(await dump(strange), bytes, 'untouched');
		const locked = await blank();
		await chip.send(`tag save ${locked} ${path.join(chip.dir, 'locked')}`);
		const shut = fs.readFileSync(path.join(chip.dir, 'locked'));
		shut[10] |= 0x20;
		fs.writeFileSync(path.join(chip.dir, 'locked'), shut);
		await chip.send(`tag load ${locked} ${path.join(chip.dir, 'locked')}`);
		await tap(b, locked, /page 5 of the chip is locked for ever; take another/);
		for (let i = 1; i < 5; i++) {
			used.push(await blank());
			await tap(b, used[i], /wrote/);
		}
		assert.equal((await b.ended).status, 0);
		assert.doesNotMatch(b.err, /\x07/);
		await checkAll(used);
	});

	test('a chip pulled away is asked for again, and no other is taken for it', async () => {
		const b = start();
		await b.sees(/\[1\/5\]/, { out: 0, err: 0 });
		const first = await blank();
		await chip.send('fault pull 60');
		const from = b.mark();
		await chip.send(`put ${first}`);
		await b.sees(/taken away too early; put it back/, from);
		await chip.send('fault off');
		const other = await blank();
		await tap(b, other, new RegExp(`not the chip that was begun, which is ${await uidOf(first)}`));
		assert.equal(await idOn(other), undefined);
		await tap(b, first, /wrote/);
		const used = [first, other];
		await tap(b, other, /wrote/);
		for (let i = 2; i < 5; i++) {
			used.push(await blank());
			await tap(b, used[i], /wrote/);
		}
		assert.equal((await b.ended).status, 0);
		await checkAll(used);
	});

	test('killed between any two pages, it goes on at the exact badge', async () => {
		const used = [];
		let b;
		for (const [i] of people.entries()) {
			// killed as early as a page after the first, or as late as all of them
			const name = await blank();
			used.push(name);
			b = start();
			await b.sees(new RegExp(`\\[${i + 1}/5\\]`), { out: 0, err: 0 });
			const wanted = 1 + i * 7;
			const watch = await Control.open(chip.socket); // a wait holds up the lines behind it
			const killed = watch.send(`wait ${name} writes ${wanted}`).then(() => b.child.kill('SIGKILL'));
			await chip.send(`put ${name}`);
			await killed;
			await b.ended;
			watch.close();
			await chip.send(`take ${name}`);
			const open = fs.readFileSync(files.journal, 'utf8').trim().split('\n').at(-1);
			const done = open.startsWith('done ');
			assert.ok(done || open.startsWith(`begin ${people[i].id} ${await uidOf(name)}`), open);
			if (!done) {
				b = start();
				await b.sees(new RegExp(`\\[${i + 1}/5\\] .*: begun on chip ${await uidOf(name)} and may be half written; put that chip on first`),
					{ out: 0, err: 0 });
				const wrong = await blank();
				await tap(b, wrong, /not the chip that was begun/);
				await tap(b, name, /wrote/);
				b.child.kill('SIGTERM');
				const ended = await b.ended;
				if (i < 4)
					assert.equal(ended.status, 75);
			}
		}
		const last = await run(path.join(bin, 'kith-badge'), args(), { env: env() });
		assert.equal(last.status, 0, last.err);
		assert.match(last.out, /^5 of 5 badges are written\n$/);
		await checkAll(used);
	});

	test('a chip that is lost half written is given up by name, and its badge goes onto another', async () => {
		let b = start();
		await b.sees(/\[1\/5\]/, { out: 0, err: 0 });
		const lost = await blank();
		await chip.send('fault pull 70');
		const from = b.mark();
		await chip.send(`put ${lost}`);
		await b.sees(/put it back/, from);
		await chip.send('fault off');
		b.child.kill('SIGTERM');
		assert.equal((await b.ended).status, 75);
		const uid = await uidOf(lost);
		assert.match(b.out, new RegExp(`half written: chip ${uid}, badge ${people[0].id} of Ana Müller`));
		assert.match(report()[0], new RegExp(`"half written","${uid}"`));
		b = start(['--spoilt', uid]);
		await b.sees(/\[1\/5\] Ana Müller: put on the next chip/, { out: 0, err: 0 });
		assert.match(b.err, new RegExp(`given up: chip ${uid} with the badge ${people[0].id} of Ana Müller`));
		const used = [];
		for (let i = 0; i < 5; i++) {
			used.push(await blank());
			await tap(b, used[i], /wrote/);
		}
		assert.equal((await b.ended).status, 0);
		await checkAll(used);
		assert.match(b.out, new RegExp(`given up: chip ${uid}`));
		assert.match(report().at(-1), new RegExp(`"spoilt","${uid}"`));
		assert.equal(report().length, 6);
	});

	test('the reader may be unplugged in the middle of it', async () => {
		const b = start();
		await b.sees(/\[1\/5\]/, { out: 0, err: 0 });
		const used = [];
		for (let i = 0; i < 5; i++) {
			used.push(await blank());
			const from = b.mark();
			await chip.send(i % 2 ? 'fault unplug' : 'fault hangup');
			await b.sees(/stopped answering|no reader answers/, from);
			await chip.send('fault off');
			await b.sees(/the reader is back/, from);
			await tap(b, used[i], /wrote/);
		}
		assert.equal((await b.ended).status, 0);
		await checkAll(used);
	});

	test('each person may have a vCard, from the list or from a file beside it, on a chip with room', async () => {
		const card = (name) => `BEGIN:VCARD\r\nVERSION:3.0\r\nN:;${name};;;\r\nFN:${name}\r\nEMAIL:${name.length}@example.org\r\nEND:VCARD\r\n`;
		people = people.slice(0, 3);
		people[0].card = card('Ana Müller');
		people[1].card = card('Ben Kowalski');
		people[2].card = '';
		const folder = path.dirname(files.list);
		fs.mkdirSync(path.join(folder, 'cards'));
		fs.writeFileSync(path.join(folder, 'cards', 'ben.vcf'), people[1].card);
		fs.writeFileSync(files.list, `badge,name,vcard\r\n${people[0].id},Ana,${quote(people[0].card)}\r\n${people[1].id},Ben,cards/ben.vcf\r\n${people[2].id},Cem,\r\n`);
		const b = start();
		await b.sees(/\[1\/3\] Ana: put on the next chip, for its card an NTAG215 or larger/, { out: 0, err: 0 });
		const small = await blank();
		await tap(b, small, /the NDEF message has \d+ bytes; this NTAG213 holds at most 141/);
		assert.equal(await idOn(small), undefined);
		const used = [await blank('ntag215'), await blank('ntag216'), small];
		for (const name of used)
			await tap(b, name, /wrote/);
		assert.equal((await b.ended).status, 0);
		for (const [i, p] of people.entries())
			checkBadge(await dump(used[i]), key, { id: p.id, vcard: p.card });
		// what cannot be written is said before the first chip
		for (const [cell, words] of [['cards/none.vcf', /line 2: column vcard: .*none\.vcf/], [quote('BEGIN:VCARD\r\nNOTE:' + 'x'.repeat(900)), /line 2: .* an NTAG216 holds 867/],
			['list.csv', /line 2: column vcard: no vCard in UTF-8/]]) {
			fs.rmSync(files.journal, { force: true });
			fs.writeFileSync(files.list, `badge,name,vcard\r\n${people[0].id},Ana,${cell}\r\n`);
			const seen = await run(path.join(bin, 'kith-badge'), args(), { env: env() });
			assert.notEqual(seen.status, 0);
			assert.match(seen.err, words);
			assert.ok(!fs.existsSync(files.journal));
		}
	});

	test('aplay sounds two notes for a badge and a low one for a refusal, and is missed at the start', async () => {
		const heard = path.join(path.dirname(files.list), 'heard');
		const folder = path.join(path.dirname(files.list), 'bin');
		fs.mkdirSync(folder);
		fs.writeFileSync(path.join(folder, 'aplay'), `#!/bin/sh\necho "$@" $(wc -c) >>${heard}\n`, { mode: 0o755 });
		people = people.slice(0, 2);
		writeList(people);
		const before = process.env.PATH;
		process.env.PATH = `${folder}:${before}`;
		const b = start(['--sound', 'aplay']);
		process.env.PATH = before;
		await b.sees(/\[1\/2\]/, { out: 0, err: 0 });
		const first = await blank();
		await tap(b, first, /wrote/);
		await chip.send('wait polls 60');
		await tap(b, first, /carries the badge of/);
		await tap(b, await blank(), /wrote/);
		assert.equal((await b.ended).status, 0);
		assert.doesNotMatch(b.err, /\x07/);
		await until('three sounds', () => fs.existsSync(heard) && fs.readFileSync(heard, 'utf8').split('\n').length > 3);
		const format = '-q -t raw -f S16_LE -r 16000 -c 1 -';
		assert.deepEqual(fs.readFileSync(heard, 'utf8').trim().split('\n').sort(), [`${format} 14400`, `${format} 7040`, `${format} 7040`]);
		const absent = await run(path.join(bin, 'kith-badge'), args(['--sound', 'aplay']), { env: { ...env(), PATH: '/nonexistent' } });
		assert.equal(absent.status, 66);
		assert.match(absent.err, /no aplay here: install alsa-utils/);
		assert.equal((await run(path.join(bin, 'kith-badge'), args(['--sound', 'horn']), { env: env() })).status, 64);
	});

	test('a torn or foreign journal, a second batch and a bad list are named', async () => {
		const refused = async (status, words, extra) => {
			const seen = await run(path.join(bin, 'kith-badge'), args(extra), { env: env() });
			assert.equal(seen.status, status, seen.err);
			assert.match(seen.err, words);
		};
		const b = start();
		await b.sees(/\[1\/5\]/, { out: 0, err: 0 });
		await refused(73, /another batch works with the journal/);
		const name = await blank();
		await tap(b, name, /wrote/);
		b.child.kill('SIGINT');
		await b.ended;
		// a power cut in the middle of a line
		fs.appendFileSync(files.journal, `begin ${people[1].id} 04a1`);
		const again = start();
		await again.sees(/\[2\/5\] Ben "B" Kowalski: put on the next chip/, { out: 0, err: 0 });
		again.child.kill('SIGINT');
		await again.ended;
		assert.match(fs.readFileSync(files.journal, 'utf8'), /\ndone \S+ \S+ NTAG213 \S+\n$/);
		await refused(66, /the journal knows no chip/, ['--spoilt', '04aabbccddeeff']);
		fs.appendFileSync(files.journal, 'nonsense\n');
		await refused(65, /line 4: no line of a batch's journal/);
		fs.writeFileSync(files.journal, 'kith-batch-1 event 8 key 1\n');
		await refused(73, /belongs to another event or key/);
		fs.rmSync(files.journal);
		for (const [text, words] of [
			['', /the list is empty/],
			['name,email\na,b\n', /no column "badge" or "id"/],
			['id\nx\n', /no column "name"/],
			['name,id\nAna,x\n', /line 2: column id: no badge's id/],
			[`name,id\n,${people[0].id}\n`, /line 2: column name: empty/],
			[`name,id\nAna,${people[0].id}\nBen,${people[0].id}\n`, /line 3: the badge \S+ stands in line 2 too/],
			[`name,id\n"Ana,${people[0].id}\n`, /line 2: a quote is opened and never closed/],
		]) {
			fs.writeFileSync(files.list, text);
			await refused(65, words);
		}
	});
});
