// An evening in which the process that decodes pictures is killed a hundred times: the real reader on a pipe of frames,
// a hundred people who show their card for three frames each, and SIGKILL before or under one of them. Each card comes
// out exactly once, and each death costs at most one frame.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { bin } from './lib/chip.mjs';
import { must, until } from './lib/world.mjs';

const people = 100;
const code = 5; // SCAN_CODE, kiosk/scan.h
const header = { kind: 0, len: 14, data: 24 };

/** The scans of a reader's pipe, as they come. */
class Reader {
	constructor(fifo) {
		this.scans = [];
		this.log = '';
		let waiting = Buffer.alloc(0);
		this.process = spawn(path.join(bin, 'kith-kiosk'), ['reader', 'frames', fifo], { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
		this.process.stderr.on('data', (d) => { this.log += d; });
		this.process.stdio[3].on('data', (d) => {
			waiting = Buffer.concat([waiting, d]);
			while (waiting.length >= header.data) {
				const end = header.data + waiting.readUInt16LE(header.len);
				if (waiting.length < end)
					break;
				this.scans.push({ kind: waiting[header.kind], text: waiting.subarray(header.data, end).toString() });
				waiting = waiting.subarray(end);
			}
		});
	}

	codes() {
		return this.scans.filter((s) => s.kind === code).map((s) => s.text);
	}

	/** The processes that decode for it; killed. How many there were. */
	killDecoders() {
		const { pid } = this.process;
		const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
		for (const child of children)
			process.kill(child, 'SIGKILL');
		return children.length;
	}

	get lost() {
		return (this.log.match(/a frame was lost/g) ?? []).length;
	}
}

test(`${people} deaths of the decoder lose nobody's card`, { timeout: 280_000 }, async () => {
	const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-eye-kill-'));
	const fifo = path.join(dir, 'camera');
	execFileSync('mkfifo', [fifo]);
	const reader = new Reader(fifo);
	const camera = fs.openSync(fifo, 'r+');
	try {
		const cards = [];
		for (let i = 0; i < people; i++) {
			const file = path.join(dir, `${i}.pgm`);
			await must('kith-badge', ['qr', '--out', file, '--module', '4', '-'], { input: `person ${i}` });
			cards.push(fs.readFileSync(file));
		}
		const film = (frame) => new Promise((resolve, reject) =>
			fs.write(camera, frame, (e, n) => (e || n !== frame.length ? reject(e ?? new Error('cut')) : resolve())));
		let deaths = 0;
		const kill = (i) => until('a decoder to kill', async () => {
			const n = reader.killDecoders();
			deaths += n;
			if (n === 0)
				await film(cards[i]); // the last one died of the kill before, and the next frame has another
			return n > 0;
		}, 20_000);
		for (let i = 0; i < people; i++) {
			// now before the first of three frames, now under it
			const first = i % 2 ? film(cards[i]) : kill(i);
			await (i % 2 ? kill(i) : undefined);
			await first;
			for (let frame = 0; frame < 3; frame++)
				await film(cards[i]);
			await until(`person ${i}`, async () => reader.codes().includes(`person ${i}`), 20_000);
		}
		assert.deepEqual(reader.codes(), cards.map((_, i) => `person ${i}`));
		assert.equal(deaths, people);
		assert.ok(reader.lost <= deaths, `${reader.lost} frames lost to ${deaths} deaths`);
		assert.equal(reader.process.exitCode, null);
	} finally {
		reader.process.kill('SIGKILL');
		fs.closeSync(camera);
		fs.rmSync(dir, { recursive: true });
	}
});
