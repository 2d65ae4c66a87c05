// The core on the phone: Kith's own card reader, links, entry bytes and follow-up rules, the same C that
// server and kiosk run, as WebAssembly (core/wasm). Each call is synchronous, starts from nothing and
// keeps nothing.
import wasmUrl from "@core/kith.wasm";
import { Packer } from "./packed";
import { type PlanAnswer, type PlanInput, packPlan } from "./plan";

export type * from "./plan";

/** A card of any format, as `kith-badge card` prints it. Texts are empty where nothing was given. */
export interface Card {
	file: "";
	index: number;
	name: string;
	organization: string;
	title: string;
	emails: string[];
	phones: string[];
	urls: string[];
	notes: string[];
	uid: string;
}

export interface CardFields {
	name: string;
	organization?: string;
	title?: string;
	uid?: string;
	emails?: readonly string[];
	phones?: readonly string[];
	urls?: readonly string[];
}

/** What a text is: "none" is no link at all, "other" a link that is none of ours or damaged. */
export type Link =
	| { kind: "none" }
	| { kind: "other"; host: string }
	| { kind: "badge"; host: string; id: string; signed: boolean }
	| { kind: "ticket"; host: string; code: string }
	| { kind: "pair"; host: string; token: string };

export const qualities = ["unset", "restored", "ntp", "server"] as const;

/** What an entry's hash covers, as in docs/sync-protocol.md. */
export interface EntryHeader {
	/** 32 bytes; zeros for seq 1. */
	prev_hash: Uint8Array;
	store_id: string;
	seq: number;
	id: string;
	event: number;
	kind: string;
	boot_id: string;
	boot_ms: number;
	wall_ms: number;
	quality: (typeof qualities)[number];
	sealed?: boolean;
	/** Of the payload's UTF-8 bytes. */
	payload_length: number;
	/** SHA-256 of the payload's bytes, 32 of them. */
	payload_hash: Uint8Array;
}

/** The input was refused. `code` names why, as in the API's errors; the text is English. */
export class CoreError extends Error {
	constructor(
		readonly code: string,
		message: string,
	) {
		super(message);
		this.name = "CoreError";
	}
}

export interface Core {
	/** Every card in a file or code: vCard 2.1 to 4.0, MECARD, BIZCARD, MEMORY. Throws CoreError when there is none. */
	readCards(bytes: Uint8Array | string): Card[];
	/** The first card of a file or code as vCard 3.0, without pictures and what Kith does not read. */
	convertCard(bytes: Uint8Array | string): string;
	/** A vCard 3.0, as for the QR code of one's own card. */
	writeCard(card: CardFields): string;
	readLink(text: string): Link;
	/** The 160 bytes under an entry's hash. */
	canonical(entry: EntryHeader): Uint8Array;
	/** The owner's queue, people, goals and loops: what the server would plan from the same facts. */
	plan(input: PlanInput): PlanAnswer;
	/** Bytes of memory that the module holds. */
	memory(): number;
}

/** The codes of core/base/err.h, in its order. */
const codes = [
	"none",
	"malformed",
	"usage",
	"unauthenticated",
	"forbidden",
	"not-found",
	"conflict",
	"gone",
	"too-large",
	"unsupported",
	"too-many",
	"unavailable",
	"timeout",
	"full",
	"io",
	"internal",
];

type Call =
	| "kith_card_read"
	| "kith_card_convert"
	| "kith_card_write"
	| "kith_link_read"
	| "kith_entry_canonical"
	| "kith_plan";
type Exports = Record<Call, (pointer: number, length: number) => number> & {
	memory: WebAssembly.Memory;
	__stack_pointer: WebAssembly.Global<"i32">;
	kith_reset(): void;
	kith_alloc(length: number): number;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** iconv's names of character sets, where a browser's differ (WHATWG Encoding 4.2). */
const labels: Record<string, string> = {
	CP874: "windows-874",
	CP932: "shift_jis",
	"EUC-JP-MS": "euc-jp",
	UHC: "euc-kr",
};

/** What decoders make of bytes that are no character of these sets: then nothing is of the set, as with iconv. */
const unassigned: [RegExp, RegExp][] = [
	[/^(CP|UHC)/, /[\x80-\x9f]/],
	[/^(CP874|UHC|BIG5)/, /[\ue000-\uf8ff]/],
];

function decodeSet(name: string, bytes: Uint8Array): string | undefined {
	try {
		const text = new TextDecoder(labels[name] ?? name, { fatal: true, ignoreBOM: true }).decode(bytes);
		return unassigned.some(([set, wrong]) => set.test(name) && wrong.test(text)) ? undefined : text;
	} catch {
		return undefined;
	}
}

export class Module implements Core {
	#x: Exports;
	#stack: number;

	constructor(exports: Exports) {
		this.#x = exports;
		this.#stack = exports.__stack_pointer.value;
	}

	/** One call, bytes to bytes: a copy, since the next call may overwrite the module's memory. */
	ask(call: Call, input: Uint8Array): Uint8Array {
		const x = this.#x;
		x.kith_reset();
		const pointer = x.kith_alloc(input.length);
		if (!pointer) throw new CoreError("too-large", "no memory for the input");
		new Uint8Array(x.memory.buffer).set(input, pointer);
		let at: number;
		try {
			at = x[call](pointer, input.length);
		} catch (trap) {
			// memory ended, or our own mistake; the stack is where the trap left it
			x.__stack_pointer.value = this.#stack;
			throw new CoreError("internal", String(trap));
		}
		const view = new DataView(x.memory.buffer, at);
		const code = view.getUint32(0, true);
		const answer = new Uint8Array(x.memory.buffer, at + 8, view.getUint32(4, true)).slice();
		if (code !== 0) throw new CoreError(codes[code] ?? "internal", decoder.decode(answer));
		return answer;
	}

	#json<T>(call: Call, input: Uint8Array): T {
		return JSON.parse(decoder.decode(this.ask(call, input))) as T;
	}

	readCards(bytes: Uint8Array | string): Card[] {
		return this.#json("kith_card_read", typeof bytes === "string" ? encoder.encode(bytes) : bytes);
	}

	convertCard(bytes: Uint8Array | string): string {
		const input = typeof bytes === "string" ? encoder.encode(bytes) : bytes;
		return decoder.decode(this.ask("kith_card_convert", input));
	}

	writeCard(card: CardFields): string {
		const input = new Packer()
			.text(card.name)
			.text(card.organization ?? "")
			.text(card.title ?? "")
			.text(card.uid ?? "")
			.texts(card.emails ?? [])
			.texts(card.phones ?? [])
			.texts(card.urls ?? []);
		return decoder.decode(this.ask("kith_card_write", input.done()));
	}

	readLink(text: string): Link {
		return this.#json("kith_link_read", encoder.encode(text));
	}

	canonical(entry: EntryHeader): Uint8Array {
		const input = new Packer()
			.bytes(entry.prev_hash)
			.text(entry.store_id)
			.i64(entry.seq)
			.text(entry.id)
			.u32(entry.event)
			.text(entry.kind)
			.text(entry.boot_id)
			.i64(entry.boot_ms)
			.i64(entry.wall_ms)
			.u32(qualities.indexOf(entry.quality))
			.bool(entry.sealed ?? false)
			.u32(entry.payload_length)
			.bytes(entry.payload_hash);
		return this.ask("kith_entry_canonical", input.done());
	}

	plan(input: PlanInput): PlanAnswer {
		return this.#json("kith_plan", packPlan(input));
	}

	memory(): number {
		return this.#x.memory.buffer.byteLength;
	}
}

async function instantiate(source: BufferSource | undefined, imports: WebAssembly.Imports) {
	if (source) return (await WebAssembly.instantiate(source, imports)).instance;
	const url = new URL(wasmUrl, import.meta.url);
	const reply = await fetch(url);
	if (!reply.ok) throw new Error(`${url.pathname}: ${reply.status}`);
	return (await WebAssembly.instantiate(await reply.arrayBuffer(), imports)).instance;
}

async function load(source?: BufferSource): Promise<Module> {
	let x: Exports | undefined;
	/** core/wasm/charset_import.c says what it gives back. */
	const charset = (name: number, nameLength: number, bytes: number, length: number): number => {
		if (!x) return 0;
		const memory = new Uint8Array(x.memory.buffer);
		const label = decoder.decode(memory.slice(name, name + nameLength));
		const text = decodeSet(label, memory.slice(bytes, bytes + length));
		if (text === undefined) return 0;
		const utf8 = encoder.encode(text);
		const at = x.kith_alloc(4 + utf8.length);
		if (!at) return 0;
		new DataView(x.memory.buffer).setUint32(at, utf8.length, true);
		new Uint8Array(x.memory.buffer).set(utf8, at + 4);
		return at;
	};
	const instance = await instantiate(source, { kith: { charset } });
	x = instance.exports as unknown as Exports;
	return new Module(x);
}

let loaded: Promise<Core> | undefined;

/** One module for the page; after a failed load the next call tries again. */
export function loadCore(): Promise<Core> {
	loaded ??= load().catch((error) => {
		loaded = undefined;
		throw error;
	});
	return loaded;
}

/** A module of its own from these bytes: for tests, where no server answers fetch. */
export const loadCoreFrom = (wasm: BufferSource): Promise<Module> => load(wasm);
