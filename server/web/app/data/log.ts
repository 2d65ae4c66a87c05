// GET /v1/me/log: everything of the owner's that the rules plan with (docs/api.md).
import type { Fact } from "@web/core";
import type { Card, EventInfo } from "./types";

/** How somebody is called, and what of their card the owner has. */
export interface Who {
	key: string;
	name: string;
	organization?: string;
	title?: string;
	emails: string[];
	phones: string[];
	urls: string[];
	lang?: string;
	vouched: boolean;
	withheld: boolean;
	here?: boolean;
}

export interface Log {
	me: string;
	zone_min: number;
	server_ms: number;
	event: EventInfo;
	card: Card;
	rows: Fact[];
	/** Entries that were taken back: to be dropped here too. */
	gone: string[];
	people: Who[];
	/** Whose the badges are, of the people above. */
	badges?: { badge: string; key: string }[];
}
