// A card as a vCard 3.0 (RFC 2426): one's own under the QR code, a person's as a file. Made on the
// phone: it works with the server gone.
export interface VcardFields {
	name: string;
	organization?: string;
	title?: string;
	emails: readonly string[];
	phones: readonly string[];
	urls: readonly string[];
	note?: string;
	/** Whose card it is, for who reads it with Kith: a badge's address. */
	kith?: string;
}

const lineOctets = 75;

const escape = (text: string): string =>
	text
		.replace(/\\/g, "\\\\")
		.replace(/\r?\n/g, "\\n")
		.replace(/[,;]/g, "\\$&");

/** RFC 2425 5.8.1: after 75 octets the line goes on in the next, never inside a character. */
function fold(line: string): string {
	const encoder = new TextEncoder();
	let out = "";
	let octets = 0;
	for (const character of line) {
		const size = encoder.encode(character).length;
		if (octets + size > lineOctets) {
			out += "\r\n ";
			octets = 1;
		}
		out += character;
		octets += size;
	}
	return out;
}

export function vcard(person: VcardFields): string {
	const words = person.name.trim().split(/\s+/);
	const family = words.length > 1 ? (words.pop() ?? "") : "";
	const lines = [
		"BEGIN:VCARD",
		"VERSION:3.0",
		`N:${escape(family)};${escape(words.join(" "))};;;`,
		`FN:${escape(person.name)}`,
		person.organization && `ORG:${escape(person.organization)}`,
		person.title && `TITLE:${escape(person.title)}`,
		...person.emails.map((mail) => `EMAIL;TYPE=INTERNET:${escape(mail)}`),
		...person.phones.map((phone) => `TEL:${escape(phone)}`),
		...person.urls.map((url) => `URL:${escape(url)}`),
		person.note && `NOTE:${escape(person.note)}`,
		person.kith && `X-KITH:${person.kith}`,
		"END:VCARD",
	];
	return lines
		.filter((line): line is string => Boolean(line))
		.map((line) => `${fold(line)}\r\n`)
		.join("");
}
