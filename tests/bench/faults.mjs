// ./kith bench faults [--faults N] [--people N] [--seed N]: an evening at a door whose reader fails all
// the time. Random faults, one after the other, while people tap; at the end each greeting is in the
// log once, the reader is back, and the daemon holds no more memory and descriptors than before.
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
// how often, what, how long
const kinds = [[30, 'drop', 0], [30, 'corrupt', 0], [20, 'pull', 0], [8, 'noise', 100], [5, 'hangup', 0], [3, 'unplug', 100],
	[2, 'dead', 300], [1, 'hang', 300], [1, 'nad', 0]];
const sum = kinds.reduce((n, [weight]) => n + weight, 0);
const choose = () => {
	let at = random() * sum;
	return kinds.find(([weight]) => (at -= weight) < 0);
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
const counts = {};
let next = 0;
let lost = 0;
let slowest = 0;
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
for (let i = 0; i < faults; i++) {
	const [, what, ms] = choose();
	counts[what] = (counts[what] ?? 0) + 1;
	const name = people[Math.min(next, people.length - 1)];
	const with_tap = random() < 0.5 && what !== 'pull';
	if (with_tap && next < people.length && i % 5 === 0)
		await k.chip.send(`put ${name}`);
	await k.chip.send(what === 'pull' ? `fault pull ${Math.floor(random() * 40)}` : `fault ${what}`);
	if (what === 'pull')
		await k.chip.send(`put ${name}`);
	await sleep(ms + random() * 30);
	const from = performance.now();
	await k.chip.send('fault off');
	await k.chip.send(`take ${name}`);
	if (i % 5 === 4 || ms > 0) {
		try {
			await k.screen.see('a reader that is back', ready, 20000);
			slowest = Math.max(slowest, performance.now() - from);
		} catch {
			lost++;
		}
	}
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
console.log(JSON.stringify(counts));
result('faults', faults);
result('greetings', greeted.length);
result('acknowledged_lost', greeted.filter((id) => !who.includes(id)).length, 0);
result('doubled', who.length - new Set(who).size, 0);
result('reader_not_back', lost, 0);
result('slowest_return_ms', Math.round(slowest), 5000);
result('descriptors_more', after.fds - before.fds, 0);
result('mib_more', Number(((after.kib - before.kib) / 1024).toFixed(2)), 4);
