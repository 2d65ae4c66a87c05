import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { errorWords, t } from "./text";

const lines: Record<string, string> = {
	card: "M3 6h18v13H3zM7 15h5M15 10h3v4h-3z",
	scan: "M4 8V4h4M16 4h4v4M20 16v4h-4M8 20H4v-4M4 12h16",
	me: "M12 21a9 9 0 100-18 9 9 0 000 18zM12 12a3 3 0 100-6 3 3 0 000 6zM6.500 18c1-2.500 3-3.500 5.500-3.500s4.500 1 5.500 3.500",
	camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.500a3.500 3.500 0 100-7 3.500 3.500 0 000 7z",
	light: "M13 3L6 13h5l-1 8 8-11h-6z",
	offline: "M4 4l16 16M5 12a10 10 0 014-2.500M2 9a14 14 0 015-3M13 6a14 14 0 019 3M8.500 15.500a5 5 0 017 0M12 19h.01",
	attention: "M12 4l9 16H3zM12 10v4M12 17h.01",
	check: "M5 13l4 4L19 7",
	clock: "M12 7v5l3 2M12 21a9 9 0 100-18 9 9 0 000 18z",
	mail: "M4 6h16v12H4zM4 7l8 6 8-6",
	more: "M5 12h.01M12 12h.01M19 12h.01",
	edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
	drop: "M6 6l12 12M18 6L6 18",
	undo: "M9 6L5 10l4 4M5 10h9a5 5 0 010 10h-3",
	hello: "M4 6h16v10H10l-4 4v-4H4z",
	promise: "M4 12l16-7-5 15-4-6zM11 14l9-9",
	thanks: "M12 20L4.500 12.500a4.500 4.500 0 017.500-5 4.500 4.500 0 017.500 5z",
	introduce: "M8 11a3 3 0 100-6 3 3 0 000 6zM16 11a3 3 0 100-6 3 3 0 000 6zM3 19c0-3 2-5 5-5s5 2 5 5M14 14.500c4-1.500 7 1 7 4.500",
	referral: "M5 12h12M13 7l5 5-5 5",
	"report-back": "M19 12H7M11 7l-5 5 5 5",
	share: "M12 15V4M8 8l4-4 4 4M5 13v6h14v-6",
	congratulate: "M12 4l2.500 5 5.500.8-4 3.900 1 5.500-5-2.600-5 2.600 1-5.500-4-3.900 5.500-.8z",
	"keep-in-touch": "M4 12a8 8 0 0114-5l2 2M20 12a8 8 0 01-14 5l-2-2M20 4v5h-5M4 20v-5h5",
	"face-time": "M4 10h11v9H4zM15 13l5-3v8l-5-3M8 6h4",
	back: "M15 5l-7 7 7 7",
	chevron: "M9 5l7 7-7 7",
	plus: "M12 5v14M5 12h14",
	moon: "M19 14.500A7.500 7.500 0 019.500 5a7.500 7.500 0 109.500 9.500z",
	sun: "M12 16a4 4 0 100-8 4 4 0 000 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500L19 19M5 19l1.500-1.500M17.500 6.500L19 5",
	cards: "M7 8h13v12H7zM4 16V4h12",
	gift: "M4 9h16v4H4zM6 13v7h12v-7M12 9v11M12 9C9 9 7 7.500 8 5.500S12 6 12 9c0-3 3-5.500 4-3.500S15 9 12 9z",
	balance: "M12 4v16M7 20h10M4 8h16M4 8l-2 6h5zM20 8l2 6h-5z",
	work: "M4 8h16v11H4zM9 8V5h6v3M4 13h16",
	merge: "M6 4v4a6 6 0 006 6 6 6 0 006-6V4M12 14v6",
	block: "M12 21a9 9 0 100-18 9 9 0 000 18zM6 6l12 12",
	bell: "M6 16V11a6 6 0 0112 0v5l2 2H4zM10 21h4",
	buddy: "M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M18 8v6M15 11h6",
	print: "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
	web: "M12 21a9 9 0 100-18 9 9 0 000 18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18",
	person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4 20c0-4 4-6 8-6s8 2 8 6",
	calendar: "M5 6h14v14H5zM5 10h14M9 3v4M15 3v4",
	download: "M12 4v11M8 11l4 4 4-4M5 20h14",
	phone: "M8 3h8a1 1 0 011 1v16a1 1 0 01-1 1H8a1 1 0 01-1-1V4a1 1 0 011-1zM11 18h2",
	upload: "M12 16V5M8 9l4-4 4 4M5 20h14",
	station: "M5 4h14v10H5zM12 14v4M8 20h8",
	ticket: "M4 8h16v3a1.500 1.500 0 000 3v3H4v-3a1.500 1.500 0 000-3z",
	list: "M8 7h12M8 12h12M8 17h12M4 7h.01M4 12h.01M4 17h.01",
	copy: "M8 8h11v12H8zM5 16V4h11",
	find: "M10 17a7 7 0 100-14 7 7 0 000 14zM15 15l6 6",
	lock: "M6 11h12v9H6zM9 11V8a3 3 0 016 0v3",
	leave: "M14 5H5v14h9M10 12h10M17 8l4 4-4 4",
};

export const Icon = ({ name }: { name: string }): VNode => (
	<svg class={`icon icon-${name}`} viewBox="0 0 24 24" aria-hidden="true">
		<path class={name === "more" ? "dots" : undefined} d={lines[name] ?? "M12 21a9 9 0 100-18 9 9 0 000 18z"} />
	</svg>
);

export const Logo = (): VNode => (
	<span class="logo">
		<svg viewBox="0 0 40 28" aria-hidden="true">
			<circle cx="14" cy="14" r="10" />
			<circle class="logo-b" cx="26" cy="14" r="10" />
		</svg>
		Kith
	</span>
);

interface ButtonProps {
	children: ComponentChildren;
	icon?: string;
	kind?: "main" | "plain" | "quiet" | "danger";
	small?: boolean;
	submit?: boolean;
	disabled?: boolean;
	label?: string;
	expanded?: boolean;
	onClick?: (event: Event) => void;
}

export const Button = (p: ButtonProps): VNode => (
	<button
		type={p.submit ? "submit" : "button"}
		class={`button button-${p.kind ?? "plain"} ${p.small ? "button-small" : ""}`}
		disabled={p.disabled}
		aria-label={p.label}
		aria-expanded={p.expanded}
		onClick={p.onClick}
	>
		{p.icon && <Icon name={p.icon} />}
		{p.children}
	</button>
);

export const initials = (name: string): string => {
	const words = name.trim().split(/\s+/);
	const first = (word = ""): string => ([...word][0] ?? "").toUpperCase();
	return words.length > 1 ? first(words[0]) + first(words[words.length - 1]) : first(words[0]) || "?";
};

export const Face = ({ name }: { name: string }): VNode => (
	<span class="face" aria-hidden="true">
		{initials(name)}
	</span>
);

/** What went wrong, in place, read out at once. */
export const Problem = ({ error }: { error: unknown }): VNode | null =>
	error ? (
		<p class="problem" role="alert">
			{errorWords(error)}
		</p>
	) : null;

/** A page with one thing to do: logo, title, text, and what the page adds. */
export const Sheet = ({ title, children }: { title: string; children: ComponentChildren }): VNode => (
	<main class="sheet">
		<Logo />
		<h1>{title}</h1>
		{children}
	</main>
);

interface DialogProps {
	title: ComponentChildren;
	onClose: () => void;
	children: ComponentChildren;
	wide?: boolean;
}

/** Modal: the browser keeps the focus inside and gives it back; Escape closes. */
export function Dialog({ title, onClose, children, wide }: DialogProps): VNode {
	const dialog = useRef<HTMLDialogElement>(null);
	useLayoutEffect(() => {
		const el = dialog.current;
		el?.showModal();
		return () => el?.close();
	}, []);
	return (
		<dialog
			ref={dialog}
			class={wide ? "dialog dialog-wide" : "dialog"}
			aria-labelledby="dialog-title"
			onCancel={(event) => {
				event.preventDefault();
				onClose();
			}}
			onClick={(event) => event.target === dialog.current && onClose()}
		>
			<div class="dialog-in">
				<div class="dialog-head">
					<h2 id="dialog-title">{title}</h2>
					<Button kind="quiet" small icon="drop" label={t("Close")} onClick={onClose}>
						{""}
					</Button>
				</div>
				{children}
			</div>
		</dialog>
	);
}

/** Run something once at a time and keep what went wrong. */
export function useTask(): {
	busy: boolean;
	error: unknown;
	run: (task: () => Promise<void>) => Promise<void>;
	clear: () => void;
} {
	const [busy, setBusy] = useState(false);
	const [error, setError] = useState<unknown>();
	return {
		busy,
		error,
		clear: () => setError(undefined),
		run: async (task) => {
			setBusy(true);
			setError(undefined);
			try {
				await task();
			} catch (e) {
				setError(e);
			} finally {
				setBusy(false);
			}
		},
	};
}

/** Run fn now and every ms while the page is looked at. */
export function useEvery(ms: number, fn: () => void): void {
	const latest = useRef(fn);
	latest.current = fn;
	useEffect(() => {
		const tick = (): void => {
			if (!document.hidden) latest.current();
		};
		tick();
		const timer = setInterval(tick, ms);
		document.addEventListener("visibilitychange", tick);
		return () => {
			clearInterval(timer);
			document.removeEventListener("visibilitychange", tick);
		};
	}, [ms]);
}

/** The secret after the '#', taken once and removed from the address and the history. */
export function takeFragment(): string {
	const secret = decodeFragment(location.hash.slice(1));
	if (location.hash) history.replaceState(null, "", location.pathname + location.search);
	return secret;
}

function decodeFragment(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
