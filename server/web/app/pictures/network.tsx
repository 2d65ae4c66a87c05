// The network as rings by closeness and sectors by field, role or organization: dots, no hairball.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { today } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, t } from "../../text";
import type { Model } from "../data/types";
import { link } from "../route";
import { listWords, nameOf } from "../ui/words";
import { type By, type Network, type Sector, network } from "./diverse";
import { Twin } from "./table";

const bys: { by: By; title: Key }[] = [
	{ by: "field", title: key("Field") },
	{ by: "role", title: key("Role") },
	{ by: "organization", title: key("Organization") },
];
const ringNames: Key[] = [key("Near"), key("In touch"), key("Long ago")];

const middle = 150;
const radii = [52, 96, 138];
const sectorsDrawn = 7;
const gapAngle = 0.06;

const at = (radius: number, angle: number): { cx: number; cy: number } => ({
	cx: middle + radius * Math.sin(angle),
	cy: middle - radius * Math.cos(angle),
});

/** Small groups together, so that the picture stays a picture. */
function drawn(sectors: Sector[]): Sector[] {
	if (sectors.length <= sectorsDrawn) return sectors;
	const rest = sectors.slice(sectorsDrawn - 1);
	return [...sectors.slice(0, sectorsDrawn - 1), { name: "…", people: rest.flatMap((sector) => sector.people) }];
}

const nameOfSector = (sector: Sector): string => (sector.name === "…" ? t("All others") : sector.name || t("Not known yet"));

/** Dots of one ring in one sector: side by side along the arc, further ones on arcs beside it. */
function dots(n: number, ring: number, from: number, to: number): { cx: number; cy: number }[] {
	const radius = radii[ring]! - 16;
	const size = 13;
	const perArc = Math.max(1, Math.floor(((to - from - gapAngle) * radius) / size));
	return Array.from({ length: Math.min(n, perArc * 3) }, (_, i) => {
		const arc = Math.floor(i / perArc);
		const inArc = Math.min(perArc, n - arc * perArc);
		const angle = from + ((to - from) * ((i % perArc) + 0.5)) / inArc;
		return at(radius + (arc === 0 ? 0 : arc === 1 ? -size : size), angle);
	});
}

function Rings({ sectors, label }: { sectors: Sector[]; label: string }): VNode {
	const all = sectors.reduce((sum, sector) => sum + sector.people.length, 0);
	let from = 0;
	return (
		<svg class="rings" viewBox="0 0 300 300" role="img" aria-label={label}>
			{[...radii].reverse().map((radius) => (
				<circle key={radius} class="ring-line" cx={middle} cy={middle} r={radius} />
			))}
			<circle class="ring-me" cx={middle} cy={middle} r="9" />
			{sectors.map((sector, i) => {
				const start = from;
				const to = start + (2 * Math.PI * sector.people.length) / all;
				from = to;
				const edge = at(radii[2]!, start);
				const inner = at(14, start);
				const number = at(radii[2]! - 2, (start + to) / 2);
				return (
					<g key={sector.name}>
						{sectors.length > 1 && <line class="ring-line" x1={inner.cx} y1={inner.cy} x2={edge.cx} y2={edge.cy} />}
						{[0, 1, 2].flatMap((ring) =>
							dots(sector.people.filter((one) => one.ring === ring).length, ring, start, to).map((dot, j) => (
								<circle key={`${ring}-${j}`} class={`dot dot-${ring}`} {...dot} r="5" />
							)),
						)}
						<circle class="ring-number" cx={number.cx} cy={number.cy} r="9" />
						<text class="ring-text" x={number.cx} y={number.cy + 4}>
							{i + 1}
						</text>
					</g>
				);
			})}
		</svg>
	);
}

function scoreWords({ score, sectors }: Network): string {
	const known = sectors.filter((sector) => sector.name).length;
	if (score === undefined) return t("Once two people have a known group, this shows how evenly you spread.");
	return `${t("Evenness {score} of 100 over {n} groups: 100 would be equally many people in each, 0 all in one.", { score, n: known })}`;
}

/** Whom to look for: what this event is about and nobody in the list has spoken of. */
function missing(model: Model): string[] {
	const known = new Set(model.people.flatMap((person) => person.notes.flatMap((note) => note.topics)));
	return model.event.topics.filter((topic) => !known.has(topic));
}

export function NetworkPicture({ model }: { model: Model }): VNode {
	const [by, setBy] = useState<By>("field");
	const net = network(model.people, by, today());
	const groups = drawn(net.sectors);
	const gaps = missing(model);
	const words = scoreWords(net);
	return (
		<figure class="picture">
			<fieldset class="chips">
				<legend class="hidden-text">{t("Group by")}</legend>
				{bys.map((one) => (
					<label key={one.by} class="chip">
						<input type="radio" name="by" checked={by === one.by} onChange={() => setBy(one.by)} />
						<span>{t(one.title)}</span>
					</label>
				))}
			</fieldset>
			<p>{words}</p>
			<Rings sectors={groups} label={words} />
			<p class="hint center">{t("From the middle: near, in touch, long ago.")}</p>
			<ol class="legend">
				{groups.map((sector) => (
					<li key={sector.name}>
						<bdi>{nameOfSector(sector)}</bdi>
						<span class="hint">{sector.people.length}</span>
					</li>
				))}
			</ol>
			{by === "field" && gaps.length > 0 && <p class="gentle">{t("Nobody yet spoke with you about: {list}", { list: listWords(gaps) })}</p>}
			<Twin
				caption={t("My network")}
				head={[t("Group"), ...ringNames.map((name) => t(name)), t("Who")]}
				rows={net.sectors.map((sector) => [
					<bdi>{nameOfSector(sector)}</bdi>,
					...[0, 1, 2].map((ring) => sector.people.filter((one) => one.ring === ring).length),
					<ul>
						{sector.people.map(({ person }) => (
							<li key={person.key}>
								<a href={link("people", person.key)}>
									<bdi>{nameOf(person)}</bdi>
								</a>
							</li>
						))}
					</ul>,
				])}
			/>
		</figure>
	);
}
