// The pages on the real programs, by touch: the kiosk's screen over the simulated chip, a phone
// that pairs with the code on it, the queue, the organizer's page.
import assert from "node:assert/strict";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { accessibility, launch, noBrowser, open, picture, stay, still } from "./lib/browser.mjs";
import { overflow } from "./lib/layout.mjs";
import { World, must } from "./lib/world.mjs";

describe("the pages on the real programs", { skip: noBrowser }, () => {
	let browser;
	let world;
	let screen;

	before(async () => {
		world = await World.start({ eventName: "C Meetup Berlin", config: ["staff_pin = 2468"] });
		browser = await launch();
		screen = await open(browser, world.screen.origin, { width: 800, height: 480 });
	});
	after(async () => {
		await browser?.close();
		await world?.stop();
	});

	const button = (name) => screen.getByRole("button", { name, exact: true });
	const looksRight = async (name) => {
		// however slow this machine is, the person in front keeps touching, so that time does not run out
		const touching = setInterval(() => void world.screen.act("touch").catch(() => {}), 1000);
		try {
			await still(screen);
			assert.deepEqual(await screen.evaluate(overflow), [], name);
			assert.deepEqual(await accessibility(screen), [], name);
			await picture(screen, `real-${name}`);
		} finally {
			clearInterval(touching);
		}
	};
	const tapped = async (key, text) => {
		await world.tap(key);
		await screen.getByText(text).first().waitFor();
	};
	const finish = async () => {
		await button("Finish").click();
		await screen.getByText("Tap your badge").waitFor();
	};

	test("a tap checks in; the screen says who, and when", async () => {
		await screen.getByText("Tap your badge").waitFor();
		await looksRight("idle");
		await tapped("ana", "Checked in at");
		await screen.getByText("Ana M.").waitFor();
		assert.equal(await screen.getByText("Met someone? Tap their badge now").count(), 0);
		await looksRight("welcome");
		await finish();
		await tapped("ben", "Checked in at");
		await finish();
	});

	test("two taps exchange; chips and a line of text become Ana's note", async () => {
		await tapped("ana", "Met someone? Tap their badge now");
		await world.tap("ben", "exchange");
		await screen.getByRole("heading", { name: "Ana M. and Ben K. exchanged" }).waitFor();
		await screen.getByText("What about").waitFor();
		await looksRight("note");
		await button("I'll send something").click();
		await button("SQLite").click();
		await button("Write").click();
		for (const key of ["H", "i"]) await button(key).click();
		await button("Save").click();
		await screen.locator(".note-text", { hasText: "Hi" }).waitFor();
		const noted = await world.screen.see("the note", (s) => s.text === "Hi" && s.chosen.length === 2);
		assert.deepEqual([...noted.chosen].sort(), ["SQLite", "send"]);
		await button("Done").click();
		await screen.getByText("Tap your badge").waitFor();
	});

	test("a guest's card is shown before it is kept", async () => {
		await world.show(world.guests.find((guest) => guest.key === "noor").text);
		await screen.getByText("Now tap your own badge").waitFor();
		await looksRight("whose");
		await world.tap("ana");
		await screen.getByText("Delta Maps").waitFor();
		await looksRight("guest");
		await screen.getByRole("button", { name: /^Save to/ }).click();
		await screen.getByText("What about").waitFor();
		await button("Done").click();
		await screen.getByText("Tap your badge").waitFor();
	});

	test("the language changes by touch, and help explains", async () => {
		await button("Deutsch").click();
		await screen.getByText("Badge antippen").waitFor();
		await looksRight("german");
		await button("English").click();
		await screen.getByText("Tap your badge").waitFor();
		await button("Help").click();
		await screen.getByText("How it works").waitFor();
		await looksRight("help");
		await button("Back").click();
	});

	test("the desk finds a person by name and checks them in by hand, after the PIN", async () => {
		const type = async (keys) => {
			for (const key of keys) await button(key).click();
		};
		await button("Help").click();
		await button("Desk staff").click();
		await type("1111");
		await button("Enter").click();
		await screen.getByText("That PIN is not right").waitFor();
		await looksRight("pin");
		await type("2468");
		await button("Enter").click();
		await button("Find by name").click();
		await type("Do");
		await button("Find").click();
		await screen.getByText("Dóra Szabó").waitFor();
		await button("Check in").click();
		await screen.getByText(/is checked in/).waitFor();
		await looksRight("desk");
		await button("Undo").click();
		await screen.getByText(/is checked in/).waitFor({ state: "detached" });
		await button("Finish").click();
		await screen.getByText("Tap your badge").waitFor();
	});

	test("a phone reads the code from the screen, shows the same digits, and has Ana's queue", async () => {
		await tapped("ana", "Already checked in");
		await button("On my phone").click();
		const code = screen.locator(".code");
		await code.waitFor();
		await looksRight("pair");
		const file = path.join(world.dir, "screen.png");
		await code.screenshot({ path: file });
		const link = (await must("kith-badge", ["scan", "--first", file])).trimEnd().split("\t")[1];
		// the address that people use is another one than this test's listener
		const phone = await open(browser, world.origin + "/p" + new URL(link).hash, { width: 360, height: 740, locale: "en-GB" });
		await phone.getByRole("button", { name: "Pair this phone" }).click();
		const digits = await phone.locator(".digits").textContent();
		await screen.locator(".digits", { hasText: digits }).waitFor();
		await looksRight("pair-digits");
		const go = await stay(phone);
		// the screen says it for a moment only
		const said = screen.getByText("Your list is on your phone").waitFor();
		await world.chip.send("put ana");
		await Promise.all([said, phone.getByText("This phone now shows your list").waitFor()]);
		await world.chip.send("take ana");
		go();

		await phone.getByRole("navigation", { name: "Parts of the app" }).waitFor();
		await phone.getByText(world.person("ben").name).first().waitFor();
		assert.deepEqual(await accessibility(phone), []);
		await picture(phone, "real-queue");
		const promise = phone.getByRole("listitem").filter({ hasText: "Keep your promise" });
		await promise.getByRole("button", { name: /^Done: / }).click();
		await promise.waitFor({ state: "detached" });
		await phone.getByRole("button", { name: "Undo" }).click();
		await promise.waitFor();
		await phone.locator(".tab", { hasText: "Me" }).click();
		await phone.getByRole("link", { name: "Settings", exact: true }).click();
		await phone.getByRole("switch", { name: /Organizer may contact me/ }).click();
		await phone.getByRole("button", { name: "Subscribe in a calendar" }).click();
		const address = await phone.getByLabel("Secret address").inputValue();
		const feed = await fetch(address.replace(/^https?:\/\/[^/]+/, world.origin));
		assert.match(await feed.text(), /^BEGIN:VCALENDAR/);
		assert.deepEqual(phone.problems, []);
		await phone.context().close();
	});

	test("the organizer sees it happen, and takes the list home", async () => {
		const page = await open(browser, `${world.origin}/organizer`, { width: 1280, height: 800, locale: "en-GB" });
		await page.getByLabel("E-mail").fill(world.organizerEmail);
		await page.getByLabel("Password").fill(world.organizerPassword);
		await page.getByRole("button", { name: "Sign in" }).click();
		await page.getByText(`2 of ${world.people.length} checked in`).waitFor();
		await page.getByRole("row", { name: /Front door/ }).getByText("Online").waitFor();
		await page.getByText(/follow-ups? in the list/).waitFor();
		assert.deepEqual(await accessibility(page), []);
		await picture(page, "real-organizer");
		const [download] = await Promise.all([
			page.waitForEvent("download"),
			page.getByRole("link", { name: "Download CSV" }).click(),
		]);
		assert.match(download.suggestedFilename(), /^follow-?ups-\d+\.csv$/);
		await page.context().close();
	});

	test("a killed kiosk is seen at once", async () => {
		await world.stopKiosk("SIGKILL");
		await screen.getByText("Reconnecting").waitFor();
		await picture(screen, "real-reconnecting");
	});
});
