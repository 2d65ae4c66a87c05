// Me on the phone, against the real server: goals, pictures and their tables, introductions, settings,
// languages in both directions, the brief, one's data.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { appPath, good, online, sizes } from './lib/app.mjs';
import { launch, noBrowser } from './lib/browser.mjs';
import { Evening } from './lib/evening.mjs';
import { until } from './lib/world.mjs';

describe('me on the phone', { skip: noBrowser }, () => {
	let browser;
	let evening;
	let page;

	before(async () => {
		evening = await Evening.open();
		const ties = ['Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó', 'Elif Yılmaz'].map((name) => evening.meet('Ana Müller', name));
		evening.note(ties[0], 'Likes trees', ['SQLite']);
		evening.note(ties[1], '', ['SQLite']);
		evening.note(ties[2], '', ['Hiring']);
		evening.favour(ties[0], 'offered', 'A talk');
		evening.favour(ties[1], 'asked', 'A word');
		evening.favour(ties[1], 'received', 'A word');
		const a = evening.meet('محمد علي', 'Ana Müller');
		const b = evening.meet('محمد علي', 'Ben Kowalski');
		evening.write('introduce', { owner: evening.id('محمد علي'), a, b, text: 'You both like trees.' });
		await evening.sync();
		browser = await launch();
		page = await evening.phone(browser);
	});
	after(async () => {
		await browser?.close();
		await evening?.close();
	});

	const go = async (where) => {
		await page.goto(`${evening.house.origin}${appPath}#/me${where}`);
	};
	const panel = (name) => page.getByRole('region', { name, exact: true });
	const table = async (of) => {
		const twin = of.locator('.twin');
		if ((await twin.getAttribute('open')) === null) await twin.locator('summary').click();
		return twin.locator('tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent.trim())));
	};
	const rows = async () => (await (await evening.session()).good('GET', '/v1/me/log')).rows;

	test('draws each picture with a sentence and a table of the same numbers, clean everywhere', async () => {
		for (const colorScheme of ['light', 'dark'])
			for (const [size, viewport] of Object.entries(sizes)) {
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize(viewport);
				for (const where of ['', '/settings', '/brief']) {
					await go(where);
					await page.locator('h1').waitFor();
					if (where === '') await page.locator('.rings').waitFor();
					await good(page, `app-me-${size}-${colorScheme}${where.replace('/', '-')}`);
				}
			}
		await go('');
		const balance = panel('Give and ask');
		await balance.getByText('You offered 1 and gave 0. You asked 1 and received 1.').waitFor();
		assert.deepEqual(await table(balance), [['Offered', '1'], ['Gave', '0'], ['Asked', '1'], ['Received', '1']]);
		const network = panel('My network');
		await network.getByText(/^Evenness \d+ of 100 over 2 groups/).waitFor();
		const groups = await table(network);
		assert.deepEqual(groups.map(([name, ...cells]) => [name, cells.slice(0, 3).reduce((sum, n) => sum + Number(n), 0)]),
			[['SQLite', 2], ['Hiring', 1], ['Not known yet', 2]]);
		assert.equal(await network.locator('.rings .dot').count(), 5);
		// Shannon's entropy of 2 and 1, over that of two equal groups
		const even = Math.round((100 * -((2 / 3) * Math.log(2 / 3) + (1 / 3) * Math.log(1 / 3))) / Math.log(2));
		await network.getByText(`Evenness ${even} of 100`).waitFor();
		await network.getByText('Nobody yet spoke with you about: Music').waitFor();
		await network.getByRole('radio', { name: 'Organization' }).check();
		await network.getByText(/over 4 groups/).waitFor();
		assert.deepEqual(page.problems, []);
	});

	test('counts the goals from the log, and changes them', async () => {
		await go('');
		const met = (await rows()).filter((row) => row.kind === 'meeting').length;
		await panel('This week').getByText(`${met} of 2`).waitFor();
		await go('/settings');
		await page.getByLabel('New people a week').selectOption('7');
		await until('the setting', async () => (await rows()).some((row) => row.kind === 'setting' && row.payload.name === 'goal/people' && row.payload.value === '7'));
		await go('');
		await panel('This week').getByText(`${met} of 7`).waitFor();
	});

	test('answers an introduction: only with both yes is anything shown', async () => {
		const asked = panel('Introductions that need your yes');
		await asked.getByText('You both like trees.').waitFor();
		await good(page, 'app-introduction');
		await asked.getByRole('button', { name: 'Yes, please' }).click();
		await asked.waitFor({ state: 'detached' });
		await until('the consent', async () => (await rows()).some((row) => row.kind === 'consent' && row.payload.purpose === 'introduce' && row.payload.given === true));
	});

	test('gives and takes back what is shared, as entries', async () => {
		await go('/settings');
		const toggle = page.getByRole('switch', { name: /Organizer may contact me/ });
		await toggle.click();
		await until('the consent', async () => (await (await evening.session()).good('GET', '/v1/me')).consents.contact === true);
		await toggle.click();
		await until('its end', async () => (await (await evening.session()).good('GET', '/v1/me')).consents.contact === false);
	});

	test('subscribes in a calendar, and says it when there is no network', async () => {
		await page.getByRole('button', { name: 'Subscribe in a calendar' }).click();
		assert.match(await page.getByLabel('Secret address').inputValue(), /\/v1\/queue\.ics\?key=/);
		await page.context().setOffline(true);
		await page.getByRole('button', { name: 'Make a new address' }).click();
		await page.getByText('This needs a connection. Nothing was changed; try again later.').waitFor();
		await page.context().setOffline(false);
		await online(page);
		page.problems.length = 0;
	});

	test('writes the brief: whom one knows, what was said, two questions each', async () => {
		await go('/brief');
		await page.getByRole('heading', { name: 'Before you meet' }).waitFor();
		const one = page.locator('.brief-one', { hasText: 'Ben Kowalski' });
		await one.getByText('Likes trees').waitFor();
		assert.equal(await one.locator('.brief-ask li').count(), 2);
		await page.emulateMedia({ media: 'print' });
		assert.ok(!(await page.locator('.tabs').isVisible()), 'no tabs on paper');
		await page.emulateMedia({ media: 'screen' });
	});

	test('speaks each language, leftwards where it is written so, mirrored and without overflow', async () => {
		for (const [name, lang, dir, word] of [['Deutsch', 'de', 'ltr', 'Heute'], ['Español', 'es', 'ltr', 'Hoy'], ['العربية', 'ar', 'rtl', 'اليوم']]) {
			await go('/settings');
			await page.getByRole('radio', { name, exact: true }).check();
			await page.locator(`html[lang=${lang}][dir=${dir}]`).waitFor({ state: 'attached' });
			for (const [where, colorScheme] of [['me', 'light'], ['me/settings', 'dark'], ['queue', 'light'], ['people', 'dark'], ['queue/go', 'light']]) {
				await page.emulateMedia({ colorScheme });
				await page.goto(`${evening.house.origin}${appPath}#/${where}`);
				await page.locator('main h1').waitFor();
				await good(page, `app-${lang}-${where.replace('/', '-')}`);
				assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), where);
			}
			await page.goto(`${evening.house.origin}${appPath}#/queue`);
			await page.getByRole('heading', { name: word, level: 1 }).waitFor();
			const tabs = page.locator('.tabs .tab');
			const [first, last] = [await tabs.first().boundingBox(), await tabs.last().boundingBox()];
			assert.equal(first.x > last.x, dir === 'rtl', 'tabs in the direction of the text');
			const tick = await page.locator('.tick').first().boundingBox();
			assert.equal(tick.x > 180, dir === 'rtl', 'the circle at the start of its line');
		}
		await until('the language at the server', async () => (await rows()).some((row) => row.kind === 'setting' && row.payload.name === 'lang' && row.payload.value === 'ar'));
		await page.reload();
		await page.locator('html[lang=ar]').waitFor({ state: 'attached' });
		await go('/settings');
		await page.getByRole('radio', { name: 'English' }).check();
		await page.locator('html[lang=en]').waitFor({ state: 'attached' });
		assert.deepEqual(page.problems, []);
	});

	test('lets one take everything along, and deletes it after the name is typed', async () => {
		await go('/settings');
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download everything about me' }).click()]);
		assert.match(download.suggestedFilename(), /\.json$/);
		await page.getByRole('button', { name: 'Delete everything about me' }).click();
		const dialog = page.getByRole('dialog');
		assert.ok(await dialog.getByRole('button', { name: 'Delete everything', exact: true }).isDisabled());
		await dialog.getByLabel(/Type your name/).fill('Ana Müller');
		await good(page, 'app-delete');
		await dialog.getByRole('button', { name: 'Delete everything', exact: true }).click();
		await page.getByText('Your follow-ups are waiting').waitFor();
		assert.equal((await (await evening.session()).get('/v1/me')).status, 401);
	});
});
