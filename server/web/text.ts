import de from "@i18n/server/de.json";
import en from "@i18n/server/en.json";
import { ApiError } from "@web/api";
import { type Entry, Translator } from "@web/i18n";

export type Key = keyof typeof en;
const catalogues: Record<string, Record<Key, Entry>> = { en, de };
const translator = new Translator<Key>(catalogues);
translator.useBrowser();

export const t = translator.t;
export const tx = translator.tx;
export const language = (): string => translator.lang;

/** What happened, for a person: the server's own words where it has any. */
export function errorWords(error: unknown): string {
	if (!(error instanceof ApiError)) return t("Something went wrong in this page. Reload it to go on");
	if (error.status === 0) return t("No connection. Nothing was changed; try again");
	return error.message || t("The server could not do that. Try again in a moment");
}
