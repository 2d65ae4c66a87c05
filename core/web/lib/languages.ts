// What the plan says, one pack a language (core/followup/language.h): loaded when it is spoken.
const packs: Record<string, () => Promise<{ default: string }>> = {
	ar: () => import("@core/languages/ar.json"),
	de: () => import("@core/languages/de.json"),
	en: () => import("@core/languages/en.json"),
	es: () => import("@core/languages/es.json"),
};

/** As the rules look for it: "de-AT" is German, what nobody translated is English. */
const known = (lang: string): string => {
	const main = lang.split("-")[0]!.toLowerCase();
	return main in packs ? main : "en";
};

const loaded = new Map<string, string>();

const wanted = (langs: readonly string[]): string[] => [...new Set(langs.map(known))];

/** What was loaded of these languages. */
export const languagePacks = (langs: readonly string[]): string[] =>
	wanted(langs).flatMap((lang) => loaded.get(lang) ?? []);

export const lacksLanguage = (langs: readonly string[]): boolean => wanted(langs).some((lang) => !loaded.has(lang));

export async function loadLanguages(langs: readonly string[]): Promise<void> {
	await Promise.all(
		wanted(langs)
			.filter((lang) => !loaded.has(lang))
			.map(async (lang) => loaded.set(lang, (await packs[lang]!()).default)),
	);
}
