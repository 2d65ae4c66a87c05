// A station written again from docs/sync-protocol.md and docs/api.md alone, with nothing but
// node:crypto. What it and the C programs agree on, the documents say.
import crypto from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

const kinds = { checkin: 1, checkout: 2, 'badge-assign': 3, meeting: 4, contact: 5, note: 6, followup: 7,
	'followup-state': 8, favour: 9, introduce: 10, consent: 11, share: 12, hide: 13, merge: 14, buddy: 15,
	setting: 16, retract: 17, refused: 18 };
const qualities = { unset: 0, restored: 1, ntp: 2, server: 3 };

export const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), crypto.createHash('sha256')).digest();
export const b64 = (bytes) => Buffer.from(bytes).toString('base64url');
const uuidBytes = (text) => Buffer.from(text.replaceAll('-', ''), 'hex');

export function uuid(bytes) {
	const hex = Buffer.from(bytes).toString('hex');
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export function uuid7(ms = Date.now()) {
	const b = crypto.randomBytes(16);
	b.writeUIntBE(ms, 0, 6);
	b[6] = 0x70 | (b[6] & 0x0f);
	b[8] = 0x80 | (b[8] & 0x3f);
	return uuid(b);
}

export const personId = () => b64(crypto.randomBytes(16));

/** An entry's hash: docs/sync-protocol.md, "The bytes under the hash". */
export function hashEntry({ store, event, entry, prev }) {
	const payload = entry.sealed === undefined ? Buffer.from(entry.payload) : Buffer.from(entry.sealed, 'base64url');
	const b = Buffer.alloc(160);
	b.write('kith-entry-1', 0, 'latin1');
	prev.copy(b, 12);
	uuidBytes(store).copy(b, 44);
	b.writeBigUInt64BE(BigInt(entry.seq), 60);
	uuidBytes(entry.id).copy(b, 68);
	b.writeUInt32BE(event, 84);
	b.writeUInt16BE(kinds[entry.kind] ?? entry.number ?? 0, 88);
	uuidBytes(entry.boot_id).copy(b, 90);
	b.writeBigUInt64BE(BigInt(entry.boot_ms), 106);
	b.writeBigInt64BE(BigInt(entry.wall_ms), 114);
	b.writeUInt8(qualities[entry.quality], 122);
	b.writeUInt8(entry.sealed === undefined ? 0 : 1, 123);
	b.writeUInt32BE(payload.length, 124);
	sha256(payload).copy(b, 128);
	return sha256(b);
}

/** One HTTP request, any certificate. { status, headers, body, json }; rejects when there is no answer. */
export function ask(origin, method, target, { body, headers = {} } = {}) {
	const secure = origin.startsWith('https:');
	return new Promise((resolve, reject) => {
		const request = (secure ? https : http).request(origin + target, {
			method,
			agent: false,
			rejectUnauthorized: false,
			headers: { ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': body.length }), ...headers },
		}, (answer) => {
			const parts = [];
			answer.on('data', (part) => parts.push(part)).on('error', reject).on('end', () => {
				const bytes = Buffer.concat(parts);
				let json;
				try {
					json = JSON.parse(bytes.toString());
				} catch {
					json = undefined;
				}
				resolve({ status: answer.statusCode, headers: answer.headers, body: bytes, json });
			});
		});
		request.on('error', reject);
		request.end(body);
	});
}

/** The boot clock, as the station is to see it: another boot is another Boot. */
export class Boot {
	constructor({ id = uuid(crypto.randomBytes(16)), wall = () => Date.now(), quality = 'ntp', ahead = 0 } = {}) {
		Object.assign(this, { id, wall, quality, ahead });
		this.began = performance.now();
	}

	now() {
		return { boot_id: this.id, boot_ms: Math.round(this.ahead + performance.now() - this.began),
			wall_ms: this.wall(), quality: this.quality };
	}
}

export class Station {
	constructor(origin, { id, event, keys, server, boot = new Boot() }) {
		Object.assign(this, { origin, id, event, keys, server, boot });
		this.pruned = 0;
		this.heard = 0; // the number of the last refusal that was told
		this.begin();
	}

	/** docs/api.md, POST /v1/enrol. pin: the server's SPKI pin, as seen in its certificate. */
	static async enrol(origin, code, { pin = '', name = '', boot } = {}) {
		const keys = crypto.generateKeyPairSync('ed25519');
		const open = Buffer.from(keys.publicKey.export({ format: 'jwk' }).x, 'base64url');
		const clean = code.replaceAll('-', '');
		const proof = (tag, what) => crypto.createHmac('sha256', clean.slice(4)).update(tag).update(what).digest();
		const body = Buffer.from(JSON.stringify({ name, public: b64(open), code_id: clean.slice(0, 4),
			proof: b64(proof('kith-enrol-1', Buffer.concat([open, Buffer.from(pin)]))) }));
		const answer = await ask(origin, 'POST', '/v1/enrol', { body });
		if (answer.status !== 200)
			throw Object.assign(new Error(`enrol: ${answer.status} ${answer.body}`), { answer });
		const text = answer.body.toString();
		const signed = text.slice(0, text.lastIndexOf(',"proof":'));
		if (answer.json.proof !== b64(proof('kith-enrol-2', signed)))
			throw new Error('the server does not prove that it knows the code');
		const server = crypto.createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519',
			x: answer.json.server_public } });
		return Object.assign(new Station(origin, { id: answer.json.station, event: answer.json.event.event, keys, server, boot }),
			{ enrolment: answer.json });
	}

	/** A new stream. */
	begin() {
		this.store = uuid(crypto.randomBytes(16));
		this.entries = [];
		this.hashes = [Buffer.alloc(32)];
		this.cursor = 0;
	}

	/** What a copy of the card holds. */
	image() {
		return { store: this.store, entries: [...this.entries], hashes: [...this.hashes], cursor: this.cursor };
	}

	putBack(image) {
		Object.assign(this, { ...image, entries: [...image.entries], hashes: [...image.hashes] });
	}

	#chain(entry) {
		const prev = this.hashes.at(-1);
		const full = { ...entry, seq: this.entries.length + 1 };
		const hash = hashEntry({ store: this.store, event: this.event, entry: full, prev });
		this.entries.push({ ...full, hash: b64(hash) });
		this.hashes.push(hash);
		return this.entries.at(-1);
	}

	/** One more entry in the log; payload may be text, to be exact or to be wrong. */
	add(kind, payload, more = {}) {
		const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
		return this.#chain({ id: uuid7(), kind, ...this.boot.now(), payload: text, ...more });
	}

	checkin(who = personId(), more) {
		return this.add('checkin', { who, how: 'chip' }, more);
	}

	meeting(a = personId(), b = personId(), more) {
		return this.add('meeting', { a, b }, more);
	}

	/** A fork: everything that is here, in a new stream, with the same ids. */
	fork() {
		const kept = this.entries;
		this.begin();
		for (const { seq, hash, ...entry } of kept)
			this.#chain(entry);
	}

	batch(from = this.cursor + 1, count = 200) {
		const entries = this.entries.slice(from - 1, from - 1 + count);
		return { store_id: this.store, event: this.event, from_seq: from, prev_hash: b64(this.hashes[from - 1] ?? this.hashes.at(-1)),
			...this.boot.now(), pending: Math.max(0, this.entries.length - (from - 1) - entries.length),
			refusal_seq: this.heard, entries };
	}

	/** The headers of a signed request, and what its reply's signature covers. */
	sign(method, target, body = Buffer.alloc(0), nonce = crypto.randomBytes(16)) {
		const asked = sha256('kith-request-1\n', method, '\n', target, '\n', sha256(body), nonce);
		return { asked, headers: { 'kith-station': this.id, 'kith-nonce': b64(nonce),
			'kith-signature': b64(crypto.sign(null, asked, this.keys.privateKey)) } };
	}

	async request(method, target, body, more = {}) {
		const { asked, headers } = this.sign(method, target, body);
		const answer = await ask(this.origin, method, target, { body, headers: { ...headers, ...more } });
		const status = Buffer.alloc(2);
		status.writeUInt16BE(answer.status);
		const signature = answer.headers['kith-signature'];
		answer.signed = signature !== undefined && crypto.verify(null,
			sha256('kith-reply-1\n', asked, status, sha256(answer.body)), this.server, Buffer.from(signature, 'base64url'));
		return answer;
	}

	post(batch, store = batch.store_id) {
		return this.request('POST', `/v1/streams/${store}`, Buffer.from(JSON.stringify(batch)));
	}

	roster(after = '') {
		return this.request('GET', `/v1/roster?after=${encodeURIComponent(after)}`);
	}

	/** One request of the state machine. What it did: 'ok', 'gap', 'fork'; throws on anything else. */
	async step(size = 200) {
		const answer = await this.post(this.batch(this.cursor + 1, size));
		if (answer.status !== 200 || !answer.signed)
			throw Object.assign(new Error(`stream: ${answer.status} ${answer.body} signed=${answer.signed}`), { answer });
		const reply = answer.json;
		this.heard = this.reply && this.reply.timeline !== reply.timeline ? 0 : reply.refusal_seq;
		this.reply = reply;
		const own = this.hashes[reply.durable_seq];
		if (reply.status === 'fork' || !own || (reply.durable_seq > 0 && b64(own) !== reply.durable_hash)) {
			this.fork();
			return 'fork';
		}
		this.cursor = reply.durable_seq;
		this.safe = reply.safe_seq;
		return reply.status;
	}

	/** Until the server holds everything; what each step gave. */
	async sync(size = 200) {
		const steps = [];
		do
			steps.push(await this.step(size));
		while (this.cursor < this.entries.length);
		return steps;
	}
}
