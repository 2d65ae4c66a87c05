// The one act of the queue itself: an item is done, dropped, put off or opened again.
import { retract, write } from "../data/model";
import type { Item, ItemState, Model } from "../data/types";

/** Takes back what an act wrote. */
export type Undo = () => Promise<unknown>;

export const undoing =
	(...entries: string[]): Undo =>
	() =>
		Promise.all(entries.map((entry) => retract(entry)));

export async function changeItem(
	model: Model,
	item: Item,
	state: ItemState,
	more: { until?: string; worked?: boolean } = {},
): Promise<Undo> {
	const entry = await write("followup-state", { owner: model.me.id, item: item.key, state, ...more, after: item.after });
	return undoing(entry);
}
