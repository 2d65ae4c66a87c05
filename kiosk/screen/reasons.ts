// Why something was refused (the reasons of kiosk/desk.h): what happened, and what to do. Orange
// asks for another try, vermilion says that this will not work here.
import { key } from "@web/i18n";
import type { Key } from "./text";

interface Refusal {
	text: Key;
	advice: Key;
	tone: "attention" | "stop";
}

const desk = key("Please go to the desk");
const again = key("Hold it still on the reader and try again");

const refusals: Record<string, Refusal> = {
	"unknown-badge": { text: key("This badge is not known here"), advice: desk, tone: "stop" },
	"unknown-key": { text: key("This badge's signature is not known here"), advice: desk, tone: "stop" },
	"rotated-out-key": { text: key("This badge is out of date"), advice: desk, tone: "stop" },
	"unknown-ticket": { text: key("This ticket is not known here"), advice: desk, tone: "stop" },
	"revoked": { text: key("This badge is no longer valid"), advice: desk, tone: "stop" },
	"foreign-event": { text: key("This badge is from another event"), advice: desk, tone: "stop" },
	"other-chip": { text: key("This badge was copied from another one"), advice: desk, tone: "stop" },
	"forged": { text: key("This badge is damaged or forged"), advice: desk, tone: "stop" },
	"newer-badge": {
		text: key("This badge is newer than this station"),
		advice: desk,
		tone: "stop",
	},
	"verify-later": {
		text: key("This badge can only be verified later"),
		advice: desk,
		tone: "attention",
	},
	"no-badge": {
		text: key("This chip is not a badge"),
		advice: key("Tap the badge of this event, or go to the desk"),
		tone: "attention",
	},
	"phone": {
		text: key("That was a phone"),
		advice: key("Hold your badge on the reader, not your phone"),
		tone: "attention",
	},
	"classic": {
		text: key("This kind of card is not a badge"),
		advice: key("Tap the badge of this event, or go to the desk"),
		tone: "attention",
	},
	"several": { text: key("Two badges at once"), advice: key("One at a time, please"), tone: "attention" },
	"torn": { text: key("That was too quick"), advice: again, tone: "attention" },
	"not-a-card": {
		text: key("That code is not a card"),
		advice: key("Show a badge, a ticket or a contact's QR code"),
		tone: "attention",
	},
	"pair-code": {
		text: key("That code is for phones"),
		advice: key("Scan it with your phone's camera"),
		tone: "attention",
	},
	"badge-code-first": {
		text: key("Tap your own badge first"),
		advice: key("A printed code only names the other person"),
		tone: "attention",
	},
	"badge-code-at-door": {
		text: key("Tap your badge on the reader"),
		advice: key("A photo of a badge cannot check anybody in. A ticket can"),
		tone: "attention",
	},
	"ticket-not-badge": {
		text: key("That is a ticket"),
		advice: key("Here we need the badge of the person you met"),
		tone: "attention",
	},
	"card-at-door": {
		text: key("This station only checks in"),
		advice: key("Exchange cards at a station inside"),
		tone: "attention",
	},
	"chip-wanted": {
		text: key("Tap your badge on the reader"),
		advice: key("This needs the badge itself, or your ticket code"),
		tone: "attention",
	},
	"badge-taken": { text: key("This badge belongs to somebody"), advice: key("Take a fresh badge"), tone: "stop" },
	"not-recorded": {
		text: key("That could not be saved"),
		advice: key("Please try again, or go to the desk"),
		tone: "stop",
	},
	"offline": {
		text: key("This needs the network"),
		advice: key("The station is offline. Please try again later"),
		tone: "attention",
	},
	"staff-badge": { text: key("A staff badge is needed"), advice: key("Tap your staff badge"), tone: "stop" },
	"out-of-service": {
		text: key("This station is out of service"),
		advice: key("Please use another one"),
		tone: "attention",
	},
	"shutting-down": {
		text: key("This station is shutting down"),
		advice: key("Please use another one"),
		tone: "attention",
	},
	"pin": { text: key("That PIN is not right"), advice: key("Check it and try again"), tone: "stop" },
};

const other: Refusal = {
	text: key("That did not work"),
	advice: key("Please try again, or go to the desk"),
	tone: "attention",
};

export const refusal = (reason: string): Refusal => refusals[reason] ?? other;

const closings: Record<string, Key> = {
	"no-reader": key("Its reader is not answering"),
	"disk-full": key("It has no room left to save"),
	"out-of-service": key("Staff closed it for now"),
	"shutting-down": key("It is shutting down. Leave it plugged in until the screen is dark"),
	"revoked-station": key("It was taken out of service"),
};

export const closing = (reason: string | undefined): Key | undefined => closings[reason ?? ""];

/** What a camera asks of whoever holds a card before it: the wish, and why. */
interface Ask {
	title: Key;
	how: Key;
}

const asks: Record<string, Ask> = {
	light: {
		title: key("More light, please"),
		how: key("There is a code, too dark to read. A phone's torch helps"),
	},
	closer: { title: key("A little closer, please"), how: key("There is a code, too small to read") },
	tilt: {
		title: key("Tilt it a little, please"),
		how: key("A lamp shines in the code. Turn it away a little"),
	},
	still: { title: key("Hold it still, please"), how: key("There is a code, too blurred to read") },
};

export const askFor = (hint: string | undefined): Ask | undefined => asks[hint ?? ""];
