// kith-badge reader: a fault of each kind on the line, and what is said of it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';

import { HOST, ID, makeKey } from './lib/badge-bytes.mjs';
import { Chip, bin, run } from './lib/chip.mjs';

describe('kith-badge reader', () => {
	let chip;
	const env = () => ({ KITH_LOCK_DIR: chip.dir });
	const reader = (what, ...args) => run(path.join(bin, 'kith-badge'), ['reader', what, ...args], { env: env() });
	const probe = (...args) => reader('probe', '--reader', chip.connstring, ...args);
	before(async () => {
		chip = await Chip.start();
	});
	afterEach(() => chip.send('fault off'));
	after(() => chip.stop());

	/** A system of files, as /sys, /dev and /proc show themselves. */
	const system = (files) => {
		const root = fs.mkdtempSync(path.join(chip.dir, 'root-'));
		for (const [name, text] of Object.entries(files)) {
			fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
			if (text.startsWith('-> '))
				fs.symlinkSync(path.join(root, text.slice(3)), path.join(root, name));
			else
				fs.writeFileSync(path.join(root, name), text);
		}
		return root;
	};

	test('says how it is used', async () => {
		const none = await run(path.join(bin, 'kith-badge'), ['reader']);
		assert.equal(none.status, 64);
		for (const word of ['list', 'probe', 'test', 'watch']) {
			assert.match(none.out, new RegExp(`^  reader ${word} `, 'm'));
			const help = await reader(word, '--help');
			assert.equal(help.status, 0);
			assert.match(help.out, new RegExp(`^usage: kith-badge reader ${word}`));
			assert.equal((await reader(word, '--colour')).status, 64);
		}
	});

	test('list names every place where a reader may be, and what stands in its way', async () => {
		const root = system({
			'dev/serial/by-id/usb-FTDI_FT232R_A1-if00-port0': '-> dev/ttyUSB0',
			'dev/serial/by-id/usb-odd:name': '-> dev/ttyUSB0',
			'dev/ttyUSB0': '',
			'dev/serial0': '-> dev/ttyS0',
			'dev/ttyS0': '',
			'dev/ttyAMA0': '',
			'dev/i2c-1': '',
			'sys/bus/usb-serial/devices/ttyUSB0/latency_timer': '16\n',
			'sys/bus/usb/devices/1-1/idVendor': '072f\n',
			'sys/bus/usb/devices/1-1/idProduct': '2200\n',
			'proc/modules': 'snd 100 0 - Live 0x0\npn533_usb 20480 0 - Live 0x0\npn533 49152 1 pn533_usb\nnfc 1 1 pn533\n',
			'proc/cmdline': 'console=ttyAMA0,115200 console=tty1 root=/dev/mmcblk0p2\n',
			'run/pcscd/pcscd.comm': '',
		});
		const seen = await reader('list', '--root', root);
		assert.equal(seen.status, 0, seen.err);
		const about = (line) => {
			const lines = seen.out.split('\n');
			const from = lines.findIndex((l) => l.startsWith(line));
			assert.ok(from >= 0, `${line}\n${seen.out}`);
			const rest = lines.slice(from + 1);
			return rest.slice(0, rest.findIndex((l) => !l.startsWith('  look: '))).join('\n');
		};
		assert.match(about('pn532_uart:/dev/serial/by-id/usb-FTDI'), /up to 16 ms.*echo 1 \| sudo tee \/sys\/bus\/usb-serial\/devices\/ttyUSB0\/latency_timer.*99-kith-ftdi\.rules/);
		assert.doesNotMatch(seen.out, /odd:name/, 'libnfc could not take it');
		assert.match(about('pn532_uart:/dev/serial0'), /mini UART.*dtoverlay=disable-bt/);
		assert.match(about('pn532_uart:/dev/ttyAMA0'), /console is on this line.*raspi-config/);
		assert.equal(about('pn532_i2c:/dev/i2c-1'), '');
		const usb = about('acr122_usb');
		assert.match(usb, /module pn533_usb.*modprobe -r.*blacklist nfc/);
		assert.match(usb, /pcscd is running/);

		const clean = await reader('list', '--root', system({ 'dev/ttyUSB0': '',
			'sys/bus/usb-serial/devices/ttyUSB0/latency_timer': '1\n', 'proc/modules': 'nfc_other 1\n' }));
		assert.equal(clean.out, 'pn532_uart:/dev/ttyUSB0\tUSB serial line\n');
		const bare = await reader('list', '--root', system({ 'dev/null': '' }));
		assert.equal(bare.status, 66);
		assert.match(bare.err, /plugged in/);
	});

	test('probe tells the chip and its firmware', async () => {
		const seen = await probe();
		assert.equal(seen.status, 0, seen.err);
		assert.match(seen.out, /^chip: PN532, firmware 1\.6: ISO 14443 A, ISO 14443 B, ISO 18092$/m);
		assert.equal((await reader('probe', '--reader', chip.link)).status, 0, 'a path alone counts as a line');
	});

	for (const [fault, words] of [
		['dead', /Nothing came back\. Look at: the power lamp.*crossed.*switches.*0 and 0/],
		['hang', /acknowledges commands and then falls silent.*power is too weak/],
		['echo', /What was sent came back.*raspi-config/],
		['console', /Text came back: a console talks/],
		['noise', /Bytes came back, but no frame|firmware 1\.6/],
	])
		test(`probe has its own words for ${fault}, and works when it is over`, async () => {
			await chip.send(`fault ${fault}`);
			const seen = await probe();
			if (fault !== 'noise')
				assert.equal(seen.status, 69, seen.out);
			assert.match(seen.out, words);
			await chip.send('fault off');
			assert.equal((await probe()).status, 0);
		});

	test('probe names a line that is not there, no line at all, and one that is in use', async () => {
		const gone = await reader('probe', '--reader', path.join(chip.dir, 'nowhere'));
		assert.equal(gone.status, 66);
		assert.match(gone.err, /there is no .*nowhere; kith-badge reader list/);
		fs.writeFileSync(path.join(chip.dir, 'plain'), '');
		const plain = await reader('probe', '--reader', path.join(chip.dir, 'plain'));
		assert.equal(plain.status, 64);
		assert.match(plain.err, /no serial line/);
		const watching = spawn(path.join(bin, 'kith-badge'), ['reader', 'watch', '--reader', chip.connstring],
			{ env: { ...process.env, ...env() } });
		await new Promise((resolve) => watching.stdout.once('data', resolve));
		const used = await probe();
		assert.equal(used.status, 73);
		assert.match(used.err, /another program uses the reader/);
		watching.kill();
		await new Promise((resolve) => watching.once('close', resolve));
	});

	test('test runs the self tests, and times each command against its floor', async () => {
		const line = (out, name) => {
			const found = new RegExp(`^${name} +(\\d+) +([\\d.]+) +([\\d.]+) +([\\d.]+) +([\\d.]+)$`, 'm').exec(out);
			assert.ok(found, `${name}\n${out}`);
			return found.slice(1).map(Number);
		};
		let seen = await reader('test', '--reader', chip.connstring, '--rounds', '3');
		assert.equal(seen.status, 0, seen.err);
		for (const name of ['line', 'ROM', 'RAM', 'field on', 'antenna', 'field off'])
			assert.match(seen.out, new RegExp(`^${name} +good$`, 'm'));
		assert.match(seen.out, /put a badge on the reader/);
		const real = await Chip.start({ timing: 'real' });
		try {
			await real.send('tag new a ntag213');
			await real.send('put a');
			const args = ['--reader', real.connstring, '--rounds', '5'];
			seen = await reader('test', ...args);
			assert.equal(seen.status, 0, seen.err);
			// command 9 bytes, ACK 6, reply 13: 2.43 ms at 115200 baud, and 4 ms of the chip's
			assert.deepEqual(line(seen.out, 'version').slice(0, 2), [28, 6.43]);
			for (const name of ['version', 'register', 'find a tag', 'READ', 'FAST_READ'])
				assert.ok(line(seen.out, name)[4] >= 0.95, `${name} is not quicker than its floor:\n${seen.out}`);
			assert.ok(Math.abs(line(seen.out, 'FAST_READ')[1] - 32.8) < 1.5, 'facts: 28.7 ms and the chip\'s 4');
			await real.send('fault latency 16');
			seen = await reader('test', ...args);
			assert.match(seen.out, /slow: \d+ ms are lost at each command\. On a USB adapter that is its latency timer/);
		} finally {
			await real.stop();
		}
		await chip.send('fault dead');
		seen = await reader('test', '--reader', chip.connstring);
		assert.equal(seen.status, 69);
		assert.match(seen.err, /reader probe says more/);
	});

	test('watch shows what comes and goes, two at once, and a reader that is lost', async () => {
		const key = makeKey(chip.dir, 7, 1);
		await chip.send('tag new ana ntag213 04a1b2c3d4e580');
		await chip.send('tag new ben ntag215 04a1b2c3d4e581');
		await chip.send('put ana');
		await run(path.join(bin, 'kith-badge'), ['write', '--reader', chip.connstring, '--key', key.file, '--event', '7', '--id', ID,
			'--host', HOST], { env: env() });
		await chip.send('take ana');
		const child = spawn(path.join(bin, 'kith-badge'), ['reader', 'watch', '--reader', chip.connstring, '--seconds', '30'],
			{ env: { ...process.env, ...env() } });
		let out = '';
		let look = () => {};
		child.stdout.setEncoding('utf8').on('data', (text) => ((out += text), look()));
		const sees = (words) => new Promise((resolve) => {
			look = () => words.test(out) && resolve();
			look();
		});
		await sees(/^watching .*PN532 v1\.6/);
		await chip.send('put ana');
		await sees(new RegExp(`^\\+ NTAG213 04a1b2c3d4e580 badge ${ID} of event 7 at ${HOST}$`, 'm'));
		await chip.send('put ben');
		await sees(/^\+ NTAG215 04a1b2c3d4e581 the chip is empty$/m);
		await sees(/^! 2 tags lie there at once/m);
		await chip.send('take ana');
		await chip.send('take ben');
		await sees(/^- 04a1b2c3d4e580 after \d+\.\d s$/m);
		await sees(/^- 04a1b2c3d4e581 after/m);
		await chip.send('fault unplug');
		await sees(/^! the reader stopped answering/m);
		await chip.send('fault off');
		await sees(/^! the reader is back$/m);
		await chip.send('put ben');
		await sees(/back\n\+ NTAG215/);
		child.kill();
	});
});
