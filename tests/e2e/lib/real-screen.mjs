// The kiosk's screen in its real stack (facts of the appliance: cage, Chromium on Wayland), with a
// screen in memory below it: Xvfb, on which wlroots draws by its X11 backend. What is started is
// what kith-screen.service starts, as an ordinary user, and it is started again as systemd would.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { toolMissing } from "./chip.mjs";
import { chromiumPath, top } from "./browser.mjs";
import { freePort, sleep, until } from "./world.mjs";

const folder = join(top, "kiosk/package/screen");
const require = createRequire(join(top, "core/web/package.json"));
const nobody = 65534;

const installed = (program) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;
const tools = ["Xvfb", "cage", "Xwayland", "curl", chromiumPath];

/** In a test: false, having said so, where the stack is not installed. */
export function stackHere(t) {
	const missing = tools.find((program) => !installed(program));
	if (missing) toolMissing(t, missing);
	return !missing;
}

/** What the unit says: the command, and the seconds before it is run again. */
export function unit() {
	const text = fs.readFileSync(join(folder, "kith-screen.service"), "utf8");
	const value = (key) => new RegExp(`^${key}=(.*)$`, "m").exec(text)?.[1];
	const [, number, ms] = /^([\d.]+)(ms)?$/.exec(value("RestartSec"));
	return {
		command: value("ExecStart").replace("/usr/lib/kith/kith-screen", join(folder, "kith-screen")),
		restart: value("Restart"),
		restartMs: Number(number) * (ms ? 1 : 1000),
	};
}

/** Processes below a pid, itself first: { pid, name, args }. */
function below(pid) {
	const list = [];
	const visit = (at) => {
		try {
			// Chromium's children write theirs anew, with spaces
			const args = fs.readFileSync(`/proc/${at}/cmdline`, "utf8").split(/[\0 ]/);
			const name = fs.readFileSync(`/proc/${at}/comm`, "utf8").trim();
			const children = fs.readFileSync(`/proc/${at}/task/${at}/children`, "utf8").trim();
			list.push({ pid: at, name, args });
			children.split(" ").filter(Boolean).map(Number).forEach(visit);
		} catch {
			// ended meanwhile
		}
	};
	visit(pid);
	return list;
}

export class RealScreen {
	/** url of the daemon's page. */
	static async start({ url }) {
		const screen = new RealScreen();
		Object.assign(screen, { url, unit: unit(), log: "" });
		screen.run = fs.mkdtempSync("/tmp/kith-screen-"); // where an ordinary user may reach
		screen.port = await freePort();
		const programs = join(screen.run, "bin");
		fs.mkdirSync(programs);
		// Debian's launcher takes no options from the environment; containers have no user namespaces for its sandbox
		fs.writeFileSync(
			join(programs, "chromium"),
			`#!/bin/sh\nexec ${chromiumPath} --no-sandbox --remote-debugging-port=${screen.port} "$@"\n`,
			{ mode: 0o755 },
		);
		if (process.getuid() === 0) for (const path of [screen.run, programs]) fs.chownSync(path, nobody, nobody);
		try {
			await screen.#startX();
			screen.#startCage();
			return screen;
		} catch (error) {
			await screen.stop();
			throw error;
		}
	}

	/* of the size that wlroots gives its window there */
	async #startX() {
		this.x = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp"], {
			stdio: ["ignore", "ignore", "ignore", "pipe"],
		});
		let said = "";
		this.x.stdio[3].on("data", (piece) => (said += piece));
		this.display = `:${await until("the X server", () => said.endsWith("\n") && said.trim())}`;
	}

	#startCage() {
		const [program, ...args] = this.unit.command.split(" ");
		const home = this.run;
		this.cage = spawn(program, args, {
			...(process.getuid() === 0 ? { uid: nobody, gid: nobody } : {}),
			detached: true, // a group of its own, to be ended whole, as systemd ends a unit's
			stdio: ["ignore", "ignore", "pipe"],
			env: {
				PATH: `${join(home, "bin")}:/usr/bin:/bin`,
				DISPLAY: this.display,
				WLR_BACKENDS: "x11",
				WLR_RENDERER: "pixman",
				XDG_RUNTIME_DIR: home,
				HOME: home,
				XDG_CACHE_HOME: home,
				XDG_CONFIG_HOME: home,
				KITH_SCREEN_URL: this.url,
			},
		});
		this.cage.stderr.setEncoding("utf8").on("data", (text) => (this.log += text));
		const { pid } = this.cage;
		this.cage.on("error", (error) => (this.log += String(error)));
		this.cage.on("exit", async () => {
			this.#endGroup(pid);
			if (this.stopped || this.unit.restart !== "always") return;
			await sleep(this.unit.restartMs);
			if (!this.stopped) this.#startCage();
		});
	}

	/* kill(2) of the group, and whoever made a group of its own: Chromium's processes */
	#endGroup(pid) {
		for (const one of [-pid, ...(this.known ?? [])])
			try {
				process.kill(one, "SIGKILL");
			} catch {
				// gone
			}
		this.known = [];
	}

	/** Processes of the stack: { pid, name, args }. */
	processes() {
		const list = below(this.cage.pid);
		this.known = list.map((p) => p.pid);
		return list;
	}

	/** The browser itself, of its many processes. */
	browser() {
		return this.processes().find((p) => p.name === "chromium" && !p.args.some((a) => a.startsWith("--type=")));
	}

	/** PSS of the whole stack without the X server, in MiB. */
	pss() {
		return this.processes()
			.map(({ pid }) => {
				try {
					return Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, "utf8"))[1]);
				} catch {
					return 0;
				}
			})
			.reduce((a, b) => a + b, 0) / 1024;
	}

	/** kill -9 of "browser", "page" (its renderer) or "cage". */
	kill(what) {
		const list = this.processes();
		const renderer = (p) => p.args.includes("--type=renderer") && !p.args.includes("--extension-process");
		const victims = { browser: [this.browser()], page: list.filter(renderer), cage: [list[0]] }[what].filter(Boolean);
		if (victims.length === 0) throw new Error(`no ${what} runs: ${this.log.slice(-2000)}`);
		for (const { pid } of victims) process.kill(pid, "SIGKILL");
	}

	/** The page as it is on the screen, for evaluate() and the like; of the browser that runs now. */
	async page() {
		await this.lost?.close().catch(() => {});
		const { chromium } = require("playwright-core");
		return until(
			"a browser with the page",
			async () => {
				const browser = await chromium.connectOverCDP(`http://127.0.0.1:${this.port}`, { timeout: 2000 });
				this.lost = browser;
				const page = browser.contexts()[0]?.pages().find((p) => p.url().startsWith(this.url));
				if (!page) {
					await browser.close();
					return undefined;
				}
				return page;
			},
			60000,
		).catch((error) => {
			throw new Error(`${error.message}\n${this.log.slice(-3000)}`);
		});
	}

	async stop() {
		this.stopped = true;
		await this.lost?.close().catch(() => {});
		if (this.cage) {
			this.processes();
			this.#endGroup(this.cage.pid);
		}
		this.x?.kill();
		await until("the screen's folder to be left alone", () => {
			fs.rmSync(this.run, { recursive: true, force: true });
			return true;
		});
	}
}
