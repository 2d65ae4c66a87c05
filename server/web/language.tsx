import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { language, languageNames, setLanguage, t } from "./text";

/** A page of its own with the switch above it; children is drawn anew in each language. */
export function Spoken({ children }: { children: () => VNode }): VNode {
	const [, setLang] = useState("");
	return (
		<>
			<div class="corner">
				<LanguageSwitch onChange={setLang} />
			</div>
			{children()}
		</>
	);
}

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
