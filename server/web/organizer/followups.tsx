import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { get } from "@web/api";
import { Icon, Problem } from "../parts";
import { t } from "../text";
import type { FollowupList } from "./types";

/** The follow-up list: how much of it may leave, and why the rest stays. */
export function Followups({ event, fresh }: { event: number; fresh: string }): VNode {
	const [list, setList] = useState<FollowupList>();
	const [error, setError] = useState<unknown>();
	const path = `/v1/events/${event}/followups`;

	useEffect(() => {
		get<FollowupList>(`${path}.json`).then((l) => {
			setList(l);
			setError(undefined);
		}, setError);
	}, [path, fresh]);

	return (
		<section class="panel" aria-labelledby="followups">
			<h2 id="followups">{t("Follow-up list")}</h2>
			<Problem error={error} />
			{list && (
				<p>
					<strong>{t("{n} follow-ups in the list", { n: list.counts.rows })}</strong>
					{". "}
					{t("{n} stay out: their owners did not agree.", { n: list.counts.owners_without_consent })}{" "}
					{t("{n} people in it are not named.", { n: list.counts.others_without_consent })}
				</p>
			)}
			<p class="hint">{t("Only what attendees agreed to; never their notes. Who changes their mind is gone from the next download.")}</p>
			<div class="row">
				<a class="button button-plain" href={`${path}.csv`} download={`followups-${event}.csv`}>
					<Icon name="download" />
					{t("Download CSV")}
				</a>
				<a class="button button-plain" href={`${path}.json`} download={`followups-${event}.json`}>
					<Icon name="download" />
					{t("Download JSON")}
				</a>
			</div>
		</section>
	);
}
