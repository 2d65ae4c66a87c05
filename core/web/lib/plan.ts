// What core.plan takes and answers: "The plan" in docs/api.md, whose words these types repeat.
import { Packer } from "./packed";

/** A row of GET /v1/me/log, or an own entry that is not in it yet. */
export interface Fact {
	entry: string;
	event: number;
	kind: string;
	at_ms: number;
	own: boolean;
	/** The other one of two persons. */
	other?: string;
	payload: Readonly<Record<string, unknown>>;
}

export interface PlanInput {
	/** In any order; repeats do no harm. */
	facts: readonly Fact[];
	/** Names for sentences; key: any id of the person, of somebody known by a card alone the contact entry's. */
	people: readonly { key: string; name: string; lang?: string }[];
	events: readonly { event: number; name: string }[];
	/** The owner's name. */
	me: string;
	/** Of the sentences: en, de, es, ar; any other gives English. */
	lang: string;
	/** What is said in that language and in those of the people: languagePacks(). */
	languages: readonly string[];
	now_ms: number;
	/** Minutes to add to UTC. */
	zone_min: number;
	/** Ids of people expected at an event, for the brief. */
	expected?: readonly string[];
}

export interface Balance {
	offered: number;
	given: number;
	asked: number;
	received: number;
}

export interface Met {
	/** 0: known by an introduction only, then without dates. */
	count: number;
	first?: string;
	last?: string;
	before?: string;
}

export interface Mail {
	subject: string;
	body: string;
}

export interface PlanItem {
	key: string;
	kind:
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
	state: "open" | "snooze" | "done" | "drop";
	/** One line in the owner's language: "Say hello to Ben Kim". */
	title: string;
	due: string;
	until?: string;
	overdue: boolean;
	/** Why it stands where it stands in the queue. */
	place: { is: "waiting" | "late" | "due" | "snoozed" | "finished"; says: string };
	why: string;
	/** Everything that led to it, the first is why. */
	whys: string[];
	text?: string;
	topic?: string;
	of?: string;
	/** The entry that causes it: what a consent answers, what a favour given for a lead names. */
	source: string;
	event: number;
	person?: { key: string; name: string };
	also: string[];
	by?: string;
	/** An introduction that waits for one's own yes or no: answered by a consent. */
	asked?: true;
	/** The state entries that a change replaces: give them back in followup-state's after. */
	after: string[];
	/** When its state was last changed; absent while untouched. */
	changed_ms?: number;
	met?: Met;
	balance?: Balance;
	/** A gentle word, such as about an ask before any give. */
	hint?: string;
	offers?: string[];
	cares?: string[];
	working?: string[];
	actions: ("draft" | "ics" | "decline" | "worked" | "answer" | "give" | "vcard")[];
	draft?: Mail;
	/** A short reply that declines, in the person's language. */
	decline?: Mail;
}

export interface PlanPerson {
	key: string;
	ids: string[];
	ties: { entry: string; event: number; at_ms: number; how: "meeting" | "contact" | "introduction" }[];
	merges: string[];
	met: Met;
	last_contact?: string;
	last_face_time?: string;
	rhythm_days: number;
	own_rhythm: boolean;
	introduced_by?: string;
	balance: Balance;
	hint: boolean;
	offers: string[];
	asks: string[];
	favours: { entry: string; way: keyof Balance; text: string; at_ms: number; closed: boolean }[];
	notes: {
		entry: string;
		of: string;
		at_ms: number;
		text: string;
		topics: string[];
		prompt?: "working" | "cares";
	}[];
	topics: string[];
	cares: string[];
	working: string[];
	open: number;
	promised: number;
}

export interface PlanGoals {
	people: { done: number; goal: number };
	leads: { done: number; goal: number };
	followed_up: number;
	/** From their Mondays; oldest first, this one last. */
	weeks: { from: string; people: number; leads: number; followed_up: number }[];
}

export interface PlanLoop {
	kind: "referral" | "introduced" | "introduce";
	of: string;
	person?: string;
	about?: string;
	text?: string;
	asked: string;
	acted?: string;
	declined?: string;
	reported?: string;
	thanked?: string;
	worked: boolean;
	/** Something of it is still owed. */
	open: boolean;
}

export interface PlanBrief {
	person: { key: string; name: string };
	met: Met;
	promises: { text?: string; due: string }[];
	offers: string[];
	asks: string[];
	cares: string[];
	working: string[];
	questions: [string, string];
}

export interface PlanAnswer {
	today: string;
	good_until_ms: number;
	open: number;
	items: PlanItem[];
	done: PlanItem[];
	persons: PlanPerson[];
	goals: PlanGoals;
	balance: Balance;
	open_offers: number;
	open_asks: number;
	loops: PlanLoop[];
	buddies: string[];
	settings: { name: string; value: string; after: string[] }[];
	brief?: PlanBrief[];
}

/** A payload's members as struct fact_field: an array repeats its name, null and objects are left out. */
function fieldsOf(payload: Fact["payload"]): [string, string][] {
	const fields: [string, string][] = [];
	for (const [name, value] of Object.entries(payload))
		for (const one of Array.isArray(value) ? value : [value])
			if (["string", "number", "boolean"].includes(typeof one)) fields.push([name, String(one)]);
	return fields;
}

/** As call_plan in core/wasm/calls.h reads it. */
export function packPlan(input: PlanInput): Uint8Array {
	const to = new Packer().i64(input.now_ms).i64(input.zone_min * 60_000).text(input.lang).text(input.me);
	to.list(input.people, ({ key, name, lang }) => to.text(key).text(name).text(lang ?? ""));
	to.list(input.events, ({ event, name }) => to.u32(event).text(name));
	to.bool(input.expected !== undefined);
	if (input.expected) to.texts(input.expected);
	to.list(input.facts, (fact) => {
		to.text(fact.kind).text(fact.entry).u32(fact.event).i64(fact.at_ms).text(fact.other ?? "").bool(fact.own);
		to.list(fieldsOf(fact.payload), ([name, value]) => to.text(name).text(value));
	});
	to.texts(input.languages);
	return to.done();
}
