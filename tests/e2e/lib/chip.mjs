// The simulated reader chip for tests: starts kith-chipsim, sends control lines, runs tools on it.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const bin = process.env.KITH_BIN ?? fileURLToPath(new URL('../../../build/bin', import.meta.url));

/** A tool of others' is absent: ./kith test installs them all, so there it is an error. */
export function toolMissing(t, what) {
	if (process.env.KITH_TOOLS === 'required')
		throw new Error(`${what} is not installed`);
	t.skip(`${what} is not installed`);
}

/** Runs a program to its end. Never rejects: { status, signal, out, err }. */
export function run(program, args = [], { env = {}, input = '', timeout = 60000, cwd } = {}) {
	return new Promise((resolve) => {
		const child = spawn(program, args, { env: { ...process.env, ...env }, timeout, cwd });
		let out = '';
		let err = '';
		child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
		child.stderr.setEncoding('utf8').on('data', (text) => (err += text));
		child.on('error', (error) => resolve({ status: -1, signal: null, out, err: String(error) }));
		child.on('close', (status, signal) => resolve({ status, signal, out, err }));
		child.stdin.on('error', () => {});
		child.stdin.end(input);
	});
}

/** One connection to the control socket: lines in order, an answer for each. */
export class Control {
	#socket;
	#waiting = [];

	static open(file) {
		return new Promise((resolve, reject) => {
			const socket = net.connect(file);
			socket.once('error', reject);
			socket.once('connect', () => resolve(new Control(socket)));
		});
	}

	constructor(socket) {
		this.#socket = socket;
		createInterface({ input: socket }).on('line', (line) => this.#waiting.shift()?.resolve(line));
		const gone = () => this.#waiting.splice(0).forEach((w) => w.reject(new Error('the chip hung up')));
		socket.removeAllListeners('error');
		socket.on('error', gone).on('close', gone);
	}

	/** The whole answer, "ok ..." or "err ...". */
	ask(line) {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ resolve, reject });
			this.#socket.write(`${line}\n`);
		});
	}

	/** What follows "ok"; throws on "err". */
	async send(line) {
		const answer = await this.ask(line);
		if (answer !== 'ok' && !answer.startsWith('ok '))
			throw new Error(`${line}: ${answer}`);
		return answer.slice(3);
	}

	/** Raw text, for tests of the socket itself. */
	write(text) {
		this.#socket.write(text);
	}

	close() {
		this.#socket.destroy();
	}
}

/**
 * A running chip. const chip = await Chip.start(); ... await chip.stop();
 * chip.link is the serial line, chip.connstring and chip.env are what libnfc wants.
 */
export class Chip {
	static async start({ timing = 'none', args = [], dir } = {}) {
		const chip = new Chip();
		chip.own = !dir;
		chip.dir = dir ?? fs.mkdtempSync(path.join(os.tmpdir(), 'kith-chip-'));
		chip.link = path.join(chip.dir, 'reader');
		chip.socket = path.join(chip.dir, 'control');
		chip.connstring = `pn532_uart:${chip.link}`;
		chip.env = { LIBNFC_DEFAULT_DEVICE: chip.connstring };
		chip.errors = '';
		chip.process = spawn(path.join(bin, 'kith-chipsim'),
			['--link', chip.link, '--control', chip.socket, '--timing', timing, ...args]);
		chip.process.stderr.setEncoding('utf8').on('data', (text) => (chip.errors += text));
		chip.ended = new Promise((resolve) =>
			chip.process.on('close', (status, signal) => resolve({ status, signal })));
		await new Promise((resolve, reject) => {
			chip.process.on('error', reject);
			createInterface({ input: chip.process.stdout }).on('line', (line) => {
				if (line === `ready ${chip.link}`)
					resolve();
			});
			chip.ended.then(({ status }) =>
				reject(new Error(`kith-chipsim ended with ${status}: ${chip.errors}`)));
		});
		chip.control = await Control.open(chip.socket);
		return chip;
	}

	send(line) {
		return this.control.send(line);
	}

	ask(line) {
		return this.control.ask(line);
	}

	/** The chip's own clock in microseconds. */
	async clock() {
		return Number(await this.send('clock'));
	}

	/** Waits until the tag was read n times more than now, by whomever. */
	async readsMore(name, n = 1) {
		const reads = Number(/reads=(\d+)/.exec(await this.send(`tag info ${name}`))[1]);
		await this.send(`wait ${name} reads ${reads + n}`);
	}

	/** A libnfc tool on this chip; judge what it says, its exit status tells little. */
	tool(program, args = [], options = {}) {
		return run(program, args, { ...options, env: { ...this.env, ...options.env } });
	}

	async stop() {
		this.control.close();
		this.process.kill('SIGTERM');
		const how = await this.ended;
		if (this.own)
			fs.rmSync(this.dir, { recursive: true, force: true });
		return how;
	}
}
