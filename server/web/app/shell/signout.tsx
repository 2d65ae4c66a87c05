// Leaving this phone: everything of the person is deleted from it. Refused while something is
// unsent, with three ways out.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Problem, useTask } from "../../parts";
import { t } from "../../text";
import { signOut, syncNow, unsentFile } from "../data/model";
import { type Model, UnsentError, countOf } from "../data/types";
import { saveFile } from "../ui/file";
import { Away } from "./away";

interface WaysProps {
	model: Model;
	count: number;
	onCount: (count: number) => void;
	onClose: () => void;
}

function Ways({ model, count, onCount, onClose }: WaysProps): VNode {
	const { busy, error, run } = useTask();
	const [typed, setTyped] = useState("");
	const [still, setStill] = useState(false);
	const word = t("lose");
	// what waits for its event to be joined again cannot be sent now
	const sendable = count > countOf(model.away);
	const again = (how?: "lose"): void => {
		setStill(false);
		void run(async () => {
			if (!how) await syncNow();
			try {
				await signOut(how);
			} catch (e) {
				if (!(e instanceof UnsentError)) throw e;
				onCount(e.count);
				setStill(true);
			}
		});
	};
	return (
		<Dialog title={t("{n} things are only on this phone", { n: count })} onClose={onClose}>
			<Problem error={error} />
			<p>{t("Signing out deletes everything of yours from this phone. What was not sent yet would be gone.")}</p>
			<Away model={model} />
			{still && sendable && (
				<p class="problem" role="alert">
					{t("They could not be sent. Find a network, or take them along as a file.")}
				</p>
			)}
			{sendable && (
				<Button kind="main" icon="keep-in-touch" disabled={busy} onClick={() => again()}>
					{t("Send them now, then sign out")}
				</Button>
			)}
			<Button
				icon="download"
				onClick={() => void run(async () => saveFile(`kith-unsent-${model.event.event}.json`, await unsentFile()))}
			>
				{t("Download them as a file")}
			</Button>
			<form
				class="form lose"
				onSubmit={(event) => {
					event.preventDefault();
					again("lose");
				}}
			>
				<label class="label">
					{t("To sign out and lose them, type “{word}”", { word })}
					<input
						class="input"
						value={typed}
						autocomplete="off"
						autocapitalize="none"
						onInput={(event) => setTyped(event.currentTarget.value)}
					/>
				</label>
				<Button submit kind="danger" disabled={busy || typed.trim().toLocaleLowerCase() !== word}>
					{t("Sign out and lose them")}
				</Button>
			</form>
		</Dialog>
	);
}

export function SignOut({ model }: { model: Model }): VNode {
	const [unsent, setUnsent] = useState(0);
	const { busy, error, run } = useTask();
	const leave = (): void =>
		void run(async () => {
			try {
				await signOut();
			} catch (e) {
				if (!(e instanceof UnsentError)) throw e;
				setUnsent(e.count);
			}
		});
	return (
		<>
			<Problem error={error} />
			<Button icon="leave" disabled={busy} onClick={leave}>
				{t("Sign out of this device")}
			</Button>
			<p class="hint">{t("Signing out deletes everything of yours from this phone. The server keeps it.")}</p>
			{unsent > 0 && <Ways model={model} count={unsent} onCount={setUnsent} onClose={() => setUnsent(0)} />}
		</>
	);
}
