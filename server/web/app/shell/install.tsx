// The app as an app: its service worker, a new version when there is one, and, after the first
// person was saved and not before, how it gets onto the home screen.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts";
import { t } from "../../text";
import type { Model } from "../data/types";

interface InstallPrompt extends Event {
	prompt(): Promise<void>;
}

const declined = "kith-no-install";
let prompt: InstallPrompt | undefined;
let waiting: ServiceWorker | undefined;
/** The person wants the new version. */
let taking = false;
/** Another tab has it already. */
let replaced = false;
const hear = new Set<() => void>();
const tell = (): void => hear.forEach((listener) => listener());

/** The scanner is fetched when the phone has nothing better to do. */
function fetchLater(): void {
	const idle = window.requestIdleCallback ?? ((task: () => void) => setTimeout(task, 3000));
	idle(() => navigator.serviceWorker.controller?.postMessage("later"));
}

export async function startServiceWorker(): Promise<void> {
	addEventListener("beforeinstallprompt", (event) => {
		event.preventDefault();
		prompt = event as InstallPrompt;
		tell();
	});
	if (!navigator.serviceWorker) return;
	let had = navigator.serviceWorker.controller !== null;
	navigator.serviceWorker.addEventListener("controllerchange", () => {
		if (taking) location.reload();
		// another tab took the new version: the parts of this one's are gone from the cache
		else if (had) replaced = true;
		had = true;
		tell();
		fetchLater();
	});
	const registration = await navigator.serviceWorker.register("/sw.js");
	const look = (): void => {
		if (registration.waiting && navigator.serviceWorker.controller) {
			waiting = registration.waiting;
			tell();
		}
	};
	look();
	registration.addEventListener("updatefound", () => registration.installing?.addEventListener("statechange", look));
	document.addEventListener("visibilitychange", () => {
		if (!document.hidden) void registration.update().catch(() => undefined);
	});
	if (navigator.serviceWorker.controller) fetchLater();
}

function useNews(): void {
	const [, set] = useState(0);
	useEffect(() => {
		const listener = (): void => set((n) => n + 1);
		hear.add(listener);
		return () => {
			hear.delete(listener);
		};
	}, []);
}

/** The browser's own question, where it has one. It lets itself be asked once. */
export function useInstall(): (() => Promise<void>) | undefined {
	useNews();
	const question = prompt;
	return (
		question &&
		(async () => {
			prompt = undefined;
			await question.prompt();
			tell();
		})
	);
}

export function NewVersion(): VNode | null {
	useNews();
	if (!waiting && !replaced) return null;
	return (
		<p class="bar" role="status">
			<span>{t("There is a new version of this app.")}</span>
			<Button
				small
				kind="main"
				onClick={() => {
					taking = true;
					if (replaced) location.reload();
					else waiting?.postMessage("take-over");
				}}
			>
				{t("Reload")}
			</Button>
		</p>
	);
}

export const standalone = (): boolean =>
	matchMedia("(display-mode: standalone)").matches || (navigator as { standalone?: boolean }).standalone === true;
const isApple = (): boolean => /iPhone|iPad/.test(navigator.userAgent);

export function InstallHint({ model }: { model: Model }): VNode | null {
	const install = useInstall();
	const [gone, setGone] = useState(() => localStorage.getItem(declined) !== null);
	if (gone || standalone() || model.people.length === 0 || !(install || isApple())) return null;
	const decline = (): void => {
		localStorage.setItem(declined, "1");
		setGone(true);
	};
	return (
		<p class="bar">
			<span>
				{install
					? t("Put Kith on your home screen: it opens at once, also without a network.")
					: t("Put Kith on your home screen: touch Share, then “Add to Home Screen”.")}
			</span>
			{install && (
				<Button small kind="main" onClick={() => void install().then(decline)}>
					{t("Add")}
				</Button>
			)}
			<Button small kind="quiet" onClick={decline}>
				{t("Not now")}
			</Button>
		</p>
	);
}
