// From what rests on this phone to what the screens show: the facts of the download and of the
// entries not in it, planned by the C rules, with the people's names and cards put to it.
import type { Core } from "@web/core";
import type { Log, Row, Who } from "./log";
import type { Head, StoredEntry } from "./store";
import { type PlanJson, type PlanPerson, planFacts } from "./rules";
import type { Account, Card, Item, Model, Note, PendingCode, Person, Plan, Tie, Unsent } from "./types";

export interface Snapshot {
	head: Head;
	entries: StoredEntry[];
	log: Log;
	account?: Account;
	codes: PendingCode[];
	aliases: Record<string, string>;
}

export interface Fact extends Row {
	sent: boolean;
}

type Texts = Record<string, unknown>;
const textOf = (payload: Texts, name: string): string => (typeof payload[name] === "string" ? (payload[name] as string) : "");
const textsOf = (payload: Texts, name: string): string[] =>
	Array.isArray(payload[name]) ? (payload[name] as unknown[]).filter((one): one is string => typeof one === "string") : [];

/** An own entry as the server would show it in the log. */
function ownFact(entry: StoredEntry, snapshot: Snapshot): Fact {
	const payload = JSON.parse(entry.payload) as Texts;
	const { log, head, aliases } = snapshot;
	const b = textOf(payload, "b");
	const other = ["meeting", "buddy"].includes(entry.kind) && b ? (aliases[b] ?? b) : undefined;
	return {
		entry: entry.id,
		event: log.event.event,
		kind: entry.kind,
		at_ms: entry.wall_ms,
		own: true,
		...(other ? { other } : {}),
		payload,
		sent: entry.seq <= head.cursor,
	};
}

/** The log as it will be: the download, and what of this phone's is not in it. */
export function factsOf(snapshot: Snapshot): Fact[] {
	const { log, entries, head } = snapshot;
	const had = new Set([...log.rows.map((row) => row.entry), ...(log.gone ?? [])]);
	const unsent = new Set(entries.filter((entry) => entry.seq > head.cursor).map((entry) => entry.id));
	return [
		...log.rows.map((row) => ({ ...row, sent: !unsent.has(row.entry) })),
		...entries.filter((entry) => !had.has(entry.id) && !entry.refused).map((entry) => ownFact(entry, snapshot)),
	];
}

/** Of each name the entries that no other replaces; of several the higher id holds. */
function settingsOf(facts: Fact[]): Pick<Model, "settings" | "settingAfter"> {
	const retracted = new Set(facts.filter((fact) => fact.kind === "retract").map((fact) => textOf(fact.payload, "of")));
	const all = facts.filter((fact) => fact.kind === "setting" && !retracted.has(fact.entry));
	const replaced = new Set(all.flatMap((fact) => textsOf(fact.payload, "after")));
	const settings: Record<string, string> = {};
	const settingAfter: Record<string, string[]> = {};
	for (const fact of all.filter((one) => !replaced.has(one.entry)).sort((a, b) => (a.entry < b.entry ? -1 : 1))) {
		const name = textOf(fact.payload, "name");
		settings[name] = textOf(fact.payload, "value");
		settingAfter[name] = [...(settingAfter[name] ?? []), fact.entry];
	}
	return { settings, settingAfter };
}

/** One's own corrections count at once; the server gets them later. */
function cardOf(card: Card, settings: Record<string, string>): Card {
	const own = (name: string, value: string): string => settings[`my/${name}`] ?? value;
	const list = (name: string, values: string[]): string[] => [own(name, values[0] ?? "")].filter(Boolean);
	return {
		...card,
		name: own("name", card.name),
		organization: own("organization", card.organization),
		title: own("title", card.title),
		emails: list("email", card.emails),
		phones: list("phone", card.phones),
		urls: list("url", card.urls),
	};
}


interface Details {
	name: string;
	organization: string;
	title: string;
	emails: string[];
	phones: string[];
	urls: string[];
}

/** Cards are the same bytes each time: read once. */
const cards = new Map<string, Details | undefined>();
function readCard(core: Core, text: string): Details | undefined {
	if (!cards.has(text))
		try {
			cards.set(text, core.readCards(text)[0]);
		} catch {
			cards.set(text, undefined);
		}
	return cards.get(text);
}

const union = (lists: string[][]): string[] => {
	const seen = new Map<string, string>();
	for (const one of lists.flat()) if (!seen.has(one.toLowerCase())) seen.set(one.toLowerCase(), one);
	return [...seen.values()];
};

/** Everything of the facts that a person's page shows, found by entry or by person. */
class Known {
	readonly byEntry = new Map<string, Fact>();
	private who = new Map<string, Who>();
	private shown = new Map<string, Details[]>();

	constructor(
		core: Core,
		private log: Log,
		facts: Fact[],
	) {
		for (const fact of facts) this.byEntry.set(fact.entry, fact);
		for (const one of log.people) this.who.set(one.key, one);
		for (const fact of facts) {
			const card = fact.kind === "contact" ? readCard(core, textOf(fact.payload, "card")) : undefined;
			if (!card) continue;
			// shown at a meeting it is that person's; alone it is a person of its own
			const tie = textOf(fact.payload, "of") || fact.entry;
			this.shown.set(tie, [...(this.shown.get(tie) ?? []), card]);
		}
	}

	tie(entry: string): Tie | undefined {
		const fact = this.byEntry.get(entry);
		return (
			fact && {
				entry,
				event: fact.event,
				at_ms: fact.at_ms,
				how: fact.kind === "contact" ? "contact" : "meeting",
				byCode: textOf(fact.payload, "by") === "badge",
				sent: fact.sent,
			}
		);
	}

	/** Names and addresses: what the server knows first, then what their cards said. */
	details(ids: string[], ties: Tie[]): Pick<
		Person,
		"name" | "organization" | "title" | "emails" | "phones" | "urls" | "lang" | "claimed" | "withheld" | "here"
	> {
		const whos = ids.map((id) => this.who.get(id)).filter((one): one is Who => one !== undefined);
		const shown = ties.flatMap((tie) => this.shown.get(tie.entry) ?? []).reverse();
		const all = [...whos, ...shown];
		const first = (name: "name" | "organization" | "title"): string => all.find((one) => one[name])?.[name] ?? "";
		return {
			name: first("name"),
			organization: first("organization") || undefined,
			title: first("title") || undefined,
			emails: union(all.map((one) => one.emails)),
			phones: union(all.map((one) => one.phones)),
			urls: union(all.map((one) => one.urls)),
			lang: whos.find((one) => one.lang)?.lang,
			claimed: whos.length === 0 && ties.every((tie) => tie.how === "contact"),
			withheld: whos.length > 0 && whos.every((one) => one.withheld) && shown.length === 0,
			here: whos.some((one) => one.here === true),
		};
	}

	get events(): Record<number, string> {
		return { [this.log.event.event]: this.log.event.name };
	}
}

function unsentOf(snapshot: Snapshot, known: Known, people: Person[]): Unsent[] {
	const nameOf = (entry: StoredEntry): string | undefined => {
		const payload = JSON.parse(entry.payload) as Texts;
		const tie = entry.kind === "meeting" || entry.kind === "contact" ? entry.id : textOf(payload, "of");
		const found = textOf(known.byEntry.get(tie)?.payload ?? {}, "of") || tie;
		return people.find((person) => person.ties.some((one) => one.entry === tie || one.entry === found))?.name;
	};
	return snapshot.entries
		.filter((entry) => entry.seq > snapshot.head.cursor || (entry.refused && !entry.refused.startsWith("-")))
		.map((entry) => ({
			entry: entry.id,
			kind: entry.kind,
			at_ms: entry.wall_ms,
			name: nameOf(entry),
			refused: entry.refused,
		}));
}

function personOf(known: Known, planned: PlanPerson): Person {
	const ties = planned.ties.map((entry) => known.tie(entry)).filter((tie): tie is Tie => tie !== undefined);
	return {
		key: planned.key,
		...known.details(planned.ids, ties),
		ties,
		met: planned.met,
		notes: [],
		items: [],
		balance: planned.balance,
		rhythm_days: planned.rhythm_days,
		lastContact: planned.contact,
		lastFaceTime: planned.face,
		introducedBy: planned.introduced_by,
		cares: [],
		working: [],
	};
}

export type Planned = Omit<Model, "sync" | "problem" | "lastSync_ms">;

export function makeModel(core: Core, snapshot: Snapshot): Planned {
	const { log, account, codes } = snapshot;
	const facts = factsOf(snapshot);
	const known = new Known(core, log, facts);
	const planned: PlanJson = planFacts(facts, Date.now());
	const people = planned.persons.map((one) => personOf(known, one));
	const byId = new Map(planned.persons.flatMap((one, i) => one.ids.map((id): [string, Person] => [id, people[i]!])));
	const items: Item[] = [];
	const plan: Plan = {
		items,
		done: [],
		goals: planned.goals,
		balance: planned.balance,
		loops: [],
		good_until_ms: planned.good_until_ms,
	};
	const { settings, settingAfter } = settingsOf(facts);
	const notes: Note[] = [];
	void notes;
	return {
		me: { id: log.me, name: log.card.name, event: log.event.event },
		event: log.event,
		card: cardOf(log.card, settings),
		people,
		plan,
		events: known.events,
		settings,
		settingAfter,
		account,
		pending: codes,
		unsent: unsentOf(snapshot, known, people),
		person: (key) => byId.get(snapshot.aliases[key] ?? key),
	};
}
