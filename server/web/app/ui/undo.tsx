// "Done: Ben. Undo": one bar for ten seconds after an act, instead of a question before it.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Button, Problem } from "../../parts";
import { t } from "../../text";
import type { Undo } from "./change";

const undoMs = 10_000;
const saidMs = 3000;

interface Shown {
	text?: ComponentChildren;
	undo?: Undo;
	problem?: unknown;
}

let shown: Shown = {};
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function show(next: Shown): void {
	clearTimeout(timer);
	shown = next;
	if (next.text) timer = setTimeout(() => show({}), next.undo ? undoMs : saidMs);
	for (const listener of [...listeners]) listener();
}

/** Does it, then says so with a way back; or says what went wrong. */
export async function act(text: ComponentChildren, task: () => Promise<Undo | unknown>): Promise<boolean> {
	show({});
	try {
		const undo = await task();
		show({ text, undo: typeof undo === "function" ? (undo as Undo) : undefined });
		return true;
	} catch (problem) {
		show({ problem });
		return false;
	}
}

export function undoLast(): void {
	const { undo } = shown;
	if (!undo) return;
	show({});
	undo().catch((problem: unknown) => show({ problem }));
}

export function UndoBar(): VNode {
	const [now, setNow] = useState(shown);
	useEffect(() => {
		const changed = (): void => setNow(shown);
		listeners.add(changed);
		changed();
		return () => {
			listeners.delete(changed);
		};
	}, []);
	return (
		<div class="undo" role="status">
			<Problem error={now.problem} />
			{now.text && (
				<div class="undo-bar">
					<span class="undo-text">{now.text}</span>
					{now.undo && (
						<>
							<Button small icon="undo" onClick={undoLast}>
								{t("Undo")}
							</Button>
							<span class="undo-time" />
						</>
					)}
				</div>
			)}
		</div>
	);
}
