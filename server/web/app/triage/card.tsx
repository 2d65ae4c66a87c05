// One follow-up, whole: whom, why it is here, what they care about, what was given and asked.
import type { ComponentChildren, VNode } from "preact";
import { dateShort } from "@web/dates";
import { Face, Icon } from "../../parts";
import { language, t, tx } from "../../text";
import type { Item } from "../data/types";
import { link } from "../route";
import { Topics } from "../ui/ui";
import { listWords, nameOf, verbWords, whenWords, whoWords, workOf } from "../ui/words";

const notesShown = 3;

const Line = ({ icon, children }: { icon: string; children: ComponentChildren }): VNode => (
	<p class="line">
		<Icon name={icon} />
		<span>{children}</span>
	</p>
);

export function CardBody({ item }: { item: Item }): VNode {
	const { person } = item;
	const whys = [...new Set([item.why, ...item.whys])].filter(Boolean);
	const notes = [...item.notes].sort((a, b) => b.at_ms - a.at_ms).filter((note) => note.text);
	const topics = [...new Set([...(item.topics ?? []), ...item.notes.flatMap((note) => note.topics)])];
	return (
		<>
			<p class={`card-kind ${item.overdue ? "card-late" : ""}`}>
				<span class="item-kind">
					<Icon name={item.kind} />
					{verbWords(item)}
				</span>
				<span class="item-day">{whenWords(item)}</span>
			</p>
			<header class="card-who">
				<Face name={person?.name ?? "?"} />
				<div>
					<h2 class="card-name">
						<bdi>{whoWords(item)}</bdi>
					</h2>
					{person && workOf(person) && (
						<p class="hint">
							<bdi>{workOf(person)}</bdi>
						</p>
					)}
				</div>
			</header>
			{item.text && (
				<p class="card-text">
					<bdi>{item.text}</bdi>
				</p>
			)}
			{item.also.length > 0 && (
				<Line icon="introduce">{tx("With {name}", { name: listWords(item.also.map(nameOf)) })}</Line>
			)}
			<ul class="whys">
				{whys.map((why) => (
					<li key={why}>
						<bdi>{why}</bdi>
					</li>
				))}
			</ul>
			<Topics topics={topics} />
			{notes.slice(0, notesShown).map((note) => (
				<figure key={note.entry} class="note">
					<blockquote>
						<bdi>{note.text}</bdi>
					</blockquote>
					<figcaption class="hint">{dateShort(note.at, language())}</figcaption>
				</figure>
			))}
			{item.hint && (
				<p class="gentle">
					<bdi>{item.hint}</bdi>
				</p>
			)}
			{person && (
				<a class="card-more" href={link("people", person.key)}>
					{t("Everything about this person")}
					<Icon name="chevron" />
				</a>
			)}
		</>
	);
}
