// The kiosk's watch over itself: each sign on its screen, in its numbers, and at the organizer's
// table with since when.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fakeClock } from './lib/camera-kiosk.mjs';
import { LoneKiosk } from './lib/lone-kiosk.mjs';
import { World, attendees, until } from './lib/world.mjs';

const sign = (s, name) => s.signs.find((one) => one.sign === name);

/** A board's /sys, as far as the kiosk reads it. */
class Board {
	constructor(root) {
		this.root = root;
		this.put('class/hwmon/hwmon1/name', 'rpi_volt');
		this.put('class/hwmon/hwmon1/in0_lcrit_alarm', '0');
		this.put('class/thermal/thermal_zone0/type', 'cpu-thermal');
		this.put('class/thermal/thermal_zone0/temp', '48312');
	}

	put(name, text) {
		const file = path.join(this.root, 'sys', name);
		fs.mkdirSync(path.dirname(file), { recursive: true });
		fs.writeFileSync(file, `${text}\n`);
	}
}

async function withKiosk(options, go) {
	const k = await LoneKiosk.start({ people: [], ...options });
	try {
		await go(k);
	} finally {
		await k.stop();
	}
}

test('a board that is hot or short of power', () => withKiosk({}, async (k) => {
	const board = new Board(path.join(k.dir, 'board'));
	fs.appendFileSync(k.configFile, `sys_root = ${board.root}\n`);
	await k.run();
	assert.deepEqual(k.screen.state.signs, []);
	board.put('class/thermal/thermal_zone0/temp', '84123');
	board.put('class/hwmon/hwmon1/in0_lcrit_alarm', '1');
	const state = await k.screen.see('both signs', (s) => sign(s, 'heat') && sign(s, 'power'));
	assert.equal(state.screen, 'idle', 'it works on');
	assert.equal(state.signs[0].sign, 'power', 'the more urgent one first');
	assert.equal(sign(state, 'heat').value, 84123);
	const numbers = await k.metrics();
	assert.equal(numbers['kith_kiosk_sign{sign="heat"}'], '1');
	assert.equal(numbers['kith_kiosk_sign{sign="disk"}'], '0');
	assert.equal(numbers.kith_kiosk_under_voltage, '1');
	assert.equal(Math.round(Number(numbers.kith_kiosk_temperature_celsius)), 84);
	assert.ok(Number(numbers.kith_kiosk_disk_free_bytes) > 0);
	const health = await (await fetch(`${k.screen.origin}/healthz`)).json();
	assert.deepEqual(health.signs.filter((one) => one !== 'clock'), ['power', 'heat']);
	assert.match(k.service.log, /watch sign=heat on value=84123/);
	board.put('class/thermal/thermal_zone0/temp', '60000');
	await k.screen.see('no heat', (s) => !sign(s, 'heat'));
	await until('the journal', () => /watch sign=heat over/.test(k.service.log));
}));

test('a disk that is nearly full', () => withKiosk({ config: ['disk_warn_mib = 1000000000'] }, async (k) => {
	await k.run();
	const state = await k.screen.see('the sign', (s) => sign(s, 'disk'));
	assert.equal(state.screen, 'idle', 'taps still count');
	assert.ok(sign(state, 'disk').value > 0, 'with what is free');
}));

test('a clock that nobody has set', () => withKiosk({}, async (k) => {
	await k.run({ env: fakeClock('@2019-12-24 10:00:00') });
	const state = await k.screen.see('the sign', (s) => sign(s, 'clock'), 40000);
	assert.equal(sign(state, 'clock').value, undefined, 'by how much is not known');
}));

test('a reader and a camera that are gone, as the organizer sees it', async () => {
	const w = await World.start({ people: attendees.slice(0, 1), guests: [], role: 'door' });
	const station = async () => (await w.organizer.good('GET', `/v1/events/${w.event}`)).stations[0];
	const told = (name, when) => until(`${name} at the organizer's`, async () => {
		const row = (await station()).signs.find((one) => one.sign === name);
		return row && when(row) && row;
	});
	try {
		const before = Date.now();
		await w.chip.send('fault dead');
		fs.renameSync(w.camera, `${w.camera}-away`);
		await w.screen.see('the reader gone', (s) => sign(s, 'reader') && sign(s, 'camera'));
		await told('camera', (row) => row.until_ms === undefined);
		const gone = await told('reader', (row) => row.until_ms === undefined);
		assert.ok(gone.since_ms >= before - 2000 && gone.since_ms <= Date.now(), 'since it was first missed');
		assert.equal(gone.value, 1);
		await w.chip.send('fault off');
		const over = await told('reader', (row) => row.until_ms !== undefined);
		assert.equal(over.since_ms, gone.since_ms);
		assert.ok(over.until_ms > over.since_ms);
	} finally {
		await w.chip.send('fault off').catch(() => {});
		await w.stop();
	}
});
