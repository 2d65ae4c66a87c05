import type { VNode } from "preact";
import { language, languageNames, setLanguage, t } from "./text";

/** Each language in its own words, in the same place on every page. */
export function LanguageSwitch({ onChange }: { onChange: (lang: string) => void }): VNode {
	return (
		<fieldset class="chips languages">
			<legend class="hidden-text">{t("Language")}</legend>
			{Object.entries(languageNames).map(([lang, name]) => (
				<label key={lang} class="chip">
					<input
						type="radio"
						name="language"
						checked={language() === lang}
						onChange={() => void setLanguage(lang).then(() => onChange(lang))}
					/>
					<span lang={lang}>{name}</span>
				</label>
			))}
		</fieldset>
	);
}
