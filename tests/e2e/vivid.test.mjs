// The kiosk's camera reader on a real kernel's V4L2: Debian's own, booted in qemu, whose driver vivid gives back as a
// camera what is written to it as a screen. A vCard is shown there as a QR code and comes out of the reader's pipe.
//
// The kernel is Debian's package, unpacked under build/kernel/ and not installed; without it, it is downloaded.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = process.env.KITH_BIN ?? path.join(root, 'build', 'bin');
const helper = path.join(bin, '..', 'tests', 'vivid');
const kernel = path.join(root, 'build', 'kernel');
const card = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Grünwald;Zoë\r\nFN:Zoë Grünwald\r\nORG:Müller & Söhne\r\nEND:VCARD\r\n';
const minute = 60_000;

// in the order of their needs
const modules = ['drivers/media/rc/rc-core', 'drivers/media/cec/core/cec', 'drivers/media/mc/mc', 'drivers/media/v4l2-core/videodev',
	'drivers/media/common/videobuf2/videobuf2-common', 'drivers/media/common/videobuf2/videobuf2-v4l2',
	'drivers/media/common/videobuf2/videobuf2-memops', 'drivers/media/common/videobuf2/videobuf2-vmalloc',
	'drivers/media/common/videobuf2/videobuf2-dma-contig', 'drivers/media/v4l2-core/v4l2-dv-timings',
	'drivers/media/common/v4l2-tpg/v4l2-tpg', 'drivers/media/test-drivers/vivid/vivid'];

const has = (program) => (process.env.PATH ?? '').split(':').some((d) => fs.existsSync(path.join(d, program)));
const missing = ['qemu-system-x86_64', 'busybox', 'dpkg-deb'].filter((p) => !has(p));
const skip = missing.length && process.env.KITH_TOOLS !== 'required' ? `not installed: ${missing.join(', ')}` : false;

/** Debian's kernel, unpacked: { image, modules }. */
function findKernel() {
	const unpacked = path.join(kernel, 'root');
	if (!fs.existsSync(path.join(unpacked, 'boot'))) {
		fs.mkdirSync(kernel, { recursive: true });
		const depends = execFileSync('apt-cache', ['depends', 'linux-image-amd64'], { encoding: 'utf8' });
		const name = /Depends: (linux-image-\S+)/.exec(depends)[1];
		execFileSync('apt-get', ['download', name], { cwd: kernel, stdio: 'ignore' });
		const file = fs.readdirSync(kernel).find((f) => f.endsWith('.deb'));
		execFileSync('dpkg-deb', ['-x', path.join(kernel, file), unpacked]);
	}
	const image = fs.readdirSync(path.join(unpacked, 'boot')).find((f) => f.startsWith('vmlinuz-'));
	const version = image.slice('vmlinuz-'.length);
	return { image: path.join(unpacked, 'boot', image), modules: path.join(unpacked, 'lib/modules', version, 'kernel') };
}

/** What a program is linked with, copied to the same places. */
function copyProgram(dir, file, name) {
	fs.copyFileSync(file, path.join(dir, 'bin', name));
	for (const line of execFileSync('ldd', [file], { encoding: 'utf8' }).split('\n')) {
		const library = /(\/\S+) \(0x/.exec(line)?.[1];
		if (!library || fs.existsSync(path.join(dir, library)))
			continue;
		fs.mkdirSync(path.join(dir, path.dirname(library)), { recursive: true });
		fs.copyFileSync(library, path.join(dir, library));
	}
}

const init = `#!/bin/sh
/bin/busybox --install -s /bin
mkdir -p /proc /sys /dev /tmp
mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev
for m in $(cat /modules.list); do insmod /modules/$m.ko $(cat /modules/$m.args 2>/dev/null) || echo "FAILED $m"; done
echo "CAMERAS"
kith-kiosk cameras
vivid show "$(cat /card)
" &
(kith-kiosk reader camera auto 3>&1 >&2 2>/dev/console) | vivid tell &
sleep 100
poweroff -f
`;

function makeRoot(dir, from) {
	for (const d of ['bin', 'modules', 'lib64'])
		fs.mkdirSync(path.join(dir, d), { recursive: true });
	// Debian's busybox-static is linked with nothing
	fs.copyFileSync('/bin/busybox', path.join(dir, 'bin/busybox'));
	fs.symlinkSync('busybox', path.join(dir, 'bin/sh'));
	copyProgram(dir, path.join(bin, 'kith-kiosk'), 'kith-kiosk');
	copyProgram(dir, helper, 'vivid');
	for (const m of modules)
		fs.copyFileSync(path.join(from, `${m}.ko`), path.join(dir, 'modules', `${path.basename(m)}.ko`));
	// one camera and one screen, both HDMI, so that one can be looped into the other
	fs.writeFileSync(path.join(dir, 'modules/vivid.args'), 'n_devs=1 node_types=0x101 num_inputs=1 input_types=0x3 num_outputs=1 output_types=0x1');
	fs.writeFileSync(path.join(dir, 'modules.list'), modules.map((m) => path.basename(m)).join('\n'));
	fs.writeFileSync(path.join(dir, 'card'), card);
	fs.writeFileSync(path.join(dir, 'init'), init, { mode: 0o755 });
	const names = execFileSync('find', ['.'], { cwd: dir });
	return execFileSync('busybox', ['cpio', '-o', '-H', 'newc'], { cwd: dir, input: names, maxBuffer: 1 << 28, stdio: ['pipe', 'pipe', 'ignore'] });
}

let dir;
let machine;
let said = '';

before(() => {
	if (skip)
		return;
	const from = findKernel();
	dir = fs.mkdtempSync('/tmp/kith-vivid-');
	const initrd = path.join(dir, 'initrd');
	fs.writeFileSync(initrd, makeRoot(path.join(dir, 'root'), from.modules));
	machine = spawn('qemu-system-x86_64', ['-accel', 'tcg', '-m', '512', '-smp', '2', '-nographic', '-no-reboot', '-net', 'none',
		'-kernel', from.image, '-initrd', initrd, '-append', 'console=ttyS0 quiet panic=-1'], { stdio: ['ignore', 'pipe', 'pipe'] });
	for (const stream of [machine.stdout, machine.stderr])
		stream.on('data', (d) => { said += d.toString('latin1'); });
});
after(() => {
	machine?.kill('SIGKILL');
	if (dir)
		fs.rmSync(dir, { recursive: true });
});

async function see(pattern, ms) {
	const end = Date.now() + ms;
	for (;;) {
		const found = pattern.exec(said);
		if (found)
			return found;
		assert.ok(machine.exitCode === null && Date.now() < end, `no ${pattern} in:\n${said.slice(-4000)}`);
		await new Promise((r) => setTimeout(r, 100));
	}
}

test('a vCard comes out of a real V4L2 camera as it was shown', { skip, timeout: 5 * minute }, async () => {
	await see(/CAMERAS/, 3 * minute);
	await see(/\/dev\/video0 {2}vivid, 1280x720 GREY\s+reader = camera \/dev\/video0/, minute);
	const ready = await see(/SCAN ready ([0-9a-f]+)/, minute);
	assert.match(Buffer.from(ready[1], 'hex').toString(), /^camera \/dev\/video0 1280x720 GREY$/);
	const code = await see(/SCAN code ([0-9a-f]+)/, minute);
	assert.equal(Buffer.from(code[1], 'hex').toString().trim(), card.trim());
	assert.doesNotMatch(said, /FAILED|SCAN fault/);
});
