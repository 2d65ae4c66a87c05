// One follow-up, whole: whom, why it is here, what they care about, what was given and asked.
import type { ComponentChildren, VNode } from "preact";
import { dateShort } from "@web/dates";
import { Face, Icon } from "../../parts";
import { language, t, tx } from "../../text";
import type { Item } from "../data/types";
import { link } from "../route";
import { Topics } from "../ui/ui";
import { listWords, metWords, nameOf, verbWords, whenWords, whoWords, workOf } from "../ui/words";

const notesShown = 3;

const Line = ({ icon, children }: { icon: string; children: ComponentChildren }): VNode => (
	<p class="line">
		<Icon name={icon} />
		<span>{children}</span>
	</p>
);

function Balance({ item }: { item: Item }): VNode | null {
	const { offered = 0, given = 0, asked = 0, received = 0 } = item.balance ?? {};
	if (offered + given + asked + received === 0) return null;
	const words = [
		given > 0 && t("gave {n}", { n: given }),
		offered > 0 && t("offered {n}", { n: offered }),
		asked > 0 && t("asked {n}", { n: asked }),
		received > 0 && t("received {n}", { n: received }),
	].filter((word): word is string => Boolean(word));
	return <Line icon="balance">{t("You {list}", { list: listWords(words) })}</Line>;
}

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
			{whys.map((why) => (
				<Line key={why} icon="clock">
					<bdi>{why}</bdi>
				</Line>
			))}
			{person && (person.met?.count ?? 0) > 1 && <Line icon="person">{metWords(person)}</Line>}
			{item.offers.map((offer) => (
				<Line key={offer} icon="gift">
					{tx("You offered: {text}", { text: offer })}
				</Line>
			))}
			{person && person.working.length > 0 && (
				<Line icon="work">{tx("Working on: {text}", { text: listWords(person.working) })}</Line>
			)}
			{person && person.cares.length > 0 && (
				<Line icon="thanks">{tx("Cares about: {text}", { text: listWords(person.cares) })}</Line>
			)}
			<Topics topics={topics} />
			{notes.slice(0, notesShown).map((note) => (
				<figure key={note.entry} class="note">
					<blockquote>
						<bdi>{note.text}</bdi>
					</blockquote>
					<figcaption class="hint">{dateShort(note.at, language())}</figcaption>
				</figure>
			))}
			<Balance item={item} />
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
