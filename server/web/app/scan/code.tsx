// A short code, typed: what stands under a QR code, for when no camera helps.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, useTask } from "../../parts";
import { t } from "../../text";
import { current, holdCode } from "../data/model";
import { SyncError, lookUpCode } from "../data/sync";
import { looksLikeTicket, readShortCode } from "./read";

interface CodeProps {
	onClose: () => void;
	onId: (id: string) => void;
	onHeld: () => void;
}

export function CodeDialog({ onClose, onId, onHeld }: CodeProps): VNode {
	const [typed, setTyped] = useState("");
	const [problem, setProblem] = useState("");
	const { busy, run } = useTask();

	const send = (event: Event): void => {
		event.preventDefault();
		const code = readShortCode(typed);
		if (!code) {
			setProblem(
				looksLikeTicket(typed)
					? t("That looks like a ticket code, which is private. The short code has ten letters and digits and stands under the QR code.")
					: t("The short code has ten letters and digits. It stands under the QR code."),
			);
			return;
		}
		setProblem("");
		void run(async () => {
			try {
				const id = await lookUpCode(code, current().model?.me.event);
				if (id) onId(id);
				else setProblem(t("Nobody at this event has that code. Compare it once more."));
			} catch (e) {
				if (e instanceof SyncError && e.what === "offline") {
					await holdCode(code);
					onHeld();
				} else if (e instanceof SyncError && e.what === "busy") {
					setProblem(t("Too many codes in a short time. Try again in some minutes."));
				} else {
					setProblem(t("The server could not do that. Try again in a moment"));
				}
			}
		});
	};
	return (
		<Dialog title={t("Type the short code")} onClose={onClose}>
			<form class="form" onSubmit={send}>
				{problem && (
					<p class="problem" role="alert">
						{problem}
					</p>
				)}
				<label class="label">
					{t("Short code")}
					<input
						class="input input-code"
						value={typed}
						autocomplete="off"
						autocapitalize="characters"
						spellcheck={false}
						maxLength={24}
						onInput={(event) => setTyped(event.currentTarget.value)}
					/>
					<span class="hint">{t("Ten letters and digits, under the QR code of a badge or card.")}</span>
				</label>
				<Button submit kind="main" disabled={busy || !typed.trim()}>
					{t("Add this person")}
				</Button>
			</form>
		</Dialog>
	);
}
