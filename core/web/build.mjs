// node build.mjs OUT CORE: the pages as files in OUT/dist/, and as C and assembly to embed them. CORE is
// where the build of core/wasm is: the modules that lib/module.ts loads, and the languages of the rules.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import { appIcon } from "./icon.mjs";
import { Texts } from "./texts.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const top = resolve(here, "../..");
const out = resolve(process.argv[2] ?? join(top, "build/core/web"));
const core = resolve(process.argv[3] ?? join(out, "../wasm"));

// Each page: its URL, its first source file, its title, and what it may weigh, gzipped, with all
// that it loads until it can be used. first: what of that it asks for by itself (files of core/wasm). In
// several languages, the one that weighs most counts. whole: with every part that it loads later, but
// those apart, which have a budget of their own. installed: an app of its own that works without a
// network (a manifest, icons, and the service worker at /sw.js, which keeps what it needs). later:
// files of their own, loaded when they are wanted; a page knows the address of one as the constant in
// define. One with a budget is kept by the service worker only once it was wanted; one without counts
// to the whole.
// texts: which group of the set's texts a page says from its start, and which its later parts.
const sets = {
	kiosk: [{ url: "/", texts: ["all"], entry: "kiosk/screen/screen.tsx", title: "Kith", budget: 34_000 }],
	server: [
		{
			url: "/",
			entry: "server/web/app/app.tsx",
			title: "Kith",
			first: ["kith-rules.wasm"],
			budget: 60_000,
			whole: 97_000,
			apart: { name: "scanning", parts: ["server/web/app/scan/scan.tsx", "core/web/lib/cards.ts", "kith-cards.wasm"], budget: 26_000 },
			installed: true,
			texts: ["start", "app"],
			later: [
				{ name: "styles", entry: "server/web/app/parts.css", define: "KITH_STYLES" },
				{ name: "scanner", entry: "server/web/app/scan/worker.ts", define: "KITH_SCANNER", budget: 430_000 },
			],
		},
		{ url: "/p", texts: ["pages"], entry: "server/web/pair.tsx", title: "Kith: pair this phone", budget: 20_000 },
		{ url: "/b", texts: ["pages"], entry: "server/web/badge.tsx", title: "Kith: a badge", budget: 20_000 },
		{ url: "/t", texts: ["pages"], entry: "server/web/ticket.tsx", title: "Kith: sign in", budget: 20_000 },
		{
			url: "/organizer",
			texts: ["organizer"],
			entry: "server/web/organizer/organizer.tsx",
			title: "Kith: organizer",
			budget: 70_000,
		},
	],
};

const types = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".png": "image/png",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
	".webmanifest": "application/manifest+json",
};

const hashOf = (bytes) => createHash("sha256").update(bytes).digest("hex").slice(0, 16);
const extension = (path) => path.slice(path.lastIndexOf("."));
const isFile = (path) => basename(path).includes(".");
const pageFile = (url) => (url === "/" ? "/index.html" : isFile(url) ? url : `${url}.html`);

function html(page, scripts, styles, icon, more) {
	const head = [
		...more,
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

const options = (define) => ({
	absWorkingDir: top,
	outdir: "/assets",
	entryNames: "[name]-[hash]",
	chunkNames: "shared-[hash]",
	assetNames: "[name]-[hash]",
	bundle: true,
	publicPath: "/assets",
	define,
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
	alias: { "@web": join(here, "lib"), "@i18n": join(here, "i18n"), "@core": core },
	loader: { ".wasm": "file" },
	nodePaths: [join(here, "node_modules")],
	tsconfigRaw: {},
	logLevel: "warning",
});

async function bundle(entries, define = {}, plugins = []) {
	const result = await build({
		...options(define),
		entryPoints: entries,
		splitting: entries.length > 1,
		plugins,
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

const report = [];

const weigh = (files, paths) =>
	paths.map((path) => gzipSync(files.get(path), { level: 9 }).length).reduce((a, b) => a + b, 0);

// What a script may ever load: with what it imports later, and the files that it names, but for what
// without says of.
function reaches(outputs, path, without = () => false, seen = []) {
	if (seen.includes(path) || without(outputs[path])) return seen;
	seen.push(path);
	for (const used of outputs[path].imports) if (outputs[used.path]) reaches(outputs, used.path, without, seen);
	return seen;
}

const holds = (output, names) => Object.keys(output.inputs).some((input) => names.some((one) => input.endsWith(one)));

// What a script speaks, if it holds nothing else: a group of texts, or none for the sentences of the rules, and a
// language.
function languageOf({ inputs }) {
	const [path, ...more] = Object.keys(inputs);
	const [, group, of, sentences] = /^texts:(\w+)\/(\w+)$|\/languages\/(\w+)\.json$/.exec(path) ?? [];
	return more.length === 0 && (of || sentences) ? { group, lang: of ?? sentences } : undefined;
}

// What a page weighs, against what it may. start: what it loads by its own markup.
function weighPage(name, page, files, outputs, start) {
	const row = (what, paths, budget) => ({ set: name, url: page.url + what, weight: weigh(files, [...new Set(paths)]), budget });
	const entry = start.find((path) => outputs[path]?.entryPoint === page.entry);
	const all = reaches(outputs, entry);
	/** What a language takes of these groups, for the language that takes most. */
	const heaviest = (groups) => {
		const languages = {};
		for (const path of all) {
			const { group, lang } = languageOf(outputs[path]) ?? {};
			if (lang && !start.includes(path) && (!group || groups.includes(group))) (languages[lang] ??= []).push(path);
		}
		return Object.values(languages).sort((a, b) => weigh(files, b) - weigh(files, a))[0] ?? [];
	};
	const first = [...start, ...all.filter((path) => holds(outputs[path], page.first ?? []))];
	const [atStart, later] = page.texts;
	const said = [atStart, "start"];
	const rows = [row("", [...first, ...heaviest(said)], page.budget)];
	if (page.whole) {
		const { apart } = page;
		const isApart = (output) =>
			apart.parts.includes(output.entryPoint) || (holds(output, apart.parts) && Object.keys(output.inputs).length === 1);
		const most = reaches(outputs, entry, (output) => isApart(output) || languageOf(output));
		const rest = all.filter((path) => !most.includes(path) && !first.includes(path) && !languageOf(outputs[path]));
		const more = page.later.flatMap((one) => (one.budget ? [] : one.paths));
		rows.push(row(", whole", [...first, ...most, ...more, ...heaviest([...said, later])], page.whole), row(`, ${apart.name}`, rest, apart.budget));
	}
	for (const one of (page.later ?? []).filter((one) => one.budget)) rows.push(row(`, ${one.name}`, one.paths, one.budget));
	return rows;
}

// The sources of a set as they are bundled: with numbers for texts, by who says them at the page's start and who
// later. What a page loads later also names the page itself, and what is apart the parts that are not: so
// esbuild knows that they are there by then, and what both use stays in one file instead of one for
// each way of sharing.
async function sourcesOf(name, pages) {
	const { metafile } = await build({
		...options({}),
		entryPoints: pages.map((page) => page.entry),
		// only what imports what is asked for here
		plugins: [{ name: "no texts", setup: (into) => into.onResolve({ filter: /^@texts\// }, () => ({ path: "x", external: true })) }],
	});
	const groups = new Map();
	const parts = new Map();
	const walk = (path, kinds, seen) => {
		if (seen.has(path)) return seen;
		seen.add(path);
		for (const used of metafile.inputs[path]?.imports ?? [])
			if (!used.external && kinds.includes(used.kind)) walk(used.path, kinds, seen);
		return seen;
	};
	for (const { entry, texts } of pages) {
		const start = walk(entry, ["import-statement"], new Set());
		const all = walk(entry, ["import-statement", "dynamic-import"], new Set());
		const [atStart, later = atStart] = texts;
		for (const path of all) {
			const group = start.has(path) ? atStart : later;
			if (/\.tsx?$/.test(path) && !path.includes("node_modules"))
				groups.set(group, (groups.get(group) ?? new Set()).add(path));
		}
	}
	for (const { entry, apart } of pages.filter((page) => page.whole)) {
		const all = [...walk(entry, ["import-statement", "dynamic-import"], new Set())].flatMap((path) => metafile.inputs[path]?.imports ?? []);
		const later = new Set(all.filter((one) => one.kind === "dynamic-import" && /\.tsx?$/.test(one.path)).map((one) => one.path));
		const most = [...later].filter((path) => !apart.parts.includes(path));
		for (const path of later) parts.set(join(top, path), [entry, ...(most.includes(path) ? [] : most)]);
	}
	const texts = new Texts(top, join(here, "i18n", name), [...groups].map(([group, files]) => ({ name: group, files: [...files] })));
	const ours = {
		name: "sources",
		setup: (into) =>
			into.onLoad({ filter: /\.tsx?$/ }, ({ path }) => {
				const contents = texts.numbered(path);
				const names = parts.get(path) ?? [];
				if (contents === undefined) return undefined;
				return {
					contents: [contents, ...names.map((one) => `import ${JSON.stringify(join(top, one))};`)].join("\n"),
					loader: extension(path).slice(1),
				};
			}),
	};
	return [texts.packs(), ours];
}

// What a page loads when it wants it: its paths, and by the names that the page has for them, the addresses.
async function makeLater(page, files) {
	const define = {};
	for (const one of page.later ?? []) {
		const made = await bundle([one.entry]);
		for (const [path, bytes] of made.files) files.set(path, bytes);
		one.paths = [...made.files.keys()];
		define[one.define] = JSON.stringify(one.paths.find((path) => made.outputs[path].entryPoint));
	}
	return define;
}

// The app as the phone's home screen has it.
function makeManifest(page, files) {
	const icons = [180, 192, 512].map((size) => {
		const bytes = appIcon(size);
		const path = `/assets/icon-${size}-${hashOf(bytes).slice(0, 8)}.png`;
		files.set(path, bytes);
		return { src: path, sizes: `${size}x${size}`, type: "image/png", purpose: "any maskable" };
	});
	const manifest = Buffer.from(
		JSON.stringify({
			name: page.title,
			short_name: page.title,
			id: page.url,
			start_url: page.url,
			scope: "/",
			display: "standalone",
			background_color: "#f7f6f2",
			theme_color: "#0b3a53",
			icons,
		}),
	);
	const path = `/assets/app-${hashOf(manifest).slice(0, 8)}.webmanifest`;
	files.set(path, manifest);
	return { path, touch: icons[0].src, paths: [path, ...icons.map((icon) => icon.src)] };
}

// The service worker, which knows every file of this build.
async function makeWorker(page, files, shell, later) {
	const version = hashOf(Buffer.from([...shell.map((path) => path + hashOf(files.get(path))), ...later].join()));
	const made = await bundle(["server/web/app/sw.ts"], {
		KITH_VERSION: JSON.stringify(version),
		KITH_PAGE: JSON.stringify(page.url),
		KITH_SHELL: JSON.stringify(shell),
		KITH_LATER: JSON.stringify(later),
	});
	files.set("/sw.js", [...made.files.values()][0]);
}

async function makeSet(name, pages) {
	const files = new Map();
	const define = {};
	for (const page of pages) Object.assign(define, await makeLater(page, files));
	const made = await bundle(
		pages.map((page) => page.entry),
		define,
		await sourcesOf(name, pages),
	);
	const { outputs } = made;
	// a part that names its page would have the page's styles once more
	const worn = pages.map(({ entry }) => Object.values(outputs).find((output) => output.entryPoint === entry).cssBundle);
	for (const [path, bytes] of made.files) if (!path.endsWith(".css") || worn.includes(path)) files.set(path, bytes);
	const icon = readFileSync(join(here, "lib/icon.svg"));
	const iconPath = `/assets/icon-${hashOf(icon).slice(0, 8)}.svg`;
	files.set(iconPath, icon);
	for (const page of pages) {
		const entry = Object.keys(outputs).find((path) => outputs[path].entryPoint === page.entry);
		const scripts = loads(outputs, entry);
		const styles = [outputs[entry].cssBundle].filter(Boolean);
		const manifest = page.installed ? makeManifest(page, files) : undefined;
		// its script asks for them only when it has loaded itself and its texts
		const early = Object.keys(outputs).filter((path) => path.endsWith(".wasm") && holds(outputs[path], page.first ?? []));
		const more = manifest
			? [
					...early.map((path) => `<link rel="preload" href="${path}" as="fetch" type="application/wasm" crossorigin>`),
					`<link rel="manifest" href="${manifest.path}">`,
					`<link rel="apple-touch-icon" href="${manifest.touch}">`,
					'<meta name="theme-color" content="#f7f6f2" media="(prefers-color-scheme: light)">',
					'<meta name="theme-color" content="#10171d" media="(prefers-color-scheme: dark)">',
				]
			: [];
		const text = Buffer.from(html(page, scripts, styles, iconPath, more));
		files.set(page.url, text);
		report.push(...weighPage(name, page, files, outputs, [page.url, ...scripts, ...styles, iconPath]));
		if (page.installed) {
			const kept = page.later.flatMap((one) => (one.budget ? [] : one.paths));
			const shell = [page.url, ...reaches(outputs, entry), ...styles, ...kept, iconPath, ...manifest.paths];
			const later = page.later.flatMap((one) => (one.budget ? one.paths : []));
			await makeWorker(page, files, [...new Set(shell)], later);
		}
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
		const file = join(dist, pageFile(path));
		const gzip = gzipSync(bytes, { level: 9 });
		const brotli = brotliCompressSync(bytes, {
			// the best takes seconds for the scanner, and 3 % off it
			params: { [constants.BROTLI_PARAM_QUALITY]: bytes.length > 300_000 ? 9 : 11 },
		});
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, bytes);
		writeFileSync(`${file}.gz`, gzip);
		writeFileSync(`${file}.br`, brotli);
		for (const [suffix, from] of [["plain", file], ["gzip", `${file}.gz`], ["brotli", `${file}.br`]]) {
			const symbol = `kith_asset_${name}_${i}_${suffix}`;
			names.push(symbol);
			assembly.push(`\t.globl ${symbol}`, `\t.hidden ${symbol}`, "\t.balign 16", `${symbol}:`);
			assembly.push(`\t.incbin ${quote(from)}`);
		}
		const type = types[isFile(path) ? extension(path) : ".html"];
		table.push(
			`\t{ STR_INIT(${quote(path)}), STR_INIT(${quote(type)}), STR_INIT(${quote(`W/"${hashOf(bytes)}"`)}),`,
			`\t\t{ kith_asset_${name}_${i}_plain, ${bytes.length} },`,
			`\t\t{ kith_asset_${name}_${i}_gzip, ${gzip.length} }, { kith_asset_${name}_${i}_brotli, ${brotli.length} },`,
			`\t\t${path.startsWith("/assets/")} },`,
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

for (const [name, pages] of Object.entries(sets)) {
	const dist = join(out, "dist", name);
	const files = await makeSet(name, pages);
	rmSync(dist, { recursive: true, force: true });
	mkdirSync(dist, { recursive: true });
	embed(name, files, dist);
}
writeFileSync(join(out, "dist/budgets.json"), `${JSON.stringify(report, null, "\t")}\n`);
const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`.padStart(8);
for (const { set, url, weight, budget } of report)
	console.log(`${weight > budget ? "over " : "     "}${kB(weight)} of ${kB(budget)}  ${set} ${url}`);
if (report.some(({ weight, budget }) => weight > budget)) throw new Error("a page weighs more, gzipped, than it may");
