// The phone's half of docs/sync-protocol.md against a server that answers anything: gap, fork,
// refusals, busy; and a new version of the app.
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, test } from "node:test";
import { kept, online, phone, settings, status, tab } from "./lib/app.mjs";
import { accessibility, closePages, launch, noBrowser, open } from "./lib/browser.mjs";
import { fakeServer, personId } from "./lib/fake-server.mjs";
import { hashEntry } from "./lib/station.mjs";
import { until } from "./lib/world.mjs";

describe("the phone and what a server may answer", { skip: noBrowser }, () => {
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

	const visit = async () => {
		const page = await open(browser, server.url, phone);
		await online(page);
		return page;
	};
	/** A page whose clock can be moved on. */
	const visitWithClock = async () => {
		const page = await open(browser, undefined, phone);
		await page.clock.install();
		await page.goto(server.url);
		await online(page);
		return page;
	};
	const batches = () => server.asked.filter((one) => one.path.startsWith("/v1/streams/")).map((one) => one.body);
	const sent = () => batches().flatMap((batch) => batch.entries);
	/** One entry: the next situation of the own card. */
	const write = async (page, name) => {
		await tab(page, "Card");
		await page.getByRole("radio", { name }).check();
	};
	const reply = (batch, more) => ({
		store_id: batch.store_id,
		status: "ok",
		durable_seq: 0,
		durable_hash: "A".repeat(43),
		safe_seq: 0,
		timeline: "t",
		server_ms: Date.now(),
		refusals: [],
		...more,
	});

	test("chains what it writes as the document says", async () => {
		const page = await visit();
		await write(page, "Work");
		await write(page, "Friends");
		await until("two entries", () => sent().length === 2);
		let prev = Buffer.alloc(32);
		for (const batch of batches().filter((one) => one.entries.length > 0)) {
			assert.equal(batch.event, 7);
			assert.equal(batch.prev_hash, prev.toString("base64url"));
			for (const entry of batch.entries) {
				prev = hashEntry({ store: batch.store_id, event: 7, entry, prev });
				assert.equal(entry.hash, prev.toString("base64url"));
			}
		}
		assert.deepEqual(
			sent().map((entry) => [entry.seq, entry.kind, JSON.parse(entry.payload).value]),
			[[1, "setting", "work"], [2, "setting", "friends"]],
		);
		assert.equal(JSON.parse(sent()[1].payload).after[0], sent()[0].id, "names what it replaces");
	});

	test("sends again what a server lost, and begins a new stream with the same ids after a fork", async () => {
		const page = await visit();
		await write(page, "Work");
		await until("an entry", () => sent().length === 1);
		await online(page);
		// restored from before the entry: it holds nothing now, and says so
		server.world.answers.push((batch) => [200, reply(batch, { status: "gap" })]);
		server.world.streams.clear();
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await until("the entry again", () => sent().length === 2);
		assert.equal(sent()[1].id, sent()[0].id);
		assert.equal(sent()[1].hash, sent()[0].hash);
		// another history
		server.world.answers.push((batch) => [200, reply(batch, { status: "fork", durable_seq: 9, durable_hash: "B".repeat(43) })]);
		const former = batches()[0].store_id;
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await until("the entry in a new stream", () => sent().length === 3);
		const fork = batches().at(-1);
		assert.notEqual(fork.store_id, former);
		assert.deepEqual([fork.from_seq, fork.entries[0].seq, fork.entries[0].id], [1, 1, sent()[0].id]);
		await online(page);
	});

	test("prunes up to safe_seq and goes on from there", async () => {
		const page = await visit();
		const safe = (batch) => {
			const last = batch.entries.at(-1);
			return [200, reply(batch, { durable_seq: last.seq, durable_hash: last.hash, safe_seq: last.seq })];
		};
		server.world.answers.push(safe);
		await write(page, "Work");
		await until("an entry", () => sent().length === 1);
		await online(page);
		server.world.answers.push(safe);
		await write(page, "Friends");
		await until("the next", () => sent().length === 2);
		assert.deepEqual([batches().at(-1).from_seq, batches().at(-1).prev_hash], [2, sent()[0].hash]);
	});

	test("says a refusal in words, until it has been read", async () => {
		const page = await visit();
		server.world.answers.push((batch) => {
			const last = batch.entries.at(-1);
			const refusals = [{ id: last.id, reason: "not-for-this-station" }];
			return [200, reply(batch, { durable_seq: last.seq, durable_hash: last.hash, refusals, refusal_seq: 1 })];
		});
		await write(page, "Work");
		await status(page).getByText("Sync problem").waitFor();
		await status(page).click();
		await page.getByText("A phone may not write this.").waitFor();
		assert.deepEqual(await accessibility(page), []);
		await page.getByRole("button", { name: "Understood" }).click();
		await page.keyboard.press("Escape");
		await online(page);
		assert.ok(await page.getByRole("radio", { name: "Event" }).isChecked(), "what has no effect there has none here");
	});

	test("waits as long as a busy server asks, and says what is not sent", async () => {
		const page = await visit();
		const busy = () => [503, { error: { code: "unavailable", text: "busy" } }, { "Retry-After": "600" }];
		server.world.answers.push(busy);
		await write(page, "Work");
		await status(page).getByText("Sync problem").waitFor();
		await status(page).click();
		await page.getByText("1 saved here, not sent yet").waitFor();
		await page.getByText("The server is busy.").waitFor();
		await page.getByRole("button", { name: "Try now" }).click();
		await page.getByText("Everything on this phone is at the server too.").waitFor();
		assert.equal(server.world.streams.size, 1);
	});

	test("an answer that begins and does not end is none: it is asked for again", async () => {
		const page = await visitWithClock();
		server.world.stalls = { path: "/v1/streams/", begins: true };
		const begun = page.waitForResponse((answer) => answer.url().includes("/v1/streams/"));
		await write(page, "Work");
		await begun;
		server.world.stalls = undefined;
		await page.clock.fastForward("00:25");
		await status(page).getByText("Offline, 1 saved on this phone").waitFor();
		await page.clock.fastForward("00:25");
		await online(page);
		assert.equal(server.world.streams.size, 1);
	});

	test("signs out also when the server does not answer", async () => {
		const page = await visitWithClock();
		await settings(page);
		server.world.stalls = { path: "/v1/signout" };
		const begun = page.waitForRequest((request) => request.url().endsWith("/v1/signout"));
		await page.getByRole("button", { name: "Sign out of this device" }).click();
		await begun;
		await page.clock.fastForward("00:25");
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name)), []);
	});

	test("sends half of what is too large", async () => {
		const page = await visit();
		const large = () => [413, { error: { code: "too-large", text: "too large" } }];
		server.world.signedIn = true;
		await page.context().setOffline(true);
		for (const name of ["Work", "Friends", "Event", "Work"]) await write(page, name);
		await status(page).getByText("Offline, 4 saved on this phone").waitFor();
		server.asked.length = 0;
		server.world.answers.push(large, large);
		await page.context().setOffline(false);
		await online(page);
		assert.deepEqual(batches().filter((one) => one.entries.length).map((one) => one.entries.length), [4, 2, 1, 1, 1, 1]);
	});

	test("keeps what a backup covers until the download has it", async () => {
		const page = await visit();
		const safe = (batch) => {
			const last = batch.entries.at(-1);
			return [200, reply(batch, { durable_seq: last.seq, durable_hash: last.hash, safe_seq: last.seq })];
		};
		// the server has it, but has not worked it into what it offers yet
		server.world.answers.push(safe);
		await write(page, "Work");
		await until("an entry", () => sent().length === 1);
		await online(page);
		await kept(page);
		await page.context().setOffline(true);
		await page.reload();
		await tab(page, "Card");
		assert.ok(await page.getByRole("radio", { name: "Work" }).isChecked());
	});

	const typeCode = async (page, code) => {
		await tab(page, "Scan");
		await page.getByRole("button", { name: "Type the code" }).click();
		await page.getByRole("textbox", { name: "Short code" }).fill(code);
		await page.getByRole("button", { name: "Add this person" }).click();
		await page.getByText("The code is kept").waitFor();
		await tab(page, "Queue");
		await tab(page, "Scan");
	};

	test("a code typed without a network becomes one meeting of that time; one that nobody has is said", async () => {
		const page = await visit();
		await page.context().setOffline(true);
		const before = Date.now();
		await typeCode(page, "7KQ2M4XT9B");
		await page.getByText(/^(One|1) codes? waits? for a network/).waitFor();
		await typeCode(page, "XKQ2M4XT9B");
		await page.getByText("2 codes wait for a network").waitFor();
		const after = Date.now();
		const busy = [429, { error: { code: "too-many", text: "too many" } }, { "Retry-After": "600" }];
		const asked = [busy, [200, { id: personId(6) }], [404, { error: { code: "not-found", text: "nobody" } }]];
		server.world.codes = () => asked.shift() ?? busy;
		await page.context().setOffline(false);
		// the codes may not be asked for now: all else goes on
		await online(page);
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await until("a meeting", () => sent().length > 0);
		await page.getByText("Nobody at this event has that code.").waitFor();
		await online(page);
		assert.deepEqual(await accessibility(page), []);
		const [meeting, ...more] = sent();
		assert.deepEqual(more, []);
		assert.deepEqual([meeting.kind, JSON.parse(meeting.payload).b], ["meeting", personId(6)]);
		assert.ok(meeting.wall_ms >= before && meeting.wall_ms <= after, "of the time at which it was typed");
		const { boot_id } = batches().find((batch) => batch.entries.length > 0);
		assert.notEqual(meeting.boot_id, boot_id, "which no boot clock corrects");
		await page.getByRole("button", { name: "Understood" }).click();
		await page.getByText("Nobody at this event has that code.").waitFor({ state: "detached" });
	});

	test("who signed out without a network stays signed out until the server knows", async () => {
		const page = await visit();
		await kept(page);
		await settings(page);
		await page.context().setOffline(true);
		await page.getByRole("button", { name: "Sign out of this device" }).click();
		await page.getByText("Your follow-ups are waiting").waitFor();
		await page.context().setOffline(false);
		// a gateway answers, not the server
		server.world.fail = [502, "bad-gateway", "the server is away"];
		await page.reload();
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.ok(server.asked.some((one) => one.path === "/v1/signout"));
		await page.reload();
		await page.getByText("Your follow-ups are waiting").waitFor();
		// a network that wants to be paid first says that all is well
		server.world.fail = [200, "welcome", "to this network"];
		await page.reload();
		await page.getByText("Your follow-ups are waiting").waitFor();
		// signing in is another session, which nothing ends
		server.world.fail = undefined;
		await page.getByLabel("Ticket code").fill("GOOD");
		server.asked.length = 0;
		await page.getByRole("button", { name: "Sign in" }).click();
		await online(page);
		assert.ok(!server.asked.some((one) => one.path === "/v1/signout"));
	});

	test("who was asked to be a buddy can say yes", async () => {
		const key = personId(6);
		server.world.me.buddies = [{ key, name: "Li Wei", mutual: false, asked: true }];
		const page = await visit();
		await tab(page, "Me");
		await page.getByRole("button", { name: "Make us buddies" }).click();
		await until("the yes", () => sent().some((one) => one.kind === "buddy" && JSON.parse(one.payload).b === key));
	});

	test("an ended session with nothing unsent leaves nothing on the phone", async () => {
		const page = await visit();
		server.world.signedIn = false;
		await page.evaluate(() => dispatchEvent(new Event("online")));
		await page.getByText("Your follow-ups are waiting").waitFor();
		assert.deepEqual(await page.evaluate(async () => (await indexedDB.databases()).map((one) => one.name)), []);
	});

	test("a new version waits until the person wants it", async () => {
		const page = await visit();
		await kept(page);
		server.world.worker = "/* newer */";
		await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
		await page.getByText("There is a new version of this app.").waitFor();
		assert.deepEqual(await accessibility(page), []);
		await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Reload" }).click()]);
		await online(page);
		assert.equal(await page.getByText("There is a new version of this app.").count(), 0);
		await settings(page);
		await page.getByRole("button", { name: "Sign out of this device" }).click();
		await page.getByText("Your follow-ups are waiting").waitFor();
	});
});
