// The shapes that the queue needs at the start; screens that come later find them in ui.tsx.
import type { ComponentChildren, VNode } from "preact";
import { Icon } from "../../parts";

interface Segment {
	title: string;
	href: string;
	count?: number;
}

/** One of a few lists, side by side. */
export const Segments = ({ label, all, current }: { label: string; all: Segment[]; current: number }): VNode => (
	<nav class="segments" aria-label={label}>
		{all.map((one, i) => (
			<a key={one.href} class="segment" href={one.href} aria-current={i === current ? "page" : undefined}>
				{one.title}
				{one.count ? <span class="segment-count">{one.count}</span> : null}
			</a>
		))}
	</nav>
);

/** A way on: into a person, a page of settings. */
export const LinkRow = ({ href, icon, title, text }: { href: string; icon: string; title: string; text?: ComponentChildren }): VNode => (
	<a class="row-link" href={href}>
		<Icon name={icon} />
		<span class="row-words">
			<span class="row-title">{title}</span>
			{text && <span class="hint">{text}</span>}
		</span>
		<Icon name="chevron" />
	</a>
);

export const Calm = ({ title, text, children }: { title: string; text: string; children?: ComponentChildren }): VNode => (
	<div class="calm">
		<svg viewBox="0 0 120 80" aria-hidden="true">
			<circle cx="46" cy="40" r="28" />
			<circle class="calm-b" cx="74" cy="40" r="28" />
			<path d="M50 41l8 8 14-16" />
		</svg>
		<h2>{title}</h2>
		<p>{text}</p>
		{children}
	</div>
);
