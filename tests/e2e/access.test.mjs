// Who comes in, at the console and over HTTP, with the real program.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { bin, run } from './lib/chip.mjs';
import { House } from './lib/house.mjs';
import { Session } from './lib/world.mjs';

describe('one server', () => {
	let house;
	before(async () => {
		house = await House.open();
	});
	after(() => house.close());

	const signIn = (email, password) => new Session(house.origin).post('/v1/organizer/signin', { email, password });

	test('an organizer of one event sees that one only, and passwords are shown once', async () => {
		const other = (await house.cli('event', 'add', 'Another')).trim();
		const password = (await house.cli('organizer', 'add', 'one@example.org', '--event', other)).trim();
		assert.match(password, /^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
		const again = await house.try('organizer', 'add', 'one@example.org', '--event', other);
		assert.deepEqual([again.status, again.out], [0, '']);
		assert.match(again.err, /there already, with the password of before/);
		const session = new Session(house.origin);
		await session.good('POST', '/v1/organizer/signin', { email: 'One@Example.org', password });
		assert.deepEqual((await session.good('GET', '/v1/events')).map((e) => String(e.event)), [other]);
		assert.equal((await session.get(`/v1/events/${house.event}`)).status, 404);
		assert.equal((await session.get('/v1/events/4711')).status, 404);
		assert.equal((await session.post('/v1/organizer/signout')).status, 204);
		assert.equal((await session.get('/v1/events')).status, 401);
	});

	test('a password may come from standard input, and is no longer good once it is changed', async () => {
		const give = (password) => run('/bin/sh', ['-c', 'printf "%s\\n" "$1" | "$2" --store "$3" organizer add own@example.org --password-stdin',
			'sh', password, path.join(bin, 'kith-server'), house.store]);
		assert.notEqual((await give('short')).status, 0);
		assert.equal((await give('a password of mine')).status, 0);
		const before = new Session(house.origin);
		await before.good('POST', '/v1/organizer/signin', { email: 'own@example.org', password: 'a password of mine' });
		assert.equal((await before.get('/v1/events')).status, 200);
		assert.equal((await give('another one of mine')).status, 0);
		assert.equal((await before.get('/v1/events')).status, 401);
		assert.equal((await signIn('own@example.org', 'a password of mine')).status, 401);
		assert.equal((await signIn('own@example.org', 'another one of mine')).status, 204);
	});

	test('commands name what is wrong', async () => {
		for (const [args, words] of [
			[['organizer', 'add', 'nobody'], /e-mail/],
			[['organizer', 'add', 'a@example.org', '--event', '4711'], /no event 4711/],
			[['enrol', '4711', 'Door'], /no event 4711/],
			[['enrol', String(house.event), ' '], /name/],
		]) {
			const done = await house.try(...args);
			assert.notEqual(done.status, 0, args.join(' '));
			assert.match(done.err, words);
		}
	});

	test('a foreign page can do nothing with a cookie', async () => {
		const session = await house.organizer();
		const answer = await session.request('POST', '/v1/organizer/signout', {}, { origin: 'https://evil.example' });
		assert.equal(answer.status, 403);
		assert.equal((await session.get('/v1/events')).status, 200);
	});
});
