// GET /v1/me/log: everything of the owner's that the rules plan with (docs/api.md).
import type { Fact } from "@web/core";
import type { Card, EventInfo, Mine } from "./types";

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
	/** Where they are met by that key. */
	event?: number;
	/** Further events of the owner's at which they are expected. */
	coming?: number[];
}

export interface Log {
	me: string;
	zone_min: number;
	server_ms: number;
	event: EventInfo;
	card: Card;
	/** All of the owner's events, when there are several. */
	events?: Mine[];
	rows: Fact[];
	/** Entries that were taken back: to be dropped here too. */
	gone: string[];
	people: Who[];
	/** Whose the badges are, of the people above. */
	badges?: { badge: string; key: string }[];
}
