// What the queue says about its items and their days.
import { dateWords, daysBetween, fromIso, isoDate, locale, today } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t } from "../../text";
import type { Item, ItemKind, Person } from "../data/types";

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

export const monthWords = (date: Date): string =>
	new Intl.DateTimeFormat(locale(language()), { month: "long", year: "numeric" }).format(date);

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
