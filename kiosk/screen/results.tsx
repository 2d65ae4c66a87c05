import type { VNode } from "preact";
import { Attention, Done, Exchange, Stop, Waves } from "./shapes";
import { Circle, Name, Result, Ring, ShortName, Touch, Undo, fit } from "./parts";
import type { State, ViewProps } from "./state";
import { refusal } from "./reasons";
import { type Key, t, tx } from "./text";
import { key } from "@web/i18n";

const checkedIn = (state: State): string =>
	state.already
		? t("Already checked in at {time}", { time: state.at ?? "" })
		: t("Checked in at {time}", { time: state.at ?? "" });

export function Welcome({ state, act }: ViewProps): VNode {
	const name = state.person?.name ?? "";
	// while a second badge would be an exchange, the screen stays for the whole of that time
	const open = state.can_exchange === undefined ? (state.timer?.ms ?? 0) >= 8000 : !state.can_exchange;
	const word = state.already ? t("You are in") : state.at ? t("Checked in") : t("Welcome");
	return (
		<Result
			tone="done"
			shape={<Done />}
			word={word}
			foot={
				<>
					<Touch icon="phone" label={t("On my phone")} onTouch={() => act("pair")} />
					{!open && (
						<Touch icon="swap" label={t("Met someone")} onTouch={() => act("exchange")} />
					)}
					{state.can_undo !== false && <Undo act={act} kind="quiet" />}
					<Touch kind="main" label={t("Finish")} onTouch={() => act("finish")} />
				</>
			}
		>
			<h1>
				<span class="greet">{t("Welcome")}</span>
				<span class={`result-title result-name ${fit(name)}`}>
					<Name of={state.person} />
				</span>
			</h1>
			<p class="result-line">{state.at ? checkedIn(state) : ""}</p>
			{open && (
				<p class="next">
					<Ring state={state} />
					<span>{t("Met someone? Tap their badge now")}</span>
				</p>
			)}
		</Result>
	);
}

const fields: Record<string, Key> = {
	name: key("name"),
	organization: key("work"),
	title: key("role"),
	email: key("mail"),
	phone: key("phone"),
	url: key("web address"),
};

const sharedWords = (state: State): string =>
	(state.shared ?? []).map((field) => (fields[field] ? t(fields[field]) : field)).join(", ");

export const Pair = ({ state, tone }: { state: State; tone?: string }): VNode => (
	<div class="joined">
		<Circle of={state.person} tone={tone} />
		<span class="joined-line" />
		<Circle of={state.other} tone={tone} />
	</div>
);

export function Exchanged({ state, act }: ViewProps): VNode {
	const both = (state.person?.name.length ?? 0) + (state.other?.name.length ?? 0);
	const again = (state.met_count ?? 1) > 1;
	return (
		<Result
			tone="exchange"
			shape={<Exchange />}
			word={again ? t("Met again") : t("Exchanged")}
			foot={
				<>
					<Touch icon="cross" label={t("Not us")} onTouch={() => act("not-us")} />
					<Undo act={act} />
				</>
			}
		>
			<Pair state={state} />
			<h1 class={`result-title ${both > 24 ? "fit-s" : "fit-m"}`}>
				{tx(again ? "{a} and {b} met again" : "{a} and {b} exchanged", {
					a: <ShortName of={state.person} />,
					b: <ShortName of={state.other} />,
				})}
			</h1>
			<p class="result-line">
				{again && <strong>{t("Meeting number {n}", { n: state.met_count ?? 1 })}</strong>}
				{again && state.shared?.length ? " · " : ""}
				{state.shared?.length ? t("Shared: {fields}", { fields: sharedWords(state) }) : ""}
			</p>
		</Result>
	);
}

export const Whose = ({ state, act }: ViewProps): VNode => (
	<Result
		tone="exchange"
		shape={<Waves />}
		word={t("Whose list?")}
		foot={<Touch icon="cross" label={t("Not right")} onTouch={() => act("not-right")} />}
	>
		<h1 class="result-title fit-l">{t("Now tap your own badge")}</h1>
		<p class="result-line">
			{tx("{name} goes to your list", { name: <Name of={state.other ?? state.person} /> })}
		</p>
		<p class="next">
			<Ring state={state} />
		</p>
	</Result>
);

export function Guest({ state, act }: ViewProps): VNode {
	const guest = state.other;
	const owner = state.person;
	return (
		<Result
			tone="exchange"
			shape={<Exchange />}
			word={t("A card")}
			foot={
				<>
					<Touch icon="cross" label={t("Not right")} onTouch={() => act("not-right")} />
					<Touch
						kind="main"
						icon="check"
						label={
							owner
								? tx("Save to {name}'s list", { name: <ShortName of={owner} /> })
								: t("Save to my list")
						}
						onTouch={() => act("save")}
					/>
				</>
			}
		>
			<div class="guest-card">
				<Circle of={guest} />
				<div>
					<h1 class={`guest-name ${fit(guest?.name ?? "")}`}>
						<Name of={guest} />
					</h1>
					{guest?.organization && (
						<p class="guest-work">
							<bdi>{guest.organization}</bdi>
						</p>
					)}
				</div>
			</div>
			<p class="next">
				<Ring state={state} />
				<span>{t("From the card just shown. Is it right?")}</span>
			</p>
		</Result>
	);
}

export function Refused({ state, act }: ViewProps): VNode {
	const { text, advice, tone } = refusal(state.reason ?? "");
	return (
		<Result
			tone={tone}
			shape={tone === "stop" ? <Stop /> : <Attention />}
			word={tone === "stop" ? t("Stop") : t("Not yet")}
			foot={<Touch kind="main" label={t("All right")} onTouch={() => act("finish")} />}
		>
			<h1 class="result-title fit-m">{t(text)}</h1>
			<p class="result-line">{t(advice)}</p>
			<p class="next">
				<Ring state={state} />
				{state.help && <span class="helper">{t("Say {n} at the desk", { n: state.help })}</span>}
			</p>
		</Result>
	);
}
