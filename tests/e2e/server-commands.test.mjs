// kith-server's commands: alone, beside a running server, and with what people get wrong.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { bin, run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { until } from './lib/world.mjs';

const server = (...args) => run(path.join(bin, 'kith-server'), args);

describe('kith-server', () => {
	let house;
	before(async () => {
		house = await House.open();
	});
	after(() => house.close());

	const file = (name, text) => {
		const at = path.join(house.dir, name);
		fs.writeFileSync(at, text, { mode: 0o600 });
		return at;
	};

	test('help names every command, from the table that dispatches', async () => {
		const seen = await server('--help');
		assert.equal(seen.status, 0);
		for (const command of ['event add', 'event set', 'import', 'enrol', 'ticket', 'badge revoke', 'organizer add', 'backup', 'restore', 'export', 'run'])
			assert.match(seen.out, new RegExp(`^  ${command} `, 'm'));
		assert.match((await server('--version')).out, /^kith-server \d/);
	});

	test('wrong usage says what is wrong and exits with 64', async () => {
		for (const [args, words] of [
			[[], /usage/],
			[['run'], /--store is missing/],
			[['--store', house.store, 'fly'], /no command "fly"/],
			[['--store', house.store, 'run'], /--listen/],
			[['--store', house.store, 'event', 'add'], /argument is missing/],
			[['--store', house.store, 'event', 'add', 'A', 'B'], /one argument too many/],
			[['--store', house.store, 'event', 'add', 'A', '--host', 'http:\/\/x'], /--host/],
			[['--store', house.store, 'event', 'set', String(house.event), 'colour', 'red'], /no setting "colour"/],
			[['--store', house.store, 'event', 'set', String(house.event), 'badge_checkin', 'perhaps'], /yes or no/],
			[['--store', house.store, 'event', 'set', String(house.event), 'starts', '2026-02-30'], /a date is like/],
			[['--store', house.store, 'event', 'set', String(house.event), 'name', 'A', 'B'], /one value/],
			[['--store', house.store, 'event', 'set', String(house.event), 'host', 'http://x'], /host/],
			[['--store', house.store, 'run', '--listen', '127.0.0.1:0', '--threads', 'x'], /--threads/],
			[['--store', house.store, 'ticket', String(house.event), 'nobody'], /no attendee's id/],
			[['--store', house.store, 'badge', 'revoke', String(house.event), 'nobody'], /no badge's id/],
		]) {
			const seen = await server(...args);
			assert.deepEqual([seen.status, words.test(seen.err)], [64, true], `${args.join(' ')}: ${seen.status} ${seen.err}`);
		}
	});

	test('the attendees come out as a list that goes in again, each with the badge that holds', async () => {
		const list = file('people.csv', 'name,organization,email,badge\r\n"Zoe ""Z"" Ek",Acme,zoe@example.org,-BBBBBBBBBBBBBBBBBBBBA\r\n'
			+ '=Mo,,mo@example.org,AAECAwQFBgcICQoLDA0ODw\r\n');
		const imported = await server('--store', house.store, 'import', String(house.event), list);
		assert.equal(imported.status, 0, imported.err);
		const seen = await server('--store', house.store, 'export', String(house.event), 'attendees');
		assert.equal(seen.status, 0, seen.err);
		const lines = seen.out.replace(/^\ufeff/, '').trim().split('\r\n');
		assert.equal(lines[0], '"id","name","organization","title","email","lang","badge"');
		const zoe = lines.find((l) => l.includes('zoe@'));
		assert.match(zoe, /^"[\w-]{22,36}","Zoe ""Z"" Ek","Acme","","zoe@example.org","","f8104104-1041-0410-4104-104104104104"$/);
		assert.match(lines.find((l) => l.includes('mo@')), /,"'=Mo",.*,"AAECAwQFBgcICQoLDA0ODw"$/);
		const back = await server('--store', house.store, 'import', String(house.event), file('back.csv', seen.out), '--preview');
		assert.equal(back.status, 0, back.err);
		assert.match(back.out, /\b0 new/);
		await server('--store', house.store, 'badge', 'revoke', String(house.event), 'AAECAwQFBgcICQoLDA0ODw');
		const after = await server('--store', house.store, 'export', String(house.event), 'attendees');
		assert.match(after.out, /"mo@example.org","",""\r\n/);
		assert.equal((await server('--store', house.store, 'export', String(house.event), 'attendees', '--format', 'json')).status, 64);
	});

	test('a signing key is followed by the next, and its badges hold for the days given', async () => {
		const added = await server('--store', house.store, 'event', 'add', 'Keys', '--host', 'k.example');
		const event = added.out.trim();
		const keys = async () => (await server('--store', house.store, 'export', event, 'keys')).out.trim().split('\n');
		const first = await keys();
		assert.deepEqual([first[0], first.length], ['kith-event-keys-1', 2]);
		assert.match(first[1], new RegExp(`^${event}\\.1\\.[\\w-]{43}$`));
		const rotated = await server('--store', house.store, 'event', 'rekey', event, '--days', '7');
		assert.deepEqual([rotated.status, rotated.out], [0, '2\n'], rotated.err);
		const both = await keys();
		assert.match(both[1], new RegExp(`^${first[1].replaceAll('.', '\\.')} until 20\\d\\d-\\d\\d-\\d\\dT`));
		const left = (Date.parse(both[1].split(' until ')[1]) - Date.now()) / 86400000;
		assert.ok(left > 6.9 && left <= 7, `${left} days`);
		assert.match(both[2], new RegExp(`^${event}\\.2\\.[\\w-]{43}$`));
		const signing = await server('--store', house.store, 'event', 'key', event);
		assert.match(signing.out, /^key 2$/m);
		// the next one at once: what the second signed holds no more, the first keeps its days
		assert.equal((await server('--store', house.store, 'event', 'rekey', event, '--days', '0')).out, '3\n');
		const after = await keys();
		assert.deepEqual(after.slice(1).map((l) => l.split('.')[1]), ['1', '2', '3']);
		assert.equal(after[1], both[1]);
		assert.ok(Date.parse(after[2].split(' until ')[1]) <= Date.now());
		assert.equal((await server('--store', house.store, 'event', 'rekey', '4711')).status, 66);
		assert.equal((await server('--store', house.store, 'event', 'rekey', event, '--days', 'x')).status, 64);
		assert.equal((await server('--store', house.store, 'export', event, 'revoked')).out, 'kith-revoked-1\n');
	});

	test('what is not there is named', async () => {
		const nowhere = await server('--store', path.join(house.dir, 'nowhere'), 'event', 'list');
		assert.equal(nowhere.status, 66);
		assert.match(nowhere.err, /event add/);
		const postgres = await server('--store', 'postgresql://localhost/kith', 'event', 'list');
		assert.match(postgres.err, /not built in yet/);
		assert.equal((await house.try('import', '7', file('a.csv', 'name\nA\n'))).status, 66);
	});

	test('a store that others may enter is refused', async () => {
		const open = path.join(house.dir, 'open');
		fs.mkdirSync(open);
		fs.chmodSync(open, 0o755);
		const seen = await server('--store', open, 'event', 'add', 'A');
		assert.equal(seen.status, 77);
		assert.match(seen.err, /chmod 700/);
	});

	test('one server to a store', async () => {
		const second = await server('--store', house.store, 'run', '--listen', '127.0.0.1:0');
		assert.equal(second.status, 73);
		assert.match(second.err, /another kith-server holds the store/);
	});

	test('--check-config looks and does not serve', async () => {
		const elsewhere = path.join(house.dir, 'checked');
		const good = await server('--store', elsewhere, 'run', '--listen', '127.0.0.1:0', '--check-config');
		assert.deepEqual([good.status, good.out], [0, 'ok\n']);
		const key = file('open.key', 'x');
		fs.chmodSync(key, 0o644);
		const bad = await server('--store', elsewhere, 'run', '--listen', '127.0.0.1:0', '--tls-cert', key, '--tls-key', key);
		assert.equal(bad.status, 77);
		const unkeyed = await server('--store', elsewhere, 'run', '--listen', '127.0.0.1:0', '--backup-dir', house.dir, '--check-config');
		assert.match(unkeyed.err, /backup\.pub/);
	});

	test('a list with problems changes nothing and names each', async () => {
		const before = await house.rows('SELECT * FROM attendee');
		const seen = await house.try('import', String(house.event),
			file('bad.csv', 'name,email\nAna,ana@example.org\n,x@example.org\nBen,ben\n'));
		assert.equal(seen.status, 65);
		assert.match(seen.err, /bad\.csv:3: name: has no name/);
		assert.match(seen.err, /bad\.csv:4: email: no e-mail address/);
		assert.deepEqual(await house.rows('SELECT * FROM attendee'), before);
	});

	test('what is set on an event reaches its kiosks with the roster', async () => {
		const kiosk = await house.station();
		const before = (await kiosk.roster()).json;
		assert.deepEqual(before.event.settings, {});
		const set = (...words) => house.cli('event', 'set', String(house.event), ...words);
		await set('name', 'Autumn meetup');
		await set('topics', 'SQLite', '-O3');
		await set('starts', '2026-11-24');
		await set('ends', '2026-11-25');
		await set('badge_checkin', 'yes');
		const news = (await kiosk.roster(before.cursor)).json;
		assert.notEqual(news.cursor, before.cursor, 'the heartbeat tells of it');
		assert.equal(news.event.name, 'Autumn meetup');
		assert.deepEqual(news.event.topics, ['SQLite', '-O3']);
		assert.deepEqual(news.event.settings, { badge_checkin: true });
		assert.deepEqual([news.event.starts, news.event.ends], ['2026-11-24', '2026-11-25']);
		assert.equal(news.event.host, before.event.host);
		await set('topics', '');
		await set('badge_checkin', 'no');
		const last = (await kiosk.roster(news.cursor)).json.event;
		assert.deepEqual([last.topics, last.settings], [[], { badge_checkin: false }]);
		assert.equal((await house.try('event', 'set', '7', 'name', 'A')).status, 66);
	});

	test('commands change a running server\'s store while kiosks write', async () => {
		const kiosks = [await house.station(), await house.station()];
		let done = false;
		const load = kiosks.map(async (kiosk) => {
			while (!done) {
				for (let i = 0; i < 20; i++)
					kiosk.meeting();
				await kiosk.sync();
			}
		});
		const roster = (await kiosks[0].roster()).json;
		for (let round = 0; round < 5; round++) {
			const rows = Array.from({ length: 40 }, (_, i) => `Guest ${round}-${i},g${round}-${i}@example.org`).join('\n');
			assert.match(await house.cli('import', String(house.event), file(`r${round}.csv`, `name,email\n${rows}\n`)), /40 new/);
		}
		done = true;
		await Promise.all(load);
		const news = (await kiosks[0].roster(roster.cursor)).json;
		assert.equal(news.full, false);
		assert.equal(news.rows.length, 200);
		const held = await house.held();
		assert.equal(held.whole, 'ok');
		assert.equal(held.ids.length, kiosks[0].entries.length + kiosks[1].entries.length);
		// the heartbeat tells of it
		await kiosks[0].step();
		assert.ok(kiosks[0].reply.roster_rev >= Number(news.cursor.split('.')[1]));
	});

	test('a ticket made beside the server signs in', async () => {
		const id = (await house.rows('SELECT hex(id) AS id FROM attendee LIMIT 1'))[0].id;
		const [code, url] = (await house.cli('ticket', String(house.event), id)).trim().split('\n');
		assert.match(code, /^([0-9A-Z]{4}-){3}[0-9A-Z]{4}$/);
		assert.equal(url, `https://${house.host}/t#${code.replaceAll('-', '')}`);
		assert.deepEqual((await house.rows(`SELECT COUNT(ticket_hash) AS n FROM attendee`))[0].n, 1);
	});

	test('backups run on a timer, and move safe_seq', async () => {
		const kiosk = await house.station();
		kiosk.meeting();
		await kiosk.sync();
		assert.equal(kiosk.safe, 0);
		await house.backup();
		await house.halt();
		house.args = ['--backup-dir', house.backups, '--backup-every', '1', '--backup-keep', '2'];
		await house.run();
		kiosk.meeting();
		await kiosk.sync();
		await until('both entries in every backup', async () => {
			await kiosk.step();
			return kiosk.safe === 2;
		});
		await until('two of them to be left', () => fs.readdirSync(house.backups).filter((name) => name.endsWith('.backup')).length === 2);
		const health = await (await fetch(`${house.origin}/healthz`)).json();
		assert.equal(health.backup.state, 'ok');
	});

	test('a restore waits for the server to end, then the log fills up again', async () => {
		const kiosk = await house.station();
		kiosk.meeting();
		await kiosk.sync();
		assert.equal((await house.try('restore', '--key', house.backupKey, house.backups)).status, 73);
		house.args = [];
		await house.halt();
		await house.backup();
		await house.run();
		for (let i = 0; i < 5; i++)
			kiosk.meeting();
		await kiosk.sync();
		const before = await house.held();
		await house.halt('SIGKILL');
		await house.restore();
		await house.run();
		await kiosk.sync();
		const now = await house.held();
		assert.equal(now.whole, 'ok');
		assert.deepEqual(new Set(now.ids), new Set(before.ids));
	});

	test('SIGTERM ends it cleanly, with what it acknowledged', async () => {
		const kiosk = await house.station();
		kiosk.meeting();
		await kiosk.sync();
		assert.deepEqual(await house.halt(), { status: 0, signal: null });
		assert.equal((await house.rows('SELECT COUNT(*) AS n FROM entry WHERE hex(id) = '
			+ `'${kiosk.entries[0].id.replaceAll('-', '').toUpperCase()}'`))[0].n, 1);
	});
});
