// Whether two entries of one's list are the same person: the same address, number or name. Only a
// suggestion; the owner says so, and can take it back.
import type { Person } from "../data/types";
import { plain } from "../ui/pick";

export type Likeness = "mail" | "phone" | "name";

export interface Suggestion {
	a: Person;
	b: Person;
	same: Likeness;
}

/** A number's last digits: the same with and without its country. */
const phoneDigits = 9;
const fewestDigits = 7;

const mails = (person: Person): string[] => person.emails.map((mail) => mail.trim().toLowerCase()).filter((mail) => mail.includes("@"));

const phones = (person: Person): string[] =>
	person.phones
		.map((phone) => phone.replace(/\D/g, ""))
		.filter((digits) => digits.length >= fewestDigits)
		.map((digits) => digits.slice(-phoneDigits));

/** Words in any order: "Kowalski, Ben" is "Ben Kowalski". One word alone says too little. */
function nameKey(person: Person): string {
	const words = plain(person.name)
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)
		.sort();
	return words.length > 1 || /\p{Script=Han}/u.test(person.name) ? words.join(" ") : "";
}

const keysOf = (person: Person): [Likeness, string][] => [
	...mails(person).map((mail): [Likeness, string] => ["mail", mail]),
	...phones(person).map((phone): [Likeness, string] => ["phone", phone]),
	...(nameKey(person) ? [["name", nameKey(person)] as [Likeness, string]] : []),
];

const pairKey = (a: Person, b: Person): string => [a.key, b.key].sort().join(" ");

/** Linear in the number of people; each pair once. not: whom the owner said to be two. */
export function suggestions(people: Person[], not: (a: Person, b: Person) => boolean): Suggestion[] {
	const first = new Map<string, Person>();
	const found = new Map<string, Suggestion>();
	for (const person of people)
		for (const [same, value] of keysOf(person)) {
			const where = `${same} ${value}`;
			const other = first.get(where);
			if (!other) first.set(where, person);
			else if (other !== person && !not(other, person) && !found.has(pairKey(other, person)))
				found.set(pairKey(other, person), { a: other, b: person, same });
		}
	return [...found.values()];
}
