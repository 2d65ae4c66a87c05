// Event keys: made, rotated, exported, kept to their owner; what badges of each hold for.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { HOST, ID } from './lib/badge-bytes.mjs';
import { Chip, bin, run } from './lib/chip.mjs';

describe('kith-badge key', () => {
	let chip;
	const at = (name) => path.join(chip.dir, name);
	const badge = (...args) => run(path.join(bin, 'kith-badge'), args, { env: { KITH_LOCK_DIR: chip.dir } });
	const good = async (...args) => {
		const seen = await badge(...args);
		assert.equal(seen.status, 0, `${args.join(' ')}: ${seen.out}${seen.err}`);
		return seen;
	};
	const refused = async (status, words, ...args) => {
		const seen = await badge(...args);
		assert.equal(seen.status, status, `${args.join(' ')}: ${seen.out}${seen.err}`);
		assert.match(seen.err, words);
	};
	const reader = () => ['--reader', chip.connstring, '--wait', '0'];
	const write = (key) => good('write', ...reader(), '--key', at(key), '--event', '7', '--id', ID, '--host', HOST);
	before(async () => {
		chip = await Chip.start();
		await chip.send('tag new a ntag213');
		await chip.send('put a');
	});
	after(() => chip.stop());

	test('a new key is its owner\'s alone, and never written over', async () => {
		const made = await good('key', 'new', '--event', '7', '--out', at('one.key'));
		assert.match(made.out, /^7\.1\.[\w-]{43}\n$/);
		assert.equal(fs.statSync(at('one.key')).mode & 0o777, 0o600);
		const secret = Buffer.from(/^secret (.*)$/m.exec(fs.readFileSync(at('one.key'), 'utf8'))[1], 'base64url');
		const key = crypto.createPrivateKey({ key: { kty: 'OKP', crv: 'Ed25519', d: secret.subarray(0, 32).toString('base64url'),
			x: secret.subarray(32).toString('base64url') }, format: 'jwk' });
		assert.equal(crypto.createPublicKey(key).export({ format: 'jwk' }).x, made.out.trim().split('.')[2], 'the public half belongs to it');
		await refused(73, /never written over/, 'key', 'new', '--event', '7', '--out', at('one.key'));
		fs.chmodSync(at('one.key'), 0o640);
		await refused(77, /others may read this key/, 'key', 'export', '--key', at('one.key'));
		fs.chmodSync(at('one.key'), 0o600);
		assert.equal((await good('key', 'export', '--key', at('one.key'))).out, made.out);
		for (const [args, words] of [
			[['new', '--event', '0', '--out', at('x')], /--event takes/],
			[['new', '--event', '7', '--number', '256', '--out', at('x')], /0 to 255/],
			[['new', '--event', '7'], /--out is missing/],
			[['sing'], /key export, new, revoke or rotate/],
			[['rotate', '--key', at('one.key'), '--out', at('x'), '--keys', at('k'), '--until', 'soon'], /--until takes/],
			[['revoke', '--list', at('l'), 'nobody'], /no badge's id/],
		])
			await refused(64, words, 'key', ...args);
		assert.ok(!fs.existsSync(at('x')) && !fs.existsSync(at('l')));
	});

	test('a rotated key\'s badges hold for the stated time, and no longer', async () => {
		await write('one.key');
		await good('key', 'export', '--key', at('one.key'), '--keys', at('list'));
		await good('verify', ...reader(), '--keys', at('list'));
		const next = await good('key', 'rotate', '--key', at('one.key'), '--out', at('two.key'), '--keys', at('list'),
			'--until', '2099-01-01T00:00:00Z');
		assert.match(next.out, /^7\.2\./);
		assert.equal(fs.statSync(at('two.key')).mode & 0o777, 0o600);
		const list = fs.readFileSync(at('list'), 'utf8').split('\n');
		assert.equal(list[0], 'kith-event-keys-1');
		assert.match(list[1], /^7\.1\.\S+ until 2099-01-01T00:00:00Z$/);
		assert.equal(list[2], next.out.trim());
		assert.ok(!fs.readFileSync(at('list'), 'utf8').includes(/^secret (\S{40})/m.exec(fs.readFileSync(at('two.key'), 'utf8'))[1]));
		await good('verify', ...reader(), '--keys', at('list'));
		await good('key', 'export', '--key', at('one.key'), '--keys', at('list'));
		assert.equal(fs.readFileSync(at('list'), 'utf8'), list.join('\n'), 'a key that was replaced stays so');
		await write('two.key');
		await good('verify', ...reader(), '--keys', at('list'));
		// the third; the first one's time is over meanwhile
		await write('one.key');
		fs.writeFileSync(at('list'), list.join('\n').replace('2099', '2020'));
		await refused(77, /replaced and holds no more/, 'verify', ...reader(), '--keys', at('list'));
		const third = await good('key', 'rotate', '--key', at('two.key'), '--out', at('three.key'), '--keys', at('list'));
		assert.match(third.out, /^7\.3\./);
		assert.match(fs.readFileSync(at('list'), 'utf8'), /^7\.2\.\S+ until 20\d\d-/m, '30 days unless told');
		await refused(73, /another key 1|never written over/, 'key', 'rotate', '--key', at('two.key'), '--out', at('three.key'), '--keys', at('list'));
	});

	test('revoked badges are refused by their list', async () => {
		await write('three.key');
		await good('key', 'revoke', '--list', at('revoked'), 'BBBBBBBBBBBBBBBBBBBBBA');
		await good('verify', ...reader(), '--keys', at('list'), '--revoked', at('revoked'));
		await good('key', 'revoke', '--list', at('revoked'), ID, 'BBBBBBBBBBBBBBBBBBBBBA');
		assert.equal(fs.readFileSync(at('revoked'), 'utf8'), `kith-revoked-1\nBBBBBBBBBBBBBBBBBBBBBA\n${ID}\n`);
		await refused(77, /was revoked/, 'verify', ...reader(), '--keys', at('list'), '--revoked', at('revoked'));
		await refused(65, /no list of revoked badges/, 'key', 'revoke', '--list', at('one.key'), ID);
		// a remark revokes nobody, so what it names is still to be added; and once, however often it is given
		fs.writeFileSync(at('remarked'), `kith-revoked-1\r\n# ${ID} came back`);
		await good('key', 'revoke', '--list', at('remarked'), ID, ID);
		assert.equal(fs.readFileSync(at('remarked'), 'utf8'), `kith-revoked-1\r\n# ${ID} came back\n${ID}\n`);
		await refused(77, /was revoked/, 'verify', ...reader(), '--keys', at('list'), '--revoked', at('remarked'));
	});
});
