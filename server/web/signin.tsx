import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { setSignoutDue } from "./leaving";
import { Button, Problem, useTask } from "./parts";
import { t } from "./text";

/** A code, or the whole link of a ticket pasted in. */
export const codeOf = (text: string): string => text.trim().replace(/^.*#/, "");

export function SignIn({ code: given = "", onDone }: { code?: string; onDone: () => void }): VNode {
	const [code, setCode] = useState(given);
	const { busy, error, run } = useTask();
	const send = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			await post("/v1/signin", { code: codeOf(code) });
			setSignoutDue(false);
			onDone();
		});
	};
	return (
		<form class="form" onSubmit={send}>
			<Problem error={error} />
			<label class="label">
				{t("Ticket code")}
				<input
					class="input input-code"
					name="code"
					value={code}
					autocomplete="one-time-code"
					autocapitalize="characters"
					spellcheck={false}
					required
					onInput={(event) => setCode(event.currentTarget.value)}
				/>
				<span class="hint">{t("It is on your ticket. Keep it to yourself: it opens your list.")}</span>
			</label>
			<Button submit kind="main" disabled={busy || !code.trim()}>
				{busy ? t("Signing in…") : t("Sign in")}
			</Button>
		</form>
	);
}
