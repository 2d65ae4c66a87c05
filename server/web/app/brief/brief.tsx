// Before you meet: whom one knows there, what was said last, what is promised, two questions. To be
// read the evening before, or printed.
import type { VNode } from "preact";
import { dateShort, fromIso } from "@web/dates";
import { Button } from "../../parts";
import { language, t } from "../../text";
import type { Model, Person } from "../data/types";
import { link } from "../route";
import { BackLink, Topics } from "../ui/ui";
import { dayWords, isOver, metWords, nameOf, verbWords, workOf } from "../ui/words";

const notesShown = 2;

/** Who is at the event and in one's list; while nobody is known to be there, whom one owes something. */
export function attending(model: Model): Person[] {
	const here = model.people.filter((person) => person.here);
	const chosen = here.length > 0 ? here : model.people.filter((person) => person.items.some((item) => !isOver(item)));
	return [...chosen].sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
}

function questions(person: Person): string[] {
	const [working] = person.working;
	const [cares] = person.cares;
	return [
		working ? t("How is it going with {text}?", { text: working }) : t("What are you working on now?"),
		cares ? t("What is new in {text}?", { text: cares }) : t("Whom should you meet here?"),
	];
}

function One({ person }: { person: Person }): VNode {
	const open = person.items.filter((item) => !isOver(item));
	const notes = [...person.notes].sort((a, b) => b.at_ms - a.at_ms).filter((note) => note.text);
	const offers = person.favours.filter((one) => one.way === "offered" && !one.closed && one.text);
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
			{notes.slice(0, notesShown).map((note) => (
				<p key={note.entry} class="note">
					<bdi>{note.text}</bdi> <span class="hint">{dateShort(note.at, language())}</span>
				</p>
			))}
			{open.length + offers.length > 0 && (
				<ul class="brief-open">
					{open.map((item) => (
						<li key={item.key}>
							{verbWords(item)}
							{item.text && (
								<>
									{": "}
									<bdi>{item.text}</bdi>
								</>
							)}
						</li>
					))}
					{offers.map((offer) => (
						<li key={offer.entry}>
							<bdi>{t("You offered: {text}", { text: offer.text })}</bdi>
						</li>
					))}
				</ul>
			)}
			<ul class="brief-ask">
				{questions(person).map((question) => (
					<li key={question}>
						<bdi>{question}</bdi>
					</li>
				))}
			</ul>
		</article>
	);
}

export function Brief({ model }: { model: Model }): VNode {
	const people = attending(model);
	const { starts } = model.event;
	return (
		<div class="brief">
			<BackLink href={link("me")} title={t("Me")} />
			<header>
				<h1 class="big-title">{t("Before you meet")}</h1>
				<p class="hint">
					<bdi>{model.event.name}</bdi>
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
			{people.map((person) => (
				<One key={person.key} person={person} />
			))}
		</div>
	);
}
