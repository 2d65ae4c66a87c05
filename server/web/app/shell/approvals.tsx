import type { VNode } from "preact";
import { post } from "@web/api";
import { Button, Problem, useTask } from "../../parts";
import { t } from "../../text";
import { reloadAccount } from "../data/model";
import type { Account } from "../data/types";

/** Another phone waits for a yes: shown above every tab, since it has 90 seconds. */
export function Approvals({ account }: { account: Account }): VNode | null {
	const { busy, error, run } = useTask();
	const answer = (pairing: string, approve: boolean): void =>
		void run(async () => {
			await post(`/v1/me/approvals/${encodeURIComponent(pairing)}`, { approve });
			await reloadAccount();
		});
	return (
		<section class="approvals" aria-live="assertive">
			<Problem error={error} />
			{account.approvals.map(({ pairing, digits }) => (
				<div class="approval" key={pairing}>
					<p class="approval-digits">{digits}</p>
					<div>
						<h2>{t("Is this you, with another phone?")}</h2>
						<p>{t("It must show the same number. If you did not ask for this, refuse.")}</p>
						<div class="row">
							<Button kind="main" disabled={busy} onClick={() => answer(pairing, true)}>
								{t("Yes, allow it")}
							</Button>
							<Button disabled={busy} onClick={() => answer(pairing, false)}>
								{t("Refuse")}
							</Button>
						</div>
					</div>
				</div>
			))}
		</section>
	);
}
