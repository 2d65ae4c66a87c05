// What the screens say about people, items and days.
import { dateShort, dateWords, daysBetween, fromIso, isoDate, locale, nextMonday, plusDays, today } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t } from "../../text";
import type { Item, ItemKind, Person, Tie } from "../data/types";

const kinds: Record<ItemKind, Key> = {
	hello: key("Say hello"),
	promise: key("Keep your promise"),
	thanks: key("Say thank you"),
	introduce: key("Make the introduction"),
	referral: key("Act on the referral"),
	"report-back": key("Report back"),
	share: key("Share something"),
	congratulate: key("Congratulate"),
	"keep-in-touch": key("Get back in touch"),
	"face-time": key("Meet in person"),
};

export const kindWords = (kind: ItemKind): string => (kinds[kind] ? t(kinds[kind]) : kind);

/** A request to be introduced is answered, not made. */
export const verbWords = (item: Item): string => (item.asked ? t("Answer the introduction") : kindWords(item.kind));

export const nameOf = (person: Person | undefined): string => person?.name || t("Somebody without a name");

/** Whom a row is about: its person, else (a lead for nobody yet) what it is. */
export const whoWords = (item: Item): string => (item.person ? nameOf(item.person) : t("For whom?"));

export const workOf = (person: Person): string => [person.title, person.organization].filter(Boolean).join(" · ");

/** The day on which the owner means to do it: a snooze moves that, not what is due. */
export const dayOf = (item: Item): string => (item.state === "snooze" && item.until ? item.until : item.due);

export const isOver = (item: Item): boolean => item.state === "done" || item.state === "drop";

/** Put off this very day until its evening; from 17 o'clock it is back. */
export const isTonight = (item: Item): boolean =>
	!isOver(item) &&
	item.until === today() &&
	isoDate(new Date(item.changed_ms ?? 0)) === today() &&
	new Date().getHours() < 17;

export function whenWords(item: Item): string {
	if (item.state === "done") return t("Done");
	if (item.state === "drop") return t("Dropped");
	if (isTonight(item)) return t("Tonight");
	const day = dayOf(item);
	const words = dateWords(day, language());
	if (item.state === "snooze" && day > today()) return t("Back {date}", { date: words });
	if (item.overdue || day < today()) return t("Late, was due {date}", { date: dateWords(item.due, language()) });
	return day === today() ? t("Today") : t("By {date}", { date: words });
}

/** The same for a line of a list, where the name needs the room. */
export function whenShort(item: Item): string {
	const late = item.state === "open" && (item.overdue || item.due < today());
	return late ? t("Late: {date}", { date: dayMonth(item.due) }) : whenWords(item);
}

const dayMonth = (date: string): string =>
	new Intl.DateTimeFormat(locale(language()), { day: "numeric", month: "short" }).format(fromIso(date));

export function metWords(person: Person): string {
	const { count = 0, last = "" } = person.met ?? {};
	const date = last ? dateShort(last, language()) : "";
	if (!date) return "";
	return count > 1 ? t("Met {n} times, last on {date}", { n: count, date }) : t("Met on {date}", { date });
}

/** "Thursday 14 March" */
export const dayWords = (date: Date): string =>
	new Intl.DateTimeFormat(locale(language()), { weekday: "long", day: "numeric", month: "long" }).format(date);

export const monthWords = (date: Date): string =>
	new Intl.DateTimeFormat(locale(language()), { month: "long", year: "numeric" }).format(date);

export const listWords = (words: string[]): string =>
	new Intl.ListFormat(locale(language()), { type: "conjunction" }).format(words);

/** The newest tie: what a new entry about the person hangs on. */
export const tieOf = (person: Person): Tie | undefined =>
	person.ties.reduce<Tie | undefined>((newest, tie) => (newest && newest.at_ms >= tie.at_ms ? newest : tie), undefined);

/** A mail in the person's own mail program; an address is optional there. */
export function mailTo(person: Person | undefined, subject: string, body: string): string {
	const address = encodeURIComponent(person?.emails[0] ?? "").replace(/%40/g, "@");
	const text = encodeURIComponent(body.replace(/\r?\n/g, "\r\n"));
	return `mailto:${address}?subject=${encodeURIComponent(subject)}&body=${text}`;
}

/** A short mail to somebody, to be changed by its sender. */
export const letter = (name: string, text: string): string =>
	`${t("Hello {name},", { name: name.split(/\s+/)[0] ?? "" })}\n\n${text}\n\n${t("All the best")}\n`;

export const mailLink = (item: Item): string =>
	mailTo(item.person, item.draft?.subject ?? "", item.draft?.body ?? "");

/** Only what is a web address: a card may carry any scheme. */
export function webLink(url: string): string | undefined {
	try {
		const parsed = new URL(url);
		return ["http:", "https:"].includes(parsed.protocol) ? parsed.href : undefined;
	} catch {
		return undefined;
	}
}

export const phoneLink = (phone: string): string => `tel:${phone.replace(/[^+0-9*#]/g, "")}`;

/** Where an item stands: what is asked of one now, soon, some day. */
export type Shelf = "today" | "tonight" | "upcoming" | "someday";

const soonDays = 2;
const upcomingDays = 30;

export function shelfOf(item: Item): Shelf {
	if (isTonight(item)) return "tonight";
	const days = daysBetween(today(), dayOf(item));
	// what was put off keeps to its day; the rest is shown while there is still time for it
	if (days <= (item.state === "snooze" ? 0 : soonDays)) return "today";
	return days <= upcomingDays ? "upcoming" : "someday";
}

export const onShelf = (items: Item[], shelf: Shelf): Item[] => items.filter((item) => shelfOf(item) === shelf);

export interface SnoozeDay {
	key: Key;
	icon: string;
	date: string;
}

export function snoozeDays(): SnoozeDay[] {
	const now = today();
	return [
		...(new Date().getHours() < 17 ? [{ key: key("Tonight"), icon: "moon", date: now }] : []),
		{ key: key("Tomorrow"), icon: "sun", date: plusDays(now, 1) },
		{ key: key("Next week"), icon: "calendar", date: nextMonday(now) },
	];
}
