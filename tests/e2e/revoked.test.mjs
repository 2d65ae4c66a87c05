// A kiosk is stolen, and the organizer ends its rights.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CameraKiosk } from './lib/camera-kiosk.mjs';
import { House } from './lib/house.mjs';
import { uuid7 } from './lib/station.mjs';
import { Cable } from './lib/world.mjs';

describe('a revoked kiosk', () => {
	let house;
	let organizer;
	let tickets;
	before(async () => {
		house = await House.open({ attendees: ['Ana Zsigmondy', 'Ben Quartermaine', 'Cem Yıldırım'].map((name) => ({ name })) });
		tickets = await house.tickets();
		organizer = await house.organizer();
	});
	after(() => house.close());

	const revoke = (station) => organizer.good('POST', `/v1/events/${house.event}/stations/${station}/revoke`, {});

	test("'s key opens nothing any more, and every answer says so, signed", async () => {
		const kiosk = await house.station();
		kiosk.checkin();
		await kiosk.sync();
		assert.equal((await kiosk.roster()).status, 200);
		await revoke(kiosk.id);
		kiosk.checkin();
		const digest = await house.digest();
		const answers = [await kiosk.post(kiosk.batch()), await kiosk.post(kiosk.batch(2, 0)), await kiosk.roster(),
			await kiosk.request('POST', '/v1/pairings', Buffer.from(JSON.stringify({ who: tickets[0].id, proof: 'chip' }))),
			await kiosk.request('GET', `/v1/pairings/${uuid7()}`),
			await kiosk.request('POST', `/v1/pairings/${uuid7()}/confirm`, Buffer.from(JSON.stringify({ who: tickets[0].id })))];
		for (const answer of answers) {
			assert.equal(answer.status, 403);
			assert.equal(answer.json.wipe, true);
			assert.ok(answer.signed);
			assert.doesNotMatch(answer.body.toString(), /Ana|Ben|Cem/);
		}
		assert.equal(await house.digest(), digest);
		const about = await organizer.good('GET', `/v1/events/${house.event}`);
		assert.equal(about.stations.find((s) => s.station === kiosk.id).state, 'revoked');
	});

	test('others go on, and revoking twice or a stranger is said', async () => {
		const one = await house.station();
		const other = await house.station();
		await revoke(one.id);
		await revoke(one.id);
		other.checkin();
		assert.deepEqual(await other.sync(), ['ok']);
		const nobody = await organizer.post(`/v1/events/${house.event}/stations/${uuid7()}/revoke`);
		assert.equal(nobody.status, 404);
		const kiosk = await other.request('POST', `/v1/events/${house.event}/stations/${one.id}/revoke`, Buffer.from('{}'));
		assert.ok(kiosk.status === 403 || kiosk.status === 401, 'a kiosk revokes nobody');
	});

	test('deletes what the server holds and its roster, closes and says so, also after a restart', async () => {
		const cable = await Cable.between(house.port);
		const kiosk = new CameraKiosk(house, { url: `http://127.0.0.1:${cable.port}`, config: ['name_cache = yes'] });
		try {
			await kiosk.enrol();
			await kiosk.run();
			await kiosk.ready(3);
			await kiosk.checkIn(tickets[0]);
			await kiosk.synced();
			const needles = [Buffer.from('Zsigmondy'), Buffer.from('Quartermaine'), Buffer.from('Yıldırım'),
				...tickets.slice(0, 2).map((t) => Buffer.from(t.id, 'base64url')), Buffer.from(tickets[0].id)];
			const files = () => fs.readdirSync(kiosk.state).map((name) => fs.readFileSync(path.join(kiosk.state, name)));
			const found = () => needles.map((needle) => files().some((bytes) => bytes.includes(needle)));
			assert.ok(found().slice(0, 3).some(Boolean), 'the search finds names while they are cached');

			await cable.pull();
			await kiosk.checkIn(tickets[2]);
			await revoke(kiosk.identity.station);
			await cable.plug();
			const closed = await kiosk.screen.see('that it is closed', (s) => s.screen === 'closed' && s.link.server === 'revoked', 60000);
			assert.equal(closed.reason, 'revoked-station');
			assert.equal((await kiosk.entries()).length, 1, 'only what the server never got stays');
			assert.equal(await kiosk.metric('kith_kiosk_roster'), 0, 'nor are names in memory');
			assert.deepEqual(found(), needles.map(() => false));
			assert.match(kiosk.said, /rights were ended by the organizer/);
			const before = await kiosk.metric('kith_kiosk_sync_requests_total');
			await kiosk.show(tickets[1].url);
			await kiosk.screen.see('that it is still closed', (s) => s.screen === 'closed');
			assert.equal(await kiosk.metric('kith_kiosk_sync_requests_total'), before, 'nothing is sent any more');
			await kiosk.end('SIGKILL');
			await kiosk.run({ closed: true });
			await kiosk.screen.see('that it is closed', (s) => s.screen === 'closed' && s.link.server === 'revoked', 60000);
			assert.equal((await kiosk.entries()).length, 1);
			assert.deepEqual(found(), needles.map(() => false));
		} finally {
			await kiosk.end();
			await cable.stop();
		}
	});
});
