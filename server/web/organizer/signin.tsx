import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { Button, Problem, Sheet, useTask } from "../parts";
import { t } from "../text";

export function OrganizerSignIn({ onDone }: { onDone: () => void }): VNode {
	const [email, setEmail] = useState("");
	const [password, setPassword] = useState("");
	const { busy, error, run } = useTask();
	const send = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			await post("/v1/organizer/signin", { email: email.trim(), password });
			onDone();
		});
	};
	return (
		<Sheet title={t("Organizer")}>
			<form class="form" onSubmit={send}>
				<Problem error={error} />
				<label class="label">
					{t("E-mail")}
					<input
						class="input"
						type="email"
						name="email"
						autocomplete="username"
						required
						value={email}
						onInput={(event) => setEmail(event.currentTarget.value)}
					/>
				</label>
				<label class="label">
					{t("Password")}
					<input
						class="input"
						type="password"
						name="password"
						autocomplete="current-password"
						required
						value={password}
						onInput={(event) => setPassword(event.currentTarget.value)}
					/>
				</label>
				<Button submit kind="main" disabled={busy || !email || !password}>
					{busy ? t("Signing in…") : t("Sign in")}
				</Button>
			</form>
		</Sheet>
	);
}
