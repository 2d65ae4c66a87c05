// The phone as a station on the real server: a whole hour without it, two tabs, leaving the phone.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { after, afterEach, before, describe, test } from 'node:test';
import { appPath, good, online, phone, photo, scanPhoto, settings, signIn, status, tab, vcard } from './lib/app.mjs';
import { closePages, launch, noBrowser } from './lib/browser.mjs';
import { House } from './lib/house.mjs';
import { Session, until } from './lib/world.mjs';

const names = ['Ana Müller', 'Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó', 'Elif Yılmaz', 'Farid Haddad', 'Gina Rossi'];

describe('the phone without a server', { skip: noBrowser }, () => {
	let house;
	let tickets;
	let browser;
	const cards = {};

	before(async () => {
		house = await House.open({
			attendees: names.map((name) => ({ name, organization: 'Kestrel', email: `${name[0].toLowerCase()}@example.org` })),
			eventArgs: ['--topic', 'SQLite', '--topic', 'Hiring'],
		});
		tickets = await house.tickets();
		browser = await launch();
		for (const name of names) {
			const { card } = await (await session(name)).good('GET', '/v1/me/log');
			const text = vcard(name, ['ORG:Kestrel', `X-KITH:https://${house.host}/b#${card.badge}`]);
			cards[name] = await photo(house.dir, `card-${name[0]}`, text);
		}
	});
	after(async () => {
		await browser?.close();
		await house?.close();
	});
	// what a failure left behind is not for the next test
	afterEach(async () => {
		await closePages(browser);
		if (!house.server) await house.run();
	});

	const ticket = (name) => tickets.find((one) => one.name === name);
	// one for each: a ticket code opens only so many an hour
	const sessions = new Map();
	async function session(name) {
		if (!sessions.has(name)) {
			const made = new Session(house.origin);
			await made.good('POST', '/v1/signin', { code: ticket(name).code });
			sessions.set(name, made);
		}
		return sessions.get(name);
	}
	const log = async (name) => (await session(name)).good('GET', '/v1/me/log');
	const meetings = async (name) => (await log(name)).rows.filter((row) => row.kind === 'meeting');
	const settle = (page) => page.problems.splice(0).filter((text) => !/ERR_CONNECTION_REFUSED|net::|401/.test(text));
	/** The scanner is kept by now: it may be scanned without a network. */
	const ready = (page) =>
		page.waitForFunction(async () => {
			const names = (await caches.keys()).filter((name) => name.startsWith('kith-app-'));
			const kept = (await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))).flat();
			return kept.some((request) => request.url.includes('zxing_reader'));
		});

	test('three people scanned with the server gone are there once, in both queues, when it is back', async () => {
		const page = await signIn(browser, house.origin, ticket('Ana Müller').code);
		await online(page);
		await ready(page);
		await house.halt('SIGKILL');
		await page.reload();
		await status(page).getByText('Offline').waitFor();
		await good(page, 'app-offline');
		for (const name of ['Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó']) {
			await tab(page, 'Scan');
			await scanPhoto(page, cards[name], name);
			await page.getByRole('button', { name: "I'll send something" }).click();
			await page.getByRole('button', { name: 'Hiring' }).click();
			await page.getByLabel('A line to remember').fill(`Owes me a story, ${name}`);
			await tab(page, 'Queue');
		}
		// 3 × meeting, card, promise, note of a topic, note with a line
		await status(page).getByText('Offline, 15 saved on this phone').waitFor();
		await status(page).click();
		await page.getByText('15 saved here, not sent yet').waitFor();
		await good(page, 'app-offline-unsent');
		await page.keyboard.press('Escape');
		// once more from nothing but the disk
		await page.reload();
		await status(page).getByText('Offline, 15 saved on this phone').waitFor();
		await tab(page, 'People');
		for (const name of ['Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó']) await page.getByText(name).first().waitFor();

		await house.run();
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await online(page);
		// acknowledged at once, worked in a moment later
		const stories = async () =>
			(await log('Ana Müller')).rows.filter((row) => row.kind === 'note' && row.payload.text?.startsWith('Owes me a story'));
		await until('the notes', async () => (await stories()).length === 3);
		assert.equal((await meetings('Ana Müller')).length, 3);
		const queueOf = async (name) => (await (await session(name)).good('GET', '/v1/queue')).items;
		await until('the promises', async () => (await queueOf('Ana Müller')).filter((item) => item.kind === 'promise').length === 3);
		for (const name of ['Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó']) {
			const hello = async () => (await queueOf(name)).filter((item) => item.person?.name === 'Ana Müller' && item.kind === 'hello');
			await until('the greeting', async () => (await hello()).length === 1);
			const [met, ...more] = await meetings(name);
			assert.equal(more.length, 0, `${name} was met once`);
			assert.equal(met.own, false);
			assert.ok(!JSON.stringify(await log(name)).includes('Owes me a story'), 'a note is its author\'s');
		}
		assert.deepEqual(settle(page), []);
	});

	test('a server restored from an older backup is filled again', async () => {
		const page = await signIn(browser, house.origin, ticket('Elif Yılmaz').code);
		await online(page);
		const met = async () => (await house.rows('SELECT COUNT(*) AS n FROM entry WHERE kind = 4'))[0].n;
		const former = await met();
		await house.backup();
		await tab(page, 'Scan');
		await scanPhoto(page, cards['Farid Haddad'], 'Farid Haddad');
		await online(page);
		await until('the meeting at the server', async () => (await meetings('Elif Yılmaz')).length === 1);
		await house.halt();
		fs.rmSync(house.store, { recursive: true });
		await house.restore();
		assert.equal(await met(), former, 'the backup is older than the meeting');
		await house.run();
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await until('the meeting at the server again', async () => (await meetings('Elif Yılmaz')).length === 1);
	});

	test('two tabs keep one stream: what one writes the other shows, and nothing is sent twice', async () => {
		const one = await signIn(browser, house.origin, ticket('Chidi Okafor').code);
		const two = await one.context().newPage();
		await two.goto(house.origin + appPath);
		for (const page of [one, two]) await tab(page, 'Scan');
		await Promise.all([scanPhoto(one, cards['Elif Yılmaz'], 'Elif Yılmaz'), scanPhoto(two, cards['Farid Haddad'], 'Farid Haddad')]);
		await Promise.all(
			[one, two].map(async (page) => {
				for (const verb of ["I'll send something", 'I can help']) await page.getByRole('button', { name: verb }).click();
			}),
		);
		for (const page of [one, two]) {
			await tab(page, 'People');
			for (const name of ['Elif Yılmaz', 'Farid Haddad']) await page.getByText(name).first().waitFor();
			await online(page);
		}
		const own = async () => (await log('Chidi Okafor')).rows.filter((row) => row.own && ['meeting', 'followup'].includes(row.kind)).map((row) => row.kind).sort();
		await until('all of it at the server', async () => (await own()).length >= 6);
		assert.deepEqual(await own(), [...Array(4).fill('followup'), 'meeting', 'meeting']);
	});

	test('signing out with something unsent is refused, with three ways out; then nothing is left', async () => {
		const page = await signIn(browser, house.origin, ticket('Farid Haddad').code);
		await online(page);
		await ready(page);
		await house.halt();
		await tab(page, 'Scan');
		await scanPhoto(page, cards['Gina Rossi'], 'Gina Rossi');
		await settings(page);
		await page.getByRole('button', { name: 'Sign out of this device' }).click();
		await page.getByRole('heading', { name: '2 things are only on this phone' }).waitFor();
		await good(page, 'app-signout-refused');
		await page.getByRole('button', { name: 'Send them now, then sign out' }).click();
		await page.getByText('They could not be sent.').waitFor();
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('button', { name: 'Download them as a file' }).click(),
		]);
		const file = JSON.parse(fs.readFileSync(await download.path(), 'utf8'));
		assert.deepEqual(file.entries.map((entry) => entry.kind), ['meeting', 'contact']);
		await house.run();
		await page.getByRole('button', { name: 'Send them now, then sign out' }).click();
		await page.getByText('Your follow-ups are waiting').waitFor();
		await until('the meeting', async () => (await meetings('Farid Haddad')).filter((row) => row.own).length === 1);
		assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name)), []);
		assert.equal((await page.context().cookies()).filter((one) => one.name === '__Host-kith').length, 0);
	});

	test('another person who signs in here sees nothing of the first, and the first loses nothing', async () => {
		const page = await signIn(browser, house.origin, ticket('Gina Rossi').code);
		await online(page);
		await ready(page);
		await house.halt();
		await tab(page, 'Scan');
		await scanPhoto(page, cards['Ben Kowalski'], 'Ben Kowalski');
		await house.run();
		// by ticket, in another tab, before the first could send: the cookie is the second one's now
		const other = await page.context().newPage();
		await page.context().setOffline(true);
		await page.context().setOffline(false);
		await other.goto(`${house.origin}/t#${ticket('Dóra Szabó').code}`);
		await other.getByRole('button', { name: 'Sign in with this ticket alone' }).click();
		await other.getByRole('button', { name: 'Sign in', exact: true }).click();
		await other.waitForURL((url) => url.pathname !== '/t');
		// the address is there from the start: the first one's app goes for the second one's, and takes a touch along
		await other.goto('about:blank');
		await other.goto(`${house.origin}${appPath}#/card`);
		await other.getByRole('heading', { name: 'Dóra Szabó' }).waitFor();
		await tab(other, 'People');
		assert.equal(await other.getByText('Ben Kowalski').count(), 0);
		await settings(other);
		await other.getByRole('button', { name: 'Sign out of this device' }).click();
		await other.getByText('Your follow-ups are waiting').waitFor();
		await other.getByLabel('Ticket code').fill(ticket('Gina Rossi').code);
		await other.getByRole('button', { name: 'Sign in' }).click();
		await tab(other, 'People');
		await other.getByText('Ben Kowalski').first().waitFor();
		await online(other);
		await until('the meeting', async () => (await meetings('Gina Rossi')).filter((row) => row.own).length === 1);
	});

	test('a short code that is typed without a network counts from then', async () => {
		const page = await signIn(browser, house.origin, ticket('Elif Yılmaz').code);
		await online(page);
		const { card } = await log('Gina Rossi');
		await house.halt();
		await tab(page, 'Scan');
		const type = async (text) => {
			await page.getByRole('button', { name: 'Type the code' }).click();
			await page.getByRole('textbox', { name: /^Short code/ }).fill(text);
			await page.getByRole('button', { name: 'Add this person' }).click();
		};
		await type('ABCDEFGHJKMNPQRS');
		await page.getByRole('alert').getByText('That looks like a ticket code').waitFor();
		await page.keyboard.press('Escape');
		await type(card.short_code.toLowerCase().replace(/^(.{5})/, '$1 '));
		await page.getByRole('heading', { name: 'The code is kept' }).waitFor();
		const typed = Date.now();
		await page.getByRole('button', { name: 'Close' }).click();
		await page.getByText('1 code waits for a network').waitFor();
		await good(page, 'app-code-waits');
		await house.run();
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await tab(page, 'People');
		await until('the meeting', async () => (await meetings('Gina Rossi')).some((row) => Math.abs(row.at_ms - typed) < 60_000 && !row.own));
	});

	test('a session ended from elsewhere takes the data off the phone', async () => {
		const page = await signIn(browser, house.origin, ticket('Dóra Szabó').code, phone);
		await online(page);
		const elsewhere = await session('Dóra Szabó');
		const { devices } = await elsewhere.good('GET', '/v1/me');
		for (const device of devices.filter((one) => !one.this))
			await elsewhere.good('POST', `/v1/me/devices/${device.session}/end`);
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await page.getByText('Your follow-ups are waiting').waitFor();
		assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name)), []);
	});
});
