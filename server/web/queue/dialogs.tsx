import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { dateShort, plusDays, today } from "@web/dates";
import { Button, Dialog, Problem, useTask } from "../parts";
import { language, t, tx } from "../text";
import { snoozeDays } from "./item";
import type { Item } from "./types";

interface SnoozeProps {
	item: Item;
	onClose: () => void;
	onPick: (date: string) => void;
}

export function Snooze({ item, onClose, onPick }: SnoozeProps): VNode {
	const [date, setDate] = useState("");
	return (
		<Dialog title={tx("When shall {name} come back?", { name: item.person.name })} onClose={onClose}>
			<ul class="choices">
				{snoozeDays().map(({ label, date: day }) => (
					<li key={label}>
						<button type="button" class="choice" onClick={() => onPick(day)}>
							{label}
							<span class="hint">{dateShort(day, language())}</span>
						</button>
					</li>
				))}
			</ul>
			<form
				class="row pick"
				onSubmit={(event) => {
					event.preventDefault();
					onPick(date);
				}}
			>
				<label class="label">
					{t("Pick a day")}
					<input
						class="input"
						type="date"
						min={plusDays(today(), 1)}
						max={plusDays(today(), 730)}
						value={date}
						required
						onInput={(event) => setDate(event.currentTarget.value)}
					/>
				</label>
				<Button submit disabled={!date}>
					{t("Snooze until then")}
				</Button>
			</form>
		</Dialog>
	);
}

interface NoteProps {
	item: Item;
	onClose: () => void;
	onSaved: () => void;
}

const noteMax = 2000;

/** The newest note is edited in place; an empty one never wipes an earlier one. */
export function NoteEdit({ item, onClose, onSaved }: NoteProps): VNode {
	const newest = item.notes?.[item.notes.length - 1];
	const [text, setText] = useState(newest?.text ?? "");
	const [topics, setTopics] = useState((newest?.topics ?? []).join(", "));
	const { busy, error, run } = useTask();
	const listed = topics
		.split(",")
		.map((topic) => topic.trim())
		.filter(Boolean);
	const bytes = new TextEncoder().encode(text).length;
	const empty = !text.trim() && listed.length === 0;
	const save = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			await post("/v1/notes", {
				of: item.of,
				text: text.trim(),
				topics: listed,
				after: newest ? [newest.entry] : [],
			});
			onSaved();
		});
	};
	return (
		<Dialog title={tx("Your note about {name}", { name: item.person.name })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<Problem error={error} />
				<label class="label">
					{t("What do they care about?")}
					<textarea class="input" value={text} onInput={(event) => setText(event.currentTarget.value)} />
					<span class="hint">
						{bytes > noteMax
							? t("Too long by {n} characters", { n: bytes - noteMax })
							: t("Only you will see this.")}
					</span>
				</label>
				<label class="label">
					{t("Topics, with commas between them")}
					<input class="input" value={topics} onInput={(event) => setTopics(event.currentTarget.value)} />
				</label>
				<Button submit kind="main" disabled={busy || empty || bytes > noteMax}>
					{busy ? t("Saving…") : t("Save note")}
				</Button>
			</form>
		</Dialog>
	);
}

export function Withdraw({ item, onClose, onSaved }: NoteProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<Dialog title={tx("Withdraw from meeting {name}?", { name: item.person.name })} onClose={onClose}>
			<p>{t("They no longer see you in their list, and nothing further is shared. What they saved elsewhere stays with them.")}</p>
			<Problem error={error} />
			<div class="row">
				<Button
					kind="danger"
					disabled={busy}
					onClick={() =>
						void run(async () => {
							await post("/v1/me/hide", { of: item.of });
							onSaved();
						})
					}
				>
					{t("Withdraw")}
				</Button>
				<Button kind="quiet" onClick={onClose}>
					{t("Keep it")}
				</Button>
			</div>
		</Dialog>
	);
}
