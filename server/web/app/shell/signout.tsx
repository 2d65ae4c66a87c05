// Leaving this phone: refused while something is unsent, with ways out.
import type { VNode } from "preact";
import type { Model } from "../data/types";
import { signOut } from "../data/model";
import { Button, Problem, useTask } from "../../parts";
import { t } from "../../text";

export function SignOut({ model }: { model: Model }): VNode {
	const { busy, error, run } = useTask();
	return (
		<>
			<Problem error={error} />
			<Button icon="leave" disabled={busy || model.unsent.length > 0} onClick={() => void run(() => signOut())}>
				{t("Sign out of this device")}
			</Button>
		</>
	);
}
