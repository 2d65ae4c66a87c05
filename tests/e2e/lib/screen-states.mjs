// One state event for each picture that the kiosk's screen can show (docs/api.md).

const base = {
	event: "C Meetup Berlin",
	role: "mixed",
	lang: "en",
	langs: ["en", "de"],
	link: { online: true, pending: 0, synced_ms_ago: 4000, server: "ok" },
	readers: [
		{ name: "nfc 1", state: "ready", text: "" },
		{ name: "camera 1", state: "ready", text: "" },
	],
	sound: "none",
};
const ana = { name: "Ana M.", initials: "AM" };
const ben = { name: "Ben K.", initials: "BK" };
const long = {
	name: "Maximiliana-Theodora von der Hohenstaufenburg-Wittelsbach Z.",
	initials: "MZ",
};
const guest = { name: "Li Wei", initials: "LW", organization: "Acme Robotics" };
const timer = (ms) => ({ ms, left_ms: Math.round(ms * 0.7) });
const offline = { online: false, pending: 3, synced_ms_ago: 420000, server: "down" };
const note = {
	screen: "note",
	person: ana,
	other: ben,
	timer: timer(12000),
	verbs: ["topic", "send", "intro", "help"],
	topics: ["SQLite", "Hiring", "Embedded Linux", "Compilers", "Public transport", "Beekeeping"],
	chosen: ["send", "SQLite"],
	when: "2026-11-24",
	whens: [
		{ key: "tomorrow", date: "2026-11-23" },
		{ key: "soon", date: "2026-11-24" },
		{ key: "week", date: "2026-11-29" },
		{ key: "month", date: "2026-12-22" },
	],
	note_side: "a",
	buddy: false,
};
// not a readable code: what counts is its size and its contrast
const qr = Array.from({ length: 37 }, (_, y) =>
	Array.from({ length: 37 }, (_, x) =>
		(x * 7 + y * 13 + x * y) % 3 === 0 ? `M${x} ${y}h1v1h-1z` : "",
	).join(""),
).join("");

const signs = [
	{ sign: "power", for_ms: 61000, value: 1 },
	{ sign: "heat", for_ms: 9000, value: 81200 },
	{ sign: "disk", for_ms: 900000, value: 12 },
	{ sign: "clock", for_ms: 1000 },
];
const station = { screen: "staff", staff: true, tool: "station", found: [], volume: 3, in_service: true, can_shut_down: true };
const broken = { name: "nfc 1", state: "fault", text: "no PN532 answers at /dev/kith-reader: is it plugged in, and its switches on HSU?" };
const seen = { count: 3, seen: "chip", name: "Ana M.", reader: "nfc 1", tag: "NTAG213", uid: "04a1b2c3d4e5f6", bytes: 141, read_ms: 46 };

const setupState = { screen: "setup", event: undefined, link: undefined };
const newStation = { busy: false, enrolled: false, problem: "", text: "", server: "", code: "", system: true, zone: "Europe/Berlin", networks: [], hints: [] };

const states = {
	starting: { screen: "starting" },
	closed: { screen: "closed", reason: "no-reader", other: { name: "Front desk 2", initials: "F" } },
	idle: { screen: "idle" },
	"idle-lounge": { screen: "idle", role: "lounge" },
	"idle-offline": { screen: "idle", link: offline },
	"idle-pending": { screen: "idle", link: { ...base.link, pending: 12 } },
	"idle-sign": {
		screen: "idle",
		readers: [{ name: "nfc 1", state: "failed", text: "unplugged" }],
		signs: [{ sign: "reader", for_ms: 9000, value: 1 }],
	},
	"idle-signs-german": {
		screen: "idle",
		lang: "de",
		link: offline,
		signs: [{ sign: "heat", for_ms: 9000, value: 81200 }, { sign: "disk", for_ms: 1, value: 12 }, { sign: "camera", for_ms: 1 }],
	},
	"idle-german": { screen: "idle", lang: "de" },
	"idle-light": { screen: "idle", hint: "light" },
	"idle-closer": { screen: "idle", hint: "closer" },
	"idle-tilt": { screen: "idle", hint: "tilt" },
	"idle-still": { screen: "idle", hint: "still" },
	"idle-light-german": { screen: "idle", hint: "light", lang: "de" },
	"whose-tilt": { screen: "whose", other: guest, hint: "tilt", timer: timer(15000) },
	help: { screen: "refused", reason: "help", help: "3", timer: timer(5000) },
	reading: { screen: "reading" },
	welcome: { screen: "welcome", person: ana, at: "09:41", can_exchange: false, can_undo: true, timer: timer(8000) },
	"welcome-already": { screen: "welcome", person: ana, at: "09:41", already: true, timer: timer(8000) },
	"welcome-door": { screen: "welcome", role: "door", person: ana, at: "09:41", can_exchange: true, can_undo: true, timer: timer(5000) },
	"welcome-lounge": { screen: "welcome", role: "lounge", person: ana, can_exchange: false, can_undo: false, timer: timer(8000) },
	"welcome-long": { screen: "welcome", person: long, at: "09:41", timer: timer(8000), link: offline },
	"welcome-rtl-name": {
		screen: "welcome",
		person: { name: "محمد ع.", initials: "مع" },
		at: "09:41",
		timer: timer(8000),
	},
	whose: { screen: "whose", other: guest, timer: timer(15000) },
	exchange: {
		screen: "exchange",
		person: ana,
		other: ben,
		shared: ["name", "organization"],
		met_count: 1,
		timer: timer(3000),
	},
	"exchange-again": {
		screen: "exchange",
		person: ana,
		other: ben,
		shared: ["name", "organization"],
		met_count: 3,
		timer: timer(3000),
	},
	"exchange-long": {
		screen: "exchange",
		person: long,
		other: { ...long, name: `${long.name} II` },
		shared: ["name", "organization", "title", "email", "phone", "url"],
		met_count: 12,
		timer: timer(3000),
	},
	note,
	"note-text": { ...note, text: "Send the talk about write-ahead logs, and ask for the slides on tries" },
	"note-long": { ...note, other: long, topics: ["Geographic information systems", ...note.topics.slice(1)] },
	"note-plain": { ...note, topics: [], chosen: [], note_side: undefined, buddy: undefined },
	"note-roomy": { ...note, topics: ["SQLite", "Hiring", "Compilers", "Music"] },
	"note-german": { ...note, lang: "de" },
	guest: { screen: "guest", person: ana, other: guest, timer: timer(12000) },
	"guest-long": {
		screen: "guest",
		person: long,
		other: { ...long, organization: "Gesellschaft zur Förderung der angewandten Informatik e. V." },
		timer: timer(12000),
	},
	refused: { screen: "refused", reason: "unknown-badge", help: "3", timer: timer(5000) },
	"refused-stop": { screen: "refused", reason: "other-chip", help: "12", timer: timer(5000) },
	"refused-rotated": { screen: "refused", reason: "rotated-out-key", help: "3", timer: timer(5000) },
	"refused-key-german": { screen: "refused", reason: "unknown-key", help: "3", lang: "de", timer: timer(5000) },
	"refused-later-german": { screen: "refused", reason: "verify-later", help: "3", lang: "de", timer: timer(5000) },
	"refused-ticket": { screen: "refused", reason: "ticket-not-badge", timer: timer(5000) },
	"refused-german": { screen: "refused", reason: "badge-code-at-door", help: "3", lang: "de", timer: timer(5000) },
	pair: { screen: "pair", person: ana, qr, qr_size: 37, timer: timer(90000) },
	"pair-digits": { screen: "pair", person: ana, digits: "42", timer: timer(60000) },
	"pair-approval": { screen: "pair", person: ana, reason: "approval", digits: "42", timer: timer(60000) },
	"pair-paired": { screen: "pair", person: ana, reason: "paired", digits: "42", timer: timer(3000) },
	"pair-offline": { screen: "pair", person: ana, reason: "offline", link: offline, timer: timer(5000) },
	"staff-pin": { screen: "staff", staff: false },
	"staff-wrong-pin": { screen: "staff", staff: false, reason: "pin" },
	"staff-desk": { screen: "staff", staff: true, found: [], link: offline },
	"staff-found": {
		screen: "staff",
		staff: true,
		found: [
			{ id: "a", name: "Ana Müller" },
			{ id: "b", name: "Anastasia Papadopoulou-Schwarzenberg" },
			{ id: "c", name: "Ana Silva" },
			{ id: "d", name: "Ananda Rao" },
		],
	},
	"staff-checked-in": { screen: "staff", staff: true, person: ana, at: "09:41", can_undo: true, found: [] },
	"staff-assigned": { screen: "staff", staff: true, reason: "assigned", found: [] },
	"setup-language": { ...setupState, setup: { ...newStation, step: "language" } },
	"setup-network": { ...setupState, setup: { ...newStation, step: "network", networks: ["Venue", "Congress Center Nord, Foyer", "FRITZ!Box 7590 XY", "guest", "☕ & more"] } },
	"setup-network-german": { ...setupState, lang: "de", setup: { ...newStation, step: "network", problem: "wifi_password_length" } },
	"setup-code": { ...setupState, setup: { ...newStation, step: "code" } },
	"setup-code-german": { ...setupState, lang: "de", setup: { ...newStation, step: "code", server: "https://registration.association.example.org:8443", code: "AB12-CD34-EF56-GH78", problem: "code_refused" } },
	"setup-code-problem": { ...setupState, setup: { ...newStation, step: "code", problem: "line_unknown", text: "line 12 of the settings has no =" } },
	"setup-code-problem-german": { ...setupState, lang: "de", setup: { ...newStation, step: "code", problem: "line_unknown", text: "line 12 of the settings has no =" } },
	"setup-busy": { ...setupState, setup: { ...newStation, step: "code", busy: true } },
	"setup-test": { ...setupState, setup: { ...newStation, step: "test", enrolled: true }, test: { count: 1, seen: "chip", reader: "nfc 1", tag: "NTAG213", bytes: 141 } },
	"setup-test-german": { ...setupState, lang: "de", readers: [broken], setup: { ...newStation, step: "test", enrolled: true, hints: [{ reader: "nfc 1", hint: "console", text: "…" }] } },
	"setup-test-problem-german": { ...setupState, lang: "de", readers: [broken], setup: { ...newStation, step: "test", enrolled: true, problem: "not_wiped", text: "enrolled", hints: [{ reader: "nfc 1", hint: "console", text: "…" }] } },
	"closed-service": { screen: "closed", reason: "out-of-service", signs: [{ sign: "service", for_ms: 1 }] },
	"closed-off": { screen: "closed", reason: "shutting-down" },
	"refused-service": { screen: "refused", reason: "out-of-service", timer: timer(5000) },
	"staff-badge-first": { screen: "staff", staff: false, want_badge: true },
	"staff-badge-wrong": { screen: "staff", staff: false, want_badge: true, reason: "staff-badge" },
	"staff-station": station,
	"staff-station-signs": { ...station, link: offline, signs, in_service: false },
	"staff-station-german": { ...station, lang: "de", link: offline, signs },
	"staff-station-only": { ...station, tools_only: true, can_shut_down: false, readers: [broken], signs: signs.slice(0, 1) },
	"staff-unsynced": { ...station, reason: "unsynced", link: offline },
	"staff-unsynced-german": { ...station, lang: "de", reason: "unsynced", link: { ...offline, pending: 1234 } },
	"staff-reader": { ...station, tool: "reader" },
	"staff-reader-chip": { ...station, tool: "reader", test: seen },
	"staff-reader-german": { ...station, lang: "de", tool: "reader", test: { ...seen, seen: "refused", reason: "other-chip", name: undefined } },
	"staff-camera": { ...station, tool: "camera" },
	"staff-camera-german": { ...station, lang: "de", tool: "camera", test: { count: 12, seen: "card", name: long.name, reader: "camera 1", bytes: 249 } },
	"staff-badge": { screen: "staff", staff: true, reason: "assign", person: ana, timer: timer(30000) },
};

export const screenStates = Object.fromEntries(
	Object.entries(states).map(([name, state]) => [name, { ...base, ...state }]),
);
