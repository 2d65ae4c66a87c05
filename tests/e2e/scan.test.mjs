// kith-badge qr draws codes, kith-badge scan reads them; and scan reads what others drew.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { toolMissing, bin, run } from './lib/chip.mjs';

const badge = (args, options) => run(path.join(bin, 'kith-badge'), args, options);

describe('qr and scan', () => {
	let dir;
	const at = (name) => path.join(dir, name);
	before(() => {
		dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-scan-'));
	});
	after(() => {
		fs.rmSync(dir, { recursive: true });
	});

	test('what qr draws, scan reads, in both picture formats and at every level', async () => {
		const text = 'https://kith.example/b#AbCdEfGhIjKlMnOpQrStUv';
		for (const name of ['code.png', 'code.pgm'])
			for (const level of ['L', 'M', 'Q', 'H']) {
				const drawn = await badge(['qr', '--level', level, '--out', at(name), text]);
				assert.equal(drawn.status, 0, drawn.err);
				const seen = await badge(['scan', at(name)]);
				assert.deepEqual([seen.status, seen.out, seen.err], [0, `${at(name)}\t${text}\n`, '']);
			}
	});

	test('a vCard in UTF-8 comes back with its line ends escaped', async () => {
		const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Łukasz\tŻak \\ 山田\r\nEND:VCARD\r\n';
		assert.equal((await badge(['qr', '--out', at('card.png'), '-'], { input: card })).status, 0);
		const seen = await badge(['scan', '--first', at('card.png')]);
		assert.equal(
			seen.out,
			`${at('card.png')}\tBEGIN:VCARD\\r\\nVERSION:3.0\\r\\nFN:Łukasz\\tŻak \\\\ 山田\\r\\nEND:VCARD\\r\\n\n`,
		);
	});

	test('--json tells text, corners, engine, pass and time', async () => {
		const link = await badge(['qr', '--out', at('code.png'), 'https://kith.example/b#AAAAAAAAAAAAAAAAAAAAAA']);
		assert.equal(link.out, 'short code 875P1-9F5BG\n', 'of a badge, what people type instead');
		await badge(['qr', '--module', '5', '--out', at('code.png'), 'Zoë\u0001']);
		const seen = await badge(['scan', '--json', at('code.png')]);
		const code = JSON.parse(seen.out);
		assert.equal(code.file, at('code.png'));
		assert.equal(code.text, 'Zoë\u0001');
		assert.equal(code.corners.length, 4);
		// 21 modules of 5 pixels after a quiet zone of 4
		for (const corner of code.corners)
			for (const x of corner)
				assert.ok(Math.min(Math.abs(x - 20), Math.abs(x - 125)) <= 5, seen.out);
		assert.equal(code.engine, 'kith');
		assert.match(code.pass, /^[0-9a-z+-]+$/);
		assert.equal(typeof code.ms, 'number');
	});

	test('a picture without a code prints nothing; what is no picture exits 1 and stops nothing', async () => {
		fs.writeFileSync(at('white.pgm'), Buffer.concat([Buffer.from('P5 50 50 255\n'), Buffer.alloc(2500, 255)]));
		fs.writeFileSync(at('flood.pgm'), 'P5 65535 65535 255\n');
		fs.writeFileSync(at('text.png'), 'no picture');
		await badge(['qr', '--out', at('code.png'), 'still read']);
		let seen = await badge(['scan', at('white.pgm')]);
		assert.deepEqual([seen.status, seen.out, seen.err], [0, '', '']);
		for (const name of ['flood.pgm', 'text.png', 'missing.png']) {
			seen = await badge(['scan', at(name), at('code.png')]);
			assert.equal(seen.status, 1);
			assert.equal(seen.out, `${at('code.png')}\tstill read\n`);
			assert.match(seen.err, new RegExp(`kith-badge scan: .*${name}: `));
		}
	});

	test('an SVG is one path of whole modules, and wrong usage says what to do', async () => {
		const svg = await badge(['qr', 'x']);
		assert.match(svg.out, /^<svg xmlns="[^"]*" width="232" height="232" viewBox="0 0 29 29"/);
		assert.match(svg.out, /M4 4h7v1h-7z/);
		assert.equal((await badge(['qr'])).status, 64);
		assert.equal((await badge(['qr', '--out', at('x.gif'), 'x'])).status, 64);
		assert.equal((await badge(['qr', '--level', 'X', 'x'])).status, 64);
		assert.equal((await badge(['scan'])).status, 64);
		const long = await badge(['qr', '-'], { input: 'x'.repeat(2954) });
		assert.equal(long.status, 65);
		assert.match(long.err, /do not fit/);
	});

	test('--explain says why a code is as it is and from how far it reads', async () => {
		const seen = await badge(['qr', '--explain', '--out', at('code.png'), 'MECARD:N:Lovelace,Ada;TEL:+44 20 555 0100;;']);
		assert.equal(seen.status, 0, seen.err);
		assert.match(seen.out, /^version 3, 29 x 29 modules: the smallest .* at level M$/m);
		assert.match(seen.out, /^level M, 15 percent .*: more would need a larger code$/m);
		assert.match(seen.out, /^modules of 0\.76 mm, 28 mm with the quiet zone, for 250 mm: /m);
		assert.match(seen.out, /^read up to 250 mm by phones and other readers, up to 375 mm by a kiosk$/m);
		const far = await badge(['qr', '--level', 'H', '--distance', '1000', '--out', at('code.png'), 'x']);
		assert.match(far.out, /^level H, 30 percent of it may be lost: as asked$/m);
		assert.match(far.out, /for 1000 mm/);
		assert.equal((await badge(['qr', '--distance', '1', 'x'])).status, 64);
	});

	test('a PDF has the size that reads from the distance, and reads back from a rendering', async (t) => {
		const text = 'https://kith.example/b#AbCdEfGhIjKlMnOpQrStUv';
		const drawn = await badge(['qr', '--distance', '400', '--out', at('code.pdf'), text]);
		assert.equal(drawn.status, 0, drawn.err);
		const [, mm] = /, (\d+) mm with the quiet zone, for 400 mm/.exec(drawn.out);
		const about = await run('pdfinfo', [at('code.pdf')]);
		if (about.status !== 0) {
			toolMissing(t, 'pdfinfo (poppler-utils)');
			return;
		}
		const [, w, h] = /Page size: +([\d.]+) x ([\d.]+) pts/.exec(about.out).map(Number);
		assert.ok(Math.abs(w * 25.4 / 72 - mm) <= 0.5 && w === h, `${w} x ${h} pts, ${mm} mm`);
		await run('pdftoppm', ['-r', '150', '-gray', '-singlefile', at('code.pdf'), at('page')]);
		assert.equal((await badge(['scan', at('page.pgm')])).out, `${at('page.pgm')}\t${text}\n`);
	});

	test('an argument may begin with a dash, and an option that is not there is named', async () => {
		assert.equal((await badge(['qr', '--out', at('code.png'), '-9RCH1y2NzCkJrQBMM6C3g'])).status, 0);
		assert.equal((await badge(['scan', at('code.png')])).out, `${at('code.png')}\t-9RCH1y2NzCkJrQBMM6C3g\n`);
		assert.equal((await badge(['qr', `--out=${at('code.png')}`, '--', '--out'])).status, 0);
		assert.equal((await badge(['scan', '--first', at('code.png')])).out, `${at('code.png')}\t--out\n`);
		for (const [args, words] of [[['qr', '--colour', 'x'], /there is no option --colour here/], [['scan', '--json=1', 'x'], /no option --json=1 here/],
			[['qr', 'x', '--out'], /--out takes FILE/], [['qr', 'x', 'y'], /"y" is not understood/], [['card'], /what is missing is FILE/]]) {
			const seen = await badge(args);
			assert.equal(seen.status, 64);
			assert.match(seen.err, /^usage: kith-badge /);
			assert.match(seen.err, words);
		}
		for (const command of ['card', 'qr', 'scan'])
			assert.match((await badge([command, '--help'])).out, new RegExp(`^usage: kith-badge ${command} \\[OPTION`));
	});

	test('zbarimg reads what qr draws', async (t) => {
		if ((await run('sh', ['-c', 'command -v zbarimg'])).status !== 0) {
			toolMissing(t, 'zbarimg (zbar-tools)');
			return;
		}
		await badge(['qr', '--out', at('code.png'), 'MECARD:N:Ada;;']);
		const seen = await run('zbarimg', ['-q', '--raw', at('code.png')]);
		assert.equal(seen.out, 'MECARD:N:Ada;;\n');
	});
});
