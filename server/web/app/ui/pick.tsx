// Choose one person: a search over names and work, best guesses first.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { Dialog, Face, Icon } from "../../parts";
import { t } from "../../text";
import type { Person } from "../data/types";
import { nameOf, workOf } from "./words";

const most = 30;

/** Letters without their marks, so that "muller" finds "Müller". */
export const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

export function matches(person: Person, query: string): boolean {
	const where = plain([person.name, person.organization, person.title, ...person.emails, ...person.cares].join(" "));
	return plain(query)
		.split(/\s+/)
		.every((word) => where.includes(word));
}

export const Search = ({ value, label, onInput }: { value: string; label: string; onInput: (text: string) => void }): VNode => (
	<label class="label">
		{label}
		<span class="search">
			<Icon name="find" />
			<input class="input" type="search" value={value} onInput={(event) => onInput(event.currentTarget.value)} />
		</span>
	</label>
);

interface PickProps {
	title: ComponentChildren;
	people: Person[];
	/** Shown first while nothing is typed. */
	suggested?: Person[];
	why?: (person: Person) => string;
	onPick: (person: Person) => void;
	onClose: () => void;
}

export function Pick({ title, people, suggested = [], why, onPick, onClose }: PickProps): VNode {
	const [query, setQuery] = useState("");
	const rest = people.filter((person) => !suggested.includes(person));
	const found = query ? people.filter((person) => matches(person, query)) : [...suggested, ...rest];
	return (
		<Dialog title={title} onClose={onClose}>
			<Search value={query} label={t("Find by name or work")} onInput={setQuery} />
			{found.length === 0 && <p class="hint">{t("Nobody found.")}</p>}
			<ul class="choices">
				{found.slice(0, most).map((person) => (
					<li key={person.key}>
						<button type="button" class="choice choice-person" onClick={() => onPick(person)}>
							<Face name={person.name} />
							<span class="row-words">
								<bdi class="row-title">{nameOf(person)}</bdi>
								<bdi class="hint">{why?.(person) || workOf(person)}</bdi>
							</span>
						</button>
					</li>
				))}
			</ul>
		</Dialog>
	);
}
