import type en from "@i18n/server/en.json";
import { ApiError } from "@web/api";
import { type TextPack, Translator, browserLanguage } from "@web/i18n";

export type Key = keyof typeof en;
type Packs = Record<string, () => Promise<{ default: TextPack }>>;

/** What a page says from its start. */
const startPacks: Packs = {
	ar: () => import("@texts/start/ar"),
	de: () => import("@texts/start/de"),
	en: () => import("@texts/start/en"),
	es: () => import("@texts/start/es"),
};

/** Each language in its own words; no flags. */
export const languageNames: Record<string, string> = { en: "English", de: "Deutsch", es: "Español", ar: "العربية" };

const translator = new Translator<Key>();
const remembered = "kith-lang";
const used = [startPacks];

const load = (packs: Packs, lang: string): Promise<void> => packs[lang]!().then((pack) => translator.add(lang, pack.default));

/** What a part of a page says beyond that: to be awaited before the part is drawn. */
export async function loadTexts(packs: Packs): Promise<void> {
	if (used.includes(packs)) return;
	let lang;
	do await load(packs, (lang = translator.lang));
	while (lang !== translator.lang);
	used.push(packs);
}

/** The page's language from now on; kept for the next visit where the browser keeps anything. */
export async function setLanguage(lang: string, keep = true): Promise<void> {
	// parts may be drawn while their other language loads
	for (let had = 0; had < used.length; ) {
		had = used.length;
		await Promise.all(used.map((packs) => load(packs, lang)));
	}
	translator.use(lang);
	if (keep)
		try {
			localStorage.setItem(remembered, lang);
		} catch {
			// a browser that keeps nothing asks its own languages again next time
		}
}

function firstLanguage(): string {
	try {
		const kept = localStorage.getItem(remembered);
		if (kept && kept in languageNames) return kept;
	} catch {
		// the same
	}
	return browserLanguage(Object.keys(languageNames));
}

// a first visit that breaks off may have English left
await setLanguage(firstLanguage(), false).catch(() => setLanguage("en", false));

export const t = translator.t;
export const tx = translator.tx;
export const language = (): string => translator.lang;

/** What happened, for a person: the server's own words where it has any. */
export function errorWords(error: unknown): string {
	if (!(error instanceof ApiError)) return t("Something went wrong in this page. Reload it to go on");
	if (error.status === 0) return t("No connection. Nothing was changed; try again");
	return error.message || t("The server could not do that. Try again in a moment");
}
