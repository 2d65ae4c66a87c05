import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { plusDays, today } from "@web/dates";
import { Button, Dialog } from "../../parts";
import { t, tx } from "../../text";
import type { Person } from "../data/types";
import { fileName, hourAs, saveFile } from "../ui/file";
import { nameOf, workOf } from "../ui/words";

const coffeeDays = 7;

/** Face time: an invitation as a file for any calendar. */
export function CoffeeSheet({ person, onClose }: { person: Person; onClose: () => void }): VNode {
	const [when, setWhen] = useState(`${plusDays(today(), coffeeDays)}T10:00`);
	const title = t("Coffee with {name}", { name: nameOf(person) });
	const save = (event: Event): void => {
		event.preventDefault();
		const text = [workOf(person), ...person.working, ...person.cares].filter(Boolean).join("\n");
		const ics = hourAs({ uid: crypto.randomUUID(), start: new Date(when), title, text });
		saveFile(fileName(title, "ics"), new Blob([ics], { type: "text/calendar" }));
		onClose();
	};
	return (
		<Dialog title={tx("Coffee with {name}", { name: nameOf(person) })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<label class="label">
					{t("When?")}
					<input class="input" type="datetime-local" required value={when} onInput={(event) => setWhen(event.currentTarget.value)} />
				</label>
				<Button submit kind="main" icon="calendar">
					{t("Make a calendar file")}
				</Button>
			</form>
		</Dialog>
	);
}
