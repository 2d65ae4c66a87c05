// The Queue tab.
import type { VNode } from "preact";
import type { Model } from "../data/types";

export const QueueTab = ({ model }: { model: Model; route: string[] }): VNode => (
	<ul>
		{model.plan.items.map((item) => (
			<li key={item.key}>{item.title}</li>
		))}
	</ul>
);
