// Right after a scan: what to remember, in two touches. A touch is written at once; closing is a
// courtesy, and walking away loses nothing (as on the kiosk, kiosk/desk_note.c).
import type { ComponentChildren, VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { dateShort, dateWords, plusDays, today } from "@web/dates";
import { key } from "@web/i18n";
import { Button, Face, Icon } from "../../parts";
import { type Key, language, t, tx } from "../../text";
import { retract, write } from "../data/model";
import type { Model, Payload, Person } from "../data/types";
import type { Recorded } from "./record";

interface Verb {
	name: string;
	title: Key;
	icon: string;
	/** Nothing to do by a day: it is what one talked about. */
	followup?: { kind: string; days: number; text?: Key };
	favour?: string;
}

const verbs: Verb[] = [
	{ name: "topic", title: key("We talked about"), icon: "hello" },
	{ name: "send", title: key("I'll send something"), icon: "promise", followup: { kind: "promise", days: 2 } },
	{ name: "intro", title: key("I'd like an intro"), icon: "introduce", followup: { kind: "introduce", days: 3 }, favour: "asked" },
	{ name: "help", title: key("I can help"), icon: "thanks", followup: { kind: "promise", days: 5, text: key("Help") }, favour: "offered" },
];

const helloDays = 2;
const whens: { days: number; title?: Key }[] = [
	{ days: 1 },
	{ days: 2 },
	{ days: 7, title: key("In a week") },
	{ days: 30, title: key("In a month") },
];

const mostTopics = 6;

interface Written {
	followups: Record<string, string>;
	favours: Record<string, string>;
	hello?: string;
	note?: string;
}

/** Everything that the sheet writes about one tie, one write after the other. */
function useNotes(model: Model, tie: string) {
	const [on, setOn] = useState<string[]>([]);
	const [topics, setTopics] = useState<string[]>([]);
	const [text, setText] = useState("");
	const [when, setWhen] = useState<string>();
	const written = useRef<Written>({ followups: {}, favours: {} });
	const line = useRef<Promise<unknown>>(Promise.resolve());
	const [problem, setProblem] = useState(false);

	const owner = model.me.id;
	const then = (task: () => Promise<unknown>): void => {
		line.current = line.current.then(task).catch(() => setProblem(true));
	};
	const followup = (kind: string, due: string, words: string, before?: string): Promise<string> => {
		const payload: Payload = { owner, of: tie, kind, due };
		if (words) payload["text"] = words;
		if (before) payload["after"] = [before];
		return write("followup", payload);
	};
	const dueOf = (verb: Verb, day = when): string => day ?? plusDays(today(), verb.followup?.days ?? helloDays);
	const textOf = (verb: Verb): string => (verb.followup?.text ? t(verb.followup.text) : "");

	const verbOn = async (verb: Verb): Promise<void> => {
		const { followups, favours } = written.current;
		if (verb.followup) followups[verb.name] = await followup(verb.followup.kind, dueOf(verb), textOf(verb));
		if (verb.favour) favours[verb.name] = await write("favour", { owner, of: tie, way: verb.favour });
	};
	const takeBack = async (from: Record<string, string>, name: string): Promise<void> => {
		const entry = from[name];
		delete from[name];
		if (entry) await retract(entry);
	};
	const touchVerb = (verb: Verb): void => {
		const chosen = on.includes(verb.name);
		setOn(chosen ? on.filter((name) => name !== verb.name) : [...on, verb.name]);
		then(async () => {
			if (!chosen) return verbOn(verb);
			await takeBack(written.current.followups, verb.name);
			await takeBack(written.current.favours, verb.name);
		});
	};
	const saveNote = (words: string, about: string[]): void =>
		then(async () => {
			const before = written.current.note;
			if (!words && about.length === 0) {
				written.current.note = undefined;
				if (before) await retract(before);
				return;
			}
			const payload: Payload = { author: owner, of: tie };
			if (words) payload["text"] = words;
			if (about.length > 0) payload["topics"] = about;
			if (before) payload["after"] = [before];
			written.current.note = await write("note", payload);
		});
	const touchTopic = (topic: string): void => {
		const next = topics.includes(topic) ? topics.filter((one) => one !== topic) : [...topics, topic];
		setTopics(next);
		saveNote(text.trim(), next);
	};
	/** It moves what was promised; with nothing promised, the greeting. */
	const touchWhen = (day: string): void => {
		setWhen(day);
		then(async () => {
			const { followups } = written.current;
			const promised = verbs.filter((verb) => followups[verb.name]);
			for (const verb of promised)
				followups[verb.name] = await followup(verb.followup!.kind, day, textOf(verb), followups[verb.name]);
			if (promised.length === 0) written.current.hello = await followup("hello", day, "", written.current.hello);
		});
	};
	const earliest = verbs.filter((verb) => on.includes(verb.name) && verb.followup).sort((a, b) => a.followup!.days - b.followup!.days)[0];
	return {
		on,
		topics,
		text,
		problem,
		due: when ?? plusDays(today(), earliest?.followup?.days ?? helloDays),
		setText,
		touchVerb,
		touchTopic,
		touchWhen,
		saveText: () => saveNote(text.trim(), topics),
		/** When all of it is written. */
		settled: () => line.current,
	};
}

const capital = (words: string): string => words.charAt(0).toLocaleUpperCase(language()) + words.slice(1);

interface ChipProps {
	pressed: boolean;
	onTouch: () => void;
	icon?: string;
	label?: string;
	children: ComponentChildren;
}

const Chip = ({ pressed, onTouch, icon, label, children }: ChipProps): VNode => (
	<button type="button" class="chip" aria-pressed={pressed} aria-label={label} onClick={onTouch}>
		{icon && <Icon name={icon} />}
		{children}
	</button>
);

/** "3rd time, last on 14 March" as good news, and what is still owed from then. */
function Again({ person, before }: { person?: Person; before?: Recorded["before"] }): VNode | null {
	if (!before || before.count < 1) return null;
	const owed = person?.items.find((item) => item.kind === "promise" && item.state !== "done" && item.text);
	return (
		<p class="again">
			<Icon name="keep-in-touch" />
			<span>
				{t("Met again: {n} times before, last on {date}", { n: before.count, date: dateShort(before.last, language()) })}
				{owed && (
					<>
						{". "}
						{tx("You promised: {what}", { what: owed.text ?? "" })}
					</>
				)}
			</span>
		</p>
	);
}

interface NoteSheetProps {
	model: Model;
	person?: Person;
	name: string;
	work: string;
	recorded: Recorded;
	onNext: () => void;
	onUndo: () => void;
}

export function NoteSheet({ model, person, name, work, recorded, onNext, onUndo }: NoteSheetProps): VNode {
	const notes = useNotes(model, recorded.tie);
	const topics = model.event.topics.slice(0, mostTopics);
	const leave = (): void => {
		notes.saveText();
		void notes.settled();
		onNext();
	};
	return (
		<section class="hit" aria-labelledby="hit-name">
			<header class="hit-head">
				<Face name={name || "?"} />
				<div class="hit-who">
					<h1 id="hit-name" tabIndex={-1}>
						<bdi>{name || t("Somebody from this event")}</bdi>
					</h1>
					<p class="hint">
						<bdi>{work}</bdi>
					</p>
				</div>
				<div class="hit-state">
					<span class="hit-saved" role="status">
						<Icon name="check" />
						{recorded.fresh ? t("Saved here") : t("Already in your list")}
					</span>
					<Button small kind="quiet" icon={recorded.fresh ? "undo" : "drop"} onClick={onUndo}>
						{recorded.fresh ? t("Undo") : t("Close")}
					</Button>
				</div>
			</header>
			<Again person={person} before={recorded.before} />
			{!name && <p class="hint">{t("Their name appears when the phone has a network, if they share it.")}</p>}
			{notes.problem && (
				<p class="problem" role="alert">
					{t("This phone could not store that. Free some space, then touch it again.")}
				</p>
			)}
			<div class="chips chips-verbs" role="group" aria-label={t("What happens next")}>
				{verbs.map((verb) => (
					<Chip key={verb.name} icon={verb.icon} pressed={notes.on.includes(verb.name)} onTouch={() => notes.touchVerb(verb)}>
						{t(verb.title)}
					</Chip>
				))}
			</div>
			{topics.length > 0 && (
				<div class="chips" role="group" aria-label={t("Topics")}>
					{topics.map((topic) => (
						<Chip key={topic} pressed={notes.topics.includes(topic)} onTouch={() => notes.touchTopic(topic)}>
							<bdi>{topic}</bdi>
						</Chip>
					))}
				</div>
			)}
			<label class="label">
				{t("A line to remember")}
				<input
					class="input"
					maxLength={400}
					value={notes.text}
					onInput={(event) => notes.setText(event.currentTarget.value)}
					onBlur={notes.saveText}
				/>
			</label>
			<fieldset class="whens">
				<legend>{t("Follow up: {date}", { date: dateWords(notes.due, language()) })}</legend>
				<div class="chips chips-line scroll">
					{whens.map(({ days, title }) => {
						const day = plusDays(today(), days);
						return (
							<Chip key={days} pressed={notes.due === day} onTouch={() => notes.touchWhen(day)}>
								{title ? t(title) : capital(dateWords(day, language()))}
							</Chip>
						);
					})}
					<label class="chip chip-date">
						<Icon name="calendar" />
						<input
							type="date"
							aria-label={t("Another day")}
							min={today()}
							max={plusDays(today(), 400)}
							value={notes.due}
							onChange={(event) => event.currentTarget.value && notes.touchWhen(event.currentTarget.value)}
						/>
					</label>
				</div>
			</fieldset>
			<div class="hit-foot">
				<Button kind="main" icon="scan" onClick={leave}>
					{t("Save and scan next")}
				</Button>
			</div>
		</section>
	);
}
