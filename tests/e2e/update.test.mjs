// An update from end to end: signed at the bench, offered by a real server, fetched by a real kiosk,
// installed by the real updater with a real dpkg. systemd's part (starting the updater when the file
// appears, and the kiosk) is played here; the next version is the same program under another number.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { bin } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { UpdateRoot } from './lib/update-root.mjs';
import { Screen, freePort, must, until } from './lib/world.mjs';

const next = '99.0.0';

class Place {
	static async open(config = []) {
		const it = new Place();
		it.house = await House.open();
		it.root = await UpdateRoot.open({ kioskArgs: '--config "$(dirname "$0")/kiosk.conf" run', prove: 2 });
		it.now = (await must('kith-kiosk', ['--version'])).trim().split(' ')[1];
		it.port = await freePort();
		fs.writeFileSync(path.join(it.root.dir, 'kiosk.conf'), [`state_dir = ${it.root.kiosk}`, `screen_listen = 127.0.0.1:${it.port}`,
			`release_keys = ${it.root.keys}`, `update_outcome = ${path.join(it.root.state, 'outcome.json')}`,
			'staff_pin = 471147', 'update_quiet_s = 1', ...config, ''].join('\n'));
		fs.chmodSync(it.root.kiosk, 0o700);
		await must('kith-kiosk', ['--config', path.join(it.root.dir, 'kiosk.conf'), 'enrol', it.house.origin, await it.house.enrolCode()]);
		await it.root.install(await it.root.deb(it.now, { daemon: fs.readFileSync(path.join(bin, 'kith-kiosk')) }));
		it.organizer = await it.house.organizer();
		return it;
	}

	nextDaemon() {
		return fs.readFileSync(path.join(bin, '../tests/kith-kiosk-next'));
	}

	async offer(version, options) {
		const file = await this.root.release(await this.root.deb(version, options));
		await this.house.cli('release', 'add', file);
		return file;
	}

	/** What the organizer's table says of the kiosk. */
	async station() {
		return (await this.organizer.good('GET', `/v1/events/${this.house.event}`)).stations[0];
	}

	reported(what, ask) {
		return until(`the server to hear of ${what}`, async () => {
			const station = await this.station();
			return ask(station) && station;
		}, 45000);
	}

	asked() {
		return until('the kiosk to ask for it', () => fs.existsSync(this.root.inbox), 45000);
	}

	kioskLog() {
		return fs.readFileSync(path.join(this.root.dir, 'kiosk.log'), 'utf8');
	}

	async metrics() {
		return (await fetch(`http://127.0.0.1:${this.port}/metrics`)).text();
	}

	async close() {
		await this.root.close();
		await this.house.close();
	}
}

async function withPlace(go, config) {
	const place = await Place.open(config);
	try {
		await go(place);
	} catch (error) {
		error.message += `\n${place.root.log}\n${place.kioskLog()}`;
		throw error;
	} finally {
		await place.close();
	}
}

test('a release goes from the bench to the kiosk, and the organizer sees it', () => withPlace(async (place) => {
	const { root } = place;
	const file = await place.offer(next, { daemon: place.nextDaemon() });
	assert.match(await place.house.cli('release', 'list'), new RegExp(`^${next}\t${root.architecture}\t\\d+\t[0-9a-f]{64}\n$`));
	// some of it came before the power went
	const digest = (await must('kith-badge', ['release', 'show', '--keys', root.keys, file])).match(/digest (\S+)/)[1];
	fs.mkdirSync(path.dirname(root.inbox), { recursive: true });
	fs.writeFileSync(path.join(path.dirname(root.inbox), `${digest}.part`), fs.readFileSync(file).subarray(0, 100000));
	await root.start();
	await place.asked();
	assert.match(place.kioskLog(), /update version=99\.0\.0 size=\d+ have=100000/);
	assert.deepEqual(fs.readFileSync(root.inbox), fs.readFileSync(file), 'byte for byte');
	const { status, outcome } = await root.update();
	assert.equal(status, 0);
	assert.equal(outcome.state, 'installed');
	assert.equal(root.running(), next);
	assert.equal(await root.version(), `${next} installed`);
	const station = await place.reported('the version', (s) => s.version === next && s.update?.state === 'installed');
	assert.deepEqual(station.update, { state: 'installed', version: next, reason: '' });
	assert.match(await place.metrics(), /kith_kiosk_info\{version="99\.0\.0"\} 1/);
	assert.match(await place.metrics(), /kith_kiosk_update\{state="installed",version="99\.0\.0",reason=""\} 1/);
	await until('the fetched file to go', () => fs.readdirSync(path.dirname(root.inbox)).length === 0);
}));

test('a version that is not well comes back by itself, with what it took meanwhile', () => withPlace(async (place) => {
	const { root } = place;
	const store = path.join(root.kiosk, 'kiosk.db');
	await root.start();
	// it brings the store forward, takes an entry, and never says that it is well
	const daemon = `#!/bin/sh
sqlite3 '${store}' "ALTER TABLE entry ADD COLUMN more TEXT NOT NULL DEFAULT 'x'; PRAGMA user_version = 99;
INSERT INTO entry SELECT 1, x'01010101010101010101010101010101', 1, x'02020202020202020202020202020202', 5, 5, 2, 0,
CAST('{\\"who\\":\\"AAAAAAAAAAAAAAAAAAAAAA\\",\\"by\\":\\"staff\\"}' AS BLOB), zeroblob(32), 'y';"
exec sleep 600
`;
	await place.offer(next, { daemon });
	await place.asked();
	root.configure(2, 8);
	const { outcome } = await root.update();
	assert.deepEqual([outcome.state, outcome.reason], ['rolled-back', 'unhealthy']);
	await until('the former kiosk', () => root.running() === place.now);
	assert.equal(await root.version(), `${place.now} installed`);
	const station = await place.reported('it', (s) => s.update?.state === 'rolled-back' && s.held >= 1);
	assert.equal(station.version, place.now);
	assert.equal(station.update.reason, 'unhealthy');
	assert.ok(fs.existsSync(`${store}.newer-1`), 'the newer store is kept');
	const held = await place.house.held();
	assert.deepEqual(held.ids, ['01010101010101010101010101010101'], 'what was acknowledged is at the server');
	// it is still offered, and not tried again
	assert.ok(!fs.existsSync(root.inbox));
	assert.match(await place.house.cli('release', 'withdraw', next), new RegExp(next));
	assert.equal(await place.house.cli('release', 'list'), '');
}));

test('what another key signed is not even fetched', () => withPlace(async (place) => {
	const { root } = place;
	const key = path.join(root.dir, 'other.key');
	await must('kith-badge', ['release', 'key', '--out', key]);
	const file = await root.release(await root.deb(next, { daemon: place.nextDaemon() }), { key });
	await place.house.cli('release', 'add', file);
	await root.start();
	const station = await place.reported('the refusal', (s) => s.update?.state === 'refused');
	assert.deepEqual(station.update, { state: 'refused', version: '', reason: 'signature' });
	assert.deepEqual(fs.existsSync(path.dirname(root.inbox)) ? fs.readdirSync(path.dirname(root.inbox)) : [], []);
	const damaged = fs.readFileSync(file);
	damaged[damaged.length - 9] ^= 4;
	const copy = path.join(root.dir, 'damaged.kithup');
	fs.writeFileSync(copy, damaged);
	const refused = await place.house.try('release', 'add', copy);
	assert.equal(refused.status, 65);
	assert.match(refused.err, /not what the manifest says/);
}));

test('nothing is fetched and nothing is asked for while somebody is there', () => withPlace(async (place) => {
	const { root } = place;
	await root.start();
	const screen = await Screen.open(`127.0.0.1:${place.port}`);
	try {
		await screen.act('staff', { pin: '471147' });
		await until('the staff screen', () => screen.state.screen === 'staff');
		await place.offer(next, { daemon: place.nextDaemon() });
		// each answer says what is offered
		const requests = async () => Number(/^kith_kiosk_sync_requests_total (\d+)/m.exec(await place.metrics())[1]);
		for (let round = 0; round < 2; round++) {
			const before = await requests();
			await screen.act('sync');
			await until('one more answer', async () => (await requests()) > before, 45000);
		}
		assert.doesNotMatch(await place.metrics(), /^kith_kiosk_update\{/m);
		assert.ok(!fs.existsSync(path.dirname(root.inbox)) || fs.readdirSync(path.dirname(root.inbox)).length === 0);
		assert.equal(JSON.parse(fs.readFileSync(root.alive, 'utf8')).busy, true);
		await screen.act('finish');
	} finally {
		screen.close();
	}
	await place.asked();
	assert.equal((await root.update()).outcome.state, 'installed');
}));

test('where updates are off, nothing is fetched', () => withPlace(async (place) => {
	const { root } = place;
	await place.offer(next, { daemon: place.nextDaemon() });
	await root.start();
	const station = await place.reported('the version', (s) => s.version === place.now);
	assert.equal(station.update, undefined);
	assert.ok(!fs.existsSync(path.dirname(root.inbox)) || fs.readdirSync(path.dirname(root.inbox)).length === 0);
}, ['update = never']));
