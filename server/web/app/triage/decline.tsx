// "I will not act on this": said kindly, instead of silence.
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Button, Dialog, Icon } from "../../parts";
import { t, tx } from "../../text";
import type { Item } from "../data/types";
import { letter, mailTo, whoWords } from "../ui/words";

export function Decline({ item, onClose, onDecline }: { item: Item; onClose: () => void; onDecline: () => void }): VNode {
	const [text, setText] = useState(
		item.decline?.body ??
			letter(whoWords(item), t("thank you for thinking of me. I will not take this one up, but I am glad that you asked.")),
	);
	return (
		<Dialog title={tx("A short word to {name}", { name: whoWords(item) })} onClose={onClose}>
			<label class="label">
				{t("Your reply")}
				<textarea class="input" rows={7} value={text} onInput={(event) => setText(event.currentTarget.value)} />
			</label>
			<a class="button button-main" href={mailTo(item.person, item.decline?.subject ?? t("Thank you for the idea"), text)} onClick={() => setTimeout(onDecline)}>
				<Icon name="mail" />
				{t("Open the mail and decline")}
			</a>
			<Button kind="quiet" onClick={onDecline}>
				{t("Decline without a mail")}
			</Button>
		</Dialog>
	);
}
