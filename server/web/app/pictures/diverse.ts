// How one's network is spread: each person in one group and at one distance. Pure.
import { daysBetween } from "@web/dates";
import type { Person } from "../data/types";

export type By = "field" | "role" | "organization";

export interface Sector {
	/** "": not known. */
	name: string;
	people: { person: Person; ring: Ring }[];
}

/** 0: in touch, within their rhythm and met more than once; 1: in touch; 2: long ago. */
export type Ring = 0 | 1 | 2;

export interface Network {
	/** The largest first; who is in no known group last. */
	sectors: Sector[];
	/** 0 to 100, see evenness(); undefined for fewer than two people with a known group. */
	score?: number;
	rings: [number, number, number];
}

const touchDays = 90;

export function ringOf(person: Person, today: string): Ring {
	const last = person.lastContact ?? person.met?.last;
	const days = last ? daysBetween(last, today) : Infinity;
	if (days > (person.rhythm_days || touchDays)) return 2;
	return (person.met?.count ?? 0) > 1 || person.favours.length ? 0 : 1;
}

/** The topic that one's notes about them name most often; the earlier one of equals. */
function fieldOf(person: Person): string {
	const counts = new Map<string, number>();
	for (const topic of person.notes.flatMap((note) => note.topics)) counts.set(topic, (counts.get(topic) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? "";
}

const groupOf: Record<By, (person: Person) => string> = {
	field: fieldOf,
	role: (person) => person.title?.trim() ?? "",
	organization: (person) => person.organization?.trim() ?? "",
};

/**
 * Pielou's evenness of the groups' sizes: Shannon's entropy over what it would be if all groups
 * were equally large. One group alone is not even but one-sided: 0.
 */
export function evenness(sizes: number[]): number {
	const all = sizes.reduce((a, b) => a + b, 0);
	if (sizes.length < 2 || all === 0) return 0;
	const entropy = sizes.filter((n) => n > 0).reduce((sum, n) => sum - (n / all) * Math.log(n / all), 0);
	return Math.round((100 * entropy) / Math.log(sizes.length));
}

export function network(people: Person[], by: By, today: string): Network {
	const groups = new Map<string, Sector>();
	const rings: Network["rings"] = [0, 0, 0];
	for (const person of people) {
		const name = groupOf[by](person);
		const id = name.toLowerCase();
		const sector = groups.get(id) ?? { name, people: [] };
		const ring = ringOf(person, today);
		rings[ring]++;
		sector.people.push({ person, ring });
		groups.set(id, sector);
	}
	const known = [...groups.values()].filter((sector) => sector.name);
	known.sort((a, b) => b.people.length - a.people.length || a.name.localeCompare(b.name));
	const unknown = groups.get("");
	const sizes = known.map((sector) => sector.people.length);
	return {
		sectors: unknown ? [...known, unknown] : known,
		score: sizes.reduce((a, b) => a + b, 0) > 1 ? evenness(sizes) : undefined,
		rings,
	};
}
