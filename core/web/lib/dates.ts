// Dates in words. A DATE on the wire is YYYY-MM-DD, a day without a zone; times are ms since 1970.

const day = 86_400_000;

/** What Intl is asked for: days before months in English, one kind of digits in every text. */
export const locale = (lang: string): string => (lang === "en" ? "en-GB" : lang === "ar" ? "ar-u-nu-latn" : lang);

export const today = (): string => isoDate(new Date());

export function isoDate(d: Date): string {
	const two = (n: number): string => String(n).padStart(2, "0");
	return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}`;
}

/** Noon of that day in the reader's own zone, so that no offset moves it to a neighbour. */
export const fromIso = (date: string): Date => new Date(`${date.slice(0, 10)}T12:00:00`);

export function plusDays(date: string, days: number): string {
	const d = fromIso(date);
	d.setDate(d.getDate() + days);
	return isoDate(d);
}

/** The first Monday after date. */
export function nextMonday(date: string): string {
	return plusDays(date, ((8 - fromIso(date).getDay()) % 7) || 7);
}

export const daysBetween = (from: string, to: string): number =>
	Math.round((fromIso(to).getTime() - fromIso(from).getTime()) / day);

const isDate = (date: string): boolean => !Number.isNaN(fromIso(date).getTime());

/** "tomorrow", "Thursday", "Tue 24 Nov", with the year where it is another one. */
export function dateWords(date: string, lang: string, now = today()): string {
	if (!isDate(date)) return date;
	const days = daysBetween(now, date);
	if (Math.abs(days) <= 1)
		return new Intl.RelativeTimeFormat(locale(lang), { numeric: "auto" }).format(days, "day");
	if (days > 1 && days < 7)
		return new Intl.DateTimeFormat(locale(lang), { weekday: "long" }).format(fromIso(date));
	return dateShort(date, lang, now);
}

/** "24 Nov", with the year where it is another one. */
export function dateShort(date: string, lang: string, now = today()): string {
	if (!isDate(date)) return date;
	return new Intl.DateTimeFormat(locale(lang), {
		weekday: Math.abs(daysBetween(now, date)) < 60 ? "short" : undefined,
		day: "numeric",
		month: "short",
		year: date.slice(0, 4) === now.slice(0, 4) ? undefined : "numeric",
	}).format(fromIso(date));
}

/** "3 minutes ago"; "now" under ten seconds. */
export function ago(ms: number, lang: string): string {
	const format = new Intl.RelativeTimeFormat(locale(lang), { numeric: "auto" });
	const s = Math.max(0, ms / 1000);
	if (s < 10) return format.format(0, "second");
	if (s < 60) return format.format(-Math.floor(s), "second");
	if (s < 3600) return format.format(-Math.floor(s / 60), "minute");
	if (s < 86400) return format.format(-Math.floor(s / 3600), "hour");
	return format.format(-Math.floor(s / 86400), "day");
}

export const clockWords = (d: Date, lang: string): string =>
	new Intl.DateTimeFormat(locale(lang), {
		hour: "2-digit",
		minute: "2-digit",
	}).format(d);
