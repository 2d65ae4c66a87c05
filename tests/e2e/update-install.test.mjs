// kith-update with a real dpkg: what it installs, what it refuses, how it goes back, and that a power cut
// at any point ends in the old version or the new one. The kiosk is a stand-in; e2e.update has the real one.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { UpdateRoot } from './lib/update-root.mjs';
import { must, until } from './lib/world.mjs';

async function withRoot(go, options) {
	const root = await UpdateRoot.open(options);
	try {
		await root.install(await root.deb('0.1'));
		await root.start();
		await go(root);
	} catch (error) {
		error.message += `\n${root.log}`;
		throw error;
	} finally {
		await root.close();
	}
}

async function isWhole(root, version) {
	assert.equal(await root.version(), `${version} installed`);
	assert.equal(await root.audit(), '');
	assert.equal(root.files(), version);
	assert.equal(root.running(), version, 'the kiosk that runs is the one that is installed');
	assert.equal(root.phase(), 'none');
	assert.ok(!fs.existsSync(root.inbox), 'nothing is asked for any more');
}

test('a good release is installed, and can be followed by the next', () => withRoot(async (root) => {
	root.ask(await root.release(await root.deb('0.2')));
	const first = await root.update();
	assert.equal(first.status, 0, first.said);
	assert.deepEqual([first.outcome.state, first.outcome.version, first.outcome.reason], ['installed', '0.2', '']);
	await isWhole(root, '0.2');
	fs.chmodSync(root.state, 0o700); // as somebody may have made it beforehand
	root.ask(await root.release(await root.deb('0.10'), { args: ['--from', '0.2'] }));
	assert.equal((await root.update()).outcome.state, 'installed');
	await isWhole(root, '0.10');
	// packages hold the kiosk's configuration; the outcome is for the kiosk, who is not root
	const mode = (name) => (fs.statSync(path.join(root.state, name)).mode & 0o777).toString(8);
	assert.deepEqual(['.', 'current', 'new', 'outcome.json'].map(mode), ['755', '700', '700', '644']);
	assert.equal((await root.update()).status, 0, 'with nothing to do, nothing is done');
}));

test('what is not to be installed is refused, and changes nothing', () => withRoot(async (root) => {
	const deb = await root.deb('0.2');
	const good = await root.release(deb);
	const bytes = fs.readFileSync(good);
	const made = (name, content) => {
		const file = path.join(root.dir, name);
		fs.writeFileSync(file, content);
		return file;
	};
	const otherKey = path.join(root.dir, 'other.key');
	await must('kith-badge', ['release', 'key', '--out', otherKey]);
	const flipped = (at) => {
		const copy = Buffer.from(bytes);
		copy[at] ^= 1;
		return copy;
	};
	const machine = root.architecture;
	root.architecture = machine === 'arm64' ? 'amd64' : 'arm64';
	const foreign = await root.release(await root.deb('0.3'));
	root.architecture = machine;
	const cases = [
		['signed by another key', await root.release(deb, { key: otherKey }), 'signature'],
		['a bit of the manifest', made('m', flipped(20)), 'damaged|signature'],
		['a bit of the signature', made('s', flipped(12 + bytes.readUInt32BE(8) + 5)), 'signature'],
		['a bit of the package', made('p', flipped(bytes.length - 100)), 'damaged'],
		['cut', made('c', bytes.subarray(0, bytes.length - 1)), 'damaged'],
		['longer', made('l', Buffer.concat([bytes, Buffer.from('x')])), 'damaged'],
		['empty', made('e', ''), 'damaged'],
		['a downgrade', await root.release(await root.deb('0.0.9')), 'older'],
		['the same again', await root.release(await root.deb('0.1')), 'older'],
		['a pre-release of what is there', await root.release(await root.deb('0.1~rc1')), 'older'],
		['for another machine', foreign, 'architecture'],
		['for those that are further on', await root.release(deb, { args: ['--from', '0.1.1'] }), 'from'],
	];
	for (const [what, file, reason] of cases) {
		root.ask(file);
		const { status, outcome } = await root.update();
		assert.equal(status, 0, what);
		assert.equal(outcome.state, 'refused', what);
		assert.match(outcome.reason, new RegExp(`^(${reason})$`), what);
		await isWhole(root, '0.1');
	}
	fs.chmodSync(root.keys, 0o666);
	root.ask(good);
	assert.equal((await root.update()).outcome.reason, 'signature', 'keys that anybody may write are none');
	fs.chmodSync(root.keys, 0o644);
	fs.symlinkSync(good, root.inbox);
	assert.equal((await root.update()).outcome.reason, 'damaged', 'a link is not followed');
	execFileSync('mkfifo', [root.inbox]);
	assert.equal((await root.update()).outcome.reason, 'damaged', 'a pipe is not waited for');
	await isWhole(root, '0.1');
	root.ask(good);
	assert.equal((await root.update()).outcome.state, 'installed', 'and the good one is taken');
}));

test('a version that is not well is taken back, and not tried again', () => withRoot(async (root) => {
	const bad = {
		'0.2': { daemon: '#!/bin/sh\nexit 1\n' },
		'0.3': { daemon: '#!/bin/sh\nexec sleep 600\n' }, // runs, and says nothing
	};
	root.configure(1, 3);
	for (const [version, options] of Object.entries(bad)) {
		const release = await root.release(await root.deb(version, options));
		root.ask(release);
		const { status, outcome } = await root.update();
		assert.equal(status, 0);
		assert.deepEqual([outcome.state, outcome.version, outcome.reason], ['rolled-back', version, 'unhealthy']);
		await until('the former kiosk', () => root.running() === '0.1');
		await isWhole(root, '0.1');
		root.ask(release);
		assert.deepEqual((await root.update()).outcome.reason, 'bad');
		await isWhole(root, '0.1');
	}
	// the mended one comes through
	root.configure(1, 60);
	root.ask(await root.release(await root.deb('0.4')));
	assert.equal((await root.update()).outcome.state, 'installed');
	await isWhole(root, '0.4');
}));

test('a package that dpkg cannot configure is taken back', () => withRoot(async (root) => {
	const cases = [
		['0.2', { fields: 'Depends: no-such-package\n' }],
		['0.3', { scripts: { postinst: '#!/bin/sh\nexit 1\n' } }],
	];
	for (const [version, options] of cases) {
		root.ask(await root.release(await root.deb(version, options)));
		const { outcome } = await root.update();
		assert.deepEqual([outcome.state, outcome.reason], ['rolled-back', 'install']);
		await until('the former kiosk', () => root.running() === '0.1');
		await isWhole(root, '0.1');
	}
}));

test('only what is installed here is exchanged, and the updater last of all', () => withRoot(async (root) => {
	const more = (version) => Promise.all(['kith-screen', 'kith-tools', 'kith-update'].map((name) => root.deb(version, { name })));
	const [screen, , updater] = await more('0.1');
	await root.install(screen, updater);
	root.ask(await root.release([await root.deb('0.2'), ...await more('0.2')]));
	const { status, said } = await root.update();
	assert.equal(status, 0, said);
	await isWhole(root, '0.2');
	assert.equal(await root.version('kith-screen'), '0.2 installed');
	assert.equal(await root.version('kith-update'), '0.2 installed');
	assert.equal(await root.version('kith-tools'), '', 'who has no tools gets none');
	assert.match(said, /kith-tools is not installed here/);
}));

test('nothing is installed and nothing starts anew while somebody is there', () => withRoot(async (root) => {
	const said = JSON.parse(fs.readFileSync(root.alive, 'utf8'));
	const busy = (yes) => fs.writeFileSync(root.alive, JSON.stringify({ ...said, busy: yes }));
	busy(true);
	root.ask(await root.release(await root.deb('0.2')));
	const child = root.begin();
	await until('it to wait', () => child.said.includes('somebody is there'));
	assert.equal(await root.version(), '0.1 installed');
	assert.equal(root.phase(), 'none');
	busy(false);
	assert.deepEqual(await child.ended, { status: 0, signal: null });
	await isWhole(root, '0.2');
}));

test('a pipe where the kiosk would say how it is keeps nobody waiting', () => withRoot(async (root) => {
	fs.rmSync(root.alive);
	execFileSync('mkfifo', [root.alive]);
	root.ask(await root.release(await root.deb('0.2')));
	const child = root.begin();
	await until('it to be installed', () => child.over);
	assert.equal(root.outcome().state, 'installed');
	await isWhole(root, '0.2');
}));

/** Power fails: everything stops where it is; then the machine starts, and the kiosk with it. */
async function powerCut(root, child) {
	child.kill('SIGKILL');
	await child.ended;
	root.stop();
	await until('the kiosk to be gone', () => root.running() === undefined);
	await root.update('boot');
	await root.start();
}

test('a power cut in each phase ends in the old version or the new one', () => withRoot(async (root) => {
	// enough files that dpkg is at work for a while
	const files = (version) => Object.fromEntries(Array.from({ length: 150 }, (_, i) =>
		[`usr/share/kith-kiosk/many/${i}`, `${version} `.repeat(300)]));
	let version = 1;
	for (const phase of ['install', 'prove', 'keep']) {
		const next = `0.${++version}`;
		root.ask(await root.release(await root.deb(next, { files: files(next) })));
		const child = root.begin();
		await until(phase, () => root.phase() === phase || child.over);
		await powerCut(root, child);
		const { status, outcome } = await root.update();
		assert.equal(status, 0);
		assert.deepEqual([outcome.state, outcome.version], ['installed', next], phase);
		await isWhole(root, next);
	}
	// going back is interrupted, too
	const broken = '0.99';
	root.configure(1, 3);
	root.ask(await root.release(await root.deb(broken, { files: files(broken), daemon: '#!/bin/sh\nexit 1\n' })));
	const child = root.begin();
	await until('back', () => root.phase() === 'back' || child.over);
	await powerCut(root, child);
	const { outcome } = await root.update();
	assert.deepEqual([outcome.state, outcome.reason], ['rolled-back', 'unhealthy']);
	await isWhole(root, `0.${version}`);
}));

test('power cuts at any moment, one after the other, leave a whole system', () => withRoot(async (root) => {
	const files = (version) => Object.fromEntries(Array.from({ length: 100 }, (_, i) =>
		[`usr/share/kith-kiosk/many/${i}`, `${version} `.repeat(200)]));
	const rounds = Number(process.env.KITH_CUTS ?? 12);
	let version = 1;
	for (let round = 0; round < rounds; round++) {
		const former = `0.${version}`, next = `0.${version + 1}`;
		const offered = await root.release(await root.deb(next, { files: files(next) }));
		root.ask(offered);
		let seed = round;
		for (let cut = 0; cut < 2 && (root.phase() !== 'none' || fs.existsSync(root.inbox)); cut++) {
			const child = root.begin();
			seed = (seed * 1103515245 + 12345) % 2147483648;
			const timer = setTimeout(() => child.kill('SIGKILL'), seed % 700);
			await child.ended;
			clearTimeout(timer);
			root.stop();
			await until('the kiosk to be gone', () => root.running() === undefined);
			await root.update('boot');
			assert.ok([`${former} installed`, `${next} installed`].includes(await root.version()), 'after boot it is one of the two');
			assert.equal(await root.audit(), '');
			await root.start();
		}
		const { outcome } = await root.update();
		assert.equal(root.phase(), 'none');
		version = outcome.state === 'installed' ? version + 1 : version;
		await isWhole(root, `0.${version}`);
		if (outcome.state !== 'installed') {
			root.ask(await root.release(await root.deb(next, { files: files(`${next} `) })));
			assert.equal((await root.update()).outcome.state, 'installed');
			version++;
		}
	}
}));

test('a root that is an overlay in memory gets the update again at each boot', () => withRoot(async (root) => {
	const image = path.join(root.dir, 'image');
	fs.cpSync(root.root, image, { recursive: true, preserveTimestamps: true });
	const reboot = async () => {
		root.stop();
		await until('the kiosk to be gone', () => root.running() === undefined);
		fs.rmSync(root.root, { recursive: true });
		fs.cpSync(image, root.root, { recursive: true, preserveTimestamps: true });
		assert.equal(await root.version(), '0.1 installed', 'memory has forgotten');
		assert.equal((await root.update('boot')).status, 0);
		await root.start();
	};
	root.ask(await root.release(await root.deb('0.2')));
	assert.equal((await root.update()).outcome.state, 'installed');
	await reboot();
	await isWhole(root, '0.2');
	// cut while the next one is proven
	root.ask(await root.release(await root.deb('0.3')));
	const child = root.begin();
	await until('prove', () => root.phase() === 'prove' || child.over);
	child.kill('SIGKILL');
	await child.ended;
	await reboot();
	assert.equal(root.running(), '0.3');
	assert.equal((await root.update()).outcome.version, '0.3');
	await reboot();
	await isWhole(root, '0.3');
	// an image that is newer than what was kept stays as it is
	await root.install(await root.deb('0.5'));
	assert.equal((await root.update('boot')).status, 0);
	assert.equal(await root.version(), '0.5 installed');
}));
