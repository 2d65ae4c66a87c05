// An entry's hash: SHA-256, by the browser, of the canonical bytes, which the C code writes.
import type { Core } from "@web/core";
import { sha256, utf8 } from "./bytes";
import type { Stamp } from "./clock";
import type { EntryKind } from "./types";

export interface Hashed extends Stamp {
	prev: Uint8Array;
	store_id: string;
	seq: number;
	id: string;
	event: number;
	kind: EntryKind;
	payload: string;
}

export type Hasher = (entry: Hashed) => Promise<Uint8Array>;

export const hasherOf =
	(core: Core): Hasher =>
	async ({ prev, payload, ...header }) => {
		const bytes = utf8(payload);
		return sha256(
			core.canonical({
				...header,
				prev_hash: prev,
				payload_length: bytes.length,
				payload_hash: await sha256(bytes),
			}),
		);
	};
