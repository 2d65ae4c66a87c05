// node build.mjs OUT WASM: the pages as files in OUT/dist/, and as C and assembly to embed them. WASM is
// the core as WebAssembly (core/wasm), which lib/core.ts loads.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const here = dirname(fileURLToPath(import.meta.url));
const top = resolve(here, "../..");
const out = resolve(process.argv[2] ?? join(top, "build/core/web"));
const wasm = resolve(process.argv[3] ?? join(out, "../wasm/kith.wasm"));

// Each page: its URL, its first source file, its title, and what it may weigh, gzipped, with all
// that it loads.
const sets = {
	kiosk: [{ url: "/", entry: "kiosk/screen/screen.tsx", title: "Kith", budget: 30_000 }],
	server: [
		{ url: "/", entry: "server/web/queue/queue.tsx", title: "Kith: follow up", budget: 70_000 },
		{ url: "/app", entry: "server/web/app/app.tsx", title: "Kith", budget: 70_000 },
		{ url: "/p", entry: "server/web/pair.tsx", title: "Kith: pair this phone", budget: 70_000 },
		{ url: "/b", entry: "server/web/badge.tsx", title: "Kith: a badge", budget: 70_000 },
		{ url: "/t", entry: "server/web/ticket.tsx", title: "Kith: sign in", budget: 70_000 },
		{
			url: "/organizer",
			entry: "server/web/organizer/organizer.tsx",
			title: "Kith: organizer",
			budget: 70_000,
		},
	],
};

// The core as WebAssembly, which is part of the weight of each page that loads it.
const coreBudget = 25_000;

const types = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
};

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const extension = (path) => path.slice(path.lastIndexOf("."));
const pageFile = (url) => (url === "/" ? "/index.html" : `${url}.html`);

function html(page, scripts, styles, icon) {
	const head = [
		...styles.map((path) => `<link rel="stylesheet" href="${path}">`),
		...scripts.slice(1).map((path) => `<link rel="modulepreload" href="${path}">`),
		`<script type="module" src="${scripts[0]}"></script>`,
	];
	return `<!doctype html>
<html lang="en" dir="ltr">
<meta charset="utf-8">
<title>${page.title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<link rel="icon" type="image/svg+xml" href="${icon}">
${head.join("\n")}
<body>
<div id="app"></div>
<noscript>This page needs JavaScript. Please allow it for this address, or use another browser.</noscript>
</body>
</html>
`;
}

// The scripts that a script loads at its start, itself first.
function loads(outputs, path, seen = []) {
	if (!seen.includes(path)) {
		seen.push(path);
		for (const used of outputs[path].imports)
			if (used.kind === "import-statement") loads(outputs, used.path, seen);
	}
	return seen;
}

// What scripts fetch besides: the core as WebAssembly.
const fetches = (outputs, scripts) =>
	scripts.flatMap((path) => outputs[path].imports.filter((i) => i.kind === "file-loader").map((i) => i.path));

// English is the key itself: only what differs (plurals) needs to travel.
const english = {
	name: "english",
	setup: (into) =>
		into.onLoad({ filter: /i18n\/\w+\/en\.json$/ }, ({ path }) => ({
			contents: JSON.stringify(
				Object.fromEntries(
					Object.entries(JSON.parse(readFileSync(path, "utf8"))).filter(([key, text]) => key !== text),
				),
			),
			loader: "json",
		})),
};

async function bundle(pages) {
	const result = await build({
		absWorkingDir: top,
		entryPoints: pages.map((page) => page.entry),
		outdir: "/assets",
		entryNames: "[name]-[hash]",
		chunkNames: "shared-[hash]",
		assetNames: "[name]-[hash]",
		bundle: true,
		splitting: pages.length > 1,
		format: "esm",
		minify: true,
		write: false,
		metafile: true,
		legalComments: "none",
		charset: "utf8",
		// the oldest engines that must run it: WebKit 2.38 is Safari 16 without 16's later news
		target: ["safari15.4", "chrome100", "firefox100"],
		jsx: "automatic",
		jsxImportSource: "preact",
		alias: { "@web": join(here, "lib"), "@i18n": join(here, "i18n"), "@core/kith.wasm": wasm },
		loader: { ".wasm": "file" },
		nodePaths: [join(here, "node_modules")],
		tsconfigRaw: {},
		logLevel: "warning",
		plugins: [english],
	});
	const outputs = {};
	const asset = (path) => `/assets/${basename(path)}`;
	for (const [path, meta] of Object.entries(result.metafile.outputs))
		outputs[asset(path)] = {
			...meta,
			imports: meta.imports.map((i) => ({ ...i, path: asset(i.path) })),
			cssBundle: meta.cssBundle && asset(meta.cssBundle),
		};
	const files = new Map(result.outputFiles.map((f) => [asset(f.path), Buffer.from(f.contents)]));
	return { files, outputs };
}

async function makeSet(name, pages) {
	const { files, outputs } = await bundle(pages);
	const icon = readFileSync(join(here, "lib/icon.svg"));
	const iconPath = `/assets/icon-${hashOf(icon).slice(0, 8)}.svg`;
	files.set(iconPath, icon);
	for (const page of pages) {
		const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === page.entry);
		const scripts = loads(outputs, entry);
		const styles = [outputs[entry].cssBundle].filter(Boolean);
		const text = Buffer.from(html(page, scripts, styles, iconPath));
		files.set(page.url, text);
		page.weight = [...scripts, ...fetches(outputs, scripts), ...styles, iconPath]
			.map((path) => gzipSync(files.get(path), { level: 9 }).length)
			.reduce((a, b) => a + b, gzipSync(text, { level: 9 }).length);
		if (page.weight > page.budget)
			throw new Error(`${name} ${page.url}: ${page.weight} bytes gzipped, budget ${page.budget}`);
	}
	return files;
}

const quote = (text) => `"${text.replace(/["\\]/g, "\\$&")}"`;

function embed(name, files, dist) {
	const assembly = ["\t.section .rodata"];
	const table = [];
	const names = [];
	const paths = [...files.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
	paths.forEach((path, i) => {
		const bytes = files.get(path);
		const file = join(dist, path.startsWith("/assets/") ? path : pageFile(path));
		const packed = gzipSync(bytes, { level: 9 });
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, bytes);
		writeFileSync(`${file}.gz`, packed);
		for (const [suffix, from] of [["plain", file], ["gzip", `${file}.gz`]]) {
			const symbol = `kith_asset_${name}_${i}_${suffix}`;
			names.push(symbol);
			assembly.push(`\t.globl ${symbol}`, `\t.hidden ${symbol}`, "\t.balign 16", `${symbol}:`);
			assembly.push(`\t.incbin ${quote(from)}`);
		}
		const type = types[path.startsWith("/assets/") ? extension(path) : ".html"];
		table.push(
			`\t{ STR_INIT(${quote(path)}), STR_INIT(${quote(type)}), STR_INIT(${quote(`W/"${hashOf(bytes)}"`)}),`,
			`\t\t{ kith_asset_${name}_${i}_plain, ${bytes.length} },`,
			`\t\t{ kith_asset_${name}_${i}_gzip, ${packed.length} }, ${path.startsWith("/assets/")} },`,
		);
	});
	assembly.push('\t.section .note.GNU-stack,"",%progbits', "");
	const source = [
		"/* Written by core/web/build.mjs. */",
		'#include "core/web/assets.h"',
		"",
		...names.map((symbol) => `extern const uint8_t ${symbol}[];`),
		"",
		"static const struct asset assets[] = {",
		...table,
		"};",
		`const struct asset_set assets_${name} = { assets, ARRAY_LEN(assets) };`,
		"",
	];
	writeFileSync(join(out, `assets_${name}.s`), assembly.join("\n"));
	writeFileSync(join(out, `assets_${name}.c`), source.join("\n"));
}

const coreWeight = gzipSync(readFileSync(wasm), { level: 9 }).length;
if (coreWeight > coreBudget)
	throw new Error(`kith.wasm: ${coreWeight} bytes gzipped, budget ${coreBudget}`);
const report = [{ set: "core", url: "kith.wasm", weight: coreWeight, budget: coreBudget }];
for (const [name, pages] of Object.entries(sets)) {
	const dist = join(out, "dist", name);
	const files = await makeSet(name, pages);
	rmSync(dist, { recursive: true, force: true });
	mkdirSync(dist, { recursive: true });
	embed(name, files, dist);
	for (const { url, weight, budget } of pages) report.push({ set: name, url, weight, budget });
}
writeFileSync(join(out, "dist/budgets.json"), `${JSON.stringify(report, null, "\t")}\n`);
if (process.stdout.isTTY) console.table(report);
