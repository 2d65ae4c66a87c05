// What the pages say. In the sources it is the English text itself; in what is built it is a number,
// which stands for a text of the language that the page has loaded. So nobody loads English beside
// another language, and no text twice. The texts of a set are parted into groups, by who says them.
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import ts from "typescript";

const callees = ["t", "tx", "key"];

/** The texts in the first argument of each t(), tx() and key(): where, and whether key() stands around. */
function findTexts(path, source) {
	const found = [];
	const literals = (node, around) => {
		if (ts.isStringLiteralLike(node)) found.push({ text: node.text, from: (around ?? node).getStart(), to: (around ?? node).end });
		else if (ts.isConditionalExpression(node)) [node.whenTrue, node.whenFalse].forEach((one) => literals(one));
		else ts.forEachChild(node, visit);
	};
	const visit = (node) => {
		if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && callees.includes(node.expression.text)) {
			const [first, ...rest] = node.arguments;
			if (first) literals(first, node.expression.text === "key" && ts.isStringLiteralLike(first) ? node : undefined);
			rest.forEach(visit);
		} else ts.forEachChild(node, visit);
	};
	visit(ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true));
	return found;
}

export class Texts {
	#files = new Map();
	#numbers = new Map();
	#groups = [];

	/**
	 * folder: of the catalogues. groups: {name, files}, the sources of each. A text that several groups
	 * say is of the first one, which everybody loads.
	 */
	constructor(top, folder, groups) {
		this.folder = folder;
		const english = JSON.parse(readFileSync(join(folder, "en.json"), "utf8"));
		const says = new Map(Object.keys(english).map((text) => [text, new Set()]));
		for (const { name, files } of groups)
			for (const path of files.map((file) => join(top, file))) {
				const source = readFileSync(path, "utf8");
				const found = findTexts(path, source);
				this.#files.set(path, { source, found });
				for (const { text } of found) {
					if (!says.has(text)) throw new Error(`${relative(top, path)}: no catalogue has "${text}"`);
					says.get(text).add(name);
				}
			}
		for (const { name } of groups) {
			const all = Object.keys(english).filter((text) => [...says.get(text)].every((one) => one === name));
			const keys = name === groups[0].name ? [...all, ...Object.keys(english).filter((text) => says.get(text).size > 1)] : all;
			// 0 is never one: pages ask whether there is a text
			const first = this.#numbers.size + 1;
			for (const text of keys) this.#numbers.set(text, this.#numbers.size + 1);
			this.#groups.push({ name, first, keys });
		}
	}

	#pack(name, lang) {
		const { first, keys } = this.#groups.find((group) => group.name === name);
		const catalogue = JSON.parse(readFileSync(join(this.folder, `${lang}.json`), "utf8"));
		return [first, keys.map((text) => catalogue[text])];
	}

	/** A source with numbers; undefined: it is none of ours. */
	numbered(path) {
		if (!this.#files.has(path)) return undefined;
		const { source, found } = this.#files.get(path);
		let out = "";
		let at = 0;
		for (const { text, from, to } of found) {
			out += source.slice(at, from) + this.#numbers.get(text);
			at = to;
		}
		return out + source.slice(at);
	}

	/** For esbuild: @texts/GROUP/LANG. */
	packs() {
		return {
			name: "texts",
			setup: (into) => {
				into.onResolve({ filter: /^@texts\// }, ({ path }) => ({ path: path.slice(7), namespace: "texts" }));
				into.onLoad({ filter: /./, namespace: "texts" }, ({ path }) => ({
					contents: JSON.stringify(this.#pack(...path.split("/"))),
					loader: "json",
				}));
			},
		};
	}
}
