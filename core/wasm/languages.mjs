// node languages.mjs WASM OUT NAME...: the packs of these languages as OUT/NAME.json, each one text.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [wasm, out, ...names] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(readFileSync(wasm));
const x = instance.exports;

function ask(name) {
	x.kith_reset();
	const input = Buffer.from(name);
	const pointer = x.kith_alloc(input.length);
	Buffer.from(x.memory.buffer).set(input, pointer);
	const at = x.kith_language(pointer, input.length);
	const memory = Buffer.from(x.memory.buffer);
	const text = memory.subarray(at + 8, at + 8 + memory.readUInt32LE(at + 4)).toString();
	if (memory.readUInt32LE(at) !== 0) throw new Error(`${name}: ${text}`);
	return text;
}

mkdirSync(out, { recursive: true });
for (const name of names) writeFileSync(join(out, `${name}.json`), `${JSON.stringify(ask(name))}\n`);
