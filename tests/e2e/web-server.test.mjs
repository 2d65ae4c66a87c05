// The server's pages: what they draw and what they send, at the size of a phone and of a desk.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { accessibility, launch, noBrowser, open, picture } from "./lib/browser.mjs";
import { fakeServer, item, me, sample } from "./lib/fake-server.mjs";
import { payloads } from "./lib/hostile.mjs";

const phone = { width: 360, height: 740, locale: "en-GB" };
const desk = { width: 1280, height: 800, locale: "en-GB" };
const sizes = { phone, desk };

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
	beforeEach(() => {
		Object.assign(server.world, {
			queue: sample(),
			me: me(),
			signedIn: true,
			organizer: true,
			pair: "opened",
			fail: undefined,
		});
		server.asked.length = 0;
	});

	const visit = (path, options = phone) => open(browser, server.url + path, options);
	const asked = (path) => server.asked.filter((one) => one.path.startsWith(path));

	/** Nothing wider than the window, clean for axe, quiet console; and a picture of it. */
	async function good(page, name) {
		const wide = await page.evaluate(() => {
			const most = document.documentElement.clientWidth;
			return [...document.querySelectorAll("body *")]
				.filter((el) => !el.closest(".scroll, .hidden-text, svg"))
				.filter((el) => el.getBoundingClientRect().right > most + 1)
				.map((el) => `${el.tagName}.${el.className}`);
		});
		assert.deepEqual(wide, [], `${name}: wider than the window`);
		assert.deepEqual(await accessibility(page), [], name);
		assert.deepEqual(page.problems, [], name);
		await picture(page, `server-${name}`);
	}

	for (const [size, options] of Object.entries(sizes)) {
		test(`draws the queue on a ${size}`, async () => {
			const page = await visit("/", options);
			await page.getByRole("heading", { name: "Chiara Rossi" }).waitFor();
			await good(page, `${size}-queue`);
			await page.getByRole("button", { name: "More for Chiara Rossi" }).click();
			await good(page, `${size}-queue-more`);
			for (const tab of ["Upcoming", "Done", "Me"]) {
				await page.locator(".tab", { hasText: tab }).click();
				await good(page, `${size}-queue-${tab.toLowerCase()}`);
			}
			await page.context().close();
			server.world.queue = { ...sample(), items: [], done: [] };
			server.world.me = { ...me(), approvals: [{ pairing: "x", digits: "42" }] };
			const calm = await visit("/", options);
			await calm.getByText("Nobody yet").waitFor();
			await good(calm, `${size}-queue-nobody`);
			await calm.context().close();
		});

		test(`draws the organizer's page on a ${size}`, async () => {
			const page = await visit("/organizer", options);
			await page.getByText("212 of 340 checked in").waitFor();
			await page.getByText("6 people", { exact: true }).waitFor();
			await good(page, `${size}-organizer`);
			await page.context().close();
		});

		test(`draws the small pages on a ${size}`, async () => {
			for (const [name, path, text] of [
				["badge", "/b#AAAA.BBBB", "somebody's event badge"],
				["ticket", "/t#GOOD", "Sign in with your ticket"],
				["pair", "/p#TOKEN", "Show your list on this phone?"],
				["pair-none", "/p", "Start at a station"],
			]) {
				const page = await visit(path, options);
				await page.getByText(text).waitFor();
				await good(page, `${size}-${name}`);
				await page.context().close();
			}
		});
	}

	test("closes a follow-up, and opens it again with Undo", async () => {
		const page = await visit("/");
		const card = page.getByRole("article", { name: "Chiara Rossi" });
		await card.getByRole("button", { name: "Done" }).click();
		await page.getByText("Done: Chiara Rossi").waitFor();
		assert.equal(await card.count(), 0);
		assert.deepEqual(asked("/v1/queue/key-1")[0].body, { state: "done", after: [] });
		await page.getByRole("button", { name: "Undo" }).click();
		await card.waitFor();
		const again = asked("/v1/queue/key-1")[1].body;
		assert.equal(again.state, "open");
		assert.equal(again.after.length, 1, "names the entry that it replaces");
		await page.context().close();
	});

	test("puts back what the server did not take, and says why", async () => {
		const page = await visit("/");
		const card = page.getByRole("article", { name: "Ben Okafor" });
		await card.waitFor();
		server.world.fail = [503, "unavailable", "The server is busy. Try again in a moment."];
		await card.getByRole("button", { name: "Done" }).click();
		await page.getByRole("alert").getByText("The server is busy").waitFor();
		assert.equal(await card.count(), 1);
		await page.context().close();
	});

	test("snoozes to a day by one touch, or by a date", async () => {
		const page = await visit("/");
		await page.getByRole("article", { name: "Ben Okafor" }).getByRole("button", { name: "Snooze" }).click();
		await accessibility(page).then((found) => assert.deepEqual(found, []));
		await page.getByRole("button", { name: "Next week" }).click();
		await page.getByText("Snoozed: Ben Okafor").waitFor();
		const { state, until } = asked("/v1/queue/key-2")[0].body;
		assert.equal(state, "snooze");
		assert.equal(new Date(`${until}T12:00:00`).getDay(), 1, "a Monday");
		await page.locator(".tab", { hasText: "Upcoming" }).click();
		await page.getByRole("article", { name: "Ben Okafor" }).waitFor();
		await page.context().close();
	});

	test("edits a note, and never sends an empty one", async () => {
		const page = await visit("/");
		await page.getByRole("button", { name: "More for Chiara Rossi" }).click();
		await page.getByRole("button", { name: "Edit note" }).click();
		const dialog = page.getByRole("dialog");
		await dialog.getByLabel("What do they care about?").fill("");
		await dialog.getByLabel("Topics").fill(" , ");
		assert.ok(await dialog.getByRole("button", { name: "Save note" }).isDisabled());
		await dialog.getByLabel("What do they care about?").fill("Likes <b>trees</b>");
		await dialog.getByLabel("Topics").fill("SQLite, Tries");
		await dialog.getByRole("button", { name: "Save note" }).click();
		await dialog.waitFor({ state: "detached" });
		assert.deepEqual(asked("/v1/notes")[0].body, {
			of: "of-1",
			text: "Likes <b>trees</b>",
			topics: ["SQLite", "Tries"],
			after: ["n1"],
		});
		await page.context().close();
	});

	test("drafts a mail in the person's own program", async () => {
		const page = await visit("/");
		const link = page.getByRole("article", { name: "Ben Okafor" }).getByRole("link", { name: "Draft mail" });
		const href = await link.getAttribute("href");
		assert.equal(
			href,
			"mailto:ben@example.org?subject=Good%20to%20meet%20you&body=Hello%20Ben%2C%0D%0A%0D%0Ait%20was%20good%20to%20meet%20you.%0D%0A",
		);
		await page.getByRole("button", { name: "More for Ben Okafor" }).click();
		assert.equal(await page.locator('a[href^="javascript:"]').count(), 0, "only web addresses are links");
		await page.context().close();
	});

	test("works by keys alone", async () => {
		const page = await visit("/", desk);
		await page.getByRole("article", { name: "Chiara Rossi" }).getByRole("button", { name: "Done" }).focus();
		await page.keyboard.press("h");
		await page.getByRole("dialog").waitFor();
		await page.keyboard.press("Escape");
		await page.getByRole("dialog").waitFor({ state: "detached" });
		await page.getByRole("article", { name: "Chiara Rossi" }).getByRole("button", { name: "Done" }).focus();
		await page.keyboard.press("e");
		await page.getByText("Done: Chiara Rossi").waitFor();
		await page.context().close();
	});

	test("gives and takes back consents, the feed's address, devices, approvals", async () => {
		server.world.me = { ...me(), approvals: [{ pairing: "pair-1", digits: "42" }] };
		const page = await visit("/");
		await page.getByText("Is this you, with another phone?").waitFor();
		await page.getByRole("button", { name: "Refuse" }).click();
		await page.getByText("Is this you").waitFor({ state: "detached" });
		assert.deepEqual(asked("/v1/me/approvals/pair-1")[0].body, { approve: false });
		await page.locator(".tab", { hasText: "Me" }).click();
		await page.getByRole("switch", { name: /Organizer sees my follow-ups/ }).click();
		await page.getByRole("button", { name: "Subscribe in a calendar" }).click();
		await page.getByLabel("Secret address").waitFor();
		await page.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
		await page.getByRole("button", { name: "Sign out of this device" }).click();
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.deepEqual(asked("/v1/me/consents")[0].body, { purpose: "followups", given: true });
		assert.equal(asked("/v1/me/devices/s2/end").length, 1);
		await page.context().close();
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
		await page.getByRole("heading", { name: "To do" }).waitFor();
		assert.deepEqual(
			asked("/v1/signin").map((one) => one.body.code),
			["WRONG", "GOOD"],
		);
		await page.context().close();
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
		server.world.pair = "paired";
		await page.getByText("This phone now shows your list").waitFor();
		await page.getByRole("heading", { name: "To do" }).waitFor();
		await page.context().close();
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
			await page.context().close();
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
		await page.context().close();
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
		await page.context().close();
	});

	test("takes 200 hostile texts as text, everywhere", async () => {
		const names = payloads.map((name, n) =>
			item(n, {
				why: name,
				text: name,
				kind: n % 2 ? name : "hello",
				person: { ...item(n).person, key: `p${n}`, name, organization: name, title: name, urls: [name], emails: [name], phones: [name] },
				notes: [{ entry: `n${n}`, text: name, topics: [name], at: "2026-01-01" }],
				draft: { subject: name, body: name },
			}),
		);
		server.world.queue = { ...sample(), owner: { id: "x", name: payloads[0] }, items: names };
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
		await page.locator(".item").first().waitFor();
		assert.equal(await page.locator(".item").count(), payloads.length);
		await page.evaluate(() => {
			for (const button of document.querySelectorAll('.item-acts button[aria-expanded="false"]')) button.click();
		});
		await page.locator(".item-more").last().waitFor();
		assert.deepEqual(await page.evaluate(state), clean);
		assert.equal(await page.locator(".item h3").first().textContent(), payloads[0]);
		await page.locator(".tab", { hasText: "Me" }).click();
		assert.deepEqual(await page.evaluate(state), clean);
		assert.deepEqual(page.problems, []);
		await page.context().close();

		const organizer = await visit("/organizer", desk);
		await organizer.getByText("200 people").waitFor();
		assert.deepEqual(await organizer.evaluate(state), clean);
		assert.deepEqual(organizer.problems, []);
		await organizer.context().close();
		server.world.attendees = attendees;
	});

	test("speaks German to a German browser", async () => {
		const page = await visit("/", { ...phone, locale: "de-DE" });
		await page.getByRole("heading", { name: "Zu tun" }).waitFor();
		assert.equal(await page.getAttribute("html", "lang"), "de");
		await good(page, "phone-queue-german");
		await page.context().close();
	});
});
