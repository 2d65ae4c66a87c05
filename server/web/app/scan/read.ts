// What a scanned code is: a card of somebody's, or something else that is named as what it is.
import type { Cards } from "@web/cards";
import { type Details, firstCard } from "../data/details";
import type { Model } from "../data/types";
import { codeText } from "./decode";

/** What is no card to keep, and why. */
export type Refusal = "own" | "ticket" | "pair" | "foreign-event" | "link" | "nothing";

export type Reading =
	| { kind: "badge"; id: string; card?: string; details?: Details }
	| { kind: "card"; card: string; details: Details }
	| { kind: "refused"; why: Refusal };

const refused = (why: Refusal): Reading => ({ kind: "refused", why });

// RFC 2425 5.8.1: a long line goes on after a line end and one space or tab
const kithLine = (text: string): string | undefined =>
	/^X-KITH[^:\r\n]*:(.*)$/im.exec(text.replace(/\r?\n[ \t]/g, ""))?.[1]?.trim();

function readLink(cards: Cards, text: string, model: Model): Reading | undefined {
	const link = cards.readLink(text);
	switch (link.kind) {
		case "badge":
			if (!link.id) return refused("nothing");
			if (link.host !== model.event.host && !sameServer(link.host)) return refused("foreign-event");
			return model.mine.some(({ me, card }) => link.id === card.badge || link.id === me) ? refused("own") : { kind: "badge", id: link.id };
		case "ticket":
			return refused("ticket");
		case "pair":
			return refused("pair");
		case "other":
			return refused("link");
		default:
			return undefined;
	}
}

/** An address by which this very page is reached counts too. */
const sameServer = (host: string): boolean => host === location.host;

const isUtf8 = (bytes: Uint8Array, text: string): boolean => {
	const again = new TextEncoder().encode(text);
	return again.length === bytes.length && again.every((byte, i) => byte === bytes[i]);
};

/** The card as an entry holds it: in its sender's words where they are UTF-8. */
function cardText(cards: Cards, bytes: Uint8Array): string {
	const text = codeText(bytes);
	return isUtf8(bytes, text) ? text : cards.convertCard(bytes);
}

export function readCode(cards: Cards, bytes: Uint8Array, model: Model): Reading {
	const text = codeText(bytes);
	const linked = readLink(cards, text, model);
	if (linked) return linked;
	const card = firstCard(cards, bytes);
	if (!card) return refused("nothing");
	const line = kithLine(text);
	const named = line ? readLink(cards, line, model) : undefined;
	if (named?.kind === "refused" && named.why !== "foreign-event") return named;
	if (named?.kind === "badge") return { ...named, card: cardText(cards, bytes), details: card };
	// somebody of another event is kept as anybody with a card is
	return { kind: "card", card: cardText(cards, bytes), details: card };
}

/** As typed: O I L for 0 1 1, dashes and spaces left out. undefined: not ten characters of one. */
export function readShortCode(typed: string): string | undefined {
	const code = typed
		.toUpperCase()
		.replace(/[^0-9A-Z]/g, "")
		.replace(/O/g, "0")
		.replace(/[IL]/g, "1");
	return /^[0-9A-HJKMNP-TV-Z]{10}$/.test(code) ? code : undefined;
}

export const looksLikeTicket = (typed: string): boolean => typed.replace(/[^0-9A-Za-z]/g, "").length === 16;
