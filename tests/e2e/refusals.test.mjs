// Badges that must not pass, each refused with its own word: at a real kiosk that knows of keys and
// revocations what its server told it, and by kith-badge verify from that server's lists.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { CameraKiosk } from './lib/camera-kiosk.mjs';
import { Chip, bin, run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { must, until } from './lib/world.mjs';

/** The signature of a printed code, by the event key in that file (docs/badge-format.md). */
function signCode(keyFile, event, id) {
	const secret = Buffer.from(/^secret (.*)$/m.exec(fs.readFileSync(keyFile, 'utf8'))[1], 'base64url');
	const key = crypto.createPrivateKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', d: secret.subarray(0, 32).toString('base64url'),
		x: secret.subarray(32).toString('base64url') } });
	const number = Buffer.alloc(4);
	number.writeUInt32BE(event);
	return crypto.sign(null, Buffer.concat([Buffer.from('kith-qr-1'), number, Buffer.from(id, 'base64url')]), key).toString('base64url');
}

/** AES-CMAC (RFC 4493). */
function cmac(key, message) {
	const aes = (block) => {
		const cipher = crypto.createCipheriv('aes-128-ecb', key, null).setAutoPadding(false);
		return Buffer.concat([cipher.update(block), cipher.final()]);
	};
	const twice = (b) => {
		const n = (BigInt(`0x${b.toString('hex')}`) << 1n) ^ (b[0] & 0x80 ? 0x87n : 0n);
		return Buffer.from((n & ((1n << 128n) - 1n)).toString(16).padStart(32, '0'), 'hex');
	};
	const xor = (a, b) => Buffer.from(a.map((x, i) => x ^ b[i]));
	const whole = message.length > 0 && message.length % 16 === 0;
	const padded = whole ? message : Buffer.concat([message, Buffer.from([0x80]), Buffer.alloc(15 - message.length % 16)]);
	const k1 = twice(aes(Buffer.alloc(16)));
	let state = Buffer.alloc(16);
	for (let at = 0; at < padded.length; at += 16) {
		const block = padded.subarray(at, at + 16);
		state = aes(xor(state, at + 16 < padded.length ? block : xor(block, whole ? k1 : twice(k1))));
	}
	return state;
}

/** What the server will compare: the MAC of that UID and counter with a key of zeros. */
function sunMac(uid, counter) {
	const vector = Buffer.concat([Buffer.from('3cc300010080', 'hex'), Buffer.from(uid, 'hex'), Buffer.from(counter, 'hex').reverse()]);
	const mac = cmac(cmac(Buffer.alloc(16), vector), Buffer.alloc(0));
	return Buffer.from(mac.filter((_, i) => i % 2 === 1)).toString('hex').toUpperCase();
}

describe('a badge that must not pass', () => {
	let house;
	let kiosk;
	let door; // the chip of the kiosk's reader
	let bench; // and that of the bench
	let people;
	const at = (name) => path.join(house.dir, name);
	const cli = (...args) => house.cli(...args);
	/** The dump of a chip with that badge, fresh from the bench. */
	const make = async (name, { id, key = 'one', event = house.event, uid = '' }) => {
		await bench.send(`tag new ${name} ntag213 ${uid}`.trim());
		await bench.send(`put ${name}`);
		await must('kith-badge', ['write', '--reader', bench.connstring, '--key', at(key), '--event', String(event), '--id', id,
			'--host', house.host]);
		await bench.send(`take ${name}`);
		await bench.send(`tag save ${name} ${at(name)}`);
		return fs.readFileSync(at(name));
	};
	const newKey = (event, number, name) => must('kith-badge', ['key', 'new', '--event', String(event), '--number', String(number), '--out', at(name)]);
	/** What the kiosk makes of these bytes. */
	const atTheDoor = async (name, bytes) => {
		fs.writeFileSync(at('laid'), bytes);
		await door.send(`tag load ${name} ${at('laid')}`);
		const answer = kiosk.screen.answer('refused or welcome', (s) => ['refused', 'welcome'].includes(s.screen));
		await door.send(`put ${name}`);
		const seen = await answer;
		await door.send(`take ${name}`);
		await door.send('wait polls 12');
		return seen;
	};
	/** And the bench, by the server's lists of this moment. */
	const atTheBench = async (name, bytes) => {
		fs.writeFileSync(at('keys'), await cli('export', String(house.event), 'keys'));
		fs.writeFileSync(at('revoked'), await cli('export', String(house.event), 'revoked'));
		fs.writeFileSync(at('laid'), bytes);
		await bench.send(`tag load ${name} ${at('laid')}`);
		await bench.send(`put ${name}`);
		const seen = await run(path.join(bin, 'kith-badge'), ['verify', '--reader', bench.connstring, '--wait', '0', '--keys', at('keys'),
			'--revoked', at('revoked')]);
		await bench.send(`take ${name}`);
		return seen;
	};
	let laid = 0;
	const refused = async (bytes, reason, words, verdict = reason) => {
		const name = `laid${++laid}`;
		const seen = await atTheDoor(name, bytes);
		assert.deepEqual([seen.screen, seen.reason], ['refused', reason]);
		const said = await atTheBench(name, bytes);
		assert.equal(said.status, 77, said.out + said.err);
		assert.ok(said.out.startsWith(`${verdict} `), said.out);
		assert.match(said.err, words);
	};
	const passes = async (bytes) => {
		const name = `laid${++laid}`;
		assert.equal((await atTheDoor(name, bytes)).screen, 'welcome');
		const said = await atTheBench(name, bytes);
		assert.equal(said.status, 0, said.err);
	};
	/** The kiosk has fetched what the server changed. */
	const told = async (change) => {
		await change();
		await kiosk.screen.shows('idle');
		// an unknown badge is refused only after a quick sync
		await kiosk.show(`https://${house.host}/b#${crypto.randomBytes(16).toString('base64url')}`);
		await kiosk.screen.see('an unknown badge', (s) => s.screen === 'refused' && s.reason === 'unknown-badge');
	};
	const log = async () => (await kiosk.entries()).map((x) => x.kind);

	before(async () => {
		house = await House.open({ attendees: ['Ana', 'Ben', 'Cem', 'Dora'].map((name) => ({ name })) });
		people = (await house.rows("SELECT hex(r.id) AS id FROM ref r JOIN attendee a ON a.attendee = r.attendee AND a.event = r.event"
			+ " WHERE r.badge = 1 AND a.name <> '' ORDER BY a.name")).map((r) => Buffer.from(r.id, 'hex').toString('base64url'));
		await cli('event', 'key', String(house.event), '--out', at('one'));
		bench = await Chip.start();
		door = await Chip.start();
		kiosk = new CameraKiosk(house, { config: [`reader = nfc ${door.connstring}`] });
		await kiosk.enrol();
		await kiosk.run();
		await kiosk.ready(4);
	});
	after(async () => {
		await kiosk?.end();
		await bench?.stop();
		await door?.stop();
		await house?.close();
	});

	test('foreign-event: signed for another event', async () => {
		await newKey(8, 1, 'foreign');
		await refused(await make('f', { id: people[0], key: 'foreign', event: 8 }), 'foreign-event', /belongs to another event/);
	});

	test('unknown-key: of this event, by a key that its server never made', async () => {
		await newKey(house.event, 9, 'stranger');
		await refused(await make('u', { id: people[0], key: 'stranger' }), 'unknown-key', /signed by a key that is not known here/);
	});

	test('other-chip: copied onto another chip', async () => {
		const copy = await make('c', { id: people[0] });
		copy[7] ^= 1; // its last UID byte, and the check byte over it
		copy[8] ^= 1;
		await refused(copy, 'other-chip', /copied from another chip/);
	});

	test('forged: by somebody without the key, or a bit of it bent', async () => {
		const genuine = await make('g', { id: people[0] });
		const at = genuine.indexOf('kith:b') + 6;
		for (const byte of [at + 9, at + 30, at + 72, genuine.indexOf(people[0]) + 3]) {
			const bent = Buffer.from(genuine);
			bent[byte] ^= 1;
			await refused(bent, 'forged', /forged or damaged/);
		}
		await newKey(house.event, 1, 'forger');
		await refused(await make('x', { id: people[0], key: 'forger' }), 'forged', /forged or damaged/);
	});

	test('rotated-out-key: by a key that was replaced, from the stated time on and not before', async () => {
		const byOne = await make('one-1', { id: people[1] });
		await told(() => cli('event', 'rekey', String(house.event), '--days', '30'));
		await passes(byOne);
		await cli('event', 'key', String(house.event), '--out', at('two'));
		const byTwo = await make('two-1', { id: people[2], key: 'two' });
		await passes(byTwo);
		await told(() => cli('event', 'rekey', String(house.event), '--days', '0'));
		await refused(byTwo, 'rotated-out-key', /replaced and holds no more/);
		// a forger who has no key at all is not excused by its age
		const bent = Buffer.from(byTwo);
		bent[bent.indexOf('kith:b') + 40] ^= 1;
		await refused(bent, 'forged', /forged or damaged/);
		await passes(byOne); // whose time is not over
		await cli('event', 'key', String(house.event), '--out', at('three'));
		await passes(await make('three-1', { id: people[2], key: 'three' }));
		// and what was printed with that key is out of date too
		await kiosk.show(`https://${house.host}/b#${people[3]}.${signCode(at('two'), house.event, people[3])}`);
		await kiosk.screen.see('a printed code out of date', (s) => s.screen === 'refused' && s.reason === 'rotated-out-key');
	});

	test('revoked: taken back by the organizer', async () => {
		const badge = await make('r', { id: people[3] });
		await told(() => cli('badge', 'revoke', String(house.event), people[3]));
		await refused(badge, 'revoked', /was revoked/);
	});

	test('verify-later: an NTAG 424 DNA\'s message is recorded for the server, a new one each tap', async () => {
		const link = `https://${house.host}/s?u=00000000000000&c=000000&m=0000000000000000`;
		await door.send('tag new sun ntag424 04112233445566');
		await door.send(`tag ndef sun ${Buffer.concat([Buffer.from([0xd1, 1, link.length - 7, 0x55, 4]), Buffer.from(link.slice(8))]).toString('hex')}`);
		const answer = kiosk.screen.answer('refused', (s) => s.screen === 'refused');
		await door.send('put sun');
		const seen = await answer;
		assert.equal(seen.reason, 'verify-later');
		await door.send('take sun');
		const suns = await until('the entry at the server', async () => {
			await house.opened();
			const rows = await house.rows('SELECT CAST(COALESCE(p.payload, e.payload) AS TEXT) AS payload FROM entry e LEFT JOIN private p ON p.row = e.row WHERE e.kind = 18');
			const found = rows.map((r) => JSON.parse(r.payload)).filter((x) => x.why === 'verify-later');
			return found.length > 0 && found;
		});
		assert.equal(suns.length, 1);
		const [, uid, counter, mac] = /\/s\?u=(\w{14})&c=(\w{6})&m=(\w{16})$/.exec(suns[0].sun);
		assert.deepEqual([uid, counter], ['04112233445566', '000001']);
		assert.equal(mac, sunMac(uid, counter), 'NXP AN12196, by the key of zeros');
	});

	test('a list of revoked badges goes from the bench to the server and back', async () => {
		const badge = await make('l', { id: people[0], key: 'three' });
		const key = (...args) => must('kith-badge', ['key', 'revoke', '--list', at('lost'), ...args]);
		await key(people[0]);
		await told(() => cli('badge', 'revoke', String(house.event), '--list', at('lost')));
		await refused(badge, 'revoked', /was revoked/);
		const exported = await cli('export', String(house.event), 'revoked');
		assert.deepEqual(exported.trim().split('\n').slice(1).sort(), [people[0], people[3]].sort());
		// what the server wrote the bench goes on with
		fs.writeFileSync(at('lost'), exported);
		await key('BBBBBBBBBBBBBBBBBBBBBA');
		const mixed = await house.try('badge', 'revoke', String(house.event), '--list', at('lost'));
		assert.equal(mixed.status, 66);
		assert.match(mixed.err, /^no badge BBBBBBBBBBBBBBBBBBBBBA\n.*1 of 3 badges are not this event's; the others are revoked/m);
		fs.writeFileSync(at('lost'), 'nonsense\n');
		const bad = await house.try('badge', 'revoke', String(house.event), '--list', at('lost'));
		assert.equal(bad.status, 65);
		assert.match(bad.err, /line 1: not "kith-revoked-1"/);
	});

	test('none of them came in', async () => {
		assert.deepEqual((await log()).filter((kind) => kind === 'checkin').length, 2, 'those of keys one and two');
		assert.ok((await log()).filter((kind) => kind === 'refused').length >= 9);
	});
});
