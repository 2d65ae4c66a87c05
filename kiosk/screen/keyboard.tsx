// A keyboard inside the page: the kiosk's compositor offers none (facts/ui-pi.md 1.4).
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./shapes";
import { language, t } from "./text";

const layouts: Record<string, [string, string, string]> = {
	en: ["qwertyuiop", "asdfghjkl'", "zxcvbnm,.?"],
	de: ["qwertzuiopü", "asdfghjklöä", "yxcvbnmß,.?"],
};
const numbers: [string, string, string] = ["1234567890", "-/:;()@&\"'", "+#%*=_!?.,"];
/** What else a password may have. */
const signs: [string, string, string] = ["$€£§<>[]{}", "\\|^~`´°", "äöüßéèàçñø"];

interface KeyboardProps {
	title: ComponentChildren;
	text: string;
	max: number;
	done: string;
	/** Shown as dots. */
	secret?: boolean;
	/** What is no sentence does not begin with a capital. */
	plain?: boolean;
	onText?: (text: string) => void;
	onDone: (text: string) => void;
	onBack: () => void;
	children?: ComponentChildren;
}

/** At most max characters; onText is told a moment after the last key, and always before onDone. */
export function Keyboard(p: KeyboardProps): VNode {
	const [text, setText] = useState(p.text);
	const [upper, setUpper] = useState(p.text === "" && !p.plain);
	const [layer, setLayer] = useState(0);
	const digits = layer > 0;
	const told = useRef(p.text);
	const onText = useRef(p.onText);
	onText.current = p.onText;

	const tell = (now: string): void => {
		if (told.current === now) return;
		told.current = now;
		onText.current?.(now);
	};
	useEffect(() => {
		const timer = setTimeout(() => tell(text), 500);
		return () => clearTimeout(timer);
	}, [text]);

	const add = (key: string): void => {
		const next = text + (upper && !digits ? key.toLocaleUpperCase(language()) : key);
		if ([...next].length > p.max) return;
		setText(next);
		setUpper(false);
	};
	const rows = layer === 2 ? signs : digits ? numbers : (layouts[language()] ?? layouts["en"] ?? numbers);
	const face = (key: string): string => (upper && !digits ? key.toLocaleUpperCase(language()) : key);
	const left = p.max - [...text].length;

	return (
		<main class="typing">
			<div class="typing-head">
				<h1>{p.title}</h1>
				<p class={`typing-text ${text === "" ? "empty" : ""}`} aria-live="polite">
					{p.secret ? (
						<>
							<span class="hidden-text">{t("{n} characters", { n: [...text].length })}</span>
							<bdi aria-hidden="true">{"•".repeat([...text].length)}</bdi>
						</>
					) : (
						<bdi>{text}</bdi>
					)}
					<span class="caret" />
				</p>
				<p class="typing-left">{t("{n} left", { n: left })}</p>
			</div>
			{p.children}
			{rows.map((row, i) => (
				<div class="keys" key={i}>
					{i === 2 && !digits && (
						<button
							type="button"
							class="key key-wide"
							aria-pressed={upper}
							aria-label={t("Capital letters")}
							onClick={() => setUpper(!upper)}
						>
							<Icon name="shift" />
						</button>
					)}
					{[...row].map((key) => (
						<button type="button" class="key" key={key} onClick={() => add(key)}>
							{face(key)}
						</button>
					))}
					{i === 2 && (
						<button
							type="button"
							class="key key-wide"
							aria-label={t("Delete the last letter")}
							onClick={() => setText([...text].slice(0, -1).join(""))}
						>
							<Icon name="back" />
						</button>
					)}
				</div>
			))}
			<div class="keys">
				<button type="button" class="key key-word" onClick={p.onBack}>
					{t("Back")}
				</button>
				<button type="button" class="key key-word" onClick={() => setLayer((layer + 1) % (p.secret ? 3 : 2))}>
					{layer === 0 ? "123" : layer === 1 && p.secret ? "$€ß" : "abc"}
				</button>
				<button type="button" class="key key-space" aria-label={t("Space")} onClick={() => add(" ")} />
				<button
					type="button"
					class="key key-done"
					onClick={() => {
						tell(text);
						p.onDone(text);
					}}
				>
					{p.done}
				</button>
			</div>
		</main>
	);
}
