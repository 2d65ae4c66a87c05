// Which fields of one's own card a code shows, by situation: the settings "card/SITUATION", and
// "situation" for the one in use. One's own corrections are the settings "my/FIELD".
import { key } from "@web/i18n";
import type { Key } from "../../text";
import type { Card, Model } from "../data/types";

export const fields = ["name", "organization", "title", "email", "phone", "url"] as const;
export type Field = (typeof fields)[number];

export const fieldWords: Record<Field, Key> = {
	name: key("Name"),
	organization: key("Organization"),
	title: key("Role"),
	email: key("E-mail"),
	phone: key("Phone"),
	url: key("Web address"),
};

export interface Situation {
	name: string;
	shows: Field[];
}

/** Those that everybody has; their names are words of the catalogue. */
export const situationWords: Record<string, Key> = {
	event: key("Event"),
	work: key("Work"),
	friends: key("Friends"),
};

const defaults: Record<string, Field[]> = {
	event: ["name", "organization", "title"],
	work: ["name", "organization", "title", "email", "phone", "url"],
	friends: ["name", "phone"],
};

const prefix = "card/";

const readFields = (value: string): Field[] => {
	const wanted = value.split(",").map((one) => one.trim());
	return fields.filter((field) => field === "name" || wanted.includes(field));
};

export function situationsOf(model: Model): Situation[] {
	const own = Object.keys(model.settings)
		.filter((name) => name.startsWith(prefix) && model.settings[name])
		.map((name) => name.slice(prefix.length));
	const names = [...Object.keys(defaults), ...own.filter((name) => !(name in defaults)).sort()];
	return names.map((name) => ({
		name,
		shows: model.settings[prefix + name] ? readFields(model.settings[prefix + name]!) : (defaults[name] ?? ["name"]),
	}));
}

export function currentSituation(model: Model): Situation {
	const all = situationsOf(model);
	return all.find((one) => one.name === model.settings["situation"]) ?? all[0]!;
}

export const settingOf = (situation: string): string => prefix + situation;

export function valueOf(card: Card, field: Field): string {
	switch (field) {
		case "email":
			return card.emails[0] ?? "";
		case "phone":
			return card.phones[0] ?? "";
		case "url":
			return card.urls[0] ?? "";
		default:
			return card[field];
	}
}
