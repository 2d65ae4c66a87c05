// People and their phones against the real server, over HTTP: introductions both ways, buddies, codes, what each
// shows to whom, and going. Fifty secrets go through all of it; every answer that anybody ever got is searched.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { find, findIn, word } from './lib/canaries.mjs';
import { House } from './lib/house.mjs';
import { personOf, Phone, rowOf } from './lib/phone.mjs';
import { ask } from './lib/station.mjs';
import { Session, until } from './lib/world.mjs';

let next = 1000;
const owners = new Map(); // secret → keys of the people who may read it
/** A new secret that only these people may ever be told. */
function secret(...who) {
	const text = word(next++);
	owners.set(text, new Set(who));
	return text;
}
const keys = ['ana', 'ben', 'cem', 'dua', 'eli'];
// the further fields of each card: shown to nobody until the test says so
const fields = Object.fromEntries(keys.map((key) => [key, { title: secret(key), email: secret(key), phone: secret(key), url: secret(key) }]));
const allow = (texts, ...who) => Object.values(texts).forEach((text) => who.forEach((key) => owners.get(text).add(key)));

describe('people with phones', () => {
	let house;
	let organizer;
	let stranger;
	const phones = {};
	const kiosk = {};

	before(async () => {
		house = await House.open({ attendees: keys.map((key) => ({ name: `${key[0].toUpperCase()}${key.slice(1)} Person`, organization: `Org of ${key}`,
			title: fields[key].title, email: `${fields[key].email}@canary.example`, phone: `+1 ${fields[key].phone}`, url: `https://${fields[key].url}.example`, lang: 'en' })) });
		const tickets = await house.tickets();
		for (const key of keys)
			phones[key] = await Phone.open(house, tickets.find((t) => t.name.toLowerCase().startsWith(key)));
		organizer = await house.organizer();
		stranger = new Session(house.origin);
		kiosk.station = await house.station();
	});
	after(() => house?.close());

	const sync = async () => {
		for (const key of keys)
			if (phones[key].sent < phones[key].entries.length)
				assert.equal((await phones[key].sync()).status, 'ok');
	};
	const tap = async (a, b) => {
		const { id } = kiosk.station.meeting(phones[a].id, phones[b].id);
		await kiosk.station.sync();
		return id;
	};
	let anaBen;
	let anaCem;

	test('a phone is a station: heartbeat, log, refusals, and nobody else\'s stream', async () => {
		const { ana, ben } = phones;
		const beat = await ana.post(ana.batch(1, []));
		assert.equal(beat.status, 200);
		for (const name of ['store_id', 'status', 'durable_seq', 'durable_hash', 'safe_seq', 'timeline', 'server_ms', 'refusals', 'refusal_seq'])
			assert.ok(name in beat.json, name);
		assert.equal((await ana.post(ana.batch(1, []), { origin: 'https://evil.example' })).status, 403, 'a foreign page');
		assert.equal((await ben.session.request('POST', `/v1/streams/${ana.store}`, ana.batch(1, []))).status, 403, 'her stream');
		const checkin = ana.write('checkin', { who: ana.id, how: 'staff' });
		const forged = ana.write('note', { author: ben.id, of: checkin, text: 'forged' });
		const reply = await ana.sync();
		assert.equal(reply.status, 'ok');
		assert.deepEqual(reply.refusals.map((r) => [r.id, r.reason]).sort(), [[checkin, 'not-for-this-station'], [forged, 'not-your-own']].sort());
		assert.equal((await ask(house.origin, 'POST', `/v1/streams/${ana.store}`, { body: Buffer.from(JSON.stringify(ana.batch(1, []))) })).status, 401);
	});

	test('meetings, and what each writes of them, are the writer\'s alone', async () => {
		anaBen = await tap('ana', 'ben');
		anaCem = await tap('cem', 'ana');
		const { ana, ben, cem } = phones;
		ana.write('note', { author: ana.id, of: anaBen, text: secret('ana'), topics: [secret('ana')], prompt: 'cares' });
		ana.own('followup', { of: anaBen, kind: 'promise', due: '2030-01-01', text: secret('ana') });
		ana.own('followup', { kind: 'share', due: '2030-01-01', text: secret('ana'), topics: [secret('ana')] });
		ana.own('favour', { of: anaBen, way: 'offered', text: secret('ana') });
		ana.own('contact', { card: ['BEGIN:VCARD', 'VERSION:3.0', `N:${secret('ana')};Guest;;;`, 'FN:Guest', `EMAIL:${secret('ana')}@canary.example`, 'END:VCARD', ''].join('\r\n'), claimed: true });
		ana.own('setting', { name: 'goal/people', value: secret('ana') });
		ana.own('setting', { name: `card/${secret('ana')}`, value: 'name,email' });
		ana.own('setting', { name: 'situation', value: secret('ana') });
		ana.own('setting', { name: `rhythm/${anaBen}`, value: secret('ana') });
		ben.write('note', { author: ben.id, of: anaBen, text: secret('ben') });
		ben.own('favour', { of: anaBen, way: 'asked', text: secret('ben') });
		ben.own('setting', { name: 'goal/leads', value: secret('ben') });
		ben.own('contact', { card: ['BEGIN:VCARD', 'VERSION:4.0', `FN:${secret('ben')}`, `TEL:${secret('ben')}`, 'END:VCARD', ''].join('\r\n'), claimed: true });
		ben.own('followup', { of: anaBen, kind: 'thanks', due: '2030-01-01', text: secret('ben') });
		ben.own('followup', { kind: 'share', due: '2030-01-01', text: secret('ben'), topics: [secret('ben')] });
		cem.own('favour', { of: anaCem, way: 'given', text: secret('cem') });
		cem.own('setting', { name: 'goal/people', value: secret('cem') });
		cem.own('setting', { name: `card/${secret('cem')}`, value: secret('cem') });
		cem.write('note', { author: cem.id, of: anaCem, text: secret('cem'), prompt: 'working' });
		cem.own('followup', { of: anaCem, kind: 'referral', due: '2030-01-01', text: secret('cem') });
		await sync();
		const log = await ana.see('her own entries', (l) => l.rows.length >= ana.entries.length - 2 && rowOf(l, anaBen));
		assert.equal(rowOf(log, anaBen).other, ben.id);
		assert.equal(personOf(log, ben.id).name, 'Ben Person');
		assert.equal(personOf(log, ben.id).organization, 'Org of ben');
		assert.deepEqual(personOf(log, ben.id).emails, []);
		const again = await ana.session.request('GET', '/v1/me/log', undefined, { 'if-none-match': ana.etag });
		assert.equal(again.status, 304);
		assert.equal(again.text, '');
	});

	test('an introduction shows two people to each other once both agree, and no longer than that', async () => {
		const { ana, ben, cem } = phones;
		const text = secret('ana', 'ben', 'cem');
		const introduce = ana.own('introduce', { a: anaBen, b: anaCem, text });
		await sync();
		const asked = await ben.see('that he is asked', (l) => rowOf(l, introduce));
		assert.deepEqual(rowOf(asked, introduce).payload, { owner: ana.id, asked: true, text });
		assert.equal(rowOf(asked, introduce).other, ana.id);
		assert.ok(!JSON.stringify(asked).includes(cem.id), 'he is not told who it is');
		await cem.see('that he is asked', (l) => rowOf(l, introduce));
		const answer = (who, given) => who.write('consent', { who: who.id, purpose: 'introduce', given, version: 1, of: introduce });
		answer(ben, true);
		await sync();
		const half = await ana.see('his answer', (l) => rowOf(l, introduce).payload.a_said === 'yes');
		assert.equal(rowOf(half, introduce).payload.b_said, undefined);
		assert.equal(personOf(await cem.log(), ben.id), undefined);
		allow(fields.cem, 'ben');
		allow(fields.ben, 'cem');
		answer(cem, true);
		await sync();
		const met = await ben.see('Cem', (l) => personOf(l, cem.id));
		assert.equal(rowOf(met, introduce).payload.with, cem.id);
		assert.deepEqual(personOf(met, cem.id).emails, [`${fields.cem.email}@canary.example`]);
		const back = await cem.see('Ben', (l) => personOf(l, ben.id));
		assert.deepEqual(personOf(back, ben.id).phones, [`+1 ${fields.ben.phone}`]);
		await ana.see('both answers', (l) => rowOf(l, introduce).payload.b_said === 'yes');
		assert.deepEqual(personOf(await ana.log(), cem.id).emails, [], 'who introduces learns no more');
		answer(ben, false);
		await sync();
		await cem.see('no Ben any more', (l) => !personOf(l, ben.id));
		await ben.see('no Cem any more', (l) => !personOf(l, cem.id));
	});

	test('a share gives one person more, a hidden meeting takes all back, a correction is seen', async () => {
		const { ana, ben, cem, dua } = phones;
		ana.own('share', { of: anaBen, fields: ['title', 'email'] });
		owners.get(fields.ana.title).add('ben');
		owners.get(fields.ana.email).add('ben');
		await sync();
		const seen = await ben.see('her e-mail', (l) => personOf(l, ana.id).emails.length);
		assert.equal(personOf(seen, ana.id).title, fields.ana.title);
		assert.deepEqual(personOf(seen, ana.id).phones, []);
		const title = secret('dua');
		dua.own('setting', { name: 'my/title', value: title });
		dua.own('setting', { name: 'my/name', value: 'Dua Dear' });
		const duaEli = await tap('dua', 'eli');
		for (const who of [dua, phones.eli]) {
			const key = who === dua ? 'dua' : 'eli';
			who.write('note', { author: who.id, of: duaEli, text: secret(key) });
			who.own('followup', { of: duaEli, kind: 'congratulate', due: '2030-01-01', text: secret(key) });
		}
		await sync();
		await phones.eli.see('her new name', (l) => personOf(l, dua.id)?.name === 'Dua Dear');
		await house.import([{ name: 'Dua Person', email: `${fields.dua.email}@canary.example`, title: 'Imported again' }]);
		assert.equal((await dua.good('GET', '/v1/me')).card.title, title);
		dua.own('hide', { of: duaEli });
		await sync();
		const withdrawn = await phones.eli.see('nothing of hers', (l) => personOf(l, dua.id).withheld);
		assert.equal(personOf(withdrawn, dua.id).name, '');
		assert.ok(rowOf(withdrawn, duaEli), 'that they met stays');
		assert.ok(personOf(await cem.log(), ana.id));
	});

	test('a short code names somebody, and a block ends that', async () => {
		const { eli, ana } = phones;
		const { card } = await ana.log();
		assert.match(card.link, /^https:\/\/[^/]+\/b#[\w-]{22}\.[\w-]{86}$/);
		assert.equal(card.line, `X-KITH:${card.link}`);
		const typed = `${card.short_code.slice(0, 5)}-${card.short_code.slice(5)}`.toLowerCase();
		assert.deepEqual(await eli.good('POST', '/v1/codes', { code: typed }), { id: card.badge });
		assert.equal((await stranger.post('/v1/codes', { code: typed })).status, 401);
		const meeting = eli.write('meeting', { a: eli.id, b: card.badge, by: 'badge' });
		await sync();
		const log = await eli.see('the meeting', (l) => rowOf(l, meeting));
		assert.deepEqual([personOf(log, ana.id).withheld, personOf(log, ana.id).name], [true, ''], 'a code alone gives nothing');
		await ana.see('who scanned her', (l) => personOf(l, eli.id)?.name === 'Eli Person');
		ana.own('setting', { name: `block/${eli.id}`, value: '1' });
		await sync();
		await until('the code to say nothing', async () => (await eli.session.post('/v1/codes', { code: typed })).status === 404);
		const later = eli.write('meeting', { a: eli.id, b: ana.id });
		await sync();
		await eli.see('it gone', (l) => l.gone.includes(later));
		assert.ok(!rowOf(await ana.log(), later));
		assert.ok(!(await eli.log()).rows.some((row) => JSON.stringify(row).includes('block/')));
	});

	test('buddies see counts, and nudge once a day', async () => {
		const { ana, ben } = phones;
		ana.write('buddy', { a: ana.id, b: ben.id });
		await sync();
		await until('Ben to be asked', async () => (await ben.good('GET', '/v1/me')).buddies[0]?.asked);
		assert.equal((await ana.session.post(`/v1/me/buddies/${ben.id}/nudge`)).status, 404);
		ben.write('buddy', { a: ben.id, b: ana.id });
		await sync();
		const me = await until('both', async () => {
			const m = await ana.good('GET', '/v1/me');
			return m.buddies[0]?.mutual && m.buddies[0].goals?.people && m;
		});
		assert.deepEqual(Object.keys(me.buddies[0]).sort(), ['asked', 'goals', 'key', 'mutual', 'name']);
		assert.equal((await ana.session.post(`/v1/me/buddies/${ben.id}/nudge`)).status, 204);
		assert.equal((await ana.session.post(`/v1/me/buddies/${ben.id}/nudge`)).status, 429);
		assert.match(JSON.stringify((await ben.good('GET', '/v1/me')).notices), /Ana Person nudges you/);
	});

	test('each reads what is theirs in every form that there is', async () => {
		for (const key of keys)
			for (const target of ['/v1/me', '/v1/me/log', '/v1/me/export', '/v1/queue', '/v1/queue.csv', '/v1/queue.vcf', '/v1/queue.ics', '/v1/queue.ics?as=vtodo'])
				assert.equal((await phones[key].get(target)).status, 200, target);
		const event = `/v1/events/${house.event}`;
		for (const target of ['/v1/events', event, `${event}/attendees`, `${event}/attendees?q=a`, `${event}/followups.json`, `${event}/followups.csv`,
			'/healthz', '/metrics', '/openapi.json', '/', '/b', '/v1/me', '/v1/me/log', '/v1/me/export', '/v1/queue']) {
			await organizer.get(target);
			await stranger.get(target);
		}
		kiosk.heard = (await kiosk.station.roster()).body.toString();
		assert.match(kiosk.heard, /Ben Person/);
		const all = JSON.stringify(await phones.ana.good('GET', '/v1/me/export'));
		for (const [text, who] of owners)
			if (who.size === 1 && who.has('ana') && !Object.values(fields.ana).includes(text))
				assert.ok(all.includes(text), `${text} is missing in her export`);
	});

	test('who goes is gone, and what others have of their own stays', async () => {
		const { ana, ben } = phones;
		assert.equal((await ana.session.post('/v1/me/delete', { confirm: 'Ben Person' })).status, 409);
		assert.equal((await ana.session.post('/v1/me/delete', { confirm: 'Ana Person' })).status, 204);
		assert.equal((await ana.get('/v1/me')).status, 401);
		const log = await ben.see('no name of hers', (l) => personOf(l, ana.id).name === '');
		assert.ok(rowOf(log, anaBen));
		const hers = [...owners].filter(([, who]) => who.has('ana')).map(([text]) => text);
		await until('nothing of hers on disk', () => findIn(house.store, hers).length === 0);
		assert.ok(findIn(house.store, [fields.ben.email]).length > 0, 'the search can find');
		assert.equal((await new Session(house.origin).post('/v1/signin', { code: (await house.tickets()).find((t) => t.name.startsWith('Ben')).code })).status, 204);
	});

	test('nobody was ever told what is another\'s: each answer of the whole run', () => {
		assert.ok(owners.size >= 50, `${owners.size} secrets`);
		let answers = 0;
		const search = (who, target, text, allowed) => {
			answers++;
			const found = find(Buffer.from(text), [...owners].filter(([, keysOf]) => !keysOf.has(who)).map(([t]) => t).filter((t) => !allowed.has(t)));
			assert.deepEqual(found, [], `${who} by ${target}`);
		};
		for (const key of keys)
			for (const { target, text } of phones[key].session.heard)
				search(key, target, text, new Set());
		// the organizer has what was imported, in the list of attendees
		const imported = new Set(Object.values(fields).flatMap((f) => Object.values(f)));
		for (const { target, text } of organizer.heard)
			search('the organizer', target, text, /\/attendees/.test(target) ? imported : new Set());
		for (const { target, text } of stranger.heard)
			search('a stranger', target, text, new Set());
		search('a kiosk', '/v1/roster', kiosk.heard, new Set());
		assert.ok(answers > 100, `${answers} answers`);
		assert.ok(phones.ana.session.heard.some(({ text }) => [...owners].some(([t, w]) => w.has('ana') && text.includes(t))), 'the search could have found some');
		assert.deepEqual(find(Buffer.from(house.server.log), [...owners.keys()]), [], "the server's own log");
	});
});
