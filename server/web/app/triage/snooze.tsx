import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { dateShort, plusDays, today } from "@web/dates";
import { Button, Dialog, Icon } from "../../parts";
import { language, t, tx } from "../../text";
import type { Item } from "../data/types";
import { snoozeDays, whoWords } from "../ui/words";

interface SnoozeProps {
	item: Item;
	onClose: () => void;
	onPick: (date: string) => void;
}

export function Snooze({ item, onClose, onPick }: SnoozeProps): VNode {
	const [date, setDate] = useState("");
	return (
		<Dialog title={tx("When shall {name} come back?", { name: whoWords(item) })} onClose={onClose}>
			<ul class="choices">
				{snoozeDays().map((one) => (
					<li key={one.key}>
						<button type="button" class="choice" onClick={() => onPick(one.date)}>
							<Icon name={one.icon} />
							<span class="row-title">{t(one.key)}</span>
							<span class="hint">{dateShort(one.date, language())}</span>
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
