// The bench page: what lies on the table is told by GET /table; a click is a POST.

const byId = (id) => document.getElementById(id);
/** How long a badge stays on the reader when it lifts off by itself: longer than a slow read. */
const tapMs = 1400;
const showMs = 2500;

let table = { badges: [], cards: [], links: [] };
let shown; // the card before the camera
let busy = Promise.resolve();

async function post(path, body = {}) {
	const reply = await fetch(path, {
		method: "POST",
		headers: { "Content-Type": "application/json" },
		body: JSON.stringify(body),
	});
	if (!reply.ok) throw new Error((await reply.text()) || `${path}: ${reply.status}`);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/** One hand: things happen one after the other. */
function hand(task) {
	busy = busy.then(task).catch((error) => {
		byId("problem").hidden = false;
		byId("problem").textContent = `The bench does not answer: ${error.message}`;
	});
	return busy;
}

async function load() {
	const reply = await fetch("/table", { cache: "no-store" });
	table = await reply.json();
	byId("problem").hidden = true;
	draw();
}

const badgeOn = () => table.badges.find((badge) => badge.on);

function put(badge) {
	return hand(async () => {
		const before = badgeOn();
		if (before) await post("/take");
		if (before?.name === badge.name) return load();
		await post("/put", { name: badge.name });
		await load();
		if (!byId("lift").checked) return undefined;
		await wait(tapMs);
		await post("/take");
		return load();
	});
}

function show(card) {
	return hand(async () => {
		shown = card;
		draw();
		try {
			await post("/show", { card: card.name });
			await wait(showMs);
		} finally {
			shown = undefined;
			draw();
		}
	});
}

function element(tag, className, text = "") {
	const el = document.createElement(tag);
	if (className) el.className = className;
	el.textContent = text;
	return el;
}

const initials = (label) =>
	label
		.split(/\s+/)
		.map((word) => [...word][0] ?? "")
		.slice(0, 2)
		.join("")
		.toUpperCase();

function hidden(el) {
	el.setAttribute("aria-hidden", "true");
	return el;
}

function badgeFace(badge) {
	const face = element("span", "badge-face");
	face.append(
		element("span", "badge-hole"),
		hidden(element("span", "badge-circle", initials(badge.label))),
		element("span", "badge-name", badge.label),
	);
	return face;
}

/** A pattern that looks like a code and differs from card to card; the real one is the camera's. */
function cardFace(card) {
	const face = element("span", "card-face");
	const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
	const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
	let seed = [...card.name].reduce((n, c) => (n * 31 + c.codePointAt(0)) >>> 0, 7);
	let d = "M0 0h7v7h-7zM1 1v5h5v-5zM2 2h3v3h-3zM14 0h7v7h-7zM15 1v5h5v-5zM16 2h3v3h-3zM0 14h7v7h-7zM1 15v5h5v-5zM2 16h3v3h-3z";
	for (let y = 0; y < 21; y++)
		for (let x = 0; x < 21; x++) {
			seed = (seed * 1664525 + 1013904223) >>> 0;
			const corner = (x < 8 && y < 8) || (x > 12 && y < 8) || (x < 8 && y > 12);
			if (!corner && seed >>> 31) d += `M${x} ${y}h1v1h-1z`;
		}
	svg.setAttribute("viewBox", "0 0 21 21");
	svg.setAttribute("aria-hidden", "true");
	path.setAttribute("d", d);
	path.setAttribute("fill-rule", "evenodd");
	svg.append(path);
	face.append(svg, element("span", "card-name", card.label));
	return face;
}

/** Keep the button that has the focus: lists are only drawn again when they changed. */
function list(id, things, drawOne) {
	const ul = byId(id);
	const state = JSON.stringify(things);
	if (ul.dataset.state === state) return;
	ul.dataset.state = state;
	ul.replaceChildren(
		...things.map((thing) => {
			const li = element("li");
			li.append(drawOne(thing));
			return li;
		}),
	);
}

function draw() {
	const on = badgeOn();
	list("badges", table.badges.map(({ name, label }) => ({ name, label })), (badge) => {
		const button = element("button", "badge");
		button.type = "button";
		button.title = `Put ${badge.label} on the reader`;
		button.append(badgeFace(badge));
		button.addEventListener("click", () => put(badge));
		button.dataset.name = badge.name;
		return button;
	});
	for (const button of byId("badges").querySelectorAll("button"))
		button.classList.toggle("away", button.dataset.name === on?.name);
	list("cards", table.cards, (card) => {
		const button = element("button", "card");
		button.type = "button";
		button.title = `Show ${card.label} to the camera`;
		button.append(cardFace(card));
		button.addEventListener("click", () => show(card));
		return button;
	});
	list("links", table.links, (link) => {
		const a = element("a", "", link.label);
		a.href = link.url;
		a.target = "_blank";
		a.rel = "noopener";
		return a;
	});
	const pad = byId("pad");
	pad.querySelector(".badge-face")?.remove();
	if (on) pad.append(badgeFace(on));
	byId("reader").classList.toggle("on", Boolean(on));
	byId("reader-says").textContent = on ? on.label : "Nothing on it";
	byId("take").disabled = !on;
	const lens = byId("lens");
	lens.querySelector(".card-face")?.remove();
	if (shown) lens.append(cardFace(shown));
	byId("camera").classList.toggle("on", Boolean(shown));
	byId("camera-says").textContent = shown ? shown.label : "Sees nothing";
}

byId("take").addEventListener("click", () =>
	hand(async () => {
		await post("/take");
		await load();
	}),
);

async function watch() {
	try {
		await load();
	} catch {
		byId("problem").hidden = false;
		byId("problem").textContent = "The bench does not answer. Is the demo still running?";
	}
	setTimeout(watch, 1000);
}
watch();
