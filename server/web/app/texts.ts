// What the app says after its start: all tabs but the queue.
import { loadTexts } from "../text";

const packs = {
	ar: () => import("@texts/app/ar"),
	de: () => import("@texts/app/de"),
	en: () => import("@texts/app/en"),
	es: () => import("@texts/app/es"),
};

export const loadAppTexts = (): Promise<void> => loadTexts(packs);
