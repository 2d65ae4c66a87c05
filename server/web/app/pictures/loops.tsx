// A referral from its beginning to the thanks, as a chain of dots; who still waits for news.
import type { VNode } from "preact";
import { dateShort } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t, tx } from "../../text";
import type { Loop } from "../data/types";
import { nameOf } from "../ui/words";
import { Twin } from "./table";

type Step = "asked" | "acted" | "reported" | "thanked";
const steps: { step: Step; title: Key }[] = [
	{ step: "asked", title: key("Referred") },
	{ step: "acted", title: key("Acted") },
	{ step: "reported", title: key("Told them") },
	{ step: "thanked", title: key("Thanked") },
];

const gap = 80;

function loopWords(loop: Loop): string {
	const name = nameOf(loop.person);
	if (!loop.acted) return t("{name} waits to hear whether you will act.", { name });
	if (!loop.reported) return t("{name} waits for news.", { name });
	return t("A thank-you is left to say.");
}

function Chain({ loop }: { loop: Loop }): VNode {
	return (
		<li class="loop">
			<p>
				<strong>
					<bdi>{nameOf(loop.person)}</bdi>
				</strong>
				{loop.about && <span class="hint"> {tx("about {name}", { name: nameOf(loop.about) })}</span>}
			</p>
			<svg class="chain" viewBox={`0 0 ${gap * (steps.length - 1) + 20} 20`} role="img" aria-label={loopWords(loop)}>
				{steps.slice(1).map((one, i) => (
					<line key={one.step} class={loop[one.step] ? "chain-done" : "chain-open"} x1={10 + i * gap} y1="10" x2={10 + (i + 1) * gap} y2="10" />
				))}
				{steps.map((one, i) => (
					<circle key={one.step} class={loop[one.step] ? "dot-done" : "dot-open"} cx={10 + i * gap} cy="10" r="7" />
				))}
			</svg>
			<p class="chain-words" aria-hidden="true">
				{steps.map((one) => (
					<span key={one.step}>{t(one.title)}</span>
				))}
			</p>
			<p class="hint">{loopWords(loop)}</p>
		</li>
	);
}

export function Loops({ loops }: { loops: Loop[] }): VNode {
	const open = loops.filter((loop) => loop.open);
	const day = (date: string | undefined): string => (date ? dateShort(date, language()) : "–");
	return (
		<figure class="picture">
			<p>
				{loops.length === 0
					? t("When somebody refers you, it shows here until all are thanked.")
					: open.length === 0
						? t("No loop is open: everybody has heard from you.")
						: t("{n} loops are open", { n: open.length })}
			</p>
			<ul class="loops">
				{open.map((loop, i) => (
					<Chain key={`${loop.of}-${i}`} loop={loop} />
				))}
			</ul>
			{loops.length > 0 && (
				<Twin
					caption={t("Referrals")}
					head={[t("Who"), ...steps.map((one) => t(one.title))]}
					rows={loops.map((loop) => [<bdi>{nameOf(loop.person)}</bdi>, ...steps.map((one) => day(loop[one.step]))])}
				/>
			)}
		</figure>
	);
}
