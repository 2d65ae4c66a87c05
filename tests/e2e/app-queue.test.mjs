// The queue on the phone, against the real server: shelves, one card at a time by keys and by touch,
// undo, snooze, the draft of a mail, and the good end.
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { appPath, good, online, patient, sizes } from './lib/app.mjs';
import { closePages, launch, noBrowser } from './lib/browser.mjs';
import { Evening, iso } from './lib/evening.mjs';
import { until } from './lib/world.mjs';

/** A time zone where it is still today, and not yet evening: where this runs, if it can be. */
const daytime = () =>
	[Intl.DateTimeFormat().resolvedOptions().timeZone, ...Intl.supportedValuesOf('timeZone')].find((timeZone) => {
		const there = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format();
		return there.startsWith(iso()) && Number(there.slice(11, 13)) < 17;
	});

describe('the queue on the phone', { skip: noBrowser }, () => {
	let browser;
	let evening;

	before(async () => {
		evening = await Evening.open();
		const [ben, chidi, dora, elif] = ['Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó', 'Elif Yılmaz'].map((name) => evening.meet('Ana Müller', name));
		evening.note(ben, 'Runs the open data group', ['SQLite']);
		evening.owed(ben, 'promise', iso(0), 'Send the talk');
		evening.owed(chidi, 'thanks', iso(20), 'For the way home');
		evening.favour(elif, 'asked', 'A slot in the series');
		void dora;
		await evening.sync();
		browser = await launch();
	});
	after(async () => {
		await browser?.close();
		await evening?.close();
	});
	afterEach(() => closePages(browser));

	const toShelf = async (page, shelf = '') => {
		await page.goto(`${evening.house.origin}${appPath}#/queue${shelf}`);
		await page.locator(`.segment[aria-current][href="#/queue${shelf}"]`).waitFor();
	};
	const left = (page) => page.locator('.triage-left').textContent();
	const card = (page) => page.locator('.card');
	const serverItem = async (name, kind, state) => {
		const queue = await evening.queue();
		return [...queue.items, ...queue.done].find((item) => item.person?.name === name && item.kind === kind && item.state === state);
	};

	test('shows the same rows as the server plans, each on one shelf, clean in both themes and sizes', async () => {
		for (const colorScheme of ['light', 'dark'])
			for (const [size, viewport] of Object.entries(sizes)) {
				const page = await evening.phone(browser, undefined, { ...viewport, colorScheme });
				const found = [];
				for (const shelf of ['', '/upcoming', '/someday', '/done']) {
					await toShelf(page, shelf);
					if (shelf === '') await page.locator('.item').first().waitFor();
					found.push(...(await page.locator('.item').evaluateAll((rows) => rows.map((row) => `${row.querySelector('.item-name').textContent}: ${row.querySelector('.item-kind').textContent}`))));
					await good(page, `app-queue-${size}-${colorScheme}${shelf.replace('/', '-')}`);
				}
				const words = { hello: 'Say hello', promise: 'Keep your promise', thanks: 'Say thank you' };
				const planned = (await evening.queue()).items.map((item) => `${item.person.name}: ${words[item.kind] ?? item.kind}`);
				assert.deepEqual(found.sort(), planned.sort());
				assert.deepEqual(page.problems, []);
				await page.context().close();
			}
	});

	test('a row is done by its circle, and comes back by Undo', async () => {
		const page = await evening.phone(browser);
		await patient(page);
		await page.getByRole('button', { name: 'Done: Dóra Szabó' }).click();
		await page.locator('.undo-bar').getByText('Done: Dóra Szabó').waitFor();
		await page.getByRole('button', { name: 'Done: Dóra Szabó' }).waitFor({ state: 'detached' });
		await until('it to be done at the server', () => serverItem('Dóra Szabó', 'hello', 'done'));
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.getByRole('button', { name: 'Done: Dóra Szabó' }).waitFor();
		await until('it to be open at the server', () => serverItem('Dóra Szabó', 'hello', 'open'));
	});

	test('one card at a time by keys: done, snooze, mail, note, undo, and the calm end', async () => {
		const page = await evening.phone(browser, undefined, { width: 1280, height: 800, isMobile: false, hasTouch: false });
		await page.getByRole('link', { name: /^Go through/ }).click();
		const before = Number.parseInt(await left(page), 10);
		assert.ok(before >= 4, `${before} cards`);
		await good(page, 'app-triage-desk');

		await page.locator('.triage-head').waitFor();
		const name = await card(page).getAttribute('aria-label');
		await page.keyboard.press('e');
		await page.locator('.undo-bar').getByText(`Done: ${name}`).waitFor();
		assert.equal(Number.parseInt(await left(page), 10), before - 1);
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.locator(`.card[aria-label="${name}"]`).waitFor();
		await until('the count to be as before', async () => Number.parseInt(await left(page), 10) === before);

		// a word that is typed is no command
		await page.keyboard.press('n');
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('What do they care about?').fill('hen emu');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await dialog.waitFor({ state: 'detached' });
		await card(page).getByText('hen emu').waitFor();

		await page.keyboard.press('h');
		await page.getByRole('dialog').waitFor();
		await good(page, 'app-snooze');
		await page.keyboard.press('Escape');
		await page.getByRole('dialog').waitFor({ state: 'detached' });
		assert.equal(Number.parseInt(await left(page), 10), before, 'Escape closes the dialog and nothing else');

		for (let n = before; n > 0; n--) {
			await page.keyboard.press('e');
			if (n > 1) await page.getByText(`${n - 1} left`, { exact: true }).waitFor();
		}
		await page.getByText('All caught up').waitFor();
		await good(page, 'app-triage-end');
		await page.getByRole('button', { name: 'Back to the list' }).click();
		await page.getByRole('heading', { name: 'Today', exact: true }).waitFor();
		// opened again for the tests after this one
		await toShelf(page, '/done');
		await page.locator('.item').first().waitFor();
		for (let n = await page.locator('.item').count(); n > 0; n--) {
			await page.locator('.tick').first().click();
			await until('one fewer', async () => (await page.locator('.item').count()) < n);
		}
		await online(page);
		assert.deepEqual(page.problems, []);
	});

	test('snoozes until tonight, tomorrow, next week or a day, by touch', async () => {
		const page = await evening.phone(browser);
		await patient(page);
		const choices = { Tomorrow: iso(1), 'Next week': undefined };
		for (const [choice, date] of Object.entries(choices)) {
			await page.goto(`${evening.house.origin}${appPath}#/queue`);
			await page.getByRole('link', { name: /^Elif Yılmaz.*Say hello/ }).tap();
			await page.getByRole('button', { name: /^Snooze/ }).tap();
			await page.getByRole('dialog').getByRole('button', { name: new RegExp(`^${choice}`) }).tap();
			await page.locator('.undo-bar').getByText('Snoozed: Elif Yılmaz').waitFor();
			const item = await until('the snooze', () => serverItem('Elif Yılmaz', 'hello', 'snooze'));
			if (date) assert.equal(item.until, date);
			else assert.equal(new Date(`${item.until}T12:00:00`).getDay(), 1, 'a Monday');
			await page.getByRole('button', { name: 'Undo' }).tap();
			await until('it to be back', () => serverItem('Elif Yılmaz', 'hello', 'open'));
		}
		await page.goto(`${evening.house.origin}${appPath}#/queue`);
		await page.getByRole('link', { name: /^Elif Yılmaz.*Say hello/ }).tap();
		await page.getByRole('button', { name: /^Snooze/ }).tap();
		await page.getByLabel('Pick a day').fill(iso(40));
		await page.getByRole('button', { name: 'Snooze until then' }).tap();
		await until('the snooze', async () => (await serverItem('Elif Yılmaz', 'hello', 'snooze'))?.until === iso(40));
		await page.goto(`${evening.house.origin}${appPath}#/queue/someday`);
		await page.getByRole('link', { name: /Elif Yılmaz/ }).waitFor();
	});

	test('put off until tonight it waits in its own group, not among the cards', async () => {
		const page = await evening.phone(browser, undefined, { timezoneId: daytime() });
		await page.getByRole('link', { name: /^Chidi Okafor.*Say hello/ }).tap();
		await page.getByRole('button', { name: /^Snooze/ }).tap();
		await page.getByRole('dialog').getByRole('button', { name: /^Tonight/ }).tap();
		await page.getByText('Snoozed: Chidi Okafor').waitFor();
		await page.getByRole('button', { name: 'Close' }).tap();
		await page.locator('.group', { hasText: 'Tonight' }).getByText('Chidi Okafor').waitFor();
	});

	test('a swipe does what the buttons do, and a small one nothing', async () => {
		const page = await evening.phone(browser);
		await page.getByRole('link', { name: /^Go through/ }).tap();
		const name = await card(page).getAttribute('aria-label');
		const swipe = (to) =>
			card(page).evaluate((el, x) => {
				const at = (type, clientX) =>
					el.dispatchEvent(new PointerEvent(type, { pointerId: 1, isPrimary: true, pointerType: 'touch', clientX, clientY: 300, bubbles: true }));
				el.setPointerCapture = () => undefined;
				at('pointerdown', 180);
				at('pointermove', 180 + x / 2);
				at('pointermove', 180 + x);
				at('pointerup', 180 + x);
			}, to);
		await swipe(60);
		assert.equal(await card(page).getAttribute('aria-label'), name);
		await swipe(-140);
		await page.getByRole('dialog').waitFor();
		await page.keyboard.press('Escape');
		await swipe(140);
		await page.locator('.undo-bar').getByText(`Done: ${name}`).waitFor();
		await page.getByRole('button', { name: 'Undo' }).tap();
		await page.locator(`.card[aria-label="${name}"]`).waitFor();
		await until('nothing to be done at the server', async () => (await evening.queue()).done.length === 0);
	});

	test('drafts a mail with the person, what was promised, and lines that all programs read', async () => {
		const page = await evening.phone(browser);
		await page.getByRole('link', { name: /^Ben Kowalski.*promise/ }).tap();
		const href = await page.getByRole('link', { name: 'Draft mail' }).getAttribute('href');
		assert.match(href, /^mailto:person1@example\.org\?subject=/);
		const body = decodeURIComponent(new URL(href).search.match(/body=([^&]*)/)[1]);
		assert.match(body, /Ben/);
		assert.ok(!/[^\r]\n/.test(body), 'lines end in CR LF');
	});

	test('an evening without anybody is calm', async () => {
		const calm = await evening.phone(browser, 'محمد علي');
		await calm.getByText('Nobody yet').waitFor();
		await good(calm, 'app-queue-nobody');
	});
});
