import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { postCsv } from "@web/api";
import { Button, Dialog, Problem, useTask } from "../parts";
import { t } from "../text";
import type { Preview } from "./types";

interface ImportProps {
	event: number;
	onClose: () => void;
	onDone: () => void;
}

const problemsShown = 100;

/** File, preview with every problem by its line, then all of it or nothing. */
export function Import(props: ImportProps): VNode {
	const [chosen, setChosen] = useState<{ file?: File; times: number }>({ times: 0 });

	return (
		<Dialog title={t("Import a list")} onClose={props.onClose} wide>
			<label class="label">
				{t("CSV file")}
				<input
					class="input input-file"
					type="file"
					accept=".csv,text/csv"
					onChange={({ currentTarget: { files } }) => setChosen(({ times }) => ({ file: files?.[0], times: times + 1 }))}
				/>
				<span class="hint">
					{t("First line: name, organization, title, email, phone, url, consent_card, consent_followups, consent_contact. Only name is needed.")}
				</span>
			</label>
			<Chosen key={chosen.times} file={chosen.file} {...props} />
		</Dialog>
	);
}

/** What one choice of a file comes to; the answer to a former one, however late, finds nobody here. */
function Chosen({ file, event, onClose, onDone }: ImportProps & { file: File | undefined }): VNode {
	const [preview, setPreview] = useState<Preview>();
	const { busy, error, run } = useTask();
	const path = `/v1/events/${event}/attendees`;

	useEffect(() => {
		if (file) void run(async () => setPreview(await postCsv<Preview>(`${path}?preview=1`, file)));
	}, []);
	const take = (): void => {
		if (!file) return;
		void run(async () => {
			await postCsv(path, file);
			onDone();
		});
	};
	const problems = preview?.problems ?? [];
	const ready = preview && problems.length === 0 && preview.rows > 0;

	return (
		<>
			<Problem error={error} />
			<div role="status">
				{busy && !preview && <p>{t("Reading…")}</p>}
				{preview && (
					<p class="sum">
						<strong>{t("{n} rows", { n: preview.rows })}</strong>
						{": "}
						{t("{n} new", { n: preview.new })}
						{", "}
						{t("{n} changed", { n: preview.changed })}
						{problems.length > 0 && (
							<>
								{", "}
								<strong>{t("{n} problems", { n: problems.length })}</strong>
							</>
						)}
					</p>
				)}
			</div>
			{problems.length > 0 && (
				<div class="problems">
					<p>{t("Nothing was imported. Correct these lines and choose the file again.")}</p>
					<div class="scroll scroll-low" role="region" aria-label={t("Problems")} tabIndex={0}>
						<table class="table">
							<thead>
								<tr>
									<th scope="col" class="number">
										{t("Line")}
									</th>
									<th scope="col">{t("Field")}</th>
									<th scope="col">{t("Problem")}</th>
								</tr>
							</thead>
							<tbody>
								{problems.slice(0, problemsShown).map((problem, i) => (
									<tr key={i}>
										<td class="number">{problem.line}</td>
										<td>
											<bdi>{problem.field}</bdi>
										</td>
										<td>
											<bdi>{problem.text}</bdi>
										</td>
									</tr>
								))}
							</tbody>
						</table>
					</div>
					{problems.length > problemsShown && (
						<p class="hint">{t("and {n} more", { n: problems.length - problemsShown })}</p>
					)}
				</div>
			)}
			{ready && (preview.sample ?? []).length > 0 && (
				<div class="scroll scroll-low" role="region" aria-label={t("The first rows")} tabIndex={0}>
					<table class="table">
						<thead>
							<tr>
								<th scope="col">{t("Name")}</th>
								<th scope="col">{t("Organization")}</th>
								<th scope="col">{t("Mail")}</th>
							</tr>
						</thead>
						<tbody>
							{(preview.sample ?? []).map((row, i) => (
								<tr key={i}>
									<td>
										<bdi>{row.name}</bdi>
									</td>
									<td>
										<bdi>{row.organization}</bdi>
									</td>
									<td>
										<bdi>{row.email}</bdi>
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			<div class="row">
				<Button kind="main" disabled={!ready || busy} onClick={take}>
					{preview && ready ? t("Import {n} rows", { n: preview.rows }) : t("Import")}
				</Button>
				<Button kind="quiet" onClick={onClose}>
					{t("Cancel")}
				</Button>
			</div>
		</>
	);
}
