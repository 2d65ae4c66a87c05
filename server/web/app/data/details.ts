// What a card says of somebody, as far as the app shows it.
import type { Card, Cards } from "@web/cards";

export type Details = Pick<Card, "name" | "organization" | "title" | "emails" | "phones" | "urls">;

/** The reader of cards and links: only who has cards of people without a badge loads it at the start. */
export const cardReader = (): Promise<Cards> => import("@web/cards").then((module) => module.loadCards());

/** The first card of a file or a code; undefined: there is none. */
export function firstCard(cards: Cards, bytes: Uint8Array | string): Details | undefined {
	try {
		return cards.readCards(bytes)[0];
	} catch {
		return undefined;
	}
}

/** Cards are the same bytes each time: read once. */
const known = new Map<string, Details | undefined>();

/** What learnCards has read. */
export const knownCard = (text: string): Details | undefined => known.get(text);

export const lacksCard = (texts: readonly string[]): boolean => texts.some((text) => !known.has(text));

export async function learnCards(texts: readonly string[]): Promise<void> {
	const news = texts.filter((text) => !known.has(text));
	if (news.length === 0) return;
	const cards = await cardReader();
	for (const text of news) known.set(text, firstCard(cards, text));
}
