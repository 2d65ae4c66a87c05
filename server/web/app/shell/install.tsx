// The app as an app: its service worker, a new version when there is one, and the browser's offer to
// install it, which hint.tsx and the settings make.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button } from "../../parts";
import { t } from "../../text";

interface InstallPrompt extends Event {
	prompt(): Promise<void>;
}

let prompt: InstallPrompt | undefined;
export const installPrompt = (): InstallPrompt | undefined => prompt;
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

export function useNews(): void {
	const [, set] = useState(0);
	useEffect(() => {
		const listener = (): void => set((n) => n + 1);
		hear.add(listener);
		return () => {
			hear.delete(listener);
		};
	}, []);
}

/** It lets itself be asked once. */
export async function install(question: InstallPrompt): Promise<void> {
	prompt = undefined;
	await question.prompt();
	tell();
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
