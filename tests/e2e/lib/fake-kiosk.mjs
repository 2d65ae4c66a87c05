// The kiosk daemon's side of the screen, for tests of what is drawn: the built page from dist/,
// state events as told, acts collected. The real daemon is tested by the tests that start it.
import { createReadStream, existsSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { built } from "./browser.mjs";

export const csp =
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; " +
	"trusted-types 'none'";

/** The app's, as the server sends it (core/http/reply.c): WebAssembly, workers, the camera's picture. */
export const appCsp =
	"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; " +
	"img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; manifest-src 'self'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'";

const types = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
	".webmanifest": "application/manifest+json",
};

/** Serve a page of the set, or an asset; false when there is none. */
export function servePage(set, url, reply) {
	const path = new URL(url, "http://x").pathname;
	const file = join(
		built,
		"core/web/dist",
		set,
		path === "/" ? "index.html" : extname(path) ? path : `${path}.html`,
	);
	if (path.includes("..") || !existsSync(file)) return false;
	const app = set === "server" && (path === "/" || extname(path) === ".js");
	reply.writeHead(200, { "Content-Type": types[extname(file)], "Content-Security-Policy": app ? appCsp : csp });
	createReadStream(file).pipe(reply);
	return true;
}

export const listen = (server) =>
	new Promise((resolve) =>
		server.listen(0, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`)),
	);

export async function fakeKiosk() {
	const streams = new Set();
	const acts = [];
	let current;
	let rev = 0;
	let answer = 204;
	const send = (reply) => current && reply.write(`event: state\ndata: ${JSON.stringify(current)}\n\n`);
	const server = createServer((request, reply) => {
		if (request.url === "/events") {
			reply.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
			reply.write(":\n\n");
			streams.add(reply);
			reply.on("close", () => streams.delete(reply));
			return send(reply);
		}
		if (request.url === "/camera") {
			const gray = Buffer.alloc(320 * 180, 0x60).toString("base64url");
			reply.writeHead(200, { "Content-Type": "application/json" });
			return reply.end(JSON.stringify({ width: 320, height: 180, gray, codes: [[90, 30, 210, 34, 206, 150, 88, 148]] }));
		}
		if (request.url === "/act") {
			let body = "";
			request.on("data", (part) => (body += part));
			request.on("end", () => {
				acts.push(JSON.parse(body));
				reply.writeHead(answer).end();
			});
			return undefined;
		}
		if (!servePage("kiosk", request.url, reply)) reply.writeHead(404).end();
		return undefined;
	});
	return {
		url: await listen(server),
		acts,
		show(state) {
			rev += 1;
			current = { ...state, rev };
			for (const reply of streams) send(reply);
			return rev;
		},
		answerWith: (status) => (answer = status),
		cut() {
			for (const reply of streams) reply.destroy();
		},
		close() {
			server.closeAllConnections();
			server.close();
		},
	};
}
