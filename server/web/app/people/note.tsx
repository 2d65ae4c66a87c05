// A line about a person: free, or the answer to one of three small questions.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Button, Dialog, Problem, useTask } from "../../parts";
import { type Key, t, tx } from "../../text";
import type { Model, Note, Person } from "../data/types";
import { addFollowup, addNote, dueOf } from "../ui/acts";
import { wordsOf } from "../ui/ui";
import { act } from "../ui/undo";
import { nameOf } from "../ui/words";

export type Prompt = "plain" | "working" | "cares" | "promise";

const prompts: { prompt: Prompt; title: Key }[] = [
	{ prompt: "plain", title: key("A note") },
	{ prompt: "working", title: key("Working on") },
	{ prompt: "cares", title: key("Cares about") },
	{ prompt: "promise", title: key("I promised") },
];

const noteMax = 2000;

interface NoteProps {
	model: Model;
	person: Person;
	/** Changes this one; else a new one, beside all others. */
	note?: Note;
	prompt?: Prompt;
	onClose: () => void;
}

export function NoteSheet({ model, person, note, prompt: first = "plain", onClose }: NoteProps): VNode {
	const [prompt, setPrompt] = useState<Prompt>(note?.prompt ?? first);
	const [text, setText] = useState(note?.text ?? "");
	const [topics, setTopics] = useState<string[]>(note?.topics ?? []);
	const [due, setDue] = useState(dueOf("promise"));
	const { error, busy, run } = useTask();
	const offered = [...new Set([...model.event.topics, ...(note?.topics ?? [])])];
	const bytes = new TextEncoder().encode(text).length;
	const promised = prompt === "promise";
	const empty = !text.trim() && (promised || topics.length === 0);

	const save = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			const saved = text.trim();
			await act(tx("Saved: {name}", { name: nameOf(person) }), () =>
				promised
					? addFollowup(model, person, "promise", { text: saved, due })
					: addNote(model, person, { text: saved, topics, prompt: prompt === "plain" ? undefined : prompt }, note),
			);
			onClose();
		});
	};

	return (
		<Dialog title={tx("Your note about {name}", { name: nameOf(person) })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<Problem error={error} />
				{!note && (
					<fieldset class="chips">
						<legend class="hidden-text">{t("What kind of line is it?")}</legend>
						{prompts.map((one) => (
							<label key={one.prompt} class="chip">
								<input
									type="radio"
									name="prompt"
									checked={prompt === one.prompt}
									onChange={() => setPrompt(one.prompt)}
								/>
								<span>{t(one.title)}</span>
							</label>
						))}
					</fieldset>
				)}
				<label class="label">
					{promised ? t("What did you promise?") : prompt === "working" ? t("What are they working on?") : t("What do they care about?")}
					<textarea class="input" rows={3} value={text} onInput={(event) => setText(event.currentTarget.value)} />
					<span class="hint">
						{bytes > noteMax ? t("Too long by {n} characters", { n: bytes - noteMax }) : t("Only you will see this.")}
					</span>
				</label>
				{promised ? (
					<label class="label">
						{t("By when?")}
						<input class="input" type="date" required value={due} onInput={(event) => setDue(event.currentTarget.value)} />
					</label>
				) : (
					<TopicChips offered={offered} topics={topics} onChange={setTopics} />
				)}
				<Button submit kind="main" disabled={busy || empty || bytes > noteMax}>
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}

/** The event's topics to touch, and a line for others. */
export function TopicChips({ offered, topics, onChange }: { offered: string[]; topics: string[]; onChange: (topics: string[]) => void }): VNode {
	const [typed, setTyped] = useState(topics.filter((topic) => !offered.includes(topic)).join(", "));
	const chosen = topics.filter((topic) => offered.includes(topic));
	return (
		<>
			{offered.length > 0 && (
				<fieldset class="chips">
					<legend class="chips-title">{t("Topics")}</legend>
					{offered.map((topic) => (
						<label key={topic} class="chip">
							<input
								type="checkbox"
								checked={chosen.includes(topic)}
								onChange={(event) =>
									onChange([
										...topics.filter((one) => one !== topic),
										...(event.currentTarget.checked ? [topic] : []),
									])
								}
							/>
							<bdi>{topic}</bdi>
						</label>
					))}
				</fieldset>
			)}
			<label class="label">
				{t("Topics, with commas between them")}
				<input
					class="input"
					value={typed}
					onInput={(event) => {
						setTyped(event.currentTarget.value);
						onChange([...chosen, ...wordsOf(event.currentTarget.value)]);
					}}
				/>
			</label>
		</>
	);
}
