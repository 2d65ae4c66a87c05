// One line of the queue: whom, what, and by when. Touch the circle and it is done; touch the rest
// and it opens as a card.
import type { VNode } from "preact";
import { Icon } from "../../parts";
import { t, tx } from "../../text";
import type { Item, Model } from "../data/types";
import { link } from "../route";
import { changeItem } from "../ui/change";
import { isOver, verbWords, whenShort, whoWords } from "../ui/item";
import { act } from "../ui/undo";

export const done = (model: Model, item: Item, worked?: boolean): Promise<boolean> =>
	act(tx("Done: {name}", { name: whoWords(item) }), () => changeItem(model, item, "done", worked ? { worked } : {}));

export function Row({ model, item, who = true }: { model: Model; item: Item; who?: boolean }): VNode {
	const over = isOver(item);
	const late = item.overdue && item.state === "open";
	return (
		<li class={`item ${late ? "item-late" : ""} ${over ? "item-over" : ""}`}>
			<button
				type="button"
				class="tick"
				aria-label={over ? t("Open again: {name}", { name: whoWords(item) }) : t("Done: {name}", { name: whoWords(item) })}
				onClick={() =>
					void (over
						? act(tx("Open again: {name}", { name: whoWords(item) }), () => changeItem(model, item, "open"))
						: done(model, item))
				}
			>
				<Icon name={item.state === "drop" ? "drop" : "check"} />
			</button>
			<a class="item-body" href={link("queue", "go", item.key)}>
				{who && <bdi class="item-name">{whoWords(item)}</bdi>}
				<span class="item-line">
					<span class="item-kind">
						<Icon name={item.kind} />
						{verbWords(item)}
					</span>
					<span class="item-day">{whenShort(item)}</span>
				</span>
				{item.text && <bdi class="item-text">{item.text}</bdi>}
			</a>
		</li>
	);
}

export const Rows = ({ model, items, who }: { model: Model; items: Item[]; who?: boolean }): VNode => (
	<ul class="items">
		{items.map((item) => (
			<Row key={item.key} model={model} item={item} who={who} />
		))}
	</ul>
);
