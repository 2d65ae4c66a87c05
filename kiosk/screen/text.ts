import type en from "@i18n/kiosk/en.json";
import deTexts from "@texts/all/de";
import enTexts from "@texts/all/en";
import { Translator } from "@web/i18n";

export type Key = keyof typeof en;
const translator = new Translator<Key>();
translator.add("en", enTexts);
translator.add("de", deTexts);

export const t = translator.t;
export const tx = translator.tx;
export const useLanguage = (lang: string): void => translator.use(lang);
export const language = (): string => translator.lang;

/** Each language in its own words; no flags. */
export const languageNames: Record<string, string> = { en: "English", de: "Deutsch" };
