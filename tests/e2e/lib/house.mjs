// A server with one event and no hardware: for drills of what stands between a station and the store.
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, run } from './chip.mjs';
import { Station } from './station.mjs';
import { freePort, must, Service, Session, until } from './world.mjs';

export class House {
	/** options: attendees (rows of a list), args (of run), eventArgs (of event add), scheme, env. */
	static async open(options = {}) {
		const house = new House();
		Object.assign(house, { attendees: [], args: [], eventArgs: [], scheme: 'http', env: {} }, options);
		house.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-drill-'));
		house.store = path.join(house.dir, 'store');
		house.backups = path.join(house.dir, 'backups');
		house.backupKey = path.join(house.dir, 'backup.key');
		house.log = '';
		try {
			house.port = await freePort();
			house.host = `127.0.0.1:${house.port}`;
			house.origin = `${house.scheme}://${house.host}`;
			house.event = Number((await house.cli('event', 'add', 'Drill', '--host', house.host, ...house.eventArgs)).trim());
			if (house.attendees.length)
				await house.import(house.attendees);
			if (!house.closed)
				await house.run();
			return house;
		} catch (error) {
			await house.close();
			throw error;
		}
	}

	cli(...args) {
		return must('kith-server', ['--store', this.store, ...args]);
	}

	/** A command that may fail: { status, out, err }. */
	try(...args) {
		return run(path.join(bin, 'kith-server'), ['--store', this.store, ...args]);
	}

	async import(rows) {
		const file = path.join(this.dir, 'attendees.csv');
		const cell = (text) => `"${String(text ?? '').replaceAll('"', '""')}"`;
		const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
		fs.writeFileSync(file, [columns, ...rows.map((row) => columns.map((c) => row[c]))]
			.map((line) => line.map(cell).join(',')).join('\n') + '\n');
		return this.cli('import', String(this.event), file);
	}

	/** A new ticket for each attendee, in the order of their names: { id, name, url, code }. */
	async tickets() {
		const people = await this.rows(`SELECT hex(id) AS id, name FROM attendee WHERE event = ${this.event} AND name <> '' ORDER BY name`);
		for (const person of people) {
			person.id = Buffer.from(person.id, 'hex').toString('base64url');
			[person.code, person.url] = (await this.cli('ticket', String(this.event), person.id)).trim().split('\n');
		}
		return people;
	}

	async run() {
		this.server = await Service.start('kith-server', ['--store', this.store, 'run', '--listen', this.host,
			'--origin', this.origin, ...this.args], { env: this.env });
	}

	/** Ends the server, keeps what it said. */
	async halt(signal = 'SIGTERM') {
		if (!this.server)
			return undefined;
		const how = await this.server.stop(signal);
		this.log += this.server.log;
		this.server = undefined;
		return how;
	}

	async enrolCode(name = 'Door') {
		return (await this.cli('enrol', String(this.event), name)).trim();
	}

	async station(options = {}) {
		return Station.enrol(this.origin, await this.enrolCode(options.name), options);
	}

	async organizer() {
		const email = `org-${crypto.randomBytes(4).toString('hex')}@example.org`;
		const password = (await this.cli('organizer', 'add', email)).trim();
		const session = new Session(this.origin);
		await session.good('POST', '/v1/organizer/signin', { email, password });
		return session;
	}

	/** A verified backup. The first makes the key. */
	backup() {
		const key = fs.existsSync(this.backupKey) ? [] : ['--key', this.backupKey];
		return this.cli('backup', ...key, this.backups);
	}

	restore() {
		return this.cli('restore', '--key', this.backupKey, this.backups);
	}

	/** Rows of a query on the store, beside a running server. */
	async rows(sql) {
		const done = await run('sqlite3', ['-readonly', '-json', '-cmd', '.timeout 20000', path.join(this.store, 'kith.db'), sql]);
		if (done.status !== 0)
			throw new Error(`${sql}: ${done.err}`);
		return done.out.trim() ? JSON.parse(done.out) : [];
	}

	/** What the log holds, and whether SQLite finds it whole. */
	async held() {
		const rows = await this.rows('SELECT lower(hex(id)) AS id, stream, seq, kind, refused FROM entry ORDER BY row');
		const [{ integrity_check: whole }] = await this.rows('PRAGMA integrity_check');
		return { rows, ids: rows.map((row) => row.id), whole };
	}

	/** Until nothing that came sealed waits to be opened: a moment after its acknowledgement. */
	opened() {
		return until('everything sealed to be opened', async () => (await this.rows('SELECT COUNT(*) AS n FROM sealed'))[0].n === 0);
	}

	/** One text that is equal when the tables that matter are. */
	async digest() {
		if (this.server)
			await this.opened();
		const parts = await Promise.all([
			'SELECT hex(id), stream, seq, kind, refused, hex(hash), hex(payload) FROM entry ORDER BY id',
			'SELECT hex(store_id), last_seq, hex(last_hash) FROM stream ORDER BY store_id',
			'SELECT stream, seq, hex(id), reason FROM refusal ORDER BY stream, seq',
			'SELECT stream, seq, hex(hash) FROM folded ORDER BY stream, seq',
			'SELECT row, hex(payload) FROM private ORDER BY row',
			'SELECT row, hex(payload) FROM sealed ORDER BY row',
		].map((sql) => this.rows(sql)));
		return crypto.createHash('sha256').update(JSON.stringify(parts)).digest('hex');
	}

	async close() {
		await this.halt();
		fs.rmSync(this.dir, { recursive: true, force: true });
	}
}
