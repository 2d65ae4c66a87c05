// Cards and links on the phone: Kith's own reader, the same C that server and kiosk run, as WebAssembly.
import wasmUrl from "@core/kith-cards.wasm";
import { type Exports, Module, bytesOf, decoder, encoder, instantiate, once } from "./module";

/** What every card says of somebody. Texts are empty where nothing was given. */
export interface CardTexts {
	name: string;
	organization: string;
	title: string;
	emails: string[];
	phones: string[];
	urls: string[];
}

/** A card of any format, as `kith-badge card` prints it. */
export interface Card extends CardTexts {
	file: "";
	index: number;
	notes: string[];
	uid: string;
}

/** What a text is: "none" is no link at all, "other" a link that is none of ours or damaged. */
export type Link =
	| { kind: "none" }
	| { kind: "other"; host: string }
	| { kind: "badge"; host: string; id: string; signed: boolean }
	| { kind: "ticket"; host: string; code: string }
	| { kind: "pair"; host: string; token: string };

/** iconv's names of character sets, where a browser's differ (WHATWG Encoding 4.2). */
const labels: Record<string, string> = {
	CP874: "windows-874",
	CP932: "shift_jis",
	"EUC-JP-MS": "euc-jp",
	UHC: "euc-kr",
};

/** What decoders make of bytes that are no character of these sets: then nothing is of the set, as with iconv. */
const unassigned: [RegExp, RegExp][] = [
	[/^(CP|UHC)/, /[\x80-\x9f]/],
	[/^(CP874|UHC|BIG5)/, /[\ue000-\uf8ff]/],
];

function decodeSet(name: string, bytes: Uint8Array): string | undefined {
	try {
		const text = new TextDecoder(labels[name] ?? name, { fatal: true, ignoreBOM: true }).decode(bytes);
		return unassigned.some(([set, wrong]) => set.test(name) && wrong.test(text)) ? undefined : text;
	} catch {
		return undefined;
	}
}

export class Cards extends Module {
	/** Every card in a file or code: vCard 2.1 to 4.0, MECARD, BIZCARD, MEMORY. Throws CoreError when there is none. */
	readCards(bytes: Uint8Array | string): Card[] {
		return this.json("kith_card_read", bytesOf(bytes));
	}

	/** The first card of a file or code as vCard 3.0, without pictures and what Kith does not read. */
	convertCard(bytes: Uint8Array | string): string {
		return decoder.decode(this.ask("kith_card_convert", bytesOf(bytes)));
	}

	readLink(text: string): Link {
		return this.json("kith_link_read", encoder.encode(text));
	}
}

/** A module of its own from these bytes: for tests, where no server answers fetch. */
export async function loadCardsFrom(wasm?: BufferSource): Promise<Cards> {
	let x: Exports | undefined;
	/** core/wasm/charset_import.c says what it gives back. */
	const charset = (name: number, nameLength: number, bytes: number, length: number): number => {
		if (!x) return 0;
		const memory = new Uint8Array(x.memory.buffer);
		const label = decoder.decode(memory.slice(name, name + nameLength));
		const text = decodeSet(label, memory.slice(bytes, bytes + length));
		if (text === undefined) return 0;
		const utf8 = encoder.encode(text);
		const at = x.kith_alloc(4 + utf8.length);
		if (!at) return 0;
		new DataView(x.memory.buffer).setUint32(at, utf8.length, true);
		new Uint8Array(x.memory.buffer).set(utf8, at + 4);
		return at;
	};
	x = await instantiate(wasmUrl, wasm, { kith: { charset } });
	return new Cards(x);
}

export const loadCards = once(() => loadCardsFrom());
