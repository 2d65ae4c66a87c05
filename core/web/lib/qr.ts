// A QR code as one SVG path: a rectangle for each run of dark modules, so that no seam shows.
import { encode } from "uqr";

export interface QrPath {
	/** For a viewBox of 0 0 size size, with the quiet zone of four modules around. */
	d: string;
	size: number;
	version: number;
}

const encoder = new TextEncoder();
const quiet = 4; // ISO/IEC 18004 5.3.8

/** Text as UTF-8, with the least correction that a screen needs. Throws when no code holds it. */
export function qrPath(text: string, ecc: "L" | "M" | "Q" = "L"): QrPath {
	// as bytes: uqr would refuse half a surrogate pair, and choose another mode for capitals
	const { data, size, version } = encode(Array.from(encoder.encode(text)), { ecc, border: 0 });
	let d = "";
	data.forEach((row, y) => {
		for (let x = 0; x < size; x++) {
			if (!row[x]) continue;
			const from = x;
			while (x + 1 < size && row[x + 1]) x++;
			const run = x + 1 - from;
			d += `M${from + quiet} ${y + quiet}h${run}v1h-${run}z`;
		}
	});
	return { d, size: size + 2 * quiet, version };
}
