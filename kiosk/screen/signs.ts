// What the kiosk's watch over itself has to say (kiosk/watch.h): in the corner one calm sign, for
// the staff with what to do.
import { key } from "@web/i18n";
import type { Sign } from "./state";
import { type Key, t } from "./text";

interface Words {
	/** For the corner: short. */
	text: Key;
	advice: Key;
	/** Its number in words, where that helps. */
	number?: (value: number) => string;
}

const words: Record<string, Words> = {
	reader: {
		text: key("Reader not answering"),
		advice: key("Is its cable in? Unplug it, count to three, plug it in again"),
	},
	disk: {
		text: key("Card nearly full"),
		advice: key("Sync, so that what the server has backed up makes room here. Taps still count"),
		number: (n) => t("{n} MB free", { n }),
	},
	power: {
		text: key("Too little power"),
		advice: key("Use the power supply of this board and a short cable, and unplug what is not needed"),
	},
	heat: {
		text: key("Too warm"),
		advice: key("Take it out of the sun and give it air. It works on, more slowly"),
		number: (n) => `${Math.round(n / 1000)} °C`,
	},
	camera: {
		text: key("Camera not answering"),
		advice: key("Is its cable in? Badges still work without it"),
	},
	clock: {
		text: key("Clock is not right"),
		advice: key("It sets itself once there is a network. The server puts the times of taps right"),
		number: (n) => t("{n} s off", { n }),
	},
	service: {
		text: key("Out of service"),
		advice: key("Staff took it out of service, and can put it back here"),
	},
};

const other: Words = { text: key("Needs a look"), advice: key("Please tell the organizer") };

export const signWords = (sign: Sign): string => t((words[sign.sign] ?? other).text);

export const signAdvice = (sign: Sign): string => t((words[sign.sign] ?? other).advice);

export const signNumber = (sign: Sign): string | undefined =>
	sign.value === undefined ? undefined : words[sign.sign]?.number?.(sign.value);
