// The People tab: everybody whom one has met, by event; and one person.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Button, Face, Icon } from "../../parts";
import { type Key, t, tx } from "../../text";
import type { Model, Person } from "../data/types";
import { link } from "../route";
import { areApart, keepApart, merge } from "../ui/acts";
import { Search, matches } from "../ui/pick";
import { Calm } from "../ui/ui";
import { UndoBar, act } from "../ui/undo";
import { isOver, nameOf, tieOf, workOf } from "../ui/words";
import { type Likeness, type Suggestion, suggestions } from "./merge";
import { PersonPage } from "./person";

export const eventName = (model: Model, event: number): string =>
	event === model.event.event ? model.event.name : (model.events[event] ?? t("Another event"));

function Badges({ person }: { person: Person }): VNode {
	const open = person.items.filter((item) => !isOver(item));
	const promised = open.filter((item) => item.kind === "promise").length;
	return (
		<span class="badges">
			{promised > 0 && <span class="badge badge-promise">{t("{n} promised", { n: promised })}</span>}
			{open.some((item) => item.overdue) && <span class="badge badge-late">{t("Late")}</span>}
			{(person.met?.count ?? 0) > 1 && <span class="badge">{t("met {n} times", { n: person.met?.count ?? 0 })}</span>}
			{person.claimed && <span class="badge">{t("their own card")}</span>}
		</span>
	);
}

const PersonRow = ({ person }: { person: Person }): VNode => (
	<li>
		<a class="row-link" href={link("people", person.key)}>
			<Face name={person.name} />
			<span class="row-words">
				<bdi class="row-title">{nameOf(person)}</bdi>
				{workOf(person) && <bdi class="hint">{workOf(person)}</bdi>}
				<Badges person={person} />
			</span>
			<Icon name="chevron" />
		</a>
	</li>
);

interface Group {
	event: number;
	latest: number;
	people: Person[];
}

/** Everybody once, under the event of the newest meeting; the newest event first. */
function byEvent(people: Person[]): Group[] {
	const groups = new Map<number, Group>();
	for (const person of people) {
		const tie = tieOf(person);
		const event = tie?.event ?? 0;
		const group = groups.get(event) ?? { event, latest: 0, people: [] };
		group.latest = Math.max(group.latest, tie?.at_ms ?? 0);
		group.people.push(person);
		groups.set(event, group);
	}
	for (const group of groups.values()) group.people.sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
	return [...groups.values()].sort((a, b) => b.latest - a.latest);
}

const sameWords: Record<Likeness, Key> = {
	mail: key("They have the same e-mail address."),
	phone: key("They have the same phone number."),
	name: key("They have the same name."),
};

function Same({ model, found }: { model: Model; found: Suggestion }): VNode {
	const { a, b, same } = found;
	return (
		<section class="asking" aria-label={t("The same person?")}>
			<h2>{t("The same person?")}</h2>
			<p>
				{tx("{a} and {b}.", { a: nameOf(a), b: nameOf(b) })} {t(sameWords[same])}
			</p>
			<div class="row">
				<Button
					small
					kind="main"
					icon="merge"
					onClick={() => void act(tx("Now one person: {name}", { name: nameOf(a) }), () => merge(model, [a, b]))}
				>
					{t("Yes, make them one")}
				</Button>
				<Button
					small
					kind="quiet"
					onClick={() => void act(tx("Two people: {a} and {b}", { a: nameOf(a), b: nameOf(b) }), () => keepApart(a, b))}
				>
					{t("No, two people")}
				</Button>
			</div>
		</section>
	);
}

function List({ model }: { model: Model }): VNode {
	const [query, setQuery] = useState("");
	const found = query ? model.people.filter((person) => matches(person, query)) : model.people;
	const same = query ? undefined : suggestions(model.people, (a, b) => areApart(model, a, b))[0];
	return (
		<>
			<h1 class="big-title">{t("People")}</h1>
			{model.people.length === 0 ? (
				<Calm title={t("Nobody yet")} text={t("Scan somebody's card, or tap your badges at a station. They appear here at once.")} />
			) : (
				<Search value={query} label={t("Find by name or work")} onInput={setQuery} />
			)}
			{same && <Same model={model} found={same} />}
			{byEvent(found).map((group) => (
				<section key={group.event} class="group">
					<h2 class="group-title">
						<bdi>{eventName(model, group.event)}</bdi>
						<span class="group-count">{group.people.length}</span>
					</h2>
					<ul class="rows">
						{group.people.map((person) => (
							<PersonRow key={person.key} person={person} />
						))}
					</ul>
				</section>
			))}
			{query && found.length === 0 && <p class="hint center">{t("Nobody found.")}</p>}
		</>
	);
}

export function PeopleTab({ model, route }: { model: Model; route: string[] }): VNode {
	const person = route[0] ? model.person(route[0]) : undefined;
	return (
		<>
			{person ? <PersonPage key={person.key} model={model} person={person} /> : <List model={model} />}
			<UndoBar />
		</>
	);
}
