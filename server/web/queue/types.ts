// What the server tells an attendee (docs/api.md).

export type ItemState = "open" | "done" | "drop" | "snooze";

export interface Note {
	entry: string;
	text: string;
	topics: string[];
	at: string;
}

export interface Item {
	key: string;
	kind: string;
	state: ItemState;
	due: string;
	until?: string;
	overdue: boolean;
	why: string;
	text?: string;
	of: string;
	after: string[];
	person: {
		key: string;
		name: string;
		organization?: string;
		title?: string;
		emails?: string[];
		phones?: string[];
		urls?: string[];
		claimed?: boolean;
	};
	notes?: Note[];
	met?: { count: number; first: string; last: string };
	draft?: { subject: string; body: string };
}

export interface Queue {
	owner: { id: string; name: string };
	as_of_ms: number;
	items: Item[];
	done: Item[];
}

export type Purpose = "card" | "followups" | "contact";

export interface Me {
	id: string;
	name: string;
	event: { event: number; name: string };
	consents: Record<Purpose, boolean>;
	devices: { session: string; made_ms: number; seen_ms: number; label: string; this: boolean }[];
	approvals: { pairing: string; digits: string }[];
	notices: { text: string; at_ms: number }[];
}
