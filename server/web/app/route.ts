// Where in the app one is: the address's fragment, "#/people/KEY" as ["people", "KEY"]. Back and
// forward work, and a link can be kept.
import { useEffect, useState } from "preact/hooks";

export type TabName = "card" | "scan" | "people" | "queue" | "me";

function read(hash: string): string[] {
	try {
		return hash
			.replace(/^#\/?/, "")
			.split("/")
			.filter(Boolean)
			.map(decodeURIComponent);
	} catch {
		return [];
	}
}

/** "#/people/KEY", for href. */
export const link = (...parts: string[]): string => `#/${parts.map(encodeURIComponent).join("/")}`;

export const go = (...parts: string[]): void => {
	location.hash = link(...parts);
};

/** The same, without a step for the back button. */
export function replace(...parts: string[]): void {
	history.replaceState(null, "", link(...parts));
	dispatchEvent(new HashChangeEvent("hashchange"));
}

export function useRoute(): string[] {
	const [hash, setHash] = useState(location.hash);
	useEffect(() => {
		const changed = (): void => setHash(location.hash);
		addEventListener("hashchange", changed);
		changed(); // since it was drawn
		return () => removeEventListener("hashchange", changed);
	}, []);
	return read(hash);
}
