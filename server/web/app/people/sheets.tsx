// The small forms of a person's page: one thing each.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Button, Dialog, Face, Icon } from "../../parts";
import { type Key, t, tx } from "../../text";
import type { FavourWay, Model, Person } from "../data/types";
import { addFavour, addFollowup, block, introduce, remove, sharedEvent } from "../ui/acts";
import { Pick } from "../ui/pick";
import { act } from "../ui/undo";
import { nameOf } from "../ui/words";
import { interestWords, interested } from "../triage/lead";
import { TopicChips } from "./note";

export interface SheetProps {
	model: Model;
	person: Person;
	onClose: () => void;
}

export const ways: { way: FavourWay; title: Key; icon: string }[] = [
	{ way: "offered", title: key("I offered"), icon: "gift" },
	{ way: "given", title: key("I gave"), icon: "share" },
	{ way: "asked", title: key("I asked"), icon: "hello" },
	{ way: "received", title: key("I received"), icon: "thanks" },
];

/** Whether an ask would come before anything was given. */
export const asksFirst = (person: Person, way: FavourWay): boolean =>
	way === "asked" && person.balance.given + person.balance.offered === 0;

export function FavourSheet({ model, person, way, onClose }: SheetProps & { way: FavourWay }): VNode {
	const [text, setText] = useState("");
	const [keeps, setKeeps] = useState("");
	const open = (person.favours ?? []).filter(
		(one) => !one.closed && one.way === (way === "given" ? "offered" : way === "received" ? "asked" : undefined),
	);
	const title = ways.find((one) => one.way === way)?.title;
	const save = (event: Event): void => {
		event.preventDefault();
		void act(tx("Saved: {name}", { name: nameOf(person) }), () => addFavour(model, person, way, text.trim(), keeps || undefined));
		onClose();
	};
	return (
		<Dialog title={title ? t(title) : ""} onClose={onClose}>
			<form class="form" onSubmit={save}>
				{asksFirst(person, way) && (
					<p class="gentle">
						{tx("You have not given {name} anything yet. A small offer first makes the ask easier.", { name: nameOf(person) })}
					</p>
				)}
				<label class="label">
					{t("What was it?")}
					<input class="input" value={text} maxLength={500} onInput={(event) => setText(event.currentTarget.value)} />
					<span class="hint">{way === "received" ? t("A thank-you comes up in two days.") : t("Only you will see this.")}</span>
				</label>
				{open.length > 0 && (
					<label class="label">
						{way === "given" ? t("Does it keep an offer?") : t("Does it answer an ask?")}
						<select class="input" value={keeps} onChange={(event) => setKeeps(event.currentTarget.value)}>
							<option value="">{t("No")}</option>
							{open.map((one) => (
								<option key={one.entry} value={one.entry}>
									{one.text}
								</option>
							))}
						</select>
					</label>
				)}
				<Button submit kind="main">
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}

export function IntroduceSheet({ model, person, onClose }: SheetProps): VNode {
	const [other, setOther] = useState<Person>();
	const [text, setText] = useState("");
	const topics = [...person.cares, ...person.working, ...person.notes.flatMap((note) => note.topics)];
	const others = model.people.filter((one) => one !== person && !one.claimed && sharedEvent(person, one));
	if (!other)
		return (
			<Pick
				title={tx("Introduce {name} to…", { name: nameOf(person) })}
				people={others}
				suggested={interested(others, topics)}
				why={interestWords(topics)}
				onPick={setOther}
				onClose={onClose}
			/>
		);
	const save = (event: Event): void => {
		event.preventDefault();
		void act(tx("Both are asked: {a} and {b}", { a: nameOf(person), b: nameOf(other) }), () =>
			introduce(model, person, other, text.trim()),
		);
		onClose();
	};
	return (
		<Dialog title={t("Why should they meet?")} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<p class="pair">
					<Face name={person.name} />
					<Icon name="introduce" />
					<Face name={other.name} />
					<span>{tx("{a} and {b}.", { a: nameOf(person), b: nameOf(other) })}</span>
				</p>
				<label class="label">
					{t("One sentence for both")}
					<textarea class="input" rows={3} required maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
					<span class="hint">{t("Both read it. Cards are shown only when both say yes.")}</span>
				</label>
				<Button submit kind="main" disabled={!text.trim()}>
					{t("Ask both")}
				</Button>
			</form>
		</Dialog>
	);
}

/** person: undefined for a lead that is for nobody yet. */
export function LeadSheet({ model, person, onClose }: { model: Model; person?: Person; onClose: () => void }): VNode {
	const [text, setText] = useState("");
	const [topics, setTopics] = useState<string[]>([]);
	const whom = person ? [] : interested(model.people, topics).slice(0, 3);
	const save = (to: Person | undefined): void => {
		void act(t("The lead waits in your queue"), () => addFollowup(model, to, "share", { text: text.trim(), topics }));
		onClose();
	};
	return (
		<Dialog title={person ? tx("A lead for {name}", { name: nameOf(person) }) : t("A lead for somebody")} onClose={onClose}>
			<form
				class="form"
				onSubmit={(event) => {
					event.preventDefault();
					save(person);
				}}
			>
				<label class="label">
					{t("Link or words")}
					<textarea class="input" rows={3} required maxLength={1000} value={text} onInput={(event) => setText(event.currentTarget.value)} />
				</label>
				<TopicChips offered={model.event.topics} topics={topics} onChange={setTopics} />
				{whom.length > 0 && (
					<div class="form">
						<p class="chips-title">{t("It may interest")}</p>
						<ul class="choices">
							{whom.map((one) => (
								<li key={one.key}>
									<button type="button" class="choice choice-person" disabled={!text.trim()} onClick={() => save(one)}>
										<Face name={one.name} />
										<span class="row-words">
											<bdi class="row-title">{nameOf(one)}</bdi>
											<bdi class="hint">{interestWords(topics)(one)}</bdi>
										</span>
									</button>
								</li>
							))}
						</ul>
					</div>
				)}
				<Button submit kind="main" disabled={!text.trim()}>
					{person ? t("Save") : t("Save it for somebody")}
				</Button>
			</form>
		</Dialog>
	);
}

export function ReferralSheet({ model, person, onClose }: SheetProps): VNode {
	const [text, setText] = useState("");
	const [about, setAbout] = useState("");
	const save = (event: Event): void => {
		event.preventDefault();
		void act(tx("Saved: {name}", { name: nameOf(person) }), () =>
			addFollowup(model, person, "referral", { text: text.trim(), about: about || undefined }),
		);
		onClose();
	};
	return (
		<Dialog title={tx("{name} referred you", { name: nameOf(person) })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<label class="label">
					{t("To whom or to what?")}
					<input class="input" required maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
				</label>
				<label class="label">
					{t("Is it somebody in your list?")}
					<select class="input" value={about} onChange={(event) => setAbout(event.currentTarget.value)}>
						<option value="">{t("No")}</option>
						{model.people
							.filter((one) => one !== person && one.ties[0])
							.map((one) => (
								<option key={one.key} value={one.ties[0]?.entry}>
									{nameOf(one)}
								</option>
							))}
					</select>
					<span class="hint">{t("Act on it or decline within three days; later you are asked to report back.")}</span>
				</label>
				<Button submit kind="main" disabled={!text.trim()}>
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}

export function CongratulateSheet({ model, person, onClose }: SheetProps): VNode {
	const [text, setText] = useState("");
	const save = (event: Event): void => {
		event.preventDefault();
		void act(tx("Saved: {name}", { name: nameOf(person) }), () => addFollowup(model, person, "congratulate", { text: text.trim() }));
		onClose();
	};
	return (
		<Dialog title={tx("Good news about {name}", { name: nameOf(person) })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<label class="label">
					{t("What happened?")}
					<input class="input" required maxLength={500} value={text} onInput={(event) => setText(event.currentTarget.value)} />
					<span class="hint">{t("A new job, a talk, a birthday")}</span>
				</label>
				<Button submit kind="main" disabled={!text.trim()}>
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}

export function WithdrawSheet({ model, person, onClose, blocks }: SheetProps & { blocks?: boolean }): VNode {
	const name = nameOf(person);
	const go = (): void => {
		location.hash = "#/people";
		void act(blocks ? tx("Blocked: {name}", { name }) : tx("Withdrawn: {name}", { name }), () =>
			blocks ? block(model, person) : remove(model, person),
		);
		onClose();
	};
	return (
		<Dialog title={blocks ? tx("Block {name}?", { name }) : tx("Withdraw from meeting {name}?", { name })} onClose={onClose}>
			<p>{t("They no longer see you in their list, and nothing further is shared. What they saved elsewhere stays with them.")}</p>
			{blocks && <p>{t("A later scan of your card will not connect you again.")}</p>}
			<div class="row">
				<Button kind="danger" onClick={go}>
					{blocks ? t("Block") : t("Withdraw")}
				</Button>
				<Button kind="quiet" onClick={onClose}>
					{t("Keep it")}
				</Button>
			</div>
		</Dialog>
	);
}
