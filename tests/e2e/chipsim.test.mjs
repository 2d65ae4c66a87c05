// The simulated chip under the real libnfc and its unmodified tools.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { toolMissing, Chip, Control, bin, run } from './lib/chip.mjs';

const missing = async (tool) => (await run('sh', ['-c', `command -v ${tool}`])).status !== 0;
const needs = async (t, tool) => {
	if (!(await missing(tool)))
		return true;
	toolMissing(t, tool);
	return false;
};

describe('a chip without delays', () => {
	let chip;
	before(async () => {
		chip = await Chip.start();
	});
	after(async () => {
		await chip.stop();
	});

	test('nfc-list sees no tag, one tag, two tags', async (t) => {
		if (!(await needs(t, 'nfc-list')))
			return;
		await chip.send('tag new one ntag215 04a1b2c3d4e5f6');
		await chip.send('tag new two ntag213 04a1b2c3d4e5f7');
		let seen = await chip.tool('nfc-list');
		assert.match(seen.out, /NFC device: .* opened/);
		assert.doesNotMatch(seen.out, /NFCID1/);
		await chip.send('put one');
		seen = await chip.tool('nfc-list', ['-v']);
		assert.match(seen.out, /1 ISO14443A passive target\(s\) found/);
		assert.match(seen.out, /ATQA \(SENS_RES\): 00 {2}44/);
		assert.match(seen.out, /UID \(NFCID1\): 04 {2}a1 {2}b2 {2}c3 {2}d4 {2}e5 {2}f6/);
		assert.match(seen.out, /SAK \(SEL_RES\): 00/);
		assert.match(seen.out, /0 ISO14443A-2 NFC Barcode passive target/, 'all passes ended');
		await chip.send('put two');
		seen = await chip.tool('nfc-list');
		assert.match(seen.out, /2 ISO14443A passive target\(s\) found/);
		assert.match(seen.out, /e5 {2}f6/);
		assert.match(seen.out, /e5 {2}f7/);
		await chip.send('take one');
		await chip.send('take two');
	});

	test('nfc-scan-device names the chip', async (t) => {
		if (!(await needs(t, 'nfc-scan-device')))
			return;
		const seen = await chip.tool('nfc-scan-device', ['-v']);
		assert.match(seen.out, /PN532 v1\.6/);
	});

	test('nfc-poll finds a tag and notices that it is taken away', async (t) => {
		if (!(await needs(t, 'nfc-poll')))
			return;
		await chip.send('tag new polled ntag213 04112233445566');
		await chip.send('put polled');
		const seen = chip.tool('nfc-poll');
		await chip.send('wait polled reads 20');
		await chip.send('take polled');
		const { out } = await seen;
		assert.match(out, /UID \(NFCID1\): 04 {2}11 {2}22 {2}33 {2}44 {2}55 {2}66/);
		assert.match(out, /Waiting for card removing/);
		assert.match(out, /done/);
	});

	for (const [kind, pages, bytes] of [['ntag213', 45, 144], ['ntag215', 135, 504], ['ntag216', 231, 888]])
		test(`nfc-mfultralight reads, writes and reads again an ${kind}`, async (t) => {
			if (!(await needs(t, 'nfc-mfultralight')))
				return;
			const file = (name) => path.join(chip.dir, `${kind}-${name}`);
			const name = `ul-${kind}`;
			const uid = await chip.send(`tag new ${name} ${kind}`);
			await chip.send(`put ${name}`);

			const seen = await chip.tool('nfc-mfultralight', ['r', file('before')]);
			assert.match(seen.out, new RegExp(`Using MIFARE Ultralight card with UID: ${uid}`));
			assert.match(seen.out, new RegExp(`NTAG Type: NTAG21[356] \\(${bytes} user bytes\\)`));
			assert.match(seen.out, new RegExp(`Done, ${pages} of ${pages} pages read`));
			const dump = fs.readFileSync(file('before'));
			assert.equal(dump.length, pages * 4);
			assert.deepEqual([...dump.subarray(16, 20)], [0x03, 0x00, 0xfe, 0x00]);

			// all of user memory, but not the configuration behind it
			for (let i = 16; i < 16 + bytes; i++)
				dump[i] = (i * 7 + 3) & 0xff;
			fs.writeFileSync(file('wanted'), dump);
			const written = await chip.tool('nfc-mfultralight', ['w', file('wanted')],
				{ input: 'N\nN\nN\nN\nN\n' });
			assert.match(written.out, /Done, \d+ of \d+ pages written/, written.out + written.err);
			await chip.send(`tag save ${name} ${file('saved')}`);
			const saved = fs.readFileSync(file('saved'));
			assert.deepEqual(saved.subarray(16, 16 + bytes), dump.subarray(16, 16 + bytes));
			await chip.tool('nfc-mfultralight', ['r', file('again')]);
			assert.deepEqual(fs.readFileSync(file('again')).subarray(0, 16 + bytes),
				saved.subarray(0, 16 + bytes));
			await chip.send(`take ${name}`);
		});

	test('pn53x-diagnose finds the chip in order', async (t) => {
		if (!(await needs(t, 'pn53x-diagnose')))
			return;
		const seen = await chip.tool('pn53x-diagnose');
		for (const part of ['Communication line', 'ROM', 'RAM'])
			assert.match(seen.out, new RegExp(`${part} test: OK`));
	});

	test('nfc-anticol walks the cascade by raw frames', async (t) => {
		if (!(await needs(t, 'nfc-anticol')))
			return;
		await chip.send('tag new raw ntag216 04deadbeef0102');
		await chip.send('put raw');
		const seen = await chip.tool('nfc-anticol');
		assert.match(seen.out, /UID: 04deadbeef0102/);
		assert.match(seen.out, /ATQA: 0044/);
		await chip.send('take raw');
	});
});

describe('faults', () => {
	let chip;
	before(async () => {
		chip = await Chip.start();
		await chip.send('tag new badge ntag213 04aabbccddeeff');
		await chip.send('put badge');
	});
	after(async () => {
		await chip.stop();
	});
	const works = async () => {
		const { out } = await chip.tool('nfc-list');
		assert.match(out, /04 {2}aa {2}bb {2}cc {2}dd {2}ee {2}ff/);
	};

	for (const fault of ['dead', 'hang', 'noise'])
		test(`${fault} keeps libnfc out until it is off`, async (t) => {
			if (!(await needs(t, 'nfc-list')))
				return;
			await chip.send(`fault ${fault}`);
			const seen = await chip.tool('nfc-list');
			assert.doesNotMatch(seen.out, /NFCID1/);
			assert.match(seen.out + seen.err, /[Uu]nable to open/);
			await chip.send('fault off');
			await works();
		});

	for (const fault of ['drop', 'corrupt'])
		test(`${fault} spoils one command and no more`, async (t) => {
			if (!(await needs(t, 'nfc-list')))
				return;
			await chip.send(`fault ${fault}`);
			const seen = await chip.tool('nfc-list');
			assert.doesNotMatch(seen.out, /NFCID1/);
			await works();
		});

	test('nad ends a process that uses libnfc', async (t) => {
		if (!(await needs(t, 'nfc-mfultralight')))
			return;
		await chip.send('fault nad');
		const seen = await chip.tool('nfc-mfultralight', ['r', path.join(chip.dir, 'never')]);
		assert.equal(seen.signal, 'SIGABRT', seen.out + seen.err);
		await works();
	});

	test('hangup brings the line back under the same link', async (t) => {
		if (!(await needs(t, 'nfc-poll')))
			return;
		const device = fs.readlinkSync(chip.link);
		const polling = chip.tool('nfc-poll');
		await chip.readsMore('badge', 5);
		await chip.send('fault hangup');
		await polling; // it ends although the tag never left: the line is gone
		assert.ok(fs.readlinkSync(chip.link).startsWith('/dev/pts/'), device);
		assert.match(await chip.send('tag info badge'), / in /);
		await works();
	});

	test('unplug takes the link away until faults are off', async (t) => {
		if (!(await needs(t, 'nfc-list')))
			return;
		await chip.send('fault unplug');
		assert.throws(() => fs.readlinkSync(chip.link), { code: 'ENOENT' });
		await chip.send('fault off');
		await works();
	});

	test('pull takes the tag away in the middle of a dump', async (t) => {
		if (!(await needs(t, 'nfc-mfultralight')))
			return;
		await chip.send('fault pull 8');
		const seen = await chip.tool('nfc-mfultralight', ['r', path.join(chip.dir, 'part')]);
		assert.match(seen.out, /Using MIFARE Ultralight card with UID: 04aabbccddeeff/);
		assert.doesNotMatch(seen.out, /Done, 45 of 45 pages read/);
		assert.match(await chip.send('tag info badge'), / out /);
		await chip.send('put badge');
		await works();
	});
});

describe('time', () => {
	const dump = async (chip) => {
		const from = await chip.clock();
		const seen = await chip.tool('nfc-mfultralight', ['r', path.join(chip.dir, 'dump')]);
		assert.match(seen.out, /Done, 45 of 45 pages read/);
		return (await chip.clock()) - from;
	};

	test('without delays two runs take the same microseconds', async (t) => {
		if (!(await needs(t, 'nfc-mfultralight')))
			return;
		const took = [];
		for (let i = 0; i < 2; i++) {
			const chip = await Chip.start();
			await chip.send('tag new a ntag213 04aabbccddeeff');
			await chip.send('put a');
			took.push(await dump(chip));
			await chip.stop();
		}
		assert.equal(took[0], took[1]);
		assert.ok(took[0] > 100000, 'a dump through a real line takes longer than 0.1 s');
	});

	test('real timing makes the host wait as long as the chip says', async (t) => {
		if (!(await needs(t, 'nfc-mfultralight')))
			return;
		const chip = await Chip.start({ timing: 'real' });
		await chip.send('tag new a ntag213 04aabbccddeeff');
		await chip.send('put a');
		const from = process.hrtime.bigint();
		const took = await dump(chip);
		const waited = Number((process.hrtime.bigint() - from) / 1000n);
		// 12 READs of 28 + 6 + 28 bytes, 2.1 ms of air and 4 ms of chip each
		assert.ok(took > 12 * 9000, `${took} us by the chip's clock`);
		assert.ok(waited >= took, `${waited} us here, ${took} us there`);
		const sent = BigInt(await chip.send('sent'));
		assert.ok(sent > from && sent < process.hrtime.bigint(), 'CLOCK_MONOTONIC');
		await chip.stop();
	});
});

describe('the control socket', () => {
	test('serves several clients, each in its own order', async () => {
		const chip = await Chip.start();
		const other = await Control.open(chip.socket);
		await chip.send('tag new a ntag213 04aabbccddeeff');
		let over = false;
		const waiting = chip.send('wait a reads 1').then((n) => ((over = true), n));
		const behind = chip.send('list');
		assert.equal(await other.send('list'), 'a:ntag213:04aabbccddeeff:out');
		await other.send('put a');
		assert.equal(over, false);
		await chip.tool('nfc-mfultralight', ['r', path.join(chip.dir, 'x')]);
		assert.ok(Number(await waiting) >= 1);
		assert.match(await behind, /:in$/);
		other.close();
		await chip.stop();
	});

	test('refuses a line that is too long and goes on', async () => {
		const chip = await Chip.start();
		chip.control.write('x'.repeat(100000));
		assert.match(await chip.ask(''), /^err a line has at most \d+ characters/);
		assert.match(await chip.ask('nonsense'), /^err no such command/);
		assert.equal(await chip.ask('clock'), 'ok 0');
		await chip.stop();
	});

	test('answers what came before the client closed its end', async () => {
		const chip = await Chip.start();
		const { out } = await run(process.execPath, ['-e', `
			const s = require('net').connect(${JSON.stringify(chip.socket)});
			s.pipe(process.stdout); s.end('tag new a ntag215 04010203040506\\nlist\\n');`]);
		assert.equal(out, 'ok 04010203040506\nok a:ntag215:04010203040506:out\n');
		await chip.stop();
	});
});

describe('the program', () => {
	const program = path.join(bin, 'kith-chipsim');

	test('says what it is and what it wants', async () => {
		assert.match((await run(program, ['--help'])).out, /usage: kith-chipsim --link PATH --control SOCKET/);
		assert.match((await run(program, ['--version'])).out, /^kith-chipsim \d+\.\d+/);
		for (const args of [[], ['--link', 'x'], ['--link', 'x', '--control', 'y', '--timing', 'slow'],
			['--link', 'x', '--control', 'y', '--chip-ms', 'many'], ['--nothing']])
			assert.equal((await run(program, args)).status, 64, args.join(' '));
	});

	test('goes without leaving anything behind', async () => {
		const chip = await Chip.start();
		assert.ok(fs.lstatSync(chip.link).isSymbolicLink());
		chip.own = false;
		assert.deepEqual(await chip.stop(), { status: 0, signal: null });
		assert.deepEqual(fs.readdirSync(chip.dir), []);
		fs.rmdirSync(chip.dir);
	});

	test('refuses a place that is taken, but not what a killed one left', async () => {
		const chip = await Chip.start();
		const args = ['--link', `${chip.link}2`, '--control', chip.socket];
		let other = await run(program, args);
		assert.notEqual(other.status, 0);
		assert.match(other.err, /another program serves/);
		fs.writeFileSync(`${chip.link}3`, 'mine');
		other = await run(program, ['--link', `${chip.link}3`, '--control', `${chip.socket}3`]);
		assert.match(other.err, /exists and is no symbolic link/);
		assert.equal(fs.readFileSync(`${chip.link}3`, 'utf8'), 'mine');
		chip.own = false;
		chip.control.close();
		chip.process.kill('SIGKILL');
		await chip.ended;
		const again = await Chip.start({ dir: chip.dir });
		assert.equal(await again.send('list'), '');
		await again.stop();
		fs.rmSync(chip.dir, { recursive: true });
	});
});
