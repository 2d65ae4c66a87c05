// A phone as a station, written from docs/sync-protocol.md and docs/api.md alone: a session, and one
// hash-chained stream of its owner's entries.
import crypto from 'node:crypto';
import { b64, Boot, hashEntry, uuid, uuid7 } from './station.mjs';
import { Session, until } from './world.mjs';

export class Phone {
	/** Signed in by ticket code, as that person ({ id, name, code }). */
	static async open(house, person) {
		const phone = new Phone();
		Object.assign(phone, { house, id: person.id, name: person.name, event: house.event, boot: new Boot(), entries: [], sent: 0,
			store: uuid(crypto.randomBytes(16)), session: new Session(house.origin) });
		await phone.session.good('POST', '/v1/signin', { code: person.code });
		return phone;
	}

	write(kind, payload) {
		const entry = { id: uuid7(), seq: this.entries.length + 1, kind, ...this.boot.now(), payload: JSON.stringify(payload) };
		const prev = this.entries.length ? Buffer.from(this.entries.at(-1).hash, 'base64url') : Buffer.alloc(32);
		entry.hash = b64(hashEntry({ store: this.store, event: this.event, prev, entry }));
		this.entries.push(entry);
		return entry.id;
	}

	own(kind, payload) {
		return this.write(kind, { owner: this.id, ...payload });
	}

	batch(from = this.sent + 1, entries = this.entries.slice(from - 1)) {
		return { store_id: this.store, event: this.event, from_seq: from, prev_hash: from > 1 ? this.entries[from - 2].hash : b64(Buffer.alloc(32)),
			...this.boot.now(), pending: entries.length, entries };
	}

	post(batch, headers) {
		return this.session.request('POST', `/v1/streams/${this.store}`, batch, headers);
	}

	/** Sends what is not sent, and waits until it is worked in. */
	async sync() {
		const { json } = await this.post(this.batch());
		this.reply = json;
		this.sent = json?.durable_seq ?? this.sent;
		return json;
	}

	/** GET /v1/me/log, once nothing is being worked in: it then has an ETag. */
	log() {
		return until(`${this.name}'s log`, async () => {
			const answer = await this.session.get('/v1/me/log');
			if (answer.status !== 200)
				throw new Error(`${answer.status} ${answer.text}`);
			this.etag = answer.headers.get('etag');
			return this.etag && answer.json;
		});
	}

	/** The log, once ask of it is true. */
	see(what, ask) {
		return until(`${this.name} to see ${what}`, async () => {
			const log = await this.log();
			return ask(log) && log;
		});
	}

	get(target) {
		return this.session.get(target);
	}

	good(method, target, body) {
		return this.session.good(method, target, body);
	}
}

export const rowOf = (log, entry) => log.rows.find((row) => row.entry === entry);
export const personOf = (log, id) => log.people.find((person) => person.key === id);
