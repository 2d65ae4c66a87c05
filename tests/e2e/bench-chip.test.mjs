// The operator's bench: every command of kith-badge that changes or judges a chip, on the simulated
// chip under the real libnfc. What stands on the chip is judged without Kith (lib/badge-bytes.mjs).
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { HOST, ID, checkBadge, makeKey, messageOf } from './lib/badge-bytes.mjs';
import { Chip, bin, run, toolMissing } from './lib/chip.mjs';

const UID = '04a1b2c3d4e580';
const KINDS = [['ntag213', 45, 0x27], ['ntag215', 135, 0x81], ['ntag216', 231, 0xe1]];

describe('kith-badge at the bench', () => {
	let chip;
	let key;
	let count = 0;
	const badge = (command, ...args) => run(path.join(bin, 'kith-badge'),
		[command, '--reader', chip.connstring, '--wait', '0', ...args], { env: { KITH_LOCK_DIR: chip.dir } });
	const good = async (...args) => {
		const seen = await badge(...args);
		assert.equal(seen.status, 0, `${args.join(' ')}: ${seen.out}${seen.err}`);
		return seen;
	};
	const refused = async (status, words, ...args) => {
		const seen = await badge(...args);
		assert.equal(seen.status, status, `${args.join(' ')}: ${seen.out}${seen.err}`);
		assert.match(seen.err, words);
		return seen;
	};
	const write = (...extra) => badge('write', '--key', key.file, '--event', '7', '--id', ID, '--host', HOST, ...extra);
	const dump = async (name) => {
		const file = path.join(chip.dir, `${name}.saved`);
		await chip.send(`tag save ${name} ${file}`);
		return fs.readFileSync(file);
	};
	const load = async (name, bytes) => {
		const file = path.join(chip.dir, `${name}.bytes`);
		fs.writeFileSync(file, bytes);
		await chip.send(`take ${name}`).catch(() => {});
		await chip.send(`tag load ${name} ${file}`);
		await chip.send(`put ${name}`);
	};
	const lay = async (kind, uid = '') => {
		const name = `t${++count}`;
		await chip.send(`tag new ${name} ${kind} ${uid}`.trim());
		await chip.send(`put ${name}`);
		return name;
	};
	const file = (name, text) => {
		const to = path.join(chip.dir, name);
		fs.writeFileSync(to, text, { mode: 0o600 });
		return to;
	};
	const writes = async (name) => Number(/writes=(\d+)/.exec(await chip.send(`tag info ${name}`))[1]);

	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
	});
	afterEach(async () => {
		await chip.send('fault off');
		for (const [, name] of (await chip.send('list')).matchAll(/(\S+):[a-z0-9]+:[0-9a-f]+:in/g))
			await chip.send(`take ${name}`);
	});
	after(() => chip.stop());

	test('every command says how it is used, and what is wrong', async () => {
		for (const command of ['batch', 'clone-check', 'dump', 'erase', 'lock', 'restore', 'verify', 'write']) {
			const help = await run(path.join(bin, 'kith-badge'), [command, '--help']);
			assert.equal(help.status, 0);
			assert.match(help.out, new RegExp(`^usage: kith-badge ${command} --reader CONN`));
			const wrong = await run(path.join(bin, 'kith-badge'), [command, '--colour', 'red']);
			assert.equal(wrong.status, 64);
			assert.match(wrong.err, /usage: kith-badge/);
			const none = await run(path.join(bin, 'kith-badge'), [command]);
			assert.equal(none.status, 64);
			assert.match(none.err, /--reader is missing/);
		}
		await refused(64, /FILE/, 'dump');
		await refused(64, /"b" is not understood/, 'dump', 'a', 'b');
		await refused(64, /give --key/, 'verify');
		await refused(64, /either --password or --forever/, 'lock', '--key', key.file);
		await refused(64, /8 hexadecimal digits/, 'lock', '--key', key.file, '--password', 'abc');
		await refused(64, /needs --key/, 'lock', '--key-public', key.word, '--password', 'key');
		await refused(64, /66|64 more/, 'clone-check', '--key', key.file, '--maker-key', '0433');
	});

	test('verify has its own words for each thing that is wrong', async () => {
		const name = await lay('ntag213', UID);
		assert.equal((await write()).status, 0);
		const genuine = await dump(name);
		const next = makeKey(chip.dir, 7, 2);
		const seen = await good('verify', '--key', key.file, '--id', ID);
		assert.equal(seen.out, `ok ${ID} on NTAG213 ${UID}, event 7 key 1, open to writing\n`);
		await refused(77, /this is the badge AAEC\S+, not BBBB/, 'verify', '--key', key.file, '--id', 'BBBBBBBBBBBBBBBBBBBBBA');
		await refused(77, /belongs to another event/, 'verify', '--key', makeKey(chip.dir, 8, 1).file);
		await refused(77, /a key that is not known/, 'verify', '--key', next.file);
		const keys = (until) => file('keys', `kith-event-keys-1\n# both\n${key.word}${until}\n${next.word}\n`);
		await good('verify', '--keys', keys(''));
		await good('verify', '--keys', keys(' until 2099-01-01T00:00:00Z'));
		await refused(77, /replaced and holds no more/, 'verify', '--keys', keys(' until 2026-01-01T00:00:00Z'));
		await refused(65, /line 3: .*"until"/, 'verify', '--keys', keys(' until tomorrow'));
		await refused(73, /is there twice/, 'verify', '--keys', file('twice', `kith-event-keys-1\n${key.word}\n${key.word}\n`));
		await refused(77, /was revoked/, 'verify', '--key', key.file, '--revoked', file('out', `kith-revoked-1\nBBBBBBBBBBBBBBBBBBBBBA\n${ID}\n`));
		await good('verify', '--key', key.file, '--revoked', file('in', 'kith-revoked-1\nBBBBBBBBBBBBBBBBBBBBBA\n'));
		await refused(65, /line 2: no badge's id/, 'verify', '--key', key.file, '--revoked', file('bad', 'kith-revoked-1\nhello\n'));
		await chip.send(`take ${name}`);

		const copy = Buffer.from(genuine);
		copy[7] ^= 1;
		copy[8] ^= 1;
		await load('copy', copy);
		await refused(77, /copied from another chip/, 'verify', '--key', key.file);
		await chip.send('take copy');
		// a bit flipped anywhere in the message: forged, damaged or no badge, and never genuine
		const { message } = messageOf(genuine);
		const at = genuine.indexOf(message);
		for (let i = 0; i < message.length; i += 7) {
			const bent = Buffer.from(genuine);
			bent[at + i] ^= 1 << (i % 8);
			await load('bent', bent);
			const said = await badge('verify', '--key', key.file);
			assert.notEqual(said.status, 0, `bit ${i % 8} of byte ${i}: ${said.out}`);
			assert.match(said.err, /forged or damaged|damaged|no Kith badge|record|another event|not known here|another chip|format|block/);
		}
	});

	for (const [kind] of KINDS)
		test(`lock by a password closes an ${kind} to others and opens it to us`, async () => {
			const name = await lay(kind);
			await refused(66, /empty|holds no Kith badge/, 'lock', '--key', key.file, '--password', 'key');
			assert.equal(await writes(name), 0, 'nothing is locked that does not verify');
			assert.equal((await write()).status, 0);
			await good('lock', '--key', key.file, '--password', 'key');
			checkBadge(await dump(name), key);
			const again = await good('lock', '--key', key.file, '--password', 'key');
			assert.match(again.out, /^was locked already/);
			assert.match((await good('verify', '--key', key.file)).out, /closed by a password/);
			await refused(77, /refuses this password/, 'lock', '--key', key.file, '--password', '01020304');
			await refused(77, /does not let page \d+ be written/, 'write', '--key', key.file, '--event', '7',
				'--id', 'BBBBBBBBBBBBBBBBBBBBBA', '--host', HOST);
			checkBadge(await dump(name), key);
			await refused(77, /a password closes this chip/, 'erase');
			await refused(77, /refuses this password/, 'erase', '--password', 'ffffffff');
			checkBadge(await dump(name), key);
			await good('erase', '--password', 'key', '--key', key.file);
			const bytes = await dump(name);
			assert.equal(messageOf(bytes).message.length, 0);
			assert.equal(bytes[bytes.length - 13], 0xff, 'AUTH0');
			assert.deepEqual([...bytes.subarray(-8, -4)], [255, 255, 255, 255], 'PWD');
			assert.equal((await write()).status, 0);
			checkBadge(await dump(name), key);
		});

	for (const [kind] of KINDS)
		test(`lock for ever closes every page of an ${kind}`, async () => {
			const name = await lay(kind);
			assert.equal((await write()).status, 0);
			await good('lock', '--key', key.file, '--forever');
			assert.match((await good('lock', '--key', key.file, '--forever')).out, /^was locked already/);
			assert.match((await good('verify', '--key', key.file)).out, /locked for ever/);
			const before = await dump(name);
			checkBadge(before, key);
			await refused(77, /write-protected|locked for ever/, 'erase');
			await refused(77, /write-protected|locked for ever/, 'write', '--key', key.file, '--event', '7',
				'--id', 'BBBBBBBBBBBBBBBBBBBBBA', '--host', HOST);
			assert.deepEqual(await dump(name), before);
		});

	for (const [kind, pages, last] of KINDS)
		test(`dump and restore bring an ${kind} back byte for byte`, async () => {
			const name = await lay(kind);
			assert.equal((await write()).status, 0);
			const to = path.join(chip.dir, `${kind}.mfd`);
			const seen = await good('dump', '--text', to);
			assert.match(seen.out, /^0C? ?.*capability container/m);
			const dumped = fs.readFileSync(to);
			assert.equal(dumped.length, pages * 4);
			assert.deepEqual(dumped.subarray(0, last * 4 + 4), (await dump(name)).subarray(0, last * 4 + 4));
			await good('erase');
			assert.equal(messageOf(await dump(name)).message.length, 0);
			await good('restore', to);
			checkBadge(await dump(name), key);
			assert.deepEqual((await dump(name)).subarray(0, last * 4 + 4), dumped.subarray(0, last * 4 + 4));
			await chip.send(`take ${name}`);
			const other = await lay(kind);
			await refused(73, /a badge copied to another is refused/, 'restore', to);
			await good('restore', '--other-chip', to);
			await refused(77, /copied from another chip/, 'verify', '--key', key.file);
			await chip.send(`take ${other}`);
			await lay(kind === 'ntag213' ? 'ntag215' : 'ntag213');
			await refused(73, /the dump is of an NTAG21/, 'restore', to);
			await refused(65, /has 5 bytes; a dump/, 'restore', file('short', 'hello'));
		});

	test('nfc-mfultralight reads the same dump', async (t) => {
		if ((await run('sh', ['-c', 'command -v nfc-mfultralight'])).status !== 0)
			return toolMissing(t, 'nfc-mfultralight');
		await lay('ntag215');
		assert.equal((await write()).status, 0);
		await good('dump', path.join(chip.dir, 'ours'));
		await chip.tool('nfc-mfultralight', ['r', path.join(chip.dir, 'theirs')]);
		assert.deepEqual(fs.readFileSync(path.join(chip.dir, 'ours')), fs.readFileSync(path.join(chip.dir, 'theirs')));
	});

	test('MIFARE Classic, DESFire, NTAG 424 and phones are read and named, and never taken for a badge', async () => {
		const read = async (status) => {
			const seen = await badge('read', '--json');
			assert.equal(seen.status, status, seen.out + seen.err);
			return JSON.parse(seen.out);
		};
		const url = `https://${HOST}/s?u=00000000000000&c=000000&m=0000000000000000`;
		const uri = (text) => Buffer.concat([Buffer.from([0xd1, 1, text.length - 7, 0x55, 4]), Buffer.from(text.slice(8))]).toString('hex');
		for (const [kind, name] of [['desfire', 'DESFire'], ['ntag424', 'NTAG 424 DNA'], ['phone', 'phone']]) {
			const tag = await lay(kind);
			const empty = await read(66);
			assert.equal(empty.tag, name);
			assert.match(empty.error, /no NDEF application/);
			await chip.send(`take ${tag}`);
			await chip.send(`tag ndef ${tag} ${uri(url)}`);
			await chip.send(`put ${tag}`);
			const full = await read(65);
			assert.equal(full.records.length, 1);
			assert.match(full.error, new RegExp(`this is a ${name}; badges are NTAG213`));
			if (kind === 'ntag424') {
				assert.match(full.sun, new RegExp(`^https://${HOST}/s\\?u=${full.uid.toUpperCase()}&c=000001&m=[0-9A-F]{16}$`));
				await chip.send(`take ${tag}`);
				await chip.send(`put ${tag}`);
				const again = await read(65);
				assert.match(again.sun, /&c=000002&/);
				assert.notEqual(again.sun.slice(-16), full.sun.slice(-16), 'another MAD each tap'.replace('MAD', 'MAC'));
			} else {
				assert.equal(full.records[0].text, url);
			}
			await refused(65, new RegExp(`this is a ${name}; badges are written on`), 'write', '--key', key.file, '--event', '7', '--id', ID, '--host', HOST);
			await refused(65, new RegExp(`this is a ${name}; badges are NTAG213`), 'verify', '--key', key.file);
			await chip.send(`take ${tag}`);
		}
	});

	for (const [kind, name, blocks] of [['classic1k', 'MIFARE Classic 1K', 64], ['classic4k', 'MIFARE Classic 4K', 256]])
		test(`an NDEF message on a ${name} is found by its directory`, async () => {
			const tag = await lay(kind, '1a2b3c4d');
			let seen = await badge('read', '--json');
			assert.equal(seen.status, 66);
			assert.match(JSON.parse(seen.out).error, /no NFC directory/);
			const bytes = await dump(tag);
			assert.equal(bytes.length, blocks * 16);
			const trailer = (block, keyA) => Buffer.from(`${keyA}787788c1${'ff'.repeat(6)}`, 'hex').copy(bytes, block * 16);
			// sector 0 and, on 4 KiB, 16: who owns the sectors; NFC's are 1, 2 and, on 4 KiB, 17 and 33
			trailer(3, 'a0a1a2a3a4a5');
			const sectors = [1, 2];
			if (blocks === 256) {
				trailer(67, 'a0a1a2a3a4a5');
				sectors.push(17, 33);
			}
			const message = Buffer.from('d101' + '8055' + '04' + Buffer.from(`${HOST}/`.padEnd(127, 'x')).toString('hex'), 'hex');
			const long = blocks === 256 ? message : message.subarray(0, 0);
			const text = blocks === 256 ? long : Buffer.from('d1010f5504' + Buffer.from(HOST).toString('hex'), 'hex');
			const area = Buffer.concat([Buffer.from([0, 0, 3, text.length]), text, Buffer.from([0xfe]), Buffer.alloc(400)]);
			let at = 0;
			for (const s of sectors) {
				const first = s < 32 ? s * 4 : 128 + (s - 32) * 16;
				const n = s < 32 ? 3 : 15;
				const directory = s < 16 ? 16 + 2 * s : 64 * 16 + 2 * (s - 16);
				bytes.writeUInt16LE(0xe103, directory);
				area.copy(bytes, first * 16, at, at + n * 16);
				at += n * 16;
				trailer(first + n, 'd3f7d3f7d3f7');
			}
			await load(tag, bytes);
			seen = await badge('read', '--json');
			const json = JSON.parse(seen.out);
			assert.equal(json.tag, name, seen.out);
			assert.equal(json.records?.[0]?.text, `https://${text.subarray(5).toString()}`, seen.out);
		});

	test('clone-check tells a copied badge and a chip that its maker did not sign', async (t) => {
		const openssl = (args, options) => execFileSync('openssl', args, options);
		try {
			openssl(['version']);
		} catch {
			return toolMissing(t, 'openssl');
		}
		const secret = path.join(chip.dir, 'maker.pem');
		openssl(['ecparam', '-name', 'secp128r1', '-genkey', '-noout', '-out', secret], { stdio: 'ignore' });
		const point = openssl(['ec', '-in', secret, '-pubout', '-outform', 'DER'], { stdio: ['ignore', 'pipe', 'ignore'] }).subarray(-33).toString('hex');
		const sign = (uid) => {
			const der = openssl(['pkeyutl', '-sign', '-inkey', secret], { input: Buffer.from(uid, 'hex') });
			const part = (at) => Buffer.concat([Buffer.alloc(16), der.subarray(at + 2, at + 2 + der[at + 1])]).subarray(-16);
			return Buffer.concat([part(2), part(4 + der[3])]).toString('hex');
		};
		const name = await lay('ntag213', UID);
		assert.equal((await write()).status, 0);
		const check = ['clone-check', '--key', key.file];
		const seen = await refused(77, /not its maker's/, ...check);
		assert.match(seen.out, /^SUSPECT {2}signature/m);
		await chip.send(`tag sign ${name} ${sign(UID)}`);
		await refused(77, /not its maker's/, ...check);
		const real = await good(...check, '--maker-key', point);
		assert.doesNotMatch(real.out, /SUSPECT/);
		assert.match(real.out, /^good +badge: the badge is genuine/m);
		await chip.send(`tag sign ${name} ${sign('04a1b2c3d4e581')}`);
		await refused(77, /not its maker's/, ...check, '--maker-key', point);
		const bytes = await dump(name);
		await chip.send(`take ${name}`);
		bytes[7] ^= 1;
		bytes[8] ^= 1;
		await load('clone', bytes);
		await chip.send(`tag sign clone ${sign('04a1b2c3d4e581')}`);
		const copied = await refused(77, /copied from another chip/, ...check, '--maker-key', point);
		assert.match(copied.out, /^good +signature/m);
	});
});
