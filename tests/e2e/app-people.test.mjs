// People on the phone, against the real server: the list, a person with all that is known and owed,
// acts on both sides of the balance, one person made of two and parted again.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { appPath, good, patient, sizes, tab } from './lib/app.mjs';
import { launch, noBrowser } from './lib/browser.mjs';
import { Evening, iso } from './lib/evening.mjs';
import { until } from './lib/world.mjs';

describe('people on the phone', { skip: noBrowser }, () => {
	let browser;
	let evening;
	let page;

	before(async () => {
		evening = await Evening.open();
		evening.meet('Ana Müller', 'Ben Kowalski', 60);
		const ben = evening.meet('Ana Müller', 'Ben Kowalski');
		evening.meet('Ana Müller', 'Chidi Okafor');
		evening.meet('Ana Müller', 'محمد علي');
		evening.note(ben, 'Runs the open data group', ['SQLite']);
		evening.note(ben, 'a budget site', [], { prompt: 'working' });
		evening.owed(ben, 'promise', iso(1), 'Send the talk');
		evening.write('contact', { owner: evening.id('Ana Müller'), claimed: true,
			card: 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Kowalski;Ben;;;\r\nFN:Ben Kowalski\r\nEMAIL:PERSON1@example.org\r\nEND:VCARD\r\n' });
		await evening.sync();
		browser = await launch();
		page = await evening.phone(browser);
		await patient(page);
	});
	after(async () => {
		await browser?.close();
		await evening?.close();
	});

	const people = async () => {
		// from elsewhere, so that no search is left over
		await page.goto(`${evening.house.origin}${appPath}#/queue`);
		await page.locator('.segment').first().waitFor();
		await page.goto(`${evening.house.origin}${appPath}#/people`);
		await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
	};
	const open = async (name) => {
		await people();
		await page.getByRole('link', { name: new RegExp(`^.*${name}`) }).first().click();
		await page.getByRole('heading', { name, level: 1 }).waitFor();
	};
	const rows = async () => (await (await evening.session()).good('GET', '/v1/me/log')).rows;
	const written = (what, ask) => until(what, async () => (await rows()).find(ask));

	test('lists everybody once by event, finds without accents, clean in both themes and sizes', async () => {
		await people();
		await page.locator('.rows .row-link').first().waitFor();
		assert.equal(await page.locator('.rows .row-link').count(), 4);
		await page.getByText('1 promised').waitFor();
		for (const colorScheme of ['light', 'dark'])
			for (const [size, viewport] of Object.entries(sizes)) {
				await page.emulateMedia({ colorScheme });
				await page.setViewportSize(viewport);
				await people();
				await good(page, `app-people-${size}-${colorScheme}`);
				await open('Chidi Okafor');
				await good(page, `app-person-${size}-${colorScheme}`);
			}
		await people();
		await page.getByRole('searchbox').fill('LAGOS chidi');
		await until('one row', async () => (await page.locator('.rows .row-link').count()) === 1);
		await page.getByRole('searchbox').fill('nobody of this name');
		await page.getByText('Nobody found.').waitFor();
		assert.deepEqual(page.problems, []);
	});

	test('suggests that two are one by their address; the owner says yes, and parts them again', async () => {
		await people();
		const asking = page.getByRole('region', { name: 'The same person?' });
		await asking.getByText('They have the same e-mail address.').waitFor();
		await asking.getByRole('button', { name: 'Yes, make them one' }).click();
		await page.locator('.undo-bar').getByText('Now one person: Ben Kowalski').waitFor();
		await until('three people', async () => (await page.locator('.rows .row-link').count()) === 3);
		const merge = await written('the merge', (row) => row.kind === 'merge');
		assert.equal(merge.payload.of.length, 3);
		await page.getByRole('button', { name: 'Undo' }).click();
		await until('four people', async () => (await page.locator('.rows .row-link').count()) === 4);
		// and once more, to be parted from the person's page
		await asking.getByRole('button', { name: 'Yes, make them one' }).click();
		await until('three people', async () => (await page.locator('.rows .row-link').count()) === 3);
		await open('Ben Kowalski');
		await page.getByRole('button', { name: 'Part them again' }).click();
		await people();
		await until('four people', async () => (await page.locator('.rows .row-link').count()) === 4);
		await asking.getByRole('button', { name: 'No, two people' }).click();
		await asking.waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Undo' }).click();
		await asking.getByRole('button', { name: 'No, two people' }).click();
		await asking.waitFor({ state: 'detached' });
		await written('that they are two', (row) => row.kind === 'setting' && /^two\//.test(row.payload.name) && row.payload.value === '1');
		// on another phone of the same owner's, too
		const other = await evening.phone(browser);
		await tab(other, 'People');
		await other.getByText('Chidi Okafor').first().waitFor();
		assert.equal(await other.getByRole('region', { name: 'The same person?' }).count(), 0);
		await other.context().close();
	});

	test('tells how and how often one met, what is known and promised', async () => {
		await people();
		await page.getByRole('link', { name: /Ben Kowalski Engineer/ }).click();
		await page.getByText(/^Met 2 times, last on/).waitFor();
		assert.equal(await page.locator('.timeline li').count(), 2);
		await page.locator('.prompt', { hasText: 'Working on' }).getByText('a budget site').waitFor();
		await page.locator('.prompt', { hasText: 'I promised' }).getByText('Send the talk').waitFor();
		await page.locator('.notes').getByText('Runs the open data group').waitFor();
		await good(page, 'app-person-ben');
	});

	test('answers the three prompts, edits a note in place, and deletes it with a way back', async () => {
		const dialog = page.getByRole('dialog');
		await page.getByRole('button', { name: 'Add: Cares about' }).click();
		await dialog.getByLabel('What do they care about?').fill('<b>trees</b>');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('.prompt', { hasText: 'Cares about' }).getByText('<b>trees</b>').waitFor();
		await page.getByRole('button', { name: 'Add: I promised' }).click();
		await dialog.getByLabel('What did you promise?').fill('A seat at the table');
		await dialog.getByLabel('By when?').fill(iso(9));
		await good(page, 'app-note');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await written('the promise', (row) => row.kind === 'followup' && row.payload.text === 'A seat at the table' && row.payload.due === iso(9));
		const note = page.locator('.notes .note', { hasText: 'Runs the open data group' });
		await note.getByRole('button', { name: 'Edit note' }).click();
		await dialog.getByLabel('What do they care about?').fill('Runs the archive now');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('.notes').getByText('Runs the archive now').waitFor();
		await note.waitFor({ state: 'detached' });
		await page.locator('.notes .note', { hasText: 'Runs the archive now' }).getByRole('button', { name: 'Delete note' }).click();
		await page.locator('.notes').getByText('Runs the archive now').waitFor({ state: 'detached' });
		await page.getByRole('button', { name: 'Undo' }).click();
		await page.locator('.notes').getByText('Runs the archive now').waitFor();
	});

	test('hints gently at an ask before any give, and counts both sides', async () => {
		await open('Chidi Okafor');
		await page.getByRole('button', { name: 'I asked', exact: true }).click();
		const dialog = page.getByRole('dialog');
		await dialog.getByText(/You have not given Chidi Okafor anything yet/).waitFor();
		await good(page, 'app-ask');
		await dialog.getByLabel('What was it?').fill('A word with the board');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.getByText('You asked 1 and received 0.').waitFor();
		await page.getByRole('button', { name: 'I received', exact: true }).click();
		await dialog.getByLabel('Does it answer an ask?').selectOption({ label: 'A word with the board' });
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.getByText('You asked 1 and received 1.').waitFor();
		await page.locator('.items').getByText('Say thank you').waitFor();
		const queue = await until('the thanks', async () => {
			const found = await evening.queue();
			return found.items.some((item) => item.kind === 'thanks' && item.person.name === 'Chidi Okafor') && found;
		});
		assert.ok(queue);
	});

	test('introduces two, refers, congratulates, shares a lead, sets a rhythm', async () => {
		await open('Chidi Okafor');
		const dialog = page.getByRole('dialog');
		await page.getByRole('button', { name: 'Introduce to…' }).click();
		await dialog.getByRole('button', { name: /محمد علي/ }).click();
		await dialog.getByLabel('One sentence for both').fill('You both care for trees.');
		await dialog.getByRole('button', { name: 'Ask both' }).click();
		await written('the introduction', (row) => row.kind === 'introduce' && row.payload.text === 'You both care for trees.');
		await page.getByRole('button', { name: 'They referred me' }).click();
		await dialog.getByLabel('To whom or to what?').fill('The board');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('.items').getByText('Act on the referral').waitFor();
		await page.getByRole('button', { name: 'Congratulate' }).click();
		await dialog.getByLabel('What happened?').fill('A new job');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('.items').getByText('Congratulate').waitFor();
		await page.getByRole('button', { name: 'Share a lead' }).click();
		await dialog.getByLabel('Link or words').fill('https://example.org/job');
		await dialog.getByRole('button', { name: 'Save' }).click();
		await page.locator('.items').getByText('Share something').waitFor();
		await page.getByLabel('How often?').selectOption({ label: 'Every 30 days' });
		await written('the rhythm', (row) => row.kind === 'setting' && row.payload.name.startsWith('rhythm/') && row.payload.value === '30');
		assert.equal(await page.getByLabel('How often?').inputValue(), '30');
		await good(page, 'app-person-busy');
	});

	test('declines a referral with a short word', async () => {
		await page.getByRole('link', { name: /Act on the referral/ }).click();
		await page.getByRole('button', { name: 'Decline' }).click();
		const dialog = page.getByRole('dialog');
		await until('a letter', async () => (await dialog.getByLabel('Your reply').inputValue()).includes('Chidi'));
		assert.match(await dialog.getByRole('link', { name: 'Open the mail and decline' }).getAttribute('href'), /^mailto:person2@example\.org/);
		await good(page, 'app-decline');
		await dialog.getByRole('button', { name: 'Decline without a mail' }).click();
		await page.locator('.undo-bar').getByText('Dropped: Chidi Okafor').waitFor();
	});

	test('saves the person as a vCard with what one knows of them', async () => {
		await open('محمد علي');
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'vCard' }).click()]);
		assert.equal(download.suggestedFilename(), 'محمد علي.vcf');
		const text = readFileSync(await download.path(), 'utf8');
		assert.match(text, /^BEGIN:VCARD\r\nVERSION:3\.0\r\n/);
		assert.ok(text.replaceAll('\r\n ', '').includes('FN:محمد علي\r\n'));
		for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line);
	});

	test('withdraws from a meeting after saying what that does', async () => {
		await page.getByRole('button', { name: 'Withdraw' }).click();
		await good(page, 'app-withdraw');
		await page.getByRole('dialog').getByRole('button', { name: 'Withdraw' }).click();
		await page.getByRole('heading', { name: 'People', exact: true }).waitFor();
		await page.getByRole('link', { name: /محمد علي/ }).waitFor({ state: 'detached' });
		await written('it to be hidden', (row) => row.kind === 'hide').catch(() => undefined);
		assert.deepEqual(page.problems, []);
	});
});
