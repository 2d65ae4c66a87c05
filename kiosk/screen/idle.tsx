import type { VNode } from "preact";
import { Asked, BadgeAndReader, Moon, Waves } from "./shapes";
import { Result, Touch } from "./parts";
import { askFor, closing } from "./reasons";
import type { ViewProps } from "./state";
import { languageNames, t } from "./text";

export const Languages = ({ state, act }: ViewProps): VNode => (
	<div class="languages">
		{(state.langs ?? []).map((lang) => (
			<button
				type="button"
				key={lang}
				lang={lang}
				class="touch touch-quiet"
				aria-pressed={lang === state.lang}
				onClick={() => act("lang", { lang })}
			>
				<span class="touch-label">{languageNames[lang] ?? lang}</span>
			</button>
		))}
	</div>
);

/** A card is held before the camera, and what it needs takes the place of the invitation. */
export function Idle({ state, act }: ViewProps): VNode {
	const ask = askFor(state.hint);
	const invitation = state.role === "lounge" ? t("Tap both badges") : t("Tap your badge");
	return (
		<main class="idle">
			{state.hint && ask ? <Asked hint={state.hint} /> : <BadgeAndReader />}
			<h1 class="idle-title" aria-live="polite">
				{ask ? t(ask.title) : invitation}
			</h1>
			<div class="foot">
				<Languages state={state} act={act} />
				<p class="idle-hint">{ask ? t(ask.how) : t("No badge? Show your QR card to the camera")}</p>
				<Touch kind="quiet" label={t("Help")} onTouch={() => act("help")} />
			</div>
		</main>
	);
}

/** Three pictures with a line each, and the way in for the desk. */
export function Help({ state, act }: ViewProps): VNode {
	const steps = [
		t("Tap your badge: you are checked in"),
		t("Then tap the other person's badge: you have met"),
		t("Both names go to your lists, with a day to follow up"),
	];
	return (
		<main class="help">
			<h1>{t("How it works")}</h1>
			<ol class="help-steps">
				{steps.map((step, i) => (
					<li key={i}>
						<span class="help-number" aria-hidden="true">
							{i + 1}
						</span>
						{step}
					</li>
				))}
			</ol>
			<p class="help-more">
				{state.help ? t("Still stuck? Ask the desk and say {n}", { n: state.help }) : t("Still stuck? Ask at the desk")}
			</p>
			<div class="foot">
				<Touch kind="quiet" label={t("Desk staff")} onTouch={() => act("staff")} />
				<Touch kind="main" label={t("Back")} onTouch={() => act("finish")} />
			</div>
		</main>
	);
}

export const Reading = (): VNode => (
	<main class="moment" aria-live="polite">
		<Waves />
		<h1>{t("Keep it there")}</h1>
	</main>
);

/** With a way in for staff, who can tell why and often mend it. */
export function Closed({ state, act }: ViewProps): VNode {
	const why = closing(state.reason);
	return (
		<Result
			tone="calm"
			shape={<Moon />}
			word={t("Closed")}
			foot={
				state.reason !== "shutting-down" && (
					<Touch kind="quiet" label={t("Desk staff")} onTouch={() => act("staff")} />
				)
			}
		>
			<h1 class="result-title fit-m">{t("This station is closed")}</h1>
			<p class="result-line">
				{state.other?.name ? t("Next one: {name}", { name: state.other.name }) : t("Please use another one")}
			</p>
			{why && <p class="result-small">{t(why)}</p>}
		</Result>
	);
}

export const Starting = (): VNode => (
	<main class="moment" aria-live="polite">
		<Waves />
		<h1>{t("Starting")}</h1>
	</main>
);

export const Reconnecting = (): VNode => (
	<main class="moment">
		<Waves />
		<h1>{t("One moment")}</h1>
		<p role="alert">{t("Reconnecting. Nothing that you tapped is lost.")}</p>
	</main>
);
