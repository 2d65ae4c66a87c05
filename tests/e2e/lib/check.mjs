// The main job, end to end, in the order in which an evening goes. Throws at the first thing that
// is not right; say gets a line for each thing seen.
import assert from 'node:assert/strict';
import { Session, until } from './world.mjs';
import { readQr } from './qr.mjs';

const kinds = (log) => log.map((x) => x.kind);
const count = (log, kind) => kinds(log).filter((k) => k === kind).length;

async function checkIns(world, say) {
	for (const key of ['ana', 'ben', 'chidi']) {
		const state = await world.tap(key, 'welcome');
		const [first, last] = world.person(key).name.split(' ');
		assert.equal(state.person.name, `${first} ${last[0]}.`, 'the greeting shows the first name and an initial');
		await world.screen.act('finish');
		await world.screen.shows('idle');
	}
	const again = await world.tap('ana', 'welcome');
	assert.equal(again.already, true, 'a second tap is good news');
	await world.screen.act('finish');
	await world.screen.shows('idle');
	const log = await world.log();
	assert.equal(count(log, 'checkin'), 3);
	say('check-ins        Ana, Ben and Chidi tapped; each is in the log once');
}

/** Two taps make a meeting; two touches make a note. */
async function exchange(world, first, second, touches) {
	await world.tap(first, 'welcome');
	const met = await world.tap(second, ['exchange', 'note']);
	await world.screen.shows('note');
	for (const [name, more] of touches)
		await world.screen.act(name, more);
	await world.screen.act('save');
	await world.screen.shows('idle');
	return met;
}

async function meeting(world, say) {
	await exchange(world, 'ana', 'ben', [['verb', { verb: 'send', on: true }], ['topic', { topic: 'SQLite', on: true }]]);
	const log = await world.log();
	assert.equal(count(log, 'meeting'), 1);
	assert.ok(count(log, 'followup') >= 1, 'the promise is in the log');
	assert.ok(log.filter((x) => x.kind === 'note' || x.kind === 'followup').every((x) => x.sealed && !x.payload),
		'notes and promises are sealed');
	say('exchange         Ana and Ben tapped; meeting and sealed note are in the local store');
}

async function offline(world, say) {
	await world.synced();
	await world.cable.pull();
	await exchange(world, 'chidi', 'dora', [['topic', { topic: 'Music', on: true }]]);
	await world.screen.see('offline with a count', (s) => !s.link.online && s.link.pending > 0, 40000);
	const before = await world.log();
	await world.tap('elif', 'welcome');
	await world.show(world.guests.find((g) => g.key === 'li-wei').text);
	const guest = await world.screen.shows('guest');
	assert.match(guest.other.name, /Li/, 'the guest is named');
	await world.screen.act('save');
	await world.screen.see('the note or idle', (s) => ['note', 'idle'].includes(s.screen));
	if (world.screen.state.screen === 'note') {
		await world.screen.act('text', { text: 'Maintains the scheduler; owes me a paper' });
		await world.screen.act('save');
	}
	await world.screen.shows('idle');
	const log = await world.log();
	assert.equal(count(log, 'contact'), 1);
	assert.ok(log.length > before.length);
	say(`network cut      an exchange and a guest's vCard by camera were stored; ${world.screen.state.link.pending} entries waited`);
	await world.cable.plug();
	await world.synced();
	say('network back     everything was sent');
}

async function pairing(world, say) {
	await world.tap('ana', 'welcome');
	await world.screen.act('pair');
	const shown = await world.screen.see('a pairing code', (s) => s.screen === 'pair' && s.qr);
	const url = await readQr(shown, world.dir);
	const token = new URL(url).hash.slice(1);
	const phone = new Session(world.origin);
	const opened = await phone.good('POST', '/v1/pair', { token });
	const digits = await world.screen.see('the digits', (s) => s.screen === 'pair' && s.digits);
	assert.equal(digits.digits, opened.digits, 'phone and kiosk show the same two digits');
	const spent = await new Session(world.origin).post('/v1/pair', { token });
	assert.notEqual(spent.status, 200, 'a token is spent once');
	await world.chip.send('put ana');
	try {
		await until('the phone to be paired', async () => (await phone.post('/v1/pair/finish')).json?.state === 'paired');
	} finally {
		await world.chip.send('take ana');
		await world.chip.send('wait polls 12');
	}
	const me = await phone.good('GET', '/v1/me');
	assert.equal(me.name, world.person('ana').name);
	say(`pairing          Ana's phone read the code from the screen, both showed ${opened.digits}, her badge confirmed`);
	return phone;
}

const queueOf = (phone) => phone.good('GET', '/v1/queue');

async function queues(world, ana, say) {
	const seen = await until("Ana's queue", async () => {
		const q = await queueOf(ana);
		return q.items.some((i) => i.kind === 'promise') && q.items.some((i) => i.kind === 'hello') && q;
	});
	for (const item of seen.items) {
		assert.match(item.due, /^\d{4}-\d\d-\d\d$/, 'nothing is undated');
		assert.equal(item.person.name, world.person('ben').name);
	}
	assert.ok(JSON.stringify(seen).includes('SQLite'), 'the note is there');
	const ben = await world.phone('ben');
	const his = await until("Ben's queue", async () => {
		const q = await queueOf(ben);
		return q.items.length > 0 && q;
	});
	assert.equal(his.items[0].person.name, world.person('ana').name);
	assert.ok(!JSON.stringify(his).includes('SQLite'), "Ana's note is hers alone");
	const elif = await queueOf(await world.phone('elif'));
	const guest = elif.items.find((i) => i.person.name.includes('Li Wei'));
	assert.ok(guest?.person.claimed, "the guest's card is marked as claimed");
	assert.deepEqual(guest.person.emails, ['li.wei@example.org']);
	const item = seen.items.find((i) => i.kind === 'hello');
	const done = await ana.good('POST', `/v1/queue/${item.key}`, { state: 'done', after: item.after });
	assert.equal(done.item.state, 'done');
	const after = await queueOf(ana);
	assert.ok(after.done.some((i) => i.key === item.key), 'done is done at once');
	say(`queues           Ana owes Ben ${seen.items.map((i) => `${i.kind} by ${i.due}`).join(', ')}; Ben and Elif have theirs`);
}

async function downloads(world, ana, say) {
	const ics = await ana.good('GET', '/v1/queue.ics');
	assert.match(ics, /BEGIN:VEVENT\r\n[\s\S]*DTSTART;VALUE=DATE:\d{8}\r\n/);
	const vcf = await ana.good('GET', '/v1/queue.vcf');
	assert.match(vcf, /FN:Ben Kowalski/);
	const csv = await ana.good('GET', '/v1/queue.csv');
	assert.match(csv, /"Ben Kowalski"/);
	const { url } = await ana.good('POST', '/v1/me/feed');
	const feed = await fetch(url);
	assert.equal(feed.status, 200);
	assert.match(await feed.text(), /^BEGIN:VCALENDAR/);
	say('for the phone    calendar feed by secret address, vCards and CSV are there');
}

async function organizer(world, say) {
	const list = await world.organizer.good('GET', `/v1/events/${world.event}/followups.json`);
	const ids = new Map(world.people.map((p) => [p.id, p]));
	assert.ok(list.rows.length > 0, 'the list has rows');
	for (const row of list.rows) {
		const owner = ids.get(row.a.id);
		assert.ok(owner?.followups, 'only who agreed has rows');
		assert.equal(Boolean(row.a.name), Boolean(owner.contact), 'names only of who agreed to be contacted');
		if (row.b) {
			const other = ids.get(row.b.id);
			assert.ok(other.card || other.followups || other.contact, 'who agreed to nothing is not listed');
			assert.equal(Boolean(row.b.email), Boolean(other.contact));
		}
	}
	const csv = await world.organizer.good('GET', `/v1/events/${world.event}/followups.csv`);
	assert.match(csv, /"event","met_at","a_id"/);
	const all = JSON.stringify(list) + csv;
	assert.ok(!all.includes('scheduler') && !all.includes('SQLite'), 'notes never leave for the organizer');
	const about = await world.organizer.good('GET', `/v1/events/${world.event}`);
	assert.equal(about.counts.meetings, 2);
	assert.ok(about.counts.checked_in >= 3);
	const stranger = await new Session(world.origin).get(`/v1/events/${world.event}/followups.json`);
	assert.equal(stranger.status, 401);
	say(`organizer        ${about.counts.checked_in} checked in, ${about.counts.meetings} meetings; ` +
		`follow-up list: ${list.rows.length} rows, ${list.counts.owners_without_consent} owners counted but not listed`);
}

export async function check(world, say) {
	await checkIns(world, say);
	await meeting(world, say);
	await offline(world, say);
	const ana = await pairing(world, say);
	await queues(world, ana, say);
	await downloads(world, ana, say);
	await organizer(world, say);
}
