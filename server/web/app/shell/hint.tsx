// After the first person was saved and not before: how the app gets onto the home screen.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../parts";
import { t } from "../../text";
import type { Model } from "../data/types";
import { install, installPrompt, useNews } from "./install";

const declined = "kith-no-install";

/** The browser's own question, where it has one. */
export function useInstall(): (() => Promise<void>) | undefined {
	useNews();
	const question = installPrompt();
	return question && (() => install(question));
}

export const standalone = (): boolean =>
	matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
const isApple = (): boolean => /iPhone|iPad/.test(navigator.userAgent);

export function InstallHint({ model }: { model: Model }): VNode | null {
	const ask = useInstall();
	const [gone, setGone] = useState(() => localStorage.getItem(declined) !== null);
	if (gone || standalone() || model.people.length === 0 || !(ask || isApple())) return null;
	const decline = (): void => {
		localStorage.setItem(declined, "1");
		setGone(true);
	};
	return (
		<p class="bar">
			<span>
				{ask
					? t("Put Kith on your home screen: it opens at once, also without a network.")
					: t("Put Kith on your home screen: touch Share, then “Add to Home Screen”.")}
			</span>
			{ask && (
				<Button small kind="main" onClick={() => void ask().then(decline)}>
					{t("Add")}
				</Button>
			)}
			<Button small kind="quiet" onClick={decline}>
				{t("Not now")}
			</Button>
		</p>
	);
}
