// The week's small goals as plain bars, and the last weeks beside them.
import type { VNode } from "preact";
import { dateShort } from "@web/dates";
import { language, t } from "../../text";
import type { Goals } from "../data/types";
import { Twin } from "./table";

const Bar = ({ title, done, goal }: { title: string; done: number; goal: number }): VNode => (
	<li class="meter">
		<span class="meter-title">{title}</span>
		<span class="meter-number">{goal > 0 ? t("{done} of {goal}", { done, goal }) : done}</span>
		<progress max={Math.max(goal, done, 1)} value={done} aria-label={title} />
	</li>
);

/** What the week says, and nothing that scolds. */
export function goalWords({ people, leads, followed_up }: Goals): string {
	const open = Math.max(0, people.goal - people.done) + Math.max(0, leads.goal - leads.done);
	const said = t("{n} people followed up this week", { n: followed_up });
	return open === 0 ? `${said}. ${t("Both goals are reached.")}` : `${said}.`;
}

export function GoalBars({ goals }: { goals: Goals }): VNode {
	const weeks = goals.weeks;
	const most = Math.max(1, ...weeks.map((week) => week.followed_up));
	return (
		<figure class="picture">
			<p>{goalWords(goals)}</p>
			<ul class="meters">
				<Bar title={t("New people")} {...goals.people} />
				<Bar title={t("Leads shared")} {...goals.leads} />
				<Bar title={t("People followed up")} done={goals.followed_up} goal={0} />
			</ul>
			{weeks.length > 1 && (
				<>
					<svg
						class="weeks"
						viewBox={`0 0 ${weeks.length * 12} 44`}
						role="img"
						aria-label={t("People followed up in each of the last {n} weeks", { n: weeks.length })}
					>
						{weeks.map((week, i) => {
							const high = Math.max(1, (40 * week.followed_up) / most);
							return (
								<rect
									key={week.from}
									class={i === weeks.length - 1 ? "week-now" : "week"}
									x={i * 12 + 2}
									y={42 - high}
									width="8"
									height={high}
									rx="1.5"
								/>
							);
						})}
					</svg>
					<Twin
						caption={t("Week by week")}
						head={[t("Week of"), t("New people"), t("Leads shared"), t("People followed up")]}
						rows={[...weeks].reverse().map((week) => [dateShort(week.from, language()), week.people, week.leads, week.followed_up])}
					/>
				</>
			)}
		</figure>
	);
}
