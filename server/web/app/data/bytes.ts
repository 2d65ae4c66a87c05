// Bytes as text, ids, and hashes: what the log's JSON is made of (docs/sync-protocol.md).

export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

export function toB64(bytes: Uint8Array): string {
	let text = "";
	for (const byte of bytes) text += String.fromCharCode(byte);
	return btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fromB64(text: string): Uint8Array {
	const raw = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
	return Uint8Array.from(raw, (c) => c.charCodeAt(0));
}

export function uuidBytes(id: string): Uint8Array {
	const hex = id.replace(/-/g, "");
	return Uint8Array.from({ length: 16 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

export function uuidText(bytes: Uint8Array): string {
	const hex = [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
	return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const random = (n: number): Uint8Array => crypto.getRandomValues(new Uint8Array(n));

export const randomId = (): string => uuidText(random(16));

let lastMs = 0;
let count = 0;

/** A UUIDv7: ids made later on this phone sort later, also within one millisecond (RFC 9562 6.2). */
export function entryId(now = Date.now()): string {
	const bytes = random(16);
	const ms = Math.max(now, lastMs);
	count = ms === lastMs ? count + 1 : 0;
	if (count > 0xfff) count = 0xfff;
	lastMs = ms;
	for (let i = 0; i < 6; i++) bytes[i] = Math.floor(ms / 2 ** (8 * (5 - i))) & 255;
	bytes[6] = 0x70 | (count >> 8);
	bytes[7] = count & 255;
	bytes[8] = 0x80 | (bytes[8]! & 0x3f);
	return uuidText(bytes);
}

export async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
	return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as BufferSource));
}
