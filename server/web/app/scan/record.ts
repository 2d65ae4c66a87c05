// A reading becomes entries: the meeting first, then what the person showed with it.
import { entryId } from "../data/bytes";
import type { Details } from "../data/details";
import { type NewItem, current, writeAll } from "../data/model";
import type { Model, Person } from "../data/types";
import type { Reading } from "./read";

export interface Recorded {
	/** The meeting or contact that notes are about. */
	tie: string;
	/** Written just now; else the one of a few minutes ago stands. */
	fresh: boolean;
	/** How it stood before. */
	before?: { count: number; last: string };
}

/** The same two within this are still the same meeting. */
const sameMeetingMs = 10 * 60_000;

export const byTie = (model: Model, tie: string): Person | undefined =>
	model.people.find((person) => person.ties.some((one) => one.entry === tie));

const recent = (person: Person | undefined): string | undefined =>
	person?.ties.filter((tie) => Date.now() - tie.at_ms < sameMeetingMs).sort((a, b) => b.at_ms - a.at_ms)[0]?.entry;

/** A foreign card is the same one when its mail address is. */
function known(model: Model, reading: Exclude<Reading, { kind: "refused" }>): Person | undefined {
	if (reading.kind === "badge") return model.person(reading.id);
	const mails = reading.details.emails.map((mail) => mail.toLowerCase());
	return model.people.find((person) => person.emails.some((mail) => mails.includes(mail.toLowerCase())));
}

const contactOf = (model: Model, card: string, of: string): NewItem => ({
	kind: "contact",
	payload: { owner: model.me.id, card, claimed: true, of },
});

/** Whether the card says something that is not known of the person yet. */
function adds(person: Person, details: Details | undefined): boolean {
	if (!details) return false;
	const lists = [
		[details.emails, person.emails],
		[details.phones, person.phones],
		[details.urls, person.urls],
	] as const;
	return (
		(!person.name && Boolean(details.name)) ||
		(!person.title && Boolean(details.title)) ||
		lists.some(([has, had]) => has.some((one) => !had.includes(one)))
	);
}

export async function record(model: Model, reading: Exclude<Reading, { kind: "refused" }>): Promise<Recorded> {
	const person = known(model, reading);
	const again = recent(person);
	const before = person?.met;
	if (again) {
		// met by a tap a moment ago: now the card comes to it
		if (reading.kind === "badge" && reading.card && person && adds(person, reading.details))
			await writeAll([contactOf(model, reading.card, again)]);
		return { tie: again, fresh: false, before };
	}
	const tie = entryId();
	const news: NewItem[] = [];
	if (reading.kind === "badge") {
		news.push({ id: tie, kind: "meeting", payload: { a: model.me.id, b: reading.id, by: "badge" } });
		if (reading.card) news.push(contactOf(model, reading.card, tie));
	} else {
		news.push({ id: tie, kind: "contact", payload: { owner: model.me.id, card: reading.card, claimed: true } });
	}
	await writeAll(news);
	return { tie, fresh: true, before };
}

/** The model after a write. */
export const now = (): Model | undefined => current().model;
