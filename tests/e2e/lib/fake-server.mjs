// The server's JSON (docs/api.md) from memory, for tests of what the pages draw and send. What the
// real server does is tested by the tests that start it.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { built } from "./browser.mjs";
import { listen, servePage } from "./fake-kiosk.mjs";

const day = (days) => {
	const d = new Date(Date.now() + days * 86_400_000);
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, "0")}-${String(d.getDate()).padStart(2, "0")}`;
};

const ms = (days) => Date.now() + days * 86_400_000;
export const personId = (n) => Buffer.alloc(16, n).toString("base64url");
export const entryId = (n) => {
	const hex = Buffer.from([...Array(12).fill(0x11), 0, 0, n >> 8, n & 255]).toString("hex");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
};
export const ana = personId(250);

export const row = (n, kind, at_ms, payload, more = {}) => ({
	entry: entryId(n),
	event: 7,
	kind,
	at_ms,
	own: true,
	payload: JSON.parse(JSON.stringify(payload)),
	...more,
});
export const met = (n, other, at_ms = ms(-1)) => row(n, "meeting", at_ms, { a: ana, b: other }, { other, own: false });
export const who = (n, name, more = {}) => ({
	key: personId(n),
	name,
	organization: "Acme Robotics",
	title: "Head of Data",
	emails: [`person${n}@example.org`],
	phones: ["+49 30 1234567"],
	urls: ["https://example.org/ben", "javascript:alert(1)"],
	vouched: true,
	withheld: false,
	...more,
});

/** What Ana's phone downloads: GET /v1/me/log. */
export function log(rows = sampleRows(), people = samplePeople()) {
	return {
		me: ana,
		zone_min: -new Date().getTimezoneOffset(),
		server_ms: Date.now(),
		event: { event: 7, name: "C Meetup Berlin", topics: ["SQLite", "Hiring", "Embedded Linux"], host: "kith.example" },
		card: {
			name: "Ana Müller",
			organization: "Kestrel Robotics",
			title: "Firmware lead",
			emails: ["ana@example.org"],
			phones: ["+49 30 5550101"],
			urls: [],
			badge: personId(251),
			link: `https://kith.example/b#${personId(251)}`,
			line: `X-KITH:https://kith.example/b#${personId(251)}`,
			short_code: "7KQ2M4XT9B",
		},
		rows,
		gone: [],
		people,
	};
}

const samplePeople = () => [
	who(1, "Chiara Rossi", { organization: "Rete Civica", title: "" }),
	who(2, "Ben Okafor"),
	who(4, "Eve Anastasia Papadopoulou-Schwarzenberg"),
	who(5, "Sam Taylor"),
	who(6, "Li Wei", { here: true }),
];

/** A promise that is late, a greeting, a card of somebody's own, a snooze, and something done. */
const sampleRows = () => [
	met(1, personId(1), ms(-300)),
	met(2, personId(1), ms(-30)),
	met(3, personId(1), ms(-4)),
	row(4, "followup", ms(-4), { owner: ana, of: entryId(3), kind: "promise", due: day(-3), text: "Send the talk about write-ahead logs" }),
	row(5, "note", ms(-4), {
		author: ana,
		of: entryId(3),
		text: "Runs the city's open data group; looks for speakers.",
		topics: ["SQLite", "Hiring"],
	}),
	row(6, "favour", ms(-4), { owner: ana, of: entryId(3), way: "asked", text: "a seat at the table" }),
	met(7, personId(2)),
	row(8, "contact", ms(-1), {
		owner: ana,
		card: "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Дмитрий Ли\r\nN:Ли;Дмитрий;;;\r\nEND:VCARD\r\n",
		claimed: true,
	}),
	row(9, "followup", ms(-1), { owner: ana, of: entryId(8), kind: "introduce", due: day(3) }),
	met(10, personId(4)),
	met(11, personId(5), ms(-2)),
	row(12, "followup", ms(-2), { owner: ana, of: entryId(11), kind: "thanks", due: day(9) }),
	met(13, personId(6), ms(-3)),
	row(14, "favour", ms(-3), { owner: ana, of: entryId(13), way: "offered", text: "a review of the talk" }),
];

export const me = () => ({
	id: ana,
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
		{ station: "st1", name: "Front desk 1", role: "door", state: "ok", seen_ms: Date.now() - 4000, pending: 0, held: 812, refused: 0,
			signs: [{ sign: "reader", since_ms: Date.now() - 300_000, value: 1 }, { sign: "heat", since_ms: Date.now() - 4e6, until_ms: Date.now() - 3e6, value: 81200 }] },
		{ station: "st2", name: "Lounge", role: "lounge", state: "ok", seen_ms: Date.now() - 700_000, pending: 31, held: 240, refused: 2,
			signs: [{ sign: "disk", since_ms: Date.now() - 9e8, value: 12 }] },
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
	const fresh = () => ({
		log: log(),
		streams: new Map(),
		answers: [], // to the next batches, instead: (batch) => [status, json, headers]
		refuse: () => undefined, // to every batch, instead, where it answers
		worker: "", // what stands before the service worker: another text is another version
		codes: () => [404, { error: { code: "not-found", text: "nobody" } }],
		me: me(),
		there: {}, // GET /v1/me at a further event, by its number
		event: event(),
		events: [{ event: 7, name: "C Meetup Berlin" }, { event: 8, name: "Spring workshop" }], // the organizer's
		attendees: attendees(),
		signedIn: true,
		organizer: true,
		pair: "opened",
		fail: undefined, // [status, code, text] for every POST
		stalls: undefined, // { path, begins }: no answer to what is below it, or one that does not end
		preview: { rows: 120, new: 112, changed: 8, problems: [], sample: attendees().slice(0, 3) },
	});
	const world = fresh();
	/** Takes whatever comes, as a server that never refuses; what is taken is in the next download. */
	const append = (store, batch) => {
		const stream = world.streams.get(store) ?? { seq: 0, hash: "A".repeat(43) };
		for (const entry of batch.entries.filter((one) => one.seq > stream.seq)) {
			const payload = JSON.parse(entry.payload);
			Object.assign(stream, { seq: entry.seq, hash: entry.hash });
			world.log.rows.push({
				entry: entry.id,
				event: batch.event,
				kind: entry.kind,
				at_ms: entry.wall_ms,
				own: true,
				...(payload.b && { other: payload.b }),
				payload,
			});
		}
		world.streams.set(store, stream);
		return [200, { store_id: store, status: "ok", durable_seq: stream.seq, durable_hash: stream.hash, safe_seq: 0, server_ms: Date.now(), refusals: [] }];
	};
	const nobody = [401, { error: { code: "unauthenticated", text: "Sign in" } }];
	const routes = {
		"GET /v1/me/log": () => (world.signedIn ? [200, world.log] : nobody),
		"GET /v1/me": (_, query) => (world.signedIn ? [200, world.there[query.get("event")] ?? world.me] : nobody),
		"POST /v1/codes": ({ code }) => world.codes(code),
		"POST /v1/me/consents": ({ purpose, given }) => ((world.me.consents[purpose] = given), [200, {}]),
		"POST /v1/me/feed": ({ renew }) => [200, { url: `https://kith.example/v1/queue.ics?key=${renew ? "new" : "old"}Secret0123456789abcdef` }],
		"POST /v1/signout": () => ((world.signedIn = false), [204]),
		"POST /v1/signin": ({ code }) =>
			code === "GOOD" ? ((world.signedIn = true), [200, {}]) : [401, { error: { code: "unauthenticated", text: "This code is not known. Check it, or ask at the desk." } }],
		"POST /v1/pair": () => [200, { pairing: "p", digits: "42" }],
		"POST /v1/pair/finish": () => [200, { state: world.pair }],
		"GET /v1/events": () => (world.organizer ? [200, world.events] : [401, { error: { code: "unauthenticated", text: "Sign in" } }]),
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
			const stream = /^\/v1\/streams\/(.+)$/.exec(pathname);
			const ended = /^\/v1\/me\/(devices|approvals)\//.exec(pathname);
			const route = stream
				? (b) => (world.answers.length ? world.answers.shift()(b) : (world.refuse(b) ?? (world.signedIn ? append(stream[1], b) : nobody)))
				: ended
					? () => ((world.me.approvals = []), [200, {}])
					: routes[`${request.method} ${pathname}`];
			if (pathname === "/sw.js") {
				reply.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-cache" });
				reply.end(world.worker + readFileSync(join(built, "core/web/dist/server/sw.js"), "utf8"));
				return;
			}
			if (!route) {
				if (!servePage("server", request.url, reply)) reply.writeHead(404).end();
				return;
			}
			if (world.stalls && pathname.startsWith(world.stalls.path)) {
				if (world.stalls.begins) reply.writeHead(200, { "Content-Type": "application/json" }).write("{");
				return;
			}
			const [status, json, headers = {}] =
				request.method === "POST" && world.fail
					? [world.fail[0], { error: { code: world.fail[1], text: world.fail[2] } }]
					: route(body, searchParams);
			const answer = json && JSON.stringify(json);
			if (pathname === "/v1/me/log" && status === 200) {
				headers.ETag = `"${createHash("sha256").update(answer).digest("hex")}"`;
				if (request.headers["if-none-match"] === headers.ETag) {
					reply.writeHead(304, headers).end();
					return;
				}
			}
			reply.writeHead(status, { "Content-Type": "application/json", ...headers }).end(answer);
		});
	});
	return {
		url: await listen(server),
		asked,
		world,
		/** As at the start, for the next test. */
		anew() {
			Object.assign(world, fresh());
			asked.length = 0;
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
