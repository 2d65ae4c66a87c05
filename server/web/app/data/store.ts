// What rests on this phone: one IndexedDB database per account ("kith-EVENT-ID"), never shared and
// deleted at sign-out. Its outbox is one stream (docs/sync-protocol.md); next to it lies the last
// download of the owner's log.
import { type DBSchema, type IDBPDatabase, deleteDB, openDB } from "idb";
import { fromB64, randomId, toB64 } from "./bytes";
import type { Hasher } from "./chain";
import type { Stamp } from "./clock";
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

interface Schema extends DBSchema {
	entries: { key: number; value: StoredEntry; indexes: { id: string } };
	parts: { key: string; value: unknown };
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

export class Store {
	private constructor(
		readonly name: string,
		readonly event: number,
		private db: IDBPDatabase<Schema>,
		private main?: Store,
	) {}

	/** Whose download this is part of: of a further event's outbox the account's own store. */
	get home(): Store {
		return this.main ?? this;
	}

	static async open(name: string, home?: Store): Promise<Store> {
		const db = await openDB<Schema>(`kith-${name}`, 1, {
			upgrade(fresh) {
				fresh.createObjectStore("entries", { keyPath: "seq" }).createIndex("id", "id", { unique: true });
				fresh.createObjectStore("parts").put(newHead(), "head");
			},
			// another tab signs out: let go at once
			blocking: (_from, _to, event) => (event.target as IDBDatabase).close(),
		});
		return new Store(name, Number(name.split("-", 1)[0]), db, home);
	}

	/** Whether there is one, without making one. */
	static async exists(name: string): Promise<boolean> {
		let there = true;
		const db = await openDB(`kith-${name}`, undefined, {
			upgrade(_db, old, _new, tx) {
				there = old > 0;
				if (!there) tx.abort();
			},
		}).catch(() => undefined);
		db?.close();
		return there && db !== undefined;
	}

	close(): void {
		this.db.close();
	}

	async wipe(): Promise<void> {
		this.db.close();
		await deleteDB(`kith-${this.name}`);
	}

	async get<K extends keyof Parts>(part: K): Promise<Parts[K] | undefined> {
		return (await this.db.get("parts", part)) as Parts[K] | undefined;
	}

	async set<K extends keyof Parts>(part: K, value: Parts[K] | undefined): Promise<void> {
		if (value === undefined) await this.db.delete("parts", part);
		else await this.db.put("parts", value, part);
	}

	/** What is there, replaced at one go: nobody writes in between. */
	async change<K extends keyof Parts>(part: K, to: (had: Parts[K] | undefined) => Parts[K]): Promise<void> {
		const tx = this.db.transaction("parts", "readwrite", strict);
		await tx.store.put(to((await tx.store.get(part)) as Parts[K] | undefined), part);
		await tx.done;
	}

	async head(): Promise<Head> {
		return (await this.get("head")) ?? newHead();
	}

	all(): Promise<StoredEntry[]> {
		return this.db.getAll("entries");
	}

	async has(id: string): Promise<boolean> {
		return (await this.db.getKeyFromIndex("entries", "id", id)) !== undefined;
	}

	from(seq: number, most: number): Promise<StoredEntry[]> {
		return this.db.getAll("entries", IDBKeyRange.lowerBound(seq), most);
	}

	/** Of the entry at seq, of the base, of nothing; undefined: not known here. */
	async hashAt(seq: number): Promise<string | undefined> {
		const head = await this.head();
		if (seq === 0 && head.base_seq === 0) return zeroHash;
		if (seq === head.base_seq) return head.base_hash;
		return (await this.db.get("entries", seq))?.hash;
	}

	/** Add to the stream, all or none; resolves when it is on the disk. */
	append(hasher: Hasher, news: NewEntry[]): Promise<void> {
		return alone(`kith-stream-${this.name}`, async () => {
			for (;;) {
				const head = await this.head();
				const chained = await this.chain(hasher, head, news);
				const last = chained[chained.length - 1];
				if (!last) return;
				const tx = this.db.transaction(["entries", "parts"], "readwrite", strict);
				const now = (await tx.objectStore("parts").get("head")) as Head;
				// hashing needed time in which, without locks, another tab may have written
				if (now.seq !== head.seq || now.store_id !== head.store_id) {
					await tx.done;
					continue;
				}
				for (const entry of chained) void tx.objectStore("entries").add(entry);
				void tx.objectStore("parts").put({ ...now, seq: last.seq, hash: last.hash }, "head");
				await tx.done;
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
		const tx = this.db.transaction(["entries", "parts"], "readwrite", strict);
		const entries = tx.objectStore("entries");
		const head = (await tx.objectStore("parts").get("head")) as Head;
		for (const { id, reason } of refusals) {
			const entry = await entries.index("id").get(id);
			// told again after a restart: what was read stays read
			if (entry && entry.refused === undefined) await entries.put({ ...entry, refused: reason });
		}
		let upTo = Math.min(safe, cursor);
		if (upTo > head.base_seq) {
			const download = other ?? ((await tx.objectStore("parts").get("download")) as Download | undefined);
			const gone = new Set(download?.log.gone);
			const had = new Set([...gone, ...(download?.log.rows ?? []).map((row) => row.entry)]);
			const missed = (await entries.getAll(IDBKeyRange.upperBound(upTo))).find((one) => !isElsewhere(one, had, gone));
			if (missed) upTo = missed.seq - 1;
		}
		const base = upTo > head.base_seq ? await entries.get(upTo) : undefined;
		if (base) await entries.delete(IDBKeyRange.upperBound(upTo));
		await tx.objectStore("parts").put(
			{
				...head,
				cursor,
				safe,
				...(base ? { base_seq: upTo, base_hash: base.hash } : {}),
			},
			"head",
		);
		await tx.done;
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
			const tx = this.db.transaction(["entries", "parts"], "readwrite", strict);
			const now = (await tx.objectStore("parts").get("head")) as Head;
			if (now.seq === before.seq && now.store_id === before.store_id) {
				await tx.objectStore("entries").clear();
				for (const entry of chained) void tx.objectStore("entries").add(entry);
				void tx.objectStore("parts").put({ ...head, ...(last ? { seq: last.seq, hash: last.hash } : {}) }, "head");
			}
			await tx.done;
		});
	}

	/** A refusal has been read and understood. */
	async dismiss(id: string): Promise<void> {
		const tx = this.db.transaction("entries", "readwrite");
		const entry = await tx.store.index("id").get(id);
		if (entry) await tx.store.put({ ...entry, refused: `-${entry.refused ?? ""}` });
		await tx.done;
	}

	/** Signed out from elsewhere with something unsent: only that stays, for its owner's return. */
	async forgetDownload(): Promise<void> {
		const tx = this.db.transaction("parts", "readwrite", strict);
		for (const part of ["download", "account", "aliases"]) void tx.store.delete(part);
		await tx.done;
	}
}
