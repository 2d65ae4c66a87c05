// A browser for tests: Debian's Chromium, driven by playwright-core from core/web/node_modules.
//
//	const browser = await launch();
//	const page = await open(browser, `${base}/`, { width: 360, height: 740 });
//	await browser.close();
import { existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const top = resolve(dirname(fileURLToPath(import.meta.url)), "../../..");
const require = createRequire(join(top, "core/web/package.json"));

/** The build folder whose pages are looked at. */
export const built = process.env.KITH_BIN ? dirname(process.env.KITH_BIN) : join(top, "build");
export const chromiumPath = process.env.KITH_CHROMIUM ?? "/usr/bin/chromium";

/** Why there can be no browser here, or false: for the skip option of node:test. */
export const noBrowser = !existsSync(chromiumPath)
	? `no browser at ${chromiumPath} (Debian package chromium)`
	: !existsSync(join(top, "core/web/node_modules/playwright-core"))
		? "no playwright-core: build the pages first (KITH_WEB=ON)"
		: !existsSync(join(built, "core/web/dist"))
			? `no pages in ${built} (built with KITH_WEB=OFF?)`
			: false;

export async function launch(options = {}) {
	const { chromium } = require("playwright-core");
	return chromium.launch({
		executablePath: chromiumPath,
		headless: true,
		args: [
			"--no-sandbox",
			"--disable-gpu",
			"--no-first-run",
			"--disable-background-networking",
			"--disable-component-update",
			"--disable-sync",
			"--autoplay-policy=no-user-gesture-required",
		],
		...options,
	});
}

/**
 * A page in a context of its own (cookies, storage). page.problems collects what a good page
 * never has: exceptions, console errors (a blocked script or style among them).
 */
export async function open(browser, url, options = {}) {
	const { width = 1280, height = 800, ...context } = options;
	const own = await browser.newContext({ viewport: { width, height }, ...context });
	own.setDefaultTimeout(60_000);
	const page = await own.newPage();
	page.problems = [];
	page.on("pageerror", (error) => page.problems.push(String(error)));
	page.on("console", (message) => {
		if (message.type() === "error") page.problems.push(message.text());
	});
	if (url) await page.goto(url);
	return page;
}

/** A page that a failed test left open would ask on: for afterEach. */
export const closePages = (browser) => Promise.all(browser.contexts().map((context) => context.close()));

/** The page stays where it is, and what it says before it goes on is seen, until what this gives is called. */
export async function stay(page) {
	let go;
	const held = new Promise((done) => (go = done));
	await page.route("**/", (route) => held.then(() => route.continue()));
	return go;
}

/** From here on nothing moves in this page: what is half faded in has colours and places that it will not have. */
export async function still(page) {
	await page.evaluate(() => {
		const sheet = new CSSStyleSheet();
		sheet.replaceSync("*, ::before, ::after { animation: none !important; transition: none !important }");
		document.adoptedStyleSheets = [sheet];
	});
}

/** What axe-core finds against WCAG 2.2 A and AA: one line per finding, [] when the page is clean. */
export async function accessibility(page) {
	await still(page);
	const { source } = require("axe-core");
	await page.evaluate(source);
	const found = await page.evaluate(() =>
		globalThis.axe.run(document, {
			runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
		}),
	);
	return found.violations.flatMap((violation) =>
		violation.nodes.map((node) => `${violation.id}: ${node.target.join(" ")}: ${node.failureSummary}`),
	);
}

/** A picture for people to look at, in the folder KITH_SCREENS; without that name, nothing. */
export async function picture(page, name) {
	const folder = process.env.KITH_SCREENS;
	if (!folder) return;
	mkdirSync(folder, { recursive: true });
	await page.screenshot({ path: join(folder, `${name}.png`) });
}
