// The scanner, off the page's thread: pictures in, codes out. Everything about the library stays in
// this file; docs/architecture.md says why it is this one.
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";
import library from "zxing-wasm/reader/zxing_reader.wasm";
import type { Answer, Question } from "./decode";

const scope = self as unknown as {
	onmessage: (event: MessageEvent<Question>) => void;
	postMessage: (answer: Answer) => void;
};

prepareZXingModule({ overrides: { locateFile: () => library } });

scope.onmessage = async ({ data: { id, image } }) => {
	try {
		const found = await readBarcodes(image, { formats: ["QRCode"], maxNumberOfSymbols: 4 });
		scope.postMessage({
			id,
			found: found
				.filter((code) => code.isValid)
				.map(({ bytes, position: p }) => ({
					bytes,
					corners: [p.topLeft, p.topRight, p.bottomRight, p.bottomLeft].map(({ x, y }) => ({ x, y })),
				})),
		});
	} catch (e) {
		scope.postMessage({ id, problem: String(e) });
	}
};
