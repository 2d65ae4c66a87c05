// kill -9 of kiosk and server at random moments while people tap: what the screen acknowledged is
// in the kiosk's log once, and the server holds exactly that log. For ./kith bench kill and a test.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from './chip.mjs';
import { sleep, until, World } from './world.mjs';

/** Random numbers that a seed repeats (splitmix32). */
export function random(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x9e3779b9) >>> 0;
		let z = state;
		z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
		z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
		return ((z ^ (z >>> 15)) >>> 0) / 2 ** 32;
	};
}

export const crowd = (n) => Array.from({ length: n }, (_, i) => ({ key: `p${i}`, name: `Person ${String.fromCharCode(65 + (i % 26))}${i}`,
	organization: '', title: '', email: `p${i}@example.org`, phone: '', lang: 'en', chip: 'ntag213', card: true, followups: true, contact: false }));

async function sql(file, text) {
	const said = await run('sqlite3', ['-batch', '-noheader', '-separator', ' ', file, text]);
	assert.equal(said.status, 0, `sqlite3 ${file}: ${said.err}`);
	return said.out.split('\n').filter(Boolean);
}

const hex = (text, encoding) => Buffer.from(text, encoding).toString('hex');

class Drill {
	constructor(world, options) {
		Object.assign(this, options);
		this.world = world;
		this.random = random(options.seed);
		this.pairs = new Set();
		this.taps = new Map();
		this.shown = new Map();
		this.kills = { kiosk: 0, server: 0 };
		this.acknowledged = 0;
	}

	count(map, key) {
		map.set(key, (map.get(key) ?? 0) + 1);
	}

	/** Kills at a random moment of the tap, some of them after its end. */
	async end(what) {
		await sleep(Math.floor(this.random() * 80));
		this.kills[what]++;
		if (what === 'kiosk')
			await this.world.stopKiosk('SIGKILL');
		else
			await this.world.server.stop('SIGKILL');
	}

	/** One badge on the reader until the screen answers or the kiosk is dead; what it first said. */
	async tap(person) {
		const { chip, screen, kiosk } = this.world;
		const from = Number(process.hrtime.bigint());
		const first = screen.states.length;
		const answer = () => screen.states.slice(first).find((s) => s.seen_ns > from && ['welcome', 'exchange', 'note'].includes(s.screen));
		this.count(this.taps, person.key);
		await chip.send(`put ${person.key}`);
		try {
			await until(`an answer to ${person.key}`, () => kiosk.over || answer(), 20000);
		} finally {
			await chip.send(`take ${person.key}`);
		}
		return answer();
	}

	/** What an answer promises: the log has this entry. Who is in already, or met, makes no new one. */
	note(person, said) {
		const kind = { welcome: 'checkin', exchange: 'meeting' }[said.screen];
		if (!kind || said.already || !['done', 'exchange'].includes(said.sound))
			return;
		this.acknowledged++;
		this.count(this.shown, `${kind} ${person.key}`);
	}

	/** Somebody whom the one in front has not met: so that nearly each tap writes a meeting. */
	next(front, last) {
		const others = this.world.people.filter((p) => p !== front && p !== last);
		const pair = (p) => [p.key, front?.key].sort().join(' ');
		const fresh = others.filter((p) => !this.pairs.has(pair(p)));
		const some = fresh.length ? fresh : others;
		const person = some[Math.floor(this.random() * some.length)];
		this.pairs.add(pair(person));
		return person;
	}

	async play() {
		const { world } = this;
		let front; // the first badge of exchanges, until somebody touches "finish"
		let last;
		for (let i = 0; i < this.total; i++) {
			if (front && this.random() < 0.1 && await world.screen.act('finish').then(() => true, () => false))
				front = undefined;
			const person = this.next(front, last);
			const dice = this.random();
			const what = dice < this.chance ? 'kiosk' : dice < 2 * this.chance ? 'server' : null;
			const kill = what && this.end(what);
			const said = await this.tap(person);
			if (said)
				this.note(person, said);
			if (said?.screen === 'welcome')
				front = person;
			await kill;
			if (what === 'kiosk') {
				await world.startKiosk();
				front = undefined;
			} else if (what === 'server') {
				await world.startServer();
			}
			last = person;
			this.progress?.(i + 1);
		}
	}

	/** What the log must be, given what was tapped and what was shown. */
	async judge() {
		const { world } = this;
		const name = new Map(world.people.flatMap((p) => [[p.id, p.key], [p.badge, p.key]]));
		const log = await world.log();
		const made = new Map();
		assert.deepEqual(log.map((x) => x.seq), log.map((_, i) => i + 1), 'the log has no hole');
		assert.equal(new Set(log.map((x) => x.id)).size, log.length, 'no entry is there twice');
		for (const x of log) {
			const said = JSON.parse(x.payload);
			const who = name.get(x.kind === 'meeting' ? said.b : said.who);
			assert.ok(who, `${x.kind} ${x.payload} names somebody here`);
			this.count(made, `${x.kind} ${who}`);
		}
		for (const [what, n] of this.shown)
			assert.ok((made.get(what) ?? 0) >= n, `lost: "${what}" was shown ${n} times, the log has ${made.get(what) ?? 0}`);
		// a tap makes one entry of a kind at most
		for (const [what, n] of made) {
			const taps = this.taps.get(what.split(' ')[1]);
			assert.ok(n <= taps, `doubled: ${taps} taps, the log has "${what}" ${n} times`);
		}
		const held = await sql(path.join(world.store, 'kith.db'),
			'SELECT e.seq, lower(hex(e.id)), lower(hex(e.hash)), e.refused FROM entry e ORDER BY e.stream, e.seq');
		assert.deepEqual(held, log.map((x) => `${x.seq} ${x.id.replaceAll('-', '')} ${hex(x.hash, 'base64url')} 0`),
			'the server holds exactly the kiosk\'s log');
		return log.length;
	}

	async integrity() {
		const { world } = this;
		const kiosk = fs.readdirSync(world.state).filter((f) => f.endsWith('.db')).map((f) => path.join(world.state, f));
		assert.ok(kiosk.length > 0);
		for (const file of [path.join(world.store, 'kith.db'), ...kiosk])
			assert.deepEqual(await sql(file, 'PRAGMA integrity_check'), ['ok'], file);
	}
}

/** options: taps, seed, people, kills (each, on average), progress(taps done). Throws when a promise is broken. */
export async function killDrill({ taps = 2000, seed = crypto.randomInt(2 ** 31), people = 72, kills = taps / 40, progress } = {}) {
	const world = await World.start({ people: crowd(people), frames: false, role: 'mixed' });
	const drill = new Drill(world, { total: taps, seed, chance: kills / taps, progress });
	try {
		await drill.play();
		await world.synced();
		const entries = await drill.judge();
		await world.stopKiosk();
		await world.server.stop();
		await drill.integrity();
		return { seed, taps, acknowledged: drill.acknowledged, entries, kills: drill.kills };
	} finally {
		await world.stop();
	}
}
