// A part of the app that is loaded when it is first shown (the service worker has it offline).
import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../parts";
import { t } from "../../text";
import { loadAppTexts } from "../texts";

/** The style sheet of all parts. */
let styled: Promise<void> | undefined;
const loadStyles = (): Promise<void> =>
	(styled ??= new Promise((done, failed) => {
		const sheet = document.createElement("link");
		sheet.rel = "stylesheet";
		sheet.href = KITH_STYLES;
		sheet.onload = () => done();
		sheet.onerror = () => {
			sheet.remove();
			styled = undefined;
			failed(new Error(KITH_STYLES));
		};
		document.head.append(sheet);
	}));

const waiting: (() => Promise<unknown>)[] = [];

/** quiet: nothing stands in its place while it is loaded. */
export function lazy<P extends object>(part: () => Promise<ComponentType<P>>, quiet = false): (props: P) => VNode | null {
	const load = (): Promise<ComponentType<P>> => Promise.all([part(), loadAppTexts(), loadStyles()]).then(([found]) => found);
	let loaded: ComponentType<P> | undefined;
	waiting.push(() => load().then((part) => (loaded = part)));
	return function Lazy(props: P): VNode | null {
		const [Part, setPart] = useState<{ of?: ComponentType<P>; error?: unknown }>({ of: loaded });
		useEffect(() => {
			// loaded beforehand, it may be, since this was drawn
			if (loaded) {
				setPart({ of: loaded });
				return;
			}
			load().then(
				(part) => setPart({ of: (loaded = part) }),
				(error: unknown) => setPart({ error }),
			);
		}, []);
		if (Part.of) return <Part.of {...props} />;
		if (Part.error) return <Problem error={Part.error} />;
		return quiet ? null : <p class="hint center">{t("One moment")}</p>;
	};
}

/** Load all parts once the page has come to rest, so that none is waited for. */
export function prefetch(): void {
	const all = (): void => {
		// what fails now is loaded, and complained about, when it is wanted
		for (const load of waiting.splice(0)) load().catch(() => undefined);
	};
	if ("requestIdleCallback" in globalThis) requestIdleCallback(all, { timeout: 5000 });
	else setTimeout(all, 1500);
}
