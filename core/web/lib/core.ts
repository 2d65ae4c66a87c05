// The core on the phone: Kith's own entry bytes and follow-up rules, the same C that server and kiosk
// run, as WebAssembly (core/wasm). Cards and links are read by a module of their own (cards.ts).
import wasmUrl from "@core/kith-rules.wasm";
import { Module, instantiate, once } from "./module";
import { Packer } from "./packed";
import { type PlanAnswer, type PlanInput, packPlan } from "./plan";

export type * from "./plan";

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

export class Core extends Module {
	/** The 160 bytes under an entry's hash. */
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

	/** The owner's queue, people, goals and loops: what the server would plan from the same facts. */
	plan(input: PlanInput): PlanAnswer {
		return this.json("kith_plan", packPlan(input));
	}
}

/** A module of its own from these bytes: for tests, where no server answers fetch. */
export const loadCoreFrom = async (wasm?: BufferSource): Promise<Core> => new Core(await instantiate(wasmUrl, wasm));
export const loadCore = once(() => loadCoreFrom());
