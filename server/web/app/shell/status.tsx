// On every tab: whether the phone is in step with the server, and what is not there yet. Words,
// an icon and a number, never colour alone.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Icon } from "../../parts";
import { t } from "../../text";
import type { Model, Unsent } from "../data/types";
import { lazy } from "../ui/lazy";

const Details = lazy<{ model: Model; onClose: () => void }>(() => import("../parts").then((parts) => parts.UnsentDetails), true);

const lateMs = 5 * 60_000;

export const unsentOf = (model: Model): Unsent[] => model.unsent.filter((one) => !one.refused);

export function words(model: Model): string {
	const waiting = unsentOf(model).length + model.pending.filter((one) => !one.unknown).length;
	if (model.sync === "problem") return t("Sync problem");
	if (model.sync === "offline") return waiting ? t("Offline, {n} saved on this phone", { n: waiting }) : t("Offline");
	return waiting ? t("Online, sending {n}", { n: waiting }) : t("Online");
}

export function StatusStrip({ model }: { model: Model }): VNode {
	const [open, setOpen] = useState(false);
	const [, tick] = useState(0);
	useEffect(() => {
		const timer = setInterval(() => tick((n) => n + 1), 30_000);
		return () => clearInterval(timer);
	}, []);
	const late = model.sync !== "online" && Date.now() - model.lastSync_ms > lateMs;
	return (
		<header class={`strip strip-${model.sync} ${late ? "strip-late" : ""}`}>
			<span class="strip-event">
				<bdi>{model.event.name}</bdi>
			</span>
			<button type="button" class="strip-state" aria-haspopup="dialog" onClick={() => setOpen(true)}>
				<Icon name={model.sync === "online" ? "check" : model.sync === "offline" ? "offline" : "attention"} />
				<span role="status">{words(model)}</span>
				{model.sync === "problem" && <span class="strip-more">{t("Details")}</span>}
			</button>
			{open && <Details model={model} onClose={() => setOpen(false)} />}
		</header>
	);
}
