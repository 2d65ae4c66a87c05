// The kiosk's screen: every state at both sizes, without overflow, clean for axe, hostile to
// hostile text, honest about a lost daemon.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessibility, launch, noBrowser, open, picture, still } from "./lib/browser.mjs";
import { fakeKiosk } from "./lib/fake-kiosk.mjs";
import { payloads } from "./lib/hostile.mjs";
import { overflow } from "./lib/layout.mjs";
import { screenStates } from "./lib/screen-states.mjs";
import { until } from "./lib/world.mjs";

const sizes = [
	{ width: 800, height: 480 },
	{ width: 1280, height: 800 },
];
// 94 px on the panel of 800 px; the same part of a larger one
const finger = (width) => (94 * width) / 800;

describe("the kiosk's screen", { skip: noBrowser }, () => {
	let browser;
	let kiosk;

	before(async () => {
		browser = await launch();
		kiosk = await fakeKiosk();
	});
	after(async () => {
		await browser?.close();
		kiosk?.close();
	});

	const show = async (page, state) => {
		const rev = kiosk.show(state);
		await page.waitForSelector(`[data-rev="${rev}"]`);
		await still(page);
	};

	for (const { width, height } of sizes)
		test(`draws every state within ${width}x${height}`, async () => {
			const page = await open(browser, kiosk.url, { width, height });
			for (const [name, state] of Object.entries(screenStates)) {
				await show(page, state);
				assert.deepEqual(await page.evaluate(overflow), [], `${name}: outside or cut`);
				const small = await page.evaluate(
					(least) =>
						[...document.querySelectorAll("button.touch")]
							.map((b) => [b.textContent, b.getBoundingClientRect()])
							.filter(([, r]) => r.width < least - 0.5 || r.height < least - 0.5)
							.map(([text, r]) => `${text}: ${r.width}x${r.height}`),
					finger(width),
				);
				assert.deepEqual(small, [], `${name}: too small for a finger`);
				await picture(page, `kiosk-${width}-${name}`);
			}
			assert.deepEqual(page.problems, []);
			await page.context().close();
		});

	test("is clean for axe in every state, light and dark", async () => {
		for (const colorScheme of ["light", "dark"]) {
			const page = await open(browser, kiosk.url, { width: 800, height: 480, colorScheme });
			for (const [name, state] of Object.entries(screenStates)) {
				// other words in the same colours; and in the dark one of each kind
				if (/-(long|german|lounge|rtl-name)$/.test(name)) continue;
				if (colorScheme === "dark" && name.includes("-")) continue;
				await show(page, state);
				assert.deepEqual(await accessibility(page), [], `${name} ${colorScheme}`);
			}
			await page.context().close();
		}
	});

	test("sets the sound, and asks for a zone, by touches", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		const good = async (name) => {
			assert.deepEqual(await page.evaluate(overflow), [], name);
			assert.deepEqual(await accessibility(page), [], name);
			await picture(page, `kiosk-800-${name}`);
		};
		kiosk.acts.length = 0;
		await show(page, screenStates["staff-station"]);
		await page.getByRole("button", { name: "Sound" }).click();
		await good("sound");
		await page.getByRole("button", { name: "Soft" }).click();
		await show(page, screenStates["setup-network"]);
		await page.getByRole("button", { name: "Venue" }).click();
		for (const letter of ["p", "a", "s", "s"]) await page.getByRole("button", { name: letter, exact: true }).click();
		assert.equal(await page.getByText("pass", { exact: true }).count(), 0, "a password is shown as dots");
		assert.equal(await page.locator(".typing-text .hidden-text").textContent(), "4 characters");
		await good("password");
		await page.getByRole("button", { name: "Next" }).click();
		assert.equal(await page.textContent(".typing-text"), "", "nor is it carried into the next question");
		await page.getByRole("button", { name: "Next" }).click();
		await good("zones");
		await page.getByRole("button", { name: "Europe", exact: true }).click();
		await good("cities");
		await page.getByRole("button", { name: /^More/ }).click();
		await page.getByRole("button", { name: "Budapest" }).click();
		const acts = () => kiosk.acts.filter((x) => x.act !== "touch").map(({ rev, ...act }) => act);
		await until("both acts", () => acts().length >= 2);
		assert.deepEqual(acts(), [
			{ act: "volume", level: 1 },
			{ act: "system", wifi: { name: "Venue", password: "pass", country: "" }, zone: "Europe/Budapest" },
		]);
		await page.context().close();
	});

	test("a scanned enrolment code goes to its own server, whatever address was being typed", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		const first = screenStates["setup-code"];
		kiosk.acts.length = 0;
		await show(page, { ...first, setup: { ...first.setup, server: "https://one.example" } });
		await page.getByRole("button", { name: "one.example" }).click();
		await page.getByRole("button", { name: "x", exact: true }).click();
		await show(page, { ...first, setup: { ...first.setup, server: "https://two.example", code: "AB12-CD34-EF56-GH78" } });
		await page.getByRole("button", { name: "Enrol" }).click();
		await until("the enrolment", () => kiosk.acts.some((one) => one.act === "enrol"));
		const { server, code } = kiosk.acts.find((one) => one.act === "enrol");
		assert.deepEqual([server, code], ["https://two.example", "AB12CD34EF56GH78"]);
		await page.context().close();
	});

	test("takes hostile names and topics as text", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		await page.evaluate(() => {
			globalThis.before = document.querySelectorAll("script,iframe,img,object,link,style").length;
		});
		for (let i = 0; i < payloads.length; i += 8) {
			const [name, initials, event, text, first, second, organization, verb] = payloads.slice(i, i + 8);
			const person = { name, initials, organization };
			const topics = [first, second];
			await show(page, { ...screenStates.note, event, person, other: person, topics, text, verbs: [verb] });
			assert.ok((await page.textContent(".note-title")).includes(name));
			await show(page, { ...screenStates.guest, event: text, person, other: person });
		}
		const after = await page.evaluate(() => ({
			pwned: "pwned" in globalThis,
			more:
				document.querySelectorAll("script,iframe,img,object,link,style").length -
				globalThis.before,
		}));
		assert.deepEqual(after, { pwned: false, more: 0 });
		assert.deepEqual(page.problems, []);
		await page.context().close();
	});

	test("sends a touch with the revision that was on the screen", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		await show(page, screenStates.note);
		kiosk.acts.length = 0;
		await page.getByRole("button", { name: "I can help" }).click();
		await page.getByRole("button", { name: "Hiring" }).click();
		await page.getByRole("button", { name: "Done" }).click();
		await page.waitForFunction(() => true);
		await until("three acts", () => kiosk.acts.length >= 3);
		const rev = Number(await page.getAttribute("[data-rev]", "data-rev"));
		assert.deepEqual(kiosk.acts, [
			{ rev, act: "verb", verb: "help", on: true },
			{ rev, act: "topic", topic: "Hiring", on: true },
			{ rev, act: "save" },
		]);
		await page.context().close();
	});

	test("types a line on its own keyboard, 80 characters at most", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		await show(page, screenStates.note);
		kiosk.acts.length = 0;
		await page.getByRole("button", { name: "Write" }).click();
		await picture(page, "kiosk-800-keyboard");
		assert.deepEqual(await page.evaluate(overflow), []);
		assert.deepEqual(await accessibility(page), []);
		for (const letter of ["H", "i", "Space", "y"])
			await page.getByRole("button", { name: letter, exact: true }).click();
		for (let i = 0; i < 90; i++) await page.getByRole("button", { name: "o", exact: true }).click();
		await page.getByRole("button", { name: "Save" }).click();
		await until("the line", () => kiosk.acts.some((a) => a.act === "text" && a.text.length === 80));
		assert.ok(kiosk.acts.findLast((a) => a.act === "text").text.startsWith("Hi yooo"));
		await page.context().close();
	});

	test("asks for the PIN, finds a person, checks in by hand", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		kiosk.acts.length = 0;
		await show(page, screenStates["staff-pin"]);
		for (const digit of "1234") await page.getByRole("button", { name: digit, exact: true }).click();
		await page.getByRole("button", { name: "Enter" }).click();
		await show(page, screenStates["staff-desk"]);
		await page.getByRole("button", { name: "Find by name" }).click();
		for (const letter of ["A", "n", "a"])
			await page.getByRole("button", { name: letter, exact: true }).click();
		await page.getByRole("button", { name: "Find", exact: true }).click();
		await show(page, screenStates["staff-found"]);
		await page.getByRole("button", { name: "Check in" }).first().click();
		await page.getByRole("button", { name: "Give badge" }).nth(1).click();
		await until("the person", () => kiosk.acts.some((a) => a.act === "assign"));
		const told = kiosk.acts.filter((a) => a.act !== "touch").map(({ rev, ...act }) => act);
		assert.deepEqual(told, [
			{ act: "staff", pin: "1234" },
			{ act: "find", q: "Ana" },
			{ act: "checkin", id: "a" },
			{ act: "assign", id: "b" },
		]);
		await page.context().close();
	});

	test("says that it reconnects, and comes back with the state of then", async () => {
		const own = await fakeKiosk();
		const page = await open(browser, own.url, { width: 800, height: 480 });
		own.show(screenStates.idle);
		await page.getByText("Tap your badge").waitFor();
		await page.route("**/events", (route) => route.abort());
		own.cut();
		await page.getByText("Reconnecting").waitFor();
		await picture(page, "kiosk-800-reconnecting");
		own.show(screenStates.welcome);
		await page.unroute("**/events");
		await page.getByText("Checked in at 09:41").waitFor();
		own.close();
		await page.context().close();
	});

	test("sounds once for each new state, and never for one from before the page", async () => {
		const page = await open(browser, undefined, { width: 800, height: 480 });
		await page.addInitScript(() => {
			globalThis.tones = [];
			const make = AudioContext.prototype.createOscillator;
			AudioContext.prototype.createOscillator = function () {
				const tone = make.call(this);
				const start = tone.start.bind(tone);
				tone.start = (when) => {
					globalThis.tones.push(Math.round(tone.frequency.value));
					start(when);
				};
				return tone;
			};
		});
		const tones = () => page.evaluate(() => globalThis.tones.splice(0));
		kiosk.show({ ...screenStates.welcome, sound: "done" });
		await page.goto(kiosk.url);
		await page.getByText("Checked in at").waitFor();
		assert.deepEqual(await tones(), [], "it was there before the page");
		await show(page, { ...screenStates.exchange, sound: "exchange" });
		// drawn first, heard then
		const heard = () => until("a sound", async () => {
			const now = await tones();
			return now.length > 0 && now;
		});
		const three = await heard();
		assert.equal(three.length, 3);
		assert.ok(three[0] < three[1] && three[1] < three[2], "rising");
		await show(page, { ...screenStates.refused, sound: "stop" });
		assert.equal((await heard()).length, 1);
		await show(page, { ...screenStates.refused, sound: "none" });
		assert.deepEqual(await tones(), []);
		await page.context().close();
	});

	test("switches language and direction with the state", async () => {
		const page = await open(browser, kiosk.url, { width: 800, height: 480 });
		await show(page, screenStates["idle-german"]);
		await page.getByText("Badge antippen").waitFor();
		assert.equal(await page.getAttribute("html", "lang"), "de");
		await page.getByRole("button", { name: "English" }).click();
		await until("the language", () => kiosk.acts.some((a) => a.act === "lang" && a.lang === "en"));
		await page.context().close();
	});
});
