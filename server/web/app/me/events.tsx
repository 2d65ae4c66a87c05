// The owner's events: one list of all; where they are now; a further one by its ticket.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, post } from "@web/api";
import { dateShort } from "@web/dates";
import { Button, useTask } from "../../parts";
import { codeOf } from "../../signin";
import { language, t } from "../../text";
import { current, goTo, syncNow } from "../data/model";
import type { Mine, Model } from "../data/types";
import { Away } from "../shell/away";
import { unsentOf } from "../shell/status";
import { Panel } from "../ui/ui";
import { act } from "../ui/undo";
import { NeedsNet } from "./account";

/** Entries and codes of that event that are on this phone alone; parted from the list they stay so. */
function isUnsent(event: number): boolean {
	const { model } = current();
	return Boolean(model && [...unsentOf(model), ...model.pending.filter((one) => !one.unknown)].some((one) => one.event === event));
}

function One({ model, one }: { model: Model; one: Mine }): VNode {
	const { event, name, starts } = one.event;
	const here = event === model.me.event;
	const part = (): void =>
		void act(t("A list of its own again"), async () => {
			await syncNow();
			if (isUnsent(event)) throw new ApiError(409, "unsent", t("Something of this event is not sent yet. Take it out once it is."));
			await post("/v1/me/part", { event });
			await syncNow();
		});
	return (
		<li class="event">
			<label class="chip">
				<input type="radio" name="event" checked={here} onChange={() => void goTo(event)} />
				<bdi>{name}</bdi>
			</label>
			<span class="hint">
				{[starts && dateShort(starts, language()), here && t("You are here")].filter(Boolean).join(" · ")}
			</span>
			{model.mine.length > 1 && event === model.home && (
				<span class="hint">{t("This phone is signed in with the ticket of this event, so it stays.")}</span>
			)}
			{!here && event !== model.home && (
				<Button small kind="quiet" disabled={model.sync === "offline"} onClick={part}>
					{t("Take out")}
				</Button>
			)}
		</li>
	);
}

export function Events({ model }: { model: Model }): VNode {
	const [code, setCode] = useState("");
	const { busy, error, run } = useTask();
	const join = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			await post("/v1/me/join", { code: codeOf(code) });
			setCode("");
			await syncNow();
		});
	};
	return (
		<Panel title={t("My events")}>
			<fieldset class="stack">
				<legend class="hidden-text">{t("Where are you now?")}</legend>
				<ul class="stack">
					{model.mine.map((one) => (
						<One key={one.event.event} model={model} one={one} />
					))}
				</ul>
			</fieldset>
			<Away model={model} />
			<NeedsNet model={model} error={error} />
			<form class="form" onSubmit={join}>
				<label class="label">
					{t("Ticket code of another event")}
					<input
						class="input input-code"
						value={code}
						autocapitalize="characters"
						spellcheck={false}
						required
						onInput={(event) => setCode(event.currentTarget.value)}
					/>
					<span class="hint">{t("Then people and follow-ups of both are one list, for you alone. Who met you at one of them learns nothing of the other.")}</span>
				</label>
				<Button submit disabled={busy || !code.trim()}>
					{t("Add the event")}
				</Button>
			</form>
		</Panel>
	);
}
