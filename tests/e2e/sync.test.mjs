// Drills of the log's way into the server, by a station that was written from the documents alone
// (lib/station.mjs). kiosk-sync.test.mjs runs them with the real kiosk.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import zlib from 'node:zlib';
import { House } from './lib/house.mjs';
import { ask, Boot, b64, hashEntry, personId, uuid, uuid7 } from './lib/station.mjs';
import { until } from './lib/world.mjs';

const hex = (entry) => entry.id.replaceAll('-', '');
const stored = (station) => station.entries.map(hex);

test('the hashes are those of the document', () => {
	const fill = (byte) => uuid(Buffer.alloc(16, byte));
	const P = '{"a":"AAAAAAAAAAAAAAAAAAAAAA","b":"AQEBAQEBAQEBAQEBAQEBAQ"}';
	const rows = [
		{ id: fill(0x11), kind: 'meeting', boot_ms: 1000, wall_ms: 1795305600001, quality: 'ntp', payload: P,
			hash: '1b4abe744125f8339af4d75838d810c8d2a9ab114f18883a97778e1aa8c5e82f' },
		{ id: fill(0x12), kind: 'meeting', boot_ms: 2000, wall_ms: 1795305600002, quality: 'ntp', payload: P,
			hash: '921203b041f3dcd364f988d1f116e0c285ab58e84dc61324b1ad329da3cc0876' },
		{ id: fill(0x13), kind: 'note', boot_ms: 3000, wall_ms: -1, quality: 'unset', sealed: b64(Buffer.from([0, 1, 2, 3])),
			hash: '8e4c436a757bd365a8aa3d55203ac2696a1009ac8dd00dbf5b519b184cb70ee1' },
	];
	let prev = Buffer.alloc(32);
	rows.forEach((row, i) => {
		const { hash, ...entry } = row;
		prev = hashEntry({ store: fill(0xa5), event: 7, prev, entry: { ...entry, seq: i + 1, boot_id: fill(0xb0) } });
		assert.equal(prev.toString('hex'), hash, `vector ${i + 1}`);
	});
});

describe('one server', () => {
	let house;
	before(async () => {
		house = await House.open();
	});
	after(() => house.close());

	test('takes a log in, in several batches, and says what it holds in a signed reply', async () => {
		const kiosk = await house.station();
		for (let i = 0; i < 450; i++)
			kiosk.checkin();
		assert.deepEqual(await kiosk.sync(), ['ok', 'ok', 'ok']);
		assert.equal(kiosk.reply.durable_seq, 450);
		assert.equal(kiosk.reply.safe_seq, 0, 'nothing is safe without a backup');
		assert.deepEqual((await house.held()).ids, stored(kiosk));
		const health = await ask(house.origin, 'GET', '/healthz');
		assert.match(health.body.toString(), /backup/, 'the health page says that no backups run');
	});

	test('answers a heartbeat, and remembers when it came and what was pending', async () => {
		const kiosk = await house.station();
		kiosk.checkin();
		const waiting = await kiosk.post({ ...kiosk.batch(1, 0), pending: 1 });
		assert.equal(waiting.json.status, 'ok');
		assert.equal(waiting.json.durable_seq, 0);
		const [row] = await house.rows(`SELECT seen_ms, pending FROM station WHERE lower(hex(id)) = '${kiosk.id.replaceAll('-', '')}'`);
		assert.equal(row.pending, 1);
		assert.ok(Math.abs(Date.now() - row.seen_ms) < 60000);
		await kiosk.sync();
		assert.deepEqual(await kiosk.sync(), ['ok'], 'and with nothing to send it is a heartbeat again');
	});

	test('takes a batch compressed with gzip, signed over what stands in it', async () => {
		const kiosk = await house.station();
		kiosk.checkin();
		const target = `/v1/streams/${kiosk.store}`;
		const body = Buffer.from(JSON.stringify(kiosk.batch()));
		const { headers } = kiosk.sign('POST', target, body);
		const answer = await ask(house.origin, 'POST', target, { body: zlib.gzipSync(body), headers: { ...headers, 'content-encoding': 'gzip' } });
		assert.equal(answer.status, 200, answer.body.toString());
		assert.equal(answer.json.durable_seq, 1);
	});

	test('a batch past what is held is a gap, and the cursor goes down to where the server is', async () => {
		const kiosk = await house.station();
		for (let i = 0; i < 10; i++)
			kiosk.checkin();
		await kiosk.step(4);
		kiosk.cursor = 7;
		assert.equal(await kiosk.step(), 'gap');
		assert.equal(kiosk.cursor, 4);
		assert.deepEqual(await kiosk.sync(), ['ok']);
		assert.deepEqual((await house.held()).ids.slice(-10), stored(kiosk));
	});

	test('the same again changes nothing, whole, in part or overlapping', async () => {
		const kiosk = await house.station();
		for (let i = 0; i < 20; i++)
			kiosk.meeting();
		await kiosk.sync();
		const digest = await house.digest();
		for (const [from, count] of [[1, 20], [1, 5], [16, 5], [3, 10], [20, 1], [21, 0]]) {
			const answer = await kiosk.post(kiosk.batch(from, count));
			assert.equal(answer.json.status, 'ok', `${from}+${count}`);
			assert.equal(answer.json.durable_seq, 20);
		}
		assert.equal(await house.digest(), digest);
		kiosk.meeting();
		assert.equal((await kiosk.post(kiosk.batch(11))).json.durable_seq, 21, 'old ones in front of a new one');
	});

	test('a card rolled back begins a new stream with the same ids, and nothing counts twice', async () => {
		const kiosk = await house.station();
		for (let i = 0; i < 6; i++)
			kiosk.checkin();
		await kiosk.sync();
		const image = kiosk.image();
		for (let i = 0; i < 3; i++)
			kiosk.checkin();
		await kiosk.sync();
		const first = { store: kiosk.store, ids: stored(kiosk) };
		kiosk.putBack(image);
		for (let i = 0; i < 5; i++)
			kiosk.checkin();
		const second = stored(kiosk);
		assert.equal(await kiosk.step(), 'fork');
		assert.notEqual(kiosk.store, first.store);
		assert.deepEqual(await kiosk.sync(), ['ok']);
		const { ids } = await house.held();
		const wanted = [...new Set([...first.ids, ...second])];
		assert.equal(wanted.length, 14);
		for (const id of wanted)
			assert.equal(ids.filter((x) => x === id).length, 1, `${id} once`);
		assert.equal(new Set(ids).size, ids.length, 'no id twice');
		const digest = await house.digest();
		assert.equal((await kiosk.post(kiosk.batch(1))).json.status, 'ok', 'the folded ones are known when they come again');
		assert.equal(await house.digest(), digest);
	});

	test('a rolled back card is seen by its heartbeat too', async () => {
		const kiosk = await house.station();
		kiosk.checkin();
		const image = kiosk.image();
		kiosk.checkin();
		await kiosk.sync();
		kiosk.putBack({ ...image, cursor: 1 });
		assert.equal((await kiosk.post(kiosk.batch(2, 0))).json.status, 'fork');
	});

	test('an entry beyond authority is kept, refused by name, and blocks nothing', async () => {
		const kiosk = await house.station();
		const who = personId();
		kiosk.checkin();
		const wrong = [
			[kiosk.add('consent', { who, purpose: 'contact', given: true, version: 1 }), 'not-for-this-station'],
			[kiosk.add('hide', { owner: who, of: uuid7() }), 'not-for-this-station'],
			[kiosk.add('setting', { owner: who, name: 'lang', value: 'de' }), 'not-for-this-station'],
			[kiosk.add('checkin', { who, how: 'guess' }), 'malformed-payload'],
			[kiosk.add('checkin', { how: 'chip' }), 'malformed-payload'],
			[kiosk.add('meeting', 'not JSON at all'), 'malformed-payload'],
			[kiosk.add('note', { author: who, of: uuid7() }, { payload: undefined, sealed: b64(crypto.randomBytes(80)) }), 'cannot-be-opened'],
			[kiosk.add('meeting', `{"a":"${who}","b":"${'['.repeat(100)}"`), 'malformed-payload'],
		];
		const good = kiosk.checkin();
		assert.deepEqual(await kiosk.sync(), ['ok']);
		const told = kiosk.reply.refusals;
		// what is sealed is opened after the reply, and told with a later one
		await house.opened();
		assert.deepEqual(await kiosk.sync(), ['ok']);
		const sealed = wrong.filter(([entry]) => entry.sealed);
		const as = ([entry, reason]) => ({ id: entry.id, reason });
		assert.equal(sealed.length, 1);
		assert.deepEqual(told, wrong.filter((x) => !sealed.includes(x)).map(as));
		assert.deepEqual(kiosk.reply.refusals, sealed.map(as));
		const { rows } = await house.held();
		const row = (entry) => rows.find((r) => r.id === hex(entry));
		for (const [entry] of wrong)
			assert.equal(row(entry).refused, 1);
		assert.equal(row(good).refused, 0);
		const counts = (await (await house.organizer()).good('GET', `/v1/events/${house.event}`)).stations.find((s) => s.station === kiosk.id);
		assert.equal(counts.refused, wrong.length, 'the organizer sees how many');
	});

	test('a kind that only a newer station knows is kept without effect, and blocks nothing', async () => {
		const kiosk = await house.station();
		const wave = kiosk.add('wave', { who: personId() }, { number: 19 });
		const good = kiosk.checkin();
		assert.deepEqual(await kiosk.sync(), ['ok']);
		assert.deepEqual(kiosk.reply.refusals, [{ id: wave.id, reason: 'kind wave is not known to this server: update it' }]);
		const { rows } = await house.held();
		assert.deepEqual([wave, good].map((entry) => rows.find((r) => r.id === hex(entry)).refused), [1, 0]);
		const other = await house.station();
		other.add('wave', { who: personId() });
		assert.equal((await other.post(other.batch())).status, 400, 'without its number nobody could check the hash');
	});

	test('a refusal is told until the station says that it heard of it', async () => {
		const kiosk = await house.station();
		const entry = kiosk.add('consent', { who: personId(), purpose: 'card', given: true, version: 1 });
		const refusals = [{ id: entry.id, reason: 'not-for-this-station' }];
		// its reply is lost, once with the batch and once with a heartbeat
		assert.deepEqual((await kiosk.post(kiosk.batch(1))).json.refusals, refusals);
		assert.deepEqual((await kiosk.post(kiosk.batch(2))).json.refusals, refusals);
		await kiosk.sync();
		assert.deepEqual(kiosk.reply.refusals, refusals);
		await kiosk.sync();
		assert.deepEqual(kiosk.reply.refusals, []);
		const { refusal_seq, ...old } = kiosk.batch();
		assert.equal(refusal_seq, 1);
		assert.deepEqual((await kiosk.post(old)).json.refusals, refusals, 'a station that says nothing is told all');
	});

	test('a stream of another event has no effect in this one', async () => {
		const kiosk = await house.station();
		kiosk.event = house.event === 1 ? 2 : house.event - 1;
		kiosk.begin();
		const entry = kiosk.checkin();
		const answer = await kiosk.post(kiosk.batch());
		assert.equal(answer.status, 200, answer.body.toString());
		assert.deepEqual(answer.json.refusals, [{ id: entry.id, reason: 'not-your-event' }]);
	});

	test("another station's stream is refused with 403, and nothing of it is told", async () => {
		const owner = await house.station();
		const other = await house.station();
		owner.checkin();
		await owner.sync();
		other.store = owner.store;
		other.checkin();
		const digest = await house.digest();
		const answer = await other.post({ ...other.batch(), store_id: owner.store });
		assert.equal(answer.status, 403);
		assert.equal(answer.json.durable_seq, undefined);
		assert.ok(answer.signed, 'the refusal is signed, so that the station may believe it');
		assert.equal(await house.digest(), digest);
	});

	test('nobody speaks for a station without its key', async () => {
		const kiosk = await house.station();
		const other = await house.station();
		kiosk.checkin();
		const body = Buffer.from(JSON.stringify(kiosk.batch()));
		const target = `/v1/streams/${kiosk.store}`;
		const good = kiosk.sign('POST', target, body).headers;
		const forged = other.sign('POST', target, body).headers;
		for (const headers of [{}, { ...forged, 'kith-station': kiosk.id }, { ...good, 'kith-station': uuid7() },
			{ ...good, 'kith-nonce': b64(crypto.randomBytes(16)) }, { ...good, 'kith-nonce': b64(crypto.randomBytes(15)) },
			{ ...good, 'kith-signature': '' }, { ...good, 'kith-signature': 'AAAA' }]) {
			const answer = await ask(house.origin, 'POST', target, { body, headers });
			assert.equal(answer.status, 401, JSON.stringify(headers));
		}
		const elsewhere = await ask(house.origin, 'POST', `/v1/streams/${uuid7()}`, { body, headers: good });
		assert.equal(elsewhere.status, 401, 'a signature is for one address');
	});

	test('one bit turned anywhere in a signed batch, and it is refused', async () => {
		const kiosk = await house.station();
		for (let i = 0; i < 3; i++)
			kiosk.meeting();
		const body = Buffer.from(JSON.stringify(kiosk.batch()));
		const target = `/v1/streams/${kiosk.store}`;
		const { headers } = kiosk.sign('POST', target, body);
		const digest = await house.digest();
		// every byte once; which of its bits goes round
		for (let at = 0; at < body.length; at++) {
			const turned = Buffer.from(body);
			turned[at] ^= 1 << (at % 8);
			const answer = await ask(house.origin, 'POST', target, { body: turned, headers });
			assert.equal(answer.status, 401, `byte ${at}`);
		}
		for (const name of Object.keys(headers)) {
			const raw = name === 'kith-station' ? undefined : Buffer.from(headers[name], 'base64url');
			for (let bit = 0; raw && bit < raw.length * 8; bit += 7) {
				const turned = Buffer.from(raw);
				turned[bit >> 3] ^= 1 << (bit & 7);
				const answer = await ask(house.origin, 'POST', target, { body, headers: { ...headers, [name]: b64(turned) } });
				assert.equal(answer.status, 401, `${name} bit ${bit}`);
			}
		}
		assert.equal(await house.digest(), digest);
		assert.equal((await ask(house.origin, 'POST', target, { body, headers })).status, 200, 'untouched it is taken');
	});

	test('one bit turned before signing, in what the chain covers, and the batch is refused whole', async () => {
		const kiosk = await house.station();
		kiosk.meeting();
		const bad = kiosk.meeting();
		kiosk.meeting();
		const digest = await house.digest();
		const flips = { seq: 3, boot_ms: bad.boot_ms + 1, wall_ms: bad.wall_ms ^ 1, quality: 'server', kind: 'checkin',
			id: uuid7(), boot_id: uuid7(), payload: bad.payload.replace('"a"', '"c"'), hash: b64(crypto.randomBytes(32)) };
		for (const [field, value] of Object.entries(flips)) {
			const batch = kiosk.batch();
			batch.entries = batch.entries.map((x) => (x === bad ? { ...x, [field]: value } : x));
			const answer = await kiosk.post(batch);
			assert.equal(answer.status, 400, field);
			assert.match(answer.json.error.text, /entry 2/, `${field}: the error says which entry`);
		}
		assert.equal(await house.digest(), digest, 'the good first entry was not taken alone');
		assert.deepEqual(await kiosk.sync(), ['ok']);
	});

	test('200 recorded batches, sent again in any order: the tables stay the same', async () => {
		const kiosk = await house.station();
		const recorded = [];
		while (recorded.length < 200) {
			kiosk.meeting();
			if (recorded.length % 3 === 0)
				kiosk.add('consent', { who: personId(), purpose: 'card', given: true, version: 1 });
			const target = `/v1/streams/${kiosk.store}`;
			const body = Buffer.from(JSON.stringify(kiosk.batch(Math.max(1, kiosk.cursor - recorded.length % 5), 200)));
			const { headers } = kiosk.sign('POST', target, body);
			const answer = await ask(house.origin, 'POST', target, { body, headers });
			assert.equal(answer.status, 200);
			kiosk.cursor = answer.json.durable_seq;
			recorded.push({ target, body, headers });
		}
		const digest = await house.digest();
		// a shuffle by a fixed key: the same order in every run
		const order = recorded.map((r, i) => [crypto.createHash('sha256').update(`shuffle ${i}`).digest('hex'), r]).sort().map(([, r]) => r);
		for (let i = 0; i < order.length; i += 8)
			await Promise.all(order.slice(i, i + 8).map(async ({ target, body, headers }) => {
				const answer = await ask(house.origin, 'POST', target, { body, headers });
				assert.equal(answer.status, 200);
				assert.equal(answer.json.durable_seq, kiosk.entries.length);
			}));
		assert.equal(await house.digest(), digest);
	});

	test('a batch over the limit is 413 and half of it passes', async () => {
		const kiosk = await house.station();
		const author = personId();
		const of = kiosk.meeting(author).id;
		for (let i = 0; i < 20; i++)
			kiosk.add('note', { author, of, text: 'x'.repeat(15000) });
		let size = 21;
		const sizes = [];
		while (kiosk.cursor < kiosk.entries.length) {
			const answer = await kiosk.post(kiosk.batch(kiosk.cursor + 1, size));
			sizes.push(size);
			if (answer.status === 413)
				size = Math.floor(size / 2);
			else
				kiosk.cursor = answer.json.durable_seq;
		}
		assert.deepEqual(sizes, [21, 10, 10, 10]);
		const many = await house.station();
		for (let i = 0; i < 201; i++)
			many.checkin();
		const answer = await many.post(many.batch(1, 201));
		assert.equal(answer.status, 413);
		assert.match(answer.json.error.text, /200 entries/);
	});

	test('kiosks that fall over one another: 8 at once, each whole', async () => {
		const kiosks = await Promise.all(Array.from({ length: 8 }, () => house.station()));
		await Promise.all(kiosks.map(async (kiosk) => {
			for (let i = 0; i < 30; i++) {
				kiosk.meeting();
				if (i % 4 === 3)
					await kiosk.step();
			}
			await kiosk.sync();
		}));
		const { rows, ids, whole } = await house.held();
		assert.equal(whole, 'ok');
		assert.equal(new Set(ids).size, ids.length);
		for (const kiosk of kiosks) {
			const own = stored(kiosk);
			const mine = rows.filter((r) => own.includes(r.id));
			assert.deepEqual(mine.map((r) => r.seq), own.map((_, i) => i + 1));
		}
	});
});

describe('what is opened after the answer', () => {
	let house;
	before(async () => {
		house = await House.open();
	});
	after(() => house.close());

	test('kill -9 right after the acknowledgement: opened and judged at the next start, each refusal told', async () => {
		const kiosk = await house.station();
		const made = [];
		const told = [];
		const step = async () => {
			assert.equal(await kiosk.step(), 'ok');
			assert.ok(kiosk.reply.refusals.length <= 200, 'no reply tells more than 200');
			told.push(...kiosk.reply.refusals);
			return kiosk.reply.refusals.length;
		};
		for (let round = 0; round < 3; round++) {
			for (let i = 0; i < 150; i++)
				made.push(kiosk.add('note', {}, { payload: undefined, sealed: b64(crypto.randomBytes(200)) }).id);
			await step();
			await house.halt('SIGKILL');
			assert.equal((await house.held()).whole, 'ok');
			await house.run();
		}
		assert.deepEqual((await house.held()).ids, stored(kiosk));
		await house.opened();
		while (await step() > 0)
			;
		assert.deepEqual(told, made.map((id) => ({ id, reason: 'cannot-be-opened' })), 'each once, none left out');
		assert.ok((await house.held()).rows.every((row) => row.refused === 1));
	});
});

describe('backup, more taps, restore, refill', () => {
	let house;
	let kiosk;
	before(async () => {
		house = await House.open();
		kiosk = await house.station();
	});
	after(() => house.close());

	test('safe_seq moves with a verified backup, to what it holds and no further', async () => {
		for (let i = 0; i < 30; i++)
			kiosk.meeting();
		await kiosk.sync();
		assert.equal(kiosk.safe, 0);
		await house.backup();
		for (let i = 0; i < 12; i++)
			kiosk.meeting();
		await kiosk.sync();
		assert.equal(kiosk.safe, 30);
	});

	test('a second backup keeps it at the older one, while that is still offered', async () => {
		await house.backup();
		await kiosk.sync();
		assert.equal(kiosk.safe, 30);
		await house.cli('backup', '--keep', '1', house.backups);
		await kiosk.sync();
		assert.equal(kiosk.safe, 42, 'once only the newest is offered');
	});

	test('a damaged backup is not restored, and the store stays', async () => {
		await house.halt();
		const digest = await house.digest();
		const [name] = fs.readdirSync(house.backups).filter((n) => n.endsWith('.backup'));
		const file = path.join(house.backups, name);
		const kept = fs.readFileSync(file);
		const bad = Buffer.from(kept);
		bad[bad.length >> 1] ^= 1;
		fs.writeFileSync(file, bad);
		const done = await house.try('restore', '--key', house.backupKey, house.backups);
		assert.notEqual(done.status, 0);
		assert.match(done.err, /backup/);
		assert.equal(await house.digest(), digest);
		fs.writeFileSync(file, kept);
		await house.run();
	});

	test('the server restored is filled again, each acknowledged entry there once', async () => {
		for (let i = 0; i < 25; i++)
			kiosk.meeting();
		await kiosk.sync();
		const before = await house.rows('SELECT lower(hex(value)) AS v FROM meta WHERE name = \'timeline\'');
		assert.equal((await house.held()).ids.length, 67);
		await house.halt('SIGKILL');
		await house.restore();
		assert.equal((await house.held()).ids.length, 42, 'the backup is older');
		await house.run();
		kiosk.meeting();
		// the kiosk pruned what was safe: it has no more than that
		const steps = await kiosk.sync();
		assert.equal(steps[0], 'gap', 'the cursor was past what the restored server holds');
		assert.notEqual(kiosk.reply.timeline.replaceAll('-', ''), before[0].v, 'another timeline');
		const { ids, whole } = await house.held();
		assert.deepEqual(ids, stored(kiosk));
		assert.equal(ids.length, 68);
		assert.equal(whole, 'ok');
		assert.ok(kiosk.safe <= 42, 'the refilled entries are not safe yet');
	});

	test('a roster cursor of the time before the restore gives the whole roster', async () => {
		const fresh = await kiosk.roster();
		assert.equal(fresh.json.full, true);
		assert.equal((await kiosk.roster(fresh.json.cursor)).json.full, false);
		assert.equal((await kiosk.roster(`${uuid7()}.1`)).json.full, true);
	});

	test('a heartbeat alone finds out that the server lost something', async () => {
		await house.halt('SIGKILL');
		await house.restore();
		await house.run();
		assert.equal((await kiosk.post(kiosk.batch(kiosk.entries.length + 1, 0))).json.status, 'gap');
		await kiosk.sync();
		assert.deepEqual((await house.held()).ids, stored(kiosk));
	});
});

describe('kill -9 of the server in the middle', () => {
	test('what was acknowledged is there after each of 8 kills, and nothing twice', async () => {
		const house = await House.open();
		try {
			const kiosk = await house.station();
			let acknowledged = 0;
			for (let round = 0; round < 8; round++) {
				const kill = 3 + round * 2;
				const server = house.server;
				for (let i = 0; i < 40; i++) {
					kiosk.meeting();
					const sent = kiosk.step(5).then(() => (acknowledged = Math.max(acknowledged, kiosk.cursor)));
					if (i === kill)
						server.process.kill('SIGKILL');
					if (!(await sent.then(() => true, () => false)) && server.over)
						break;
				}
				await house.halt('SIGKILL');
				const { ids, whole } = await house.held();
				assert.equal(whole, 'ok');
				assert.ok(ids.length >= acknowledged, `round ${round}: ${ids.length} held, ${acknowledged} acknowledged`);
				assert.deepEqual(ids, stored(kiosk).slice(0, ids.length));
				await house.run();
			}
			await kiosk.sync();
			assert.deepEqual((await house.held()).ids, stored(kiosk));
		} finally {
			await house.close();
		}
	});
});

describe('clocks', () => {
	let house;
	before(async () => {
		house = await House.open({ attendees: [{ name: 'Ana' }, { name: 'Ben' }, { name: 'Cem' }, { name: 'Dua' }] });
	});
	after(() => house.close());

	test('whatever the wall clock says, the boot clock and one anchor give the true time', async () => {
		const organizer = await house.organizer();
		const list = () => organizer.good('GET', `/v1/events/${house.event}/attendees`).then((r) => r.attendees ?? r);
		const people = await list();
		const years = { 1970: 0, 2000: Date.UTC(2000, 0, 1), 2106: Date.UTC(2106, 1, 8), ahead: Date.now() + 3600000 };
		let i = 0;
		for (const [year, wall] of Object.entries(years)) {
			// the check-in was 90 minutes before the first contact
			const boot = new Boot({ wall: () => wall, quality: 'unset', ahead: 6000000 });
			const kiosk = await house.station({ boot });
			const person = people[i++];
			const happened = Date.now() - 5400000;
			kiosk.checkin(person.id, { boot_ms: boot.now().boot_ms - 5400000 });
			await kiosk.sync();
			const row = await until('the check-in', async () => (await list()).find((r) => r.id === person.id && r.checked_in_ms));
			assert.ok(Math.abs(row.checked_in_ms - happened) < 2000, `${year}: off by ${row.checked_in_ms - happened} ms`);
		}
	});
});
