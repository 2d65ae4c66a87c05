// ./kith bench tap [--taps N]: from the last byte that the chip wrote to the committed entry and to
// the screen's event, beside a commit of one small row after each tap; memory; start.
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { bin } from '../e2e/lib/chip.mjs';
import { LoneKiosk } from '../e2e/lib/lone-kiosk.mjs';
import { Service, until } from '../e2e/lib/world.mjs';

const { values: options } = parseArgs({ options: { taps: { type: 'string', default: '1000' }, fps: { type: 'string', default: '5' },
	'no-server': { type: 'boolean', default: false } } });
const taps = Number(options.taps);
const dir = process.env.KITH_BENCH_DIR;
const tests = path.join(bin, '..', 'tests');

function percentile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const result = (name, value, bound) => console.log(`RESULT tap.${name}=${Number(value.toPrecision(4))}` +
	(bound === undefined ? '' : ` ceiling=${bound} met=${value <= bound ? 'yes' : 'no'}`));

/** A program that answers each line with one. */
class Asker {
	constructor(program, args) {
		this.process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
		this.waiting = [];
		createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift()?.(line));
	}

	ask(line = '') {
		return new Promise((resolve) => {
			this.waiting.push(resolve);
			this.process.stdin.write(`${line}\n`);
		});
	}

	stop() {
		this.process.stdin.end();
	}
}

/** The screen's events, each stamped as its bytes come in. */
function watch(address, heard) {
	const request = http.get(`http://${address}/events`, (answer) => {
		let text = '';
		answer.on('data', (piece) => {
			const at = Number(process.hrtime.bigint());
			text += piece;
			for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
				const data = /^data: ?(.*)$/m.exec(text.slice(0, end));
				if (data)
					heard(JSON.parse(data[1]), at);
			}
		});
	});
	request.on('error', () => {});
	return request;
}

/** A camera at 1280x720: a stream of grey frames with noise, so that none is skipped as equal. */
class Camera {
	constructor(fifo, fps) {
		execFileSync('mkfifo', [fifo]);
		this.fifo = fifo;
		this.frame = Buffer.alloc(1280 * 720, 120);
		this.every = 1000 / fps;
		this.frames = 0;
	}

	/** Returns once the reader has opened the other end. */
	async start() {
		this.out = await fs.promises.open(this.fifo, 'w');
		this.running = this.#feed().catch(() => {});
	}

	async #feed() {
		await this.out.write('YUV4MPEG2 W1280 H720 F5:1 Ip A1:1 Cmono\n');
		while (!this.stopped) {
			for (let i = 0; i < 4000; i++)
				this.frame[Math.floor(Math.random() * this.frame.length)] = Math.floor(Math.random() * 256);
			await this.out.write('FRAME\n');
			await this.out.write(this.frame);
			this.frames++;
			await new Promise((done) => setTimeout(done, this.every));
		}
	}

	async stop() {
		this.stopped = true;
		if (!this.out) // nobody ever looked: an open that waits would keep us here
			fs.closeSync(fs.openSync(this.fifo, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK));
		await this.running;
		await this.out?.close();
	}
}

async function startTimes(...program) {
	const from = process.hrtime.bigint();
	const service = await Service.start(...program);
	return { service, seconds: Number(process.hrtime.bigint() - from) / 1e9 };
}

async function measureKiosk() {
	// so many badges that each two meet once
	const people = Array.from({ length: Math.ceil((1 + Math.sqrt(1 + 8 * taps)) / 2) }, (_, i) => `p${i}`);
	console.log(`writing ${people.length} badges`);
	const fifo = path.join(dir, 'camera');
	const camera = new Camera(fifo, Number(options.fps));
	const kiosk = await LoneKiosk.start({ role: 'mixed', people });
	fs.writeFileSync(kiosk.configFile, fs.readFileSync(kiosk.configFile, 'utf8').replace(/^reader = frames .*$/m, `reader = frames ${fifo}`));
	const floor = new Asker(path.join(tests, 'bench-commit'), [path.join(dir, 'floor.db')]);
	const commits = [];
	const entries = [];
	const screens = [];
	const states = [];
	let events;
	try {
		const feeding = camera.start();
		const start = await startTimes('kith-kiosk', ['--config', kiosk.configFile, 'run']);
		kiosk.service = start.service;
		let newest;
		events = watch(start.service.address, (state, at) => {
			newest = state;
			states.push({ state, at });
		});
		await feeding;
		await until('ready readers', () => newest?.screen === 'idle' && newest.readers.every((r) => r.state === 'ready'));
		const act = (name) => fetch(`http://${start.service.address}/act`, { method: 'POST', headers: { 'content-type': 'application/json' },
			body: JSON.stringify({ act: name, rev: newest.rev }) });
		const tap = async (name) => {
			const from = Number(process.hrtime.bigint());
			const first = states.length;
			await kiosk.chip.send(`put ${name}`);
			const seen = await until(`an answer to ${name}`, () => states.slice(first).find((x) => x.state.seen_ns > from && x.state.screen !== 'reading'));
			const sent = Number(await kiosk.chip.send('sent read'));
			await kiosk.chip.send(`take ${name}`);
			return { ...seen, sent };
		};
		const finish = async () => {
			while (newest.screen !== 'idle') {
				await act('finish');
				await until('an idle screen', () => newest.screen === 'idle', 300).catch(() => {});
			}
		};
		for (const name of people) {
			await tap(name);
			await finish();
		}
		console.log(`${taps} taps`);
		for (let a = 0; a < people.length && entries.length < taps; a++) {
			await tap(people[a]);
			for (let b = a + 1; b < people.length && entries.length < taps; b++) {
				const { state, at, sent } = await tap(people[b]);
				if (state.screen !== 'exchange')
					throw new Error(`a tap of ${people[b]} after ${people[a]} showed ${state.screen} ${state.reason ?? ''}`);
				entries.push((state.done_ns - sent) / 1e6);
				screens.push((at - sent) / 1e6);
				commits.push(Number(await floor.ask()) / 1e6);
			}
			await finish();
		}
		return { start: start.seconds, pss: kiosk.pss() / 1024, commits, entries, screens, frames: camera.frames };
	} finally {
		events?.destroy();
		floor.stop();
		const stopped = camera.stop();
		await kiosk.stop();
		await stopped;
	}
}

async function measureServer() {
	fs.mkdirSync(path.join(dir, 'server'), { mode: 0o700 });
	const store = path.join(dir, 'empty');
	execFileSync(path.join(bin, 'kith-server'), ['--store', store, 'event', 'add', 'Start'], { stdio: 'ignore' });
	const start = await startTimes('kith-server', ['--store', store, 'run', '--listen', '127.0.0.1:0']);
	await start.service.stop();
	const said = execFileSync(path.join(tests, 'bench-sync'), ['-s', path.join(bin, 'kith-server'), '-d', path.join(dir, 'server'), '-m'],
		{ encoding: 'utf8' });
	return { start: start.seconds, pss: Number(/server_mib=([\d.]+)/.exec(said)[1]) };
}

const kiosk = await measureKiosk();
for (const [name, values] of [['commit of one row', kiosk.commits], ['last byte to entry', kiosk.entries], ['last byte to screen', kiosk.screens]])
	console.log(`${name.padEnd(22)} p50 ${percentile(values, 0.5).toFixed(3)} ms  p90 ${percentile(values, 0.9).toFixed(3)} ms  p99 ${percentile(values, 0.99).toFixed(3)} ms`);
console.log(`${kiosk.frames} frames of 1280x720 meanwhile`);
const server = options['no-server'] ? null : await measureServer();
const floor = percentile(kiosk.commits, 0.5);
result('entry_p50_over_commit', percentile(kiosk.entries, 0.5) / floor, 3);
result('screen_p50_over_commit', percentile(kiosk.screens, 0.5) / floor, 3);
result('commit_p50_ms', floor);
result('commit_p99_ms', percentile(kiosk.commits, 0.99));
result('entry_p50_ms', percentile(kiosk.entries, 0.5));
result('entry_p99_ms', percentile(kiosk.entries, 0.99));
result('screen_p50_ms', percentile(kiosk.screens, 0.5));
result('screen_p99_ms', percentile(kiosk.screens, 0.99));
result('kiosk_mib', kiosk.pss, 40);
result('kiosk_ready_s', kiosk.start, 1);
if (server) {
	result('server_mib', server.pss, 64);
	result('server_ready_s', server.start, 1);
}
