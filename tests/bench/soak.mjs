// ./kith bench soak [--taps N] [--notes N]: eight hours at one tap a second, 28,800 of them, as fast as
// the kiosk takes them. Two stand before it at a time, all meet all; now and then one leaves a note,
// each "hour" the network is away for five "minutes", each quarter of one a backup is made. What the
// programs hold (memory, descriptors, write-ahead logs) must not grow: the line of least squares
// through the second half.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { crowd } from '../e2e/lib/kill.mjs';
import { until, World } from '../e2e/lib/world.mjs';

const { values: options } = parseArgs({ options: { taps: { type: 'string', default: '28800' }, notes: { type: 'string', default: '200' } } });
const taps = Number(options.taps);
const hour = taps / 8;
process.env.TMPDIR = process.env.KITH_BENCH_DIR; // on the disk of the build

const below = (pid) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).flatMap((p) => [p, ...below(p)]);
const family = (service) => [service.process.pid, ...below(service.process.pid)];
const sum = (list) => list.reduce((a, b) => a + b, 0);
const rollup = (service, key) => sum(family(service).map((pid) =>
	Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]))) / 1024;
const descriptors = (service) => sum(family(service).map((pid) => fs.readdirSync(`/proc/${pid}/fd`).length));
const mib = (file) => (fs.existsSync(file) ? fs.statSync(file).size / 2 ** 20 : 0);

/** What a line of least squares through these gains from their first to their last. */
function growth(values) {
	const n = values.length;
	const middle = (n - 1) / 2;
	const mean = sum(values) / n;
	const slope = sum(values.map((v, i) => (i - middle) * (v - mean))) / sum(values.map((_, i) => (i - middle) ** 2));
	return slope * (n - 1);
}

/*
 * What, how it is read, and how much the second half may gain, four hours' worth. PSS shares out what
 * other programs on this machine map too, so it moves with them: what is bounded is its anonymous part.
 */
const figures = [
	['kiosk_pss_mib', (w) => rollup(w.kiosk, 'Pss')],
	['kiosk_heap_mib', (w) => rollup(w.kiosk, 'Pss_Anon'), 0.5],
	['kiosk_descriptors', (w) => descriptors(w.kiosk), 1],
	['kiosk_wal_mib', (w) => mib(path.join(w.state, fs.readdirSync(w.state).find((f) => f.endsWith('.db-wal')) ?? 'none')), 0.5],
	['kiosk_db_mib', (w) => mib(path.join(w.state, fs.readdirSync(w.state).find((f) => f.endsWith('.db')))), 1],
	['server_pss_mib', (w) => rollup(w.server, 'Pss')],
	['server_heap_mib', (w) => rollup(w.server, 'Pss_Anon'), 2],
	['server_descriptors', (w) => descriptors(w.server), 1],
	// as large as what is written while a backup reads, which takes longer the more there is
	['server_wal_mib', (w) => mib(path.join(w.store, 'kith.db-wal')), 4],
	['server_db_mib', (w) => mib(path.join(w.store, 'kith.db'))],
];

class Evening {
	constructor(world) {
		this.world = world;
		this.done = 0;
		this.meetings = 0;
		this.samples = [];
		this.began = Date.now();
	}

	/** a is in front; b comes. Now and then a leaves a note, and comes to the front again. */
	async exchange(a, b) {
		const { world } = this;
		await world.tap(b, ['exchange', 'note']);
		this.meetings++;
		await this.tick();
		if (this.meetings % Number(options.notes) === 0) {
			await world.screen.shows('note');
			await world.screen.act('verb', { verb: 'send', on: true });
			await world.screen.act('save');
			await this.front(a);
		}
	}

	async front(a) {
		await this.world.screen.act('finish').catch(() => {});
		await this.world.screen.shows('idle');
		await this.world.tap(a, 'welcome');
		await this.tick();
	}

	/** Meetings that the server holds. */
	async held() {
		const about = await this.world.organizer.good('GET', `/v1/events/${this.world.event}`);
		return about.counts.meetings;
	}

	async backup() {
		const key = path.join(this.world.dir, 'backup.key');
		await this.world.cli('backup', ...(fs.existsSync(key) ? [] : ['--key', key]), path.join(this.world.dir, 'backups'));
	}

	/** After each tap: what the clock of such an evening brings. */
	async tick() {
		const { world } = this;
		this.done++;
		const at = this.done % hour;
		if (at === Math.floor(hour * 0.9))
			await world.cable.pull();
		else if (at === Math.floor(hour * 0.9 + hour / 12))
			await world.cable.plug();
		if (this.done % Math.floor(hour / 4) === 0)
			await this.backup();
		if (this.done % Math.floor(taps / 160) === 0)
			this.samples.push(figures.map(([, read]) => read(world)));
		if (this.done % Math.floor(taps / 32) === 0) {
			world.screen.states.length = 0;
			console.log(`${this.done} taps, ${Math.round((Date.now() - this.began) / 1000)} s: ` +
				figures.map(([name], i) => `${name} ${this.samples.at(-1)[i].toFixed(1)}`).join(', '));
		}
	}

	async play() {
		const { people } = this.world;
		for (let a = 0; this.done < taps; a++) {
			await this.front(people[a].key);
			for (let b = a + 1; b < people.length && this.done < taps; b++)
				await this.exchange(people[a].key, people[b].key);
		}
	}
}

const count = Math.ceil((1 + Math.sqrt(1 + 8 * taps)) / 2) + 1;
console.log(`${count} badges, ${taps} taps`);
const world = await World.start({ people: crowd(count), frames: false, role: 'lounge' });
try {
	const evening = new Evening(world);
	await evening.play();
	await world.synced();
	await until(`the ${evening.meetings} meetings that were shown to be at the server`, async () => await evening.held() === evening.meetings);
	const half = evening.samples.slice(Math.floor(evening.samples.length / 2));
	console.log(`${'figure'.padEnd(20)} ${'first'.padStart(8)} ${'middle'.padStart(8)} ${'last'.padStart(8)} ${'gain of 2nd half'.padStart(17)}  bound`);
	let good = true;
	for (const [i, [name, , bound]] of figures.entries()) {
		const values = half.map((s) => s[i]);
		const gain = growth(values);
		const show = (v) => v.toFixed(2).padStart(8);
		console.log(`${name.padEnd(20)} ${show(evening.samples[0][i])} ${show(values[0])} ${show(values.at(-1))} ${gain.toFixed(3).padStart(17)}  ${bound ?? ''}`);
		if (bound !== undefined && gain > bound)
			good = false;
	}
	for (const [i, [name, , bound]] of figures.entries()) {
		const gain = growth(half.map((s) => s[i]));
		console.log(`RESULT soak.${name}_gain=${Number(gain.toPrecision(3))}${bound === undefined ? '' : ` ceiling=${bound} met=${gain <= bound ? 'yes' : 'no'}`}`);
	}
	console.log(`RESULT soak.taps=${taps}`);
	console.log(`RESULT soak.seconds=${Math.round((Date.now() - evening.began) / 1000)}`);
	process.exitCode = good ? 0 : 1;
} finally {
	await world.stop();
}
