// A card follows the finger sideways; let go far enough out, it does what a button does. Towards
// the end of the line is done, back to its start is snooze: mirrored where text runs leftwards.
import type { RefObject } from "preact";
import { useRef, useState } from "preact/hooks";

const far = 96;
const started = 12;

interface Swipe {
	way: "still" | "done" | "snooze";
	on: {
		onPointerDown: (event: PointerEvent) => void;
		onPointerMove: (event: PointerEvent) => void;
		onPointerUp: (event: PointerEvent) => void;
		onPointerCancel: (event: PointerEvent) => void;
	};
}

export function useSwipe(card: RefObject<HTMLElement | null>, onDone?: () => void, onSnooze?: () => void): Swipe {
	const from = useRef<{ id: number; x: number; y: number; moving: boolean } | undefined>(undefined);
	const [way, setWay] = useState<Swipe["way"]>("still");
	const move = (x: number): void => {
		if (card.current) card.current.style.transform = x ? `translateX(${x}px)` : "";
	};
	const end = (): void => {
		from.current = undefined;
		setWay("still");
		move(0);
	};
	const along = (x: number): number => (document.documentElement.dir === "rtl" ? -x : x);
	return {
		way,
		on: {
			onPointerDown: (event) => {
				if (event.pointerType === "mouse" || !event.isPrimary || !onSnooze) return;
				from.current = { id: event.pointerId, x: event.clientX, y: event.clientY, moving: false };
			},
			onPointerMove: (event) => {
				const start = from.current;
				if (!start || start.id !== event.pointerId) return;
				const x = event.clientX - start.x;
				if (!start.moving && Math.abs(x) > started && Math.abs(x) > 2 * Math.abs(event.clientY - start.y)) {
					start.moving = true;
					(event.currentTarget as HTMLElement).setPointerCapture(start.id);
				}
				if (!start.moving) return;
				move(x);
				setWay(Math.abs(x) < far ? "still" : along(x) > 0 && onDone ? "done" : along(x) < 0 ? "snooze" : "still");
			},
			onPointerUp: (event) => {
				const start = from.current;
				const x = start?.moving ? along(event.clientX - start.x) : 0;
				end();
				if (x >= far) onDone?.();
				if (x <= -far) onSnooze?.();
			},
			onPointerCancel: end,
		},
	};
}
