// Badges on paper: drawn by kith-badge, rendered by poppler as a 150-dpi printer would, and read
// back by zbarimg; labels taken by CUPS' own printer for tests.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { bin, run, toolMissing } from './lib/chip.mjs';
import { until } from './lib/world.mjs';

const names = ['Ana Müller', 'Łukasz Żak', 'محمد العربي', 'דוד לוי', 'अनिता शर्मा', 'สมชาย ใจดี', '王小明',
	'田中さくら', '김민준', 'Αλέξανδρος Παπαδόπουλος', 'Нина Воронцова', 'José Ñandú', 'Đặng Thị Hồng Nhung',
	'Maximiliane Katharina von Hohenlohe-Langenburg', 'Bo Ek'];
const badge = path.join(bin, 'kith-badge');

describe('badges on paper', () => {
	let dir, key;
	const file = (name) => path.join(dir, name);

	/** A list of people as CSV, and the id of each. */
	function writeList(name, people) {
		const ids = people.map(() => crypto.randomBytes(16).toString('base64url'));
		const rows = people.map((person, i) => [ids[i], person, 'Gesellschaft für Datenbanken', 'Engineer',
			'"Ask me about bees, and night trains"'].join(','));
		fs.writeFileSync(file(name), ['badge,name,organization,title,line', ...rows, ''].join('\n'));
		return ids;
	}
	const sheet = (...args) => run(badge, ['sheet', '--key', key, '--host', 'kith.example.org', ...args]);
	/** Every code of a PDF, as zbarimg reads it from a rendering of 150 dpi. */
	async function codesOf(pdf) {
		const stem = file(`${path.basename(pdf)}-page`);
		const drawn = await run('pdftoppm', ['-r', '150', '-gray', pdf, stem]);
		assert.equal(drawn.status, 0, drawn.err);
		const pages = fs.readdirSync(dir).filter((f) => f.startsWith(path.basename(stem))).map(file);
		const read = await run('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', ...pages]);
		for (const page of pages)
			fs.unlinkSync(page);
		return read.out.split('\n').filter(Boolean);
	}

	before(() => {
		dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-print-'));
		const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
		const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d, 'base64url');
		const secret = Buffer.concat([seed, Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url')]);
		key = file('event.key');
		fs.writeFileSync(key, `kith-event-key-1\nevent 7\nkey 1\nsecret ${secret.toString('base64url')}\n`, { mode: 0o600 });
	});
	after(() => fs.rmSync(dir, { recursive: true, force: true }));

	test('every code of a sheet reads back from a rendering, with names in fifteen scripts and lengths', async (t) => {
		if ((await run('pdftoppm', ['-v'])).status !== 0)
			return toolMissing(t, 'poppler-utils');
		const ids = writeList('list.csv', names);
		const made = await sheet('--list', file('list.csv'), '--out', file('sheet.pdf'), '--title', 'C Meetup');
		assert.equal(made.status, 0, made.err);
		assert.match(made.err, /^15 badges on 2 pages; codes read from 200 mm$/m);
		assert.doesNotMatch(made.err, /no font/);
		const codes = await codesOf(file('sheet.pdf'));
		assert.deepEqual(codes.map((link) => /^https:\/\/kith\.example\.org\/b#([\w-]{22})\.[\w-]{86}$/.exec(link)?.[1]).sort(),
			[...ids].sort());
		// the name is text, not a picture: another program finds it
		const text = (await run('pdftotext', [file('sheet.pdf'), '-'])).out.replace(/\s+/g, ' ');
		for (const name of ['Ana Müller', '王小明', 'Нина Воронцова'])
			assert.ok(text.includes(name), name);
		return undefined;
	});

	test('the signature on paper is the event key\'s', async () => {
		const [id] = writeList('one.csv', ['Ana Müller']);
		const made = await run(badge, ['label', '--key', key, '--host', 'kith.example.org', '--list', file('one.csv'),
			'--only', id, '--out', file('one.pdf')]);
		assert.equal(made.status, 0, made.err);
		const [link] = await codesOf(file('one.pdf'));
		const secret = Buffer.from(/secret (\S+)/.exec(fs.readFileSync(key, 'utf8'))[1], 'base64url');
		const publicKey = crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: secret.subarray(32).toString('base64url') } });
		const event = Buffer.alloc(4);
		event.writeUInt32BE(7);
		const signed = Buffer.concat([Buffer.from('kith-qr-1'), event, Buffer.from(id, 'base64url')]);
		assert.ok(crypto.verify(null, signed, publicKey, Buffer.from(link.split('.').at(-1), 'base64url')));
	});

	test('one label is a PDF or an SVG', async () => {
		const [id] = writeList('label-one.csv', ['Ana Müller']);
		const label = (...args) => run(badge, ['label', '--key', key, '--host', 'kith.example.org', '--list', file('label-one.csv'), ...args]);
		assert.equal((await label('--only', id, '--out', file('label.svg'))).status, 0);
		assert.match(fs.readFileSync(file('label.svg'), 'utf8'), /^<\?xml[\s\S]*<svg [\s\S]*<\/svg>\s*$/);
		assert.match((await label('--all', '--out', file('label.svg'))).err, /an SVG has one label/);
		assert.match((await label('--all', '--out', file('label.txt'))).err, /ends in \.pdf or \.svg/);
	});

	test('desks get letters in like shares, and an accent is no letter of its own', async () => {
		writeList('queues.csv', ['A Abel', 'B Öst', 'C Oster', 'D Zorn', 'E Adams', 'F Meyer']);
		const made = await sheet('--list', file('queues.csv'), '--out', file('queues.pdf'), '--queues', '3');
		assert.equal(made.status, 0, made.err);
		assert.equal(made.out, 'desk 1\tA\t2 badges\ndesk 2\tM–O\t3 badges\ndesk 3\tZ\t1 badges\n');
		assert.match((await run('pdftotext', [file('queues.pdf'), '-'])).out, /M–O/);
	});

	test('SVG is one file a page', async () => {
		writeList('svg.csv', names.slice(0, 12));
		const made = await sheet('--list', file('svg.csv'), '--out', file('badges.svg'));
		assert.equal(made.status, 0, made.err);
		for (const page of ['badges-1.svg', 'badges-2.svg'])
			assert.match(fs.readFileSync(file(page), 'utf8'), /^<\?xml[\s\S]*<svg [\s\S]*<\/svg>\s*$/);
	});

	test('what cannot be printed is refused with what to do', async () => {
		writeList('ok.csv', ['Ana Müller']);
		fs.writeFileSync(file('no-id.csv'), 'badge,name\n,Ana\n');
		const cases = [
			[['--list', file('ok.csv'), '--out', file('x.txt')], 64, /ends in \.pdf or \.svg/],
			[['--list', file('ok.csv'), '--out', file('x.pdf'), '--size', '30x25'], 65, /line 2: the code has \d+ modules.*make the badge larger/],
			[['--list', file('ok.csv'), '--out', file('x.pdf'), '--size', '400x300'], 64, /larger than the paper/],
			[['--list', file('no-id.csv'), '--out', file('x.pdf')], 65, /no-id\.csv: line 2: column badge: no badge's id/],
			[['--list', file('absent.csv'), '--out', file('x.pdf')], 66, /absent\.csv/],
		];
		for (const [args, , message] of cases) {
			const got = await sheet(...args);
			assert.notEqual(got.status, 0, args.join(' '));
			assert.match(got.err, message);
			assert.ok(!fs.existsSync(file('x.pdf')));
		}
		const keyless = await run(badge, ['sheet', '--list', file('ok.csv'), '--out', file('x.pdf')]);
		assert.match(keyless.err, /line 2 has no link: give the event key with --key/);
	});

	test('a code of small modules says from how near it reads', async () => {
		writeList('far.csv', ['Ana Müller']);
		const made = await sheet('--list', file('far.csv'), '--out', file('far.pdf'), '--distance', '400');
		assert.equal(made.status, 0, made.err);
		assert.match(made.err, /nearer than the 400 mm asked for/);
	});

	test('a label goes to a printer that speaks IPP, at its own size', async (t) => {
		const free = net.createServer().listen(0);
		const { port } = free.address();
		await new Promise((done) => free.close(done));
		const spool = fs.mkdtempSync(path.join(dir, 'spool-'));
		// the printer announces itself by the system's bus, which a test has for itself
		const printer = spawn('dbus-run-session', ['--', 'sh', '-c',
			'DBUS_SYSTEM_BUS_ADDRESS=$DBUS_SESSION_BUS_ADDRESS exec ippeveprinter -p "$0" -d "$1" -k -f application/pdf -r off Labels',
			String(port), spool], { stdio: 'ignore', detached: true });
		const gone = new Promise((done) => printer.on('error', done));
		const listens = () => new Promise((yes) => {
			const socket = net.connect(port, 'localhost', () => yes(socket.destroy()) ?? true);
			socket.on('connect', () => yes(true));
			socket.on('error', () => yes(false));
		});
		const started = await Promise.race([gone.then(() => false), until('the printer listens', listens).then(() => true, () => false)]);
		if (!started)
			return toolMissing(t, 'cups-ipp-utils');
		try {
			const [id] = writeList('label.csv', ['محمد العربي', 'Ana Müller']);
			const label = (...args) => run(badge, ['label', '--key', key, '--host', 'kith.example.org', '--list', file('label.csv'),
				'--printer', `ipp://localhost:${port}/ipp/print`, ...args]);
			const sent = await label('--only', id, '--size', '220x110');
			assert.equal(sent.status, 0, sent.err);
			assert.match(sent.out, /^job \d+ at ipp:/);
			const [job] = await until('the job is there', () => {
				const files = fs.readdirSync(spool).filter((f) => f.endsWith('.pdf'));
				return files.length > 0 && files;
			});
			const codes = await codesOf(path.join(spool, job));
			assert.equal(codes.length, 1);
			assert.ok(codes[0].includes(id));
			// this printer has no such label
			assert.match((await label('--only', id, '--size', '60x40', '--distance', '100')).err, /the printer refused the job: /);
		} finally {
			process.kill(-printer.pid);
		}
		await until('the printer is gone', async () => !(await listens()));
		const none = await run(badge, ['label', '--key', key, '--host', 'kith.example.org', '--list', file('label.csv'), '--all',
			'--printer', `ipp://localhost:${port}/ipp/print`]);
		assert.match(none.err, /no printer answers at localhost port/);
		return undefined;
	});
});
