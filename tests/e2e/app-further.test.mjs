// A phone of two events and what a server may answer: what goes wrong at one keeps the other going,
// and nothing of one is shown as the other's, or left behind.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { good, kept, online, phone, settings, status, tab } from "./lib/app.mjs";
import { closePages, launch, noBrowser, open } from "./lib/browser.mjs";
import { ana, fakeServer, log, me, met, personId, who } from "./lib/fake-server.mjs";
import { until } from "./lib/world.mjs";

const there = personId(249); // Ana at the further event

describe("a phone of two events and what a server may answer", { skip: noBrowser }, () => {
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

	afterEach(() => closePages(browser));

	const one = () => log([met(7, personId(2))], [who(2, "Ben Okafor")]);
	const both = () => {
		const first = one();
		const further = { me: there, event: { event: 8, name: "Spring workshop", topics: [] }, card: { ...first.card, title: "Speaker" } };
		return { ...first, events: [{ me: ana, event: first.event, card: first.card }, further] };
	};
	const refuseFurther = ({ event }) => (event === 8 ? [400, { error: { code: "conflict", text: "no" } }] : undefined);

	beforeEach(() => {
		server.anew();
		server.world.log = both();
		server.world.there = { 8: { ...me(), id: there, event: { event: 8, name: "Spring workshop" }, consents: { contact: true } } };
	});

	const visit = async () => {
		const page = await open(browser, server.url, phone);
		await online(page);
		return page;
	};
	const sync = (page) => page.evaluate(() => dispatchEvent(new Event("online")));
	const sent = (event) => server.asked.filter(({ path, body }) => path.startsWith("/v1/streams/") && body.event === event).flatMap(({ body }) => body.entries);
	const events = (page) => page.getByRole("region", { name: "My events" });
	const goTo = async (page, name) => {
		await settings(page);
		await events(page).getByRole("radio", { name }).check();
		await page.locator(".strip-event").getByText(name).waitFor();
	};
	const shows = async (page, situation) => {
		await tab(page, "Card");
		// checked once it is written and planned, which the one that looks for that waits for
		await page.getByRole("radio", { name: situation }).click();
	};
	const databases = (page) => page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name).sort());
	const toggle = (page, name) => page.getByRole("switch", { name });

	const further = `kith-8-${there}`;
	/** A page whose further database opens only while that is wanted, and whose clock can be moved on. */
	const fragile = async () => {
		const page = await open(browser, undefined, phone);
		await page.clock.install();
		await page.addInitScript(() => {
			const { open: opens } = IDBFactory.prototype;
			globalThis.unopened = 0;
			IDBFactory.prototype.open = function (name, ...more) {
				if (name === sessionStorage.getItem("unopenable")) {
					globalThis.unopened++;
					throw new DOMException("not now", "UnknownError");
				}
				return opens.call(this, name, ...more);
			};
		});
		return page;
	};
	const openable = (page, is) => page.evaluate((name) => sessionStorage.setItem("unopenable", name), is ? "" : further);
	/** A page that cannot plan what this log brought. */
	const failing = async (log) => {
		const page = await fragile();
		server.world.log = one();
		await page.goto(server.url);
		await online(page);
		await openable(page, false);
		server.world.log = log;
		await sync(page);
		await status(page).getByText("Sync problem").waitFor();
		return page;
	};
	const withEve = () => {
		const { rows, people, ...rest } = both();
		return { ...rest, rows: [...rows, met(8, personId(4))], people: [...people, who(4, "Eve Stone")] };
	};

	test("what came while the plan failed is shown by the next exchange, also when that brings nothing", async () => {
		const page = await failing(withEve());
		await openable(page, true);
		await sync(page);
		await online(page);
		await tab(page, "People");
		await page.getByRole("link", { name: "Eve Stone" }).waitFor();
		assert.deepEqual(sent(7), []);
		assert.deepEqual(page.problems, []);
	});

	for (const network of [true, false])
		test(`the app starts later when an outbox cannot be opened now, ${network ? "with" : "without"} a network`, async () => {
			const page = await fragile();
			await page.goto(server.url);
			await online(page);
			await kept(page);
			await openable(page, false);
			await page.reload();
			await page.waitForFunction(() => globalThis.unopened > 0);
			await page.getByText("One moment").waitFor();
			await page.context().setOffline(!network);
			await openable(page, true);
			if (network) await sync(page);
			else await page.clock.fastForward("00:15");
			await status(page).getByText(network ? "Online" : "Offline").waitFor();
			if (network) await shows(page, "Work");
			if (network) await until("the entry", () => sent(7).length === 1);
			assert.deepEqual(page.problems.filter((one) => !one.includes("ERR_INTERNET_DISCONNECTED")), []);
		});

	test("a further event that is busy waits alone", async () => {
		const page = await fragile();
		await page.goto(server.url);
		await online(page);
		server.world.refuse = ({ event }) => (event === 8 ? [429, { error: { code: "too-many", text: "no" } }, { "Retry-After": "600" }] : undefined);
		await goTo(page, "Spring workshop");
		await shows(page, "Work");
		await status(page).getByText("Sync problem").waitFor();
		server.world.log = withEve();
		await sync(page);
		await tab(page, "People");
		await page.getByRole("link", { name: "Eve Stone" }).waitFor();
		await goTo(page, "C Meetup Berlin");
		await shows(page, "Friends");
		await until("what is written at the other", () => sent(7).length === 1);
		await status(page).click();
		await page.getByText("The server is busy.").waitFor();
		await page.keyboard.press("Escape");
		assert.equal(sent(8).length, 1, "it was asked to wait");
		server.world.refuse = () => undefined;
		await page.clock.fastForward("10:01");
		await online(page);
		assert.equal(sent(8).length, 2);
	});

	test("an outbox that cannot be opened now is opened later, and what is written meanwhile is written once", async () => {
		const page = await failing(both());
		// not checked until the plan succeeds
		await tab(page, "Card");
		await page.getByRole("radio", { name: "Work" }).click();
		await until("the entry", () => sent(7).length > 0);
		await openable(page, true);
		await sync(page);
		await online(page);
		await until("it shown", () => page.getByRole("radio", { name: "Work" }).isChecked());
		assert.equal(new Set(sent(7).map(({ id }) => id)).size, 1);
		assert.deepEqual(page.problems, []);
	});

	test("what is wrong with one event's outbox is said, and all else goes on", async () => {
		const page = await visit();
		server.world.refuse = refuseFurther;
		await goTo(page, "Spring workshop");
		await shows(page, "Work");
		await status(page).getByText("Sync problem").waitFor();
		server.world.log = withEve();
		await sync(page);
		await tab(page, "People");
		await page.getByRole("link", { name: "Eve Stone" }).waitFor();
		await status(page).getByText("Sync problem").waitFor();
		server.world.refuse = () => undefined;
		await sync(page);
		await online(page);
	});

	test("an event is not taken out while something of it is only here, nor ever that of the session", async () => {
		const page = await visit();
		await settings(page);
		await events(page).getByText("signed in with the ticket of this event").waitFor();
		await goTo(page, "Spring workshop");
		await events(page).getByText("You are here").waitFor();
		assert.equal(await events(page).getByRole("button", { name: "Take out" }).count(), 0);
		await good(page, "events-home");
		server.world.refuse = refuseFurther;
		await shows(page, "Work");
		await until("it refused", () => sent(8).length > 0);
		await goTo(page, "C Meetup Berlin");
		await events(page).getByRole("button", { name: "Take out" }).click();
		await page.getByText("Something of this event is not sent yet. Take it out once it is.").waitFor();
		await good(page, "events-unsent");
		assert.ok(!server.asked.some(({ path }) => path === "/v1/me/part"));
	});

	/** One entry of the further event that the server does not take: its id. */
	const leaveUnsent = async (page) => {
		server.world.refuse = refuseFurther;
		await goTo(page, "Spring workshop");
		await shows(page, "Work");
		await until("it refused", () => sent(8).length > 0);
		return sent(8)[0].id;
	};
	const part = async (page) => {
		server.world.log = { ...one(), server_ms: Date.now() };
		await sync(page);
		await settings(page);
		await until("one event", async () => (await events(page).getByRole("radio").count()) === 1);
		assert.deepEqual(await databases(page), [`kith-7-${ana}`, `kith-8-${there}`]);
	};
	const waits = "1 thing of Spring workshop waits on this phone. Add that event again";
	const leave = (page) => page.getByRole("button", { name: "Sign out of this device" }).click();

	test("taken out elsewhere, what was not sent waits for the event's return", async () => {
		const page = await visit();
		const id = await leaveUnsent(page);
		await part(page);
		await page.reload();
		await events(page).getByText(waits).waitFor();
		server.world.log = both();
		server.asked.length = 0;
		await sync(page);
		await until("it sent again", () => sent(8).some((entry) => entry.id === id));
		await until("nothing said of it", async () => (await page.getByText(waits).count()) === 0);
		server.world.refuse = () => undefined;
		await sync(page);
		await online(page);
		await leave(page);
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.deepEqual(await databases(page), []);
	});

	test("what waits for an event that was taken out elsewhere is said, and not lost by a sign-out in silence", async () => {
		const page = await visit();
		const id = await leaveUnsent(page);
		await part(page);
		await events(page).getByText(waits).waitFor();
		await good(page, "away-events");
		await page.getByRole("link", { name: "How it goes" }).click();
		await page.getByText(waits).waitFor();
		await good(page, "away-me");
		await status(page).click();
		await page.getByRole("dialog").getByText(waits).waitFor();
		assert.equal(await page.getByText("Everything on this phone is at the server too.").count(), 0);
		await page.keyboard.press("Escape");
		await settings(page);
		await leave(page);
		const question = page.getByRole("dialog", { name: "1 thing is only on this phone" });
		await question.getByText(waits).waitFor();
		assert.equal(await question.getByRole("button", { name: "Send them now" }).count(), 0, "sending is of no use now");
		await good(page, "away-signout");
		const [download] = await Promise.all([page.waitForEvent("download"), question.getByRole("button", { name: "Download them as a file" }).click()]);
		const file = JSON.parse(readFileSync(await download.path(), "utf8"));
		assert.deepEqual(file.others.map(({ account, entries }) => [account, entries.map((entry) => entry.id)]), [[`8-${there}`, [id]]]);
		await question.getByLabel("To sign out and lose them").fill("lose");
		await question.getByRole("button", { name: "Sign out and lose them" }).click();
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.deepEqual(await databases(page), []);
		assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("kith-further-"))), []);
	});

	test("signing out sends what can be sent first, and then asks about what waits for its event", async () => {
		const page = await visit();
		await leaveUnsent(page);
		await part(page);
		server.world.refuse = () => [400, { error: { code: "conflict", text: "no" } }];
		await shows(page, "Work");
		await until("it refused, too", () => sent(7).length > 0);
		await settings(page);
		await leave(page);
		await page.getByRole("heading", { name: "2 things are only on this phone" }).waitFor();
		server.world.refuse = () => undefined;
		await page.getByRole("button", { name: "Send them now, then sign out" }).click();
		await page.getByRole("heading", { name: "1 thing is only on this phone" }).waitFor();
		await page.getByRole("dialog").getByText(waits).waitFor();
		assert.equal(await page.getByText("They could not be sent.").count(), 0);
	});

	test("signed out from elsewhere, what waits for its event is counted, and waits for who signs in again", async () => {
		const page = await visit();
		const id = await leaveUnsent(page);
		await part(page);
		server.world.signedIn = false;
		await sync(page);
		await page.getByText("1 entry was not sent yet").waitFor();
		assert.deepEqual(await databases(page), [`kith-8-${there}`]);
		server.world.refuse = () => undefined;
		await page.getByLabel("Ticket code").fill("GOOD");
		await page.getByRole("button", { name: "Sign in" }).click();
		await events(page).getByText(waits).waitFor();
		server.asked.length = 0;
		server.world.log = both();
		await sync(page);
		await until("it sent", () => sent(8).some((entry) => entry.id === id));
	});

	test("offline, one event's consents are not shown as another's", async () => {
		const page = await visit();
		await goTo(page, "Spring workshop");
		await until("what is shared there", () => toggle(page, "Organizer may contact me").isChecked());
		await page.context().setOffline(true);
		await goTo(page, "C Meetup Berlin");
		await page.getByText("What you share at this event is not known here yet").waitFor();
		for (const name of ["Organizer may contact me", "Share the rest of my card"]) assert.ok(await toggle(page, name).isDisabled(), name);
		assert.ok(!(await toggle(page, "Organizer may contact me").isChecked()));
		page.problems.length = 0;
		await good(page, "consents-unknown");
		await page.context().setOffline(false);
		await until("what is shared here", () => toggle(page, "Share the rest of my card").isChecked());
	});

	test("what somebody sees of one is not said while the consents are not known", async () => {
		const page = await visit();
		const ben = async () => {
			await tab(page, "People");
			await page.getByRole("link", { name: "Ben Okafor" }).click();
		};
		const sees = page.getByRole("region", { name: "What they see of you" });
		await goTo(page, "Spring workshop");
		await until("what is shared there", () => toggle(page, "Organizer may contact me").isChecked());
		await ben();
		await sees.getByText("Your name and organization came with the exchange itself.").waitFor();
		assert.ok(await toggle(page, "My e-mail").isEnabled());
		await page.context().setOffline(true);
		await goTo(page, "C Meetup Berlin");
		await ben();
		await sees.getByText("What you share at this event is not known here yet").waitFor();
		assert.ok(await toggle(page, "My e-mail").isDisabled());
		await good(page, "sharing-unknown");
		await page.context().setOffline(false);
		await sees.getByText("You share the rest of your card with everybody you meet.").waitFor();
	});

	test("a consent that the server refused is shown as it was, what else was touched as it will be", async () => {
		const page = await visit();
		const mayContact = ({ payload }) => JSON.parse(payload).purpose === "contact";
		server.world.refuse = ({ store_id, entries }) => {
			const last = entries.at(-1);
			const refusals = entries.filter(mayContact).map(({ id }) => ({ id, reason: "not-your-own" }));
			return refusals.length > 0
				? [200, { store_id, status: "ok", durable_seq: last.seq, durable_hash: last.hash, safe_seq: 0, server_ms: Date.now(), refusals, refusal_seq: 1 }]
				: undefined;
		};
		await settings(page);
		await until("the account", () => toggle(page, "Share the rest of my card").isChecked());
		await toggle(page, "Organizer sees my follow-ups").click();
		await toggle(page, "Organizer may contact me").click();
		await status(page).getByText("Sync problem").waitFor();
		await until("it off again", async () => !(await toggle(page, "Organizer may contact me").isChecked()));
		assert.ok(await toggle(page, "Organizer sees my follow-ups").isChecked());
	});

	test("two consents touched at once both count, until the account says otherwise", async () => {
		const page = await visit();
		await settings(page);
		const names = ["Organizer sees my follow-ups", "Organizer may contact me"];
		await until("the account", () => toggle(page, "Share the rest of my card").isChecked());
		await page.evaluate(() => [...document.querySelectorAll('[role="switch"]')].slice(1, 3).forEach((one) => one.click()));
		await until("both sent", () => sent(7).filter(({ kind }) => kind === "consent").length === 2);
		await online(page);
		for (const name of names) assert.ok(await toggle(page, name).isChecked(), name);
		const account = async (given) => {
			server.world.me.consents = { card: true, followups: given, contact: given };
			await page.getByRole("button", { name: "Sign out Safari on iPhone" }).click();
		};
		await account(true);
		await until("it read", async () => !(await page.getByRole("button", { name: "Sign out Safari on iPhone" }).isDisabled()));
		// taken back on another device
		await account(false);
		for (const name of names) await until(`${name} to be off`, async () => !(await toggle(page, name).isChecked()));
	});

	test("details that are open for one event are not saved for another", async () => {
		const page = await visit();
		await tab(page, "Card");
		await page.getByRole("button", { name: "My details" }).click();
		const title = page.getByRole("dialog").getByLabel("Role");
		await title.fill("Only at the meetup");
		const other = await page.context().newPage();
		await other.goto(server.url);
		await online(other);
		await goTo(other, "Spring workshop");
		await until("the card of there", async () => (await title.inputValue()) === "Speaker");
	});
});
