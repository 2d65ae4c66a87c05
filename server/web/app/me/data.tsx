// One's own data: all of it as a file, and an end to all of it.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { Button, Dialog, Icon, useTask } from "../../parts";
import { t, tx } from "../../text";
import { signOut } from "../data/model";
import type { Model } from "../data/types";
import { Panel } from "../ui/ui";
import { NeedsNet } from "./account";

function Delete({ model, onClose }: { model: Model; onClose: () => void }): VNode {
	const [name, setName] = useState("");
	const { busy, error, run } = useTask();
	const same = name.trim().normalize("NFC") === model.me.name.trim().normalize("NFC");
	const go = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			await post("/v1/me/delete", { confirm: model.me.name });
			// the session is over there; what this phone keeps goes too
			await signOut("lose").catch(() => undefined);
			location.assign("/");
		});
	};
	return (
		<Dialog title={t("Delete everything about me")} onClose={onClose}>
			<form class="form" onSubmit={go}>
				<p>{t("Your notes, promises, contacts and card are erased and every device is signed out. People you met keep what they saved. This cannot be undone.")}</p>
				<NeedsNet model={model} error={error} />
				<label class="label">
					{tx("Type your name to confirm: {name}", { name: model.me.name })}
					<input class="input" value={name} autocomplete="off" onInput={(event) => setName(event.currentTarget.value)} />
				</label>
				<Button submit kind="danger" disabled={!same || busy}>
					{t("Delete everything")}
				</Button>
			</form>
		</Dialog>
	);
}

export function MyData({ model }: { model: Model }): VNode {
	const [asking, setAsking] = useState(false);
	return (
		<Panel title={t("My data")}>
			<div class="stack">
				<a class="button button-plain" href="/v1/me/export" download="kith.json">
					<Icon name="download" />
					{t("Download everything about me")}
				</a>
				<Button kind="danger" icon="drop" onClick={() => setAsking(true)}>
					{t("Delete everything about me")}
				</Button>
			</div>
			{asking && <Delete model={model} onClose={() => setAsking(false)} />}
		</Panel>
	);
}
