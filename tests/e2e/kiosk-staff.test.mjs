// What staff do with the station itself, on the real daemon: readers tested, the camera looked
// through, sound and service set, synced and switched off; and who may.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { LoneKiosk } from './lib/lone-kiosk.mjs';
import { World, attendees, until } from './lib/world.mjs';

async function withKiosk(options, go) {
	const k = await LoneKiosk.start({ config: ['staff_pin = 4711'], ...options });
	const control = path.join(k.dir, 'system');
	fs.mkdirSync(control);
	fs.appendFileSync(k.configFile, `control_dir = ${control}\nsys_root = ${k.dir}\n`);
	try {
		await k.run();
		await go(k, control);
	} finally {
		await k.stop();
	}
}

const enter = async (screen, tool) => {
	await screen.act('staff', { pin: '4711' });
	await screen.see('the staff screen', (s) => s.staff === true);
	if (tool) {
		await screen.act('tool', { tool });
		await screen.see(tool, (s) => s.tool === tool);
	}
};

test('a reader test shows what comes, and writes nothing', () => withKiosk({}, async (k) => {
	await enter(k.screen, 'reader');
	await k.chip.send('put ana');
	const { test: chip } = await k.screen.see('the badge', (s) => s.test?.seen === 'chip');
	await k.chip.send('take ana');
	assert.equal(chip.reader, 'nfc 1');
	assert.equal(chip.tag, 'NTAG213');
	assert.match(chip.uid, /^[0-9a-f]{14}$/);
	assert.ok(chip.bytes > 100 && chip.bytes < 145, `${chip.bytes} bytes`);
	assert.ok(chip.read_ms > 0 && chip.read_ms < 5000, `${chip.read_ms} ms`);
	await k.show('MECARD:N:Rahman,Noor;ORG:Delta Maps;;');
	const { test: card } = await k.screen.see('the card', (s) => s.test?.seen === 'card');
	assert.equal(card.reader, 'frames 1');
	assert.ok(card.name.startsWith('Noor'));
	assert.equal(card.count, 2);
	assert.deepEqual(await k.log(), []);
	assert.match(k.service.log, /staff act=tool done badge=-/);
	assert.doesNotMatch(k.service.log, /Rahman|4711/);
}));

test('the camera is shown to staff who look, with what the eye finds', () => withKiosk({ people: [] }, async (k) => {
	const look = () => fetch(`${k.screen.origin}/camera`);
	assert.equal((await look()).status, 404, 'not to the public');
	await enter(k.screen, 'reader');
	assert.equal((await look()).status, 404, 'not during another test');
	await k.screen.act('tool', { tool: 'camera' });
	await k.screen.see('the camera', (s) => s.tool === 'camera');
	assert.equal((await look()).status, 204, 'no picture was taken yet');
	await k.show('BEGIN:VCARD\r\nVERSION:3.0\r\nN:Li;Wei;;;\r\nFN:Li Wei\r\nEND:VCARD\r\n');
	const picture = await until('a picture', async () => {
		const answer = await look();
		return answer.status === 200 && answer.json();
	});
	assert.ok(picture.width > 100 && picture.width <= 320);
	assert.equal(Buffer.from(picture.gray, 'base64url').length, picture.width * picture.height);
	assert.equal(picture.codes.length, 1);
	for (const at of picture.codes[0])
		assert.ok(at > 0 && at < picture.width, `corner at ${at}`);
	await k.screen.act('finish');
	await k.screen.shows('idle');
	assert.equal((await look()).status, 404, 'nor afterwards');
}));

test('sound and service stay as they were set', () => withKiosk({ role: 'door' }, async (k) => {
	assert.equal(k.screen.state.volume, 3);
	await enter(k.screen, 'station');
	await k.screen.act('volume', { level: 1 });
	await k.screen.see('softer', (s) => s.volume === 1);
	await k.screen.act('service', { on: false });
	await k.screen.see('out of service', (s) => s.in_service === false && s.signs.some((one) => one.sign === 'service'));
	await k.screen.act('finish');
	await k.screen.see('closed', (s) => s.screen === 'closed' && s.reason === 'out-of-service');
	await k.end();
	await k.run({ ready: false });
	await k.screen.see('closed', (s) => s.reason === 'out-of-service' && s.readers.every((r) => r.state === 'ready'));
	assert.equal(k.screen.state.volume, 1);
	assert.equal((await k.tap('ana', 'refused')).reason, 'out-of-service');
	await k.away();
	assert.deepEqual(await k.log(), []);
	await enter(k.screen, 'station');
	await k.screen.act('service', { on: true });
	await k.screen.act('finish');
	await k.screen.shows('idle');
	assert.equal((await k.tap('ana', 'welcome')).screen, 'welcome');
}));

test('switched off only by who saw what is unsent', () => withKiosk({ role: 'door' }, async (k, control) => {
	await k.tap('ana', 'welcome');
	await enter(k.screen, 'station');
	assert.equal(k.screen.state.can_shut_down, false);
	await assert.rejects(k.screen.act('shutdown', { confirmed: true }), /409/);
	const units = path.join(k.dir, 'lib/systemd/system');
	fs.mkdirSync(units, { recursive: true });
	fs.writeFileSync(path.join(units, 'kith-power.path'), '');
	await k.screen.act('tool', { tool: 'station' });
	await k.screen.see('the way off', (s) => s.can_shut_down === true);
	await k.screen.act('shutdown', { confirmed: false });
	const asked = await k.screen.see('the question', (s) => s.reason === 'unsynced');
	assert.equal(asked.link.pending, 1);
	assert.ok(!fs.existsSync(path.join(control, 'poweroff')));
	await k.screen.act('shutdown', { confirmed: true });
	await k.screen.see('goodbye', (s) => s.screen === 'closed' && s.reason === 'shutting-down');
	assert.ok(fs.existsSync(path.join(control, 'poweroff')));
	await until('the journal', () => /staff act=shutdown done/.test(k.service.log));
}));

test('where staff badges are named, the PIN alone opens nothing', async () => {
	const k = await LoneKiosk.start({ role: 'door' });
	fs.appendFileSync(k.configFile, `staff_pin = 4711\nstaff_badge = ${k.badges.ben}\n`);
	try {
		await k.run();
		await k.screen.act('staff');
		await k.screen.see('the wish for a badge', (s) => s.want_badge === true);
		await k.screen.act('staff', { pin: '4711' });
		await k.screen.see('no', (s) => s.reason === 'staff-badge' && s.staff === false);
		await k.tap('ana', 'staff');
		assert.equal(k.screen.state.want_badge, true);
		await k.away();
		await k.tap('ben', 'staff');
		await k.screen.see('the PIN pad', (s) => s.want_badge === false);
		await enter(k.screen);
		assert.equal(k.screen.state.tools_only, false);
		assert.deepEqual(await k.log(), [], 'nobody was checked in by this');
		await k.screen.act('sync');
		await until('the journal', () => k.service.log.includes(`staff act=sync done badge=${k.badges.ben}`)).catch((error) => {
			throw new Error(`${error.message}\n${k.service.log}`);
		});
	} finally {
		await k.stop();
	}
});

test('a barcode scanner is no chip reader: without one, the PIN alone opens the tools', async () => {
	const k = await LoneKiosk.start({ role: 'door' });
	// what a scanner's serial line is to the kiosk: any terminal
	const config = fs.readFileSync(k.configFile, 'utf8').replace(`reader = nfc ${k.chip.connstring}`,
		`reader = nfc pn532_uart:${k.dir}/nowhere\nreader = scanner ${fs.realpathSync(k.chip.link)}`);
	fs.writeFileSync(k.configFile, `${config}staff_pin = 4711\nstaff_badge = ${k.badges.ben}\n`);
	try {
		await k.run({ ready: false });
		await k.screen.see('the scanner alone', (s) => s.screen === 'idle' && s.readers.every((r) => (r.state === 'ready') === !r.name.startsWith('nfc')));
		await k.screen.act('staff');
		await k.screen.see('no wish for a badge', (s) => s.screen === 'staff' && s.want_badge === false);
		await enter(k.screen);
		assert.equal(k.screen.state.tools_only, true);
	} finally {
		await k.stop();
	}
});

test('sync now does not wait for the next heartbeat', async () => {
	const w = await World.start({ people: attendees.slice(0, 1), guests: [], role: 'door', config: ['staff_pin = 4711'] });
	const requests = async () => {
		const text = await (await fetch(`${w.screen.origin}/metrics`)).text();
		return Number(/^kith_kiosk_sync_requests_total (\d+)/m.exec(text)[1]);
	};
	try {
		await w.screen.see('online', (s) => s.link.online && s.signs.length === 0);
		await enter(w.screen, 'station');
		const before = await requests();
		await w.screen.act('sync');
		await until('one more request', async () => (await requests()) > before, 15000);
	} finally {
		await w.stop();
	}
});
