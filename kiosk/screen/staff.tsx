import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Keyboard } from "./keyboard";
import { Icon } from "./shapes";
import { ReaderList, Ring, Touch, Undo, linkWords } from "./parts";
import type { State, ViewProps } from "./state";
import { refusal } from "./reasons";
import { Station } from "./station";
import { t, tx } from "./text";

export function Staff(p: ViewProps): VNode {
	const { staff, tool, want_badge: wantBadge } = p.state;
	if (staff) return tool && tool !== "desk" ? <Station {...p} /> : <Desk {...p} />;
	return wantBadge ? <BadgeFirst {...p} /> : <Pin {...p} onBack={() => p.act("finish")} />;
}

const BadgeFirst = ({ state, act }: ViewProps): VNode => (
	<main class="moment">
		<Icon name="badge" />
		<h1>{t("Tap your staff badge")}</h1>
		<p role="alert">{state.reason ? t(refusal(state.reason).text) : t("Then comes the PIN of this station")}</p>
		<div class="foot">
			<Touch kind="quiet" label={t("Back")} onTouch={() => act("finish")} />
		</div>
	</main>
);

const pinMax = 8;

interface PinProps extends ViewProps {
	onBack: () => void;
}

export function Pin({ state, act, onBack }: PinProps): VNode {
	const [pin, setPin] = useState("");
	const send = (): void => {
		act("staff", { pin });
		setPin("");
	};
	return (
		<main class="pin">
			<div class="pin-side">
				<h1>{t("Desk staff")}</h1>
				<p>{t("Enter the PIN of this station")}</p>
				<p class="pin-dots" role="status" aria-label={t("{n} digits entered", { n: pin.length })}>
					{Array.from({ length: Math.max(4, pin.length) }, (_, i) => (
						<span key={i} class={i < pin.length ? "pin-dot on" : "pin-dot"} />
					))}
				</p>
				<p class="pin-wrong" role="alert">
					{state.reason ? t(refusal(state.reason).text) : ""}
				</p>
				<Touch kind="quiet" label={t("Back")} onTouch={onBack} />
			</div>
			<div class="pin-pad">
				{[..."123456789"].map((digit) => (
					<Touch
						key={digit}
						label={digit}
						disabled={pin.length >= pinMax}
						onTouch={() => setPin(pin + digit)}
					/>
				))}
				<Touch kind="quiet" icon="back" label="" spoken={t("Delete the last digit")} onTouch={() => setPin(pin.slice(0, -1))} />
				<Touch label="0" disabled={pin.length >= pinMax} onTouch={() => setPin(`${pin}0`)} />
				<Touch kind="main" label={t("Enter")} disabled={pin.length < 4} onTouch={send} />
			</div>
		</main>
	);
}

/** What the last act did, or why it did nothing. */
function Message({ state }: { state: State }): VNode | null {
	const { reason, person, at } = state;
	const [tone, text] =
		reason === "assigned"
			? ["done", t("The badge is given out")]
			: reason
				? ["attention", t(refusal(reason).text)]
				: person && at
					? ["done", tx("{name} is checked in, {time}", { name: person.name, time: at })]
					: ["", ""];
	if (!tone) return null;
	return (
		<p class={`message tone-${tone}`} role="alert">
			{text}
		</p>
	);
}

type Mode = "list" | "find" | "walk-in";

/** Find by name, check in by hand, give out a badge, a walk-in, undo, and how the station is. */
function Desk({ state, act }: ViewProps): VNode {
	const [mode, setMode] = useState<Mode>("list");
	const [query, setQuery] = useState("");
	const found = state.found ?? [];
	const link = linkWords(state);

	if (mode === "find")
		return (
			<Keyboard
				title={t("Find by name")}
				text={query}
				max={40}
				done={t("Find")}
				onDone={(q) => {
					setQuery(q);
					act("find", { q });
					setMode("list");
				}}
				onBack={() => setMode("list")}
			/>
		);
	if (mode === "walk-in")
		return (
			<Keyboard
				title={t("Name of the new guest")}
				text=""
				max={60}
				done={t("Add")}
				onDone={(name) => {
					if (name.trim()) act("walk-in", { name: name.trim() });
					setMode("list");
				}}
				onBack={() => setMode("list")}
			/>
		);
	if (state.reason === "assign")
		return (
			<main class="moment" aria-live="assertive">
				<Icon name="badge" />
				<h1>{t("Now tap the new badge")}</h1>
				<p>
					<bdi>{state.person?.name ?? ""}</bdi>
				</p>
				<Ring state={state} />
				<div class="foot">
					<Touch kind="quiet" label={t("Back")} onTouch={() => act("finish")} />
				</div>
			</main>
		);
	return (
		<main class="desk">
			<nav class="desk-tools" aria-label={t("Desk staff")}>
				<Touch icon="find" kind="main" label={t("Find by name")} onTouch={() => setMode("find")} />
				<Touch icon="walk" label={t("Walk-in")} onTouch={() => setMode("walk-in")} />
				<Undo act={act} disabled={state.can_undo === false} />
				<Touch icon="gear" label={t("Station")} onTouch={() => act("tool", { tool: "station" })} />
				<Touch kind="quiet" icon="cross" label={t("Finish")} onTouch={() => act("finish")} />
			</nav>
			<section class="desk-main">
				<Message state={state} />
				{found.length > 0 ? (
					<ul class="desk-found">
						{found.slice(0, 3).map((person) => (
							<li key={person.id}>
								<bdi class="desk-name">{person.name}</bdi>
								<Touch
									icon="check"
									label={t("Check in")}
									onTouch={() => act("checkin", { id: person.id })}
								/>
								<Touch
									icon="badge"
									label={t("Give badge")}
									onTouch={() => act("assign", { id: person.id })}
								/>
							</li>
						))}
						{found.length > 3 && <li class="desk-more">{t("{n} more: type more letters", { n: found.length - 3 })}</li>}
					</ul>
				) : (
					<div class="desk-state">
						<h1>{query ? t("Nobody found for “{q}”", { q: query }) : t("This station")}</h1>
						<ul>
							<li>{link.text}</li>
							<ReaderList state={state} />
						</ul>
					</div>
				)}
			</section>
		</main>
	);
}
