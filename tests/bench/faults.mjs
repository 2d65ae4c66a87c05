// ./kith bench faults [--faults N] [--people N] [--seed N]: an evening at a door whose reader fails all
// the time. Random faults, one after the other, while people tap; after each the reader is back within
// the limit of its kind; at the end each greeting is in the log once, and the daemon holds no more
// memory and descriptors than before.
import fs from 'node:fs';
import { parseArgs } from 'node:util';
import { LoneKiosk } from '../e2e/lib/lone-kiosk.mjs';

const { values: options } = parseArgs({ options: { faults: { type: 'string', default: '10000' }, people: { type: 'string' },
	seed: { type: 'string', default: String(Date.now() % 1000000) } } });
const faults = Number(options.faults);
// each may come in once, and a tap stands between any five faults
const people = Array.from({ length: Number(options.people ?? Math.min(2000, Math.ceil(faults / 5) + 1)) }, (_, i) => `p${i}`);

// mulberry32, so that a seed repeats the evening
let state = Number(options.seed);
const random = () => {
	state = (state + 0x6d2b79f5) | 0;
	let t = Math.imul(state ^ (state >>> 15), 1 | state);
	t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
	return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
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
const choose = () => {
	let at = random() * sum;
	return Object.keys(kinds).find((what) => (at -= kinds[what].weight) < 0);
};
const ready = (s) => s.readers.every((r) => r.state === 'ready');
const result = (name, value, ceiling) => console.log(`RESULT faults.${name}=${value}` +
	(ceiling === undefined ? '' : ` ceiling=${ceiling} met=${value <= ceiling ? 'yes' : 'no'}`));

console.log(`seed ${options.seed}, writing ${people.length} badges`);
const k = await LoneKiosk.start({ role: 'door', people });
await k.run();
const pid = k.service.process.pid;
const descriptors = () => fs.readdirSync(`/proc/${pid}/fd`).length;
const greeted = [];
let next = 0;
let lost = 0;
const tap = async (name) => {
	const before = k.screen.state.rev;
	await k.chip.send(`put ${name}`);
	await k.screen.see('the greeting', (s) => s.rev > before && s.screen === 'welcome', 20000);
	greeted.push(k.badges[name]);
	await k.chip.send(`take ${name}`);
	await k.away();
};
await tap(people[next++]);
const before = { fds: descriptors(), kib: k.pss() };
/** Until the reader looks for badges again and the kiosk says so. */
const back = async (kind) => {
	const from = performance.now();
	try {
		await k.chip.send('wait polls 2');
		await k.screen.see('a reader that is back', ready, 20000);
	} catch {
		lost++;
		return;
	}
	const took = performance.now() - from;
	kind.slowest_ms = Math.max(kind.slowest_ms, took);
	kind.late += took > kind.limit_ms;
};
for (let i = 0; i < faults; i++) {
	const what = choose();
	const kind = kinds[what];
	kind.count++;
	const name = people[Math.min(next, people.length - 1)];
	if (random() < 0.5 && what !== 'pull' && next < people.length && i % 5 === 0)
		await k.chip.send(`put ${name}`);
	await k.chip.send(what === 'pull' ? `fault pull ${Math.floor(random() * 40)}` : `fault ${what}`);
	if (what === 'pull')
		await k.chip.send(`put ${name}`);
	const [least, most] = kind.lasts_ms;
	await sleep(least + random() * (most - least));
	await k.chip.send('fault off');
	await k.chip.send(`take ${name}`);
	await back(kind);
	if (i % 5 === 4 && next < people.length) {
		await k.away();
		// whoever came in during a fault is greeted as known: count that too
		const rev = k.screen.state.rev;
		const who = people[next++];
		await k.chip.send(`put ${who}`);
		await k.screen.see('the greeting', (s) => s.rev > rev && s.screen === 'welcome', 20000);
		greeted.push(k.badges[who]);
		await k.chip.send(`take ${who}`);
		await k.away();
	}
	if (i % 500 === 499)
		console.log(`${i + 1} faults, ${greeted.length} greetings`);
}
await k.screen.see('all ready', ready, 20000);
const after = { fds: descriptors(), kib: k.pss() };
const who = (await k.log()).filter((x) => x.kind === 'checkin').map((x) => JSON.parse(x.payload).who);
await k.stop();
for (const [what, kind] of Object.entries(kinds)) {
	console.log(`${what}: ${kind.count} times, back after ${Math.round(kind.slowest_ms)} ms at most, limit ${kind.limit_ms} ms, later than that ${kind.late} times`);
	result(`return_ms_${what}`, Math.round(kind.slowest_ms), kind.limit_ms);
}
console.log(`descriptors ${before.fds} before, ${after.fds} after; memory ${(before.kib / 1024).toFixed(1)} MiB before, ${(after.kib / 1024).toFixed(1)} MiB after`);
result('faults', faults);
result('greetings', greeted.length);
result('acknowledged_lost', greeted.filter((id) => !who.includes(id)).length, 0);
result('doubled', who.length - new Set(who).size, 0);
result('reader_not_back', lost, 0);
result('descriptors_more', after.fds - before.fds, 0);
result('mib_more', Number(((after.kib - before.kib) / 1024).toFixed(2)), 4);
