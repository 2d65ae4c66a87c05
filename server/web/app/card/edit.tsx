// What one's own code shows in a situation, and what is true of oneself in the first place.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Problem, useTask } from "../../parts";
import { t, tx } from "../../text";
import { setSetting } from "../data/model";
import type { Model } from "../data/types";
import { type Field, type Situation, fieldWords, fields, settingOf, situationWords, situationsOf, valueOf } from "./fields";

interface CardEditProps {
	model: Model;
	situation: Situation;
	onClose: () => void;
}

export function CardEdit({ model, situation, onClose }: CardEditProps): VNode {
	const [shows, setShows] = useState<Field[]>(situation.shows);
	const [added, setAdded] = useState("");
	const { busy, error, run } = useTask();
	const name = added.trim().slice(0, 40).replace(/\//g, " ");
	const title = situationWords[situation.name] ? t(situationWords[situation.name]!) : situation.name;
	const save = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			const value = fields.filter((field) => shows.includes(field)).join(",");
			await setSetting(settingOf(name || situation.name), value);
			if (name) await setSetting("situation", name);
			onClose();
		});
	};
	return (
		<Dialog title={tx("What “{name}” shows", { name: title })} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<Problem error={error} />
				<div class="checks">
					{fields.map((field) => (
						<label class="check" key={field}>
							<input
								type="checkbox"
								checked={shows.includes(field)}
								disabled={field === "name"}
								onChange={() =>
									setShows(shows.includes(field) ? shows.filter((one) => one !== field) : [...shows, field])
								}
							/>
							<span>
								{t(fieldWords[field])}
								<span class="hint">
									<bdi>{valueOf(model.card, field) || t("Nothing given")}</bdi>
								</span>
							</span>
						</label>
					))}
				</div>
				<label class="label">
					{t("Save as a new situation")}
					<input
						class="input"
						value={added}
						maxLength={40}
						onInput={(event) => setAdded(event.currentTarget.value)}
					/>
					<span class="hint">{t("Leave it empty to change this one.")}</span>
				</label>
				<p class="hint">{t("Who scans the code gets what it shows, and keeps it.")}</p>
				<Button submit kind="main" disabled={busy || situationsOf(model).some((one) => one.name === name)}>
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}

export function OwnDetails({ model, onClose }: { model: Model; onClose: () => void }): VNode {
	const [values, setValues] = useState(() => Object.fromEntries(fields.map((field) => [field, valueOf(model.card, field)])));
	const { busy, error, run } = useTask();
	const keyboards: Partial<Record<Field, "email" | "tel" | "url">> = { email: "email", phone: "tel", url: "url" };
	const completes: Record<Field, string> = {
		name: "name",
		organization: "organization",
		title: "organization-title",
		email: "email",
		phone: "tel",
		url: "url",
	};
	const save = (event: Event): void => {
		event.preventDefault();
		void run(async () => {
			for (const field of fields) {
				const value = (values[field] ?? "").trim();
				if (value !== valueOf(model.card, field)) await setSetting(`my/${field}`, value);
			}
			onClose();
		});
	};
	return (
		<Dialog title={t("My details")} onClose={onClose}>
			<form class="form" onSubmit={save}>
				<Problem error={error} />
				{fields.map((field) => (
					<label class="label" key={field}>
						{t(fieldWords[field])}
						<input
							class="input"
							inputMode={keyboards[field]}
							autocomplete={completes[field] as "name"}
							required={field === "name"}
							maxLength={200}
							value={values[field]}
							onInput={(event) => setValues({ ...values, [field]: event.currentTarget.value })}
						/>
					</label>
				))}
				<p class="hint">{t("They correct what the organizer entered for you. Others see only what you share.")}</p>
				<Button submit kind="main" disabled={busy || !values["name"]?.trim()}>
					{t("Save")}
				</Button>
			</form>
		</Dialog>
	);
}
