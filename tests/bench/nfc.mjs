// ./kith bench nfc [--taps N] [--writes N]: a tap and a write on the chip's own clock with real timing,
// beside what line, air, EEPROM and the chip's firmware need by themselves.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { HOST, makeKey } from '../e2e/lib/badge-bytes.mjs';
import { Chip, bin, run } from '../e2e/lib/chip.mjs';

const { values: options } = parseArgs({ options: { taps: { type: 'string', default: '200' }, writes: { type: 'string', default: '30' } } });
const dir = process.env.KITH_BENCH_DIR;
const chipMs = 4;

// The model of docs/chipsim.md, in milliseconds.
const bus = (bytes) => (bytes * 10 * 1000) / 115200;
const air = (sent, answer) => ((Math.floor(sent * 9 / 8) + 2 + (answer ? Math.floor(answer * 9 / 8) + 2 : 0)) * 9.44 + 182) / 1000;
const frame = (body) => body + 7; // preamble, start, length and its check, checksum, postamble
const command = (sent, reply) => bus(frame(sent) + 6 + frame(reply)) + chipMs;
const select = command(4, 15) + air(7, 16) + 2 * (air(16, 40) + air(72, 24));
const fastRead = command(5, 3 + 148) + air(40, (148 + 2) * 8);
const writePage = command(9, 3) + air(64, 4) + 4.1;

const share = (values, p) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * p))];
const result = (name, value, ceiling) => console.log(`RESULT nfc.${name}=${Number(value.toPrecision(4))}` +
	(ceiling === undefined ? '' : ` ceiling=${ceiling} met=${value <= ceiling ? 'yes' : 'no'}`));
const row = (name, floor, values) => console.log(`${name.padEnd(28)} ${[floor, share(values, 0.5), share(values, 0.99)]
	.map((x) => x.toFixed(1).padStart(8)).join(' ')} ${(share(values, 0.5) / floor).toFixed(2).padStart(6)}`);

const chip = await Chip.start({ timing: 'real', args: ['--chip-ms', String(chipMs)] });
const key = makeKey(dir, 7, 1);
await chip.send('tag new a ntag213');
await chip.send('put a');
const written = await run(path.join(bin, 'kith-badge'), ['write', '--reader', chip.connstring, '--key', key.file, '--event', '7',
	'--id', 'AAECAwQFBgcICQoLDA0ODw', '--host', HOST]);
if (written.status !== 0)
	throw new Error(written.err);
await chip.send('take a');

const hands = spawn(path.join(bin, '..', 'tests', 'bench-nfc'), [chip.connstring, key.file], { stdio: ['pipe', 'pipe', 'inherit'] });
const lines = [];
const waiting = [];
createInterface({ input: hands.stdout }).on('line', (line) => (waiting.length ? waiting.shift()(line) : lines.push(line)));
const hear = () => new Promise((resolve) => (lines.length ? resolve(lines.shift()) : waiting.push(resolve)));
/** The moment when that was said, in milliseconds of CLOCK_MONOTONIC. */
const expect = async (word) => {
	const [, said, at] = /^(.*) (\d+)$/.exec(await hear());
	if (said !== word)
		throw new Error(`expected ${word}, heard ${said}`);
	return Number(at) / 1e6;
};
const ask = (line) => hands.stdin.write(`${line}\n`);
const clock = async () => (await chip.clock()) / 1000;
await expect('ready');
// under real timing the chip's clock is the world's while it is idle: how far apart are the two?
let apart = 0;
for (let i = 0, best = Infinity; i < 50; i++) {
	const from = Number(process.hrtime.bigint()) / 1e6;
	const at = await clock();
	const round = Number(process.hrtime.bigint()) / 1e6 - from;
	if (round < best) {
		best = round;
		apart = from + round / 2 - at;
	}
}

const uid = [];
const verified = [];
for (let i = 0; i < Number(options.taps); i++) {
	ask('tap');
	await new Promise((done) => setTimeout(done, 20 + Math.random() * 40)); // any moment of a round
	const [, from] = await Promise.all([chip.send('put a'), clock()]);
	uid.push(await expect('uid') - apart - from);
	verified.push(await expect('ok') - apart - from);
	await chip.send('take a');
	ask('gone');
	await expect('ok');
}

const times = [];
const models = [];
for (let i = 0; i < Number(options.writes); i++) {
	const name = `w${i}`;
	await chip.send(`tag new ${name} ntag213`);
	await chip.send(`tag save ${name} ${path.join(dir, 'before')}`);
	ask(`write ${crypto.randomBytes(16).toString('base64url')}`);
	await new Promise((done) => setTimeout(done, 20 + Math.random() * 40));
	const [, from] = await Promise.all([chip.send(`put ${name}`), clock()]);
	times.push(await expect('ok') - apart - from);
	await chip.send(`tag save ${name} ${path.join(dir, 'after')}`);
	const [before, after] = ['before', 'after'].map((f) => fs.readFileSync(path.join(dir, f)));
	let pages = 0;
	for (let at = 0; at < after.length; at += 4)
		pages += !after.subarray(at, at + 4).equals(before.subarray(at, at + 4));
	models.push(select + pages * writePage + fastRead);
	await chip.send(`take ${name}`);
	ask('gone');
	await expect('ok');
}
hands.stdin.end();
await chip.stop();

console.log(`${'on the chip\'s clock, ms'.padEnd(28)} ${['floor', 'median', 'p99'].map((x) => x.padStart(8)).join(' ')}  ratio`);
row('tap to UID', select, uid);
row('tap to verified badge', select + fastRead, verified);
row('badge written and verified', share(models, 0.5), times);
result('uid_p50_over_floor', share(uid, 0.5) / select);
result('verified_p50_over_floor', share(verified, 0.5) / (select + fastRead), 1.3);
result('verified_p99_over_floor', share(verified, 0.99) / (select + fastRead), 2);
result('write_p50_over_model', share(times.map((t, i) => t / models[i]), 0.5), 1.2);
result('badges_per_minute', 60000 / share(times, 0.5));
