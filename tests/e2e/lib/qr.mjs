// A QR code from the kiosk's screen (an SVG path of runs) read by the product's own eye.
import fs from 'node:fs';
import path from 'node:path';
import { must } from './world.mjs';

/** The modules of a path such as "M4 4h7v1h-7zM12 4h1v1h-1z" as a PGM image, 8 pixels a module. */
export function rasterize(svgPath, size) {
	const scale = 8;
	const side = size * scale;
	const pixels = Buffer.alloc(side * side, 255);
	for (const [, x, y, run] of svgPath.matchAll(/M(\d+)[ ,](\d+)h(\d+)/g))
		for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
			pixels.fill(0, row * side + Number(x) * scale, row * side + (Number(x) + Number(run)) * scale);
	return Buffer.concat([Buffer.from(`P5\n${side} ${side}\n255\n`), pixels]);
}

export async function readQr(state, dir) {
	const file = path.join(dir, 'screen-qr.pgm');
	fs.writeFileSync(file, rasterize(state.qr, state.qr_size));
	const line = await must('kith-badge', ['scan', '--first', file]);
	fs.rmSync(file);
	return line.trimEnd().split('\t')[1];
}
