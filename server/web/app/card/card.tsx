// The Card tab: one's own card as a QR code that any phone reads, with what it shows per situation.
import type { VNode } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import { qrPath } from "@web/qr";
import { vcard } from "@web/vcard";
import { Button, Icon } from "../../parts";
import { t, tx } from "../../text";
import { setSetting } from "../data/model";
import type { Model } from "../data/types";
import { CardEdit, OwnDetails } from "./edit";
import { currentSituation, fieldWords, situationWords, situationsOf, valueOf } from "./fields";

/** The display stays on while the code is held out. */
function useWakeLock(): void {
	useEffect(() => {
		let lock: WakeLockSentinel | undefined;
		let over = false;
		const ask = async (): Promise<void> => {
			if (document.hidden || !navigator.wakeLock) return;
			try {
				const got = await navigator.wakeLock.request("screen");
				if (over) void got.release();
				else lock = got;
			} catch {
				// low battery: the phone decides
			}
		};
		const visible = (): void => void ask();
		void ask();
		document.addEventListener("visibilitychange", visible);
		return () => {
			over = true;
			document.removeEventListener("visibilitychange", visible);
			void lock?.release();
		};
	}, []);
}

/** vCard 3.0 and one line more, by which Kith knows whose card it reads. */
function cardText(model: Model): string {
	const { card, event } = model;
	const { shows } = currentSituation(model);
	const has = (field: (typeof shows)[number]): string => (shows.includes(field) ? valueOf(card, field) : "");
	const list = (value: string): string[] => (value ? [value] : []);
	return vcard({
		name: card.name,
		organization: has("organization"),
		title: has("title"),
		emails: list(has("email")),
		phones: list(has("phone")),
		urls: list(has("url")),
		kith: `https://${event.host}/b#${card.badge}`,
	});
}

function Code({ text }: { text: string }): VNode {
	const { d, size } = useMemo(() => qrPath(text), [text]);
	return (
		<svg class="own-code" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t("QR code of your card")} shape-rendering="crispEdges">
			<rect width={size} height={size} fill="#fff" />
			<path d={d} fill="#000" />
		</svg>
	);
}

export function CardTab({ model }: { model: Model; route: string[] }): VNode {
	const [editing, setEditing] = useState<"card" | "details">();
	useWakeLock();
	const situation = currentSituation(model);
	const { card } = model;
	const shown = situation.shows.filter((field) => valueOf(card, field));
	const work = [situation.shows.includes("title") && card.title, situation.shows.includes("organization") && card.organization]
		.filter(Boolean)
		.join(" · ");

	return (
		<>
			<article class="own-card" aria-labelledby="own-name">
				<h1 id="own-name">
					<bdi>{card.name}</bdi>
				</h1>
				{work && (
					<p class="own-work">
						<bdi>{work}</bdi>
					</p>
				)}
				<Code text={cardText(model)} />
				<p class="own-short">
					<span class="hidden-text">{t("Short code")}: </span>
					<code>{card.short_code.replace(/^(.{5})/, "$1-")}</code>
				</p>
			</article>
			<fieldset class="situations">
				<legend>{t("What this code shows")}</legend>
				<div class="chips">
					{situationsOf(model).map((one) => (
						<label class="chip" key={one.name}>
							<input
								type="radio"
								name="situation"
								checked={one.name === situation.name}
								onChange={() => void setSetting("situation", one.name)}
							/>
							<bdi>{situationWords[one.name] ? t(situationWords[one.name]!) : one.name}</bdi>
						</label>
					))}
				</div>
				<p class="hint">{tx("It shows: {fields}", { fields: shown.map((field) => t(fieldWords[field])).join(", ") })}</p>
			</fieldset>
			<div class="row">
				<Button icon="edit" onClick={() => setEditing("card")}>
					{t("Change what it shows")}
				</Button>
				<Button icon="person" onClick={() => setEditing("details")}>
					{t("My details")}
				</Button>
			</div>
			<p class="own-hint">
				<Icon name="scan" />
				{t("Any phone's camera reads this code. Who scans it with Kith and you have met: both of you find it in your lists.")}
			</p>
			{editing === "card" && <CardEdit key={model.me.event} model={model} situation={situation} onClose={() => setEditing(undefined)} />}
			{editing === "details" && <OwnDetails key={model.me.event} model={model} onClose={() => setEditing(undefined)} />}
		</>
	);
}
