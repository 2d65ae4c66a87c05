// TLS as it goes wrong at venues: replaced keys, wrong years, expired certificates, somebody in between.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import tls from 'node:tls';
import { after, before, describe, test } from 'node:test';
import { CameraKiosk, fakeClock } from './lib/camera-kiosk.mjs';
import { certificate } from './lib/certificates.mjs';
import { run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { ask } from './lib/station.mjs';
import { Cable, freePort, until } from './lib/world.mjs';

const use = (pair) => ['--tls-cert', pair.cert, '--tls-key', pair.key];

/** A TLS connection with these settings: the version agreed on, or the error's code. */
function greet(port, options) {
	return new Promise((resolve) => {
		const socket = tls.connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...options }, () => {
			resolve(`${socket.getProtocol()} ${socket.getCipher().standardName}`);
			socket.destroy();
		});
		socket.on('error', (error) => resolve(error.code));
	});
}

describe('a server with TLS', () => {
	let house;
	let pair;
	let next;
	let tickets;
	before(async () => {
		house = await House.open({ scheme: 'https', closed: true, attendees: ['Ana', 'Ben', 'Cem', 'Dua', 'Eli'].map((name) => ({ name })) });
		pair = await certificate(house.dir, 'server');
		next = await certificate(house.dir, 'next');
		tickets = await house.tickets();
		house.args = [...use(pair), '--pin-cert', next.cert];
		await house.run();
	});
	after(() => house.close());

	test('speaks TLS 1.2 and 1.3 with forward secrecy, and nothing older', async () => {
		const old = { ciphers: 'DEFAULT@SECLEVEL=0' };
		// an alert, or the end of the connection where that comes first
		const refusal = /^(ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION|ERR_SSL_.*HANDSHAKE_FAILURE|ECONNRESET)$/;
		assert.match(await greet(house.port, {}), /^TLSv1\.3 /);
		assert.match(await greet(house.port, { maxVersion: 'TLSv1.2' }), /^TLSv1\.2 TLS_ECDHE_/);
		for (const version of ['TLSv1', 'TLSv1.1'])
			assert.match(await greet(house.port, { minVersion: version, maxVersion: version, ...old }), refusal);
		for (const ciphers of ['AES128-SHA', 'AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA'])
			assert.match(await greet(house.port, { maxVersion: 'TLSv1.2', ciphers: `${ciphers}@SECLEVEL=0` }), refusal, ciphers);
	});

	test('a second TLS library agrees', async () => {
		const say = (version) => run('gnutls-cli', ['--insecure', '--priority', `NORMAL:-VERS-ALL:+VERS-TLS${version}`,
			'-p', String(house.port), '127.0.0.1']);
		assert.match((await say('1.2')).out, /Handshake was completed/);
		const old = await say('1.1');
		assert.notEqual(old.status, 0);
		assert.doesNotMatch(old.out, /Handshake was completed/);
	});

	test('does not answer plain HTTP on its TLS port', async () => {
		await assert.rejects(ask(`http://${house.host}`, 'GET', '/healthz'));
	});

	test('a kiosk enrols, keeps the pins of this key and the next, and syncs', async () => {
		const kiosk = new CameraKiosk(house, { name: 'pins' });
		await kiosk.enrol();
		assert.deepEqual(kiosk.identity.pins, [pair.pin, next.pin]);
		assert.equal(fs.statSync(kiosk.identityFile).mode & 0o777, 0o600);
		await kiosk.run();
		await kiosk.ready();
		await kiosk.checkIn(tickets[0]);
		await kiosk.synced();
		await kiosk.end();
	});

	test('somebody in between with a certificate of their own does not get an enrolment', async () => {
		const theirs = await certificate(house.dir, 'between');
		const seen = [];
		const between = tls.createServer({ cert: fs.readFileSync(theirs.cert), key: fs.readFileSync(theirs.key) }, (near) => {
			const far = tls.connect({ host: '127.0.0.1', port: house.port, rejectUnauthorized: false });
			near.on('data', (part) => seen.push(part)).on('error', () => far.destroy()).pipe(far);
			far.on('error', () => near.destroy()).pipe(near);
		});
		between.on('tlsClientError', () => {});
		await new Promise((done) => between.listen(0, '127.0.0.1', done));
		try {
			const kiosk = new CameraKiosk(house, { name: 'fooled', url: `https://127.0.0.1:${between.address().port}` });
			const said = await kiosk.tryEnrol();
			assert.notEqual(said.status, 0);
			assert.match(said.err, /somebody stands between/);
			assert.match(Buffer.concat(seen).toString(), /POST \/v1\/enrol/, 'it did pass through there');
			assert.ok(!fs.existsSync(kiosk.identityFile), 'nothing was kept');
		} finally {
			await new Promise((done) => between.close(done));
		}
	});

	test('a code works once, and a wrong one says what to do', async () => {
		const code = await house.enrolCode();
		const kiosk = new CameraKiosk(house, { name: 'first' });
		assert.equal((await kiosk.tryEnrol(code)).status, 0);
		const other = new CameraKiosk(house, { name: 'second' });
		for (const wrong of [code, 'ABCD-EFGH-JKMN-PQRS']) {
			const said = await other.tryEnrol(wrong);
			assert.notEqual(said.status, 0);
			assert.match(said.err, /ask for a new one/);
		}
		assert.match((await other.tryEnrol('ABC')).err, /16 characters/);
		assert.match((await other.tryEnrol(code, { url: 'http://192.0.2.1' })).err, /https/);
		assert.match((await other.tryEnrol(code, { url: 'ftp://kith.example' })).err, /https:\/\//);
		assert.match((await kiosk.tryEnrol(await house.enrolCode())).err, /enrolled already/);
	});

	for (const [year, at] of [['1971', '@1971-03-04 05:06:07'], ['2000', '@2000-01-01 00:00:00'], ['2105', '@2105-12-31 00:00:00']])
		test(`a kiosk in the year ${year} enrols and syncs: the pin vouches for the server`, async () => {
			const env = fakeClock(at);
			const kiosk = new CameraKiosk(house, { name: `year-${year}` });
			await kiosk.enrol({ env });
			await kiosk.run({ env });
			await kiosk.online();
			await kiosk.end();
			const [row] = await house.rows(`SELECT seen_ms FROM station WHERE hex(id) = '${kiosk.identity.station.replaceAll('-', '').toUpperCase()}'`);
			assert.ok(Math.abs(Date.now() - row.seen_ms) < 60000, 'in the server\'s time');
		});

	async function serveWith(args) {
		await house.halt();
		house.args = args;
		await house.run();
	}

	test('an expired certificate with the pinned key, and one not yet valid: it still syncs', async () => {
		const kiosk = new CameraKiosk(house, { name: 'dates' });
		await kiosk.enrol();
		await kiosk.run();
		await kiosk.ready();
		const dates = [['expired', '2020-01-01 00:00:00', '2021-01-01 00:00:00', tickets[1]], ['early', '2098-01-01 00:00:00', '2099-01-01 00:00:00', tickets[4]]];
		for (const [name, from, to, ticket] of dates) {
			await serveWith(use(await certificate(house.dir, name, { from, to, same: pair })));
			await kiosk.checkIn(ticket);
			await kiosk.synced();
		}
		await kiosk.end();
	});

	test('a replaced key is refused and said, taps go on, and the true key or the next one ends it', async () => {
		await serveWith([...use(pair), '--pin-cert', next.cert]);
		const stranger = await certificate(house.dir, 'stranger');
		const cable = await Cable.between(house.port);
		const kiosk = new CameraKiosk(house, { name: 'replaced', url: `https://127.0.0.1:${cable.port}` });
		try {
			await kiosk.enrol();
			await kiosk.run();
			await kiosk.ready();
			await serveWith(use(stranger));
			await kiosk.checkIn(tickets[2]);
			await kiosk.screen.see('trouble with the server', (s) => s.link.pending === 1 && s.link.server === 'refused', 40000);
			await until('the journal', () => /not the server that this kiosk was enrolled with/.test(kiosk.said));
			await kiosk.checkIn(tickets[3]);
			assert.equal((await kiosk.entries()).length, 2, 'nothing was lost');
			// between two tries it looks each second who is there; without that, each try is one connection
			let failures;
			let connections;
			await until('probes while it waits', async () => {
				const now = await kiosk.metric('kith_kiosk_sync_failures_total');
				if (now !== failures)
					[failures, connections] = [now, cable.connections];
				return cable.connections - connections >= 3;
			}, 60000);
			await serveWith(use(next));
			await kiosk.synced(20000);
		} finally {
			await kiosk.end();
			await cable.stop();
		}
		const rows = await house.rows(`SELECT count(*) AS n FROM entry JOIN stream USING (stream) JOIN station ON station.station = stream.station
			WHERE hex(station.id) = '${kiosk.identity.station.replaceAll('-', '').toUpperCase()}'`);
		assert.equal(rows[0].n, 2);
	});
});

describe('what a server refuses to start with', () => {
	let house;
	let pair;
	let other;
	before(async () => {
		house = await House.open({ closed: true });
		pair = await certificate(house.dir, 'server');
		other = await certificate(house.dir, 'other');
	});
	after(() => house.close());

	const refused = async (args, words, status) => {
		for (const more of [[], ['--check-config']]) {
			const said = await house.try('run', '--listen', '127.0.0.1:0', ...args, ...more);
			assert.match(said.err, words);
			assert.equal(said.status, status);
			assert.doesNotMatch(said.out, /ready|ok/);
		}
	};

	test('a key that others may read', async () => {
		for (const mode of [0o644, 0o640, 0o604]) {
			const key = path.join(house.dir, `open-${mode.toString(8)}.key`);
			fs.copyFileSync(pair.key, key);
			fs.chmodSync(key, mode);
			await refused(['--tls-cert', pair.cert, '--tls-key', key], /chmod 600/, 77);
		}
	});

	test("a certificate without its key, another's key, no file, no PEM", async () => {
		const junk = path.join(house.dir, 'junk.pem');
		fs.writeFileSync(junk, '-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n', { mode: 0o600 });
		await refused(['--tls-cert', pair.cert], /--tls-cert and --tls-key belong together/, 64);
		await refused(['--tls-key', pair.key], /--tls-cert and --tls-key belong together/, 64);
		await refused(['--tls-cert', path.join(house.dir, 'none.pem'), '--tls-key', pair.key], /none\.pem.*No such file/, 74);
		await refused(['--tls-cert', pair.cert, '--tls-key', path.join(house.dir, 'none.key')], /none\.key.*No such file/, 74);
		await refused(['--tls-cert', pair.cert, '--tls-key', other.key], /certificate and key/, 65);
		await refused(['--tls-cert', junk, '--tls-key', pair.key], /certificate and key/, 65);
		await refused(['--tls-cert', pair.cert, '--tls-key', junk], /certificate and key/, 65);
	});

	test('a plain listener outside loopback', async () => {
		const port = await freePort();
		for (const address of [`0.0.0.0:${port}`, `[::]:${port}`]) {
			const said = await house.try('run', '--listen', address);
			assert.equal(said.status, 64, said.err);
			assert.match(said.err, /without TLS: give a certificate and key, or name the proxy/);
			assert.doesNotMatch(said.out, /ready/);
		}
	});
});
