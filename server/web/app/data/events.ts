// A person's several events: at which one they are now, and to which an entry belongs. Each has its
// own badge, card and log; queue and people are one.
import { isoDate } from "@web/dates";
import type { Log } from "./log";
import type { NewItem } from "./model";
import type { Mine, Model, Payload } from "./types";

export const mineOf = (log: Log): Mine[] => log.events ?? [{ me: log.me, event: log.event, card: log.card }];

/** "EVENT DATE": what the owner said, and on which day. */
export const chosenEvent = "kith-at";

const isOn = ({ event }: Mine, day: string): boolean =>
	event.starts !== undefined && event.starts <= day && day <= (event.ends ?? event.starts);

/** Where the owner is: as said today, else by the calendar, else as said last. */
export function hereOf(all: Mine[]): Mine {
	const today = isoDate(new Date());
	const [said, day] = (localStorage.getItem(chosenEvent) ?? "").split(" ");
	const chosen = all.find((one) => String(one.event.event) === said);
	const now = all.find((one) => isOn(one, today));
	return (day === today ? (chosen ?? now) : (now ?? chosen)) ?? all[0]!;
}

export const choose = (event: number): void => localStorage.setItem(chosenEvent, `${event} ${isoDate(new Date())}`);

/** What a payload names: an entry or a person, whose event is that of the new entry. */
function named(payload: Payload): unknown[] {
	const setting = /^[\w-]+\/(.{22,36})$/.exec(String(payload["name"] ?? ""));
	return [payload["of"], payload["item"], payload["b"], payload["a"], setting?.[1]].flat();
}

const writers = ["owner", "author", "who", "a"];

/** Each new entry with its event, and the owner's id of there. */
export function place(news: NewItem[], model: Model | undefined): (NewItem & { event?: number })[] {
	const fresh = new Map<unknown, number>();
	return news.map((item) => {
		const { payload } = item;
		const event =
			item.event ??
			named(payload)
				.map((one) => fresh.get(one) ?? (typeof one === "string" ? model?.eventOf(one) : undefined))
				.find((one) => one !== undefined) ??
			model?.me.event;
		if (item.id && event) fresh.set(item.id, event);
		const there = model?.mine.find((one) => one.event.event === event);
		const as = there ? writers.filter((name) => payload[name] === model?.me.id).map((name) => [name, there.me]) : [];
		return { ...item, event, payload: { ...payload, ...Object.fromEntries(as) } };
	});
}
