// A QR code from the kiosk's screen (an SVG path of runs) read by the product's own eye.
import fs from 'node:fs';
import path from 'node:path';
import { must } from './world.mjs';

const quiet = 4; // modules of white around a code, which the page adds too

/** The modules of a path such as "M0 0h7v1h-7zM8 0h1v1h-1z" as a PGM image, 8 pixels a module. */
export function rasterize(svgPath, size) {
	const scale = 8;
	const side = (size + 2 * quiet) * scale;
	const pixels = Buffer.alloc(side * side, 255);
	for (const [, left, top, run] of svgPath.matchAll(/M(\d+)[ ,](\d+)h(\d+)/g)) {
		const x = Number(left) + quiet;
		const y = Number(top) + quiet;
		for (let row = y * scale; row < (y + 1) * scale; row++)
			pixels.fill(0, row * side + x * scale, row * side + (x + Number(run)) * scale);
	}
	return Buffer.concat([Buffer.from(`P5\n${side} ${side}\n255\n`), pixels]);
}

export async function readQr(state, dir) {
	const file = path.join(dir, 'screen-qr.pgm');
	fs.writeFileSync(file, rasterize(state.qr, state.qr_size));
	const line = await must('kith-badge', ['scan', '--first', file]);
	fs.rmSync(file);
	return line.trimEnd().split('\t')[1];
}
