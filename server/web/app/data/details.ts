// What a card says of somebody, as far as the app shows it.
import type { Card, Core } from "@web/core";

export type Details = Pick<Card, "name" | "organization" | "title" | "emails" | "phones" | "urls">;

/** The first card of a file or a code; undefined: there is none. */
export function firstCard(core: Core, bytes: Uint8Array | string): Details | undefined {
	try {
		return core.readCards(bytes)[0];
	} catch {
		return undefined;
	}
}
