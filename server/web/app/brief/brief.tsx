// Before you meet: whom one knows there, what one owes them, two questions. To be read the evening
// before, or printed. What stands here is the rules' (docs/api.md, "BRIEF").
import type { VNode } from "preact";
import { dateShort, dateWords, fromIso } from "@web/dates";
import { Button } from "../../parts";
import { language, t } from "../../text";
import type { Brief as Known, Model, Note, Person } from "../data/types";
import { link } from "../route";
import { BackLink, Topics } from "../ui/ui";
import { dayWords, isOver, metWords, nameOf, workOf } from "../ui/words";
import { expected, nextEvent } from "./next";

const notesShown = 2;

/** While no event says its days: who is here now, else whom one owes something. */
function whoElse(model: Model): Person[] {
	const here = model.people.filter((person) => person.here);
	return here.length > 0 ? here : model.people.filter((person) => person.items.some((item) => !isOver(item)));
}

const Line = ({ text }: { text: string }): VNode => (
	<li>
		<bdi>{text}</bdi>
	</li>
);

const newest = (notes: Note[]): Note[] =>
	notes
		.filter((note) => note.text && !note.prompt)
		.sort((a, b) => b.at_ms - a.at_ms)
		.slice(0, notesShown);

function One({ known }: { known: Known }): VNode {
	const { person, offers, promises, asks } = known;
	return (
		<article class="brief-one">
			<h2>
				<a href={link("people", person.key)}>
					<bdi>{nameOf(person)}</bdi>
				</a>
			</h2>
			<p class="hint">
				<bdi>{workOf(person)}</bdi>
			</p>
			<p class="hint">{metWords(person)}</p>
			<Topics topics={[...new Set(person.notes.flatMap((note) => note.topics))]} />
			{offers.length + promises.length + asks.length > 0 && (
				<ul class="brief-open">
					{offers.map((text) => (
						<Line key={text} text={t("You offered: {text}", { text })} />
					))}
					{promises.map(({ text = t("Something"), due }) => (
						<Line key={text} text={t("You promised: {text} ({date})", { text, date: dateWords(due, language()) })} />
					))}
					{asks.map((text) => (
						<Line key={text} text={t("You asked for: {text}", { text })} />
					))}
				</ul>
			)}
			{newest(person.notes).map((note) => (
				<p key={note.entry} class="note">
					<bdi>{note.text}</bdi> <span class="hint">{dateShort(note.at, language())}</span>
				</p>
			))}
			<ul class="brief-ask">
				{known.questions.map((text) => (
					<Line key={text} text={text} />
				))}
			</ul>
		</article>
	);
}

export function Brief({ model }: { model: Model }): VNode {
	const next = nextEvent(model);
	const { name, starts } = next ?? model.event;
	const people = model.brief(next ? expected(model, next.event) : whoElse(model));
	return (
		<div class="brief">
			<BackLink href={link("me")} title={t("Me")} />
			<header>
				<h1 class="big-title">{t("Before you meet")}</h1>
				<p class="hint">
					<bdi>{name}</bdi>
					{starts && ` · ${dayWords(fromIso(starts))}`}
				</p>
			</header>
			{people.length === 0 ? (
				<p>{t("Nobody in your list is there yet. Whoever you meet will stand here next time.")}</p>
			) : (
				<Button icon="print" onClick={() => print()}>
					{t("Print")}
				</Button>
			)}
			{people.map((known) => (
				<One key={known.person.key} known={known} />
			))}
		</div>
	);
}
