// The People tab, and one person.
import type { VNode } from "preact";
import type { Model } from "../data/types";

export const PeopleTab = ({ model }: { model: Model; route: string[] }): VNode => (
	<ul>
		{model.people.map((person) => (
			<li key={person.key}>{person.name}</li>
		))}
	</ul>
);
