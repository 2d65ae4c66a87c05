// What comes broken, too large or with bad intent, through the real programs: a clear error each,
// nothing lost, the next person served.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import zlib from 'node:zlib';
import { bin, run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { ask, personId } from './lib/station.mjs';
import { must, until, World } from './lib/world.mjs';

describe('a server that is sent rubbish', () => {
	let house;
	let kiosk;
	before(async () => {
		house = await House.open();
		kiosk = await house.station();
	});
	after(() => house.close());

	const batches = {
		'nothing': '',
		'no JSON': 'BEGIN:VCARD',
		'half a batch': (text) => text.slice(0, text.length / 2),
		'one byte less': (text) => text.slice(0, -1),
		'one byte more': (text) => `${text}}`,
		'two batches': (text) => text + text,
		'a list': '[]',
		'a number': '7',
		'a NUL': (text) => text.replace('"event"', '"eve\0nt"'),
		'bytes that are no UTF-8': (text) => Buffer.concat([Buffer.from(text.slice(0, -1)), Buffer.from([0xff, 0xfe, 0x7d])]),
		'deep nesting': `{"store_id":${'['.repeat(50000)}`,
		'a key twice': (text) => text.replace('"event":', '"event":1,"event":'),
		'a huge number': (text) => text.replace(/"from_seq":\d+/, '"from_seq":99999999999999999999999'),
		'a negative number': (text) => text.replace(/"from_seq":\d+/, '"from_seq":-1'),
		'zero': (text) => text.replace(/"from_seq":\d+/, '"from_seq":0'),
		'a fraction': (text) => text.replace(/"from_seq":\d+/, '"from_seq":1.5'),
		'no store': (text) => text.replace(/"store_id":"[^"]*"/, '"store_id":"here"'),
		'a short hash': (text) => text.replace(/"prev_hash":"[^"]*"/, '"prev_hash":"AAAA"'),
		'entries that are no list': (text) => text.replace(/"entries":.*/, '"entries":{}}'),
		'an entry that is no object': (text) => text.replace(/"entries":.*/, '"entries":[7]}'),
		'an unknown kind': (text) => text.replace('"kind":"meeting"', '"kind":"party"'),
		'an unknown clock': (text) => text.replace('"quality":"ntp"', '"quality":"sundial"'),
	};

	test('answers each broken batch with what is wrong, signed, and takes nothing of it', async () => {
		kiosk.meeting();
		const good = JSON.stringify(kiosk.batch());
		const digest = await house.digest();
		for (const [name, make] of Object.entries(batches)) {
			const body = Buffer.from(typeof make === 'function' ? make(good) : make);
			const answer = await kiosk.request('POST', `/v1/streams/${kiosk.store}`, body);
			assert.equal(answer.status, name === 'deep nesting' ? 413 : 400, `${name}: ${answer.body}`);
			assert.ok(answer.signed, name);
			assert.ok(answer.json.error.text.length > 8, name);
		}
		assert.equal(await house.digest(), digest);
		assert.deepEqual(await kiosk.sync(), ['ok'], 'the good one passes');
	});

	test('refuses what is too large before it is read, and bombs that only look small', async () => {
		const target = `/v1/streams/${kiosk.store}`;
		const large = Buffer.alloc(300 << 10, 0x20);
		assert.equal((await kiosk.request('POST', target, large)).status, 413);
		const bomb = Buffer.alloc(64 << 20);
		const { headers } = kiosk.sign('POST', target, bomb);
		const packed = zlib.gzipSync(bomb);
		assert.ok(packed.length < 100 << 10);
		assert.equal((await ask(house.origin, 'POST', target, { body: packed, headers: { ...headers, 'content-encoding': 'gzip' } })).status, 413);
		for (const body of [packed.subarray(0, 100), Buffer.from('not gzip'), Buffer.concat([zlib.gzipSync('{}'), Buffer.from('more')])]) {
			const signed = kiosk.sign('POST', target, body).headers;
			const answer = await ask(house.origin, 'POST', target, { body, headers: { ...signed, 'content-encoding': 'gzip' } });
			assert.ok([400, 401].includes(answer.status), `${answer.status}`);
		}
		kiosk.meeting();
		assert.deepEqual(await kiosk.sync(), ['ok']);
	});

	/** Raw bytes on a socket; everything that comes back until the server hangs up or says enough. */
	function raw(bytes) {
		return new Promise((resolve, reject) => {
			const socket = net.connect(house.port, '127.0.0.1', () => socket.end(bytes));
			let text = '';
			socket.setEncoding('latin1').on('data', (part) => (text += part)).on('close', () => resolve(text)).on('error', reject);
		});
	}

	test('never runs a second request that was smuggled behind the first', async () => {
		const host = `Host: ${house.host}\r\n`;
		const hidden = `GET /v1/roster HTTP/1.1\r\n${host}\r\n`;
		const forms = [
			`POST /v1/signin HTTP/1.1\r\n${host}Content-Length: 2\r\nContent-Length: ${2 + hidden.length}\r\n\r\n{}${hidden}`,
			`POST /v1/signin HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${hidden}`,
			`GET /healthz HTTP/1.1\r\n${host}Host: elsewhere.example\r\n\r\n`,
			`GET /healthz HTTP/1.1\r\n${host}X-A: b\r\n folded: c\r\n\r\n`,
			`GET /healthz HTTP/1.1\n${host.replace('\r', '')}\n`,
			`GET /healthz HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`,
			'GET /healthz HTTP/1.1\r\n\r\n',
			`GET /healthz%00 HTTP/1.1\r\n${host}\r\n`,
			`GET /v1/queue.ics?key=a&key=b HTTP/1.1\r\n${host}\r\n`,
		];
		for (const form of forms) {
			const answer = await raw(form);
			assert.match(answer, /^(HTTP\/1\.1 400 |$)/, JSON.stringify(form.slice(0, 80)));
			assert.equal(answer.split('HTTP/1.1 ').length, answer ? 2 : 1, 'one answer at most');
		}
		assert.equal((await ask(house.origin, 'GET', '/healthz')).status, 200);
	});

	test('finds no file and no person by a crooked path', async () => {
		for (const target of ['/..%2f..%2fetc/passwd', '/assets/../../../etc/passwd', '/assets/%2e%2e/%2e%2e/etc/passwd', '/assets//etc/passwd',
			'/v1/events/1%20OR%201=1', "/v1/events/1'--", '/v1/streams/..', `/${'a'.repeat(7000)}`]) {
			const answer = await ask(house.origin, 'GET', target);
			assert.ok([400, 401, 403, 404, 405].includes(answer.status), `${target}: ${answer.status}`);
			assert.doesNotMatch(answer.body.toString(), /root:/);
		}
	});
});

describe('a list of attendees with mistakes', () => {
	let house;
	before(async () => {
		house = await House.open({ closed: true });
	});
	after(() => house.close());

	const lists = [
		['nothing', '', /empty|no |header/i],
		['no name column', 'organization,email\nAcme,a@example.org\n', /name/],
		['an unclosed quote', 'name,email\n"Ana,a@example.org\n', /:2: /],
		['a row without a name', 'name,email\nAna,a@example.org\n,b@example.org\n', /:3: name/],
		['too many cells', 'name,email\nAna,a@example.org,more,and more\n', /:2: /],
		['no address', 'name,email\nAna,not an address\n', /:2: email/],
		['a wrong consent', 'name,consent_card\nAna,maybe\n', /:2: consent_card/],
		['a NUL', 'name\nAn\0a\n', /:2: |NUL|control/],
		['a name of a megabyte', `name\n${'x'.repeat(1 << 20)}\n`, /:2: name/],
		['the same column twice', 'name,name\nAna,Ben\n', /:1: |twice/],
	];
	for (const [name, text, words] of lists)
		test(`${name}: the line is named, and nothing is imported`, async () => {
			const file = path.join(house.dir, 'list.csv');
			fs.writeFileSync(file, text);
			const said = await house.try('import', String(house.event), file);
			assert.notEqual(said.status, 0, said.out);
			assert.match(said.err, words);
			assert.ok(said.err.includes(file), 'and the file');
			assert.deepEqual(await house.rows("SELECT 1 FROM attendee WHERE name <> ''"), []);
		});

	test('every mistake of a long list is named at once', async () => {
		const file = path.join(house.dir, 'list.csv');
		fs.writeFileSync(file, `name,email\n${Array.from({ length: 20 }, (_, i) => (i % 5 ? `Guest ${i},g${i}@example.org` : `,g${i}@example.org`)).join('\n')}\n`);
		const said = await house.try('import', String(house.event), file);
		assert.deepEqual([...said.err.matchAll(/list\.csv:(\d+):/g)].map((m) => Number(m[1])), [2, 7, 12, 17]);
		assert.match(said.err, /4 problems: nothing was imported/);
	});

	test('a formula in a name is a name', async () => {
		const file = path.join(house.dir, 'list.csv');
		fs.writeFileSync(file, 'name,organization\n"=HYPERLINK(""http://evil.example"")","@SUM(1)"\n<script>alert(1)</script>,-2+3\n');
		await house.cli('import', String(house.event), file);
		assert.equal((await house.rows("SELECT 1 FROM attendee WHERE name <> ''")).length, 2);
	});
});

describe('configuration with mistakes', () => {
	let house;
	before(async () => {
		house = await House.open({ closed: true });
	});
	after(() => house.close());

	const files = [
		['half a line', 'state_dir', /:1: /],
		['an unknown key', '# fine\n\ncolour = red\n', /:3: .*colour/],
		['a NUL', 'role = door\0x\n', /:1: a NUL/],
		['bytes that are no UTF-8', Buffer.from([0x72, 0x6f, 0x6c, 0x65, 0x20, 0x3d, 0x20, 0xff, 0x0a]), /UTF-8/],
		['a role that is none', 'role = throne\n', /door, lounge, mixed or booth/],
		['a reader that is none', 'reader = oracle /dev/null\n', /oracle/],
		['too large', '#'.repeat(100 << 10), /65536|64|large/],
		['a key twice', 'role = door\nrole = lounge\n', /:2: .*(twice|already|before)/],
	];
	for (const [name, text, words] of files)
		test(`${name}: file and line are named`, async () => {
			const file = path.join(house.dir, 'kiosk.conf');
			fs.writeFileSync(file, text);
			const said = await run(path.join(bin, 'kith-kiosk'), ['--config', file, '--check-config']);
			assert.notEqual(said.status, 0);
			assert.match(said.err, words);
			assert.ok(said.err.includes(file), said.err);
		});

	test('an identity that others can read, or half of one, is refused with what to do', async () => {
		const state = path.join(house.dir, 'state');
		fs.mkdirSync(state, { mode: 0o700 });
		const file = path.join(house.dir, 'kiosk.conf');
		fs.writeFileSync(file, `state_dir = ${state}\nscreen_listen = 127.0.0.1:0\n`);
		const start = () => run(path.join(bin, 'kith-kiosk'), ['--config', file, 'run']);
		const identity = path.join(state, 'identity.json');
		fs.writeFileSync(identity, '{"station":"', { mode: 0o600 });
		assert.match((await start()).err, /identity\.json/);
		fs.writeFileSync(identity, '{}', { mode: 0o600 });
		assert.match((await start()).err, /enrol again/);
		fs.chmodSync(identity, 0o644);
		assert.match((await start()).err, /chmod 600/);
	});
});

describe('a kiosk that is shown rubbish', () => {
	let world;
	before(async () => {
		world = await World.start();
	});
	after(() => world?.stop());

	const served = async (key) => {
		await world.screen.shows('idle', 60000);
		await world.tap(key, 'welcome');
		await world.screen.act('finish');
		await world.screen.shows('idle');
	};

	test('by chips: torn, noisy, foreign and forged ones, and the next guest is greeted', async () => {
		const { chip } = world;
		const image = path.join(world.dir, 'tag.bin');
		await chip.send(`tag save ana ${image}`);
		const good = fs.readFileSync(image);
		const broken = {
			'no message at all': (b) => b.fill(0, 16),
			'a length past the end': (b) => b.fill(0xff, 17, 20),
			'a cut message': (b) => b.fill(0, 60),
			'noise': (b) => crypto.createHash('shake256', { outputLength: b.length - 16 }).update('noise').digest().copy(b, 16),
			'a turned bit in the signature': (b) => (b[120] ^= 4),
			'endless TLVs': (b) => b.fill(0x01, 16),
		};
		let i = 0;
		for (const [name, breakIt] of Object.entries(broken)) {
			const bytes = Buffer.from(good);
			breakIt(bytes);
			const tag = `broken${i++}`;
			fs.writeFileSync(image, bytes);
			await chip.send(`tag new ${tag} ntag215`);
			await chip.send(`tag load ${tag} ${image}`);
			await world.screen.shows('idle', 60000);
			const state = await world.tap(tag, 'refused');
			assert.ok(state.reason, name);
		}
		await served('ben');
		const log = await world.log();
		assert.deepEqual(log.filter((x) => x.kind !== 'refused').map((x) => x.kind), ['checkin']);
	});

	test('by codes: too long, foreign, half, hostile, and the next guest is greeted', async () => {
		const codes = ['x'.repeat(2300), 'BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Half', `BEGIN:VCARD\r\nFN:${'A'.repeat(2200)}\r\nEND:VCARD\r\n`,
			'BEGIN:VCARD\r\n'.repeat(150), `https://${world.host}/b#${'A'.repeat(2000)}`, `https://${world.host}/t#0000-0000-0000-0000`,
			`https://${world.host}/b#../../etc/passwd`, 'https://evil.example/b#AAAAAAAAAAAAAAAAAAAAAA', 'MECARD:;;;;;;', `MECARD:N:${'\\'.repeat(900)}`,
			"'; DROP TABLE entry; --", '<img src=x onerror=alert(1)>', '\u202Egnp.exe', `WIFI:S:${personId()};;`];
		for (const code of codes)
			await world.show(code);
		await world.show('BEGIN:VCARD\r\nVERSION:3.0\r\nFN:The Last\r\nEND:VCARD\r\n');
		await world.screen.see('the last of them', (s) => s.other?.name === 'The Last');
		await world.screen.see('the camera, still there', (s) => s.readers.every((r) => r.state === 'ready'));
		await world.screen.act('finish');
		await served('chidi');
		assert.ok((await world.log()).every((x) => ['checkin', 'refused', 'contact'].includes(x.kind)));
	});

	test('by pictures: cut, empty, lying about their size, and the next code is read', async () => {
		const drop = (name, bytes) => {
			fs.writeFileSync(path.join(world.dir, name), bytes);
			fs.renameSync(path.join(world.dir, name), path.join(world.camera, name));
		};
		const whole = path.join(world.dir, 'whole.png');
		await must('kith-badge', ['qr', '--out', whole, '--module', '6', '-'], { input: 'a code' });
		const png = fs.readFileSync(whole);
		const bomb = Buffer.from(png);
		bomb.writeUInt32BE(65535, 16);
		bomb.writeUInt32BE(65535, 20);
		drop('shot-900001.png', png.subarray(0, png.length / 2));
		drop('shot-900002.png', Buffer.alloc(0));
		drop('shot-900003.png', bomb);
		drop('shot-900004.jpg', Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16]));
		drop('shot-900005.png', Buffer.from('not a picture'));
		world.shots = 900010;
		const code = (await world.cli('ticket', world.event, world.person('dora').id)).trim().split('\n')[1];
		await world.screen.shows('idle', 60000);
		await world.show(code);
		await world.screen.shows('welcome');
	});

	test('by touches that no page sends', async () => {
		const post = (body, headers = {}) => fetch(`${world.screen.origin}/act`, { method: 'POST', body,
			headers: { 'content-type': 'application/json', origin: world.screen.origin, ...headers } });
		for (const [body, status] of [['', 400], ['{', 400], ['[]', 400], ['{"rev":-1,"act":"undo"}', 400], [`{"rev":1,"act":"${'x'.repeat(3000)}"}`, 400],
			[`{"rev":${world.screen.state.rev},"act":"dance"}`, 400], ['x'.repeat(1 << 20), 413]]) {
			const answer = await post(body).catch(() => ({ status: 413 }));
			assert.equal(answer.status, status, body.slice(0, 40));
		}
		assert.equal((await post('{"rev":1,"act":"undo"}', { origin: 'http://evil.example' })).status, 403);
		await served('elif');
	});

	test('and the server gets every entry that was shown', async () => {
		await world.synced();
		const kinds = (await world.log()).filter((x) => x.kind === 'checkin');
		assert.equal(kinds.length, 4);
		await until('the counts', async () => (await world.organizer.good('GET', `/v1/events/${world.event}`)).counts.checked_in === 4);
	});
});
