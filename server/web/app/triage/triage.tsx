// One card at a time, until nothing is left for today. Each act has a button and a key; a swipe
// does what two of the buttons do.
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Button, Icon } from "../../parts";
import { type Key as Words, t, tx } from "../../text";
import type { Item, Model } from "../data/types";
import { NoteSheet } from "../people/note";
import { replace } from "../route";
import { answerIntroduction, changeItem } from "../ui/acts";
import { Calm } from "../ui/ui";
import { UndoBar, act } from "../ui/undo";
import { isOver, mailLink, onShelf, whoWords } from "../ui/words";
import { CardBody } from "./card";
import { CoffeeSheet } from "./coffee";
import { Decline } from "./decline";
import { LeadFor } from "./lead";
import { Snooze } from "./snooze";
import { useSwipe } from "./swipe";

type Sheet = "snooze" | "note" | "decline" | "lead" | "coffee";

const Key = ({ name }: { name: string }): VNode => (
	<kbd class="key" aria-hidden="true">
		{name}
	</kbd>
);

const leave = (): void => replace("queue");

/** Cards that were passed over in this round come last; what is done or put off is gone by itself. */
function useRound(model: Model, first: string | undefined) {
	const [wanted, setWanted] = useState(first);
	const [size, setSize] = useState(0);
	const left = onShelf(model.plan.items, "today");
	const chosen = [...model.plan.items, ...model.plan.done].find((item) => item.key === wanted);
	// a card opened from its row may be of any list; after it comes today's round
	const item = chosen && (!isOver(chosen) || chosen.key === first) ? chosen : left[0];
	const count = left.length + (item && !left.includes(item) ? 1 : 0);
	useEffect(() => setSize((before) => Math.max(before, count)), [count]);
	return { item, count, size: Math.max(size, count, 1), next: () => setWanted(undefined), show: setWanted };
}

function End({ more }: { more: number }): VNode {
	return (
		<Calm title={t("All caught up")} text={t("Everybody has heard from you. Enjoy the day.")}>
			{more > 0 && <p class="hint">{t("{n} more wait for their day", { n: more })}</p>}
			<Button kind="main" onClick={leave}>
				{t("Back to the list")}
			</Button>
		</Calm>
	);
}

interface SheetsProps {
	model: Model;
	name: Sheet;
	item: Item;
	onClose: () => void;
	onSnooze: (item: Item, until: string) => void;
	onDrop: (item: Item) => void;
}

function Sheets({ model, name, item, onClose, onSnooze, onDrop }: SheetsProps): VNode | null {
	const { person } = item;
	switch (name) {
		case "snooze":
			return <Snooze item={item} onClose={onClose} onPick={(until) => onSnooze(item, until)} />;
		case "note":
			return person ? <NoteSheet model={model} person={person} onClose={onClose} /> : null;
		case "coffee":
			return person ? <CoffeeSheet person={person} onClose={onClose} /> : null;
		case "decline":
			return <Decline item={item} onClose={onClose} onDecline={() => onDrop(item)} />;
		default:
			return <LeadFor model={model} item={item} onClose={onClose} />;
	}
}

export function Triage({ model, first }: { model: Model; first?: string }): VNode {
	const { item, count, size, next, show } = useRound(model, first);
	// a sheet stays with the item it was opened for, whatever a sync shows next; as that item is now
	const [opened, setOpened] = useState<{ name: Sheet; item: Item }>();
	const [drafted, setDrafted] = useState("");
	const mail = useRef<HTMLAnchorElement>(null);
	const top = useRef<HTMLDivElement>(null);
	const card = useRef<HTMLElement>(null);

	const sheet = opened && { ...opened, item: [...model.plan.items, ...model.plan.done].find((one) => one.key === opened.item.key) ?? opened.item };
	const open = (name: Sheet): void => setOpened(item && { name, item });
	const close = (): void => setOpened(undefined);

	const change = (item: Item, state: Item["state"], words: Words, more = {}): void => {
		const back = item.key;
		close();
		next();
		void act(tx(words, { name: whoWords(item) }), async () => {
			const undo = await changeItem(model, item, state, more);
			return async () => {
				await undo();
				show(back);
			};
		});
	};
	const name = item ? whoWords(item) : "";
	const done = (worked = false): void =>
		item && change(item, "done", key("Done: {name}"), worked ? { worked } : {});
	const snooze = (item: Item, until: string): void => change(item, "snooze", key("Snoozed: {name}"), { until });
	const drop = (item: Item): void => change(item, "drop", key("Dropped: {name}"));
	const answer = (given: boolean): void => {
		if (!item) return;
		next();
		void act(given ? tx("You agreed: {name}", { name }) : tx("You declined: {name}", { name }), () =>
			answerIntroduction(model, item, given),
		);
	};
	const isLead = item?.actions.includes("give");
	const waits = Boolean(item && !isOver(item));
	const acts: Record<string, () => void> =
		!item || !waits
			? {}
			: item.asked
				? { h: () => open("snooze") }
				: {
						e: () => done(),
						h: () => open("snooze"),
						m: () => (isLead ? open("lead") : mail.current?.click()),
						n: () => item.person && open("note"),
					};

	const latest = useRef(acts);
	latest.current = acts;
	useEffect(() => {
		const onKey = (event: KeyboardEvent): void => {
			if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
			if (document.querySelector("dialog[open]") || (event.target as Element).closest("input, textarea, select")) return;
			if (event.key === "Escape") return leave();
			const does = latest.current[event.key.toLowerCase()];
			if (!does) return;
			event.preventDefault();
			does();
		};
		addEventListener("keydown", onKey);
		return () => removeEventListener("keydown", onKey);
	}, []);

	// the next card is read out, and shown from its top
	useLayoutEffect(() => {
		setDrafted("");
		scrollTo(0, 0);
		top.current?.focus({ preventScroll: true });
	}, [item?.key]);

	const swipe = useSwipe(card, acts["e"], acts["h"]);
	const rest = model.plan.items.length - count;

	return (
		<div class="triage">
			<div class="triage-head" ref={top} tabIndex={-1}>
				<Button kind="quiet" icon="drop" label={t("Close")} onClick={leave}>
					{""}
				</Button>
				<h1 class="triage-left" aria-live="polite">
					{item ? t("{n} left", { n: count }) : t("Nothing left")}
				</h1>
				<progress max={size} value={size - count} aria-label={t("{n} left", { n: count })} />
			</div>
			{!item ? (
				<End more={rest} />
			) : (
				<>
					<div class={`stage stage-${swipe.way}`}>
						<span class="stage-hint stage-done" aria-hidden="true">
							<Icon name="check" />
							{t("Done")}
						</span>
						<span class="stage-hint stage-snooze" aria-hidden="true">
							<Icon name="clock" />
							{t("Snooze")}
						</span>
						<article key={item.key} ref={card} class="card" aria-label={name} {...swipe.on}>
							<CardBody item={item} />
						</article>
					</div>
					<div class="acts">
						<UndoBar />
						{drafted === item.key && (
							<p class="hint acts-said" role="status">
								{t("Is the mail sent? Then touch Done.")}
							</p>
						)}
						{!waits ? (
							<div class="acts-grid">
								<Button icon="undo" onClick={() => change(item, "open", key("Open again: {name}"))}>
									{t("Open again")}
								</Button>
								<Button onClick={leave}>{t("Back to the list")}</Button>
							</div>
						) : item.asked ? (
							<>
								<p class="hint">{t("Your card is shown only when both of you say yes.")}</p>
								<div class="acts-grid">
									<Button kind="main" icon="check" onClick={() => answer(true)}>
										{t("Yes, please")}
									</Button>
									<Button icon="drop" onClick={() => answer(false)}>
										{t("No, thanks")}
									</Button>
								</div>
							</>
						) : (
							<>
								<div class="acts-grid">
									<Button kind="main" icon="check" onClick={() => done()}>
										{t("Done")}
										<Key name="E" />
									</Button>
									<Button icon="clock" onClick={() => open("snooze")}>
										{t("Snooze")}
										<Key name="H" />
									</Button>
									{isLead ? (
										<Button icon="share" onClick={() => open("lead")}>
											{t("For whom?")}
											<Key name="M" />
										</Button>
									) : (
										<a
											ref={mail}
											class="button button-plain"
											href={mailLink(item)}
											onClick={() => setDrafted(item.key)}
										>
											<Icon name="mail" />
											{t("Draft mail")}
											<Key name="M" />
										</a>
									)}
									<Button icon="edit" disabled={!item.person} onClick={() => open("note")}>
										{t("Note")}
										<Key name="N" />
									</Button>
								</div>
								<div class="acts-more">
									{item.kind === "referral" && (
										<Button small kind="quiet" icon="leave" onClick={() => open("decline")}>
											{t("Decline")}
										</Button>
									)}
									{item.actions.includes("worked") && (
										<Button small kind="quiet" icon="congratulate" onClick={() => done(true)}>
											{t("It worked out")}
										</Button>
									)}
									{item.person && item.actions.includes("ics") && (
										<Button small kind="quiet" icon="calendar" onClick={() => open("coffee")}>
											{t("Plan a coffee")}
										</Button>
									)}
									<Button small kind="quiet" icon="drop" onClick={() => drop(item)}>
										{t("Drop")}
									</Button>
								</div>
							</>
						)}
					</div>
				</>
			)}
			{!item && <UndoBar />}
			{sheet && <Sheets key={sheet.item.key} model={model} {...sheet} onClose={close} onSnooze={snooze} onDrop={drop} />}
		</div>
	);
}
