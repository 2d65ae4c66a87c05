// The event that comes next, and whom one knows there.
import { daysBetween, today } from "@web/dates";
import type { EventInfo, Model, Person } from "../data/types";

/** The next one or the one that is on, by its days; undefined: none of them says its days. */
export const nextEvent = (model: Model): EventInfo | undefined =>
	model.mine
		.map((one) => one.event)
		.filter(({ starts, ends }) => starts && (ends ?? starts) >= today())
		.sort((a, b) => (a.starts! < b.starts! ? -1 : 1))[0];

/** Who is expected there, as far as they let it be known. */
export const expected = (model: Model, event: number): Person[] =>
	model.people.filter((person) => person.coming.includes(event));

/** The evening before, and while it is on, but not at its end: then one knows whom one met. */
export function isDue({ starts }: EventInfo): boolean {
	const days = daysBetween(today(), starts ?? "");
	return days === 0 || (days === 1 && new Date().getHours() >= 15);
}
