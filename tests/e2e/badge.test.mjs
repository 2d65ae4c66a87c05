// Badges written and read by kith-badge through the real libnfc, judged by a reading of the saved
// pages that shares no code with Kith: NDEF by hand, Ed25519 by node's OpenSSL.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { HOST, ID, checkBadge, makeKey, messageOf } from './lib/badge-bytes.mjs';
import { Chip, bin, run } from './lib/chip.mjs';

const UID = '04a1b2c3d4e580';
const VCARD = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nEND:VCARD\r\n';

describe('kith-badge on a chip', () => {
	let chip;
	let key;
	let count = 0;
	const dump = async (name) => {
		const file = path.join(chip.dir, `${name}.dump`);
		await chip.send(`tag save ${name} ${file}`);
		return fs.readFileSync(file);
	};
	const badge = (args, options = {}) =>
		run(path.join(bin, 'kith-badge'), args, { ...options, env: { KITH_LOCK_DIR: chip.dir, ...options.env } });
	const write = (extra = []) => badge(['write', '--reader', chip.connstring, '--key', key.file, '--event', '7',
		'--id', ID, '--host', HOST, '--wait', '0', ...extra]);
	const read = async (extra = ['--key', key.file]) => {
		const seen = await badge(['read', '--reader', chip.connstring, '--json', '--wait', '0', ...extra]);
		return { ...seen, json: seen.out ? JSON.parse(seen.out) : null };
	};
	const lay = async (kind, uid = '') => {
		const name = `t${++count}`;
		await chip.send(`tag new ${name} ${kind} ${uid}`.trim());
		await chip.send(`put ${name}`);
		return name;
	};
	const file = (name, text) => {
		const to = path.join(chip.dir, name);
		fs.writeFileSync(to, text);
		return to;
	};

	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
	});
	afterEach(async () => {
		await chip.send('fault off');
		for (const [, name] of (await chip.send('list')).matchAll(/(\S+):ntag21\d:[0-9a-f]+:in/g))
			await chip.send(`take ${name}`);
	});
	after(() => chip.stop());

	for (const [kind, pages, most] of [['ntag213', 45, 141], ['ntag215', 135, 491], ['ntag216', 231, 867]])
		test(`a badge on an ${kind} reads back and verifies without Kith`, async () => {
			const name = await lay(kind, UID);
			const blank = await dump(name);
			const written = await write();
			assert.equal(written.status, 0, written.err);
			assert.match(written.out, new RegExp(`^wrote ${ID} on ${kind.toUpperCase()} ${UID}: 126 of ${most} bytes`));
			const saved = await dump(name);
			assert.equal(saved.length, pages * 4);
			checkBadge(saved, key);
			assert.deepEqual(saved.subarray(0, 16), blank.subarray(0, 16), 'UID, locks and CC are as before');
			const area = 16 + blank[14] * 8;
			assert.deepEqual(saved.subarray(area), blank.subarray(area), 'nothing behind the data area changed');
			const seen = await read();
			assert.equal(seen.status, 0, seen.err);
			assert.deepEqual({ ...seen.json, records: seen.json.records.length }, { uid: UID, tag: kind.toUpperCase(),
				id: ID, host: HOST, event: 7, key: 1, verdict: 'ok', words: 'the badge is genuine', records: 2 });
			assert.equal(seen.json.records[0].text, `https://${HOST}/b#${ID}`);
			await chip.send(`take ${name}`);
		});

	test('a vCard goes behind the badge, and up to the last byte of the chip', async () => {
		const name = await lay('ntag215');
		const pad = (n) => VCARD.replace('END:', `NOTE:${'x'.repeat(n)}\r\nEND:`);
		let seen = await write(['--vcard', file('ada.vcf', VCARD)]);
		assert.equal(seen.status, 0, seen.err);
		checkBadge(await dump(name), key, { vcard: VCARD });
		assert.equal((await read()).json.vcard, VCARD);
		// records 1 and 2: 126; header of record 3 with a long length: 16
		const room = 491 - 126 - 16 - pad(0).length;
		seen = await write(['--vcard', file('full.vcf', pad(room))]);
		assert.equal(seen.status, 0, seen.err);
		assert.match(seen.out, /: 491 of 491 bytes/);
		checkBadge(await dump(name), key, { vcard: pad(room) });
		seen = await write(['--vcard', file('more.vcf', pad(room + 1))]);
		assert.equal(seen.status, 65);
		assert.match(seen.err, /the NDEF message has 492 bytes; this NTAG215 holds at most 491/);
		checkBadge(await dump(name), key, { vcard: pad(room) });
		await chip.send(`take ${name}`);
	});

	test('copies, strangers and changes are named', async () => {
		const name = await lay('ntag213', UID);
		assert.equal((await write()).status, 0);
		const genuine = await dump(name);
		const load = async (bytes, as) => {
			fs.writeFileSync(path.join(chip.dir, `${as}.dump`), bytes);
			await chip.send(`tag load ${as} ${path.join(chip.dir, `${as}.dump`)}`);
			await chip.send(`put ${as}`);
			const seen = await read();
			await chip.send(`take ${as}`);
			return seen;
		};
		for (const [other, verdict] of [[makeKey(chip.dir, 8, 1), 'foreign-event'], [makeKey(chip.dir, 7, 2), 'unknown-key'],
			[makeKey(chip.dir, 7, 1, 'forger'), 'forged'], [key, 'ok']]) {
			const seen = await read(['--key-public', other.word]);
			assert.equal(seen.json.verdict, verdict);
			assert.equal(seen.status, verdict === 'ok' ? 0 : 77);
			assert.equal(seen.json.error, verdict === 'ok' ? undefined : seen.json.words);
		}
		await chip.send(`take ${name}`);

		const copy = Buffer.from(genuine);
		copy[7] ^= 1; // another chip: its last UID byte, and the check byte over it
		copy[8] ^= 1;
		assert.equal((await load(copy, 'copy')).json.verdict, 'other-chip');
		const bent = Buffer.from(genuine);
		bent[genuine.indexOf('ev.example')] ^= 2; // leads phones to another host
		assert.equal((await load(bent, 'bent')).json.verdict, 'forged');
		const torn = Buffer.from(genuine);
		torn[genuine.indexOf('kith:b')] ^= 1;
		const seen = await load(torn, 'torn');
		assert.equal(seen.status, 66);
		assert.match(seen.json.error, /no Kith badge/);
	});

	test('pulled away at any page it is empty or whole, and written to the end when it is back', async () => {
		const name = await lay('ntag213');
		const oldId = 'BBBBBBBBBBBBBBBBBBBBBA';
		const pull = async (n) => {
			await chip.send(`put ${name}`);
			await chip.send(`fault pull ${n}`);
			const seen = await write();
			await chip.send('fault off');
			return seen;
		};
		assert.equal((await write(['--id', oldId])).status, 0);
		const old = await dump(name);
		const states = { old: 0, empty: 0, fresh: 0 };
		// asking for the version, reading 45 pages, writing some 31, reading again
		for (let n = 40; n < 90; n++) {
			await chip.send(`take ${name}`);
			fs.writeFileSync(path.join(chip.dir, 'old.dump'), old);
			await chip.send(`tag load ${name} ${path.join(chip.dir, 'old.dump')}`);
			assert.notEqual((await pull(n)).status, 0);
			const torn = await dump(name);
			const { message } = messageOf(torn);
			if (message.length === 0)
				states.empty++;
			else if (message.equals(messageOf(old).message))
				states.old++;
			else {
				checkBadge(torn, key);
				states.fresh++;
			}
			await chip.send(`put ${name}`);
			assert.equal((await write()).status, 0);
			checkBadge(await dump(name), key);
		}
		assert.ok(states.old > 0 && states.empty > 20 && states.fresh > 0, JSON.stringify(states));
	});

	test('one run goes on when the badge is put back', async () => {
		const name = await lay('ntag215');
		await chip.send('fault pull 160');
		const child = spawn(path.join(bin, 'kith-badge'), ['write', '--reader', chip.connstring, '--key', key.file,
			'--event', '7', '--id', ID, '--host', HOST, '--wait', '60'], { env: { ...process.env, KITH_LOCK_DIR: chip.dir } });
		let said = '';
		let again;
		child.stderr.setEncoding('utf8').on('data', (text) => {
			said += text;
			if (!again && /put it back|put a badge/.test(said))
				again = chip.send(`put ${name}`);
		});
		const status = await new Promise((resolve) => child.on('close', resolve));
		assert.equal(status, 0, said);
		assert.match(said, /put/);
		await again;
		checkBadge(await dump(name), key);
		await chip.send(`take ${name}`);
	});

	test('what cannot be is refused with the reason', async () => {
		const refused = async (args, status, words) => {
			const seen = await badge(['write', ...args]);
			assert.equal(seen.status, status, seen.err);
			assert.match(seen.err, words);
		};
		const all = { '--reader': chip.connstring, '--key': key.file, '--event': '7', '--id': ID, '--host': HOST, '--wait': '0' };
		const args = (change) => Object.entries({ ...all, ...change }).filter(([, v]) => v !== null).flat();
		await refused(args({ '--host': null }), 64, /--host is missing/);
		await refused(args({ '--host': 'a.very.long.host.example.com:8443' }), 65, /at most 29 fit a badge/);
		await refused(args({ '--host': 'a/b' }), 64, /no host name/);
		await refused(args({ '--event': '8' }), 64, /is the key of event 7, not 8/);
		await refused(args({ '--id': 'x' }), 64, /--id takes/);
		await refused(args({ '--vcard': file('no.vcf', 'hello') }), 65, /no\.vcf: no vCard in UTF-8/);
		await refused(args({ '--key': path.join(chip.dir, 'nobody.key') }), 66, /no event key/);
		await refused(args({ '--reader': '/dev/serial/by-path/usb-0:1.2:1.0' }), 64, /by-id/);
		await refused(args({ '--reader': path.join(chip.dir, 'nowhere') }), 69, /no reader answers/);
		await refused(args({}), 75, /no badge came/);
		fs.chmodSync(key.file, 0o644);
		await refused(args({}), 77, /others may read this key/);
		fs.chmodSync(key.file, 0o600);
	});

	test('a locked chip is refused untouched', async () => {
		const name = await lay('ntag213');
		const locked = await dump(name);
		await chip.send(`take ${name}`);
		locked[10] |= 0x20; // page 5
		fs.writeFileSync(path.join(chip.dir, 'locked.dump'), locked);
		await chip.send(`tag load locked ${path.join(chip.dir, 'locked.dump')}`);
		await chip.send('put locked');
		const seen = await write();
		assert.equal(seen.status, 77);
		assert.match(seen.err, /page 5 of the chip is locked for ever/);
		assert.deepEqual(await dump('locked'), locked);
		await chip.send('take locked');
	});
});
