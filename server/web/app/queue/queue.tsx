// The Queue tab: what to do next, for whom, and until when; someday and done within reach.
import type { VNode } from "preact";
import { dateWords, daysBetween, fromIso, today } from "@web/dates";
import { key } from "@web/i18n";
import { Icon } from "../../parts";
import { type Key, language, t, tx } from "../../text";
import { expected, isDue, nextEvent } from "../brief/next";
import type { Item, Model } from "../data/types";
import { LeadButton } from "../people/lead-button";
import { link } from "../route";
import { dayOf, monthWords, onShelf } from "../ui/item";
import { lazy } from "../ui/lazy";
import { Calm, LinkRow, Segments } from "../ui/shelf";
import { UndoBar } from "../ui/undo";
import { Rows } from "./row";

const Triage = lazy<{ model: Model; first?: string }>(() => import("../parts").then((parts) => parts.Triage));

const shelves: { name: string; title: Key }[] = [
	{ name: "today", title: key("Today") },
	{ name: "upcoming", title: key("Upcoming") },
	{ name: "someday", title: key("Someday") },
	{ name: "done", title: key("Done") },
];

/** People followed up is the number that counts; the small goals stand beside it. */
function Goal({ model }: { model: Model }): VNode {
	const { people, leads, followed_up } = model.plan.goals;
	const bars = [
		{ title: t("New people: {done} of {goal}", people), ...people },
		{ title: t("Leads shared: {done} of {goal}", leads), ...leads },
	].filter((one) => one.goal > 0);
	return (
		<a class="goal" href={link("me")}>
			<span class="goal-words">{t("{n} people followed up this week", { n: followed_up })}</span>
			{bars.length > 0 && (
				<span class="goal-bars">
					{bars.map((one) => (
						<span key={one.title} class="goal-bar">
							<span class="hint">{one.title}</span>
							<progress max={one.goal} value={Math.min(one.done, one.goal)} aria-label={one.title} />
						</span>
					))}
				</span>
			)}
		</a>
	);
}

/** The evening before an event: whom one knows there. */
function Evening({ model }: { model: Model }): VNode | null {
	const next = nextEvent(model);
	const n = next && isDue(next) ? expected(model, next.event).length : 0;
	return n > 0 ? (
		<ul class="rows">
			<li>
				<LinkRow href={link("me", "brief")} icon="print" title={t("Before you meet")} text={tx("{n} people you know are at {event}", { n, event: next?.name })} />
			</li>
		</ul>
	) : null;
}

interface Group {
	title: string;
	items: Item[];
}

function grouped(items: Item[], titleOf: (item: Item) => string): Group[] {
	const groups: Group[] = [];
	for (const item of items) {
		const title = titleOf(item);
		const group = groups.find((one) => one.title === title);
		if (group) group.items.push(item);
		else groups.push({ title, items: [item] });
	}
	return groups;
}

/** The queue's own order stays, within each group. */
function todayGroups(items: Item[], tonight: Item[]): Group[] {
	const late = items.filter((item) => item.overdue);
	const now = items.filter((item) => !item.overdue && dayOf(item) <= today());
	const soon = items.filter((item) => !item.overdue && dayOf(item) > today());
	return [
		{ title: t("Late"), items: late },
		{ title: t("Today"), items: now },
		{ title: t("In the next two days"), items: soon },
		{ title: t("Tonight"), items: tonight },
	].filter((group) => group.items.length > 0);
}

const byDay = (a: Item, b: Item): number => dayOf(a).localeCompare(dayOf(b));

function groupsOf(model: Model, shelf: number): Group[] {
	const { items, done } = model.plan;
	if (shelf === 0) return todayGroups(onShelf(items, "today"), onShelf(items, "tonight"));
	if (shelf === 1)
		return grouped(onShelf(items, "upcoming").sort(byDay), (item) =>
			daysBetween(today(), dayOf(item)) < 7 ? dateWords(dayOf(item), language()) : t("Later this month"),
		);
	if (shelf === 2) return grouped(onShelf(items, "someday").sort(byDay), (item) => monthWords(fromIso(dayOf(item))));
	return done.length > 0 ? [{ title: t("Newest first"), items: done }] : [];
}

function Empty({ model, shelf }: { model: Model; shelf: number }): VNode {
	if (shelf === 3)
		return <Calm title={t("Nothing done yet")} text={t("What you have done stays here, and can be opened again.")} />;
	if (shelf === 1)
		return <Calm title={t("Nothing put off")} text={t("What you snooze, and what is due later, waits here.")} />;
	if (shelf === 2)
		return <Calm title={t("Nothing for someday")} text={t("People to stay in touch with come back here, each on their own rhythm.")} />;
	if (model.plan.done.length > 0 || model.plan.items.length > 0)
		return <Calm title={t("All caught up")} text={t("Everybody has heard from you. Enjoy the day.")} />;
	return (
		<Calm
			title={t("Nobody yet")}
			text={t("Scan somebody's card, or tap your badges at a station. They appear here at once.")}
		/>
	);
}

function List({ model, shelf }: { model: Model; shelf: number }): VNode {
	const groups = groupsOf(model, shelf);
	const now = onShelf(model.plan.items, "today").length;
	return (
		<>
			<h1 class="big-title">{t(shelves[shelf]!.title)}</h1>
			{shelf === 0 && <Goal model={model} />}
			{shelf === 0 && <Evening model={model} />}
			<Segments
				label={t("Lists")}
				current={shelf}
				all={shelves.map((one, i) => ({
					title: t(one.title),
					href: i === 0 ? link("queue") : link("queue", one.name),
				}))}
			/>
			{shelf === 0 && now > 0 && (
				<a class="button button-main button-wide" href={link("queue", "go")}>
					<Icon name="cards" />
					{t("Go through {n}, one at a time", { n: now })}
				</a>
			)}
			{groups.map((group) => (
				<section key={group.title} class="group">
					<h2 class="group-title">{group.title}</h2>
					<Rows model={model} items={group.items} />
				</section>
			))}
			{groups.length === 0 && <Empty model={model} shelf={shelf} />}
			{shelf === 0 && model.people.length > 0 && <LeadButton model={model} />}
		</>
	);
}

export function QueueTab({ model, route }: { model: Model; route: string[] }): VNode {
	if (route[0] === "go") return <Triage model={model} first={route[1]} />;
	const shelf = Math.max(
		0,
		shelves.findIndex((one) => one.name === route[0]),
	);
	return (
		<>
			<List model={model} shelf={shelf} />
			<UndoBar />
		</>
	);
}
