// A part of the app that is loaded when it is first shown (the service worker has it offline).
import type { ComponentType, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../parts";
import { t } from "../../text";

export function lazy<P extends object>(load: () => Promise<ComponentType<P>>): (props: P) => VNode {
	let loaded: ComponentType<P> | undefined;
	return function Lazy(props: P): VNode {
		const [Part, setPart] = useState<{ of?: ComponentType<P>; error?: unknown }>({ of: loaded });
		useEffect(() => {
			if (loaded) return;
			load().then(
				(part) => setPart({ of: (loaded = part) }),
				(error: unknown) => setPart({ error }),
			);
		}, []);
		if (Part.of) return <Part.of {...props} />;
		return Part.error ? <Problem error={Part.error} /> : <p class="hint center">{t("One moment")}</p>;
	};
}
