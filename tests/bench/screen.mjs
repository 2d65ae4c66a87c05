// ./kith bench screen [--taps N] [--kills N]: the screen in its real stack (cage and
// Chromium on Wayland) in front of the real daemon. From the daemon's event to its paint, beside a
// bare page on the same event stream in the same browser; and how soon a killed browser is back.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { chromiumPath } from '../e2e/lib/browser.mjs';
import { LoneKiosk } from '../e2e/lib/lone-kiosk.mjs';
import { RealScreen } from '../e2e/lib/real-screen.mjs';
import { sleep, until } from '../e2e/lib/world.mjs';

const { values: options } = parseArgs({ options: { taps: { type: 'string', default: '400' }, kills: { type: 'string', default: '7' } } });
const taps = Number(options.taps);
const rounds = 8; // of each page, in turns
const ms = (ns) => Number(ns) / 1e6;
const monotonic = () => ms(process.hrtime.bigint());

function percentile(values, share) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

const result = (name, value, ceiling) => console.log(`RESULT screen.${name}=${Number(value.toPrecision(4))}` +
	(ceiling === undefined ? '' : ` ceiling=${ceiling} met=${value <= ceiling ? 'yes' : 'no'}`));

/* In the page: the first task after the next frame is drawn, for each picture of the daemon. */
function watchPaints() {
	const channel = new MessageChannel();
	const waiting = [];
	globalThis.paints = [];
	channel.port1.onmessage = () => {
		const at = performance.now();
		for (const rev of waiting.splice(0))
			globalThis.paints.push([rev, at]);
	};
	globalThis.drawn = (rev) => requestAnimationFrame(() => {
		waiting.push(rev);
		channel.port2.postMessage(0);
	});
}

/* The product's page: a picture is there once its revision is in the document. */
function watchScreen() {
	let last;
	new MutationObserver(() => {
		const rev = document.querySelector('[data-rev]')?.getAttribute('data-rev');
		if (rev && rev !== last)
			globalThis.drawn(Number((last = rev)));
	}).observe(document.documentElement, { subtree: true, childList: true, attributes: true, attributeFilter: ['data-rev'] });
}

/* The floor: the same stream, and one line of text. */
function barePage() {
	let last;
	document.body.textContent = '';
	new EventSource('/events').addEventListener('state', (event) => {
		const { rev } = JSON.parse(event.data);
		if (rev === last)
			return;
		document.body.textContent = String((last = rev));
		globalThis.drawn(rev);
	});
}

/** The page's clock in terms of CLOCK_MONOTONIC: what to add, from the quickest of many questions. */
async function clockOf(page) {
	let best;
	for (let i = 0; i < 60; i++) {
		const from = monotonic();
		const at = await page.evaluate(() => performance.now());
		const to = monotonic();
		if (!best || to - from < best.width)
			best = { width: to - from, add: (from + to) / 2 - at };
	}
	return best;
}

class Run {
	async open() {
		// everybody meets everybody at most once
		const people = Array.from({ length: 8 + Math.ceil(Math.sqrt(4 * taps)) }, (_, i) => `p${i}`);
		console.log(`writing ${people.length} badges`);
		this.kiosk = await LoneKiosk.start({ role: 'lounge', people });
		await this.kiosk.run();
		// a second page would hide from kith-screen that the first is gone
		this.kiosk.screen.close();
		this.url = `${this.kiosk.screen.origin}/`;
		this.screen = await RealScreen.start({ url: this.url });
		await this.heard(1);
		this.pairs = people.flatMap((a, i) => people.slice(i + 1).map((b) => [a, b]));
	}

	async heard(n) {
		await until(`${n} pages that listen`, async () => Number((await this.kiosk.metrics()).kith_kiosk_screens) === n, 60000);
	}

	/** A badge on the reader until the screen has painted what it brings. */
	async tap(name) {
		await this.kiosk.chip.send(`put ${name}`);
		await until(`a picture for ${name}`, () => this.newest.rev > this.rev && this.newest.screen !== 'reading');
		await this.painted(this.newest.rev);
		await this.kiosk.chip.send(`take ${name}`);
		await this.kiosk.away();
	}

	/** Nobody stands there: the next badge is the first of two. */
	async finish() {
		await until('the stream', () => this.newest);
		if (this.newest.screen === 'idle') {
			this.rev = this.newest.rev;
			return;
		}
		while (this.newest.screen !== 'idle') {
			await fetch(`${this.url}act`, { method: 'POST', headers: { 'content-type': 'application/json' },
				body: JSON.stringify({ act: 'finish', rev: this.newest.rev }) });
			await until('an idle screen', () => this.newest?.screen === 'idle', 300).catch(() => {});
		}
		await this.painted(this.newest.rev);
	}

	async painted(rev) {
		await this.page.waitForFunction((wanted) => globalThis.paints.at(-1)?.[0] >= wanted, rev, { polling: 20, timeout: 20000 });
		this.rev = rev;
	}

	/** Pairs of taps on one page; from each of the daemon's events to its paint, in ms. */
	async round(bare, count) {
		this.page = await this.screen.page();
		// the bare page stands on an answer whose policy lets no page do anything
		await (await this.page.context().newCDPSession(this.page)).send('Page.setBypassCSP', { enabled: bare });
		await this.page.goto(bare ? `${this.url}healthz` : this.url);
		await this.page.evaluate(watchPaints);
		const states = new Map();
		const stream = await this.#listen(states);
		const clock = await clockOf(this.page);
		await this.page.evaluate(bare ? barePage : watchScreen);
		for (let i = 0; i < count; i += 2) {
			const [a, b] = this.pairs.shift();
			await this.finish();
			await this.tap(a);
			await this.tap(b);
		}
		const painted = await this.page.evaluate(() => globalThis.paints);
		stream.abort();
		const list = [];
		for (const [rev, at] of painted) {
			const state = states.get(rev);
			// only what a tap brought: its picture is published in the moment after the commit
			if (state?.done_ns > 0 && ['welcome', 'exchange'].includes(state.screen))
				list.push(at + clock.add - state.done_ns / 1e6);
		}
		this.unsure = Math.max(this.unsure ?? 0, clock.width / 2);
		return list;
	}

	/* The daemon's states by revision, as another client hears them. */
	async #listen(states) {
		const stop = new AbortController();
		const answer = await fetch(`${this.url}events`, { signal: stop.signal });
		(async () => {
			let text = '';
			for await (const piece of answer.body.pipeThrough(new TextDecoderStream())) {
				text += piece;
				for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
					const data = /^data: ?(.*)$/m.exec(text.slice(0, end));
					const state = data && JSON.parse(data[1]);
					if (!state)
						continue;
					this.newest = state;
					if (!states.has(state.rev))
						states.set(state.rev, state);
				}
			}
		})().catch(() => {});
		return stop;
	}

	async back(what) {
		await this.screen.lost?.close().catch(() => {});
		await this.heard(1);
		// kith-screen looks twice a second, and has to have seen this page
		await sleep(1500);
		const { pid } = this.screen.browser();
		const from = monotonic();
		this.screen.kill(what);
		await until('another browser', () => (this.screen.browser() ?? { pid }).pid !== pid, 60000);
		await this.heard(1);
		return (monotonic() - from) / 1000;
	}

	/** The floor of that: the same browser without any screen, until its page listens. */
	async alone() {
		const profile = fs.mkdtempSync(path.join(process.env.KITH_BENCH_DIR, 'alone-'));
		const from = monotonic();
		const browser = spawn(chromiumPath, ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', `--user-data-dir=${profile}`,
			'--remote-debugging-port=0', this.url], { stdio: 'ignore' });
		await this.heard(2);
		const seconds = (monotonic() - from) / 1000;
		browser.kill('SIGKILL');
		await this.heard(1);
		return seconds;
	}

	async close() {
		await this.screen?.stop();
		await this.kiosk?.stop();
	}
}

process.env.TMPDIR = process.env.KITH_BENCH_DIR;
const run = new Run();
try {
	const from = monotonic();
	await run.open();
	console.log(`the first picture stood after ${((monotonic() - from) / 1000).toFixed(1)} s, badges included`);
	const paints = { screen: [], bare: [] };
	for (let i = 0; i < rounds; i++)
		for (const name of i % 2 ? ['bare', 'screen'] : ['screen', 'bare'])
			paints[name].push(...await run.round(name === 'bare', Math.ceil(taps / rounds)));
	for (const [name, list] of Object.entries(paints))
		console.log(`${name.padEnd(7)} ${list.length} taps, event to paint: p50 ${percentile(list, 0.5).toFixed(1)} ms  p95 ${percentile(list, 0.95).toFixed(1)} ms  ` +
			`max ${Math.max(...list).toFixed(1)} ms`);
	const pss = run.screen.pss();
	const back = { browser: [], page: [], cage: [] };
	const starts = [];
	for (const [what, list] of Object.entries(back)) {
		for (let i = 0; i < (what === 'browser' ? Number(options.kills) : Math.ceil(Number(options.kills) / 3)); i++) {
			if (what === 'browser')
				starts.push(await run.alone());
			list.push(await run.back(what));
		}
		console.log(`kill -9 of the ${what}: its page listens again after ${list.map((s) => s.toFixed(2)).join(', ')} s`);
	}
	result('paint_p50_over_bare', percentile(paints.screen, 0.5) / percentile(paints.bare, 0.5), 6);
	result('paint_p95_ms', percentile(paints.screen, 0.95), 100);
	result('paint_p50_ms', percentile(paints.screen, 0.5));
	result('bare_p50_ms', percentile(paints.bare, 0.5));
	result('bare_p95_ms', percentile(paints.bare, 0.95));
	result('clock_unsure_ms', run.unsure);
	result('browser_back_over_start', percentile(back.browser, 0.5) / percentile(starts, 0.5), 2);
	result('start_s', percentile(starts, 0.5));
	result('browser_back_s', percentile(back.browser, 0.5), 3);
	result('browser_back_max_s', Math.max(...back.browser));
	result('page_back_s', percentile(back.page, 0.5), 3);
	result('cage_back_s', percentile(back.cage, 0.5));
	result('stack_mib', pss);
} finally {
	await run.close();
}
