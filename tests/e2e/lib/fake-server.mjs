// The server's JSON (docs/api.md) from memory, for tests of what the pages draw and send. What the
// real server does is tested by the tests that start it.
import { createServer } from "node:http";
import { listen, servePage } from "./fake-kiosk.mjs";

const day = (days) => {
	const d = new Date(Date.now() + days * 86_400_000);
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
};

export function item(n, more = {}) {
	return {
		key: `key-${n}`,
		kind: "hello",
		state: "open",
		due: day(1),
		overdue: false,
		why: "You met at C Meetup Berlin",
		of: `of-${n}`,
		after: [],
		person: {
			key: `person-${n}`,
			name: "Ben Okafor",
			organization: "Acme Robotics",
			title: "Head of Data",
			emails: ["ben@example.org"],
			phones: ["+49 30 1234567"],
			urls: ["https://example.org/ben", "javascript:alert(1)"],
			claimed: false,
		},
		notes: [],
		met: { count: 1, first: day(-1), last: day(-1) },
		draft: { subject: "Good to meet you", body: "Hello Ben,\n\nit was good to meet you.\n" },
		...more,
	};
}

export const sample = () => ({
	owner: { id: "ana", name: "Ana Müller" },
	as_of_ms: Date.now(),
	items: [
		item(1, {
			kind: "promise",
			overdue: true,
			due: day(-3),
			why: "You promised to send something",
			text: "Send the talk about write-ahead logs",
			person: { ...item(1).person, name: "Chiara Rossi", organization: "Rete Civica", title: "" },
			notes: [
				{ entry: "n1", text: "Runs the city's open data group; looks for speakers.", topics: ["SQLite", "Hiring"], at: day(-4) },
			],
			met: { count: 3, first: day(-300), last: day(-4) },
		}),
		item(2),
		item(3, {
			kind: "introduce",
			due: day(3),
			why: "You offered to introduce them to Sam",
			person: { key: "p3", name: "Дмитрий Ли", emails: [], phones: [], urls: [], claimed: true },
			notes: [{ entry: "n3", text: "", topics: ["Embedded Linux"], at: day(-1) }],
		}),
		item(4, { kind: "keep-in-touch", due: day(60), person: { ...item(4).person, key: "p4", name: "Eve Anastasia Papadopoulou-Schwarzenberg" } }),
		item(5, { kind: "thanks", state: "snooze", until: day(4), after: ["s5"], person: { ...item(5).person, key: "p5", name: "Sam Taylor" } }),
	],
	done: [item(6, { kind: "hello", state: "done", after: ["d6"], person: { ...item(6).person, key: "p6", name: "Li Wei" } })],
});

export const me = () => ({
	id: "ana",
	name: "Ana Müller",
	event: { event: 7, name: "C Meetup Berlin" },
	card: {},
	consents: { card: true, followups: false, contact: false },
	devices: [
		{ session: "s1", made_ms: Date.now() - 9e6, seen_ms: Date.now(), label: "Firefox on Android", this: true },
		{ session: "s2", made_ms: Date.now() - 9e8, seen_ms: Date.now() - 2e8, label: "Safari on iPhone", this: false },
	],
	approvals: [],
	notices: [{ text: "A phone was paired with your list", at_ms: Date.now() - 7.2e6 }],
});

const event = () => ({
	event: 7,
	name: "C Meetup Berlin",
	counts: { attendees: 340, checked_in: 212, meetings: 418, contacts: 37, followups: 901, done: 120 },
	stations: [
		{ station: "st1", name: "Front desk 1", role: "door", state: "ok", seen_ms: Date.now() - 4000, pending: 0, held: 812, refused: 0 },
		{ station: "st2", name: "Lounge", role: "lounge", state: "ok", seen_ms: Date.now() - 700_000, pending: 31, held: 240, refused: 2 },
		{ station: "st3", name: "Booth Acme", role: "booth", state: "revoked", seen_ms: Date.now() - 9e6, pending: 0, held: 12, refused: 0 },
		{ station: "st4", name: "Spare", role: "mixed", state: "ok", seen_ms: 0, pending: 0, held: 0, refused: 0 },
	],
	backup: { last_ms: null, ok: false },
});

const attendees = () =>
	["Ana Müller", "Ben Okafor", "Chiara Rossi", "Дмитрий Ли", "محمد علي", "Eve Anastasia Papadopoulou-Schwarzenberg"].map(
		(name, i) => ({
			id: `a${i}`,
			name,
			organization: ["Acme Robotics", "", "Rete Civica", "Институт", "", "Gesellschaft zur Förderung der angewandten Informatik e. V."][i],
			email: i === 1 ? "" : `person${i}@example.org`,
			checked_in_ms: i % 2 ? null : Date.now() - i * 600_000,
			badges: i === 1 ? ["b1", "b2"] : [],
			consents: { card: i < 3, followups: i === 0, contact: i === 2 },
		}),
	);

/** Replies by "METHOD path"; a function gets the body and the query. state may be changed by tests. */
export async function fakeServer() {
	const asked = [];
	const world = {
		queue: sample(),
		me: me(),
		event: event(),
		attendees: attendees(),
		signedIn: true,
		organizer: true,
		pair: "opened",
		fail: undefined, // [status, code, text] for every POST
		preview: { rows: 120, new: 112, changed: 8, problems: [], sample: attendees().slice(0, 3) },
	};
	const change = (key, body) => {
		const all = [...world.queue.items, ...world.queue.done];
		const found = all.find((one) => one.key === key);
		if (!found) return [404, { error: { code: "not-found", text: "This follow-up is gone" } }];
		if (JSON.stringify(found.after) !== JSON.stringify(body.after))
			return [409, { error: { code: "conflict", text: "It was changed elsewhere" } }];
		const next = { ...found, state: body.state, until: body.until, after: [`state-${asked.length}`] };
		const over = ["done", "drop"].includes(body.state);
		world.queue.items = world.queue.items.filter((one) => one.key !== key);
		world.queue.done = world.queue.done.filter((one) => one.key !== key);
		(over ? world.queue.done : world.queue.items).unshift(next);
		return [200, { item: next }];
	};
	const routes = {
		"GET /v1/queue": () => (world.signedIn ? [200, world.queue] : [401, { error: { code: "unauthenticated", text: "Sign in" } }]),
		"GET /v1/me": () => (world.signedIn ? [200, world.me] : [401, { error: { code: "unauthenticated", text: "Sign in" } }]),
		"POST /v1/notes": () => [200, {}],
		"POST /v1/me/consents": ({ purpose, given }) => ((world.me.consents[purpose] = given), [200, {}]),
		"POST /v1/me/feed": ({ renew }) => [200, { url: `https://kith.example/v1/queue.ics?key=${renew ? "new" : "old"}Secret0123456789abcdef` }],
		"POST /v1/me/hide": () => [200, {}],
		"POST /v1/signout": () => ((world.signedIn = false), [200, {}]),
		"POST /v1/signin": ({ code }) =>
			code === "GOOD" ? ((world.signedIn = true), [200, {}]) : [401, { error: { code: "unauthenticated", text: "This code is not known. Check it, or ask at the desk." } }],
		"POST /v1/pair": () => [200, { pairing: "p", digits: "42" }],
		"POST /v1/pair/finish": () => [200, { state: world.pair }],
		"GET /v1/events": () => (world.organizer ? [200, [{ event: 7, name: "C Meetup Berlin" }, { event: 8, name: "Spring workshop" }]] : [401, { error: { code: "unauthenticated", text: "Sign in" } }]),
		"POST /v1/organizer/signin": ({ password }) =>
			password === "right" ? ((world.organizer = true), [200, {}]) : [401, { error: { code: "unauthenticated", text: "E-mail and password do not fit together" } }],
		"POST /v1/organizer/signout": () => ((world.organizer = false), [200, {}]),
		"GET /v1/events/7": () => [200, world.event],
		"GET /v1/events/8": () => [200, { ...world.event, event: 8, name: "Spring workshop", stations: [], counts: { attendees: 0, checked_in: 0, meetings: 0, contacts: 0, followups: 0, done: 0 }, backup: { last_ms: Date.now() - 9e6, ok: true } }],
		"GET /v1/events/7/attendees": (_, query) => [200, world.attendees.filter((a) => a.name.toLowerCase().includes((query.get("q") ?? "").toLowerCase()))],
		"GET /v1/events/8/attendees": () => [200, []],
		"POST /v1/events/7/attendees": (_, query) => [200, query.get("preview") ? world.preview : { imported: 120 }],
		"POST /v1/events/7/badges/b1/revoke": () => [200, {}],
		"POST /v1/events/7/badges/b2/revoke": () => [200, {}],
		"POST /v1/events/7/attendees/a0/ticket": () => [200, { code: "7KQ2-M4XT-9B", url: "https://kith.example/t#7KQ2M4XT9B" }],
		"POST /v1/events/7/enrolments": () => [200, { code: "AB12CD34EF56", expires_ms: Date.now() + 600_000 }],
		"POST /v1/events/7/stations/st1/revoke": () => [200, {}],
		"GET /v1/events/7/followups.json": () => [200, { event: 7, rows: [], counts: { rows: 311, owners_without_consent: 590, others_without_consent: 74 } }],
		"GET /v1/events/8/followups.json": () => [200, { event: 8, rows: [], counts: { rows: 0, owners_without_consent: 0, others_without_consent: 0 } }],
	};
	const server = createServer((request, reply) => {
		let text = "";
		request.on("data", (part) => (text += part));
		request.on("end", () => {
			const { pathname, searchParams } = new URL(request.url, "http://x");
			const csv = request.headers["content-type"] === "text/csv";
			const body = text && !csv ? JSON.parse(text) : text;
			if (request.method === "POST") asked.push({ path: pathname + new URL(request.url, "http://x").search, body });
			const keyed = /^\/v1\/queue\/(.+)$/.exec(pathname);
			const ended = /^\/v1\/me\/(devices|approvals)\//.exec(pathname);
			const route = keyed
				? (b) => change(decodeURIComponent(keyed[1]), b)
				: ended
					? () => ((world.me.approvals = []), [200, {}])
					: routes[`${request.method} ${pathname}`];
			if (!route) {
				if (!servePage("server", request.url, reply)) reply.writeHead(404).end();
				return;
			}
			const [status, json] =
				request.method === "POST" && world.fail
					? [world.fail[0], { error: { code: world.fail[1], text: world.fail[2] } }]
					: route(body, searchParams);
			reply.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
		});
	});
	return {
		url: await listen(server),
		asked,
		world,
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
