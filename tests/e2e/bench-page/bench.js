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

/** The card's own code, the one that the camera sees. */
function cardFace(card) {
	const face = element("span", "card-face");
	const image = element("img");
	image.src = `/card/${encodeURIComponent(card.name)}.svg`;
	image.alt = "";
	face.append(image, element("span", "card-name", card.label));
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
	byId("network").checked = table.network !== false;
}

byId("network").addEventListener("change", () =>
	hand(async () => {
		await post("/network", { up: byId("network").checked });
		await load();
	}),
);

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
