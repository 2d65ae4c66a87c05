// A picture in, the QR codes on it out. The scanner is loaded at its first use.

export interface Found {
	/** What the code says, byte by byte. */
	bytes: Uint8Array;
	/** On the picture, from its start around. */
	corners: { x: number; y: number }[];
}

export interface Question {
	id: number;
	image: ImageData;
}

export type Answer = { id: number; found: Found[]; problem?: undefined } | { id: number; problem: string };

type Waiting = { resolve: (found: Found[]) => void; reject: (problem: Error) => void };

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, Waiting>();

function drop(problem: string): void {
	worker?.terminate();
	worker = undefined;
	for (const { reject } of waiting.values()) reject(new Error(problem));
	waiting.clear();
}

function running(): Worker {
	if (worker) return worker;
	worker = new Worker(KITH_SCANNER, { type: "module" });
	worker.onerror = () => drop("the scanner could not be loaded");
	worker.onmessage = ({ data }: MessageEvent<Answer>) => {
		const one = waiting.get(data.id);
		waiting.delete(data.id);
		if (data.problem === undefined) one?.resolve(data.found);
		else one?.reject(new Error(data.problem));
	};
	return worker;
}

/** Takes the picture's pixels away from the caller. */
export function decode(image: ImageData): Promise<Found[]> {
	return new Promise((resolve, reject) => {
		const id = ++asked;
		waiting.set(id, { resolve, reject });
		running().postMessage({ id, image } satisfies Question, [image.data.buffer]);
	});
}

/** Text of a code: strict UTF-8, else Windows-1252 (facts about codes in the wild: docs/cards.md). */
export function codeText(bytes: Uint8Array): string {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		return new TextDecoder("windows-1252").decode(bytes);
	}
}
