import en from "@i18n/server/en.json";
import { ApiError } from "@web/api";
import { type Catalogue, type Entry, Translator, browserLanguage } from "@web/i18n";

export type Key = keyof typeof en;
type Loader = () => Promise<{ default: Record<Key, Entry> }>;

/** English comes with the page (what equals its key is left out); the others when they are wanted. */
const loaders: Record<string, Loader> = {
	ar: () => import("@i18n/server/ar.json"),
	de: () => import("@i18n/server/de.json"),
	es: () => import("@i18n/server/es.json"),
};

/** Each language in its own words; no flags. */
export const languageNames: Record<string, string> = { en: "English", de: "Deutsch", es: "Español", ar: "العربية" };

const translator = new Translator<Key>({ en: en as Catalogue<Key> });
const remembered = "kith-lang";

/** The page's language from now on; kept for the next visit where the browser keeps anything. */
export async function setLanguage(lang: string, keep = true): Promise<void> {
	const load = loaders[lang];
	if (load) translator.add(lang, (await load()).default);
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

// what cannot be loaded now (a first visit that breaks off) must not keep the page from showing
await setLanguage(firstLanguage(), false).catch(() => translator.use("en"));

export const t = translator.t;
export const tx = translator.tx;
export const language = (): string => translator.lang;

/** What happened, for a person: the server's own words where it has any. */
export function errorWords(error: unknown): string {
	if (!(error instanceof ApiError)) return t("Something went wrong in this page. Reload it to go on");
	if (error.status === 0) return t("No connection. Nothing was changed; try again");
	return error.message || t("The server could not do that. Try again in a moment");
}
