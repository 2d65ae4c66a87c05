// What the pages of a badge, a ticket and a pairing have in common: few words of their own, and the
// switch of the language above them.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { LanguageSwitch } from "./language";
import { loadTexts } from "./text";

await loadTexts({
	ar: () => import("@texts/pages/ar"),
	de: () => import("@texts/pages/de"),
	en: () => import("@texts/pages/en"),
	es: () => import("@texts/pages/es"),
});

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
