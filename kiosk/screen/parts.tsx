import type { ComponentChildren, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { clockWords } from "@web/dates";
import { askFor } from "./reasons";
import { Icon } from "./shapes";
import type { Act, Person, State } from "./state";
import { signWords } from "./signs";
import { language, t } from "./text";

export type Tone = "calm" | "done" | "exchange" | "attention" | "stop";

interface TouchProps {
	label: ComponentChildren;
	icon?: string;
	kind?: "plain" | "main" | "chip" | "quiet";
	pressed?: boolean;
	disabled?: boolean;
	spoken?: string;
	onTouch: () => void;
}

/** Every button of this screen: at least 94 px of the small panel in both directions. */
export const Touch = (p: TouchProps): VNode => (
	<button
		type="button"
		class={`touch touch-${p.kind ?? "plain"}`}
		aria-pressed={p.pressed}
		aria-label={p.spoken}
		disabled={p.disabled}
		onClick={p.onTouch}
	>
		{p.icon && <Icon name={p.icon} />}
		<span class="touch-label">{p.label}</span>
	</button>
);

const radius = 26;
const around = 2 * Math.PI * radius;

/** What is left of the timer, as a ring that shrinks. */
export function Ring({ state }: { state: State }): VNode | null {
	const circle = useRef<SVGCircleElement>(null);
	const { ms, left_ms: left } = state.timer ?? { ms: 0, left_ms: 0 };

	useLayoutEffect(() => {
		const el = circle.current;
		if (!el || ms <= 0) return undefined;
		const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
		const motion = el.animate(
			[
				{ strokeDashoffset: around * (1 - Math.min(1, left / ms)) },
				{ strokeDashoffset: around },
			],
			{
				duration: Math.max(1, left),
				fill: "forwards",
				easing: still ? `steps(${Math.max(1, Math.round(left / 2000))})` : "linear",
			},
		);
		return () => motion.cancel();
	}, [state.rev, ms, left]);

	if (ms <= 0) return null;
	return (
		<svg class="ring" viewBox="0 0 64 64" aria-hidden="true">
			<circle class="ring-back" cx="32" cy="32" r={radius} />
			<circle
				ref={circle}
				class="ring-left"
				cx="32"
				cy="32"
				r={radius}
				stroke-dasharray={`${around}`}
				transform="rotate(-90 32 32)"
			/>
		</svg>
	);
}

/** Short and long names in the same place: the size steps down, two lines at most. */
export function fit(text: string): string {
	const n = [...text].length;
	return n > 34 ? "fit-s" : n > 18 ? "fit-m" : "fit-l";
}

export const Name = ({ of }: { of: Person | undefined }): VNode => <bdi>{of?.name ?? ""}</bdi>;

/** In the middle of a sentence: cut, so that the rest of the sentence stays. */
export const ShortName = ({ of }: { of: Person | undefined }): VNode => {
	const letters = [...(of?.name ?? "")];
	return <bdi>{letters.length > 22 ? `${letters.slice(0, 20).join("").trim()}…` : letters.join("")}</bdi>;
};

export const Circle = ({ of, tone }: { of: Person | undefined; tone?: string }): VNode => (
	<span class={`circle ${tone ?? ""}`} aria-hidden="true">
		{of?.initials.slice(0, 3) || "?"}
	</span>
);

const minutes = (ms: number): number => Math.floor(ms / 60_000);

/** The link in words, and how much it wants to be looked at. */
export function linkWords(state: State): { text: string; amber: boolean } {
	const { online, pending, synced_ms_ago: age = 0, server = "ok" } = state.link ?? {
		online: true,
		pending: 0,
	};
	if (!online)
		return {
			text: pending > 0 ? t("Offline, {n} saved here", { n: pending }) : t("Offline"),
			amber: minutes(age) >= 5,
		};
	if (server !== "ok") return { text: t("Sync problem, {n} saved here", { n: pending }), amber: true };
	if (minutes(age) >= 5) return { text: t("Last sync {n} min ago", { n: minutes(age) }), amber: true };
	if (pending > 0) return { text: t("Sending {n}", { n: pending }), amber: false };
	return { text: t("Online"), amber: false };
}

function useClock(): string {
	const [now, setNow] = useState(new Date());
	useEffect(() => {
		const timer = setInterval(() => setNow(new Date()), 5000);
		return () => clearInterval(timer);
	}, []);
	return clockWords(now, language());
}

/** One sign, however many there are: staff see them all. The screen itself says what is closed. */
function CornerSign({ state }: { state: State }): VNode | null {
	const signs = (state.signs ?? []).filter((sign) => sign.sign !== "service");
	const [first] = signs;
	if (!first) return null;
	const text = signWords(first);
	return (
		<p class="corner-sign" role="status">
			{signs.length > 1 ? t("{text}, and {n} more", { text, n: signs.length - 1 }) : text}
		</p>
	);
}

export function Corner({ state }: { state: State }): VNode {
	const clock = useClock();
	const link = linkWords(state);
	// the idle screen says it large
	const ask = state.screen === "idle" ? undefined : askFor(state.hint);
	return (
		<header class="corner">
			<p class={`corner-event ${ask ? "corner-ask" : ""}`} aria-live="polite">
				{ask ? t(ask.title) : <bdi>{state.event ?? ""}</bdi>}
			</p>
			<CornerSign state={state} />
			<p class={`corner-link ${link.amber ? "amber" : ""}`} role="status">
				<span class={`dot ${state.link?.online === false ? "dot-off" : ""}`} />
				{link.text}
			</p>
			<p class="corner-clock">{clock}</p>
		</header>
	);
}

interface ResultProps {
	tone: Tone;
	shape: VNode;
	word: string;
	children: ComponentChildren;
	foot?: ComponentChildren;
}

/** A result: a field of colour with a shape and a word, and beside it what happened. */
export const Result = (p: ResultProps): VNode => (
	<main class={`result tone-${p.tone}`}>
		<div class="field">
			{p.shape}
			<p class="field-word">{p.word}</p>
		</div>
		<div class="body" aria-live="assertive">
			{p.children}
		</div>
		{p.foot && <div class="foot">{p.foot}</div>}
	</main>
);

interface UndoProps {
	act: Act;
	kind?: "plain" | "quiet";
	disabled?: boolean;
}

export const Undo = ({ act, kind, disabled }: UndoProps): VNode => (
	<Touch icon="undo" kind={kind} disabled={disabled} label={t("Undo")} onTouch={() => act("undo")} />
);

export const hasCamera = ({ readers = [] }: State): boolean => readers.some((reader) => /^(camera|frames) /.test(reader.name));

/** A line for each reader: ready, or what is wrong with it. */
export const ReaderList = ({ state: { readers = [] }, most }: { state: State; most?: number }): VNode => (
	<>
		{readers.slice(0, most).map((reader) => (
			<li key={reader.name} class={reader.state === "ready" ? "station-reader" : "station-reader amber"}>
				<bdi>{reader.name}</bdi>
				{": "}
				{reader.state === "ready" ? t("ready") : <bdi>{reader.text || reader.state}</bdi>}
			</li>
		))}
	</>
);
