// What a kiosk runs, and what became of the last release that it was offered.
import type { VNode } from "preact";
import { key } from "@web/i18n";
import { type Key, t } from "../text";
import type { Station } from "./types";

const states: Record<string, Key> = {
	fetching: key("Fetches {version}"),
	ready: key("Waits to install {version}"),
	installing: key("Installs {version}"),
	installed: key("Updated to {version}"),
	refused: key("Refused the update {version}"),
	"rolled-back": key("Went back from {version}"),
	stuck: key("Stuck in the update {version}"),
};

const reasons: Record<string, Key> = {
	signature: key("signed by a key that it does not know"),
	damaged: key("damaged"),
	older: key("not newer than what it has"),
	architecture: key("for another machine"),
	from: key("too far ahead of what it has"),
	bad: key("failed here before"),
	space: key("no room on its disk"),
	install: key("could not be installed"),
	unhealthy: key("was not well afterwards"),
	power: key("interrupted too often"),
};

const quiet = ["fetching", "ready", "installing", "installed"];

export const updateFailed = (station: Station): boolean =>
	station.update !== undefined && !quiet.includes(station.update.state);

export function Program({ station }: { station: Station }): VNode | null {
	if (!station.version) return null;
	const { update } = station;
	const state = update && states[update.state];
	const reason = update && reasons[update.reason];
	return (
		<div class="program">
			<bdi>{t("Version {version}", { version: station.version })}</bdi>
			{state && !(update.state === "installed" && update.version === station.version) && (
				<span class={updateFailed(station) ? "failed" : ""}>
					{t(state, { version: update.version })}
					{reason && `: ${t(reason)}`}
				</span>
			)}
		</div>
	);
}
