// A model to draw screens with while there is no store: for work on the pages.
import { publish, setEngine } from "./model";
import type { Item, Model, Person } from "./types";

const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const nothing = { offered: 0, given: 0, asked: 0, received: 0 };

function person(key: string, name: string, more: Partial<Person> = {}): Person {
	return {
		key,
		name,
		organization: "Acme Robotics",
		title: "Head of Data",
		emails: [`${key}@example.org`],
		phones: ["+49 30 1234567"],
		urls: ["https://example.org/"],
		claimed: false,
		withheld: false,
		here: true,
		ties: [{ entry: `tie-${key}`, event: 7, at_ms: Date.now() - 9e7, how: "meeting", byCode: false, sent: true }],
		met: { count: 1, first: day(-1), last: day(-1) },
		notes: [],
		items: [],
		balance: nothing,
		rhythm_days: 90,
		lastContact: day(-1),
		lastFaceTime: day(-1),
		cares: [],
		working: [],
		...more,
	};
}

function item(key: string, of: Person, more: Partial<Item> = {}): Item {
	const made: Item = {
		key,
		kind: "hello",
		state: "open",
		due: day(1),
		overdue: false,
		title: `Say hello to ${of.name}`,
		why: "You met at C Meetup Berlin",
		whys: ["You met at C Meetup Berlin"],
		of: of.ties[0]?.entry,
		after: [],
		person: of,
		also: [],
		notes: of.notes,
		met: of.met,
		balance: of.balance,
		offers: [],
		draft: { subject: "Good to meet you", body: `Hello ${of.name},\n\nit was good to meet you.\n` },
		sent: true,
		...more,
	};
	of.items.push(made);
	return made;
}

export function fixture(): Model {
	const chiara = person("chiara", "Chiara Rossi", {
		met: { count: 3, first: day(-300), last: day(-4) },
		notes: [
			{
				entry: "n1",
				text: "Runs the city's open data group; looks for speakers.",
				topics: ["SQLite", "Hiring"],
				at: day(-4),
				at_ms: Date.now() - 4 * 86_400_000,
				of: "tie-chiara",
				sent: true,
			},
		],
		cares: ["open data"],
		balance: { offered: 1, given: 0, asked: 2, received: 1 },
	});
	const ben = person("ben", "Ben Okafor");
	const li = person("li", "李伟", { claimed: true, title: "", phones: [] });
	const people = [chiara, ben, li];
	return {
		me: { id: "ana", name: "Ana Müller", event: 7 },
		event: { event: 7, name: "C Meetup Berlin", topics: ["SQLite", "Hiring", "Compilers"], host: "kith.example" },
		card: {
			name: "Ana Müller",
			organization: "Kestrel Robotics",
			title: "Firmware lead",
			emails: ["ana@example.org"],
			phones: ["+49 30 5550101"],
			urls: [],
			badge: "AAAAAAAAAAAAAAAAAAAAAA",
			link: "https://kith.example/b#AAAAAAAAAAAAAAAAAAAAAA",
			short_code: "7KQ2M4XT9B",
		},
		people,
		plan: {
			items: [
				item("k1", chiara, {
					kind: "promise",
					overdue: true,
					due: day(-3),
					title: "Keep your promise to Chiara Rossi",
					why: "You promised to send something",
					text: "Send the talk about write-ahead logs",
					hint: "You asked twice and gave nothing yet.",
				}),
				item("k2", ben, { due: day(0) }),
				item("k3", li, { kind: "introduce", due: day(3), also: [ben] }),
				item("k4", ben, { kind: "keep-in-touch", due: day(60) }),
				item("k5", li, { kind: "thanks", state: "snooze", until: day(4), after: ["s5"] }),
			],
			done: [item("k6", li, { state: "done", after: ["d6"] })],
			goals: {
				people: { done: 1, goal: 2 },
				leads: { done: 0, goal: 1 },
				followed_up: 3,
				weeks: [],
			},
			balance: { offered: 6, given: 4, asked: 4, received: 2 },
			loops: [{ of: "tie-chiara", person: chiara, about: ben, asked: day(-9), acted: day(-4) }],
			good_until_ms: Date.now() + 3_600_000,
		},
		settings: {},
		settingAfter: {},
		pending: [],
		unsent: [],
		sync: "online",
		lastSync_ms: Date.now(),
		person: (key) => people.find((one) => one.key === key),
	};
}

/** Shows the fixture; writes are counted and otherwise forgotten. */
export function showFixture(): void {
	let written = 0;
	setEngine({
		write: async () => `entry-${++written}`,
		writeAll: async (news) => news.map(() => `entry-${++written}`),
		hold: async () => undefined,
		dismiss: async () => undefined,
		sync: async () => undefined,
		signOut: async () => undefined,
		reloadAccount: async () => undefined,
		download: async () => new Blob([]),
	});
	publish({ phase: "ready", model: fixture() });
}
