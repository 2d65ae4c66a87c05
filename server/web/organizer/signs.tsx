// What a station says of itself (kiosk/watch.h), with since when; what is over stays for a while.
import type { VNode } from "preact";
import { clockWords, dateShort, isoDate } from "@web/dates";
import { key } from "@web/i18n";
import { type Key, language, t } from "../text";
import type { Station, StationSign } from "./types";

const words: Record<string, Key> = {
	reader: key("Reader gone"),
	disk: key("Disk nearly full"),
	power: key("Too little power"),
	heat: key("Too warm"),
	camera: key("Camera gone"),
	clock: key("Clock is wrong"),
	service: key("Out of service"),
};

const numbers: Record<string, (value: number) => string> = {
	disk: (n) => t("{n} MB free", { n }),
	heat: (n) => `${Math.round(n / 1000)} °C`,
	clock: (n) => t("{n} s off", { n }),
};

const shownMs = 12 * 3_600_000;

/** "09:41", with the day where it is another one. */
function at(ms: number, now: number): string {
	const day = isoDate(new Date(ms));
	const time = clockWords(new Date(ms), language());
	return day === isoDate(new Date(now)) ? time : `${dateShort(day, language())} ${time}`;
}

function signWords(sign: StationSign, now: number): string {
	const what = words[sign.sign] ? t(words[sign.sign]!) : sign.sign;
	if (sign.until_ms !== undefined)
		return t("{what}, {from} to {until}", { what, from: at(sign.since_ms, now), until: at(sign.until_ms, now) });
	const number = sign.value === undefined ? undefined : numbers[sign.sign]?.(sign.value);
	return t("{what} since {time}", { what: number ? `${what} (${number})` : what, time: at(sign.since_ms, now) });
}

export const hasSign = (station: Station): boolean =>
	(station.signs ?? []).some((sign) => sign.until_ms === undefined);

export function Signs({ station, now }: { station: Station; now: number }): VNode | null {
	const list = (station.signs ?? []).filter((sign) => sign.until_ms === undefined || now - sign.until_ms < shownMs);
	if (list.length === 0) return null;
	return (
		<ul class="signs">
			{list.map((sign) => (
				<li key={sign.sign} class={sign.until_ms === undefined ? "sign" : "sign sign-over"}>
					<bdi>{signWords(sign, now)}</bdi>
				</li>
			))}
		</ul>
	);
}
