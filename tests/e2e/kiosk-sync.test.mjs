// The drills of sync.test.mjs with the real kiosk at the other end of the cable.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { CameraKiosk, fakeClock } from './lib/camera-kiosk.mjs';
import { run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { Cable, until } from './lib/world.mjs';

const hex = (entry) => entry.id.replaceAll('-', '');
const names = (n) => Array.from({ length: n }, (_, i) => ({ name: `Guest ${String(i).padStart(2, '0')}` }));

/** Each of these ids is held exactly once. */
function once(ids, wanted) {
	for (const id of wanted)
		assert.equal(ids.filter((x) => x === id).length, 1, `${id} once`);
	assert.equal(new Set(ids).size, ids.length, 'no id twice');
}

describe('backup, more taps, restore, refill', () => {
	let house;
	let kiosk;
	let tickets;
	const made = new Set();
	const remember = async () => (await kiosk.entries()).forEach((entry) => made.add(hex(entry)));
	before(async () => {
		house = await House.open({ attendees: names(14) });
		tickets = await house.tickets();
		kiosk = new CameraKiosk(house);
		await kiosk.enrol();
		await kiosk.run();
		await kiosk.ready(14);
	});
	after(async () => {
		await kiosk?.end();
		await house.close();
	});

	test('the kiosk keeps everything until a verified backup covers it, and prunes no further', async () => {
		for (const ticket of tickets.slice(0, 4))
			await kiosk.checkIn(ticket);
		await kiosk.synced();
		assert.equal((await kiosk.entries()).length, 4, 'acknowledged, and still here');
		await remember();
		await house.backup();
		await kiosk.checkIn(tickets[4]);
		await kiosk.synced();
		await remember();
		const left = await kiosk.entries();
		assert.deepEqual(left.map((entry) => entry.seq), [5]);
	});

	test('a server restored from the backup is filled again by itself', async () => {
		for (const ticket of tickets.slice(5, 9))
			await kiosk.checkIn(ticket);
		await kiosk.synced();
		await remember();
		assert.equal((await house.held()).ids.length, 9);
		await house.halt('SIGKILL');
		await house.restore();
		assert.equal((await house.held()).ids.length, 4);
		await house.run();
		await kiosk.checkIn(tickets[9]);
		await kiosk.synced();
		await remember();
		const { ids, whole } = await house.held();
		assert.equal(whole, 'ok');
		assert.equal(made.size, 10);
		assert.equal(ids.length, 10);
		once(ids, made);
		assert.doesNotMatch(kiosk.said, /another history/, 'no fork was needed');
	});

	test('a card put back from an old copy begins a new stream, and nothing counts twice', async () => {
		await kiosk.end('SIGKILL');
		const copy = path.join(kiosk.dir, 'card');
		fs.cpSync(kiosk.state, copy, { recursive: true });
		await kiosk.run();
		await kiosk.ready(14);
		await kiosk.checkIn(tickets[10]);
		await kiosk.synced();
		await remember();
		await kiosk.end();
		fs.rmSync(kiosk.state, { recursive: true });
		fs.renameSync(copy, kiosk.state);
		await kiosk.run();
		await kiosk.ready(14);
		await kiosk.checkIn(tickets[11]);
		await kiosk.synced();
		await remember();
		assert.match(kiosk.said, /another history of this stream, a new one begins/);
		const { ids, rows, whole } = await house.held();
		assert.equal(whole, 'ok');
		assert.equal(made.size, 12);
		once(ids, made);
		assert.equal(new Set(rows.map((row) => row.stream)).size, 2);
	});

	test('a store that the card damaged is put aside, said, and the next guest is served', async () => {
		await kiosk.end();
		const file = path.join(kiosk.state, 'kiosk.db');
		const bytes = fs.readFileSync(file);
		bytes.fill(0xa5, 4096, Math.min(bytes.length, 16384));
		fs.writeFileSync(file, bytes);
		await kiosk.run();
		assert.ok(fs.readdirSync(kiosk.state).some((name) => /^kiosk\.db\.damaged-/.test(name)));
		const health = await (await fetch(`${kiosk.screen.origin}/healthz`)).text();
		assert.match(health, /damaged/);
		await kiosk.ready(14);
		await kiosk.checkIn(tickets[12]);
		await kiosk.synced();
		await remember();
		once((await house.held()).ids, made);
	});
});

describe('a cable that is pulled', () => {
	let house;
	let cable;
	let kiosk;
	let tickets;
	before(async () => {
		house = await House.open({ attendees: names(9) });
		tickets = await house.tickets();
		cable = await Cable.between(house.port);
		kiosk = new CameraKiosk(house, { url: `http://127.0.0.1:${cable.port}` });
		await kiosk.enrol();
		await kiosk.run();
		await kiosk.ready(9);
	});
	after(async () => {
		await kiosk?.end();
		await cable?.stop();
		await house.close();
	});

	test('guests are greeted, the screen says how much waits, and its return ends the waiting', async () => {
		await cable.pull();
		for (const ticket of tickets.slice(0, 3))
			await kiosk.checkIn(ticket);
		await kiosk.screen.see('three waiting', (s) => !s.link.online && s.link.pending === 3);
		// past the first few failures, so that the next try by itself would be far away
		await until('some failures', async () => await kiosk.metric('kith_kiosk_sync_failures_total') >= 4, 60000);
		await cable.plug();
		await kiosk.synced(20000);
		assert.equal((await house.held()).ids.length, 3);
	});

	test('cut in the middle of an answer, again and again: sent again, and once each', async () => {
		for (const ticket of tickets.slice(3, 6)) {
			await kiosk.checkIn(ticket);
			await cable.pull();
			await cable.plug();
		}
		await kiosk.synced();
		const made = (await kiosk.entries()).map(hex);
		once((await house.held()).ids, made);
		assert.equal(made.length, 6);
	});

	test('kill -9 of the kiosk after the greeting loses nothing, with or without the server', async () => {
		await cable.pull();
		await kiosk.checkIn(tickets[6]);
		await kiosk.end('SIGKILL');
		await kiosk.run();
		await kiosk.checkIn(tickets[7]);
		await kiosk.end('SIGKILL');
		await cable.plug();
		await kiosk.run();
		await kiosk.synced();
		const made = (await kiosk.entries()).map(hex);
		assert.equal(made.length, 8);
		once((await house.held()).ids, made);
	});
});

test('refusals are said once, and again when the server was restored', async () => {
	const house = await House.open({ attendees: names(5) });
	const tickets = await house.tickets();
	const kiosk = new CameraKiosk(house, { name: 'refusals' });
	const change = async (...sql) => {
		await house.halt();
		for (const one of sql)
			assert.equal((await run('sqlite3', [path.join(house.store, 'kith.db'), one])).status, 0);
		await house.run();
	};
	const refuse = (n) => `INSERT INTO refusal SELECT event, station, ${n}, 99, ${n}, randomblob(16), 'reason-${n}' FROM station
		WHERE hex(id) = '${kiosk.identity.station.replaceAll('-', '').toUpperCase()}'`;
	const said = () => [...kiosk.said.matchAll(/does not use entry=\S+ reason=reason-(\d)/g)].map((m) => m[1]).join('');
	// an entry brings the next request at once
	const greet = async (ticket) => {
		await kiosk.checkIn(ticket);
		await kiosk.synced();
	};
	try {
		await kiosk.enrol();
		await kiosk.run();
		await kiosk.ready(5);
		await change(refuse(1), refuse(2));
		await greet(tickets[0]);
		await greet(tickets[1]);
		await until('both', () => said() === '12');
		await change(refuse(3));
		await greet(tickets[2]);
		await until('the third', () => said() === '123');
		await change("UPDATE meta SET value = randomblob(16) WHERE name = 'timeline'");
		await greet(tickets[3]); // hears of the other timeline
		await greet(tickets[4]);
		await until('all of them again', () => said() === '123123');
	} finally {
		await kiosk.end();
		await house.close();
	}
});

describe('what stands between kiosk and server', () => {
	let house;
	let tickets;
	before(async () => {
		house = await House.open({ attendees: names(4) });
		tickets = await house.tickets();
	});
	after(() => house.close());

	/** A proxy that may answer in the server's place: answer(request) gives a status and more, or nothing. */
	async function between(answer) {
		const seen = [];
		const proxy = http.createServer((request, reply) => {
			const parts = [];
			request.on('data', (part) => parts.push(part)).on('end', () => {
				const body = Buffer.concat(parts);
				const own = answer({ method: request.method, url: request.url, body, n: seen.filter((s) => s.url === request.url).length });
				seen.push({ url: request.url, own, entries: request.method === 'POST' ? JSON.parse(body).entries?.length : undefined });
				if (own) {
					reply.writeHead(own.status, own.headers ?? {}).end(own.body ?? '');
					return;
				}
				const far = http.request({ host: '127.0.0.1', port: house.port, method: request.method, path: request.url,
					headers: request.headers, agent: false }, (back) => {
					reply.writeHead(back.statusCode, back.headers);
					back.pipe(reply);
				});
				far.on('error', () => reply.destroy());
				far.end(body);
			});
		});
		await new Promise((done) => proxy.listen(0, '127.0.0.1', done));
		return { seen, port: proxy.address().port, stop: () => new Promise((done) => {
			proxy.closeAllConnections?.();
			proxy.close(done);
		}) };
	}

	test('an answer that the server did not sign changes nothing on the kiosk', async () => {
		let lie = false;
		const forged = (request) => {
			if (!lie || !request.url.startsWith('/v1/streams/'))
				return undefined;
			const asked = JSON.parse(request.body);
			return { status: 200, headers: { 'content-type': 'application/json', 'kith-signature': crypto.randomBytes(64).toString('base64url') },
				body: JSON.stringify({ store_id: asked.store_id, status: 'ok', durable_seq: 1, durable_hash: asked.entries[0]?.hash ?? asked.prev_hash,
					safe_seq: 1, timeline: crypto.randomUUID(), server_ms: 0, roster_rev: 0, wipe: true, refusals: [] }) };
		};
		const proxy = await between(forged);
		const kiosk = new CameraKiosk(house, { name: 'forged', url: `http://127.0.0.1:${proxy.port}` });
		try {
			await kiosk.enrol();
			await kiosk.run();
			await kiosk.ready(4);
			lie = true;
			await kiosk.checkIn(tickets[0]);
			await kiosk.screen.see('that the answer is not believed', (s) => s.link.pending === 1 && s.link.server === 'refused');
			assert.match(kiosk.said + await (await fetch(`${kiosk.screen.origin}/healthz`)).text(), /server's signature/);
			assert.equal((await kiosk.entries()).length, 1);
			lie = false;
			await kiosk.synced();
		} finally {
			await kiosk.end();
			await proxy.stop();
		}
	});

	test('busy, broken and lost answers are tried again, as long as the server asks for', async () => {
		const answers = [{ status: 503, headers: { 'retry-after': '1' } }, { status: 500, body: '<html>' }, { status: 200, body: '{"' }];
		const proxy = await between(({ url, n }) => (url.startsWith('/v1/streams/') ? answers[n] : undefined));
		const kiosk = new CameraKiosk(house, { name: 'busy', url: `http://127.0.0.1:${proxy.port}` });
		try {
			await kiosk.enrol();
			await kiosk.run();
			await kiosk.synced(60000);
			assert.ok(await kiosk.metric('kith_kiosk_sync_failures_total') >= 3);
			await kiosk.ready(4);
			await kiosk.checkIn(tickets[1]);
			await kiosk.synced();
		} finally {
			await kiosk.end();
			await proxy.stop();
		}
	});
});

describe('a kiosk without a clock', () => {
	let house;
	let organizer;
	let tickets;
	before(async () => {
		house = await House.open({ attendees: names(4) });
		tickets = await house.tickets();
		organizer = await house.organizer();
	});
	after(() => house.close());

	const years = { 1970: '@1970-01-01 00:00:10', 2000: '@2000-01-01 00:00:00', 2106: '@2106-02-07 06:28:00' };
	Object.entries(years).forEach(([year, at], i) => {
		test(`booted in ${year}, offline at first: the server knows the true time of each check-in`, async () => {
			const cable = await Cable.between(house.port);
			const kiosk = new CameraKiosk(house, { name: `y${year}`, url: `http://127.0.0.1:${cable.port}` });
			const env = fakeClock(at);
			try {
				await kiosk.enrol({ env });
				await kiosk.run({ env });
				await kiosk.ready(4);
				await cable.pull();
				const from = Date.now();
				await kiosk.checkIn(tickets[i]);
				const to = Date.now();
				const [entry] = await kiosk.entries();
				assert.equal(new Date(entry.wall_ms).getUTCFullYear(), Number(year), 'its own clock is wrong indeed');
				assert.equal(entry.quality === 'ntp', false);
				await cable.plug();
				await kiosk.synced();
				const row = await until('the check-in', async () => {
					const list = await organizer.good('GET', `/v1/events/${house.event}/attendees`);
					return (list.attendees ?? list).find((r) => r.id === tickets[i].id && r.checked_in_ms);
				});
				assert.ok(row.checked_in_ms >= from - 2000 && row.checked_in_ms <= to + 2000, `off by ${row.checked_in_ms - from} ms`);
			} finally {
				await kiosk.end();
				await cable.stop();
			}
		});
	});
});
