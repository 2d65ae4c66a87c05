// A person's follow-up queue: what to do next, for whom, why, and until when.
import "./queue.css";
import { type VNode, render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ApiError, get, post } from "@web/api";
import { Button, Icon, Logo, Problem, Sheet, useEvery } from "../parts";
import { SignIn } from "../signin";
import { type Key, t, tx } from "../text";
import { NoteEdit, Snooze, Withdraw } from "./dialogs";
import { type ItemActs, ItemCard } from "./item";
import { Approvals, MePage } from "./me";
import type { Item, ItemState, Me, Queue } from "./types";
import { isUpcoming } from "./words";
import { key } from "@web/i18n";

type Tab = "todo" | "upcoming" | "done" | "me";
const tabs: { tab: Tab; title: Key; icon: string }[] = [
	{ tab: "todo", title: key("To do"), icon: "list" },
	{ tab: "upcoming", title: key("Upcoming"), icon: "clock" },
	{ tab: "done", title: key("Done"), icon: "check" },
	{ tab: "me", title: key("Me"), icon: "person" },
];

interface Undo {
	item: Item;
	state: ItemState;
}

const undoMs = 10_000;

const Calm = ({ title, text }: { title: string; text: string }): VNode => (
	<div class="calm">
		<svg viewBox="0 0 120 80" aria-hidden="true">
			<circle cx="46" cy="40" r="28" />
			<circle class="calm-b" cx="74" cy="40" r="28" />
			<path d="M50 41l8 8 14-16" />
		</svg>
		<h2>{title}</h2>
		<p>{text}</p>
	</div>
);

const SignedOut = (): VNode => (
	<Sheet title={t("Your follow-ups are waiting")}>
		<p>{t("At a station: tap your badge, touch “On my phone”, and scan the code. Or sign in with your ticket code here.")}</p>
		<SignIn onDone={() => location.reload()} />
	</Sheet>
);

function useQueue() {
	const [queue, setQueue] = useState<Queue>();
	const [me, setMe] = useState<Me>();
	const [error, setError] = useState<unknown>();
	const [signedOut, setSignedOut] = useState(false);
	const changing = useRef(0);

	const failed = (e: unknown): void => {
		if (e instanceof ApiError && e.status === 401) setSignedOut(true);
		else setError(e);
	};
	const load = async (): Promise<void> => {
		const before = changing.current;
		try {
			const [newQueue, newMe] = await Promise.all([get<Queue>("/v1/queue"), get<Me>("/v1/me")]);
			// an answer from before a touch would bring back what was just put away
			if (before === changing.current) setQueue(newQueue);
			setMe(newMe);
			setError(undefined);
		} catch (e) {
			failed(e);
		}
	};
	return { queue, setQueue, me, error, setError, signedOut, load, failed, changing };
}

const counted = (items: Item[]): number => new Set(items.map((item) => item.person.key)).size;

function App(): VNode {
	const [tab, setTab] = useState<Tab>("todo");
	const { queue, setQueue, me, error, setError, signedOut, load, failed, changing } = useQueue();
	const [undo, setUndo] = useState<Undo>();
	const [dialog, setDialog] = useState<{ kind: "snooze" | "note" | "withdraw"; item: Item }>();
	const heading = useRef<HTMLHeadingElement>(null);

	useEvery(10_000, () => !signedOut && void load());
	useEffect(() => {
		if (!undo) return undefined;
		const timer = setTimeout(() => setUndo(undefined), undoMs);
		return () => clearTimeout(timer);
	}, [undo]);

	if (signedOut) return <SignedOut />;
	if (!queue || !me)
		return (
			<Sheet title={error ? t("Not now") : t("One moment")}>
				<Problem error={error} />
				{error ? <Button onClick={() => void load()}>{t("Try again")}</Button> : null}
			</Sheet>
		);

	/** At once on the page; taken back, with the reason, when the server did not take it. */
	const change = async (item: Item, state: ItemState, until?: string): Promise<void> => {
		const before = queue;
		const rest = (list: Item[]): Item[] => list.filter((other) => other.key !== item.key);
		const put = (to: Item): void =>
			setQueue((now = before) =>
				to.state === "done" || to.state === "drop"
					? { ...now, items: rest(now.items), done: [to, ...rest(now.done)] }
					: { ...now, items: [...rest(now.items), to], done: rest(now.done) },
			);
		changing.current += 1;
		setUndo(undefined);
		setError(undefined);
		put({ ...item, state, until });
		heading.current?.focus({ preventScroll: true });
		try {
			const reply = await post<{ item: Item }>(`/v1/queue/${encodeURIComponent(item.key)}`, {
				state,
				until,
				after: item.after,
			});
			put(reply.item);
			if (state !== "open") setUndo({ item: reply.item, state });
		} catch (e) {
			setQueue(before);
			failed(e);
			return;
		}
		if (state === "open") void load(); // its old place in the order
	};

	const acts: ItemActs = {
		change: (item, state, until) => void change(item, state, until),
		snooze: (item) => setDialog({ kind: "snooze", item }),
		note: (item) => setDialog({ kind: "note", item }),
		withdraw: (item) => setDialog({ kind: "withdraw", item }),
	};
	const lists: Record<Exclude<Tab, "me">, Item[]> = {
		todo: queue.items.filter((item) => !isUpcoming(item)),
		upcoming: queue.items.filter(isUpcoming),
		done: queue.done,
	};
	const close = (): void => setDialog(undefined);
	const saved = (): void => {
		close();
		void load();
	};
	const late = lists.todo.filter((item) => item.overdue).length;
	const current = tabs.find((one) => one.tab === tab) ?? tabs[0]!;

	return (
		<div class="app">
			<header class="top">
				<Logo />
				<p class="top-who">
					<bdi>{me.name}</bdi>
					<span class="hint">
						<bdi>{me.event.name}</bdi>
					</span>
				</p>
			</header>
			<nav class="tabs" aria-label={t("Lists")}>
				{tabs.map((one) => (
					<button
						type="button"
						key={one.tab}
						class="tab"
						aria-current={one.tab === tab ? "page" : undefined}
						onClick={() => {
							setTab(one.tab);
							scrollTo(0, 0);
						}}
					>
						<Icon name={one.icon} />
						<span>{t(one.title)}</span>
						{one.tab === "todo" && lists.todo.length > 0 && (
							<span class="tab-count">{lists.todo.length}</span>
						)}
					</button>
				))}
			</nav>
			<main class="main">
				<Approvals me={me} reload={() => void load()} />
				<div class="title">
					<h1 ref={heading} tabIndex={-1}>
						{t(current.title)}
					</h1>
					{tab === "todo" && lists.todo.length > 0 && (
						<p class="hint">
							{t("{n} people to get back to", { n: counted(lists.todo) })}
							{late > 0 && `, ${t("{n} late", { n: late })}`}
						</p>
					)}
					{tab === "done" && <p class="hint">{t("{n} people followed up", { n: counted(queue.done.filter((i) => i.state === "done")) })}</p>}
				</div>
				<Problem error={error} />
				{tab === "me" ? (
					<MePage me={me} reload={() => void load()} />
				) : lists[tab].length > 0 ? (
					<ul class="items">
						{lists[tab].map((item) => (
							<li key={item.key}>
								<ItemCard item={item} acts={acts} />
							</li>
						))}
					</ul>
				) : (
					<Empty tab={tab} queue={queue} upcoming={lists.upcoming.length} />
				)}
			</main>
			<div class="undo" role="status">
				{undo && (
					<div class="undo-bar">
						<span>
							{tx(undoWords[undo.state], { name: undo.item.person.name })}
						</span>
						<Button small icon="undo" onClick={() => acts.change(undo.item, "open")}>
							{t("Undo")}
						</Button>
						<span class="undo-time" />
					</div>
				)}
			</div>
			{dialog?.kind === "snooze" && (
				<Snooze
					item={dialog.item}
					onClose={close}
					onPick={(date) => {
						close();
						acts.change(dialog.item, "snooze", date);
					}}
				/>
			)}
			{dialog?.kind === "note" && <NoteEdit item={dialog.item} onClose={close} onSaved={saved} />}
			{dialog?.kind === "withdraw" && <Withdraw item={dialog.item} onClose={close} onSaved={saved} />}
		</div>
	);
}

const undoWords: Record<ItemState, Key> = {
	done: key("Done: {name}"),
	drop: key("Dropped: {name}"),
	snooze: key("Snoozed: {name}"),
	open: key("Open again: {name}"),
};

function Empty({ tab, queue, upcoming }: { tab: Tab; queue: Queue; upcoming: number }): VNode {
	if (tab === "done")
		return <Calm title={t("Nothing done yet")} text={t("What you have done stays here, and can be opened again.")} />;
	if (tab === "upcoming")
		return <Calm title={t("Nothing put off")} text={t("What you snooze, and what is due later, waits here.")} />;
	if (queue.done.length > 0 || upcoming > 0)
		return <Calm title={t("All caught up")} text={t("Everybody has heard from you. Enjoy the day.")} />;
	return (
		<Calm
			title={t("Nobody yet")}
			text={t("Tap your badge at a station, then the badge of somebody you met. They appear here at once.")}
		/>
	);
}

const root = document.getElementById("app");
if (root) render(<App />, root);
