// /b#ID: what a stranger's phone opens from a badge. It says what this is, and nothing about the
// person: the id stays in the fragment and is not sent anywhere.
import "./page.css";
import { render } from "preact";
import { Icon, Sheet } from "./parts";
import { Spoken } from "./spoken";
import { t } from "./text";

const Badge = () => (
	<Sheet title={t("This is somebody's event badge")}>
		<p>{t("It stands for a person at an event. It tells nothing about that person here.")}</p>
		<ul class="points">
			<li>
				<Icon name="station" />
				{t("To exchange contacts, both tap their badges at a station.")}
			</li>
			<li>
				<Icon name="person" />
				{t("What somebody shares is their own choice, and they can take it back.")}
			</li>
			<li>
				<Icon name="ticket" />
				{t("Found this badge? Please take it to the event's desk.")}
			</li>
		</ul>
		<a class="button button-main" href="/">
			{t("Open my own list")}
		</a>
	</Sheet>
);

const root = document.getElementById("app");
if (root) render(<Spoken>{() => <Badge />}</Spoken>, root);
