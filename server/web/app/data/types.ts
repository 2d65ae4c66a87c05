// What the screens of the phone app see, and the functions by which they change it. The data layer
// (model.ts) plans it on the phone from the download of one's log and the entries still unsent.
//
//	const model = useModel();                       // re-renders on each change
//	await write("note", { author: model.me.id, of: tie.entry, text });
//
// Ids: people and queue keys in 22 characters of base64url; entries as UUIDs; dates YYYY-MM-DD.

import type { CardTexts } from "@web/cards";
import type { Balance, PlanBrief, PlanGoals, PlanItem, PlanLoop, PlanPerson } from "@web/core";

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

export type { Balance };
export type ItemState = PlanItem["state"];
export type ItemKind = PlanItem["kind"];
export type FavourWay = keyof Balance;
export type Goals = PlanGoals;

/** Where it stands: on this phone alone, or at the server too. */
interface Sent {
	sent: boolean;
}

/** of: the tie that it was written about. */
export type Note = PlanPerson["notes"][number] & Sent & { at: string };

/** How the owner knows the person. byCode: named by a code, not by their own chip. */
export type Tie = PlanPerson["ties"][number] & Sent & { byCode: boolean };

/** closed: of an offer or an ask, another entry says that it was kept. */
export type Favour = PlanPerson["favours"][number] & Sent;

export interface Person {
	key: string;
	/** All that are this one person. */
	ids: string[];
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
	/** Events of the owner's at which they are expected, as far as they let it be known. */
	coming: number[];
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
	favours: Favour[];
	/** The merge entries that made one person of several ties: retract one to undo it. */
	merges: string[];
}

/** The plan's item (docs/api.md, "The plan") with its people at hand. */
export type Item = Omit<PlanItem, "person" | "also" | "by" | "met" | "offers"> &
	Sent & {
		/** Absent only for a lead that is for nobody yet. */
		person?: Person;
		/** Others whom it concerns (an introduction's second side, whom a lead would interest). */
		also: Person[];
		/** The other one that why speaks of: who introduced, who was the way to it. */
		by?: Person;
		notes: Note[];
		met?: Person["met"];
		/** Open offers to this person, which come first. */
		offers: string[];
		/** Of a lead. */
		topics?: string[];
	};

/** A referral's chain: who asked or referred, what has happened, who waits for news. */
export type Loop = Omit<PlanLoop, "person" | "about"> & { person?: Person; about?: Person };

export interface Plan {
	/** Not finished, in the queue's order. */
	items: Item[];
	/** Finished, newest first. */
	done: Item[];
	goals: Goals;
	balance: Balance;
	loops: Loop[];
	/** Whom the log names as buddies; whether they agree the account says. */
	buddies: string[];
	good_until_ms: number;
}

export interface Card extends CardTexts {
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

/** The owner at one of their events. */
export interface Mine {
	me: string;
	event: EventInfo;
	card: Card;
}

/** Somebody before an event, by the rules (docs/api.md, "BRIEF"). */
export type Brief = Omit<PlanBrief, "person"> & { person: Person };

/** An entry that the server does not hold yet, or that it refused. */
export interface Unsent {
	entry: string;
	kind: EntryKind;
	event: number;
	at_ms: number;
	/** Whom it is about, where that is known. */
	name?: string;
	/** Why the server has it without effect, as its word ("not-yours"). */
	refused?: string;
}

/** Entries of an event that is no longer in the owner's list: they wait here until it is joined again. */
export interface Away {
	/** What it is called. */
	event: string;
	count: number;
}

export const countOf = (all: Away[]): number => all.reduce((sum, one) => sum + one.count, 0);

/** A scanned or typed short code that waits for a network to be looked up. */
export interface PendingCode {
	code: string;
	/** The meeting that it becomes. */
	entry: string;
	/** The server knows nobody of that code. */
	unknown?: boolean;
	at_ms: number;
	/** Where it was typed. */
	event?: number;
}

export type Purpose = "card" | "followups" | "contact" | "coming" | "introduce";

/** GET /v1/me as it was last read: what needs the server anyway. */
export interface Account {
	id: string;
	name: string;
	event: { event: number; name: string };
	/** Those at the event where the owner is now; not known until they were read there. */
	consents?: Record<string, boolean>;
	devices: { session: string; made_ms: number; seen_ms: number; label: string; this: boolean }[];
	approvals: { pairing: string; digits: string; label?: string }[];
	notices: { text: string; at_ms: number }[];
	buddies?: Buddy[];
}

export interface Buddy {
	key: string;
	name: string;
	mutual: boolean;
	/** They asked, and wait for one's own yes. */
	asked?: boolean;
	goals?: Pick<Goals, "people" | "leads">;
}

export type SyncState = "online" | "offline" | "problem";

export interface Model {
	me: { id: string; name: string; event: number };
	event: EventInfo;
	card: Card;
	/** The owner's events; event, me and card are those of the one where they are now. */
	mine: Mine[];
	/** The event of the session: its ticket signed in here. */
	home: number;
	people: Person[];
	plan: Plan;
	/** Names of the events of one's ties, by number, as far as they are known. */
	events: Record<number, string>;
	/** The newest value of each setting ("goal/people", "situation", "card/work", ...). */
	settings: Record<string, string>;
	/** The entries that a new value of a setting replaces. */
	settingAfter: Record<string, string[]>;
	account?: Account;
	pending: PendingCode[];
	unsent: Unsent[];
	away: Away[];
	sync: SyncState;
	/** What is wrong when sync is "problem": a code of its own or the server's ("gone", "busy"). */
	problem?: string;
	/** When the server last answered; 0: never. */
	lastSync_ms: number;
	/** By key, for links from elsewhere. */
	person(key: string): Person | undefined;
	/** Of an entry, an item's key or a person's id: the event that it belongs to. */
	eventOf(id: string): number | undefined;
	/** What to know of these people before an event, to whom one owes something first. */
	brief(people: Person[]): Brief[];
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
