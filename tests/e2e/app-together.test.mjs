// What two phones do with each other in the browser: buddies, from the asking to the end, with a nudge between; and a
// lead that is for nobody in particular yet, from the queue and from Me.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { good, online, settings, tab } from './lib/app.mjs';
import { launch, noBrowser } from './lib/browser.mjs';
import { Evening } from './lib/evening.mjs';
import { until } from './lib/world.mjs';

const [ana, ben, chidi] = ['Ana Müller', 'Ben Kowalski', 'Chidi Okafor'];

describe('two phones together', { skip: noBrowser }, () => {
	let browser;
	let evening;
	const pages = {};

	before(async () => {
		evening = await Evening.open();
		evening.meet(ana, ben);
		const tie = evening.meet(ana, chidi);
		evening.note(tie, 'Old databases', ['SQLite'], { prompt: 'cares' });
		await evening.sync();
		browser = await launch();
		for (const name of [ana, ben]) {
			pages[name] = await evening.phone(browser, name);
			await online(pages[name]);
		}
	});
	after(async () => {
		await browser?.close();
		await evening?.close();
	});

	const buddies = async (name) => {
		await tab(pages[name], 'Me');
		return pages[name].getByRole('region', { name: 'Buddies' });
	};
	const account = async (name) => (await evening.session(name)).good('GET', '/v1/me');

	test('one asks, the other says yes, and each sees the other\'s counts', async () => {
		await tab(pages[ana], 'People');
		await pages[ana].getByRole('link', { name: new RegExp(ben) }).first().click();
		await pages[ana].getByRole('button', { name: 'Make us buddies' }).click();
		await pages[ana].locator('.undo-bar').getByText(`${ben} is asked to be your buddy`).waitFor();
		const his = await buddies(ben);
		await his.getByRole('button', { name: 'Make us buddies' }).click();
		const hers = await buddies(ana);
		await hers.getByText('New people:').waitFor();
		await his.getByText('New people:').waitFor();
		await good(pages[ana], 'together-buddies');
	});

	test('a nudge is told to the other phone, once a day', async () => {
		const hers = await buddies(ana);
		await hers.getByRole('button', { name: `Nudge ${ben}` }).click();
		await hers.getByText('Nudged').first().waitFor();
		await buddies(ben);
		await pages[ben].getByText(`Your buddy ${ana} nudges you: how are your follow-ups?`).waitFor();
		await pages[ana].reload();
		await (await buddies(ana)).getByRole('button', { name: `Nudge ${ben}` }).click();
		await (await buddies(ana)).getByRole('alert').waitFor();
		pages[ana].problems.length = 0;
	});

	test('either ends it, with a way back for ten seconds, and both phones know', async () => {
		const hers = await buddies(ana);
		const end = hers.getByRole('button', { name: `End being buddies with ${ben}` });
		await end.click();
		await pages[ana].locator('.undo-bar').getByText(`No longer buddies: ${ben}`).waitFor();
		await end.waitFor({ state: 'detached' });
		await pages[ana].getByRole('button', { name: 'Undo' }).click();
		await end.waitFor();
		await until('them buddies again', async () => (await account(ben)).buddies[0]?.mutual);
		await end.click();
		await until('no buddies', async () => (await account(ben)).buddies.length === 0 && (await account(ana)).buddies.length === 0);
		const his = await buddies(ben);
		await his.getByText(/^A buddy sees your two counts/).waitFor();
		// and may ask anew
		await tab(pages[ana], 'People');
		await pages[ana].getByRole('link', { name: new RegExp(ben) }).first().click();
		await pages[ana].getByRole('button', { name: 'Make us buddies' }).click();
		await his.getByRole('button', { name: 'Make us buddies' }).click();
		await until('buddies once more', async () => (await account(ben)).buddies[0]?.mutual);
	});

	test('a lead for nobody yet is written from the queue, and says whom it would interest', async () => {
		const page = pages[ana];
		await tab(page, 'Queue');
		await page.getByRole('button', { name: 'A lead for somebody' }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByLabel('Link or words').fill('https://example.org/job/4711');
		await dialog.getByRole('checkbox', { name: 'SQLite' }).check();
		await dialog.getByText('It may interest').waitFor();
		await dialog.locator('.choice-person', { hasText: chidi }).waitFor();
		await good(page, 'together-lead');
		await dialog.getByRole('button', { name: 'Save it for somebody' }).click();
		await page.getByRole('link', { name: 'Upcoming' }).click();
		const lead = page.locator('.item', { hasText: 'https://example.org/job/4711' });
		await lead.first().waitFor();
		await until('the server to propose Chidi', async () => (await evening.queue()).items.some((item) => item.kind === 'share' && item.person?.name === chidi));
		await lead.first().locator('.item-body').click();
		await page.getByRole('button', { name: /For whom\?/ }).click();
		await page.getByRole('dialog').locator('.choice-person', { hasText: chidi }).click();
		await page.getByRole('button', { name: 'I told them already' }).click();
		await until('a lead shared', async () => (await (await evening.session(ana)).good('GET', '/v1/me/log')).rows.some((row) => row.kind === 'favour' && row.payload.way === 'given'));
		await page.evaluate(() => void (location.hash = '#/me'));
		await page.locator('.meter', { hasText: 'Leads shared' }).getByText(/^1 of/).waitFor();
	});

	test('and from Me, for whom nobody cares yet', async () => {
		const page = pages[ana];
		await page.evaluate(() => void (location.hash = '#/me'));
		await page.getByRole('button', { name: 'A lead for somebody' }).click();
		await page.getByRole('dialog').getByLabel('Link or words').fill('A room in Lisbon');
		await page.getByRole('dialog').getByRole('button', { name: 'Save it for somebody' }).click();
		await page.getByText('The lead waits in your queue').waitFor();
		await until('it, for nobody', async () => (await evening.queue()).items.some((item) => item.kind === 'share' && item.text === 'A room in Lisbon' && !item.person));
		await settings(page);
		assert.deepEqual(page.problems, []);
	});
});
