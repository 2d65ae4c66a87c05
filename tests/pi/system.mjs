// The card of a Raspberry Pi in an emulated machine, from its first start to the last of many power cuts.
//
//	node tests/pi/system.mjs IMAGE FOLDER-OF-PACKAGES [CUTS]
//
// The last start is before a panel, with the card's cage and Chromium.
//
// Real: the kernel, systemd, udev, the initramfs, dpkg and the scripts of our packages, libnfc, the network to a server with
// TLS on this machine. Not there: the Pi's firmware, its radio, its graphics processor.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Chip, run } from '../e2e/lib/chip.mjs';
import { certificate } from '../e2e/lib/certificates.mjs';
import { find, number, word } from '../e2e/lib/canaries.mjs';
import { House } from '../e2e/lib/house.mjs';
import { random } from '../e2e/lib/kill.mjs';
import { must, sleep, until } from '../e2e/lib/world.mjs';
import { Machine, outside } from './machine.mjs';

const [image, packages, cuts = '10'] = process.argv.slice(2);
const seed = Number(process.env.KITH_SEED ?? crypto.randomInt(2 ** 31));
const dice = random(seed);
const began = Date.now();
const say = (text) => console.log(`${String(Math.round((Date.now() - began) / 1000)).padStart(5)} s  ${text}`);
const badgeHost = 'kith.example';

/* What the server knows of the i-th of them; a card holds none of it but the first name and a letter. */
const person = (i) => ({ name: `Person${i} ${word(5 * i)}`, organization: word(5 * i + 1), title: word(5 * i + 2),
	email: `${word(5 * i + 3).toLowerCase()}@canary.example`, phone: number(5 * i + 4) });
const tapsOfBoot = 12; // at most, about, between a start and a cut
const searched = 12; // people; each word in some thirty forms
const canaries = Array.from({ length: 5 * searched }, (_, i) => (i % 5 === 4 ? number(i) : word(i)));
const wifiPassword = 'secret words';

/** The event's server, and as many badges as taps are wanted. */
async function prepare(dir, people) {
	const pair = await certificate(dir, 'server');
	const house = await House.open({ scheme: 'https', attendees: Array.from({ length: people }, (_, i) => person(i)),
		args: ['--tls-cert', pair.cert, '--tls-key', pair.key] });
	const chip = await Chip.start({ timing: 'none' });
	const key = path.join(dir, 'event.key');
	await house.cli('event', 'key', String(house.event), '--out', key);
	const list = (await house.cli('export', String(house.event), 'attendees')).trim().split(/\r?\n/).slice(1);
	const badges = list.map((line) => line.split(',').at(-1).replaceAll('"', ''));
	assert.equal(badges.length, people);
	const tags = [];
	for (const [i, id] of badges.entries()) {
		tags.push(`p${i}`);
		await chip.send(`tag new p${i} ntag213`);
		await chip.send(`put p${i}`);
		await must('kith-badge', ['write', '--reader', chip.connstring, '--key', key, '--event', String(house.event),
			'--id', id, '--host', badgeHost]);
		await chip.send(`take p${i}`);
	}
	return { house, chip, tags };
}

/** A drive with our packages, to be installed in there by dpkg. */
async function drive(dir) {
	const file = path.join(dir, 'packages.img');
	fs.writeFileSync(file, '');
	fs.truncateSync(file, 64 << 20);
	const debs = fs.readdirSync(packages).filter((name) => /^kith-(kiosk|tools|appliance)_.*\.deb$/.test(name));
	assert.equal(debs.length, 3, `${packages} has kith-kiosk, kith-tools and kith-appliance`);
	for (const [program, args] of [['mkfs.vfat', [file]], ['mcopy', ['-i', file, ...debs.map((name) => path.join(packages, name)), '::']]]) {
		const done = await run(program, args, { env: { PATH: `${process.env.PATH}:/usr/sbin` } });
		assert.equal(done.status, 0, done.err);
	}
	return file;
}

class Evening {
	constructor(machine, chip, tags) {
		Object.assign(this, { machine, chip, tags, acknowledged: new Set(), taps: 0 });
	}

	/** What this boot acknowledged so far, kept beyond it. */
	remember() {
		for (const id of this.machine.acknowledged())
			this.acknowledged.add(id);
	}

	/** A badge on the reader until the kiosk says that it is recorded, or the power is gone. */
	async tap(tag) {
		const before = this.machine.acknowledged().length;
		this.taps++;
		await this.chip.send(`put ${tag}`);
		try {
			await until(`the tap of ${tag} to be recorded`, () => this.machine.over || this.machine.acknowledged().length > before, 120000);
		} finally {
			await this.chip.send(`take ${tag}`);
		}
		this.remember();
		await sleep(500); // the reader looks twice before a tag counts as gone
	}
}

/* True once the daemon's numbers have this line. */
const metrics = (line) => `exec 3<>/dev/tcp/127.0.0.1/8310
	printf "GET /metrics HTTP/1.1\\r\\nHost: 127.0.0.1:8310\\r\\nConnection: close\\r\\n\\r\\n" >&3
	grep -q "^${line}" <&3`;

/** The page on the card's own panel, and a badge before it. */
async function onPanel(machine, evening) {
	await machine.start({ screen: true });
	// to ask more often would take what the browser needs
	await machine.until('the page on the panel', `sleep 10; bash -c '${metrics('kith_kiosk_screens 1')}'`, 1800000);
	await machine.follow();
	await evening.tap(evening.tags.shift());
	const picture = path.resolve('build/logs/pi-screen.png');
	// the page listens some seconds before it is drawn; a panel of one colour packs to a kilobyte or two
	await until('the page to be drawn', async () => {
		await machine.panel(picture);
		await sleep(2000);
		return fs.statSync(picture).size > 8192;
	}, 300000);
	say('the page stands on the panel, and a badge was read before it: build/logs/pi-screen.png');
}

/** First start: what kith.txt said is done, and nothing of it is left there. */
async function firstStart(machine, house, evening, extra) {
	const shell = await machine.start({ extra });
	say(`first start: a root shell after ${shell.toFixed(0)} s`);
	await machine.until('the code to be used', 'grep -q "^state = done" /run/kith-setup/status', 900000);
	await machine.until('the kiosk to run', `bash -c '${metrics('kith_kiosk_entries')}'`);
	say('enrolled by kith.txt over TLS; the kiosk runs');
	const reader = await machine.run('readlink -f /dev/kith-reader && stat -c %G /dev/kith-reader -L && cat /sys/bus/usb-serial/devices/ttyUSB0/latency_timer');
	assert.match(reader, /ttyUSB0\ndialout\n1/);
	await machine.until('the reader to be ready', 'journalctl -b -o cat -u kith-kiosk | grep -q "reader=.* ready"');
	say('udev made /dev/kith-reader; the reader is ready');
	assert.match(await machine.run('findmnt -n -o FSTYPE / && findmnt -n -o OPTIONS /run/kith-root/card && findmnt -n -o SOURCE /var/lib/kith-kiosk'),
		/^overlay\nro,.*\n.*\[\/kith-kiosk\]$/);
	assert.equal(await machine.run('date +%Z'), 'CST', 'the time zone of kith.txt');
	assert.equal(await machine.run('ls -A /var/log/journal 2>/dev/null | wc -l'), '0', 'no journal on the card');
	await machine.run('grep -q "^role = door" /etc/kith/kiosk.conf && ! grep -rq secret /data/kith-setup && ! test -e /data/kith-setup/code');
	say('root is read-only under an overlay, the journal in memory, the settings applied');
	const left = await machine.bootFile('kith.txt');
	assert.ok(!/secret|code|server/.test(left.replace(/^#.*$/gm, '')), 'kith.txt is wiped');

	await machine.follow();
	await evening.tap(evening.tags.shift());
	await until('the entry at the server', async () => (await house.rows('SELECT COUNT(*) AS n FROM entry WHERE refused = 0'))[0].n >= 1, 120000);
	say('a tap became an entry, and the server has it');
	const failed = await machine.run('systemctl --failed --no-legend --plain | cut -d " " -f 1');
	assert.equal(failed.trim(), '', 'units that failed');
}

/** Our packages once more, by the machine's own dpkg while everything runs. */
async function installInside(machine, evening) {
	await machine.run('mkdir -p /tmp/p && mount -o ro /dev/vdb /tmp/p && ls /tmp/p >/dev/null');
	const before = await machine.run('systemctl show -P MainPID kith-kiosk');
	await machine.run('DEBIAN_FRONTEND=noninteractive dpkg --force-confold -i /tmp/p/*.deb', 900000);
	await machine.until('the kiosk to run again', `systemctl is-active -q kith-kiosk && test "$(systemctl show -P MainPID kith-kiosk)" != ${before}`);
	assert.equal(await machine.run("dpkg -l kith-kiosk kith-tools kith-appliance | grep -c ^ii"), '3');
	say('dpkg installed the packages inside; their scripts started the kiosk anew');
	await machine.until('the reader to be ready again',
		'test "$(journalctl -b -o cat -u kith-kiosk | grep -c "reader=.* ready")" -ge 2');
	await evening.tap(evening.tags.shift());
	say('and it records');
}

/** Taps until the plug is pulled, at any moment from power on; the seconds until then. */
async function cutSomewhere(machine, evening, longest) {
	const begin = Date.now();
	let timer;
	const cutIn = (ms) => {
		clearTimeout(timer);
		timer = setTimeout(() => machine.cut(), ms);
	};
	cutIn((0.25 + 0.75 * dice()) * longest * 1000);
	let left = 1 + Math.floor(dice() * tapsOfBoot);
	try {
		await machine.start();
		await machine.follow();
		while (!machine.over) {
			if (left-- === 0)
				cutIn(dice() * 1000); // amid this tap, or the next
			await evening.tap(evening.tags.shift());
		}
	} catch (error) {
		if (!machine.over)
			throw error;
	} finally {
		clearTimeout(timer);
	}
	await machine.ended;
	evening.remember();
	return (Date.now() - begin) / 1000;
}

/** All that was ever acknowledged is in the kiosk's log and at the server, once. */
async function judge(machine, house, evening) {
	await machine.until('nothing pending', `bash -c '${metrics('kith_kiosk_pending 0')}'`);
	const log = (await machine.run('runuser -u kith-kiosk -- kith-kiosk log --json')).split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
	assert.deepEqual(log.map((entry) => entry.seq), log.map((_, i) => i + 1), 'the log has no hole');
	const there = new Set(log.map((entry) => entry.id));
	assert.equal(there.size, log.length, 'no entry is there twice');
	const held = (await house.held()).ids;
	assert.deepEqual([...held].sort(), [...there].map((id) => id.replaceAll('-', '')).sort(), "the server holds exactly the kiosk's log");
	const lost = [...evening.acknowledged].filter((id) => !there.has(id));
	assert.deepEqual(lost, [], 'lost');
	return log;
}

/** Nothing of the people is on the card, in no file and in no block that a file has left. */
async function searchData(machine, log) {
	await machine.run('sync');
	const bytes = await machine.dataPartition();
	const ids = log.map((entry) => Buffer.from(entry.id.replaceAll('-', ''), 'hex'));
	assert.ok(ids.every((id) => bytes.includes(id)), 'the search finds what is there');
	assert.deepEqual(find(bytes, [...canaries, wifiPassword]), []);
	say(`the data partition (${Math.round(bytes.length / 1024)} KiB not empty) holds ${log.length} entries and none of ${canaries.length + 1} canaries`);
}

/** A kiosk that has lost its rights hears of it and keeps nothing. */
async function revoke(machine, house) {
	process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'; // the certificate is our own, and the server on this machine
	const organizer = await house.organizer();
	const { stations } = await organizer.good('GET', `/v1/events/${house.event}`);
	await organizer.good('POST', `/v1/events/${house.event}/stations/${stations[0].station}/revoke`);
	await machine.until('the kiosk to hear that it is revoked', 'out=$(runuser -u kith-kiosk -- kith-kiosk log --json) && ! printf %s "$out" | grep -q "^{"');
	say('revoked, it wiped itself at its next contact');
}

async function play(dir, held) {
	say(`seed ${seed}`);
	const { house, chip, tags } = Object.assign(held, await prepare(dir, (tapsOfBoot + 4) * Number(cuts) + 20));
	const code = await house.enrolCode();
	const machine = held.machine = await Machine.of(path.resolve(image), dir, { chip, settings: ['\ufeff# written by an editor that does so',
		'wifi_name = Venue', `wifi_password = ${wifiPassword}`, 'wifi_country = MX', `server = https://${outside}:${house.port}`, `code = ${code}`,
		'time_zone = America/Mexico_City', 'role = door', ''].join('\r\n') });
	const evening = new Evening(machine, chip, tags);
	await firstStart(machine, house, evening, await drive(dir));
	// cuts fall on the way up as well as among taps
	const longest = (Date.now() - machine.began) / 1000 + 45;
	await installInside(machine, evening);
	await machine.cut();
	for (let n = 1; n <= Number(cuts); n++) {
		const before = evening.acknowledged.size;
		const after = await cutSomewhere(machine, evening, longest);
		say(`power cut ${n} after ${after.toFixed(0)} s: ${evening.acknowledged.size - before} entries acknowledged in this boot`);
	}
	await onPanel(machine, evening);
	const log = await judge(machine, house, evening);
	await searchData(machine, log);
	await machine.until('the start to be over', 'systemd-analyze time >/dev/null');
	const boot = await machine.run('systemd-analyze time | head -n 1');
	say(boot);
	await revoke(machine, house);
	console.log(`RESULT boots=${machine.boots} cuts=${Number(cuts) + 1} taps=${evening.taps} acknowledged=${evening.acknowledged.size} entries=${log.length} lost=0 seconds=${Math.round((Date.now() - began) / 1000)}`);
}

const dir = fs.mkdtempSync(path.join(process.env.TMPDIR ?? '/var/tmp', 'kith-pi-'));
const held = {};
process.on('exit', () => {
	held.machine?.process?.kill('SIGKILL');
	if (!process.env.KITH_KEEP)
		fs.rmSync(dir, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM'])
	process.on(signal, () => process.exit(1));
try {
	await play(dir, held);
} catch (error) {
	if (held.machine?.socket && !held.machine.over) {
		const seen = await held.machine.try('cat /run/kith-setup/status; systemctl --failed --no-pager; ip -br addr; systemctl list-jobs --no-pager;' +
			' systemctl status --no-pager -n 5 kith-setup kith-enrol kith-kiosk; journalctl -b -q --no-pager -p warning | tail -n 40', 60000).catch((e) => ({ out: e.message }));
		console.log(`in the machine:\n${seen.out}`);
	} else if (held.machine?.console) {
		console.log(`the end of the machine's console:\n${fs.readFileSync(held.machine.console, 'utf8').slice(-4000)}`);
	}
	throw error;
} finally {
	if (held.machine && !held.machine.over)
		await held.machine.cut();
	await held.chip?.stop();
	await held.house?.close();
	if (!process.env.KITH_KEEP)
		fs.rmSync(dir, { recursive: true, force: true });
}
