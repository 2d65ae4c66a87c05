// The phone as a station: opens the account's store, keeps the model in step with it, writes
// entries, and talks with the server when there is one (docs/architecture.md, "The phone").
import { type Core, loadCore } from "@web/core";
import { entryId, utf8 } from "./bytes";
import { type Hasher, hasherOf } from "./chain";
import { Clock } from "./clock";
import { choose, chosenEvent, mineOf, place } from "./events";
import { setSignoutDue, signoutDue } from "../../leaving";
import type { Log } from "./log";
import { type NewItem, current, publish, setEngine } from "./model";
import { type Snapshot, fetchParts, makeModel } from "./plan";
import { Store, alone, currentAccount, furtherOf, setCurrentAccount, unlessBusy, wipeFurther } from "./store";
import { type Heard, SyncError, accountName, endSession, fetchAccount, fetchFirst, fetchLog, lookUpCode, send } from "./sync";
import { type Away, type SyncState, UnsentError, countOf } from "./types";

const everyMs = 10_000;
const accountEveryMs = 9_000;
const beatEveryMs = 60_000;
const mostWaitMs = 60_000;
const replanEveryMs = 10_000;
const mostPayload = 16 * 1024; // core/base/limits.h
const leftBehind = "kith-left";

/** Entries of somebody who was signed out from elsewhere before they could be sent. */
export const leftUnsent = (): number => Number(localStorage.getItem(leftBehind)) || 0;

interface Status {
	sync: SyncState;
	problem?: string;
	lastSync_ms: number;
}

interface Outbox {
	store: Store;
	heard: Heard;
	/** A busy server asked to leave it alone until then. */
	rests_until?: number;
}

class Station {
	private status: Status = { sync: navigator.onLine ? "online" : "offline", lastSync_ms: 0 };
	private running?: Promise<void>;
	private again = false;
	private failures = 0;
	private timer?: number;
	private replanAt?: number;
	/** Something is stored that the model lacks. */
	private stale = false;
	private accountRead = 0;
	private beatAt = 0;
	private beatWanted = false;
	/** The outboxes: the account's own, and one for each further event. */
	private outboxes = new Map<number, Outbox>();
	private over = false;
	private opening: Promise<void> = Promise.resolve();
	private channel: BroadcastChannel;

	constructor(
		private store: Store,
		private core: Core,
		private hasher: Hasher,
		private clock: Clock,
	) {
		this.outboxes.set(store.event, { store, heard: { timeline: "", refusal_seq: 0 } });
		this.channel = new BroadcastChannel(`kith-${store.name}`);
		this.channel.onmessage = (event: MessageEvent<string>) => {
			if (event.data === "over") location.reload();
			else void this.tryReplan();
		};
	}

	async begin(): Promise<void> {
		const download = await this.store.get("download");
		this.status.lastSync_ms = download?.at_ms ?? 0;
		await this.tryReplan();
		setEngine({
			write: (kind, payload) => this.write([{ kind, payload }]).then((ids) => ids[0]!),
			writeAll: (news) => this.write(news),
			sync: () => this.syncNow(),
			signOut: (how) => this.signOut(how),
			reloadAccount: () => this.readAccount(),
			download: () => this.unsentFile(),
			hold: (code, at_ms) => this.hold(code, at_ms),
			at: async (event) => {
				choose(event);
				await this.changed();
				await this.readAccount().catch(() => undefined);
			},
			dismiss: async (entry) => {
				for (const store of this.stores()) await store.dismiss(entry);
				await this.store.change("codes", (had) => (had ?? []).filter((one) => one.entry !== entry));
				await this.changed();
			},
		});
		addEventListener("online", () => this.poke(true));
		addEventListener("offline", () => this.say({ sync: "offline" }));
		document.addEventListener("visibilitychange", () => {
			if (!document.hidden) this.poke(true);
		});
		addEventListener("pageshow", (event) => event.persisted && this.poke(true));
		void this.syncNow();
	}

	/** To the disk, into the model, on its way. */
	private async write(news: NewItem[]): Promise<string[]> {
		const entries = place(news, current().model).map(({ id, kind, payload, at_ms, event }) => ({
			id: id ?? entryId(),
			kind,
			payload: JSON.stringify(payload),
			stamp: at_ms ? this.clock.at(at_ms) : this.clock.now(),
			store: this.outboxes.get(event ?? this.store.event)?.store ?? this.store,
		}));
		// the server takes no such entry, and all that came after it would wait behind it for ever
		if (entries.some((entry) => utf8(entry.payload).length > mostPayload)) throw new Error("an entry is too long");
		for (const store of this.stores())
			await store.append(
				this.hasher,
				entries.filter((entry) => entry.store === store),
			);
		// it is written: who is told otherwise writes it again
		await this.changed().catch(() => this.say({ sync: "problem", problem: "internal" }));
		void navigator.storage?.persist?.();
		this.poke(false);
		return entries.map((entry) => entry.id);
	}

	/** The store holds something new: here, and for this account's other tabs. */
	private async changed(): Promise<void> {
		await this.replan();
		this.channel.postMessage("changed");
	}

	private stores(): Store[] {
		return [...this.outboxes.values()].map((one) => one.store);
	}

	/** An outbox for each event that the log says is the owner's, and for no other. */
	private openOutboxes(log: Log): Promise<void> {
		// what failed once may succeed now
		this.opening = this.opening.catch(() => undefined).then(() => this.keepOutboxes(log));
		return this.opening;
	}

	private async keepOutboxes(log: Log): Promise<void> {
		const mine = mineOf(log);
		for (const { me, event } of mine)
			if (!this.outboxes.has(event.event))
				this.outboxes.set(event.event, {
					store: await Store.open(`${event.event}-${me}`, this.store, event.name),
					heard: { timeline: "", refusal_seq: 0 },
				});
		for (const [event, { store }] of this.outboxes) {
			if (store === this.store || mine.some((one) => one.event.event === event)) continue;
			this.outboxes.delete(event);
			await store.putAway().catch(() => undefined);
		}
	}

	/** Of each outbox whose event left the list with something unsent (parted elsewhere, or by the server). */
	private async ofAway<T>(use: (store: Store, title: string) => Promise<T>): Promise<T[]> {
		const out: T[] = [];
		for (const [name, title] of furtherOf(this.store.name)) {
			if (this.stores().some((one) => one.name === name) || !(await Store.exists(name))) continue;
			const store = await Store.open(name, this.store, title);
			out.push(await use(store, title));
			store.close();
		}
		return out;
	}

	private async away(): Promise<Away[]> {
		const all = await this.ofAway(async (store, event) => ({ event, count: await store.unsent() }));
		return all.filter((one) => one.count > 0);
	}

	private async snapshot(): Promise<Snapshot> {
		const [download, account, codes, aliases] = await Promise.all([
			this.store.get("download"),
			this.store.get("account"),
			this.store.get("codes"),
			this.store.get("aliases"),
		]);
		if (!download) {
			// another tab has put this account away in the meantime
			this.end();
			location.reload();
			throw new Error("put away");
		}
		await this.openOutboxes(download.log);
		const entries = await Promise.all(
			this.stores().map(async (store) => {
				const [{ cursor }, all] = await Promise.all([store.head(), store.all()]);
				return all.map((entry) => ({ ...entry, event: store.event, held: entry.seq <= cursor }));
			}),
		);
		const away = await this.away();
		return { entries: entries.flat(), log: download.log, account, codes: codes ?? [], aliases: aliasesOf(download.log, aliases), away };
	}

	private async replan(): Promise<void> {
		if (this.over) return;
		try {
			await this.plan();
		} catch (e) {
			this.stale = true;
			this.replanIn(replanEveryMs);
			throw e;
		}
	}

	/** Where nobody waits for it: what fails is tried again. */
	private tryReplan(): Promise<void> {
		return this.replan().catch(() => undefined);
	}

	private replanIn(wait: number): void {
		clearTimeout(this.replanAt);
		this.replanAt = window.setTimeout(() => void this.tryReplan(), wait);
	}

	private async plan(): Promise<void> {
		let snapshot = await this.snapshot();
		const fetched = fetchParts(snapshot);
		// while parts are loaded, somebody may write
		if (fetched) snapshot = await fetched.then(() => this.snapshot());
		const model = makeModel(this.core, snapshot);
		publish({ phase: "ready", model: { ...model, ...this.shown(model.unsent.some((one) => one.refused)) } });
		// a timer of more than 24 days would fire at once
		this.replanIn(Math.min(Math.max(model.plan.good_until_ms - Date.now(), 1000), 86_400_000));
	}

	/** A refusal is a problem until it has been read, whatever the network does. */
	private shown(refused: boolean): Status {
		return refused && this.status.sync === "online" ? { ...this.status, sync: "problem", problem: "refused" } : this.status;
	}

	private say(status: Partial<Status>): void {
		this.status = { ...this.status, problem: undefined, ...status };
		const { model } = current();
		if (model && !this.over)
			publish({ phase: "ready", model: { ...model, problem: undefined, ...this.shown(model.unsent.some((one) => one.refused)) } });
	}

	/** Soon; at once when something has changed outside that makes success likely. */
	private poke(fresh: boolean): void {
		if (fresh) {
			this.failures = 0;
			this.beatWanted = true;
		}
		void this.syncNow();
	}

	private syncNow(): Promise<void> {
		if (this.running) {
			this.again = true;
			return this.running.then(() => this.running);
		}
		clearTimeout(this.timer);
		this.running = this.round().finally(() => {
			this.running = undefined;
			if (this.again) {
				this.again = false;
				void this.syncNow();
			}
		});
		return this.running;
	}

	private async round(): Promise<void> {
		if (this.over) return;
		let wait = everyMs;
		try {
			await unlessBusy(`kith-sync-${this.store.name}`, () => this.exchange());
			this.failures = 0;
		} catch (e) {
			wait = await this.failed(e);
		}
		if (!this.over)
			this.timer = window.setTimeout(() => {
				// nobody looks: wait for the page to become visible
				if (!document.hidden) void this.syncNow();
			}, wait);
	}

	private async exchange(): Promise<void> {
		const quiet = !this.beatWanted && Date.now() - this.beatAt < beatEveryMs;
		this.beatWanted = false;
		const before = await this.cursors();
		let problem: SyncError | undefined;
		for (const outbox of this.outboxes.values())
			try {
				await this.sendOf(outbox, quiet);
			} catch (e) {
				// what is wrong with a further event does not keep the others from going on
				if (!(e instanceof SyncError) || e.what !== "problem" || outbox.store === this.store) throw e;
				// one that was parted from this list elsewhere: the log tells
				if (e.detail !== "not-found") problem ??= e;
			}
		if (!quiet) this.beatAt = Date.now();
		// a code that cannot be looked up now does not keep the log from coming
		await this.resolveCodes().catch((e: unknown) => {
			if (!(e instanceof SyncError) || !["busy", "problem"].includes(e.what)) throw e;
		});
		const after = await this.cursors();
		const log = await fetchLog(this.store);
		if (log || after !== before) this.stale = true;
		if (this.stale) {
			await this.learnAliases();
			this.stale = false;
			await this.changed();
		}
		this.say({ sync: problem ? "problem" : "online", problem: problem?.detail, lastSync_ms: Date.now() });
		if (log) await this.sayZone(log);
		if (Date.now() - this.accountRead > accountEveryMs) await this.readAccount();
		// who is busy has a wait of its own
		if (problem && problem.detail !== "busy") throw problem;
	}

	/** What a busy server asks of a further event's outbox holds for that one alone. */
	private async sendOf(outbox: Outbox, quiet: boolean): Promise<void> {
		const { store, heard, rests_until = 0 } = outbox;
		const busy = new SyncError("problem", "busy");
		if (Date.now() < rests_until) throw busy;
		try {
			await send(store, this.hasher, this.clock, heard, quiet || store !== this.store);
		} catch (e) {
			if (!(e instanceof SyncError) || e.what !== "busy" || store === this.store) throw e;
			outbox.rests_until = Date.now() + e.wait_ms;
			throw busy;
		}
	}

	/** How long to wait after it. */
	private async failed(e: unknown): Promise<number> {
		this.failures += 1;
		const backoff = Math.min(mostWaitMs, 1000 * 2 ** Math.min(this.failures, 6)) * (0.5 + Math.random() / 2);
		if (!(e instanceof SyncError)) {
			this.say({ sync: "problem", problem: "internal" });
			return backoff;
		}
		switch (e.what) {
			case "signed-out":
				await this.leave("locked");
				return backoff;
			case "revoked":
				await this.leave("wiped");
				return backoff;
			case "other-person":
				await this.makeWay();
				return backoff;
			case "offline":
				this.say({ sync: "offline" });
				return backoff;
			case "busy":
				this.say({ sync: "problem", problem: "busy" });
				return Math.max(backoff, e.wait_ms);
			default:
				this.say({ sync: "problem", problem: e.detail });
				return backoff;
		}
	}

	private async readAccount(): Promise<void> {
		const here = current().model?.me.event ?? this.store.event;
		const account = await fetchAccount(this.outboxes.get(here)?.store ?? this.store);
		const had = await this.store.get("account");
		this.accountRead = Date.now();
		if (JSON.stringify(account) === JSON.stringify(had)) return;
		await this.store.set("account", account);
		await this.changed();
	}

	/** The server plans by the zone that the phone is in. */
	private async sayZone(log: Log): Promise<void> {
		const zone = -new Date().getTimezoneOffset();
		const value = String(zone);
		const { model } = current();
		if (log.zone_min === zone || model?.settings["zone"] === value) return;
		const after = model?.settingAfter["zone"];
		// at each event, since each of its logs is planned by it
		await this.write(
			mineOf(log).map(({ me, event }) => ({
				kind: "setting",
				event: event.event,
				payload: { owner: me, name: "zone", value, ...(after ? { after } : {}) },
			})),
		);
	}

	/** A badge id that this phone wrote, and whose it was found to be. */
	private async learnAliases(): Promise<void> {
		const { entries, log, aliases } = await this.snapshot();
		const mine = new Map(entries.filter((one) => one.kind === "meeting").map((one) => [one.id, one.payload]));
		let learned = false;
		for (const row of log.rows) {
			const payload = row.kind === "meeting" && row.other ? mine.get(row.entry) : undefined;
			if (!payload || !row.other) continue;
			const { b } = JSON.parse(payload) as { b: string };
			if (b === row.other || aliases[b] === row.other) continue;
			aliases[b] = row.other;
			learned = true;
		}
		if (learned) await this.store.set("aliases", aliases);
	}

	private async hold(code: string, at_ms: number): Promise<void> {
		await this.store.change("codes", (had) => [
			...(had ?? []).filter((one) => one.code !== code),
			{ code, at_ms, entry: entryId(), event: current().model?.me.event },
		]);
		await this.changed();
		this.poke(false);
	}

	/** Codes that waited for a network become meetings of the time at which they were typed. */
	private async resolveCodes(): Promise<void> {
		const codes = (await this.store.get("codes")) ?? [];
		for (const { code, at_ms, entry, event } of codes.filter((one) => !one.unknown)) {
			const store = this.outboxes.get(event ?? this.store.event)?.store ?? this.store;
			const me = store.name.replace(/^\d+-/, "");
			const id = await lookUpCode(code, event);
			// its id was given with the code: ended in between, it is still written once
			if (id && id !== me && !(await store.has(entry))) {
				const payload = JSON.stringify({ a: me, b: id, by: "badge" });
				await store.append(this.hasher, [{ id: entry, kind: "meeting", payload, stamp: this.clock.at(at_ms) }]);
				this.again = true;
			}
			await this.store.change("codes", (had) =>
				(had ?? []).flatMap((one) => (one.entry !== entry ? [one] : id ? [] : [{ ...one, unknown: true }])),
			);
			await this.changed();
		}
	}

	/** How far the server holds each outbox. */
	private async cursors(): Promise<string> {
		return (await Promise.all(this.stores().map((store) => store.head()))).map((head) => head.cursor).join(" ");
	}

	private async unsentCount(): Promise<number> {
		const all = await Promise.all(this.stores().map((store) => store.unsent()));
		const codes = (await this.store.get("codes")) ?? [];
		return all.reduce((sum, one) => sum + one, 0) + codes.filter((one) => !one.unknown).length;
	}

	private async signOut(how?: "lose"): Promise<void> {
		const unsent = (await this.unsentCount()) + countOf(await this.away());
		if (unsent > 0 && how !== "lose") throw new UnsentError(unsent);
		// the session's cookie is the server's to take back: at the next chance, before all else
		if (!(await endSession())) setSignoutDue(true);
		await this.leave("wiped");
	}

	/** Signed out: nothing private stays, but what its owner has not sent yet, when locked. */
	private async leave(how: "locked" | "wiped"): Promise<void> {
		const unsent = await this.unsentCount();
		const left = unsent + countOf(await this.away());
		this.end();
		if (how === "locked" && left > 0) localStorage.setItem(leftBehind, String(left));
		if (how === "locked" && unsent > 0) {
			await this.store.forgetDownload();
			this.store.close();
		} else {
			await this.store.wipe();
		}
		for (const store of this.stores())
			if (store !== this.store) await (how === "locked" ? store.putAway() : store.wipe());
		if (how === "wiped") await wipeFurther(this.store.name);
		setCurrentAccount(null);
		localStorage.removeItem(chosenEvent);
		this.channel.postMessage("over");
		publish({ phase: "signed-out" });
	}

	/** The session is another person's: theirs is shown, this one's is put away. */
	private async makeWay(): Promise<void> {
		await this.leave("locked");
		location.reload();
	}

	private end(): void {
		this.over = true;
		clearTimeout(this.timer);
		clearTimeout(this.replanAt);
	}

	private async unsentFile(): Promise<Blob> {
		const unsentOf = async (store: Store): Promise<object> => {
			const head = await store.head();
			const entries = (await store.all()).filter((one) => one.seq > head.cursor);
			return { account: store.name, store_id: head.store_id, entries: entries.map(({ refused: _, ...entry }) => entry) };
		};
		const [first, ...open] = await Promise.all(this.stores().map(unsentOf));
		const others = [...open, ...(await this.ofAway(unsentOf))];
		const file = {
			format: "kith-unsent-1",
			...first,
			...(others.length > 0 ? { others } : {}),
			codes: (await this.store.get("codes")) ?? [],
		};
		return new Blob([JSON.stringify(file, null, "\t")], { type: "application/json" });
	}
}

/** Badge ids that are known people's: by what the log says, and by what this phone found out. */
const aliasesOf = (log: Log, learned: Record<string, string> = {}): Record<string, string> => ({
	...learned,
	...Object.fromEntries((log.badges ?? []).map(({ badge, key }) => [badge, key])),
});

/** Whose log it is, from now on. */
async function adopt(log: Log, etag: string): Promise<Store> {
	const name = accountName(log);
	const store = await Store.open(name);
	await store.set("download", { etag, log, at_ms: Date.now() });
	setCurrentAccount(name);
	localStorage.removeItem(leftBehind);
	return store;
}

async function openStore(): Promise<Store | undefined> {
	const name = currentAccount();
	if (name && (await Store.exists(name))) {
		const store = await Store.open(name);
		if (await store.get("download")) return store;
		store.close();
	}
	if (signoutDue()) {
		if (!(await endSession())) return undefined;
		setSignoutDue(false);
	}
	try {
		const { log, etag } = await fetchFirst();
		return await adopt(log, etag);
	} catch (e) {
		if (e instanceof SyncError) return undefined;
		throw e;
	}
}

/** Open what is here, or what the server says; then keep going. */
export async function start(): Promise<void> {
	const [core, store] = await Promise.all([loadCore(), alone("kith-start", openStore)]);
	if (!store) {
		publish({ phase: "signed-out" });
		return;
	}
	await new Station(store, core, hasherOf(core), new Clock()).begin();
}
