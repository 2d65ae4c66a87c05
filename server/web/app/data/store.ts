// What rests on this phone: one IndexedDB database per account ("kith-EVENT-ID"), never shared and
// deleted at sign-out. Its outbox is one stream (docs/sync-protocol.md); next to it lies the last
// download of the owner's log.
import { fromB64, randomId, toB64 } from "./bytes";
import type { Hasher } from "./chain";
import type { Stamp } from "./clock";
import { complete, done, openDatabase } from "./idb";
import type { Log } from "./log";
import type { Account, EntryKind, PendingCode } from "./types";

export interface StoredEntry extends Stamp {
	seq: number;
	id: string;
	kind: EntryKind;
	/** The JSON's exact text: its bytes are what is hashed. */
	payload: string;
	hash: string;
	/** The server holds it without effect, for this reason. */
	refused?: string;
}

export interface Head {
	store_id: string;
	/** Of the newest entry; 0 and zeros at the start. */
	seq: number;
	hash: string;
	/** Entries up to here are pruned; the hash of the last of them. */
	base_seq: number;
	base_hash: string;
	/** What the server durably holds. */
	cursor: number;
	safe: number;
}

export interface Download {
	etag: string;
	log: Log;
	at_ms: number;
}

interface Parts {
	head: Head;
	download: Download;
	account: Account;
	codes: PendingCode[];
	/** Badge ids that turned out to be an attendee's. */
	aliases: Record<string, string>;
}

export interface NewEntry {
	id: string;
	kind: EntryKind;
	payload: string;
	stamp: Stamp;
}

export const zeroHash = toB64(new Uint8Array(32));
const strict = { durability: "strict" } as const;
const current = "kith-current";
/** kith-further-NAME: that outbox is of a further event of this account, which is called so. */
const further = "kith-further-";

const newHead = (): Head => ({
	store_id: randomId(),
	seq: 0,
	hash: zeroHash,
	base_seq: 0,
	base_hash: zeroHash,
	cursor: 0,
	safe: 0,
});

/** Whose data the app shows: "EVENT-ID", or none. */
export const currentAccount = (): string | null => localStorage.getItem(current);
export function setCurrentAccount(name: string | null): void {
	if (name) localStorage.setItem(current, name);
	else localStorage.removeItem(current);
}

/** One at a time among all tabs; without the API (an old browser) the writer's own check remains. */
export async function alone<T>(name: string, task: () => Promise<T>): Promise<T> {
	if (!navigator.locks) return task();
	return (await navigator.locks.request(name, task)) as T;
}

/** As alone, but undefined at once when another tab is at it. */
export async function unlessBusy<T>(name: string, task: () => Promise<T>): Promise<T | undefined> {
	if (!navigator.locks) return task();
	return (await navigator.locks.request(name, { ifAvailable: true }, async (lock) =>
		lock ? task() : undefined,
	)) as T | undefined;
}

/** The download says all that this entry does. */
function isElsewhere({ id, kind, payload, refused }: StoredEntry, had: Set<string>, gone: Set<string>): boolean {
	if (refused !== undefined) return refused.startsWith("-");
	return kind === "retract" ? gone.has((JSON.parse(payload) as { of: string }).of) : had.has(id);
}

/** The outboxes of an account's further events, also of those that left its list: the name of each, and its event's. */
export const furtherOf = (account: string): [string, string][] =>
	Object.entries(localStorage).flatMap(([key, said]) =>
		key.startsWith(further) && said.startsWith(`${account} `) ? [[key.slice(further.length), said.slice(account.length + 1)]] : [],
	);

/** They go with their account; those of other people wait on. */
export async function wipeFurther(account: string): Promise<void> {
	for (const [name] of furtherOf(account)) {
		await done(indexedDB.deleteDatabase(`kith-${name}`));
		localStorage.removeItem(further + name);
	}
}

export class Store {
	private constructor(
		readonly name: string,
		readonly event: number,
		private db: IDBDatabase,
		private main?: Store,
	) {}

	/** Whose download this is part of: of a further event's outbox the account's own store. */
	get home(): Store {
		return this.main ?? this;
	}

	/** Of a further event: the store of its account, and what the event is called. */
	static async open(name: string, home?: Store, title = ""): Promise<Store> {
		const db = await openDatabase(`kith-${name}`, 1, ({ result }) => {
			result.createObjectStore("entries", { keyPath: "seq" }).createIndex("id", "id", { unique: true });
			result.createObjectStore("parts").put(newHead(), "head");
		});
		// another tab signs out: let go at once
		db.onversionchange = () => db.close();
		if (home) localStorage.setItem(further + name, `${home.name} ${title}`);
		else localStorage.removeItem(further + name);
		return new Store(name, Number(name.split("-", 1)[0]), db, home);
	}

	/** Whether there is one, without making one. */
	static async exists(name: string): Promise<boolean> {
		let there = true;
		const db = await openDatabase(`kith-${name}`, undefined, ({ transaction }, old) => {
			there = old > 0;
			if (!there) transaction?.abort();
		}).catch(() => undefined);
		db?.close();
		return there && db !== undefined;
	}

	close(): void {
		this.db.close();
	}

	async wipe(): Promise<void> {
		this.db.close();
		await done(indexedDB.deleteDatabase(`kith-${this.name}`));
		localStorage.removeItem(further + this.name);
	}

	/** What was sent is the server's to keep; what was not waits for its owner's return. */
	async putAway(): Promise<void> {
		if ((await this.unsent()) === 0) return this.wipe();
		this.close();
	}

	private read(store: "entries" | "parts"): IDBObjectStore {
		return this.db.transaction(store).objectStore(store);
	}

	private write(how: IDBTransactionOptions = strict): { tx: IDBTransaction; entries: IDBObjectStore; parts: IDBObjectStore } {
		const tx = this.db.transaction(["entries", "parts"], "readwrite", how);
		return { tx, entries: tx.objectStore("entries"), parts: tx.objectStore("parts") };
	}

	async get<K extends keyof Parts>(part: K): Promise<Parts[K] | undefined> {
		return (await done(this.read("parts").get(part))) as Parts[K] | undefined;
	}

	async set<K extends keyof Parts>(part: K, value: Parts[K] | undefined): Promise<void> {
		const { tx, parts } = this.write({});
		if (value === undefined) parts.delete(part);
		else parts.put(value, part);
		await complete(tx);
	}

	/** What is there, replaced at one go: nobody writes in between. */
	async change<K extends keyof Parts>(part: K, to: (had: Parts[K] | undefined) => Parts[K]): Promise<void> {
		const { tx, parts } = this.write();
		parts.put(to((await done(parts.get(part))) as Parts[K] | undefined), part);
		await complete(tx);
	}

	async head(): Promise<Head> {
		return (await this.get("head")) ?? newHead();
	}

	async unsent(): Promise<number> {
		const head = await this.head();
		return Math.max(0, head.seq - head.cursor);
	}

	all(): Promise<StoredEntry[]> {
		return done(this.read("entries").getAll());
	}

	async has(id: string): Promise<boolean> {
		return (await done(this.read("entries").index("id").getKey(id))) !== undefined;
	}

	from(seq: number, most: number): Promise<StoredEntry[]> {
		return done(this.read("entries").getAll(IDBKeyRange.lowerBound(seq), most));
	}

	/** Of the entry at seq, of the base, of nothing; undefined: not known here. */
	async hashAt(seq: number): Promise<string | undefined> {
		const head = await this.head();
		if (seq === 0 && head.base_seq === 0) return zeroHash;
		if (seq === head.base_seq) return head.base_hash;
		return ((await done(this.read("entries").get(seq))) as StoredEntry | undefined)?.hash;
	}

	/** Add to the stream, all or none; resolves when it is on the disk. */
	append(hasher: Hasher, news: NewEntry[]): Promise<void> {
		return alone(`kith-stream-${this.name}`, async () => {
			for (;;) {
				const head = await this.head();
				const chained = await this.chain(hasher, head, news);
				const last = chained[chained.length - 1];
				if (!last) return;
				const { tx, entries, parts } = this.write();
				const now = (await done(parts.get("head"))) as Head;
				// hashing needed time in which, without locks, another tab may have written
				if (now.seq !== head.seq || now.store_id !== head.store_id) {
					await complete(tx);
					continue;
				}
				for (const entry of chained) entries.add(entry);
				parts.put({ ...now, seq: last.seq, hash: last.hash }, "head");
				await complete(tx);
				return;
			}
		});
	}

	private async chain(hasher: Hasher, head: Head, news: NewEntry[]): Promise<StoredEntry[]> {
		const out: StoredEntry[] = [];
		let { seq, hash } = head;
		for (const { id, kind, payload, stamp } of news) {
			const entry = { seq: ++seq, id, kind, payload, ...stamp };
			hash = toB64(await hasher({ ...entry, store_id: head.store_id, event: this.event, prev: fromB64(hash) }));
			out.push({ ...entry, hash });
		}
		return out;
	}

	/**
	 * What the server said that it holds. Prunes what a backup covers, up to the first entry that would
	 * be missed: one that the last download has not, or a refusal that nobody has read.
	 */
	async held(cursor: number, safe: number, refusals: { id: string; reason: string }[]): Promise<void> {
		const other = this.main && (await this.main.get("download"));
		const { tx, entries, parts } = this.write();
		const head = (await done(parts.get("head"))) as Head;
		for (const { id, reason } of refusals) {
			const entry = (await done(entries.index("id").get(id))) as StoredEntry | undefined;
			// told again after a restart: what was read stays read
			if (entry && entry.refused === undefined) entries.put({ ...entry, refused: reason });
		}
		let upTo = Math.min(safe, cursor);
		if (upTo > head.base_seq) {
			const download = other ?? ((await done(parts.get("download"))) as Download | undefined);
			const gone = new Set(download?.log.gone);
			const had = new Set([...gone, ...(download?.log.rows ?? []).map((row) => row.entry)]);
			const missed = ((await done(entries.getAll(IDBKeyRange.upperBound(upTo)))) as StoredEntry[]).find((one) => !isElsewhere(one, had, gone));
			if (missed) upTo = missed.seq - 1;
		}
		const base = upTo > head.base_seq ? ((await done(entries.get(upTo))) as StoredEntry | undefined) : undefined;
		if (base) entries.delete(IDBKeyRange.upperBound(upTo));
		parts.put(
			{
				...head,
				cursor,
				safe,
				...(base ? { base_seq: upTo, base_hash: base.hash } : {}),
			},
			"head",
		);
		await complete(tx);
	}

	/** The stream's past is not what the server holds: everything here in a new one, same ids. */
	fork(hasher: Hasher): Promise<void> {
		return alone(`kith-stream-${this.name}`, async () => {
			const kept = await this.all();
			const before = await this.head();
			const head = newHead();
			const chained = await this.chain(
				hasher,
				head,
				kept.map(({ id, kind, payload, boot_id, boot_ms, wall_ms, quality }) => ({
					id,
					kind,
					payload,
					stamp: { boot_id, boot_ms, wall_ms, quality },
				})),
			);
			const last = chained[chained.length - 1];
			const { tx, entries, parts } = this.write();
			const now = (await done(parts.get("head"))) as Head;
			if (now.seq === before.seq && now.store_id === before.store_id) {
				entries.clear();
				for (const entry of chained) entries.add(entry);
				parts.put({ ...head, ...(last ? { seq: last.seq, hash: last.hash } : {}) }, "head");
			}
			await complete(tx);
		});
	}

	/** A refusal has been read and understood. */
	async dismiss(id: string): Promise<void> {
		const { tx, entries } = this.write({});
		const entry = (await done(entries.index("id").get(id))) as StoredEntry | undefined;
		if (entry) entries.put({ ...entry, refused: `-${entry.refused ?? ""}` });
		await complete(tx);
	}

	/** Signed out from elsewhere with something unsent: only that stays, for its owner's return. */
	async forgetDownload(): Promise<void> {
		const { tx, parts } = this.write();
		for (const part of ["download", "account", "aliases"]) parts.delete(part);
		await complete(tx);
	}
}
