// One person at two events: joined by ticket, one queue and one list of people; and what nobody else learns by that.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { find, word } from './lib/canaries.mjs';
import { library, newCore, noCore } from './lib/core.mjs';
import { House } from './lib/house.mjs';
import { personOf, Phone, rowOf } from './lib/phone.mjs';
import { Station } from './lib/station.mjs';
import { Session, until } from './lib/world.mjs';

const people = (...names) => names.map((name) => ({ name: `${name} Person`, organization: `Org of ${name}`, email: `${name.toLowerCase()}@example.org`, lang: 'en' }));

describe('a person at two events', () => {
	let spring;
	let autumn;
	const at = { spring: {}, autumn: {} }; // tickets by first name
	let taps;
	let phone; // Ana's, signed in at the first event
	let there; // the same, writing at the second
	const met = {};
	const secrets = { spring: word(1), autumn: word(2), dua: word(3) };

	before(async () => {
		spring = await House.open({ attendees: people('Ana', 'Ben', 'Cem', 'Eli', 'Gus') });
		autumn = Object.assign(Object.create(spring), { event: Number((await spring.cli('event', 'add', 'Autumn', '--host', spring.host)).trim()) });
		await autumn.import(people('Ana', 'Ben', 'Dua', 'Eli', 'Gus'));
		for (const [name, house] of [['spring', spring], ['autumn', autumn]])
			for (const ticket of await house.tickets()) at[name][ticket.name.split(' ')[0]] = ticket;
		taps = { spring: await spring.station(), autumn: await Station.enrol(spring.origin, (await spring.cli('enrol', String(autumn.event), 'Hall')).trim()) };
		phone = await Phone.open(spring, at.spring.Ana);
	});
	after(() => spring?.close());

	const tap = (event, a, b) => (met[`${event} ${a} ${b}`] = taps[event].meeting(at[event][a].id, at[event][b].id).id);
	const session = async (event, name) => {
		const made = new Session(spring.origin);
		await made.good('POST', '/v1/signin', { code: at[event][name].code });
		return made;
	};

	test('before anything is joined each event is a list of its own', async () => {
		for (const [event, a, b] of [['spring', 'Ana', 'Ben'], ['spring', 'Ana', 'Cem'], ['spring', 'Ana', 'Eli'], ['spring', 'Ana', 'Gus'], ['autumn', 'Ana', 'Ben'], ['autumn', 'Ana', 'Dua'], ['autumn', 'Ben', 'Dua']]) tap(event, a, b);
		await taps.spring.sync();
		await taps.autumn.sync();
		const log = await phone.see('four people', (l) => l.people.length === 4);
		assert.equal(log.events, undefined);
		assert.ok(!rowOf(log, met['autumn Ana Ben']));
		assert.equal((await phone.get(`/v1/me?event=${autumn.event}`)).status, 404);
	});

	test('joining needs the ticket of the other event, and never makes two people of one event one', async () => {
		assert.equal((await phone.session.post('/v1/me/join', { code: '0000-0000-0000-0000' })).status, 401);
		assert.equal((await phone.session.post('/v1/me/join', { code: at.spring.Ben.code })).status, 409);
		assert.equal((await new Session(spring.origin).post('/v1/me/join', { code: at.autumn.Ana.code })).status, 401);
		const joined = await phone.good('POST', '/v1/me/join', { code: at.autumn.Ana.code });
		assert.equal(joined.event.name, 'Autumn');
		await phone.good('POST', '/v1/me/join', { code: at.autumn.Ana.code }); // again is no error
		assert.equal((await phone.session.post('/v1/me/join', { code: at.autumn.Dua.code })).status, 409, 'somebody else there already');
	});

	test('then rows, people and queue are of both, on either event\'s session', async () => {
		const log = await phone.see('all her people', (l) => l.people.length === 6);
		assert.deepEqual(log.events.map((one) => [one.me, one.event.name]), [[at.spring.Ana.id, 'Drill'], [at.autumn.Ana.id, 'Autumn']]);
		assert.match(log.events[1].card.link, /\/b#/);
		assert.equal(rowOf(log, met['autumn Ana Ben']).event, autumn.event);
		assert.equal(personOf(log, at.autumn.Dua.id).event, autumn.event);
		const other = await session('autumn', 'Ana');
		const keys = async (from) => (await from.good('GET', '/v1/queue')).items.map((item) => item.key).sort();
		await until('the same queue twice', async () => {
			const [a, b] = [await keys(phone.session), await keys(other)];
			return a.length === 6 && JSON.stringify(a) === JSON.stringify(b);
		});
		assert.match(JSON.stringify((await phone.good('GET', '/v1/me')).notices), /One list with your event Autumn/);
		assert.match(JSON.stringify((await other.good('GET', '/v1/me')).notices), /One list with your event Drill/);
	});

	test('an entry goes to the log of the event that it is about', async () => {
		phone.write('note', { author: at.spring.Ana.id, of: met['spring Ana Ben'], text: secrets.spring });
		assert.equal((await phone.sync()).status, 'ok');
		there = Object.assign(Object.create(Phone.prototype), { ...phone, id: at.autumn.Ana.id, event: autumn.event, entries: [], sent: 0, store: phone.store.replace(/^./, (c) => (c === 'a' ? 'b' : 'a')) });
		there.post = (batch) => phone.session.request('POST', `/v1/streams/${there.store}?event=${autumn.event}`, batch, { 'kith-owner': there.id });
		const note = there.write('note', { author: at.autumn.Ana.id, of: met['autumn Ana Ben'], text: secrets.autumn });
		const lead = there.write('followup', { owner: at.autumn.Ana.id, of: met['autumn Ana Dua'], kind: 'promise', due: '2030-01-01', text: 'slides' });
		const refused = await phone.session.request('POST', `/v1/streams/${there.store}`, there.batch(1));
		assert.equal(refused.json?.status ?? refused.status, 'ok', 'in the log, without effect');
		assert.ok(refused.json.refusals.length >= 2);
		there.store = there.store.replace(/.$/, (c) => (c === '1' ? '2' : '1'));
		there.entries = [];
		there.write('note', { author: at.autumn.Ana.id, of: met['autumn Ana Ben'], text: secrets.autumn });
		there.write('followup', { owner: at.autumn.Ana.id, of: met['autumn Ana Dua'], kind: 'promise', due: '2030-01-01', text: 'slides' });
		const reply = await there.sync();
		assert.deepEqual([reply.status, reply.durable_seq], ['ok', 2]);
		const log = await phone.see('her note of the other event', (l) => there.entries.every((entry) => rowOf(l, entry.id)));
		assert.ok(!rowOf(log, note) && !rowOf(log, lead));
		assert.equal(rowOf(log, there.entries[0].id).event, autumn.event);
		assert.equal((await phone.session.request('POST', `/v1/streams/${there.store}?event=4711`, there.batch(1, []))).status, 404);
	});

	test('somebody met at both stays two people until they joined, too', async () => {
		const before = await phone.log();
		assert.ok(!before.rows.some((row) => row.kind === 'merge'), 'no guess by name or e-mail');
		const ben = await session('spring', 'Ben');
		await ben.good('POST', '/v1/me/join', { code: at.autumn.Ben.code });
		const log = await phone.see('one Ben', (l) => l.rows.some((row) => row.kind === 'merge'));
		const merge = log.rows.find((row) => row.kind === 'merge');
		assert.deepEqual([...merge.payload.of].sort(), [met['spring Ana Ben'], met['autumn Ana Ben']].sort());
		assert.equal(merge.own, false);
		const hello = (await phone.good('GET', '/v1/queue')).items.find((item) => item.kind === 'hello' && item.person.name === 'Ben Person');
		assert.deepEqual([hello.met.count, hello.person.emails], [1, []]); // within minutes of each other: one evening
		// Dua, who met Ben once, learns nothing of the other event, and Cem nothing at all
		const dua = await Phone.open(autumn, at.autumn.Dua);
		const seen = await dua.see('Ben', (l) => personOf(l, at.autumn.Ben.id));
		assert.ok(!seen.rows.some((row) => row.kind === 'merge'));
		assert.ok(!JSON.stringify(seen).includes(at.spring.Ben.id) && !JSON.stringify(seen).includes('Drill'));
		const cem = await Phone.open(spring, at.spring.Cem);
		const hers = await cem.see('Ana', (l) => personOf(l, at.spring.Ana.id));
		assert.ok(!JSON.stringify(hers).includes(at.autumn.Ana.id) && !JSON.stringify(hers).includes('Autumn'));
		for (const [who, heard] of [['Dua', dua], ['Cem', cem], ['Ben', { session: ben }]]) {
			for (const target of ['/v1/me', '/v1/me/log', '/v1/me/export', '/v1/queue', '/v1/queue.vcf']) await heard.session.get(target);
			assert.equal((await heard.session.get(`/v1/me/log?event=${who === 'Dua' ? spring.event : autumn.event}`)).status, who === 'Ben' ? 200 : 404, who);
			for (const { target, text } of heard.session.heard) assert.deepEqual(find(Buffer.from(text), Object.values(secrets)), [], `${who} by ${target}`);
		}
	});

	test('phone and server plan the two alike', { skip: noCore }, async () => {
		const log = await phone.log();
		const core = await newCore();
		const queue = await phone.good('GET', '/v1/queue');
		const { languagePacks, loadLanguages } = await library('languages');
		await loadLanguages(['en']);
		const plan = core.plan({ languages: languagePacks(['en']), facts: log.rows, people: log.people, events: log.events.map((one) => one.event), me: log.card.name, lang: 'en', now_ms: queue.as_of_ms, zone_min: log.zone_min });
		const bare = ({ person, notes, ...item }) => ({ ...item, key: item.key, who: person?.key });
		assert.deepEqual(plan.items.map(bare), queue.items.map(bare));
		assert.equal(plan.persons.length, 5);
		assert.deepEqual(plan.persons.find((one) => one.ids.length === 2).merges, [], 'nothing that she could part');
	});

	test('the organizer of one event reads nothing of the other', async () => {
		const organizer = await spring.organizer();
		phone.write('consent', { who: at.spring.Ana.id, purpose: 'followups', given: true, version: 1 });
		await phone.sync();
		const rows = await until('her rows', async () => {
			const list = (await organizer.good('GET', `/v1/events/${spring.event}/followups.json`)).rows;
			return list.length > 0 && list;
		});
		assert.ok(rows.every((row) => row.event === spring.event));
		assert.equal(rows.filter((row) => row.kind === 'promise').length, 0, 'the promise belongs to the other event');
		assert.equal((await organizer.good('GET', `/v1/events/${autumn.event}/followups.json`)).rows.length, 0);
	});

	test('who is expected at the other event is seen of those alone who joined it and agreed', async () => {
		const eli = await Phone.open(spring, at.spring.Eli);
		await eli.good('POST', '/v1/me/join', { code: at.autumn.Eli.code });
		const gus = await Phone.open(spring, at.spring.Gus);
		await gus.good('POST', '/v1/me/consents', { purpose: 'coming', given: true }); // at the first event only, and joined none
		const quiet = await phone.see('Eli', (l) => personOf(l, at.spring.Eli.id));
		assert.equal(personOf(quiet, at.spring.Eli.id).coming, undefined);
		await eli.good('POST', `/v1/me/consents?event=${autumn.event}`, { purpose: 'coming', given: true });
		const log = await phone.see('that Eli comes', (l) => personOf(l, at.spring.Eli.id).coming);
		assert.deepEqual(personOf(log, at.spring.Eli.id).coming, [autumn.event]);
		assert.equal(personOf(log, at.spring.Gus.id).coming, undefined);
		assert.equal(personOf(log, at.spring.Cem.id).coming, undefined);
		assert.ok(!JSON.stringify(log).includes(at.autumn.Eli.id), 'not as whom');
		await eli.good('POST', `/v1/me/consents?event=${autumn.event}`, { purpose: 'coming', given: false });
		await phone.see('no Eli there', (l) => !personOf(l, at.spring.Eli.id).coming);
	});

	test('a ticket that the organizer of one gives out anew opens that event alone, and what it let in ends as she joins again', async () => {
		const organizer = await spring.organizer();
		const { code } = await organizer.good('POST', `/v1/events/${autumn.event}/attendees/${at.autumn.Ana.id}/ticket`);
		const intruder = new Session(spring.origin);
		await intruder.good('POST', '/v1/signin', { code });
		for (const target of ['/v1/queue', '/v1/me', '/v1/me/log', '/v1/me/export', '/v1/queue.vcf']) await intruder.good('GET', target);
		assert.equal((await intruder.get(`/v1/me?event=${spring.event}`)).status, 404);
		assert.equal((await intruder.post('/v1/me/hide', { of: met['spring Ana Cem'] })).status, 200, 'in the one log that is open, where it says nothing');
		for (const { target, text } of intruder.heard) {
			assert.deepEqual(find(Buffer.from(text), [secrets.spring]), [], target);
			assert.ok(!text.includes(met['spring Ana Cem']) && !text.includes('Drill'), target);
		}
		const log = await phone.see('her four people', (l) => l.people.length === 4);
		assert.ok(rowOf(log, met['spring Ana Cem']));
		assert.match(JSON.stringify((await phone.good('GET', '/v1/me')).notices), /Autumn is a list of its own again, since a new ticket code was given out there/);
		await phone.good('POST', '/v1/me/join', { code });
		at.autumn.Ana.code = code;
		assert.equal((await intruder.get('/v1/me')).status, 401);
		await phone.see('all her people', (l) => l.people.length === 6);
	});

	test('parted again, each event has its own, and nothing of the other', async () => {
		assert.equal((await phone.session.post('/v1/me/part', { event: 4711 })).status, 404);
		assert.equal((await phone.session.post('/v1/me/part', { event: autumn.event })).status, 204);
		const log = await phone.see('her four people', (l) => l.people.length === 4);
		assert.equal(log.events, undefined);
		assert.ok(!JSON.stringify(log).includes(secrets.autumn));
		const other = await session('autumn', 'Ana');
		await until('two people there', async () => (await other.good('GET', '/v1/me/log')).people.length === 2);
		assert.ok(!other.heard.some(({ text }) => text.includes(secrets.spring)));
	});

	test('who goes, goes at every event', async () => {
		await phone.good('POST', '/v1/me/join', { code: at.autumn.Ana.code });
		assert.equal((await phone.session.post('/v1/me/delete', { confirm: 'Ana Person' })).status, 204);
		const rows = await spring.rows("SELECT COUNT(*) AS n FROM attendee WHERE name = 'Ana Person'");
		assert.equal(rows[0].n, 0);
		assert.equal((await spring.rows('SELECT COUNT(*) AS n FROM erased'))[0].n, 2);
	});
});
