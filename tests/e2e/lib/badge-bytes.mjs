// A badge read from a dump without any of Kith's code: NDEF by hand, Ed25519 by node's OpenSSL.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

export const ID = 'AAECAwQFBgcICQoLDA0ODw';
export const HOST = 'ev.example.org';

/** An event key and its file, made by node. */
export function makeKey(dir, event, number, label = 'event') {
	const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
	const x = Buffer.from(publicKey.export({ format: 'jwk' }).x, 'base64url');
	const seed = Buffer.from(privateKey.export({ format: 'jwk' }).d, 'base64url');
	const file = path.join(dir, `${label}-${event}-${number}.key`);
	const secret = Buffer.concat([seed, x]).toString('base64url');
	fs.writeFileSync(file, `kith-event-key-1\nevent ${event}\nkey ${number}\nsecret ${secret}\n`, { mode: 0o600 });
	return { event, number, file, publicKey, word: `${event}.${number}.${x.toString('base64url')}` };
}

/** The NDEF message of a dump: the first NDEF block behind the capability container. */
export function messageOf(dump) {
	assert.equal(dump[12], 0xe1);
	const end = 16 + dump[14] * 8;
	for (let at = 16; at < end; ) {
		const type = dump[at++];
		if (type === 0)
			continue;
		if (type === 0xfe)
			break;
		let len = dump[at++];
		if (len === 0xff) {
			len = dump.readUInt16BE(at);
			at += 2;
		}
		assert.ok(at + len <= end, 'a block runs past the end');
		if (type === 3)
			return { message: dump.subarray(at, at + len), next: dump[at + len] };
		at += len;
	}
	return { message: Buffer.alloc(0) };
}

export function recordsOf(message) {
	const records = [];
	for (let at = 0; at < message.length; ) {
		const start = at;
		const flags = message[at++];
		const typeLen = message[at++];
		const len = flags & 0x10 ? message[at] : message.readUInt32BE(at);
		at += flags & 0x10 ? 1 : 4;
		const type = message.subarray(at, (at += typeLen)).toString('latin1');
		records.push({ flags, type, payload: message.subarray(at, (at += len)), whole: message.subarray(start, at) });
	}
	return records;
}

/** Throws unless the dump holds that badge, signed for its own UID. */
export function checkBadge(dump, key, { vcard = '', id = ID } = {}) {
	const { message, next } = messageOf(dump);
	assert.equal(next, 0xfe);
	const [uri, badge, card, more] = recordsOf(message);
	assert.equal(more, undefined);
	assert.equal(uri.flags & 0x87, 0x81);
	assert.equal(uri.type, 'U');
	assert.deepEqual(uri.payload, Buffer.from(`\x04${HOST}/b#${id}`, 'latin1'));
	assert.equal(badge.flags & 7, 4);
	assert.equal(badge.type, 'kith:b');
	assert.equal(badge.payload.length, 73);
	assert.equal(badge.payload[0], 1);
	assert.equal(badge.payload.readUInt32BE(2), key.event);
	assert.equal(badge.payload[6], key.number);
	const uid = Buffer.concat([dump.subarray(0, 3), dump.subarray(4, 8)]);
	assert.deepEqual(badge.payload.subarray(7, 9), crypto.createHash('sha256').update(uid).digest().subarray(0, 2));
	const u32 = Buffer.alloc(4);
	u32.writeUInt32BE(key.event);
	const signed = Buffer.concat([Buffer.from('kith-badge-1'), u32, Buffer.from([key.number, badge.payload[1], uid.length]),
		uid, Buffer.from(id, 'base64url'), Buffer.from([HOST.length]), Buffer.from(HOST),
		crypto.createHash('sha256').update(card ? card.whole : '').digest()]);
	assert.ok(crypto.verify(null, signed, key.publicKey, badge.payload.subarray(9)), 'the signature does not verify');
	assert.equal(card ? card.payload.toString() : '', vcard);
	if (card)
		assert.equal(card.type, 'text/vcard');
}
