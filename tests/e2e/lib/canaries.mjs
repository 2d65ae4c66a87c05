// Strings that must not be found where they do not belong, in any form that a program might keep them.
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const digest = (i) => crypto.createHash('sha256').update(`canary ${i}`).digest('hex');

/** The i-th canary: a word, or a telephone number, that stands nowhere else. */
export const word = (i) => `Zq${digest(i).slice(0, 12)}`;
export const number = (i) => `+49${BigInt(`0x${digest(i)}`).toString().slice(0, 12)}`;

/** What base64 makes of text, whatever stands before and behind it. */
function base64Forms(bytes) {
	return [0, 1, 2].map((shift) => {
		const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64').replace(/=+$/, '');
		const whole = Math.floor((bytes.length + shift) / 3) * 4;
		return text.slice(shift === 0 ? 0 : 4, whole);
	});
}

/** text as it may lie in a file: { form, needle } */
export function forms(text) {
	const utf8 = Buffer.from(text);
	const little = Buffer.from(text, 'utf16le');
	const big = Buffer.from(little).swap16();
	const list = [['utf-8', utf8], ['lower case', Buffer.from(text.toLowerCase())], ['upper case', Buffer.from(text.toUpperCase())],
		['utf-16le', little], ['utf-16be', big], ['hex', Buffer.from(utf8.toString('hex'))], ['HEX', Buffer.from(utf8.toString('hex').toUpperCase())],
		['reversed', Buffer.from(utf8).reverse()]];
	for (const [name, bytes] of [['utf-8', utf8], ['utf-16le', little], ['utf-16be', big]])
		base64Forms(bytes).forEach((needle, i) => {
			list.push([`base64 of ${name} +${i}`, Buffer.from(needle)]);
			list.push([`base64url of ${name} +${i}`, Buffer.from(needle.replaceAll('+', '-').replaceAll('/', '_'))]);
		});
	return list.map(([form, needle]) => ({ form, needle }));
}

/** Where any of the words is in bytes: "WORD as FORM". */
export function find(bytes, words) {
	const found = [];
	for (const text of words)
		for (const { form, needle } of forms(text))
			if (bytes.includes(needle)) {
				found.push(`${text} as ${form}`);
				break;
			}
	return found;
}

/** The same in every file below a folder, names of files too. */
export function findIn(folder, words) {
	const found = [];
	for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
		const file = path.join(folder, entry.name);
		found.push(...find(Buffer.from(entry.name), words).map((f) => `name of ${file}: ${f}`));
		if (entry.isDirectory())
			found.push(...findIn(file, words));
		else if (entry.isFile())
			found.push(...find(fs.readFileSync(file), words).map((f) => `${file}: ${f}`));
	}
	return found;
}
