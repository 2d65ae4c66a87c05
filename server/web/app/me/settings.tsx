// How the app behaves for its owner: what is shared, goals, rhythm, language, devices, one's data.
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Button } from "../../parts";
import { LanguageSwitch } from "../../language";
import { type Key, t } from "../../text";
import { setSetting } from "../data/model";
import type { Model, Purpose } from "../data/types";
import { link } from "../route";
import { standalone, useInstall } from "../shell/hint";
import { SignOut } from "../shell/signout";
import { consent } from "../ui/acts";
import { LinkRow, Panel, Select, Switch } from "../ui/ui";
import { act } from "../ui/undo";
import { Devices, Feed } from "./account";
import { MyData } from "./data";
import { Events } from "./events";

const purposes: { purpose: Purpose; title: Key; text: Key }[] = [
	{
		purpose: "card",
		title: key("Share the rest of my card"),
		text: key("People I meet also get my title, mail, phone and web address. Name and organization are shared by the exchange itself."),
	},
	{
		purpose: "followups",
		title: key("Organizer sees my follow-ups"),
		text: key("Whom I met, what kind of follow-up, when it is due and whether it is done. Never my notes."),
	},
	{
		purpose: "contact",
		title: key("Organizer may contact me"),
		text: key("My name and e-mail address appear in the organizer's lists."),
	},
	{
		purpose: "coming",
		title: key("People I know may see that I come"),
		text: key("Who met me at another event of mine finds me in their list before this one."),
	},
];

interface Said {
	given: boolean;
	/** What says so, once it is written. */
	entry?: string;
}

function Consents({ model }: { model: Model }): VNode {
	// what was touched here counts before the server has said so, unless it refuses it
	const [said, setSaid] = useState<Record<string, Said | undefined>>({});
	const { account, unsent } = model;
	const consents = account?.consents;
	useEffect(() => {
		const sent = !unsent.some((one) => one.kind === "consent" && !one.refused);
		const refused = unsent.flatMap((one) => (one.refused ? one.entry : []));
		const isOver = (one: Said | undefined, now = false): boolean =>
			!one || refused.includes(one.entry ?? "") || (sent && one.given === now);
		if (consents)
			setSaid((had) => Object.fromEntries(Object.entries(had).filter(([purpose, one]) => !isOver(one, consents[purpose]))));
	}, [consents, unsent]);
	return (
		<Panel title={t("What I share")}>
			{!consents && <p class="hint">{t("What you share at this event is not known here yet: that needs a connection.")}</p>}
			{purposes.map(({ purpose, title, text }) => (
				<Switch
					key={purpose}
					title={t(title)}
					text={t(text)}
					on={said[purpose]?.given ?? consents?.[purpose] ?? false}
					disabled={!consents}
					onChange={(given) => {
						const now: Said = { given };
						setSaid((had) => ({ ...had, [purpose]: now }));
						void act(t("Saved"), async () => {
							now.entry = await consent(model, purpose, given);
						}).then((ok) => {
							if (!ok) setSaid((had) => ({ ...had, [purpose]: undefined }));
						});
					}}
				/>
			))}
		</Panel>
	);
}

const numbers = (from: number, to: number): { value: string; title: string }[] =>
	Array.from({ length: to - from + 1 }, (_, i) => ({ value: String(from + i), title: String(from + i) }));

function Habits({ model }: { model: Model }): VNode {
	const { people, leads } = model.plan.goals;
	const set = (name: string) => (value: string) => void act(t("Saved"), () => setSetting(name, value));
	return (
		<Panel title={t("My habits")}>
			<p class="hint">{t("Small goals are kept. Only you see them, and your buddies see the counts.")}</p>
			<div class="two">
				<Select label={t("New people a week")} value={String(people.goal)} options={numbers(0, 10)} onChange={set("goal/people")} />
				<Select label={t("Leads shared a week")} value={String(leads.goal)} options={numbers(0, 10)} onChange={set("goal/leads")} />
			</div>
			<Select
				label={t("Get back in touch after")}
				hint={t("For everybody without a rhythm of their own.")}
				value={model.settings["rhythm"] ?? "90"}
				options={["30", "60", "90", "180", "365"].map((value) => ({ value, title: t("{n} days", { n: Number(value) }) }))}
				onChange={set("rhythm")}
			/>
		</Panel>
	);
}

/** Only once something is worth keeping, and never over the work. */
function Install({ model }: { model: Model }): VNode | null {
	const install = useInstall();
	if (model.people.length === 0 || standalone()) return null;
	return (
		<Panel title={t("On your home screen")}>
			{install ? (
				<Button icon="plus" onClick={() => void install()}>
					{t("Install Kith")}
				</Button>
			) : (
				<p class="hint">{t("Open your browser's menu and choose “Add to Home Screen”. Then Kith starts like any app, and works offline.")}</p>
			)}
		</Panel>
	);
}

export function Settings({ model }: { model: Model }): VNode {
	return (
		<>
			<Events model={model} />
			<Consents key={model.me.event} model={model} />
			<ul class="rows">
				<li>
					<LinkRow href={link("card")} icon="card" title={t("My card and its situations")} text={t("What your code shows, and when")} />
				</li>
			</ul>
			<Habits model={model} />
			<Panel title={t("Language")}>
				<LanguageSwitch onChange={(lang) => void act(t("Saved"), () => setSetting("lang", lang))} />
			</Panel>
			<Feed model={model} />
			<Devices model={model} />
			<Install model={model} />
			<MyData model={model} />
			<SignOut model={model} />
		</>
	);
}
