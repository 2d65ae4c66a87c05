// What the screens of the phone app see, and the functions by which they change it. The data layer
// (model.ts) plans it on the phone from the download of one's log and the entries still unsent.
//
//	const model = useModel();                       // re-renders on each change
//	await write("note", { author: model.me.id, of: tie.entry, text });
//
// Ids: people and queue keys in 22 characters of base64url; entries as UUIDs; dates YYYY-MM-DD.

export type EntryKind =
	| "meeting"
	| "contact"
	| "note"
	| "followup"
	| "followup-state"
	| "favour"
	| "introduce"
	| "consent"
	| "share"
	| "hide"
	| "merge"
	| "buddy"
	| "setting"
	| "retract";

export type ItemState = "open" | "done" | "drop" | "snooze";
export type ItemKind =
	| "hello"
	| "promise"
	| "thanks"
	| "introduce"
	| "referral"
	| "report-back"
	| "share"
	| "congratulate"
	| "keep-in-touch"
	| "face-time";
export type FavourWay = "offered" | "given" | "asked" | "received";

export interface Balance {
	offered: number;
	given: number;
	asked: number;
	received: number;
}

export interface Note {
	entry: string;
	text: string;
	topics: string[];
	at: string;
	at_ms: number;
	/** The tie that it was written about. */
	of: string;
	prompt?: "working" | "cares";
	/** Where it stands: on this phone alone, or at the server too. */
	sent: boolean;
}

/** A meeting or a contact: how the owner knows the person. */
export interface Tie {
	entry: string;
	event: number;
	at_ms: number;
	how: "meeting" | "contact" | "introduction";
	/** The other one was named by a code, not by their own chip. */
	byCode: boolean;
	sent: boolean;
}

/** What one gave, offered, asked or received, as it was written down. */
export interface Favour {
	entry: string;
	way: FavourWay;
	text: string;
	at_ms: number;
	/** Of an offer or an ask: another entry says that it was kept. */
	closed: boolean;
	sent: boolean;
}

export interface Person {
	key: string;
	name: string;
	organization?: string;
	title?: string;
	emails: string[];
	phones: string[];
	urls: string[];
	lang?: string;
	/** From a card of theirs that nobody vouches for. */
	claimed: boolean;
	/** Met by their code, and they publish nothing (yet). */
	withheld: boolean;
	/** At the event now, as far as the last download knows. */
	here: boolean;
	ties: Tie[];
	met?: { count: number; first: string; last: string };
	notes: Note[];
	items: Item[];
	balance: Balance;
	/** Days between contacts; 0: no rhythm. */
	rhythm_days: number;
	lastContact?: string;
	lastFaceTime?: string;
	/** The person who introduced them. */
	introducedBy?: string;
	cares: string[];
	working: string[];
	/** Fields of one's own card that were shared with them beyond the exchange. */
	sharedWith?: string[];
	/** Newest first. */
	favours?: Favour[];
	/** The merge entries that made one person of several ties: retract one to undo it. */
	merges?: string[];
}

/** The queue's row, as in docs/api.md, with its person at hand. */
export interface Item {
	key: string;
	kind: ItemKind;
	state: ItemState;
	due: string;
	until?: string;
	overdue: boolean;
	/** One line in the owner's language: "Say hello to Ben Kim". */
	title: string;
	why: string;
	/** Everything that led to it, the first is why. */
	whys: string[];
	text?: string;
	topics?: string[];
	of?: string;
	event?: number;
	/** The state entries that a change replaces: give them back in followup-state's after. */
	after: string[];
	/** Absent only for a lead that is for nobody yet. */
	person?: Person;
	/** Others whom it concerns (an introduction's second side, whom a lead would interest). */
	also: Person[];
	notes: Note[];
	met?: { count: number; first: string; last: string };
	balance?: Balance;
	/** A gentle word, such as about an ask before any give. */
	hint?: string;
	/** Open offers to this person, which come first. */
	offers: string[];
	/** Why it stands where it stands in the queue. */
	place?: { is: "waiting" | "late" | "due" | "snoozed" | "finished"; says: string };
	/** The other one that why speaks of: who introduced, who was the way to it. */
	by?: Person;
	/** When its state was last changed; 0 or absent while untouched. */
	changed_ms?: number;
	/** The entry that causes it: what a consent answers, what a favour given for a lead names. */
	source?: string;
	/** What can be done beside done, snooze, drop and note (docs/api.md, "The plan"). */
	actions?: string[];
	/** A short reply that declines, in the person's language. */
	decline?: { subject: string; body: string };
	/** An introduction that waits for one's own yes or no: answered by a consent. */
	asked?: boolean;
	draft?: { subject: string; body: string };
	sent: boolean;
}

export interface Week {
	/** Its Monday. */
	from: string;
	people: number;
	leads: number;
	followed_up: number;
}

export interface Goals {
	people: { done: number; goal: number };
	leads: { done: number; goal: number };
	followed_up: number;
	/** Oldest first, this one last. */
	weeks: Week[];
}

/** A referral's chain: who asked or referred, what has happened, who waits for news. */
export interface Loop {
	kind?: "referral" | "introduced" | "introduce";
	of: string;
	text?: string;
	declined?: string;
	worked?: boolean;
	/** Something of it is still owed. */
	open?: boolean;
	person?: Person;
	about?: Person;
	asked?: string;
	acted?: string;
	reported?: string;
	thanked?: string;
}

export interface Plan {
	/** Not finished, in the queue's order. */
	items: Item[];
	/** Finished, newest first. */
	done: Item[];
	goals: Goals;
	balance: Balance;
	loops: Loop[];
	good_until_ms: number;
}

export interface Card {
	name: string;
	organization: string;
	title: string;
	emails: string[];
	phones: string[];
	urls: string[];
	/** The badge id that a shown code carries. */
	badge: string;
	/** The signed link of the printed badge. */
	link: string;
	short_code: string;
}

export interface EventInfo {
	event: number;
	name: string;
	topics: string[];
	host: string;
	starts?: string;
	ends?: string;
}

/** An entry that the server does not hold yet, or that it refused. */
export interface Unsent {
	entry: string;
	kind: EntryKind;
	at_ms: number;
	/** Whom it is about, where that is known. */
	name?: string;
	/** Why the server has it without effect, as its word ("not-yours"). */
	refused?: string;
}

/** A scanned or typed short code that waits for a network to be looked up. */
export interface PendingCode {
	code: string;
	/** The meeting that it becomes. */
	entry: string;
	/** The server knows nobody of that code. */
	unknown?: boolean;
	at_ms: number;
}

export type Purpose = "card" | "followups" | "contact" | "introduce";

/** GET /v1/me as it was last read: what needs the server anyway. */
export interface Account {
	id: string;
	name: string;
	event: { event: number; name: string };
	consents: Record<string, boolean>;
	devices: { session: string; made_ms: number; seen_ms: number; label: string; this: boolean }[];
	approvals: { pairing: string; digits: string; label?: string }[];
	notices: { text: string; at_ms: number }[];
	buddies?: {
		key: string;
		name: string;
		mutual: boolean;
		/** They asked, and wait for one's own yes. */
		asked?: boolean;
		goals?: { people: { done: number; goal: number }; leads: { done: number; goal: number } };
	}[];
}

export type SyncState = "online" | "offline" | "problem";

export interface Model {
	me: { id: string; name: string; event: number };
	event: EventInfo;
	card: Card;
	people: Person[];
	plan: Plan;
	/** Names of the events of one's ties, by number, as far as they are known. */
	events?: Record<number, string>;
	/** The newest value of each setting ("goal/people", "situation", "card/work", ...). */
	settings: Record<string, string>;
	/** The entries that a new value of a setting replaces. */
	settingAfter: Record<string, string[]>;
	account?: Account;
	pending: PendingCode[];
	unsent: Unsent[];
	sync: SyncState;
	/** What is wrong when sync is "problem": a code of its own or the server's ("gone", "busy"). */
	problem?: string;
	/** When the server last answered; 0: never. */
	lastSync_ms: number;
	/** By key, for links from elsewhere. */
	person(key: string): Person | undefined;
}

/** Where the app stands before there is a model. */
export type Phase = "starting" | "signed-out" | "ready";

export type Payload = Record<string, unknown>;

/** Thrown by signOut while entries are unsent: show what can be done instead. */
export class UnsentError extends Error {
	constructor(readonly count: number) {
		super("unsent");
	}
}
