// What the screens say about people, items and days.
import { dateShort, locale, nextMonday, plusDays, today } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t } from "../../text";
import type { Item, Person, Tie } from "../data/types";

export * from "./item";

export const workOf = (person: Person): string => [person.title, person.organization].filter(Boolean).join(" · ");

export function metWords(person: Person): string {
	const { count = 0, last = "" } = person.met ?? {};
	const date = last ? dateShort(last, language()) : "";
	if (!date) return "";
	return count > 1 ? t("Met {n} times, last on {date}", { n: count, date }) : t("Met on {date}", { date });
}

/** "Thursday 14 March" */
export const dayWords = (date: Date): string =>
	new Intl.DateTimeFormat(locale(language()), { weekday: "long", day: "numeric", month: "long" }).format(date);

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
