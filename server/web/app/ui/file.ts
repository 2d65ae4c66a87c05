// Files that are made on the phone.

export function saveFile(name: string, file: Blob): void {
	const url = URL.createObjectURL(file);
	const a = document.createElement("a");
	a.href = url;
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A name without what file systems stumble over. */
export const fileName = (text: string, suffix: string): string =>
	`${text.replace(/[\\/:*?"<>|\p{Cc}]/gu, " ").trim().slice(0, 60) || "kith"}.${suffix}`;

const escape = (text: string): string => text.replace(/[\\;,]/g, "\\$&").replace(/\r?\n/g, "\\n");
const stamp = (date: Date): string => date.toISOString().replace(/[-:]|\.\d+/g, "");

/** One hour, as an invitation file for any calendar (RFC 5545). */
export function hourAs(ics: { uid: string; start: Date; title: string; text: string }): string {
	const end = new Date(ics.start.getTime() + 3_600_000);
	return [
		"BEGIN:VCALENDAR",
		"VERSION:2.0",
		"PRODID:-//Kith//Kith//EN",
		"BEGIN:VEVENT",
		`UID:${ics.uid}@kith`,
		`DTSTAMP:${stamp(new Date())}`,
		`DTSTART:${stamp(ics.start)}`,
		`DTEND:${stamp(end)}`,
		`SUMMARY:${escape(ics.title)}`,
		`DESCRIPTION:${escape(ics.text)}`,
		"END:VEVENT",
		"END:VCALENDAR",
		"",
	].join("\r\n");
}
