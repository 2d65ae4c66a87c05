// The Me tab: how it goes, in a few pictures; and the settings.
import type { VNode } from "preact";
import { Button } from "../../parts";
import { t, tx } from "../../text";
import type { Item, Model, Person } from "../data/types";
import { link } from "../route";
import { Brief } from "../brief/brief";
import { LeadButton } from "../people/lead-button";
import { BalanceBar, balanceWords } from "../pictures/balance";
import { GoalBars } from "../pictures/goals";
import { Loops } from "../pictures/loops";
import { NetworkPicture } from "../pictures/network";
import { Away } from "../shell/away";
import { answerIntroduction } from "../ui/acts";
import { LinkRow, Panel, Segments } from "../ui/ui";
import { UndoBar, act } from "../ui/undo";
import { isOver, nameOf } from "../ui/words";
import { Buddies, Notices } from "./account";
import { Settings } from "./settings";


function Asked({ model, item }: { model: Model; item: Item }): VNode {
	const name = nameOf(item.person);
	const answer = (given: boolean): void =>
		void act(given ? tx("You agreed: {name}", { name }) : tx("You declined: {name}", { name }), () => answerIntroduction(model, item, given));
	return (
		<li class="asking">
			<h3>{tx("{name} would like to introduce you", { name })}</h3>
			{item.text && (
				<p class="note">
					<bdi>{item.text}</bdi>
				</p>
			)}
			<p class="hint">{t("Your card is shown only when both of you say yes.")}</p>
			<div class="row">
				<Button small kind="main" icon="check" onClick={() => answer(true)}>
					{t("Yes, please")}
				</Button>
				<Button small onClick={() => answer(false)}>
					{t("No, thanks")}
				</Button>
			</div>
		</li>
	);
}

/** One thing to give next: to whom one owes most, open offers first. */
function suggestion(model: Model): VNode | null {
	const owed = (person: Person): number =>
		person.balance.asked + person.balance.received - person.balance.given - person.balance.offered;
	const offered = model.people.find((person) => person.favours.some((one) => one.way === "offered" && !one.closed));
	const behind = [...model.people].sort((a, b) => owed(b) - owed(a))[0];
	const person = offered ?? (behind && owed(behind) > 0 ? behind : undefined);
	if (!person) return null;
	return (
		<p class="gentle">
			{offered
				? tx("You have an open offer to {name}: keep it next.", { name: nameOf(person) })
				: tx("{name} did more for you than you for them: what could you give?", { name: nameOf(person) })}{" "}
			<a href={link("people", person.key)}>{t("Open")}</a>
		</p>
	);
}

function Overview({ model }: { model: Model }): VNode {
	const { goals, balance, loops } = model.plan;
	const asked = model.plan.items.filter((item) => item.asked && !isOver(item));
	return (
		<>
			<Notices account={model.account} />
			{model.away.length > 0 && (
				<Panel title={t("My events")}>
					<Away model={model} />
					<a href={link("me", "settings")}>{t("Add the event")}</a>
				</Panel>
			)}
			{asked.length > 0 && (
				<Panel title={t("Introductions that need your yes")}>
					<ul class="stack">
						{asked.map((item) => (
							<Asked key={item.key} model={model} item={item} />
						))}
					</ul>
				</Panel>
			)}
			<Panel title={t("This week")}>
				<GoalBars goals={goals} />
				{model.people.length > 0 && <LeadButton model={model} />}
			</Panel>
			<ul class="rows">
				<li>
					<LinkRow href={link("me", "brief")} icon="print" title={t("Before you meet")} text={t("Whom you know at the next event, to read or print")} />
				</li>
			</ul>
			<Panel title={t("Give and ask")}>
				<p>{balanceWords(balance)}</p>
				<BalanceBar balance={balance} />
				{suggestion(model)}
			</Panel>
			<Panel title={t("Referrals")}>
				<Loops loops={loops} />
			</Panel>
			<Buddies model={model} />
			<Panel title={t("My network")}>
				{model.people.length > 0 ? <NetworkPicture model={model} /> : <p class="hint">{t("It shows once you have met somebody.")}</p>}
			</Panel>
		</>
	);
}

export function MeTab({ model, route }: { model: Model; route: string[] }): VNode {
	if (route[0] === "brief") return <Brief model={model} />;
	const settings = route[0] === "settings";
	return (
		<>
			<h1 class="big-title">
				<bdi>{model.me.name || t("Me")}</bdi>
			</h1>
			<p class="hint">
				<bdi>{model.event.name}</bdi>
			</p>
			<Segments
				label={t("Me")}
				current={settings ? 1 : 0}
				all={[
					{ title: t("How it goes"), href: link("me") },
					{ title: t("Settings"), href: link("me", "settings") },
				]}
			/>
			{settings ? <Settings model={model} /> : <Overview model={model} />}
			<UndoBar />
		</>
	);
}
