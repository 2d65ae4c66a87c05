// The server's pages: what they draw and what they send, at the size of a phone and of a desk.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { good as looksGood, tab } from "./lib/app.mjs";
import { closePages, launch, noBrowser, open, stay } from "./lib/browser.mjs";
import { ana, entryId, fakeServer, log, me, met, personId, row, who } from "./lib/fake-server.mjs";
import { payloads } from "./lib/hostile.mjs";
import { until } from "./lib/world.mjs";

const phone = { width: 360, height: 740, locale: "en-GB" };
const desk = { width: 1280, height: 800, locale: "en-GB" };
const sizes = { phone, desk };
const hostileId = (n) => Buffer.from([...Array(14).fill(7), n >> 8, n & 255]).toString("base64url");

describe("the server's pages", { skip: noBrowser }, () => {
	let browser;
	let server;

	before(async () => {
		browser = await launch();
		server = await fakeServer();
	});
	after(async () => {
		await browser?.close();
		server?.close();
	});
	beforeEach(() => server.anew());
	afterEach(() => closePages(browser));

	const visit = (path, options = phone) => open(browser, server.url + path, options);
	const asked = (path) => server.asked.filter((one) => one.path.startsWith(path));

	const good = async (page, name) => {
		await looksGood(page, `server-${name}`);
		assert.deepEqual(page.problems, [], name);
	};

	for (const [size, options] of Object.entries(sizes)) {
		test(`draws the app on a ${size}`, async () => {
			const page = await visit("/", options);
			await page.getByText("Chiara Rossi").first().waitFor();
			await good(page, `${size}-app-queue`);
			for (const name of ["Card", "Scan", "People", "Me"]) {
				await tab(page, name);
				await page.locator("h1").first().waitFor();
				await good(page, `${size}-app-${name.toLowerCase()}`);
			}
			server.world.log = log([], []);
			server.world.me = { ...me(), approvals: [{ pairing: "x", digits: "42" }] };
			const calm = await visit("/", options);
			await calm.getByText("Nobody yet").waitFor();
			await calm.getByText("Is this you, with another phone?").waitFor();
			await good(calm, `${size}-app-nobody`);
		});

		test(`draws the organizer's page on a ${size}`, async () => {
			const page = await visit("/organizer", options);
			await page.getByText("212 of 340 checked in").waitFor();
			await page.getByText("6 people", { exact: true }).waitFor();
			await good(page, `${size}-organizer`);
		});

		test(`draws the small pages on a ${size}`, async () => {
			for (const [name, path, text] of [
				["badge", "/b#AAAA.BBBB", "somebody's event badge"],
				["ticket", "/t", "Sign in with your ticket"],
				["ticket-further", "/t#GOOD", "Is this ticket yours, too?"],
				["pair", "/p#TOKEN", "Show your list on this phone?"],
				["pair-none", "/p", "Start at a station"],
			]) {
				const page = await visit(path, options);
				await page.getByText(text).waitFor();
				await good(page, `${size}-${name}`);
			}
		});
	}

	test("a referral that was declined leaves no loop open", async () => {
		const due = new Date().toISOString().slice(0, 10);
		server.world.log = log([met(7, personId(2)), row(20, "followup", Date.now() - 9e6, { owner: ana, of: entryId(7), kind: "referral", due })], [who(2, "Ben Okafor")]);
		const page = await visit("/#/me");
		await page.getByText("1 loop is open").waitFor();
		await tab(page, "Queue");
		await page.getByText("Act on the referral").click();
		await page.getByRole("button", { name: "Decline", exact: true }).click();
		await page.getByRole("button", { name: "Decline without a mail" }).click();
		await page.getByText("Dropped: Ben Okafor").waitFor();
		await page.evaluate(() => void (location.hash = "#/me"));
		await page.getByText("No loop is open: everybody has heard from you.").waitFor();
	});

	test("goes where the address says, though it changed while the first screen was drawn", async () => {
		const page = await open(browser, undefined, phone);
		await page.addInitScript(() => {
			const add = globalThis.addEventListener.bind(globalThis);
			globalThis.addEventListener = (type, ...more) => {
				if (type === "hashchange") history.replaceState(null, "", "#/me/settings");
				add(type, ...more);
			};
		});
		await page.goto(`${server.url}/#/queue`);
		await page.getByRole("radio", { name: "English" }).waitFor();
	});

	test("offers to install itself in the settings too, once, however early the browser says that it can", async () => {
		const page = await open(browser, undefined, phone);
		await page.addInitScript(() => {
			const add = globalThis.addEventListener.bind(globalThis);
			globalThis.asked = 0;
			globalThis.addEventListener = (type, ...more) => {
				add(type, ...more);
				if (type !== "beforeinstallprompt" || globalThis.told) return;
				globalThis.told = true;
				dispatchEvent(Object.assign(new Event(type, { cancelable: true }), { prompt: async () => void globalThis.asked++ }));
			};
		});
		await page.goto(`${server.url}/#/me/settings`);
		await page.getByRole("button", { name: "Install Kith" }).click();
		await page.getByText("choose “Add to Home Screen”").waitFor();
		assert.equal(await page.evaluate(() => globalThis.asked), 1);
	});

	test("signs in by ticket: the code leaves the address, a wrong one is explained", async () => {
		server.world.signedIn = false;
		const page = await visit("/t#WRONG");
		await page.getByLabel("Ticket code").waitFor();
		assert.equal(new URL(page.url()).hash, "");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("alert").getByText("not known").waitFor();
		await page.getByLabel("Ticket code").fill("https://kith.example/t#GOOD");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("navigation", { name: "Parts of the app" }).waitFor();
		assert.deepEqual(
			asked("/v1/signin").map((one) => one.body.code),
			["WRONG", "GOOD"],
		);
	});

	test("a ticket opened after a sign-out without a network shows nobody, however good the cookie still is", async () => {
		const page = await open(browser, undefined, phone);
		await page.addInitScript(() => localStorage.setItem("kith-signout", "1"));
		const asks = [];
		page.on("request", (request) => asks.push(new URL(request.url()).pathname));
		await page.goto(`${server.url}/t#GOOD`);
		await page.getByRole("button", { name: "Sign in" }).waitFor();
		assert.equal(await page.getByText("Is this ticket yours, too?").count(), 0);
		assert.ok(!asks.includes("/v1/me"));
	});

	test("what is typed about one person stays theirs when the next card comes in behind it", async () => {
		server.world.log = log([met(7, personId(2))], [who(2, "Ben Okafor"), who(4, "Eve Stone")]);
		const page = await visit("/#/queue/go");
		await page.locator('.card[aria-label="Ben Okafor"]').waitFor();
		await page.getByRole("button", { name: /^Note/ }).click();
		const dialog = page.getByRole("dialog", { name: "Your note about Ben Okafor" });
		await dialog.getByLabel("What do they care about?").fill("Looks for a flat");
		const late = row(9, "followup", Date.now() - 9e8, { owner: ana, of: entryId(8), kind: "promise", due: "2026-01-01", text: "A book" });
		server.world.log = log([met(7, personId(2)), met(8, personId(4)), late], server.world.log.people);
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await page.locator('.card[aria-label="Eve Stone"]').waitFor();
		await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
		await page.getByText("Saved: Ben Okafor").waitFor();
		const note = await until("the note at the server", () => server.world.log.rows.find((one) => one.kind === "note"));
		assert.deepEqual([note.payload.of, note.payload.text], [entryId(7), "Looks for a flat"]);
	});

	test("pairs: opening the page spends nothing, the button does, then the digits, then the list", async () => {
		const page = await visit("/p#TOKEN");
		await page.getByRole("button", { name: "Pair this phone" }).waitFor();
		assert.equal(server.asked.length, 0);
		assert.equal(new URL(page.url()).hash, "");
		await page.getByRole("button", { name: "Pair this phone" }).click();
		await page.getByText("42", { exact: true }).waitFor();
		assert.deepEqual(asked("/v1/pair")[0].body, { token: "TOKEN" });
		await good(page, "phone-pair-digits");
		server.world.pair = "approval";
		await page.getByText("One more step").waitFor();
		const go = await stay(page);
		server.world.pair = "paired";
		await page.getByText("This phone now shows your list").waitFor();
		go();
		await page.getByRole("navigation", { name: "Parts of the app" }).waitFor();
	});

	test("says it when a pairing is refused or its time is over", async () => {
		for (const [state, text] of [
			["refused", "Not paired"],
			["expired", "This code is over"],
		]) {
			server.world.pair = state;
			const page = await visit("/p#TOKEN");
			await page.getByRole("button", { name: "Pair this phone" }).click();
			await page.getByText(text).waitFor();
		}
	});

	test("lets the organizer in, and shows each problem of a list by its line", async () => {
		server.world.organizer = false;
		const page = await visit("/organizer", desk);
		await page.getByLabel("E-mail").fill("o@example.org");
		await page.getByLabel("Password").fill("wrong");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("alert").getByText("do not fit").waitFor();
		await page.getByLabel("Password").fill("right");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("heading", { name: "C Meetup Berlin" }).waitFor();
		page.problems.length = 0;

		const file = { name: "a.csv", mimeType: "text/csv", buffer: Buffer.from("name\nA\n") };
		const preview = server.world.preview;
		server.world.preview = {
			...preview,
			problems: [{ line: 4, field: "email", text: "“ana” is not an address" }],
		};
		await page.getByRole("button", { name: "Import a list" }).click();
		await page.getByLabel("CSV file").setInputFiles(file);
		await page.getByText("“ana” is not an address").waitFor();
		assert.ok(await page.getByRole("button", { name: "Import", exact: true }).isDisabled());
		await good(page, "desk-import-problems");
		server.world.preview = preview;
		await page.getByLabel("CSV file").setInputFiles({ ...file, name: "b.csv" });
		await page.getByRole("button", { name: "Import 120 rows" }).click();
		await page.getByRole("dialog").waitFor({ state: "detached" });
		assert.deepEqual(
			asked("/v1/events/7/attendees").map((one) => one.path),
			["/v1/events/7/attendees?preview=1", "/v1/events/7/attendees?preview=1", "/v1/events/7/attendees"],
		);
	});

	for (const [what, reply] of [
		["was found to be", () => ({ json: { ...server.world.preview, problems: [{ line: 4, field: "email", text: "no address" }] } })],
		["failed by", () => ({ status: 500, json: { error: { code: "internal", text: "no" } } })],
	])
		test(`what a former file ${what}, late, is not said of the next one`, async () => {
			const page = await visit("/organizer", desk);
			let answer;
			const held = new Promise((done) => (answer = done));
			let first = true;
			await page.route("**/attendees?preview=1", async (route) => {
				if (!first) return route.continue();
				first = false;
				await held;
				return route.fulfill(reply());
			});
			await page.getByRole("button", { name: "Import a list" }).click();
			for (const name of ["a.csv", "b.csv"]) {
				const looked = page.waitForRequest((request) => request.url().includes("preview=1"));
				await page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from("name\nA\n") });
				await looked;
			}
			const take = page.getByRole("button", { name: "Import 120 rows" });
			await take.waitFor();
			const late = page.waitForResponse((response) => response.url().includes("preview=1"));
			answer();
			await (await late).finished();
			await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn))));
			assert.ok(await take.isEnabled());
			assert.equal(await page.getByRole("alert").count(), 0);
			page.problems.length = 0; // the browser's own word about the 500
			await good(page, "desk-import-ready");
		});

	test("a list that cannot be looked at now says so, and the next file is looked at", async () => {
		const page = await visit("/organizer", desk);
		await page.route("**/attendees?preview=1", (route) => route.abort(), { times: 1 });
		await page.getByRole("button", { name: "Import a list" }).click();
		const choose = (name) => page.getByLabel("CSV file").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from("name\nA\n") });
		await choose("a.csv");
		await page.getByRole("dialog").getByRole("alert").waitFor();
		assert.ok(await page.getByRole("button", { name: "Import", exact: true }).isDisabled());
		page.problems.length = 0;
		await good(page, "desk-import-failed");
		await choose("b.csv");
		await page.getByRole("button", { name: "Import 120 rows" }).waitFor();
		assert.equal(await page.getByRole("dialog").getByRole("alert").count(), 0);
	});

	test("the next organizer to sign in sees an event of their own", async () => {
		const page = await visit("/organizer", desk);
		await page.getByRole("combobox").selectOption("8");
		await page.getByRole("heading", { name: "Spring workshop" }).waitFor();
		await page.getByRole("button", { name: "Sign out" }).click();
		server.world.events = server.world.events.slice(0, 1);
		await page.getByLabel("E-mail").fill("other@example.org");
		await page.getByLabel("Password").fill("right");
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByRole("heading", { name: "C Meetup Berlin" }).waitFor();
	});

	test("makes ticket and enrolment codes, finds people, revokes a station", async () => {
		const page = await visit("/organizer", desk);
		await page.getByRole("button", { name: "Add a station" }).click();
		await page.getByLabel("Name of the station").fill("Front desk 2");
		await page.getByRole("button", { name: "Make a code" }).click();
		await page.getByText("AB12 CD34 EF56").waitFor();
		await good(page, "desk-enrol");
		await page.keyboard.press("Escape");
		await page.getByRole("button", { name: "Ticket code for Ana Müller" }).click();
		await page.getByRole("button", { name: "Make a new code" }).click();
		await page.getByText("7KQ2-M4XT-9B").waitFor();
		await page.keyboard.press("Escape");
		await page.getByRole("button", { name: "Revoke Front desk 1" }).click();
		await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
		await page.getByRole("dialog").waitFor({ state: "detached" });
		assert.equal(asked("/v1/events/7/stations/st1/revoke").length, 1);
		await page.getByRole("button", { name: "Revoke badge: Ben Okafor" }).click();
		await page.getByRole("dialog").getByRole("button", { name: "Revoke badge" }).click();
		await page.getByRole("dialog").waitFor({ state: "detached" });
		assert.equal(asked("/v1/events/7/badges/b1/revoke").length, 1);
		assert.equal(asked("/v1/events/7/badges/b2/revoke").length, 1);
		assert.equal(await page.getByRole("button", { name: "Revoke badge: Ben Okafor" }).count(), 0);
		await page.getByRole("searchbox").fill("chiara");
		await page.getByText("1 person", { exact: true }).waitFor();
	});

	test("takes 200 hostile texts as text, everywhere", async () => {
		const people = payloads.slice(0, 250).map((name, n) =>
			who(n, name, { key: hostileId(n), organization: name, title: name, urls: [name], emails: [name], phones: [name] }),
		);
		const rows = people.flatMap(({ key, name }, n) => [
			met(3 * n + 1, key),
			row(3 * n + 2, "followup", Date.now() - 9e6, { owner: ana, of: entryId(3 * n + 1), kind: "promise", due: "2026-01-01", text: name }),
			row(3 * n + 3, "note", Date.now() - 9e6, { author: ana, of: entryId(3 * n + 1), text: name, topics: [name] }),
		]);
		const { card, event, ...rest } = log(rows, people);
		server.world.log = {
			...rest,
			rows,
			people,
			event: { ...event, name: payloads[2], topics: payloads.slice(0, 4) },
			card: { ...card, name: payloads[0], organization: payloads[3] },
		};
		server.world.me = { ...me(), name: payloads[1], notices: payloads.map((text, at_ms) => ({ text, at_ms })) };
		const attendees = server.world.attendees;
		server.world.attendees = payloads.map((name, n) => ({ ...attendees[0], id: `a${n}`, name, organization: name, email: name }));
		const state = () => ({
			pwned: "pwned" in globalThis,
			strange: document.querySelectorAll("#app script, iframe, img, object, base, #app style, #app link, math").length,
			bad: [...document.querySelectorAll("#app a")].filter((a) => !/^(https?|mailto|tel):/.test(a.href)).length,
		});
		const clean = { pwned: false, strange: 0, bad: 0 };

		const page = await visit("/");
		await page.getByText(payloads[0]).first().waitFor();
		assert.deepEqual(await page.evaluate(state), clean);
		for (const name of ["Card", "People", "Me"]) {
			await tab(page, name);
			await page.getByText(payloads[name === "People" ? 5 : 0]).first().waitFor();
			assert.deepEqual(await page.evaluate(state), clean, name);
		}
		for (const n of [0, 4, 7, 9]) {
			await page.goto(`${server.url}/#/people/${people[n].key}`);
			await page.getByRole("heading", { name: payloads[n] }).first().waitFor();
			assert.deepEqual(await page.evaluate(state), clean, payloads[n]);
		}
		assert.deepEqual(page.problems, []);

		const organizer = await visit("/organizer", desk);
		await organizer.getByText("200 people").waitFor();
		assert.deepEqual(await organizer.evaluate(state), clean);
		assert.deepEqual(organizer.problems, []);
		server.world.attendees = attendees;
	});

	test("speaks German to a German browser", async () => {
		const page = await visit("/", { ...phone, locale: "de-DE" });
		await page.getByRole("heading", { name: "Heute" }).first().waitFor();
		assert.equal(await page.getAttribute("html", "lang"), "de");
		await good(page, "phone-queue-german");
	});
});
