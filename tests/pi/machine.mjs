// A card in an emulated machine: Debian's arm64 kernel in qemu, the simulated chip on a USB serial line, a network that
// reaches this machine's loopback as 10.0.2.2, and a root shell on a line of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { run } from '../e2e/lib/chip.mjs';
import { until } from '../e2e/lib/world.mjs';

/** Where this machine's loopback is, seen from inside. */
export const outside = '10.0.2.2';
const bootPartition = '@@4M'; // behind the table of partitions, as core/package/pi/image.sh lays it

async function tool(program, args, options) {
	const done = await run(program, args, { timeout: 0, ...options });
	assert.equal(done.status, 0, `${program} ${args.join(' ')}: ${done.err}`);
	return done.out;
}

export class Machine {
	/** A copy of the image, with this kith.txt. options: chip (a Chip). */
	static async of(image, dir, { settings, chip }) {
		const machine = new Machine();
		Object.assign(machine, { dir, chip, boots: 0, log: '' });
		machine.card = path.join(dir, 'card.img');
		await tool('cp', ['--sparse=always', image, machine.card]);
		const boot = machine.card + bootPartition;
		fs.writeFileSync(path.join(dir, 'kith.txt'), settings);
		await tool('mcopy', ['-o', '-i', boot, path.join(dir, 'kith.txt'), '::kith.txt']);
		for (const file of ['vmlinuz', 'initrd.img', 'cmdline.txt'])
			await tool('mcopy', ['-o', '-i', boot, `::${file}`, path.join(dir, file)]);
		return machine;
	}

	/** What stands in the file of the first partition now. */
	bootFile(name) {
		return tool('mtype', ['-i', this.card + bootPartition, `::${name}`]);
	}

	/** The blocks of the last partition that are not empty, as they lie there. */
	async dataPartition() {
		const { partitiontable } = JSON.parse(await tool('/usr/sbin/sfdisk', ['--json', this.card]));
		const { start, size } = partitiontable.partitions.at(-1);
		const file = await fs.promises.open(this.card);
		const blocks = [];
		try {
			for (let at = 0; at < size * 512; at += 4096) {
				const block = Buffer.alloc(4096);
				await file.read(block, 0, block.length, start * 512 + at);
				if (block.some((byte) => byte !== 0))
					blocks.push(block);
			}
		} finally {
			await file.close();
		}
		return Buffer.concat(blocks);
	}

	/** Power on. Back when the root shell answers. extra: a further drive; screen: a panel, and what it takes to show on it. */
	async start({ extra, screen } = {}) {
		this.boots++;
		this.began = Date.now();
		this.console = path.join(this.dir, `console-${this.boots}.log`);
		const shell = path.join(this.dir, 'shell');
		const journal = path.join(this.dir, 'journal');
		this.monitor = path.join(this.dir, 'monitor');
		for (const file of [shell, journal, this.monitor])
			fs.rmSync(file, { force: true });
		const line = fs.readFileSync(path.join(this.dir, 'cmdline.txt'), 'utf8').trim().replace('console=tty1', 'console=ttyAMA0');
		// a browser has limits of its own for how long its parts may take to start
		this.process = spawn('nice', ['-n', screen ? '0' : '10', 'qemu-system-aarch64', '-M', 'virt', '-cpu', 'cortex-a72', '-smp', '2', '-m', screen ? '2048' : '1024',
			'-display', 'none', '-monitor', `unix:${this.monitor},server=on,wait=off`, '-no-reboot', '-chardev', `socket,id=shell,path=${shell},server=on,wait=off,logfile=${this.console}`, '-serial', 'chardev:shell',
			'-kernel', path.join(this.dir, 'vmlinuz'), '-initrd', path.join(this.dir, 'initrd.img'),
			'-append', `${line} panic=-1 systemd.show_status=false systemd.debug_shell=ttyAMA0 ` +
				`systemd.mask=serial-getty@ttyAMA0.service ${screen ? 'systemd.setenv=WLR_RENDERER=pixman' : 'systemd.mask=kith-screen.service'}`,
			'-drive', `file=${this.card},if=none,id=card,format=raw`, '-device', 'virtio-blk-pci,drive=card',
			...(extra ? ['-drive', `file=${extra},if=none,id=extra,format=raw,readonly=on`, '-device', 'virtio-blk-pci,drive=extra'] : []),
			'-netdev', 'user,id=net', '-device', 'virtio-net-pci,netdev=net',
			'-device', 'qemu-xhci', '-chardev', `serial,id=chip,path=${fs.realpathSync(this.chip.link)}`, '-device', 'usb-serial,chardev=chip',
			'-device', 'virtio-serial-pci', '-chardev', `socket,id=journal,path=${journal},server=on,wait=off`, '-device', 'virtconsole,chardev=journal',
			...(screen ? ['-device', 'virtio-gpu-pci,xres=800,yres=480', '-device', 'usb-tablet'] : []),
		], { stdio: ['ignore', 'ignore', 'pipe'] });
		this.over = false;
		this.process.stderr.setEncoding('utf8').on('data', (text) => (this.log += text));
		this.ended = new Promise((done) => this.process.on('close', () => {
			this.over = true;
			done();
		}));
		this.said = '';
		this.journal = '';
		this.socket = await this.#line(shell, (text) => (this.said += text));
		this.journalSocket = await this.#line(journal, (text) => (this.journal += text));
		// the shell is there when it answers; what was typed before it came may be lost
		await this.#answers();
		return (Date.now() - this.began) / 1000;
	}

	/** What the panel shows, into file as PNG. */
	async panel(file) {
		const monitor = net.connect(this.monitor).on('error', () => {});
		try {
			monitor.write(`screendump ${file} -f png\n`);
			let said = '';
			monitor.setEncoding('utf8').on('data', (text) => (said += text));
			await until('the picture', () => said.split('(qemu) ').length > 2);
		} finally {
			monitor.destroy();
		}
	}

	/** A line out of the machine, as soon as qemu is there. */
	async #line(file, heard) {
		const socket = await until('qemu', () => new Promise((resolve, reject) => {
			if (this.over) {
				resolve(true);
				return;
			}
			const tried = net.connect(file, () => resolve(tried));
			tried.once('error', reject);
		}));
		assert.ok(!this.over, `qemu ended: ${this.log}`);
		return socket.setEncoding('utf8').on('data', heard).on('error', () => {});
	}

	async #answers() {
		let next = 0;
		await until('the root shell', () => {
			if (this.over)
				return true;
			if (Date.now() > next) {
				this.socket.write("bind 'set enable-bracketed-paste off'; stty -echo; PS1=; PS2=; echo her''e\n");
				next = Date.now() + 3000;
			}
			return this.said.includes('here\r\n');
		}, 600000);
		assert.ok(!this.over, `qemu ended: ${this.log}`);
	}

	/** A command in there: { status, out }. */
	async try(command, ms = 300000) {
		const mark = `end-${Math.random().toString(36).slice(2)}`;
		const from = this.said.length;
		this.socket.write(`{ ${command}\n} </dev/null 2>&1; echo "${mark.slice(0, 4)}""${mark.slice(4)} $?"\n`);
		const pattern = new RegExp(`${mark} (\\d+)\\r?\\n`);
		const found = await until(`"${command}" to end`, () => this.over || pattern.exec(this.said.slice(from)), ms);
		assert.ok(!this.over, 'the machine is off');
		const out = this.said.slice(from, from + found.index).replaceAll('\r', '');
		return { status: Number(found[1]), out };
	}

	async run(command, ms) {
		const { status, out } = await this.try(command, ms);
		assert.equal(status, 0, `${command}: ${status}\n${out}`);
		return out.trim();
	}

	/** Until the command succeeds in there. */
	async until(what, command, ms = 300000) {
		await until(what, async () => this.over || (await this.try(command)).status === 0, ms);
		assert.ok(!this.over, 'the machine is off');
	}

	/** From now on the kiosk's journal of this boot comes out of a line of its own, as it is written. */
	async follow() {
		// the shell is there before its driver
		await this.until('the line for the journal', 'test -c /dev/hvc0');
		await this.run('journalctl -b -f -n all -o cat -u kith-kiosk >/dev/hvc0 2>&1 &');
	}

	/** The entries that the kiosk said are recorded, since the start of this boot. */
	acknowledged() {
		return [...this.journal.matchAll(/entry id=([0-9a-f-]{36}) kind=\S+\r?\n/g)].map((found) => found[1]);
	}

	/** The plug is pulled. */
	async cut() {
		this.process.kill('SIGKILL');
		await this.ended;
		this.socket?.destroy();
		this.journalSocket?.destroy();
	}
}
