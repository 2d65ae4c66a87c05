import { dateShort, dateWords, daysBetween, today } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t } from "../text";
import type { Item } from "./types";

const kinds: Record<string, Key> = {
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

export const kindWords = (kind: string): string => (kinds[kind] ? t(kinds[kind]) : kind);

/** The day on which the owner means to do it: a snooze moves that, not what is due. */
export const dayOf = (item: Item): string =>
	item.state === "snooze" && item.until ? item.until : item.due;

export function whenWords(item: Item): string {
	const day = dayOf(item);
	const words = dateWords(day, language());
	if (item.state === "snooze") return t("Back {date}", { date: words });
	if (item.overdue || day < today()) return t("Late, was due {date}", { date: words });
	return day === today() ? t("Today") : t("By {date}", { date: words });
}

export function metWords(item: Item): string {
	const { count = 1, last = "" } = item.met ?? {};
	const date = last ? dateShort(last, language()) : "";
	if (!date) return "";
	// the reason often says it: once is enough
	if (count <= 1) return item.why ? "" : t("Met on {date}", { date });
	return t("Met {n} times, last on {date}", { n: count, date });
}

/** What is put off, or due in more than a week, waits under Upcoming. */
export const isUpcoming = (item: Item): boolean =>
	(item.state === "snooze" && dayOf(item) > today()) || daysBetween(today(), dayOf(item)) > 7;

/** A mail in the person's own mail program; an address is optional there. */
export function mailLink(item: Item): string {
	const address = (item.person.emails ?? [])[0] ?? "";
	const { subject = "", body = "" } = item.draft ?? {};
	return `mailto:${encodeURIComponent(address).replace(/%40/g, "@")}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replace(/\r?\n/g, "\r\n"))}`;
}

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
