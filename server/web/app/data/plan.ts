// From what rests on this phone to what the screens show: the facts of the download and of the
// entries not in it, planned by the C rules, with the people's names and cards put to it.
import type { Core, Fact, PlanItem, PlanLoop, PlanPerson } from "@web/core";
import { isoDate } from "@web/dates";
import { lacksLanguage, languagePacks, loadLanguages } from "@web/languages";
import { language } from "../../text";
import { type Details, knownCard, lacksCard, learnCards } from "./details";
import { hereOf, mineOf } from "./events";
import type { Log, Who } from "./log";
import type { StoredEntry } from "./store";
import type { Account, Away, Card, Item, Loop, Model, PendingCode, Person, Tie, Unsent } from "./types";

/** In the outbox of an event. held: by the server. */
export type OwnEntry = StoredEntry & { event: number; held: boolean };

export interface Snapshot {
	entries: OwnEntry[];
	log: Log;
	account?: Account;
	codes: PendingCode[];
	aliases: Record<string, string>;
	away: Away[];
}

interface Placed extends Fact {
	sent: boolean;
}

type Texts = Fact["payload"];
const textOf = (payload: Texts, name: string): string => (typeof payload[name] === "string" ? (payload[name] as string) : "");
const textsOf = (payload: Texts, name: string): string[] =>
	Array.isArray(payload[name]) ? (payload[name] as unknown[]).filter((one): one is string => typeof one === "string") : [];

/** An own entry as the server would show it in the log. */
function ownFact(entry: OwnEntry, snapshot: Snapshot): Placed {
	const payload = JSON.parse(entry.payload) as Texts;
	const { aliases } = snapshot;
	const b = textOf(payload, "b");
	const other = ["meeting", "buddy"].includes(entry.kind) && b ? (aliases[b] ?? b) : undefined;
	return {
		entry: entry.id,
		event: entry.event,
		kind: entry.kind,
		at_ms: entry.wall_ms,
		own: true,
		...(other ? { other } : {}),
		payload,
		sent: entry.held,
	};
}

/** The log as it will be: the download, and what of this phone's is not in it. */
function factsOf(snapshot: Snapshot): Placed[] {
	const { log, entries } = snapshot;
	const had = new Set([...log.rows.map((row) => row.entry), ...(log.gone ?? [])]);
	const unsent = new Set(entries.filter((entry) => !entry.held).map((entry) => entry.id));
	return [
		...log.rows.map((row) => ({ ...row, sent: !unsent.has(row.entry) })),
		...entries.filter((entry) => !had.has(entry.id) && !entry.refused).map((entry) => ownFact(entry, snapshot)),
	];
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

/** The languages of the plan: the owner's, and for drafts those of the people. */
const langsOf = ({ log }: Snapshot): string[] => [language(), ...log.people.flatMap(({ lang }) => lang || [])];

const cardsOf = (snapshot: Snapshot): string[] =>
	factsOf(snapshot).flatMap(({ kind, payload }) => (kind === "contact" ? textOf(payload, "card") : []));

/** What makeModel needs beside the snapshot is a file or two, loaded now unless they were before. */
export function fetchParts(snapshot: Snapshot): Promise<unknown> | undefined {
	const [langs, cards] = [langsOf(snapshot), cardsOf(snapshot)];
	if (!lacksLanguage(langs) && !lacksCard(cards)) return undefined;
	// what is not to be had now is missing in the plan: a name, a draft in that person's language
	return Promise.allSettled([loadLanguages(langs), learnCards(cards)]);
}

const union = (lists: string[][]): string[] => {
	const seen = new Map<string, string>();
	for (const one of lists.flat()) if (!seen.has(one.toLowerCase())) seen.set(one.toLowerCase(), one);
	return [...seen.values()];
};

interface Called {
	key: string;
	name: string;
	lang?: string;
}

/** Everything of the facts that a person's page shows, found by entry or by person. */
class Known {
	readonly byEntry = new Map<string, Placed>();
	private who = new Map<string, Who>();
	private shown = new Map<string, Details[]>();

	constructor(
		private log: Log,
		facts: Placed[],
	) {
		for (const fact of facts) this.byEntry.set(fact.entry, fact);
		for (const one of log.people) this.who.set(one.key, one);
		for (const fact of facts) {
			const card = fact.kind === "contact" ? knownCard(textOf(fact.payload, "card")) : undefined;
			if (!card) continue;
			// shown at a meeting it is that person's; alone it is a person of its own
			const tie = textOf(fact.payload, "of") || fact.entry;
			this.shown.set(tie, [...(this.shown.get(tie) ?? []), card]);
		}
	}

	sent(entry: string): boolean {
		return this.byEntry.get(entry)?.sent ?? true;
	}

	tie(planned: PlanPerson["ties"][number]): Tie {
		const payload = this.byEntry.get(planned.entry)?.payload ?? {};
		return { ...planned, byCode: textOf(payload, "by") === "badge", sent: this.sent(planned.entry) };
	}

	/** Names and addresses: what the server knows first, then what their cards said. */
	details(ids: string[], ties: Tie[]): Pick<
		Person,
		"name" | "organization" | "title" | "emails" | "phones" | "urls" | "lang" | "claimed" | "withheld" | "here" | "coming"
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
			coming: whos.filter((one) => !one.withheld).flatMap((one) => [one.event ?? 0, ...(one.coming ?? [])]),
		};
	}

	/** What the plan's sentences call people: by everybody's id, of a card its entry. */
	names(): Called[] {
		const ids = new Map<string, Called>();
		for (const { key, name, lang } of this.who.values()) ids.set(key, { key, name, lang });
		for (const [tie, shown] of this.shown) {
			const fact = this.byEntry.get(tie);
			const key = fact?.kind === "contact" ? tie : fact?.other;
			const name = shown[shown.length - 1]?.name ?? "";
			if (key && name && !ids.get(key)?.name) ids.set(key, { key, name });
		}
		return [...ids.values()];
	}

	get events(): Record<number, string> {
		return Object.fromEntries(mineOf(this.log).map(({ event }) => [event.event, event.name]));
	}

	eventOf(id: string): number | undefined {
		return this.byEntry.get(id)?.event ?? this.who.get(id)?.event;
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
		.filter((entry) => !entry.held || (entry.refused && !entry.refused.startsWith("-")))
		.map((entry) => ({
			entry: entry.id,
			kind: entry.kind,
			event: entry.event,
			at_ms: entry.wall_ms,
			name: nameOf(entry),
			refused: entry.refused,
		}));
}

const metOf = (met: PlanPerson["met"] | undefined): Person["met"] =>
	met && met.count > 0 ? { count: met.count, first: met.first ?? "", last: met.last ?? "" } : undefined;

/** The fields of one's card that the newest share names. */
function sharedWith(facts: Fact[], ties: Tie[]): string[] | undefined {
	const shares = facts.filter(
		(fact) => fact.kind === "share" && ties.some((tie) => tie.entry === textOf(fact.payload, "of")),
	);
	const newest = shares.sort((a, b) => (a.entry < b.entry ? -1 : 1)).pop();
	return newest && textsOf(newest.payload, "fields");
}

function personOf(known: Known, facts: Fact[], planned: PlanPerson): Person {
	const ties = planned.ties.map((tie) => known.tie(tie));
	return {
		key: planned.key,
		ids: planned.ids,
		...known.details(planned.ids, ties),
		ties,
		met: metOf(planned.met),
		notes: planned.notes.map((note) => ({ ...note, at: dayOf(note.at_ms), sent: known.sent(note.entry) })).reverse(),
		items: [],
		balance: planned.balance,
		rhythm_days: planned.rhythm_days,
		lastContact: planned.last_contact,
		lastFaceTime: planned.last_face_time,
		introducedBy: planned.introduced_by,
		cares: planned.cares,
		working: planned.working,
		sharedWith: sharedWith(facts, ties),
		favours: planned.favours.map((favour) => ({ ...favour, sent: known.sent(favour.entry) })).reverse(),
		merges: planned.merges,
	};
}

const dayOf = (ms: number): string => isoDate(new Date(ms));

type Find = (id: string | undefined) => Person | undefined;

function itemOf(known: Known, find: Find, planned: PlanItem): Item {
	const { also, by, person, met, offers, ...same } = planned;
	const whom = find(person?.key);
	const lead = planned.kind === "share" ? known.byEntry.get(planned.source) : undefined;
	return {
		...same,
		person: whom,
		also: also.map(find).filter((one): one is Person => one !== undefined),
		by: find(by),
		notes: whom?.notes ?? [],
		met: metOf(met),
		offers: offers ?? [],
		topics: lead && textsOf(lead.payload, "topics"),
		sent: planned.after.every((entry) => known.sent(entry)),
	};
}

const loopOf = (find: Find, { person, about, ...same }: PlanLoop): Loop => ({
	...same,
	person: find(person),
	about: find(about),
});

export type Planned = Omit<Model, "sync" | "problem" | "lastSync_ms">;

export function makeModel(core: Core, snapshot: Snapshot): Planned {
	const { log, account, codes } = snapshot;
	const mine = mineOf(log);
	const here = hereOf(mine);
	// each event has its own card, and its own corrections of it
	const facts = factsOf(snapshot).filter(
		(fact) => fact.event === here.event.event || fact.kind !== "setting" || !textOf(fact.payload, "name").startsWith("my/"),
	);
	const known = new Known(log, facts);
	const input = {
		now_ms: Date.now(),
		zone_min: -new Date().getTimezoneOffset(),
		lang: language(),
		languages: languagePacks(langsOf(snapshot)),
		me: here.card.name,
		people: known.names(),
		events: mine.map(({ event }) => event),
		facts,
	};
	const plan = core.plan(input);
	const people = plan.persons.map((one) => personOf(known, facts, one));
	const byId = new Map(plan.persons.flatMap((one, i) => one.ids.map((id): [string, Person] => [id, people[i]!])));
	const find: Find = (id) => (id === undefined ? undefined : byId.get(snapshot.aliases[id] ?? id));
	const [items, done] = [plan.items, plan.done].map((list) => list.map((one) => itemOf(known, find, one)));
	for (const item of [...items!, ...done!]) item.person?.items.push(item);
	const settings = Object.fromEntries(plan.settings.map(({ name, value }) => [name, value]));
	const card = cardOf(here.card, settings);
	const ofItems = new Map([...plan.items, ...plan.done].map((item) => [item.key, item.event]));
	return {
		me: { id: here.me, name: card.name, event: here.event.event },
		event: here.event,
		card,
		mine,
		home: log.event.event,
		// who only asks to introduce is nobody that one has met
		people: people.filter((person) => person.ties.length > 0),
		plan: {
			items: items!,
			done: done!,
			goals: plan.goals,
			balance: plan.balance,
			loops: plan.loops.map((one) => loopOf(find, one)),
			buddies: plan.buddies,
			good_until_ms: plan.good_until_ms,
		},
		events: known.events,
		settings,
		settingAfter: Object.fromEntries(plan.settings.map(({ name, after }) => [name, after])),
		// what was read at another event says nothing of the consents at this one
		account: account && { ...account, consents: account.id === here.me ? account.consents : undefined },
		pending: codes,
		unsent: unsentOf(snapshot, known, people),
		away: snapshot.away,
		person: find,
		eventOf: (id) => known.eventOf(snapshot.aliases[id] ?? id) ?? ofItems.get(id),
		brief: (whom) =>
			(core.plan({ ...input, expected: whom.flatMap((one) => one.ids) }).brief ?? []).flatMap((one) => {
				const person = find(one.person.key);
				return person ? [{ ...one, person }] : [];
			}),
	};
}
