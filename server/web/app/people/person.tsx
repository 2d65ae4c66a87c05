// One person: how you met and met again, what you know, what you owe each other, what they see.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { dateShort, isoDate } from "@web/dates";
import { key } from "@web/i18n";
import { vcard } from "@web/vcard";
import { Button, Face, Icon } from "../../parts";
import { type Key, language, t, tx } from "../../text";
import { retract, write } from "../data/model";
import type { FavourWay, Model, Note, Person } from "../data/types";
import { link } from "../route";
import { BalanceBar, balanceWords } from "../pictures/balance";
import { Rows } from "../queue/row";
import { buddiesOf, deleteNote, merge, setRhythm, share, unmerge } from "../ui/acts";
import { fileName, saveFile } from "../ui/file";
import { Pick } from "../ui/pick";
import { BackLink, Panel, Select, Switch, Topics } from "../ui/ui";
import { act } from "../ui/undo";
import { isOver, mailTo, metWords, nameOf, phoneLink, webLink, workOf } from "../ui/words";
import { NoteSheet, type Prompt } from "./note";
import { eventName } from "./people";
import { CongratulateSheet, FavourSheet, IntroduceSheet, LeadSheet, ReferralSheet, WithdrawSheet, ways } from "./sheets";
import { CoffeeSheet } from "../triage/coffee";

type Open =
	| { sheet: "note"; note?: Note; prompt?: Prompt }
	| { sheet: "favour"; way: FavourWay }
	| { sheet: "introduce" | "lead" | "referral" | "congratulate" | "coffee" | "withdraw" | "block" | "same" };

interface PartProps {
	model: Model;
	person: Person;
	open: (what: Open) => void;
}

const dayOfMs = (ms: number): string => dateShort(isoDate(new Date(ms)), language());

function exportCard(model: Model, person: Person): void {
	const note = [
		...person.ties.map((tie) => `${dayOfMs(tie.at_ms)}: ${eventName(model, tie.event)}`),
		...person.working.map((text) => t("Working on: {text}", { text })),
		...person.cares.map((text) => t("Cares about: {text}", { text })),
	].join("\n");
	saveFile(fileName(nameOf(person), "vcf"), new Blob([vcard({ ...person, note })], { type: "text/vcard" }));
}

function Head({ model, person }: PartProps): VNode {
	const [mail] = person.emails;
	const [phone] = person.phones;
	const web = person.urls.map(webLink).find(Boolean);
	return (
		<header class="person-head">
			<Face name={person.name} />
			<h1>
				<bdi>{nameOf(person)}</bdi>
			</h1>
			{workOf(person) && (
				<p class="hint">
					<bdi>{workOf(person)}</bdi>
				</p>
			)}
			{metWords(person) && <p class="hint">{metWords(person)}</p>}
			{person.claimed && <p class="hint">{t("From their own card, not checked by the event")}</p>}
			{person.withheld && <p class="hint">{t("They have not shared more than this.")}</p>}
			<div class="quick">
				{mail && (
					<a class="quick-act" href={mailTo(person, "", "")}>
						<Icon name="mail" />
						{t("Mail")}
					</a>
				)}
				{phone && (
					<a class="quick-act" href={phoneLink(phone)}>
						<Icon name="phone" />
						{t("Call")}
					</a>
				)}
				{web && (
					<a class="quick-act" href={web} rel="noopener noreferrer" target="_blank">
						<Icon name="web" />
						{t("Web")}
					</a>
				)}
				<button type="button" class="quick-act" onClick={() => exportCard(model, person)}>
					<Icon name="download" />
					{t("vCard")}
				</button>
			</div>
		</header>
	);
}

const Contact = ({ person }: { person: Person }): VNode => (
	<ul class="contact">
		{person.emails.map((email) => (
			<li key={email}>
				<Icon name="mail" />
				<bdi>{email}</bdi>
			</li>
		))}
		{person.phones.map((phone) => (
			<li key={phone}>
				<Icon name="phone" />
				<a href={phoneLink(phone)}>
					<bdi>{phone}</bdi>
				</a>
			</li>
		))}
		{person.urls.map((url) => (
			<li key={url}>
				<Icon name="web" />
				{webLink(url) ? (
					<a href={webLink(url)} rel="noopener noreferrer" target="_blank">
						<bdi>{url}</bdi>
					</a>
				) : (
					<bdi>{url}</bdi>
				)}
			</li>
		))}
	</ul>
);

function HowMet({ model, person }: PartProps): VNode {
	const introducer = person.introducedBy ? model.person(person.introducedBy) : undefined;
	const ties = [...person.ties].sort((a, b) => b.at_ms - a.at_ms);
	return (
		<Panel title={t("How you met")}>
			<ol class="timeline">
				{ties.map((tie, i) => (
					<li key={tie.entry}>
						<span>
							<bdi>{eventName(model, tie.event)}</bdi>
							<span class="hint">
								{dayOfMs(tie.at_ms)}
								{" · "}
								{tie.how === "contact" ? t("their card") : tie.byCode ? t("by code") : t("in person")}
								{i === 0 && !tie.sent && ` · ${t("saved on this phone")}`}
							</span>
						</span>
					</li>
				))}
			</ol>
			{introducer && (
				<p>
					<a href={link("people", introducer.key)}>{tx("Introduced by {name}", { name: nameOf(introducer) })}</a>
				</p>
			)}
			<Contact person={person} />
		</Panel>
	);
}

const prompts: { prompt: Prompt; title: Key; icon: string }[] = [
	{ prompt: "working", title: key("Working on"), icon: "work" },
	{ prompt: "cares", title: key("Cares about"), icon: "thanks" },
	{ prompt: "promise", title: key("I promised"), icon: "promise" },
];

function Knows({ model, person, open }: PartProps): VNode {
	const promised = person.items.filter((item) => item.kind === "promise" && !isOver(item)).map((item) => item.text ?? "");
	const answers: Record<string, string[]> = { working: person.working, cares: person.cares, promise: promised };
	const notes = [...person.notes].sort((a, b) => b.at_ms - a.at_ms);
	return (
		<Panel
			title={t("What you know")}
			aside={
				<Button small kind="quiet" icon="plus" onClick={() => open({ sheet: "note" })}>
					{t("Note")}
				</Button>
			}
		>
			<ul class="prompts">
				{prompts.map((one) => (
					<li key={one.prompt} class="prompt">
						<Icon name={one.icon} />
						<h3>{t(one.title)}</h3>
						<div class="prompt-said">
							{(answers[one.prompt] ?? []).filter(Boolean).map((text) => (
								<bdi key={text}>{text}</bdi>
							))}
						</div>
						<Button small kind="quiet" icon="plus" label={`${t("Add")}: ${t(one.title)}`} onClick={() => open({ sheet: "note", prompt: one.prompt })}>
							{""}
						</Button>
					</li>
				))}
			</ul>
			<Topics topics={[...new Set(notes.flatMap((note) => note.topics))]} />
			<ul class="notes">
				{notes
					.filter((note) => note.text)
					.map((note) => (
						<li key={note.entry} class="note">
							<p>
								<bdi>{note.text}</bdi>
							</p>
							<p class="note-foot">
								<span class="hint">
									{dateShort(note.at, language())}
									{!note.sent && ` · ${t("saved on this phone")}`}
								</span>
								<Button small kind="quiet" icon="edit" label={t("Edit note")} onClick={() => open({ sheet: "note", note })}>
									{""}
								</Button>
								<Button
									small
									kind="quiet"
									icon="drop"
									label={t("Delete note")}
									onClick={() => void act(t("The note is deleted"), () => deleteNote(model, person, note))}
								>
									{""}
								</Button>
							</p>
						</li>
					))}
			</ul>
		</Panel>
	);
}

const Owed = ({ title, none, children }: { title: string; none: string; children: ComponentChildren[] }): VNode => (
	<div class="owed">
		<h3>{title}</h3>
		{children.length > 0 ? <ul>{children}</ul> : <p class="hint">{none}</p>}
	</div>
);

/** Promises both ways: what was said and is not yet kept. */
function Promises({ model, person, open }: PartProps): VNode {
	const promised = person.items.filter((item) => item.kind === "promise");
	const favours = person.favours.filter((one) => !one.closed);
	const mine = favours.filter((one) => one.way === "offered");
	const theirs = favours.filter((one) => one.way === "asked");
	const items = promised.filter((item) => !isOver(item));
	return (
		<Panel title={t("Give and ask")}>
			<p>{balanceWords(person.balance)}</p>
			<BalanceBar balance={person.balance} twin={false} />
			{items.length > 0 && <Rows model={model} items={items} who={false} />}
			<div class="owed-both">
				<Owed title={t("You offered")} none={t("No open offer")}>
					{mine.map((one) => (
						<li key={one.entry}>
							<bdi>{one.text || t("Something")}</bdi> <span class="hint">{dayOfMs(one.at_ms)}</span>
						</li>
					))}
				</Owed>
				<Owed title={t("You asked for")} none={t("No open ask")}>
					{theirs.map((one) => (
						<li key={one.entry}>
							<bdi>{one.text || t("Something")}</bdi> <span class="hint">{dayOfMs(one.at_ms)}</span>
						</li>
					))}
				</Owed>
			</div>
			<div class="four">
				{ways.map((one) => (
					<Button key={one.way} small icon={one.icon} onClick={() => open({ sheet: "favour", way: one.way })}>
						{t(one.title)}
					</Button>
				))}
			</div>
		</Panel>
	);
}

const deeds: { sheet: "introduce" | "lead" | "referral" | "congratulate" | "coffee"; title: Key; icon: string }[] = [
	{ sheet: "introduce", title: key("Introduce to…"), icon: "introduce" },
	{ sheet: "lead", title: key("Share a lead"), icon: "share" },
	{ sheet: "congratulate", title: key("Congratulate"), icon: "congratulate" },
	{ sheet: "referral", title: key("They referred me"), icon: "referral" },
	{ sheet: "coffee", title: key("Plan a coffee"), icon: "face-time" },
];

const rhythms = ["30", "60", "90", "180", "365", "0"];

function rhythmWords(days: string): string {
	if (days === "0") return t("Never");
	return days === "365" ? t("Every year") : t("Every {n} days", { n: Number(days) });
}

function Touch({ person }: PartProps): VNode {
	const now = String(person.rhythm_days);
	const all = rhythms.includes(now) ? rhythms : [now, ...rhythms];
	return (
		<Panel title={t("Keep in touch")}>
			<Select
				label={t("How often?")}
				hint={
					person.lastFaceTime
						? t("Last in person: {date}", { date: dateShort(person.lastFaceTime, language()) })
						: t("Any contact starts it anew.")
				}
				value={now}
				options={all.map((value) => ({ value, title: rhythmWords(value) }))}
				onChange={(value) => void act(t("The rhythm is saved"), () => setRhythm(person, value))}
			/>
		</Panel>
	);
}

const fields: { field: string; title: Key }[] = [
	{ field: "title", title: key("My title") },
	{ field: "email", title: key("My e-mail") },
	{ field: "phone", title: key("My phone") },
	{ field: "url", title: key("My web address") },
];

function Sharing({ model, person }: PartProps): VNode {
	const consents = model.account?.consents;
	const everything = consents?.["card"] ?? false;
	const now = person.sharedWith ?? [];
	return (
		<Panel title={t("What they see of you")}>
			<p class="hint">
				{everything
					? t("You share the rest of your card with everybody you meet. Change that under Me.")
					: consents
						? t("Your name and organization came with the exchange itself.")
						: t("What you share at this event is not known here yet: that needs a connection.")}
			</p>
			{fields.map(({ field, title }) => (
				<Switch
					key={field}
					title={t(title)}
					on={everything || now.includes(field)}
					disabled={everything || !consents}
					onChange={(on) =>
						void act(t("Saved: {name}", { name: nameOf(person) }), () =>
							share(model, person, [...now.filter((one) => one !== field), ...(on ? [field] : [])]).then(() => undefined),
						)
					}
				/>
			))}
		</Panel>
	);
}

function Buddy({ model, person }: PartProps): VNode | null {
	const buddy = buddiesOf(model).find((one) => person.ids.includes(one.key));
	if (person.claimed || buddy?.mutual) return null;
	const waits = buddy !== undefined && !buddy.asked;
	return (
		<Button
			icon="buddy"
			disabled={waits}
			onClick={() =>
				void act(tx("{name} is asked to be your buddy", { name: nameOf(person) }), async () => {
					const entry = await write("buddy", { a: model.me.id, b: person.key });
					return () => retract(entry);
				})
			}
		>
			{waits ? t("Waits for their yes to be buddies") : t("Make us buddies")}
		</Button>
	);
}

function Leaving({ model, person, open }: PartProps): VNode {
	return (
		<Panel title={t("This contact")}>
			<div class="stack">
				<Buddy model={model} person={person} open={open} />
				<Button icon="merge" onClick={() => open({ sheet: "same" })}>
					{t("The same person as…")}
				</Button>
				{person.merges.length > 0 ? (
					<Button icon="undo" onClick={() => void act(t("They are two people again"), () => unmerge(person))}>
						{t("Part them again")}
					</Button>
				) : null}
				<Button icon="lock" onClick={() => open({ sheet: "withdraw" })}>
					{t("Withdraw")}
				</Button>
				{!person.claimed && (
					<Button icon="block" onClick={() => open({ sheet: "block" })}>
						{t("Block")}
					</Button>
				)}
			</div>
		</Panel>
	);
}

function Sheets({ model, person, now, onClose }: { model: Model; person: Person; now: Open; onClose: () => void }): VNode {
	const given = { model, person, onClose };
	switch (now.sheet) {
		case "note":
			return <NoteSheet {...given} note={now.note} prompt={now.prompt} />;
		case "favour":
			return <FavourSheet {...given} way={now.way} />;
		case "introduce":
			return <IntroduceSheet {...given} />;
		case "lead":
			return <LeadSheet {...given} />;
		case "referral":
			return <ReferralSheet {...given} />;
		case "congratulate":
			return <CongratulateSheet {...given} />;
		case "coffee":
			return <CoffeeSheet person={person} onClose={onClose} />;
		case "same":
			return (
				<Pick
					title={tx("Who else is {name}?", { name: nameOf(person) })}
					people={model.people.filter((one) => one !== person)}
					onClose={onClose}
					onPick={(other) => {
						onClose();
						void act(tx("Now one person: {name}", { name: nameOf(person) }), () => merge(model, [person, other]));
					}}
				/>
			);
		default:
			return <WithdrawSheet {...given} blocks={now.sheet === "block"} />;
	}
}

export function PersonPage({ model, person }: { model: Model; person: Person }): VNode {
	const [now, open] = useState<Open>();
	const part = { model, person, open };
	const next = person.items.filter((item) => !isOver(item) && item.kind !== "promise");
	return (
		<>
			<BackLink href={link("people")} title={t("People")} />
			<Head {...part} />
			{next.length > 0 && (
				<section class="group">
					<h2 class="group-title">{t("Next")}</h2>
					<Rows model={model} items={next} who={false} />
				</section>
			)}
			<Knows {...part} />
			<Promises {...part} />
			<section class="group">
				<h2 class="group-title">{t("Do something for them")}</h2>
				<ul class="rows">
					{deeds.map((one) => (
						<li key={one.sheet}>
							<button type="button" class="row-link" onClick={() => open({ sheet: one.sheet })}>
								<Icon name={one.icon} />
								<span class="row-words row-title">{t(one.title)}</span>
								<Icon name="chevron" />
							</button>
						</li>
					))}
				</ul>
			</section>
			<HowMet {...part} />
			<Touch {...part} />
			{!person.claimed && <Sharing {...part} />}
			<Leaving {...part} />
			{now && <Sheets model={model} person={person} now={now} onClose={() => open(undefined)} />}
		</>
	);
}
