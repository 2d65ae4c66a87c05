// ./kith bench faults [--faults N] [--doors N] [--people N] [--seed N]: an evening at doors whose readers
// fail all the time. Random faults, at each door one after the other, while people tap; after each the
// reader is back within the limit of its kind; at the end each greeting is in its door's log once, and
// no daemon holds more memory and descriptors than before.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { LoneKiosk } from '../e2e/lib/lone-kiosk.mjs';

const { values: options } = parseArgs({ options: { faults: { type: 'string', default: '10000' }, doors: { type: 'string', default: '4' },
	people: { type: 'string' }, seed: { type: 'string', default: String(Date.now() % 1000000) } } });
const doors = Number(options.doors);
const faults = Math.ceil(Number(options.faults) / doors); // at each
// each may come in once, and a tap stands between any five faults
const people = Array.from({ length: Number(options.people ?? Math.min(500, Math.ceil(faults / 5) + 1)) }, (_, i) => `p${i}`);

/** mulberry32, so that a seed repeats the evening. */
const chance = (seed) => {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let t = Math.imul(state ^ (state >>> 15), 1 | state);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
};
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
// how often; how long it lasts, at least and with luck; within what the reader is back when it is over (2 s,
// 5 s from a reader that hangs)
const kinds = {
	drop: { weight: 30, lasts_ms: [0, 30], limit_ms: 2000 },
	corrupt: { weight: 30, lasts_ms: [0, 30], limit_ms: 2000 },
	pull: { weight: 20, lasts_ms: [0, 30], limit_ms: 2000 },
	noise: { weight: 8, lasts_ms: [100, 130], limit_ms: 2000 },
	hangup: { weight: 5, lasts_ms: [0, 30], limit_ms: 2000 },
	unplug: { weight: 3, lasts_ms: [100, 130], limit_ms: 2000 },
	dead: { weight: 2, lasts_ms: [300, 1500], limit_ms: 2000 },
	hang: { weight: 1, lasts_ms: [300, 2500], limit_ms: 5000 },
	nad: { weight: 1, lasts_ms: [0, 30], limit_ms: 2000 },
};
for (const kind of Object.values(kinds))
	Object.assign(kind, { count: 0, slowest_ms: 0, late: 0 });
const sum = Object.values(kinds).reduce((n, kind) => n + kind.weight, 0);
const choose = (random) => {
	let at = random() * sum;
	return Object.keys(kinds).find((what) => (at -= kinds[what].weight) < 0);
};
const ready = (s) => s.readers.every((r) => r.state === 'ready');
const result = (name, value, ceiling) => console.log(`RESULT faults.${name}=${value}` +
	(ceiling === undefined ? '' : ` ceiling=${ceiling} met=${value <= ceiling ? 'yes' : 'no'}`));

class Door {
	greeted = [];
	next = 0;
	lost = 0;
	done = 0;

	static async open(number) {
		const door = new Door();
		door.random = chance(Number(options.seed) + number);
		door.k = await LoneKiosk.start({ role: 'door', people });
		await door.k.run();
		return door;
	}

	/** What the daemon holds. */
	held() {
		return { fds: fs.readdirSync(`/proc/${this.k.service.process.pid}/fd`).length, kib: this.k.pss() };
	}

	/** Who was not seen yet comes and is greeted. Whoever came in during a fault is greeted as known. */
	async tap() {
		const { k } = this;
		const name = people[this.next++];
		await k.away();
		const { rev } = k.screen.state;
		await k.chip.send(`put ${name}`);
		await k.screen.see('the greeting', (s) => s.rev > rev && s.screen === 'welcome', 20000);
		this.greeted.push(k.badges[name]);
		await k.chip.send(`take ${name}`);
		await k.away();
	}

	/** Until the reader looks for badges again and the kiosk says so. */
	async back(kind) {
		const from = performance.now();
		try {
			await this.k.chip.send('wait polls 2');
			await this.k.screen.see('a reader that is back', ready, 20000);
		} catch {
			this.lost++;
			return;
		}
		const took = performance.now() - from;
		kind.slowest_ms = Math.max(kind.slowest_ms, took);
		kind.late += took > kind.limit_ms;
	}

	async fault(with_tap) {
		const { k, random } = this;
		const what = choose(random);
		const kind = kinds[what];
		const name = people[Math.min(this.next, people.length - 1)];
		const [least, most] = kind.lasts_ms;
		kind.count++;
		if (with_tap && random() < 0.5 && what !== 'pull')
			await k.chip.send(`put ${name}`);
		await k.chip.send(what === 'pull' ? `fault pull ${Math.floor(random() * 40)}` : `fault ${what}`);
		if (what === 'pull')
			await k.chip.send(`put ${name}`);
		await sleep(least + random() * (most - least));
		await k.chip.send('fault off');
		await k.chip.send(`take ${name}`);
		await this.back(kind);
	}

	async evening() {
		await this.tap();
		this.before = this.held();
		for (; this.done < faults; this.done++) {
			const more = this.next < people.length;
			await this.fault(more && this.done % 5 === 0);
			if (more && this.done % 5 === 4)
				await this.tap();
		}
		await this.k.screen.see('all ready', ready, 20000);
		this.after = this.held();
		this.logged = (await this.k.log()).filter((x) => x.kind === 'checkin').map((x) => JSON.parse(x.payload).who);
		await this.k.stop();
	}
}

console.log(`seed ${options.seed}, ${doors} doors, writing ${people.length} badges for each`);
const all = await Promise.all(Array.from({ length: doors }, (_, i) => Door.open(i)));
const said = setInterval(() => console.log(`${all.reduce((n, d) => n + d.done, 0)} faults, ${all.reduce((n, d) => n + d.greeted.length, 0)} greetings`), 60000);
await Promise.all(all.map((door) => door.evening()));
clearInterval(said);
for (const [what, kind] of Object.entries(kinds)) {
	console.log(`${what}: ${kind.count} times, back after ${Math.round(kind.slowest_ms)} ms at most, limit ${kind.limit_ms} ms, later than that ${kind.late} times`);
	result(`return_ms_${what}`, Math.round(kind.slowest_ms), kind.limit_ms);
}
const most = (of) => Math.max(...all.map(of));
const mib = (kib) => Number((kib / 1024).toFixed(2));
for (const [i, { before, after }] of all.entries())
	console.log(`door ${i + 1}: descriptors ${before.fds} before, ${after.fds} after; memory ${mib(before.kib)} MiB before, ${mib(after.kib)} MiB after`);
result('faults', all.reduce((n, d) => n + d.done, 0));
result('greetings', all.reduce((n, d) => n + d.greeted.length, 0));
result('acknowledged_lost', all.reduce((n, d) => n + d.greeted.filter((id) => !d.logged.includes(id)).length, 0), 0);
result('doubled', all.reduce((n, d) => n + d.logged.length - new Set(d.logged).size, 0), 0);
result('reader_not_back', all.reduce((n, d) => n + d.lost, 0), 0);
result('descriptors_more', most((d) => d.after.fds - d.before.fds), 0);
result('mib_more', mib(most((d) => d.after.kib - d.before.kib)), 4);
