// The kiosk with its server: names, quick sync, pairing and each of its refusals, revocation, and
// what is left after a restart without the network.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Session, World, until } from './lib/world.mjs';
import { readQr } from './lib/qr.mjs';

async function withWorld(options, body) {
	const world = await World.start(options);
	try {
		await body(world);
	} finally {
		await world.stop();
	}
}

const away = (world) => world.chip.send('wait polls 12');

async function startPairing(world, key) {
	await away(world);
	await world.tap(key, 'welcome');
	await world.screen.act('pair');
	const shown = await world.screen.see('a code', (s) => s.screen === 'pair' && s.qr);
	return new URL(await readQr(shown, world.dir)).hash.slice(1);
}

const ticketCode = async (world, key) => /[0-9A-HJKMNP-TV-Z]{4}(-?[0-9A-HJKMNP-TV-Z]{4}){3}/
	.exec(await world.cli('ticket', world.event, world.person(key).id))[0];

test('a ticket that was made after the roster came is found by one quick sync', () => withWorld({ role: 'door' }, async (w) => {
	await w.tap('ana', 'welcome');
	const code = await ticketCode(w, 'ben');
	await w.show(`https://${w.host}/t#${code.replaceAll('-', '')}`);
	const seen = await w.screen.see('Ben', (s) => s.screen === 'welcome' && s.person?.name === 'Ben K.');
	assert.equal(seen.already, undefined);
	await w.show(`https://${w.host}/t#0000000000000000`);
	await w.screen.see('the refusal', (s) => s.screen === 'refused' && s.reason === 'unknown-ticket');
	const log = await w.log();
	assert.equal(JSON.parse(log.filter((x) => x.kind === 'checkin')[1].payload).how, 'ticket');
}));

test('the screen speaks the language of the badge', () => withWorld({ role: 'door' }, async (w) => {
	const dora = await w.tap('dora', 'welcome');
	assert.equal(dora.lang, 'de');
	await w.screen.act('finish');
	assert.equal((await w.screen.shows('idle')).lang, 'en');
}));

test('pairing ends for each reason there is', () => withWorld({ role: 'door' }, async (w) => {
	// the next person
	let token = await startPairing(w, 'ana');
	await w.tap('ben', 'welcome');
	const phone = new Session(w.origin);
	await phone.post('/v1/pair', { token });
	await away(w);
	await w.tap('ben', 'welcome');
	assert.equal((await phone.post('/v1/pair/finish')).json?.state === 'paired', false, 'nobody confirmed it');
	assert.notEqual((await phone.get('/v1/me')).status, 200);
	await w.screen.act('finish');
	await w.screen.shows('idle');

	// another badge than the one that began
	token = await startPairing(w, 'ana');
	const second = new Session(w.origin);
	const opened = await second.good('POST', '/v1/pair', { token });
	await w.screen.see('the digits', (s) => s.digits === opened.digits);
	await w.tap('chidi', 'welcome');
	assert.equal((await second.post('/v1/pair/finish')).json?.state === 'paired', false);

	// finish
	await startPairing(w, 'ana');
	await w.screen.act('finish');
	await w.screen.shows('idle');

	// no network
	await w.cable.pull();
	await w.screen.see('offline', (s) => !s.link.online, 40000);
	await away(w);
	await w.tap('ana', 'welcome');
	await w.screen.act('pair');
	assert.equal((await w.screen.shows('refused')).reason, 'offline');
}));

test('a badge is refused once it was revoked, or replaced at the desk', () => withWorld({ role: 'door', config: ['staff_pin = 4711'] }, async (w) => {
	await w.tap('ana', 'welcome');
	await w.cli('badge', 'revoke', w.event, w.person('ana').badge);
	await away(w);
	await w.tap('ben', 'welcome');
	// the kiosk hears of it with the answer to what it sends
	const refused = async (key) => {
		await until('the refusal', async () => {
			await w.screen.act('finish');
			await away(w);
			return (await w.tap(key)).reason === 'revoked';
		}, 60000);
	};
	await refused('ana');
	await w.organizer.good('POST', `/v1/events/${w.event}/badges/${w.person('chidi').badge}/revoke`, {});
	await away(w);
	await w.tap('dora', 'welcome');
	await refused('chidi');
	assert.equal((await w.organizer.post(`/v1/events/${w.event}/badges/${w.person('ana').id}/revoke`, {})).status, 404, 'no badge');
	await w.stopKiosk(); // it holds the reader
	await w.chip.send('tag new spare ntag213');
	await w.encode('spare', crypto.randomBytes(16).toString('base64url'));
	await w.startKiosk();
	await w.roster();
	await w.screen.act('staff', { pin: '4711' });
	await w.screen.see('the desk', (s) => s.staff === true);
	await w.screen.act('find', { q: 'ben' });
	await w.screen.see('Ben', (s) => s.found?.length === 1);
	await w.screen.act('assign', { id: w.person('ben').id });
	await w.screen.see('the wish for a badge', (s) => s.reason === 'assign');
	await w.chip.send('put spare');
	await w.screen.see('the new badge', (s) => s.reason === 'assigned');
	await w.chip.send('take spare');
	await w.synced();
	await refused('ben');
	await w.screen.act('finish');
	await away(w);
	assert.equal((await w.tap('spare', 'welcome')).person.name, 'Ben K.');
}));

test('who went is forgotten here too, though this kiosk writes of them late', () => withWorld({ role: 'door', config: ['staff_pin = 4711'] }, async (w) => {
	const phone = await w.phone('ana');
	await w.cable.pull();
	assert.equal((await w.tap('ana', 'welcome')).person.name, 'Ana M.');
	await phone.good('POST', '/v1/me/delete', { confirm: w.person('ana').name });
	await w.cable.plug();
	await w.synced();
	await until('a welcome without a name', async () => {
		await w.screen.act('finish');
		await away(w);
		return (await w.tap('ana', 'welcome')).person.name === '';
	}, 25000);
	await w.screen.act('staff', { pin: '4711' });
	await w.screen.see('the desk', (s) => s.staff === true);
	for (const [q, n] of [['ben', 1], ['ana', 0]]) {
		await w.screen.act('find', { q });
		await w.screen.see(`${n} found for ${q}`, (s) => s.found?.length === n);
	}
	assert.deepEqual((await w.organizer.good('GET', `/v1/events/${w.event}/attendees?q=ana`)).filter((x) => x.name.startsWith('Ana')), []);
}));

test('a revoked kiosk closes and keeps nothing that the server has', () => withWorld({ role: 'door' }, async (w) => {
	await w.tap('ana', 'welcome');
	await w.synced();
	const { stations } = await w.organizer.good('GET', `/v1/events/${w.event}`);
	assert.equal(stations[0].role, 'door', 'as it said in what it sent');
	await w.organizer.good('POST', `/v1/events/${w.event}/stations/${stations[0].station}/revoke`);
	await w.tap('ben', 'welcome');
	const closed = await w.screen.see('closed', (s) => s.screen === 'closed', 40000);
	assert.equal(closed.reason, 'revoked-station');
	assert.equal(closed.link.server, 'revoked');
	const kinds = (await w.log()).map((x) => x.kind);
	assert.ok(kinds.length <= 1, 'what the server has is gone here');
}));

for (const cache of [false, true]) {
	test(`after a restart without the network it ${cache ? 'greets by name, as configured' : 'records without a name'}`, () =>
		withWorld({ role: 'mixed', config: [`name_cache = ${cache ? 'yes' : 'no'}`] }, async (w) => {
			const first = await w.tap('ana', 'welcome');
			assert.equal(first.person.name, 'Ana M.');
			const code = await ticketCode(w, 'ben');
			await w.show(`https://${w.host}/t#${code.replaceAll('-', '')}`);
			await w.screen.see('Ben', (s) => s.person?.name === 'Ben K.');
			await w.cable.pull();
			await w.stopKiosk('SIGKILL');
			const raw = fs.readdirSync(w.state).map((f) => fs.readFileSync(path.join(w.state, f)));
			assert.equal(raw.some((bytes) => bytes.includes('Müller')), cache);
			await w.startKiosk();
			const again = await w.tap('ana', 'welcome');
			assert.equal(again.already, true, 'who was in is in');
			assert.equal(again.person.name, cache ? 'Ana M.' : '');
			await w.screen.act('finish');
			const idle = await w.screen.shows('idle');
			await w.show(`https://${w.host}/t#${code.replaceAll('-', '')}`);
			const ben = await w.screen.see('Ben, by his ticket', (s) => s.rev > idle.rev && s.screen === 'welcome');
			assert.equal(ben.already, true);
			assert.equal(ben.person.name, cache ? 'Ben K.' : '');
		}));
}

test('what happened offline reaches the server once the network is back', () => withWorld({ role: 'lounge' }, async (w) => {
	await w.cable.pull();
	await w.tap('ana', 'welcome');
	await w.tap('ben', ['exchange', 'note']);
	await w.screen.shows('note');
	await w.screen.act('verb', { verb: 'help', on: true });
	await w.screen.act('save');
	await w.screen.see('three waiting', (s) => s.link.pending === 3);
	await w.cable.plug();
	await w.synced();
	const ana = await w.phone('ana');
	const queue = await until("Ana's queue", async () => {
		const q = await ana.good('GET', '/v1/queue');
		return q.items.length > 1 && q;
	});
	assert.deepEqual(queue.items.map((i) => i.kind).sort(), ['hello', 'promise']);
	assert.equal(queue.items.find((i) => i.kind === 'promise').text, 'Help');
}));
