// A time zone by two touches: its part of the world, then its city.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Touch } from "./parts";
import { t } from "./text";

interface ZonesProps {
	/** As it is set now; empty when that is not known. */
	now: string;
	onDone: (zone: string) => void;
	onBack: () => void;
}

const remote = /^(Antarctica|Arctic|Etc)\//;
// ES2022, which every browser of a kiosk has and the compiler's library here does not
const known = Intl as unknown as { supportedValuesOf(what: "timeZone"): string[] };
const all = (): string[] => known.supportedValuesOf("timeZone").filter((zone) => zone.includes("/") && !remote.test(zone));
const region = (zone: string): string => zone.slice(0, zone.indexOf("/"));
const city = (zone: string): string => zone.slice(zone.indexOf("/") + 1).replaceAll("_", " ").replaceAll("/", ", ");
const onPage = 8;

export function Zones({ now, onDone, onBack }: ZonesProps): VNode {
	const [part, setPart] = useState("");
	const [page, setPage] = useState(0);
	const zones = all();
	const cities = zones.filter((zone) => region(zone) === part);
	const pages = Math.ceil(cities.length / onPage);
	const here = now || Intl.DateTimeFormat().resolvedOptions().timeZone;

	return (
		<main class="setup">
			<h1>{t("Which time zone?")}</h1>
			<div class="setup-body">
				<div class="choices choices-four">
					{part === ""
						? [...new Set(zones.map(region))].map((name) => (
								<Touch
									key={name}
									label={<bdi>{name}</bdi>}
									onTouch={() => {
										setPart(name);
										setPage(0);
									}}
								/>
							))
						: cities
								.slice(page * onPage, (page + 1) * onPage)
								.map((zone) => <Touch key={zone} label={<bdi>{city(zone)}</bdi>} onTouch={() => onDone(zone)} />)}
				</div>
			</div>
			<div class="foot">
				<Touch kind="quiet" label={t("Back")} onTouch={() => (part === "" ? onBack() : setPart(""))} />
				{part !== "" && pages > 1 && (
					<Touch label={t("More ({page} of {pages})", { page: page + 1, pages })} onTouch={() => setPage((page + 1) % pages)} />
				)}
				{part === "" && here && <Touch kind="main" label={<bdi>{city(here) || here}</bdi>} onTouch={() => onDone(here)} />}
			</div>
		</main>
	);
}
