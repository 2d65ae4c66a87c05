// The phone app in a browser against a real server: sign-in, a camera made of pictures, screens.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { accessibility, launch, open, picture, still, top } from './browser.mjs';
import { must } from './world.mjs';

export const appPath = '/';
export const sizes = { small: { width: 360, height: 740 }, large: { width: 412, height: 915 } };
export const phone = { ...sizes.small, locale: 'en-GB', hasTouch: true, isMobile: true };

/** A card as people have it on their phones. */
export const vcard = (name, more = []) => ['BEGIN:VCARD', 'VERSION:3.0', `N:${name.split(' ').reverse().join(';')};;;`, `FN:${name}`, ...more,
	'END:VCARD', ''].join('\r\n');

/**
 * A film for Chromium's fake camera (--use-file-for-fake-video-capture): each text as a QR code, a
 * second long, in front of a grey wall.
 */
export function film(file, texts, { width = 640, height = 480, seconds = 1 } = {}) {
	const { encode } = createRequire(path.join(top, 'core/web/package.json'))('uqr');
	const chroma = Buffer.alloc((width * height) / 2, 128);
	const parts = [Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`)];
	for (const text of texts) {
		const luma = Buffer.alloc(width * height, 140);
		const { data, size } = encode(text, { ecc: 'L', border: 4 });
		const scale = Math.floor(Math.min(width, height) / size);
		const left = Math.floor((width - size * scale) / 2);
		const top = Math.floor((height - size * scale) / 2);
		for (let y = 0; y < size * scale; y++)
			for (let x = 0; x < size * scale; x++)
				luma[(top + y) * width + left + x] = data[Math.floor(y / scale)][Math.floor(x / scale)] ? 16 : 235;
		for (let frame = 0; frame < 10 * seconds; frame++) parts.push(Buffer.from('FRAME\n'), luma, chroma);
	}
	fs.writeFileSync(file, Buffer.concat(parts));
	return file;
}

export const launchWithCamera = (file) =>
	launch({
		args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
			'--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${file}`],
	});

/** A photo of a code: a PNG, through libqrencode. */
export async function photo(dir, name, text) {
	const file = path.join(dir, `${name}.png`);
	await must('kith-badge', ['qr', '--out', file, '--module', '6', '-'], { input: text });
	return file;
}

/** Signed in by ticket on a phone of its own; the app is there. */
export async function signIn(browser, origin, code, options = phone) {
	const page = await open(browser, `${origin}${appPath}`, options);
	await page.getByLabel('Ticket code').fill(code);
	// the one that says that nobody was signed in yet
	page.problems.length = 0;
	await page.getByRole('button', { name: 'Sign in' }).click();
	await page.getByRole('navigation', { name: 'Parts of the app' }).waitFor();
	return page;
}

export async function tab(page, name) {
	const link = page.getByRole('navigation', { name: 'Parts of the app' }).getByRole('link', { name: new RegExp(`^${name}`) });
	await link.click();
	await link.and(page.locator('[aria-current]')).waitFor();
}

/** The bar with Undo stays for as long as this machine needs, not for ten seconds. */
export const patient = (page) =>
	page.evaluate(() => {
		const set = globalThis.setTimeout;
		globalThis.setTimeout = (task, ms, ...more) => set(task, ms === 10_000 ? 600_000 : ms, ...more);
	});

/** Its worker serves what it needs: it may be opened again without a network. */
export const kept = (page) => page.waitForFunction(() => navigator.serviceWorker.controller !== null);

export async function settings(page) {
	await tab(page, 'Me');
	await page.getByRole('link', { name: 'Settings', exact: true }).click();
}

/** What the app says about itself and the server. */
export const status = (page) => page.locator('.strip-state');
export const online = (page) => status(page).getByText(/^Online$/).waitFor();

/** One photo of a card through the Scan tab; the sheet that follows is open then. */
export async function scanPhoto(page, file, name) {
	await page.locator('input[type=file]').setInputFiles(file);
	await page.getByRole('heading', { name }).waitFor();
}

/** Nothing wider than the window, clean for axe, quiet console; and a picture of it. */
export async function good(page, name) {
	await still(page);
	const wide = await page.evaluate(() => {
		const most = document.documentElement.clientWidth;
		return [...document.querySelectorAll('body *')]
			.filter((el) => !el.closest('.scroll, .hidden-text, svg, .view'))
			.filter((el) => el.getBoundingClientRect().right > most + 1)
			.map((el) => `${el.tagName}.${el.className}`);
	});
	assert.deepEqual(wide, [], `${name}: wider than the window`);
	assert.deepEqual(await accessibility(page), [], name);
	await picture(page, name);
}
