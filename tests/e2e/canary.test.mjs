// Fifty secrets go through a whole evening. None may be found where a thief or an organizer looks.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { find, findIn, forms, number, word } from './lib/canaries.mjs';
import { must, until, World } from './lib/world.mjs';

test('the search finds what was planted, in every form', () => {
	const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-canary-'));
	try {
		const words = [word(0), number(1)];
		const noise = crypto.createHash('sha512').update('noise').digest();
		assert.deepEqual(findIn(folder, words), []);
		for (const text of words)
			for (const { form, needle } of forms(text)) {
				const file = path.join(folder, 'planted');
				fs.writeFileSync(file, Buffer.concat([noise, needle, noise]));
				assert.equal(findIn(folder, words).length, 1, `${text} ${form}`);
			}
		for (let shift = 0; shift < 3; shift++)
			for (const encoding of ['utf8', 'utf16le'])
				assert.deepEqual(find(Buffer.from(Buffer.concat([noise.subarray(0, shift), Buffer.from(`x${word(0)}y`, encoding), noise]).toString('base64')), words).length, 1);
		assert.deepEqual(find(noise, words), []);
	} finally {
		fs.rmSync(folder, { recursive: true });
	}
});

/* 30 of attendees, 15 of guests, 5 of what was typed */
const attendee = (i, first, chip, card, followups, contact) => ({ key: first.toLowerCase(), name: `${first} ${word(5 * i)}`, organization: word(5 * i + 1),
	title: word(5 * i + 2), email: `${word(5 * i + 3).toLowerCase()}@canary.example`, phone: number(5 * i + 4), lang: 'en', chip, card, followups, contact });
const people = [attendee(0, 'Ana', 'ntag215', true, true, true), attendee(1, 'Ben', 'ntag213', true, false, false),
	attendee(2, 'Cem', 'ntag213', false, false, false), attendee(3, 'Dua', 'ntag216', true, true, false),
	attendee(4, 'Eli', 'ntag213', false, true, true), attendee(5, 'Fay', 'ntag215', true, false, true)];
const guest = (i) => ({ name: word(30 + 5 * i), organization: word(31 + 5 * i), title: word(32 + 5 * i), email: word(33 + 5 * i), note: word(34 + 5 * i) });
const guests = [0, 1, 2].map(guest);
const vcard = (g, version) => ['BEGIN:VCARD', `VERSION:${version}`, `N:${g.name};Guest;;;`, `FN:Guest ${g.name}`, `ORG:${g.organization}`,
	`TITLE:${g.title}`, `EMAIL:${g.email}@canary.example`, `NOTE:${g.note}`, 'END:VCARD', ''].join('\r\n');
const typed = { note: word(45), note2: word(46), promise: word(47), phoneNote: word(48), walkIn: word(49) };

const words = {
	surnames: people.map((p) => p.name.split(' ')[1]),
	organizations: people.map((p) => p.organization),
	titles: people.map((p) => p.title),
	emails: people.map((p) => p.email.split('@')[0]),
	phones: people.map((p) => p.phone),
	guests: guests.flatMap((g) => Object.values(g)),
	typed: Object.values(typed),
};
const all = Object.values(words).flat();

describe('an evening', () => {
	let world;
	const kioskLogs = [];
	const screens = [];

	async function restart(signal, meanwhile) {
		screens.push(...world.screen.states);
		await world.stopKiosk(signal);
		kioskLogs.push(world.kiosk.log);
		assert.deepEqual(findIn(world.state, all), [], `the state folder after ${signal}`);
		await meanwhile?.();
		await world.startKiosk();
	}

	async function blankBadge() {
		await world.chip.send('tag new spare ntag213');
		await world.chip.send('put spare');
		await must('kith-badge', ['write', '--reader', world.chip.connstring, '--key', world.keyFile, '--event', world.event,
			'--id', crypto.randomBytes(16).toString('base64url'), '--host', world.host]);
		await world.chip.send('take spare');
	}

	async function note(text, verb) {
		await world.screen.shows('note');
		if (verb)
			await world.screen.act('verb', { verb, on: true });
		await world.screen.act('text', { text });
		await world.screen.act('save');
		await world.screen.shows('idle');
	}

	async function exchange(a, b) {
		await world.tap(a, ['welcome', 'whose']);
		await world.tap(b, ['exchange', 'note']);
	}

	before(async () => {
		world = await World.start({ people, guests: [], config: ['staff_pin = 4711'] });
	});
	after(() => world?.stop());

	test('there are fifty secrets', () => {
		assert.equal(all.length, 50);
		assert.equal(new Set(all).size, 50);
	});

	test('is played: check-ins, exchanges, guests, notes, a cut cable, a killed kiosk, a walk-in', async () => {
		for (const p of people) {
			await world.tap(p.key, 'welcome');
			await world.screen.act('finish');
			await world.screen.shows('idle');
		}
		await exchange('ana', 'ben');
		await note(typed.note);
		await exchange('dua', 'eli');
		await note(typed.promise, 'send');
		await world.show(vcard(guests[0], '3.0'));
		await world.screen.shows('whose');
		await world.tap('ana', 'guest');
		await world.screen.act('finish');
		await restart('SIGTERM');

		await world.cable.pull();
		await exchange('cem', 'fay');
		await note(typed.note2);
		await world.show(vcard(guests[1], '4.0'));
		await world.screen.shows('whose');
		await world.tap('ben', 'guest');
		assert.deepEqual(findIn(world.state, all), [], 'while it runs, offline, with its write-ahead log');
		await restart('SIGKILL');
		await world.show(vcard(guests[2], '2.1'));
		await world.screen.shows('whose');
		await world.tap('dua', 'guest');
		await restart('SIGKILL', blankBadge);
		await world.cable.plug();
		await world.synced();

		await world.screen.shows('idle', 20000);
		await world.screen.act('staff');
		await world.screen.shows('staff');
		await world.screen.act('staff', { pin: '4711' });
		await world.screen.see('the desk', (s) => s.staff === true);
		await world.screen.act('walk-in', { name: `Gus ${typed.walkIn}` });
		await world.screen.see('the wish for a badge', (s) => s.reason === 'assign');
		await world.chip.send('put spare');
		await world.screen.see('the new badge', (s) => s.reason === 'assigned');
		await world.chip.send('take spare');
		await world.synced();

		const phone = await world.phone('ana');
		const { items } = await until('the queue', async () => {
			const queue = await phone.good('GET', '/v1/queue');
			return queue.items.length >= 2 && queue;
		});
		await phone.good('POST', '/v1/notes', { of: items[0].of, text: typed.phoneNote });
		const mine = await until('the notes', async () => {
			const text = (await phone.get('/v1/queue')).text;
			return text.includes(typed.phoneNote) && text;
		});
		// so the evening did reach its people: what follows is no silence
		for (const text of [typed.note, guests[0].name, guests[0].email])
			assert.ok(mine.includes(text), text);
		const dua = (await (await world.phone('dua')).get('/v1/queue')).text;
		for (const text of [typed.promise, guests[2].name, guests[2].email])
			assert.ok(dua.includes(text), text);
	});

	test("tells nobody another's notes and guests, in any answer of the evening", async () => {
		const [ana, dua] = [await world.phone('ana'), await world.phone('dua')];
		for (const target of ['/v1/me', '/v1/me/log', '/v1/me/export', '/v1/queue', '/v1/queue.csv', '/v1/queue.vcf', '/v1/queue.ics']) {
			await ana.get(target);
			await dua.get(target);
		}
		const hers = [typed.phoneNote, ...Object.values(guests[0])];
		const dues = [typed.promise, ...Object.values(guests[2])];
		const others = [...Object.values(guests[1]), typed.note2];
		const all = (session) => Buffer.from(session.heard.map((a) => a.text).join('\n'));
		assert.deepEqual(find(all(ana), [...dues, ...others]), []);
		assert.deepEqual(find(all(dua), [...hers, ...others]), []);
		assert.ok(find(all(ana), hers).length > 0 && find(all(dua), dues).length > 0, 'the search could have found them');
	});

	test("leaves nothing in the kiosk's state folder", async () => {
		assert.ok(fs.readdirSync(world.state).some((name) => name.endsWith('.db')));
		assert.deepEqual(findIn(world.state, all), []);
		const plant = path.join(world.state, 'planted');
		fs.writeFileSync(plant, Buffer.from(`...${all[7]}...`, 'utf16le'));
		assert.equal(findIn(world.state, all).length, 1, 'the search can find in there');
		fs.rmSync(plant);
	});

	test("leaves nothing in the kiosk's log, nor in its health and metrics", async () => {
		const text = [...kioskLogs, world.kiosk.log].join('\n');
		assert.match(text, /entry id=/);
		assert.deepEqual(find(Buffer.from(text), all), []);
		for (const page of ['/healthz', '/metrics'])
			assert.deepEqual(find(Buffer.from(await (await fetch(world.screen.origin + page)).arrayBuffer()), all), []);
	});

	test('shows first names and organizations on the screen, never more', () => {
		screens.push(...world.screen.states);
		const shown = Buffer.from(JSON.stringify(screens));
		assert.ok(shown.includes('Ana Z.'));
		assert.deepEqual(find(shown, [...words.surnames, ...words.titles, ...words.emails, ...words.phones]), []);
		assert.deepEqual(find(shown, guests.flatMap((g) => [g.title, g.email, g.note])), []);
	});

	test('leaves nothing in the log of the server', () => {
		assert.deepEqual(find(Buffer.from(world.server.log), all), []);
	});

	test('leaves nothing readable in a backup', async () => {
		const folder = path.join(world.dir, 'backups');
		await world.cli('backup', '--key', path.join(world.dir, 'backup.key'), folder);
		assert.deepEqual(findIn(folder, all), []);
	});

	test("gives organizers their own list of attendees, consent's part of the follow-ups, and nothing private", async () => {
		const event = `/v1/events/${world.event}`;
		const bodies = {};
		for (const target of ['/v1/events', event, `${event}/followups.json`, `${event}/followups.csv`, `${event}/attendees`, `${event}/attendees?q=a`,
			'/healthz', '/metrics', '/openapi.json', '/organizer', '/', '/v1/queue', '/v1/queue.csv', '/v1/queue.vcf', '/v1/queue.ics', '/v1/me'])
			bodies[target] = Buffer.from((await world.organizer.get(target)).text);
		bodies['export csv'] = Buffer.from(await world.cli('export', world.event, 'followups', '--format', 'csv'));
		bodies['export json'] = Buffer.from(await world.cli('export', world.event, 'followups', '--format', 'json'));
		// an organizer who tries what is not theirs
		const [meeting] = (await world.log()).filter((entry) => entry.kind === 'meeting');
		bodies.note = Buffer.from((await world.organizer.post('/v1/notes', { of: meeting?.id ?? crypto.randomUUID(), text: 'x' })).text);
		const secret = [...guests.flatMap((g) => Object.values(g)), typed.note, typed.note2, typed.promise, typed.phoneNote];
		for (const [where, body] of Object.entries(bodies))
			assert.deepEqual(find(body, secret), [], where);
		const list = /^\/v1\/events\/\d+\/attendees/;
		const agreed = people.filter((p) => p.contact);
		const others = people.filter((p) => !p.contact);
		const own = (p) => [p.name.split(' ')[1], p.email.split('@')[0]];
		for (const [where, body] of Object.entries(bodies)) {
			assert.deepEqual(find(body, [...words.phones, ...(list.test(where) ? [] : words.titles)]), [], where);
			if (!list.test(where))
				assert.deepEqual(find(body, [...others.flatMap(own), ...words.organizations, typed.walkIn]), [], where);
		}
		const listed = find(bodies[`${event}/followups.json`], agreed.flatMap(own));
		assert.ok(listed.length > 0, 'who agreed is named, so the search could have found the others');
	});

	test('is gone from the kiosk once its rights are ended: every id, hash and sealed byte that the server has', async () => {
		await world.synced();
		const log = await world.log();
		assert.ok(log.some((x) => x.kind === 'note' && x.sealed) && log.some((x) => x.kind === 'meeting'));
		const needles = log.flatMap((x) => [Buffer.from(x.id.replaceAll('-', ''), 'hex'), Buffer.from(x.hash, 'base64url'),
			...(typeof x.sealed === 'string' ? [Buffer.from(x.sealed, 'base64url')] : [])]);
		const files = () => fs.readdirSync(world.state).map((name) => fs.readFileSync(path.join(world.state, name)));
		const found = () => {
			const now = files();
			return needles.filter((needle) => now.some((bytes) => bytes.includes(needle))).length;
		};
		assert.ok(found() >= log.length, 'the search finds what is there');
		const { stations } = await world.organizer.good('GET', `/v1/events/${world.event}`);
		await world.organizer.good('POST', `/v1/events/${world.event}/stations/${stations[0].station}/revoke`);
		// a tap makes it send at once, and so hear of it; the server never takes this one
		await world.tap('ana');
		await world.screen.see('closed', (s) => s.screen === 'closed' && s.link.server === 'revoked', 60000);
		// the chain's last hash stays: what was not sent follows it
		const last = Buffer.from(log.at(-1).hash, 'base64url');
		const left = needles.filter((needle) => files().some((bytes) => bytes.includes(needle)));
		assert.ok(left.every((needle) => needle.equals(last)), `${left.length} of ${needles.length} are left`);
		assert.deepEqual(findIn(world.state, all), []);
	});
});
