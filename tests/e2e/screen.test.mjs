// The kiosk's screen as a kiosk has it: cage and Chromium, started and started again by what the
// package kith-screen brings. The daemon owns the truth: a browser that dies costs the picture only.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { noBrowser } from "./lib/browser.mjs";
import { RealScreen, stackHere, unit } from "./lib/real-screen.mjs";
import { Screen, until, World } from "./lib/world.mjs";

/** How the page shows an exchange's question: whose it is, and what is left of its ring, in ms. */
function seen() {
	const ring = document.querySelector(".ring-left");
	return {
		screen: document.querySelector(".screen")?.className,
		text: document.body.innerText,
		left: ring?.getAnimations()[0]?.effect.getComputedTiming().duration,
	};
}

describe("the screen of a kiosk", () => {
	let world;
	let screen;
	before(async () => {
		world = await World.start({ role: "lounge", frames: false });
	});
	after(async () => {
		await screen?.stop();
		await world?.stop();
	});

	const listeners = async () => {
		const text = await (await fetch(`${world.screen.origin}/metrics`)).text();
		return Number(/^kith_kiosk_screens (\d+)$/m.exec(text)[1]);
	};

	async function exchange(a, b) {
		await world.screen.act("finish").catch(() => {});
		await world.screen.shows("idle");
		await world.tap(a, ["welcome", "whose"]);
		await world.tap(b, ["exchange", "note"]);
		return world.screen.shows("note");
	}

	/** However slow this machine is, the person in front keeps touching, so that time does not run out. */
	const held = (what, ask) =>
		until(
			what,
			async () => {
				await world.screen.act("touch").catch(() => {});
				return ask();
			},
			90000,
		);

	test("whoever looks later sees what is left of the time, not what was", async () => {
		const first = await exchange("ana", "ben");
		await until("a shorter time", async () => {
			const late = await Screen.open(world.kiosk.address);
			late.close();
			assert.equal(late.state.screen, "note");
			assert.equal(late.state.rev, first.rev);
			return late.state.timer.left_ms < first.timer.left_ms;
		});
	});

	test("is started again without end, and soon", () => {
		const { restart, restartMs, command } = unit();
		assert.equal(restart, "always");
		assert.ok(restartMs < 1000);
		assert.match(command, /^\/usr\/bin\/cage .*kith-screen$/);
	});

	/* kith-screen has to find out that nobody listens any more: this test does not, meanwhile */
	async function killed(what, meanwhile) {
		await screen.lost.close();
		const former = screen.browser().pid;
		screen.kill(what);
		await meanwhile?.();
		world.screen.close();
		const another = () => screen.browser() && screen.browser().pid !== former;
		await until("a page that listens, of another browser", async () => another() && (await listeners()) === 1, 60000);
		world.screen = await Screen.open(world.kiosk.address);
	}

	/** The page, once it asks what was talked about with that person. */
	const asks = (name) =>
		held(`the page to ask about ${name}`, async () => {
			const now = await (await screen.page()).evaluate(seen);
			return now.screen?.includes("screen-note") && now.text.includes(name) && now;
		});

	for (const [what, means, people] of [
		["browser", "its process is killed", ["ana", "chidi", "dora", "elif"]],
		["page", "its tab crashed", ["ana", "dora", "elif", "farid"]],
		["cage", "the compositor is killed", ["ana", "elif", "farid", "ben"]],
	])
		test(`comes back in the middle of an exchange when ${means}, and no tap is lost`, { skip: noBrowser }, async (t) => {
			if (!stackHere(t)) return;
			screen ??= await RealScreen.start({ url: `${world.screen.origin}/` });
			await until("the page to listen", async () => (await listeners()) === 2, 60000);
			const [a, b, c, d] = people;
			const first = (key) => world.person(key).name.split(" ")[0];
			const met = async () => (await world.log()).filter((x) => x.kind === "meeting").length;
			const before = await met();

			await exchange(a, b);
			await asks(first(b));
			const { rev } = world.screen.state;
			await killed(what);
			// where a machine needs longer than a person is given, the question is over by then
			if (world.screen.state.screen === "note") {
				assert.equal(world.screen.state.rev, rev);
				const now = await asks(first(b));
				assert.ok(now.left > 0 && now.left <= world.screen.state.timer.ms, `${now.left} ms are left`);
			}
			assert.equal(await met(), before + 1);

			await killed(what, () => exchange(c, d));
			assert.equal(await met(), before + 2, "who taps before a black screen has met all the same");
			if (world.screen.state.screen === "note") await asks(first(d));
			await until("the page to listen", async () => (await listeners()) === 2, 60000);
		});
});
