// Pictures. Each result has an outline of its own, so that it is told apart without its colour.
import type { VNode } from "preact";
import type { Hint } from "./state";

const stroke = {
	fill: "none",
	stroke: "currentColor",
	"stroke-width": "6",
	"stroke-linecap": "round",
	"stroke-linejoin": "round",
} as const;

const shape = (name: string, content: VNode): VNode => (
	<svg class={`shape shape-${name}`} viewBox="0 0 96 96" aria-hidden="true">
		{content}
	</svg>
);

/** A disc with a tick. */
export const Done = (): VNode =>
	shape(
		"done",
		<>
			<circle class="shape-back" cx="48" cy="48" r="42" />
			<path class="shape-draw" d="M28 50l14 14 27-31" {...stroke} stroke-width="9" />
		</>,
	);

/** Two discs that overlap. */
export const Exchange = (): VNode =>
	shape(
		"exchange",
		<>
			<circle class="shape-back" cx="33" cy="48" r="27" />
			<circle class="shape-back" cx="63" cy="48" r="27" />
			<path class="shape-draw" d="M28 40h38l-9-9M68 57H30l9 9" {...stroke} />
		</>,
	);

/** A triangle with an exclamation mark. */
export const Attention = (): VNode =>
	shape(
		"attention",
		<>
			<path class="shape-back" d="M48 8L92 84H4z" stroke-linejoin="round" />
			<path d="M48 34v24M48 70v.5" {...stroke} stroke-width="9" />
		</>,
	);

/** An octagon with a bar. */
export const Stop = (): VNode =>
	shape(
		"stop",
		<>
			<path class="shape-back" d="M31 6h34l25 25v34L65 90H31L6 65V31z" />
			<path d="M30 48h36" {...stroke} stroke-width="11" />
		</>,
	);

/** A chip under waves. */
export const Waves = (): VNode =>
	shape(
		"waves",
		<g {...stroke}>
			<rect x="14" y="30" width="24" height="36" rx="5" />
			<path class="wave wave-1" d="M52 36a17 17 0 010 24" />
			<path class="wave wave-2" d="M62 27a30 30 0 010 42" />
			<path class="wave wave-3" d="M72 18a43 43 0 010 60" />
		</g>,
	);

export const Phone = (): VNode =>
	shape(
		"phone",
		<g {...stroke}>
			<rect x="26" y="10" width="44" height="76" rx="9" />
			<path d="M44 74h8" />
		</g>,
	);

export const Moon = (): VNode =>
	shape("moon", <path d="M62 16a34 34 0 1 0 20 46A28 28 0 0 1 62 16z" {...stroke} />);

/** The badge that slides to the reader: the one picture of the idle screen. */
export const BadgeAndReader = (): VNode => (
	<svg class="tap" viewBox="0 0 340 170" aria-hidden="true">
		<g class="tap-reader">
			<rect x="232" y="23" width="92" height="124" rx="18" />
			<path class="wave wave-1" d="M268 71a20 20 0 0 1 0 28" />
			<path class="wave wave-2" d="M280 61a34 34 0 0 1 0 48" />
			<path class="wave wave-3" d="M292 51a48 48 0 0 1 0 68" />
		</g>
		<g class="tap-badge">
			<path class="tap-band" d="M66 -20L84 34M114 -20L96 34" />
			<rect class="tap-card" x="38" y="28" width="104" height="126" rx="14" />
			<rect class="tap-hole" x="76" y="37" width="28" height="8" rx="4" />
			<circle class="tap-face" cx="90" cy="82" r="22" />
			<rect class="tap-line" x="58" y="116" width="64" height="8" rx="4" />
			<rect class="tap-line" x="68" y="132" width="44" height="8" rx="4" />
		</g>
	</svg>
);

const asked: Record<Hint, string> = {
	light: "M48 4v10M22 12l6 8M74 12l-6 8M12 30h11M73 30h11M34 32a14 14 0 0 1 28 0",
	closer: "M8 22V8h14M74 8h14v14M88 74v14H74M22 88H8V74",
	tilt: "M84 42A42 42 0 0 0 54 16l11-4M54 16l6 10",
	still: "M8 40v36M88 40v36M17 48v20M79 48v20",
};

/** A card with a code, and what to do with it. */
export const Asked = ({ hint }: { hint: Hint }): VNode => (
	<svg class={`asked asked-${hint}`} viewBox="0 0 96 96" aria-hidden="true">
		<g class="asked-card">
			<rect x="26" y="36" width="44" height="44" rx="6" {...stroke} />
			<path d="M36 46h8v8h-8zM52 46h8v8h-8zM36 62h8v8h-8zM53 63h2M59 69h2" {...stroke} stroke-width="4" />
		</g>
		<path class="asked-what" d={asked[hint]} {...stroke} />
	</svg>
);

const icons: Record<string, string> = {
	topic: "M20 22h56v40H46L30 78V62H20z",
	send: "M14 46l68-30-22 66-14-26zM46 56l36-40",
	intro: "M30 44a12 12 0 1 0 0-24 12 12 0 0 0 0 24zM66 44a12 12 0 1 0 0-24 12 12 0 0 0 0 24zM12 76c0-14 8-20 18-20s18 6 18 20M48 76c0-14 8-20 18-20s18 6 18 20",
	help: "M48 80L18 50a18 18 0 0 1 30-24 18 18 0 0 1 30 24z",
	buddy: "M38 66a20 20 0 1 1 0-36M58 30a20 20 0 1 1 0 36M34 48h28",
	write: "M18 78l4-18 42-42 14 14-42 42zM56 26l14 14",
	swap: "M16 34h60L62 20M80 62H20l14 14",
	undo: "M34 20L14 40l20 20M16 40h40a22 22 0 0 1 0 44H40",
	phone: "M30 10h36a7 7 0 0 1 7 7v62a7 7 0 0 1-7 7H30a7 7 0 0 1-7-7V17a7 7 0 0 1 7-7zM44 74h8",
	check: "M18 50l20 20 40-44",
	cross: "M24 24l48 48M72 24L24 72",
	back: "M34 30h40v36H34L14 48zM44 40l16 16M60 40L44 56",
	find: "M42 70a28 28 0 1 0 0-56 28 28 0 0 0 0 56zM62 62l20 20",
	badge: "M24 26h48v54H24zM40 26V14h16v12M48 56a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM36 70h24",
	walk: "M48 30a10 10 0 1 0 0-20 10 10 0 0 0 0 20zM26 84V62a22 22 0 0 1 44 0v22M82 40v20M72 50h20",
	waves: "M14 30h24v36H14zM52 36a17 17 0 0 1 0 24M62 27a30 30 0 0 1 0 42M72 18a43 43 0 0 1 0 60",
	camera: "M12 30h18l6-10h24l6 10h18v44H12zM48 66a14 14 0 1 0 0-28 14 14 0 0 0 0 28z",
	sound: "M14 38v20h16l20 18V20L30 38zM62 36a17 17 0 0 1 0 24M72 26a32 32 0 0 1 0 44",
	power: "M48 12v34M30 24a32 32 0 1 0 36 0",
	gear: "M48 62a14 14 0 1 0 0-28 14 14 0 0 0 0 28zM48 10v14M48 72v14M10 48h14M72 48h14M21 21l10 10M65 65l10 10M21 75l10-10M65 31l10-10",
	shift: "M48 18L18 50h16v24h28V50h16z",
};

/** A line drawing of 96 by 96 units; a letter-like circle where the name is not known. */
export const Icon = ({ name }: { name: string }): VNode => (
	<svg class="icon" viewBox="0 0 96 96" aria-hidden="true">
		<path d={icons[name] ?? "M48 76a28 28 0 1 0 0-56 28 28 0 0 0 0 56z"} {...stroke} />
	</svg>
);
