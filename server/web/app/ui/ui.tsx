// The few shapes that all screens are made of.
import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { Icon } from "../../parts";
import { t } from "../../text";

export { Calm, LinkRow, Segments } from "./shelf";

/** A titled group; its children stand on one card. */
export function Panel({ title, aside, children }: { title: ComponentChildren; aside?: ComponentChildren; children: ComponentChildren }): VNode {
	const id = useId();
	return (
		<section class="panel" aria-labelledby={id}>
			<div class="panel-head">
				<h2 id={id}>{title}</h2>
				{aside}
			</div>
			{children}
		</section>
	);
}

export const BackLink = ({ href, title }: { href: string; title: string }): VNode => (
	<a class="back" href={href}>
		<Icon name="back" />
		{title}
	</a>
);

interface SwitchProps {
	title: ComponentChildren;
	text?: ComponentChildren;
	on: boolean;
	disabled?: boolean;
	onChange: (on: boolean) => void;
}

export const Switch = ({ title, text, on, disabled, onChange }: SwitchProps): VNode => (
	<label class="switch">
		<span class="switch-words">
			<span class="switch-title">{title}</span>
			{text && <span class="hint">{text}</span>}
		</span>
		<input
			type="checkbox"
			role="switch"
			checked={on}
			disabled={disabled}
			onChange={(event) => onChange(event.currentTarget.checked)}
		/>
	</label>
);

interface SelectProps {
	label: ComponentChildren;
	hint?: ComponentChildren;
	value: string;
	options: { value: string; title: string }[];
	onChange: (value: string) => void;
}

export const Select = ({ label, hint, value, options, onChange }: SelectProps): VNode => (
	<label class="label">
		{label}
		<select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
			{options.map((one) => (
				<option key={one.value} value={one.value} selected={one.value === value}>
					{one.title}
				</option>
			))}
		</select>
		{hint && <span class="hint">{hint}</span>}
	</label>
);

export const Topics = ({ topics }: { topics: string[] }): VNode | null =>
	topics.length > 0 ? (
		<ul class="topics" aria-label={t("Topics")}>
			{topics.map((topic) => (
				<li key={topic}>
					<bdi>{topic}</bdi>
				</li>
			))}
		</ul>
	) : null;

/** Words split at commas, each once. */
export const wordsOf = (text: string): string[] => [
	...new Set(
		text
			.split(/[,،;\n]/)
			.map((word) => word.trim())
			.filter(Boolean),
	),
];
