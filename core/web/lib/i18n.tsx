// Text by catalogue: JSON files keyed by the English text. A key that a catalogue lacks does not
// compile, since each catalogue must have exactly the keys of the English one. The build makes a
// number of each key, and packs of the catalogues (core/web/texts.mjs).
import type { ComponentChildren } from "preact";

/** One form per plural category of the language (CLDR); all have "other". */
export type Plurals = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };
export type Entry = string | Plurals;
/** The texts of one language from this number on. */
export type TextPack = readonly [first: number, texts: readonly Entry[]];
type Values = Record<string, ComponentChildren>;

const rightToLeft = ["ar", "fa", "he", "ur"];

/** Marks a key that stands in a table and is looked up later. */
export const key = <K extends string>(text: K): K => text;

function parts(entry: Entry, lang: string, values: Values): ComponentChildren[] {
	const text =
		typeof entry === "string"
			? entry
			: (entry[new Intl.PluralRules(lang).select(Number(values["n"]))] ?? entry.other);
	return text
		.split(/\{(\w+)\}/)
		.map((part, i) => (i % 2 === 0 ? part : (values[part] ?? "")))
		.filter((part) => part !== "");
}

export class Translator<K extends string> {
	lang = "en";

	private packs: Record<string, Entry[]> = {};

	add(lang: string, [first, texts]: TextPack): void {
		const all = (this.packs[lang] ??= []);
		texts.forEach((text, i) => (all[first + i] = text));
	}

	/** Also sets the document's language and direction. Unknown languages give English. */
	use(wanted: string): void {
		const lang = wanted in this.packs ? wanted : "en";
		const root = document.documentElement;
		this.lang = lang;
		if (root.lang !== lang) root.lang = lang;
		const dir = rightToLeft.includes(lang) ? "rtl" : "ltr";
		if (root.dir !== dir) root.dir = dir;
	}

	private entry(text: K): Entry {
		// what is built has numbers for keys
		return this.packs[this.lang]?.[text as unknown as number] ?? text;
	}

	/** Plain text: for labels and attributes. */
	t = (text: K, values: Record<string, string | number> = {}): string =>
		parts(this.entry(text), this.lang, values).join("");

	/** Text with elements in it; a string among the values keeps its own direction. */
	tx = (text: K, values: Values): ComponentChildren =>
		parts(
			this.entry(text),
			this.lang,
			Object.fromEntries(
				Object.entries(values).map(([name, value]) => [
					name,
					typeof value === "string" ? <bdi>{value}</bdi> : value,
				]),
			),
		);
}

/** The first of the browser's languages that is known, else English. */
export const browserLanguage = (known: string[]): string =>
	navigator.languages.map((l) => l.slice(0, 2)).find((l) => known.includes(l)) ?? "en";
