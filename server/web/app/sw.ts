// The app's service worker: its files are kept as one version and answered from there, so that the
// app opens without a network. What is data (/v1/) never passes through here. A new version waits
// until the page asks for it: half of an app of two versions would be worse than an old one.

interface ExtendableEvent extends Event {
	waitUntil(task: Promise<unknown>): void;
}
interface FetchEvent extends ExtendableEvent {
	request: Request;
	respondWith(answer: Promise<Response>): void;
}
interface Scope {
	skipWaiting(): Promise<void>;
	clients: { claim(): Promise<void> };
	addEventListener(type: "install" | "activate", listener: (event: ExtendableEvent) => void): void;
	addEventListener(type: "fetch", listener: (event: FetchEvent) => void): void;
	addEventListener(type: "message", listener: (event: ExtendableEvent & { data: unknown }) => void): void;
}

const scope = self as unknown as Scope;
const prefix = "kith-app-";
const name = prefix + KITH_VERSION;

/** A file with a hash in its name is the same in every version: the old cache's will do. */
async function keep(path: string): Promise<void> {
	const cache = await caches.open(name);
	if (await cache.match(path)) return;
	const had = path.startsWith("/assets/") ? await caches.match(path) : undefined;
	const response = had ?? (await fetch(path, { cache: path.startsWith("/assets/") ? "default" : "reload" }));
	if (!response.ok) throw new Error(`${path}: ${response.status}`);
	await cache.put(path, response);
}

async function install(): Promise<void> {
	await Promise.all(KITH_SHELL.map(keep));
	// what was wanted once, the scanner, must not be missing after an update
	await Promise.all(KITH_LATER.map(async (path) => (await caches.match(path)) && keep(path)));
}

async function activate(): Promise<void> {
	for (const other of await caches.keys())
		if (other.startsWith(prefix) && other !== name) await caches.delete(other);
	await scope.clients.claim();
}

async function answer(request: Request, path: string): Promise<Response> {
	const cache = await caches.open(name);
	const kept = await cache.match(path);
	if (kept) return kept;
	const response = await fetch(request);
	if (response.ok && KITH_LATER.includes(path)) await cache.put(path, response.clone());
	return response;
}

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("fetch", (event) => {
	const { origin, pathname } = new URL(event.request.url);
	const ours = event.request.mode === "navigate" ? pathname === KITH_PAGE : pathname.startsWith("/assets/");
	if (event.request.method !== "GET" || origin !== location.origin || !ours) return;
	event.respondWith(answer(event.request, pathname));
});
scope.addEventListener("message", (event) => {
	if (event.data === "take-over") event.waitUntil(scope.skipWaiting());
	if (event.data === "later") event.waitUntil(Promise.all(KITH_LATER.map(keep)));
});

export {};
