// What the daemon sends (docs/api.md, "The kiosk's screen"): always whole, only what the screen
// needs is present.

export type ScreenName =
	| "starting"
	| "closed"
	| "idle"
	| "reading"
	| "welcome"
	| "whose"
	| "exchange"
	| "note"
	| "guest"
	| "refused"
	| "pair"
	| "staff"
	| "setup";

export type Sound = "done" | "exchange" | "attention" | "stop" | "tick" | "none";

export interface Person {
	name: string;
	initials: string;
	organization?: string;
}

/** Something about the station that somebody should look at; the most urgent first. */
export interface Sign {
	sign: string;
	for_ms: number;
	value?: number;
}

export interface State {
	rev: number;
	screen: ScreenName;
	event?: string;
	role?: "door" | "lounge" | "mixed" | "booth";
	lang?: string;
	langs?: string[];
	link?: { online: boolean; pending: number; synced_ms_ago?: number; server?: string };
	readers?: { name: string; state: string; text?: string }[];
	signs?: Sign[];
	sound?: Sound;
	timer?: { ms: number; left_ms: number };
	person?: Person;
	other?: Person;
	at?: string;
	/** Welcome: the next badge is not this person's other one yet; a button allows it. */
	can_exchange?: boolean;
	can_undo?: boolean;
	already?: boolean;
	reason?: string;
	shared?: string[];
	met_count?: number;
	verbs?: string[];
	topics?: string[];
	chosen?: string[];
	when?: string;
	whens?: { key: string; date: string }[];
	text?: string;
	note_side?: "a" | "b";
	/** There when both stand here by their own badges. */
	buddy?: boolean;
	qr?: string;
	qr_size?: number;
	digits?: string;
	staff?: boolean;
	/** The staff badge comes before the PIN. */
	want_badge?: boolean;
	tool?: "desk" | "station" | "reader" | "camera";
	/** Without a badge: the station's tools, no list of people. */
	tools_only?: boolean;
	test?: {
		count: number;
		seen: string;
		reason?: string;
		name?: string;
		reader: string;
		tag?: string;
		uid?: string;
		bytes: number;
		read_ms?: number;
	};
	volume?: number;
	in_service?: boolean;
	can_shut_down?: boolean;
	found?: { id: string; name: string }[];
	help?: string;
	hint?: Hint;
	setup?: SetupState;
}

/** The first start, before the station belongs to an event. */
export interface SetupState {
	step: "language" | "network" | "code" | "test";
	busy: boolean;
	enrolled: boolean;
	problem: string;
	text: string;
	server: string;
	code: string;
	/** Somebody applies network and time zone. */
	system: boolean;
	zone: string;
	networks: string[];
	hints: { reader: string; hint: string; text: string }[];
}

/** What would help a camera to read the card that is held before it. */
export type Hint = "light" | "closer" | "tilt" | "still";

export type Act = (name: string, fields?: Record<string, unknown>) => void;

export interface ViewProps {
	state: State;
	act: Act;
}
