import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { key } from "@web/i18n";
import { dateWords } from "@web/dates";
import { Keyboard } from "./keyboard";
import { Circle, Name, Ring, Touch, Undo } from "./parts";
import type { ViewProps } from "./state";
import { type Key, language, t, tx } from "./text";

const verbs: Record<string, Key> = {
	topic: key("We talked about"),
	send: key("I'll send something"),
	intro: key("I'd like an intro"),
	help: key("I can help"),
};

/** How the topics fit side by side: by the sum of their longest words. */
function room(topics: string[]): string {
	const wide = topics
		.map((topic) => Math.max(...topic.split(/\s+/).map((word) => word.length)))
		.reduce((a, b) => a + b, 0);
	return wide > 50 ? "note-tight" : topics.length < 5 && wide < 40 ? "note-roomy" : "";
}

const whens: Record<string, Key> = { week: key("In a week"), month: key("In a month") };

/** Near days by their names, further ones by how far they are. */
const whenWords = (when: { key: string; date: string }): string => {
	const far = whens[when.key];
	return far ? t(far) : capital(dateWords(when.date, language()));
};

const capital = (text: string): string => text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);

/** What about Ben? A touch saves; walking away saves too. */
export function Note({ state, act }: ViewProps): VNode {
	const [typing, setTyping] = useState(false);
	const chosen = new Set(state.chosen);
	const about = state.note_side === "b" ? state.person : state.other;
	const writer = state.note_side === "b" ? state.other : state.person;

	if (typing)
		return (
			<Keyboard
				title={tx("Your note about {name}", { name: <Name of={about} /> })}
				text={state.text ?? ""}
				max={80}
				done={t("Save")}
				onText={(text) => act("text", { text })}
				onDone={() => setTyping(false)}
				onBack={() => setTyping(false)}
			/>
		);
	return (
		<main class={`note ${room(state.topics ?? [])}`} aria-label={t("Note")}>
			<div class="note-head">
				<Circle of={about} tone="tone-exchange" />
				<div class="note-title">
					<h1>{tx("What about {name}?", { name: <Name of={about} /> })}</h1>
					<p>
						{state.text ? (
							<bdi class="note-text">{state.text}</bdi>
						) : (
							<>
								{tx("Only {name} will see this", { name: <Name of={writer} /> })}
								{state.when && " · "}
								{state.when && t("Follow up: {date}", { date: dateWords(state.when, language()) })}
							</>
						)}
					</p>
				</div>
				<Ring state={state} />
				<Undo act={act} kind="quiet" />
			</div>
			<div class="note-row" role="group" aria-label={t("What happens next")}>
				{(state.verbs ?? []).map((verb) => (
					<Touch
						key={verb}
						kind="chip"
						icon={verb}
						pressed={chosen.has(verb)}
						label={verbs[verb] ? t(verbs[verb]) : <bdi>{verb}</bdi>}
						onTouch={() => act("verb", { verb, on: !chosen.has(verb) })}
					/>
				))}
				{state.buddy !== undefined && (
					<Touch
						kind="chip"
						icon="buddy"
						pressed={state.buddy}
						label={t("We are buddies")}
						onTouch={() => act("buddy", { on: !state.buddy })}
					/>
				)}
			</div>
			<div class="note-row note-topics" role="group" aria-label={t("Topics")}>
				{(state.topics ?? []).slice(0, 6).map((topic) => (
					<Touch
						key={topic}
						kind="chip"
						pressed={chosen.has(topic)}
						label={<bdi>{topic}</bdi>}
						onTouch={() => act("topic", { topic, on: !chosen.has(topic) })}
					/>
				))}
			</div>
			<div class="note-row note-foot">
				<div class="whens" role="group" aria-label={t("When to follow up")}>
					{(state.whens ?? []).slice(0, 4).map((when) => (
						<Touch
							key={when.date}
							kind="chip"
							pressed={when.date === state.when}
							label={whenWords(when)}
							spoken={t("Follow up: {date}", { date: whenWords(when) })}
							onTouch={() => act("when", { date: when.date })}
						/>
					))}
				</div>
				<Touch icon="write" label={t("Write")} onTouch={() => setTyping(true)} />
				{state.note_side && (
					<Touch
						icon="swap"
						label={t("Other side")}
						onTouch={() => act("side", { side: state.note_side === "b" ? "a" : "b" })}
					/>
				)}
				<Touch kind="main" label={t("Done")} onTouch={() => act("save")} />
			</div>
		</main>
	);
}
