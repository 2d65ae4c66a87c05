// The app's icon as PNG, drawn here as lib/icon.svg says it: phones' home screens take no SVG. The
// ground fills the square, so that a phone may cut it to its own shape.
import { deflateSync } from "node:zlib";

const ground = [0x0b, 0x3a, 0x53];
const rings = [
	{ x: 12, colour: [0xff, 0xff, 0xff] },
	{ x: 20, colour: [0x5f, 0xd0, 0xa8] },
];
const box = 32; // of the drawing; rings of radius 6, 3 wide, at half its height
const shrink = 0.85; // room around them for round masks

const mix = (from, to, part) => from.map((c, i) => Math.round(c + (to[i] - c) * part));

function colourAt(x, y, pixel) {
	let colour = ground;
	for (const ring of rings) {
		const far = Math.abs(Math.hypot(x - ring.x, y - box / 2) - 6) - 1.5;
		colour = mix(colour, ring.colour, Math.min(1, Math.max(0, 0.5 - far / pixel)));
	}
	return colour;
}

function crc(bytes) {
	let value = ~0;
	for (const byte of bytes) {
		value ^= byte;
		for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
	}
	return ~value >>> 0;
}

// PNG (ISO/IEC 15948) 5.3: length, type, data, CRC over type and data
function chunk(type, data) {
	const out = Buffer.alloc(data.length + 12);
	out.writeUInt32BE(data.length, 0);
	out.write(type, 4, "latin1");
	data.copy(out, 8);
	out.writeUInt32BE(crc(out.subarray(4, data.length + 8)), data.length + 8);
	return out;
}

export function appIcon(size) {
	const header = Buffer.alloc(13);
	header.writeUInt32BE(size, 0);
	header.writeUInt32BE(size, 4);
	header.set([8, 2, 0, 0, 0], 8); // 8 bits of red, green, blue
	const rows = Buffer.alloc(size * (1 + 3 * size));
	const pixel = box / size / shrink;
	const place = (i) => ((i + 0.5) / size - 0.5) * (box / shrink) + box / 2;
	for (let y = 0; y < size; y++)
		for (let x = 0; x < size; x++)
			rows.set(colourAt(place(x), place(y), pixel), y * (1 + 3 * size) + 1 + 3 * x);
	return Buffer.concat([
		Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk("IHDR", header),
		chunk("IDAT", deflateSync(rows, { level: 9 })),
		chunk("IEND", Buffer.alloc(0)),
	]);
}
