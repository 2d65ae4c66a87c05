// The core as WebAssembly, through the pages' own loader (core/web/lib/core.ts), in node.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const top = fileURLToPath(new URL('../../..', import.meta.url));
const bin = process.env.KITH_BIN ?? path.join(top, 'build/bin');
const built = path.join(bin, '../core/wasm');
export const rulesFile = path.join(built, 'kith-rules.wasm');
export const cardsFile = path.join(built, 'kith-cards.wasm');
export const noCore = !existsSync(rulesFile) && `no ${rulesFile}: built without pages`;

/** The exports of a TypeScript file in core/web/lib. */
export async function library(name) {
	const require = createRequire(path.join(top, 'core/web/package.json'));
	const folder = mkdtempSync(path.join(os.tmpdir(), 'kith-core-'));
	try {
		await require('esbuild').build({
			entryPoints: [path.join(top, 'core/web/lib', `${name}.ts`)],
			outfile: path.join(folder, `${name}.mjs`),
			alias: { '@core': built },
			loader: { '.wasm': 'file' },
			nodePaths: [path.join(top, 'core/web/node_modules')],
			bundle: true,
			format: 'esm',
			target: 'node18',
			tsconfigRaw: {},
		});
		return await import(pathToFileURL(path.join(folder, `${name}.mjs`)).href);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

export async function newCore() {
	return (await library('core')).loadCoreFrom(readFileSync(rulesFile));
}

export async function newCards() {
	return (await library('cards')).loadCardsFrom(readFileSync(cardsFile));
}
