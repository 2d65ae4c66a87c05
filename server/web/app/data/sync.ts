// The station's half of docs/sync-protocol.md, with a session cookie instead of a signature: send
// from the cursor on, follow what the server says that it holds, up and down. Then fetch the log.
import type { Hasher } from "./chain";
import type { Clock } from "./clock";
import type { Log } from "./log";
import { type Head, type Store, type StoredEntry, currentAccount } from "./store";
import type { Account } from "./types";

/** What stopped an exchange. wait_ms: the server asked for that much patience. */
export class SyncError extends Error {
	constructor(
		readonly what: "offline" | "signed-out" | "revoked" | "other-person" | "busy" | "problem",
		readonly detail = "",
		readonly wait_ms = 0,
	) {
		super(what);
	}
}

/** Of the refusals up to where this phone has heard, in the server's present numbering. */
export interface Heard {
	timeline: string;
	refusal_seq: number;
}

interface Reply {
	status: "ok" | "gap" | "fork";
	timeline: string;
	durable_seq: number;
	durable_hash: string;
	safe_seq: number;
	server_ms: number;
	refusals: { id: string; reason: string }[];
	refusal_seq: number;
}

const mostEntries = 200;
const mostBytes = 240 * 1024; // of 256 KiB, with room for the batch's own members
const mostRounds = 1000;

export const accountName = (log: Log): string => `${log.event.event}-${log.me}`;

/** A server that is silent for this long is as good as none. */
const patience_ms = 20_000;

interface Answer {
	status: number;
	headers: Headers;
	text: string;
}

/** The body; each part of it earns new patience. */
async function textOf({ body }: Response, renew: () => void): Promise<string> {
	const reader = body?.getReader();
	const decoder = new TextDecoder();
	let text = "";
	for (;;) {
		renew();
		const part = await reader?.read();
		text += decoder.decode(part?.value, { stream: true });
		if (!part || part.done) return text + decoder.decode();
	}
}

async function fetched(path: string, init: RequestInit): Promise<Answer> {
	const stop = new AbortController();
	let timer: number | undefined;
	const renew = (): void => {
		clearTimeout(timer);
		timer = window.setTimeout(() => stop.abort(), patience_ms);
	};
	renew();
	try {
		const response = await fetch(path, { cache: "no-store", signal: stop.signal, ...init });
		return { status: response.status, headers: response.headers, text: await textOf(response, renew) };
	} catch {
		throw new SyncError("offline");
	} finally {
		clearTimeout(timer);
	}
}

function readJson<T>({ text }: Answer): T {
	try {
		return JSON.parse(text) as T;
	} catch {
		throw new SyncError("problem", "malformed");
	}
}

interface Refusal {
	wipe?: boolean;
	error?: { code?: string };
}

function refusalOf({ text }: Answer): Refusal {
	try {
		return (JSON.parse(text) ?? {}) as Refusal;
	} catch {
		return {}; // a gateway's page
	}
}

async function ask(path: string, init: RequestInit = {}): Promise<Answer> {
	const answer = await fetched(path, init);
	const { status } = answer;
	if ((status >= 200 && status < 300) || status === 304) return answer;
	const body = refusalOf(answer);
	const wait = Number(answer.headers.get("Retry-After")) * 1000 || 0;
	switch (status) {
		case 401:
			throw new SyncError("signed-out");
		case 403:
			throw new SyncError(body.wipe ? "revoked" : "problem", body.error?.code ?? "forbidden");
		case 429:
		case 503:
			throw new SyncError("busy", "", wait || 10_000);
		case 502:
		case 504:
			throw new SyncError("offline");
		default:
			throw new SyncError("problem", body.error?.code ?? String(status));
	}
}

const post = (path: string, body: string, headers: Record<string, string> = {}): Promise<Answer> =>
	ask(path, { method: "POST", headers: { "Content-Type": "application/json", ...headers }, body });

/** As whom one asks: the session's own event needs no word. */
const at = (store: Store): string => (store === store.home ? "" : `?event=${store.event}`);

const ownerOf = (store: Store): string => store.name.slice(store.name.indexOf("-") + 1);

function batchOf(
	store: Store,
	head: Head,
	prev: string,
	from: number,
	entries: StoredEntry[],
	clock: Clock,
	heard: Heard,
): string {
	return JSON.stringify({
		store_id: head.store_id,
		event: store.event,
		from_seq: from,
		prev_hash: prev,
		...clock.now(),
		refusal_seq: heard.refusal_seq,
		pending: Math.max(0, head.seq - (from - 1) - entries.length),
		entries: entries.map(({ refused: _, ...entry }) => entry),
	});
}

/** As many of the entries as one batch takes; at least one, however long. */
function fitting(entries: StoredEntry[], most: number): StoredEntry[] {
	let bytes = 0;
	const fits = entries.slice(0, most).findIndex((entry) => {
		bytes += 2 * entry.payload.length + 400;
		return bytes > mostBytes;
	});
	return fits < 0 ? entries.slice(0, most) : entries.slice(0, Math.max(1, fits));
}

/**
 * Send everything. Also an empty batch is sent, as a sign of life, unless quiet; but no stream is
 * begun for that alone, since the server gives a person only so many.
 */
export async function send(store: Store, hasher: Hasher, clock: Clock, heard: Heard, quiet: boolean): Promise<void> {
	let most = mostEntries;
	let forks = 0;
	for (let round = 0; round < mostRounds; round++) {
		const head = await store.head();
		if (head.cursor >= head.seq && (round > 0 || quiet || head.seq === 0)) break;
		const prev = await store.hashAt(head.cursor);
		if (prev === undefined) {
			await store.fork(hasher);
			continue;
		}
		const from = head.cursor + 1;
		const entries = fitting(await store.from(from, most), most);
		if (currentAccount() !== store.home.name) throw new SyncError("other-person");
		let reply: Reply;
		try {
			const batch = batchOf(store, head, prev, from, entries, clock, heard);
			reply = readJson<Reply>(await post(`/v1/streams/${head.store_id}${at(store)}`, batch, { "Kith-Owner": ownerOf(store) }));
		} catch (e) {
			if (e instanceof SyncError && e.detail === "too-large" && most > 1) {
				most = Math.max(1, Math.floor(entries.length / 2));
				continue;
			}
			// somebody else is signed in by now, which the log tells; or the stream is somebody else's
			if (e instanceof SyncError && e.detail === "forbidden" && ++forks === 1) {
				await fetchLog(store.home);
				await store.fork(hasher);
				continue;
			}
			throw e;
		}
		heard.refusal_seq = reply.refusal_seq ?? 0;
		if (heard.timeline !== reply.timeline) {
			// a restored server numbers anew: from the start, with the next request
			if (heard.timeline) heard.refusal_seq = 0;
			heard.timeline = reply.timeline;
		}
		const own = await store.hashAt(reply.durable_seq);
		if (reply.status === "fork" || own !== reply.durable_hash) {
			if (++forks > 2) throw new SyncError("problem", "fork");
			await store.fork(hasher);
			continue;
		}
		await store.held(reply.durable_seq, reply.safe_seq, reply.refusals ?? []);
		// the server took nothing of what stood right after its end: asking again would be for ever
		if (entries.length > 0 && reply.status === "ok" && reply.durable_seq < from)
			throw new SyncError("problem", "stuck");
	}
}

/** The owner's log, where it changed. "other-person": the session is not of this account. */
export async function fetchLog(store: Store): Promise<Log | undefined> {
	const had = await store.get("download");
	const response = await ask("/v1/me/log", { headers: had ? { "If-None-Match": had.etag } : {} });
	if (response.status === 304) {
		if (had) await store.set("download", { ...had, at_ms: Date.now() });
		return undefined;
	}
	const log = readJson<Log>(response);
	if (accountName(log) !== store.name) throw new SyncError("other-person", accountName(log));
	await store.set("download", {
		etag: response.headers.get("ETag") ?? "",
		log,
		at_ms: Date.now(),
	});
	return log;
}

/** Who is signed in here, with their log: for a phone that has no account yet. */
export const fetchFirst = async (): Promise<{ log: Log; etag: string }> => {
	const response = await ask("/v1/me/log");
	return { log: readJson<Log>(response), etag: response.headers.get("ETag") ?? "" };
};

export async function fetchAccount(store: Store): Promise<Account> {
	const account = readJson<Account>(await ask(`/v1/me${at(store)}`));
	if (account.id !== ownerOf(store)) throw new SyncError("other-person");
	return account;
}

/** Short code to badge id; undefined: nobody has it. */
export async function lookUpCode(code: string, event: number | undefined): Promise<string | undefined> {
	try {
		return readJson<{ id: string }>(await post(event ? `/v1/codes?event=${event}` : "/v1/codes", JSON.stringify({ code }))).id;
	} catch (e) {
		if (e instanceof SyncError && (e.detail === "not-found" || e.detail === "404")) return undefined;
		throw e;
	}
}

/** Whether the server has ended the session; a gateway in front of it, whatever it says, has not. */
export async function endSession(): Promise<boolean> {
	try {
		return (await post("/v1/signout", "{}")).status === 204;
	} catch (e) {
		return e instanceof SyncError && e.what === "signed-out";
	}
}
