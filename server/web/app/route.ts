// Where in the app one is: the address's fragment, "#/people/KEY" as ["people", "KEY"]. Back and
// forward work, and a link can be kept.
import { useEffect, useState } from "preact/hooks";

export type TabName = "card" | "scan" | "people" | "queue" | "me";

function read(): string[] {
	try {
		return location.hash
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
	const [route, setRoute] = useState(read);
	useEffect(() => {
		const changed = (): void => setRoute(read());
		addEventListener("hashchange", changed);
		return () => removeEventListener("hashchange", changed);
	}, []);
	return route;
}
