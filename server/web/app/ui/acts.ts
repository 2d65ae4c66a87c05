// What one can write down: each act as the entries that stand for it (docs/sync-protocol.md).
import { plusDays, today } from "@web/dates";
import { retract, setSetting, write } from "../data/model";
import type { Buddy, FavourWay, Item, ItemKind, Model, Note, Payload, Person } from "../data/types";
import { type Undo, undoing } from "./change";
import { tieOf } from "./words";

export { changeItem } from "./change";

const consentVersion = 1;

/** Days that a thing has when nobody names one: the playbook's (core/followup/playbook.c). */
const dueDays: Partial<Record<ItemKind, number>> = { promise: 2, thanks: 2, introduce: 3, referral: 3, share: 3, congratulate: 1 };

export const dueOf = (kind: ItemKind): string => plusDays(today(), dueDays[kind] ?? 2);

function tie(person: Person): string {
	const found = tieOf(person);
	if (!found) throw new Error("a person without a tie");
	return found.entry;
}

interface FollowupMore {
	due?: string;
	text?: string;
	topics?: string[];
	about?: string;
}

/** Without a person only for a lead that is for nobody yet. */
export async function addFollowup(model: Model, person: Person | undefined, kind: ItemKind, more: FollowupMore = {}): Promise<Undo> {
	const payload: Payload = { owner: model.me.id, kind, due: dueOf(kind) };
	if (person) payload["of"] = tie(person);
	for (const [name, value] of Object.entries(more)) if (value && value.length > 0) payload[name] = value;
	return undoing(await write("followup", payload));
}

export async function addNote(
	model: Model,
	person: Person,
	note: { text: string; topics: string[]; prompt?: Note["prompt"] },
	instead?: Note,
): Promise<Undo> {
	const payload: Payload = { author: model.me.id, of: instead?.of ?? tie(person), text: note.text, topics: note.topics };
	if (note.prompt) payload["prompt"] = note.prompt;
	if (instead) payload["after"] = [instead.entry];
	return undoing(await write("note", payload));
}

/** What is taken back stays so: the way back writes it anew. */
export async function deleteNote(model: Model, person: Person, note: Note): Promise<Undo> {
	await retract(note.entry);
	return () => addNote(model, person, note);
}

/** keeps: the offer or the ask that this one answers. */
export async function addFavour(model: Model, person: Person, way: FavourWay, text: string, keeps?: string): Promise<Undo> {
	const payload: Payload = { owner: model.me.id, of: tie(person), way };
	if (text) payload["text"] = text;
	if (keeps) payload["after"] = [keeps];
	return undoing(await write("favour", payload));
}

/** An event where one met both: each of the two is asked there. */
export const sharedEvent = (a: Person, b: Person): number | undefined =>
	a.ties.map((one) => one.event).find((event) => b.ties.some((one) => one.event === event));

export async function introduce(model: Model, a: Person, b: Person, text: string): Promise<Undo> {
	const [first, second] = [a, b].map((one) => one.ties.filter((tie) => tie.event === sharedEvent(a, b)).pop()?.entry);
	return undoing(await write("introduce", { owner: model.me.id, a: first ?? tie(a), b: second ?? tie(b), ...(text ? { text } : {}) }));
}

/** The answer to being asked. */
export const answerIntroduction = async (model: Model, item: Item, given: boolean): Promise<Undo> =>
	undoing(await write("consent", { who: model.me.id, purpose: "introduce", of: item.source ?? item.of, given, version: consentVersion }));

export const consent = (model: Model, purpose: string, given: boolean): Promise<string> =>
	write("consent", { who: model.me.id, purpose, given, version: consentVersion });

export const share = (model: Model, person: Person, fields: string[]): Promise<string> =>
	write("share", { owner: model.me.id, of: tie(person), fields });

/** The ties become one person; retracting the entry parts them again. */
export const merge = async (model: Model, people: Person[]): Promise<Undo> =>
	undoing(
		await write("merge", { owner: model.me.id, of: people.flatMap((person) => person.ties.map((one) => one.entry)) }),
	);

export const unmerge = async (person: Person): Promise<void> => {
	for (const entry of person.merges) await retract(entry);
};

/** Meetings are withdrawn from on both sides; a card that was kept is let go. */
export async function remove(model: Model, person: Person): Promise<void> {
	for (const one of person.ties)
		if (one.how === "meeting") await write("hide", { owner: model.me.id, of: one.entry });
		else await retract(one.entry);
}

export async function block(model: Model, person: Person): Promise<void> {
	for (const id of person.ids) await setSetting(`block/${id}`, "1");
	await remove(model, person);
}

const buddyOff = (key: string): string => `buddy-off/${key}`;

/** As the server last said it, without those that were ended here since. */
export const buddiesOf = ({ account, settings, plan }: Model): Buddy[] =>
	(account?.buddies ?? []).filter(({ key }) => settings[buddyOff(key)] !== "1" || plan.buddies.includes(key));

export const endBuddy = async ({ key }: Buddy): Promise<Undo> => undoing(await setSetting(buddyOff(key), "1"));

/** They look like one person and are two: not to be asked again, on any phone. */
export const keepApart = async (a: Person, b: Person): Promise<Undo> => undoing(await setSetting(apartName(a.key, b.key), "1"));

const apartName = (a: string, b: string): string => `two/${[a, b].sort().join("/")}`;

export const areApart = ({ settings }: Model, a: Person, b: Person): boolean =>
	a.ids.some((one) => b.ids.some((other) => settings[apartName(one, other)] === "1"));

export const setRhythm = (person: Person, days: string): Promise<string> => setSetting(`rhythm/${tie(person)}`, days);
