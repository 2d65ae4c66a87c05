// A WebAssembly module of core/wasm: how it is loaded and called. Each call is synchronous, starts
// from nothing and keeps nothing.

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

export type Exports = Record<string, (pointer: number, length: number) => number> & {
	memory: WebAssembly.Memory;
	__stack_pointer: WebAssembly.Global<"i32">;
	kith_reset(): void;
	kith_alloc(length: number): number;
};

export const encoder = new TextEncoder();
export const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
export const bytesOf = (bytes: Uint8Array | string): Uint8Array => (typeof bytes === "string" ? encoder.encode(bytes) : bytes);

export class Module {
	#x: Exports;
	#stack: number;

	constructor(exports: Exports) {
		this.#x = exports;
		this.#stack = exports.__stack_pointer.value;
	}

	/** One call, bytes to bytes: a copy, since the next call may overwrite the module's memory. */
	ask(call: string, input: Uint8Array): Uint8Array {
		const x = this.#x;
		x.kith_reset();
		const pointer = x.kith_alloc(input.length);
		if (!pointer) throw new CoreError("too-large", "no memory for the input");
		new Uint8Array(x.memory.buffer).set(input, pointer);
		let at: number;
		try {
			at = x[call]!(pointer, input.length);
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

	json<T>(call: string, input: Uint8Array): T {
		return JSON.parse(decoder.decode(this.ask(call, input))) as T;
	}

	/** Bytes of memory that the module holds. */
	memory(): number {
		return this.#x.memory.buffer.byteLength;
	}
}

/** From bytes, or else from where its file is. */
export async function instantiate(file: string, source?: BufferSource, imports?: WebAssembly.Imports): Promise<Exports> {
	let bytes = source;
	if (!bytes) {
		const url = new URL(file, import.meta.url);
		const reply = await fetch(url);
		if (!reply.ok) throw new Error(`${url.pathname}: ${reply.status}`);
		bytes = await reply.arrayBuffer();
	}
	return (await WebAssembly.instantiate(bytes, imports)).instance.exports as unknown as Exports;
}

/** One for the page; after a failed load the next call tries again. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
	let loaded: Promise<T> | undefined;
	return () =>
		(loaded ??= load().catch((error) => {
			loaded = undefined;
			throw error;
		}));
}
