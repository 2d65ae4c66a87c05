import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { plusDays, today } from "@web/dates";
import { Button, Face, Icon } from "../parts";
import { t } from "../text";
import type { Item } from "./types";
import { kindWords, mailLink, metWords, phoneLink, webLink, whenWords } from "./words";

export interface ItemActs {
	change: (item: Item, state: "done" | "drop" | "snooze" | "open", until?: string) => void;
	snooze: (item: Item) => void;
	note: (item: Item) => void;
	withdraw: (item: Item) => void;
}

const Contact = ({ item }: { item: Item }): VNode => {
	const { emails = [], phones = [], urls = [], claimed } = item.person;
	return (
		<ul class="contact">
			{emails.map((email) => (
				<li key={email}>
					<Icon name="mail" />
					<bdi>{email}</bdi>
				</li>
			))}
			{phones.map((phone) => (
				<li key={phone}>
					<Icon name="phone" />
					<a href={phoneLink(phone)}>
						<bdi>{phone}</bdi>
					</a>
				</li>
			))}
			{urls.map((url) => (
				<li key={url}>
					<Icon name="share" />
					{webLink(url) ? (
						<a href={webLink(url)} rel="noopener noreferrer" target="_blank">
							<bdi>{url}</bdi>
						</a>
					) : (
						<bdi>{url}</bdi>
					)}
				</li>
			))}
			{claimed && <li class="hint">{t("From their own card, not checked by the event")}</li>}
		</ul>
	);
};

/** What the person cares about: the notes' topics once each, then the newest words. */
const Cares = ({ item }: { item: Item }): VNode | null => {
	const notes = item.notes ?? [];
	const topics = [...new Set(notes.flatMap((note) => note.topics))];
	const texts = notes.map((note) => note.text).filter(Boolean);
	if (!topics.length && !texts.length) return null;
	return (
		<div class="cares">
			{topics.length > 0 && (
				<ul class="topics" aria-label={t("Topics")}>
					{topics.map((topic) => (
						<li key={topic}>
							<bdi>{topic}</bdi>
						</li>
					))}
				</ul>
			)}
			{texts.map((text, i) => (
				<p key={i} class="note">
					<bdi>{text}</bdi>
				</p>
			))}
		</div>
	);
};

/** Keys while the focus is in the item: e done, h snooze, m mail, n note. */
function onKey(event: KeyboardEvent, item: Item, acts: ItemActs): void {
	if (event.ctrlKey || event.altKey || event.metaKey) return;
	const keys: Record<string, () => void> = {
		e: () => acts.change(item, "done"),
		h: () => acts.snooze(item),
		n: () => acts.note(item),
		m: () => location.assign(mailLink(item)),
	};
	const act = keys[event.key];
	if (!act) return;
	event.preventDefault();
	act();
}

export function ItemCard({ item, acts }: { item: Item; acts: ItemActs }): VNode {
	const [more, setMore] = useState(false);
	const { person } = item;
	const work = [person.title, person.organization].filter(Boolean).join(" · ");
	const over = item.state === "done" || item.state === "drop";
	const name = `item-${item.key}`;
	return (
		<article
			class={`item ${item.overdue && !over ? "item-late" : ""}`}
			aria-labelledby={name}
			onKeyDown={(event) => !over && onKey(event, item, acts)}
		>
			<header class="item-head">
				<Face name={person.name} />
				<div class="item-who">
					<h3 id={name}>
						<bdi>{person.name || t("Somebody without a name")}</bdi>
					</h3>
					{work && (
						<p class="item-work">
							<bdi>{work}</bdi>
						</p>
					)}
				</div>
				<p class="item-when">
					<span class="item-kind">
						<Icon name={item.kind} />
						{kindWords(item.kind)}
					</span>
					<span class="item-day">{over ? (item.state === "done" ? t("Done") : t("Dropped")) : whenWords(item)}</span>
				</p>
			</header>
			{item.text && (
				<p class="item-text">
					<bdi>{item.text}</bdi>
				</p>
			)}
			<Cares item={item} />
			<p class="item-why">
				<bdi>{item.why}</bdi>
				{item.why && metWords(item) ? " · " : ""}
				{metWords(item)}
			</p>
			{over ? (
				<div class="item-acts">
					<Button small icon="undo" onClick={() => acts.change(item, "open")}>
						{t("Open again")}
					</Button>
				</div>
			) : (
				<div class="item-acts">
					<Button kind="main" icon="check" onClick={() => acts.change(item, "done")}>
						{t("Done")}
					</Button>
					<Button icon="clock" onClick={() => acts.snooze(item)}>
						{t("Snooze")}
					</Button>
					<a class="button button-plain" href={mailLink(item)}>
						<Icon name="mail" />
						{t("Draft mail")}
					</a>
					<Button
						kind="quiet"
						icon="more"
						label={t("More for {name}", { name: person.name })}
						expanded={more}
						onClick={() => setMore(!more)}
					>
						{""}
					</Button>
				</div>
			)}
			{more && !over && (
				<div class="item-more">
					<Contact item={item} />
					<div class="row">
						<Button small icon="edit" onClick={() => acts.note(item)}>
							{item.notes?.length ? t("Edit note") : t("Add a note")}
						</Button>
						<Button small icon="drop" onClick={() => acts.change(item, "drop")}>
							{t("Drop")}
						</Button>
						<Button small kind="quiet" icon="lock" onClick={() => acts.withdraw(item)}>
							{t("Withdraw")}
						</Button>
					</div>
				</div>
			)}
		</article>
	);
}

export const snoozeDays = (): { label: string; date: string }[] => {
	const now = today();
	const monday = plusDays(now, ((8 - new Date().getDay()) % 7) || 7);
	return [
		{ label: t("Tomorrow"), date: plusDays(now, 1) },
		{ label: t("In three days"), date: plusDays(now, 3) },
		{ label: t("Next week"), date: monday },
		{ label: t("In a month"), date: plusDays(now, 30) },
	];
};
