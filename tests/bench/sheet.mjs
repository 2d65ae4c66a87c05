// ./kith bench sheet [--badges N]: every printed code of a large sheet is read back, by zbarimg from
// a rendering of 150 dpi; and what a badge costs to draw beside what it costs to render.
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { bin } from '../e2e/lib/chip.mjs';

const { values: options } = parseArgs({ options: { badges: { type: 'string', default: '1000' } } });
const badges = Number(options.badges);
const dir = process.env.KITH_BENCH_DIR;
const file = (name) => path.join(dir, name);
const given = ['Ana', 'Łukasz', 'محمد', 'דוד', 'अनिता', 'สมชาย', '小明', 'さくら', '민준', 'Αλέξανδρος', 'Нина', 'José Luis'];
const family = ['Müller', 'Żak', 'العربي', 'לוי', 'शर्मा', 'ใจดี', '王', '田中', '김', 'Παπαδόπουλος', 'Воронцова', 'Fernández-Ñandú'];

const { d, x } = crypto.generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const secret = Buffer.concat([Buffer.from(d, 'base64url'), Buffer.from(x, 'base64url')]);
fs.writeFileSync(file('key'), `kith-event-key-1\nevent 7\nkey 1\nsecret ${secret.toString('base64url')}\n`, { mode: 0o600 });
const ids = Array.from({ length: badges }, () => crypto.randomBytes(16).toString('base64url'));
fs.writeFileSync(file('list.csv'), ['badge,name,organization', ...ids.map((id, i) =>
	`${id},${given[i % 12]} ${family[(i * 7 + 3) % 12]},Society of ${i}`), ''].join('\n'));

function timed(command, args) {
	const begin = performance.now();
	const out = execFileSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'pipe', 'ignore'] });
	return { out, ms: performance.now() - begin };
}
const drawn = timed(path.join(bin, 'kith-badge'), ['sheet', '--list', file('list.csv'), '--out', file('sheet.pdf'), '--key', file('key'),
	'--host', 'kith.example.org', '--title', 'C Meetup']);
const rendered = timed('pdftoppm', ['-r', '150', '-gray', file('sheet.pdf'), file('page')]);
const pages = fs.readdirSync(dir).filter((f) => f.endsWith('.pgm')).map(file);
const found = new Set();
for (const page of pages)
	for (const link of timed('zbarimg', ['-q', '--raw', '-Sdisable', '-Sqrcode.enable', page]).out.split('\n'))
		found.add(/#([\w-]{22})\./.exec(link)?.[1]);
const read = ids.filter((id) => found.has(id)).length;
console.log(`${badges} badges on ${pages.length} pages, ${(fs.statSync(file('sheet.pdf')).size / badges / 1024).toFixed(1)} KiB each; ` +
	`drawn in ${(drawn.ms / badges).toFixed(2)} ms each`);
console.log(`RESULT sheet.read=${read} floor=${badges} met=${read === badges ? 'yes' : 'no'}`);
console.log(`RESULT sheet.draw_over_render=${(drawn.ms / rendered.ms).toPrecision(3)}`);
process.exitCode = read === badges ? 0 : 1;
