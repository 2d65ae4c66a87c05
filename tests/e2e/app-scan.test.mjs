// The phone's scanner on the real server: what a camera sees becomes a person, byte by byte.
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { film, good, launchWithCamera, online, photo, scanPhoto, signIn, sizes, status, tab, vcard } from './lib/app.mjs';
import { launch, noBrowser } from './lib/browser.mjs';
import { House } from './lib/house.mjs';
import { until } from './lib/world.mjs';

const people = ['Ana Müller', 'Ben Kowalski', 'Chidi Okafor'].map((name) => ({ name, organization: 'Kestrel', title: 'Engineer' }));
const many = ['BEGIN:VCARD', 'VERSION:3.0', 'N:Ñandú;Zoë José;;;', 'FN:Zoë José Ñandú 李伟 محمد علي', 'ORG:Łódź Ürün — 株式会社',
	'EMAIL:zoe@example.org', 'END:VCARD', ''].join('\r\n');

describe('scanning with the phone', { skip: noBrowser }, () => {
	let house;
	let tickets;
	let browser;
	let withCamera;

	before(async () => {
		house = await House.open({ attendees: people, eventArgs: ['--topic', 'SQLite', '--topic', 'Hiring'] });
		tickets = await house.tickets();
		browser = await launch();
		withCamera = await launchWithCamera(film(path.join(house.dir, 'camera.y4m'), [many]));
	});
	after(async () => {
		await browser?.close();
		await withCamera?.close();
		await house?.close();
	});

	const payloads = async (kind) =>
		(await house.rows(`SELECT p.payload AS text FROM entry e JOIN private p ON p.row = e.row WHERE e.kind = ${kind} ORDER BY e.row`)).map(
			(row) => JSON.parse(row.text),
		);

	for (const [size, box] of Object.entries(sizes))
		test(`draws the scanner and what it finds on a ${size} phone, light and dark`, async () => {
			for (const colorScheme of ['light', 'dark']) {
				const page = await signIn(browser, house.origin, tickets[0].code, { ...box, locale: 'en-GB', colorScheme });
				const name = (screen) => `app-${size}-${colorScheme}-${screen}`;
				await online(page);
				await tab(page, 'Card');
				await page.getByRole('img', { name: 'QR code of your card' }).waitFor();
				await good(page, name('card'));
				for (const [screen, way] of [
					['card-edit', page.getByRole('button', { name: 'Change what it shows' })],
					['details', page.getByRole('button', { name: 'My details' })],
					['status', status(page)],
				]) {
					await way.click();
					await page.getByRole('dialog').waitFor();
					await good(page, name(screen));
					await page.keyboard.press('Escape');
					await page.getByRole('dialog').waitFor({ state: 'detached' });
				}
				assert.deepEqual(page.problems, []);
				await page.context().close();
			}
		});

	test('reads accents, Han and Arabic from the camera byte by byte, and keeps the note of two touches', async () => {
		const page = await signIn(withCamera, house.origin, tickets[0].code);
		await tab(page, 'Scan');
		// a fake camera is always allowed: it opens by itself, a real one after the button
		await page.getByRole('heading', { name: 'Zoë José Ñandú 李伟 محمد علي' }).waitFor();
		await good(page, 'app-scan-hit');
		await page.getByRole('button', { name: "I'll send something" }).click();
		await page.getByRole('button', { name: 'SQLite' }).click();
		await page.getByRole('button', { name: 'Save and scan next' }).click();
		await good(page, 'app-scan-live');
		await online(page);
		const [card] = await until('the card at the server', async () => (await payloads(5)).length > 0 && payloads(5));
		assert.equal(card.card, many);
		await until('the note and the promise', async () => (await payloads(6)).length > 0 && (await payloads(7)).length > 0);
		assert.deepEqual((await payloads(6)).at(-1).topics, ['SQLite']);
		assert.equal((await payloads(7)).at(-1).kind, 'promise');
		assert.deepEqual(page.problems, []);
		await page.context().close();
	});

	test('names what is no card: a ticket, a pairing code, a badge of elsewhere, a web page, words', async () => {
		const page = await signIn(browser, house.origin, tickets[1].code);
		await tab(page, 'Me');
		await tab(page, 'Scan');
		for (const [name, text, title] of [
			['ticket', tickets[0].url, 'This is a ticket code'],
			['pair', `https://${house.host}/p#AAAAAAAAAAAAAAAAAAAAAA`, 'This code pairs a phone'],
			['elsewhere', 'https://other.example/b#AQEBAQEBAQEBAQEBAQEBAQ', 'A badge of another event'],
			['link', 'https://example.org/', 'This is a web address, no card'],
			['words', 'hello', 'There is no card in this code'],
		]) {
			await page.locator('input[type=file]').setInputFiles(await photo(house.dir, name, text));
			await page.getByRole('heading', { name: title }).waitFor();
			await page.getByRole('button', { name: 'Close' }).click();
		}
		await page.context().close();
	});

	test('a Kith card makes a meeting for both; the same again is good news; the own one is named', async () => {
		const ben = await signIn(browser, house.origin, tickets[1].code);
		const log = await ben.evaluate(async () => (await fetch('/v1/me/log')).json());
		const card = vcard('Ben Kowalski', ['ORG:Harbour', `X-KITH:https://${house.host}/b#${log.card.badge}`]);
		const file = await photo(house.dir, 'ben', card);
		await tab(ben, 'Scan');
		await ben.locator('input[type=file]').setInputFiles(file);
		await ben.getByRole('heading', { name: 'This is your own card' }).waitFor();

		const chidi = await signIn(browser, house.origin, tickets[2].code);
		await tab(chidi, 'Scan');
		await scanPhoto(chidi, file, 'Ben Kowalski');
		await chidi.getByText('Saved here').waitFor();
		await tab(chidi, 'Me');
		await tab(chidi, 'Scan');
		await scanPhoto(chidi, file, 'Ben Kowalski');
		await chidi.getByText('Already in your list').waitFor();
		await online(chidi);
		for (const [page, name] of [[chidi, 'Ben Kowalski'], [ben, 'Chidi Okafor']]) {
			await tab(page, 'People');
			await page.getByText(name).first().waitFor();
		}
		await ben.context().close();
		await chidi.context().close();
	});
});
