// The plan: what core.plan answers (docs/api.md, "The plan").
import { isoDate } from "@web/dates";
import type { Fact } from "./plan";
import type { Balance, Goals } from "./types";

export interface PlanPerson {
	key: string;
	ids: string[];
	ties: string[];
	met: { count: number; first: string; last: string };
	balance: Balance;
	rhythm_days: number;
	contact?: string;
	face?: string;
	introduced_by?: string;
}

export interface PlanItem {
	key: string;
	kind: string;
	state: string;
	due: string;
	person?: string;
	of?: string;
	title: string;
	why: string;
	after: string[];
}

export interface PlanJson {
	items: PlanItem[];
	persons: PlanPerson[];
	goals: Goals;
	balance: Balance;
	good_until_ms: number;
}

const nothing = (): Balance => ({ offered: 0, given: 0, asked: 0, received: 0 });

/** For the time in which the rules are not on the phone yet: who was met, and when. */
export function planFacts(facts: Fact[], now_ms: number): PlanJson {
	const gone = new Set(
		facts.filter((fact) => fact.kind === "retract" || fact.kind === "hide").map((fact) => String(fact.payload["of"])),
	);
	const persons = new Map<string, PlanPerson>();
	for (const fact of facts) {
		const id = fact.kind === "meeting" ? fact.other : fact.kind === "contact" && !fact.payload["of"] ? fact.entry : undefined;
		if (!id || gone.has(fact.entry)) continue;
		const day = isoDate(new Date(fact.at_ms));
		const had = persons.get(id);
		if (had) {
			had.ties.push(fact.entry);
			had.met = { count: had.met.count + 1, first: had.met.first, last: day };
			continue;
		}
		persons.set(id, {
			key: id,
			ids: [id],
			ties: [fact.entry],
			met: { count: 1, first: day, last: day },
			balance: nothing(),
			rhythm_days: 0,
		});
	}
	return {
		items: [],
		persons: [...persons.values()],
		goals: { people: { done: 0, goal: 0 }, leads: { done: 0, goal: 0 }, followed_up: 0, weeks: [] },
		balance: nothing(),
		good_until_ms: now_ms + 3_600_000,
	};
}
