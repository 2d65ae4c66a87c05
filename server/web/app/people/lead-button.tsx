// A link or a lead that is for nobody in particular yet: the queue then says whom it would interest.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button } from "../../parts";
import { t } from "../../text";
import type { Model } from "../data/types";
import { lazy } from "../ui/lazy";

const LeadSheet = lazy<{ model: Model; onClose: () => void }>(() => import("../parts").then((parts) => parts.LeadSheet));

export function LeadButton({ model }: { model: Model }): VNode {
	const [open, setOpen] = useState(false);
	return (
		<>
			<Button icon="share" onClick={() => setOpen(true)}>
				{t("A lead for somebody")}
			</Button>
			{open && <LeadSheet model={model} onClose={() => setOpen(false)} />}
		</>
	);
}
