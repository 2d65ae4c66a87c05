// What the server tells an organizer (docs/api.md).

export interface EventName {
	event: number;
	name: string;
}

export interface StationSign {
	sign: string;
	since_ms: number;
	/** Over; without it, it is so now. */
	until_ms?: number;
	value?: number;
}

export interface Station {
	station: string;
	name: string;
	role: string;
	state: string;
	seen_ms: number;
	pending: number;
	held: number;
	refused: number;
	signs?: StationSign[];
	/** What it runs; a kiosk that is older does not say. */
	version?: string;
	update?: { state: string; version: string; reason: string };
}

export interface EventLive extends EventName {
	counts: {
		attendees: number;
		checked_in: number;
		meetings: number;
		contacts: number;
		followups: number;
		done: number;
	};
	stations: Station[];
	backup: { last_ms: number | null; ok: boolean };
}

export interface Attendee {
	id: string;
	name: string;
	organization?: string;
	email?: string;
	checked_in_ms: number | null;
	badges: string[];
	consents: { card?: boolean; followups?: boolean; contact?: boolean };
}

export interface Preview {
	rows: number;
	new: number;
	changed: number;
	problems: { line: number; field?: string; text: string }[];
	sample?: { name?: string; organization?: string; email?: string }[];
}

export interface FollowupList {
	counts: { rows: number; owners_without_consent: number; others_without_consent: number };
}
