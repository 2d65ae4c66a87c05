// On every tab: whether the phone is in step with the server, and what is not there yet.
import type { VNode } from "preact";
import { t } from "../../text";
import type { Model } from "../data/types";

export const StatusStrip = ({ model }: { model: Model }): VNode => (
	<p class="strip" role="status">
		{model.sync === "online" ? t("Online") : t("Offline")}
	</p>
);
