// The pages' sources and what is built of them: types, catalogues, weights, and no way for data to
// become markup.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { built, top } from "./lib/browser.mjs";

const web = join(top, "core/web");
const noPages = !existsSync(join(built, "core/web/dist")) && `no pages in ${built}`;

function sources(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sources(path);
		return /\.tsx?$/.test(entry.name) ? [path] : [];
	});
}
const read = (path) => readFileSync(path, "utf8");
const sets = { kiosk: "kiosk/screen", server: "server/web" };

describe("the pages' sources", () => {
	for (const [set, folder] of Object.entries(sets)) {
		const code = sources(join(top, folder)).map(read).join("\n");
		const catalogue = (lang) => JSON.parse(read(join(web, "i18n", set, `${lang}.json`)));
		const english = catalogue("en");

		test(`${set}: every text stands in each catalogue, and no other does`, () => {
			const used = new Set();
			for (const [, first] of code.matchAll(/\b(?:tx?|key)\(\s*"((?:[^"\\]|\\.)*)"/g)) used.add(first);
			for (const [, first, second] of code.matchAll(/\btx?\(\s*\w+ \? "([^"]*)" : "([^"]*)"/g))
				used.add(first).add(second);
			assert.deepEqual(Object.keys(english).sort(), [...used].sort());
			for (const file of readdirSync(join(web, "i18n", set)))
				assert.deepEqual(Object.keys(catalogue(file.slice(0, -5))).sort(), [...used].sort(), file);
		});

		test(`${set}: a translation has the same places to fill in`, () => {
			// "one", "two" and "none" may be words
			const counted = (form, text) => (["zero", "one", "two"].includes(form) ? `${text}{n}` : text);
			const places = (entry) =>
				(typeof entry === "string" ? [entry] : Object.entries(entry).map(([form, text]) => counted(form, text))).map((text) =>
					[...new Set([...text.matchAll(/\{\w+\}/g)].map(String))].sort().join(),
				);
			for (const file of readdirSync(join(web, "i18n", set)))
				for (const [key, entry] of Object.entries(catalogue(file.slice(0, -5)))) {
					const wanted = places(key)[0];
					for (const found of places(entry)) assert.equal(found, wanted, `${file}: ${key}`);
					for (const text of typeof entry === "string" ? [entry] : Object.values(entry))
						assert.ok(text.trim(), `${file}: ${key} is empty`);
				}
		});

		test(`${set}: nothing turns text into markup or code`, () => {
			for (const danger of ["innerHTML", "outerHTML", "insertAdjacent", "document.write", "eval(", "new Function", "srcdoc"])
				assert.ok(!code.includes(danger), danger);
		});
	}

	test("names no registry in the lock file, and pins each package exactly", () => {
		const lock = read(join(web, "package-lock.json"));
		assert.ok(!lock.includes('"resolved"'));
		assert.ok(!/https?:\/\/[^"]*regist/.test(lock));
		const { dependencies, devDependencies } = JSON.parse(read(join(web, "package.json")));
		for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies }))
			assert.match(version, /^\d+\.\d+\.\d+$/, name);
	});

	test("passes the type checker", { skip: !existsSync(join(web, "node_modules/typescript")) && "no typescript" }, () => {
		execFileSync(process.execPath, [join(web, "node_modules/typescript/bin/tsc"), "--noEmit", "-p", web], {
			encoding: "utf8",
		});
	});

	test("weighs no more than its budget", { skip: noPages }, () => {
		const budgets = JSON.parse(read(join(built, "core/web/dist/budgets.json")));
		assert.equal(budgets.length, 9);
		for (const { set, url, weight, budget } of budgets)
			assert.ok(weight <= budget, `${set} ${url}: ${weight} of ${budget}`);
	});

	test("has no script or style inside a page", { skip: noPages }, () => {
		for (const set of Object.keys(sets))
			for (const file of readdirSync(join(built, "core/web/dist", set)).filter((f) => f.endsWith(".html"))) {
				const html = read(join(built, "core/web/dist", set, file));
				assert.doesNotMatch(html, /<style|style=|<script(?![^>]* src=)|\son\w+=/, file);
			}
	});
});
