import de from "@i18n/kiosk/de.json";
import en from "@i18n/kiosk/en.json";
import { type Catalogue, Translator } from "@web/i18n";

export type Key = keyof typeof en;
const catalogues: Record<string, Catalogue<Key>> = { en: en as Catalogue<Key>, de };
const translator = new Translator<Key>(catalogues);

export const t = translator.t;
export const tx = translator.tx;
export const useLanguage = (lang: string): void => translator.use(lang);
export const language = (): string => translator.lang;

/** Each language in its own words; no flags. */
export const languageNames: Record<string, string> = { en: "English", de: "Deutsch" };
