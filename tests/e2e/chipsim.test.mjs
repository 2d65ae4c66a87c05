// The simulated chip under the real libnfc and its unmodified tools.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { Chip, Control, bin, run } from './lib/chip.mjs';

const missing = async (tool) => (await run('sh', ['-c', `command -v ${tool}`])).status !== 0;
const needs = async (t, tool) => {
	if (!(await missing(tool)))
		return true;
	t.skip(`${tool} is not installed`);
	return false;
};

describe('a chip without delays', () => {
	let chip;
	before(async () => {
		chip = await Chip.start();
	});
	after(async () => {
		await chip.stop();
	});

	test('nfc-list sees no tag, one tag, two tags', async (t) => {
		if (!(await needs(t, 'nfc-list')))
			return;
		await chip.send('tag new one ntag215 04a1b2c3d4e5f6');
		await chip.send('tag new two ntag213 04a1b2c3d4e5f7');
		let seen = await chip.tool('nfc-list');
		assert.match(seen.out, /NFC device: .* opened/);
		assert.doesNotMatch(seen.out, /NFCID1/);
		await chip.send('put one');
		seen = await chip.tool('nfc-list', ['-v']);
		assert.match(seen.out, /1 ISO14443A passive target\(s\) found/);
		assert.match(seen.out, /ATQA \(SENS_RES\): 00 {2}44/);
		assert.match(seen.out, /UID \(NFCID1\): 04 {2}a1 {2}b2 {2}c3 {2}d4 {2}e5 {2}f6/);
		assert.match(seen.out, /SAK \(SEL_RES\): 00/);
		assert.match(seen.out, /0 ISO14443A-2 NFC Barcode passive target/, 'all passes ended');
		await chip.send('put two');
		seen = await chip.tool('nfc-list');
		assert.match(seen.out, /2 ISO14443A passive target\(s\) found/);
		assert.match(seen.out, /e5 {2}f6/);
		assert.match(seen.out, /e5 {2}f7/);
		await chip.send('take one');
		await chip.send('take two');
	});

	test('nfc-scan-device names the chip', async (t) => {
		if (!(await needs(t, 'nfc-scan-device')))
			return;
		const seen = await chip.tool('nfc-scan-device', ['-v']);
		assert.match(seen.out, /PN532 v1\.6/);
	});

	test('nfc-poll finds a tag and notices that it is taken away', async (t) => {
		if (!(await needs(t, 'nfc-poll')))
			return;
		await chip.send('tag new polled ntag213 04112233445566');
		await chip.send('put polled');
		const seen = chip.tool('nfc-poll');
		await chip.send('wait polled reads 20');
		await chip.send('take polled');
		const { out } = await seen;
		assert.match(out, /UID \(NFCID1\): 04 {2}11 {2}22 {2}33 {2}44 {2}55 {2}66/);
		assert.match(out, /Waiting for card removing/);
		assert.match(out, /done/);
	});

	for (const [kind, pages, bytes] of [['ntag213', 45, 144], ['ntag215', 135, 504], ['ntag216', 231, 888]])
		test(`nfc-mfultralight reads, writes and reads again an ${kind}`, async (t) => {
			if (!(await needs(t, 'nfc-mfultralight')))
				return;
			const file = (name) => path.join(chip.dir, `${kind}-${name}`);
			const name = `ul-${kind}`;
			const uid = await chip.send(`tag new ${name} ${kind}`);
			await chip.send(`put ${name}`);

			const seen = await chip.tool('nfc-mfultralight', ['r', file('before')]);
			assert.match(seen.out, new RegExp(`Using MIFARE Ultralight card with UID: ${uid}`));
			assert.match(seen.out, new RegExp(`NTAG Type: NTAG21[356] \\(${bytes} user bytes\\)`));
			assert.match(seen.out, new RegExp(`Done, ${pages} of ${pages} pages read`));
			const dump = fs.readFileSync(file('before'));
			assert.equal(dump.length, pages * 4);
			assert.deepEqual([...dump.subarray(16, 20)], [0x03, 0x00, 0xfe, 0x00]);

			// all of user memory, but not the configuration behind it
			for (let i = 16; i < 16 + bytes; i++)
				dump[i] = (i * 7 + 3) & 0xff;
			fs.writeFileSync(file('wanted'), dump);
			const written = await chip.tool('nfc-mfultralight', ['w', file('wanted')],
				{ input: 'N\nN\nN\nN\nN\n' });
			assert.match(written.out, /Done, \d+ of \d+ pages written/, written.out + written.err);
			await chip.send(`tag save ${name} ${file('saved')}`);
			const saved = fs.readFileSync(file('saved'));
			assert.deepEqual(saved.subarray(16, 16 + bytes), dump.subarray(16, 16 + bytes));
			await chip.tool('nfc-mfultralight', ['r', file('again')]);
			assert.deepEqual(fs.readFileSync(file('again')).subarray(0, 16 + bytes),
				saved.subarray(0, 16 + bytes));
			await chip.send(`take ${name}`);
		});

	test('pn53x-diagnose finds the chip in order', async (t) => {
		if (!(await needs(t, 'pn53x-diagnose')))
			return;
		const seen = await chip.tool('pn53x-diagnose');
		for (const part of ['Communication line', 'ROM', 'RAM'])
			assert.match(seen.out, new RegExp(`${part} test: OK`));
	});

	test('nfc-anticol walks the cascade by raw frames', async (t) => {
		if (!(await needs(t, 'nfc-anticol')))
			return;
		await chip.send('tag new raw ntag216 04deadbeef0102');
		await chip.send('put raw');
		const seen = await chip.tool('nfc-anticol');
		assert.match(seen.out, /UID: 04deadbeef0102/);
		assert.match(seen.out, /ATQA: 0044/);
		await chip.send('take raw');
	});
});
