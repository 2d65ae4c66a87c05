// A phone whose owner attends two events: one list, each entry to the log of its event, also offline; the card of
// where one is; the brief before the next one. And the small pages' languages.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { good, kept, online, phone, settings, signIn, tab } from './lib/app.mjs';
import { launch, noBrowser, open } from './lib/browser.mjs';
import { Evening, iso } from './lib/evening.mjs';
import { Station } from './lib/station.mjs';
import { Session, until } from './lib/world.mjs';

const [ana, ben, elif] = ['Ana Müller', 'Ben Kowalski', 'Elif Yılmaz'];

describe('two events on a phone', { skip: noBrowser }, () => {
	let browser;
	let evening;
	let autumn;
	let there; // tickets of the second event, by name
	let page;
	const ties = {};
	const session = () => evening.session(ana);

	before(async () => {
		evening = await Evening.open();
		const { house } = evening;
		autumn = Object.assign(Object.create(house), { event: Number((await house.cli('event', 'add', 'Autumn Days', '--host', house.host, '--topic', 'Fungi')).trim()) });
		await house.cli('event', 'set', String(autumn.event), 'starts', iso());
		await autumn.import([ana, ben, elif, 'Ines Autumn'].map((name) => ({ name, organization: 'Kestrel', consent_card: 'yes' })));
		there = Object.fromEntries((await autumn.tickets()).map((one) => [one.name, one]));
		ties.ben = evening.meet(ana, ben, 200);
		ties.elif = evening.meet(ana, elif, 200);
		await evening.sync();
		const hall = await Station.enrol(house.origin, (await house.cli('enrol', String(autumn.event), 'Hall')).trim());
		ties.benAgain = hall.meeting(there[ana].id, there[ben].id).id;
		ties.ines = hall.meeting(there[ana].id, there['Ines Autumn'].id).id;
		await hall.sync();
		await house.opened();
		// Ben and Elif joined the two for themselves; Elif lets be known that she comes
		for (const name of [ben, elif]) {
			const session = await evening.session(name);
			await session.good('POST', '/v1/me/join', { code: there[name].code });
			if (name === elif) await session.good('POST', `/v1/me/consents?event=${autumn.event}`, { purpose: 'coming', given: true });
		}
		browser = await launch();
		// the first ticket: what comes in by one that is given out later joins nothing
		page = await evening.phone(browser, ana, { code: evening.ticket(ana).code });
		await online(page);
	});
	after(async () => {
		await browser?.close();
		await evening?.close();
	});

	const rows = async () => (await (await session()).good('GET', '/v1/me/log')).rows;
	const person = async (name) => {
		await tab(page, 'People');
		await page.getByRole('link', { name: new RegExp(`^${name}`) }).first().click();
		await page.getByRole('heading', { name, level: 1 }).waitFor();
	};

	test('a further event joins the list by its ticket, and a wrong code says so', async () => {
		await tab(page, 'People');
		await page.getByText(elif).waitFor();
		assert.equal(await page.getByText('Ines Autumn').count(), 0);
		await settings(page);
		const panel = page.getByRole('region', { name: 'My events' });
		await panel.getByLabel('Ticket code of another event').fill('0000-0000-0000-0000');
		await panel.getByRole('button', { name: 'Add the event' }).click();
		await panel.getByText(/this is no ticket code/).waitFor();
		page.problems.length = 0;
		await panel.getByLabel('Ticket code of another event').fill(there[ana].url);
		await panel.getByRole('button', { name: 'Add the event' }).click();
		await panel.getByRole('radio', { name: 'Autumn Days' }).waitFor();
		await good(page, 'events-settings');
		await tab(page, 'People');
		await page.getByText('Ines Autumn').waitFor();
		for (const name of ['Drill', 'Autumn Days']) await page.getByRole('heading', { name }).waitFor();
	});

	test('who was met at both, and joined them, is one person, met twice', async () => {
		await person(ben);
		await page.getByText(/^Met 2 times, last on/).waitFor();
		for (const name of ['Drill', 'Autumn Days']) await page.locator('.timeline', { hasText: name }).waitFor();
		assert.equal(await page.getByRole('button', { name: 'Part them again' }).count(), 0);
		const queue = await (await session()).good('GET', '/v1/queue');
		assert.equal(queue.items.find((item) => item.person?.name === ben).met.count, 2);
	});

	test('where one is by the calendar is the event of the card, and of what is scanned; one may say otherwise', async () => {
		await tab(page, 'Card');
		const code = () => page.locator('.own-short code').textContent();
		const now = await code();
		await settings(page);
		const here = page.getByRole('region', { name: 'My events' });
		assert.ok(await here.getByRole('radio', { name: 'Autumn Days' }).isChecked(), 'it is on today');
		await here.getByRole('radio', { name: 'Drill' }).check();
		await tab(page, 'Card');
		await until('the other badge', async () => (await code()) !== now);
		await settings(page);
		await page.getByRole('switch', { name: /Organizer may contact me/ }).click();
		await until('the consent of that event alone', async () => {
			const [first, second] = await Promise.all(['', `?event=${autumn.event}`].map(async (at) => (await (await session()).good('GET', `/v1/me${at}`)).consents.contact));
			return first && !second;
		});
		await here.getByRole('radio', { name: 'Autumn Days' }).check();
	});

	test('offline, what is written about each goes to the log of its event', async () => {
		const write = async (name, text) => {
			await person(name);
			await page.getByRole('button', { name: 'Note', exact: true }).click();
			await page.getByRole('dialog').getByRole('textbox').first().fill(text);
			await page.getByRole('button', { name: 'Save' }).click();
			await page.locator('.notes').getByText(text).waitFor();
		};
		await kept(page);
		await evening.house.halt();
		await write('Ines Autumn', 'Knows every mushroom');
		await write(elif, 'Plays the ney');
		await page.reload();
		await page.getByRole('navigation', { name: 'Parts of the app' }).waitFor();
		await person(elif);
		await page.getByText('Plays the ney').waitFor();
		await page.locator('.strip-state').getByText(/Offline, 2 saved/).waitFor();
		await evening.house.run();
		await page.evaluate(() => dispatchEvent(new Event('online')));
		await online(page);
		const notes = await until('both notes', async () => {
			const found = (await rows()).filter((row) => row.kind === 'note' && row.own);
			return found.length === 2 && found;
		});
		const of = (text) => notes.find((row) => row.payload.text === text);
		assert.deepEqual([of('Knows every mushroom').event, of('Plays the ney').event], [autumn.event, evening.house.event]);
		assert.deepEqual([of('Knows every mushroom').payload.author, of('Plays the ney').payload.author], [there[ana].id, evening.id(ana)]);
		page.problems.length = 0;
	});

	test('done is done in both, on either session', async () => {
		const before = (await (await session()).good('GET', '/v1/queue')).items.filter((item) => item.person?.name === 'Ines Autumn');
		assert.ok(before.length > 0);
		await tab(page, 'Queue');
		await page.locator('.item', { hasText: 'Ines Autumn' }).getByRole('button', { name: 'Done: Ines Autumn' }).first().click();
		const other = new Session(evening.house.origin);
		await other.good('POST', '/v1/signin', { code: there[ana].code });
		await until('it done', async () => (await other.good('GET', '/v1/queue')).done.some((item) => item.person?.name === 'Ines Autumn'));
		const state = (await rows()).find((row) => row.kind === 'followup-state' && row.own);
		assert.equal(state.event, autumn.event);
	});

	test('the brief has whom one knows there: those met there, and who lets it be known; offers first', async () => {
		evening.favour(ties.elif, 'offered', 'A review');
		evening.owed(ties.elif, 'promise', iso(1), 'The article');
		await evening.sync();
		await tab(page, 'Queue');
		await page.getByRole('link', { name: /Before you meet 3 people you know are at Autumn Days/ }).click();
		await page.getByRole('heading', { name: 'Before you meet' }).waitFor();
		const one = page.locator('.brief-one', { hasText: elif });
		await one.getByText('The article').waitFor();
		const lines = await one.locator('.brief-open li').allTextContents();
		assert.match(lines[0], /You offered: A review/);
		assert.match(lines[1], /You promised: The article \(/);
		assert.equal(await one.locator('.brief-ask li').count(), 2);
		const all = (await page.locator('.brief-one h2').allTextContents()).sort();
		assert.deepEqual(all, [ben, elif, 'Ines Autumn'].sort());
		await good(page, 'events-brief');
	});

	test('a ticket opened on a phone that is signed in asks whether it is the same person', async () => {
		const chidi = await signIn(browser, evening.house.origin, evening.ticket('Chidi Okafor').code);
		await chidi.goto(`${evening.house.origin}/t#${there['Ines Autumn'].code}`);
		await chidi.getByText('Is this ticket yours, too?').waitFor();
		await good(chidi, 'events-ticket');
		await chidi.getByRole('button', { name: 'Add the event' }).click();
		await settings(chidi);
		await chidi.getByRole('radio', { name: 'Autumn Days' }).waitFor();
		await chidi.context().close();
	});

	test('what came in by a ticket given out anew is told how to add an event', async () => {
		const late = await signIn(browser, evening.house.origin, await evening.code('Chidi Okafor'));
		await late.goto(`${evening.house.origin}/t#${there['Ines Autumn'].code}`);
		await late.getByRole('button', { name: 'Add the event' }).click();
		await late.getByText(/sign in with the other event's ticket code/).waitFor();
		await late.context().close();
	});

	test('taken out again, it is a list of its own', async () => {
		await settings(page);
		const panel = page.getByRole('region', { name: 'My events' });
		await panel.getByRole('radio', { name: 'Drill' }).check();
		await panel.getByRole('button', { name: 'Take out' }).click();
		await until('one event', async () => (await panel.getByRole('radio').count()) === 1);
		await tab(page, 'People');
		await page.getByText(elif).waitFor();
		await until('no Ines', async () => (await page.getByText('Ines Autumn').count()) === 0);
		assert.deepEqual(page.problems, []);
	});

	test('the small pages speak the browser\'s language, and another one at a touch', async () => {
		for (const [path, words] of [['/p', ['An einer Station beginnen', 'Start at a station']], ['/t', ['Mit dem Ticket anmelden', 'Sign in with your ticket']], ['/b#AAAA.BBBB', [/./, "This is somebody's event badge"]]]) {
			const small = await open(browser, `${evening.house.origin}${path}`, { ...phone, locale: 'de-DE' });
			await small.locator('html[lang=de]').waitFor({ state: 'attached' });
			await small.getByRole('heading', { level: 1 }).filter({ hasText: words[0] }).waitFor();
			await small.getByRole('radio', { name: 'English' }).check();
			await small.getByRole('heading', { name: words[1] }).waitFor();
			await small.getByRole('radio', { name: 'العربية' }).check();
			await small.locator('html[dir=rtl]').waitFor({ state: 'attached' });
			await good(small, `small-${path.slice(1, 2)}-ar`);
			await small.reload();
			await small.locator('html[lang=ar]').waitFor({ state: 'attached' });
			await small.context().close();
		}
	});
});
