// A lead that is for nobody yet: whom would it interest? Those who spoke of its words come first.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon } from "../../parts";
import { t, tx } from "../../text";
import type { Item, Model, Person } from "../data/types";
import { addFavour } from "../ui/acts";
import { Pick, plain } from "../ui/pick";
import { act } from "../ui/undo";
import { letter, listWords, mailTo, nameOf } from "../ui/words";

/** The words of a lead that a person cares about, as they themselves or one's notes say it. */
export function shared(person: Person, topics: string[]): string[] {
	const theirs = plain(
		[...person.cares, ...person.working, person.title, person.organization, ...person.notes.flatMap((note) => [...note.topics, note.text])].join("\n"),
	);
	return topics.filter((topic) => theirs.includes(plain(topic)));
}

export const interested = (people: Person[], topics: string[]): Person[] =>
	people
		.map((person) => ({ person, n: shared(person, topics).length }))
		.filter((one) => one.n > 0)
		.sort((a, b) => b.n - a.n)
		.map((one) => one.person);

export const interestWords = (topics: string[]) => (person: Person): string => {
	const words = shared(person, topics);
	return words.length > 0 ? t("Cares about: {text}", { text: listWords(words) }) : "";
};

interface LeadProps {
	model: Model;
	item: Item;
	onClose: () => void;
}

export function LeadFor({ model, item, onClose }: LeadProps): VNode {
	const [person, setPerson] = useState<Person>();
	const topics = item.topics ?? [];
	if (!person)
		return (
			<Pick
				title={t("Whom would it interest?")}
				people={model.people}
				suggested={item.person ? [item.person, ...item.also] : item.also.length > 0 ? item.also : interested(model.people, topics)}
				why={interestWords(topics)}
				onPick={setPerson}
				onClose={onClose}
			/>
		);
	const body = letter(nameOf(person), `${t("this made me think of you:")}\n${item.text ?? ""}`);
	const sent = (): void => {
		void act(tx("Shared with {name}", { name: nameOf(person) }), () => addFavour(model, person, "given", item.text ?? "", item.source));
		onClose();
	};
	return (
		<Dialog title={tx("Send it to {name}", { name: nameOf(person) })} onClose={onClose}>
			<p class="card-text">
				<bdi>{item.text}</bdi>
			</p>
			<a class="button button-main" href={mailTo(person, t("For you"), body)} onClick={() => setTimeout(sent)}>
				<Icon name="mail" />
				{t("Draft mail")}
			</a>
			<Button onClick={sent}>{t("I told them already")}</Button>
		</Dialog>
	);
}
