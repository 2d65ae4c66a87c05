// Behind the status strip: what is saved here and not at the server, what the server refused, and why.
import type { ComponentChildren, VNode } from "preact";
import { ago } from "@web/dates";
import { key } from "@web/i18n";
import { Button, Dialog, useTask } from "../../parts";
import { type Key, language, t, tx } from "../../text";
import { dismiss, syncNow } from "../data/model";
import type { EntryKind, Model, Unsent } from "../data/types";
import { Away } from "./away";
import { unsentOf, words } from "./status";

const kinds: Record<EntryKind, Key> = {
	meeting: key("A meeting"),
	contact: key("A card"),
	note: key("A note"),
	followup: key("A follow-up"),
	"followup-state": key("A change in the queue"),
	favour: key("A favour"),
	introduce: key("An introduction"),
	consent: key("A consent"),
	share: key("What you share"),
	hide: key("A withdrawal"),
	merge: key("Two contacts made one"),
	buddy: key("A buddy"),
	setting: key("A setting"),
	retract: key("Something taken back"),
};

/** What the server says in one word, in a sentence. */
const refusals: Record<string, Key> = {
	"not-your-event": key("It was written for another event."),
	"not-your-own": key("It speaks for somebody else."),
	"not-for-this-station": key("A phone may not write this."),
	"malformed-payload": key("The server could not read it. Please tell the people who run the server."),
	"cannot-be-opened": key("The server could not open it."),
};

const problems: Record<string, Key> = {
	refused: key("The server holds something of yours without effect. See below why."),
	busy: key("The server is busy. The app tries again by itself."),
	internal: key("Something in the app went wrong. Reload it; nothing that is saved here is lost."),
	stuck: key("The server does not take what is saved here. Please tell the people who run it."),
	fork: key("The server has another history of this phone. The app tries again by itself."),
	malformed: key("The answer was not the server's. Perhaps this network wants you to sign in first."),
	forbidden: key("The server does not let this phone in. Sign in again."),
};

export function UnsentDetails({ model, onClose }: { model: Model; onClose: () => void }): VNode {
	const { busy, run } = useTask();
	const waiting = unsentOf(model);
	const refused = model.unsent.filter((one) => one.refused);
	const problem = model.problem && (problems[model.problem] ?? key("The server could not do that. Try again in a moment"));
	return (
		<Dialog title={words(model)} onClose={onClose}>
			{model.sync === "problem" && problem && <p class="problem">{t(problem)}</p>}
			<p>
				{model.lastSync_ms
					? t("Last in step with the server: {ago}", { ago: ago(Date.now() - model.lastSync_ms, language()) })
					: t("Not yet in step with the server")}
			</p>
			<Away model={model} />
			{waiting.length + refused.length + model.away.length === 0 && <p>{t("Everything on this phone is at the server too.")}</p>}
			{waiting.length > 0 && (
				<>
					<h3>{t("{n} saved here, not sent yet", { n: waiting.length })}</h3>
					<ul class="unsent">
						{waiting.map((one) => (
							<Line key={one.entry} one={one} />
						))}
					</ul>
				</>
			)}
			{refused.length > 0 && (
				<>
					<h3>{t("{n} without effect", { n: refused.length })}</h3>
					<ul class="unsent">
						{refused.map((one) => (
							<Line key={one.entry} one={one}>
								<span class="hint">{t(refusals[one.refused ?? ""] ?? key("The server gives the reason “{reason}”."), { reason: one.refused ?? "" })}</span>
								<Button small onClick={() => void dismiss(one.entry)}>
									{t("Understood")}
								</Button>
							</Line>
						))}
					</ul>
				</>
			)}
			<Button kind="main" icon="keep-in-touch" disabled={busy} onClick={() => void run(syncNow)}>
				{busy ? t("Sending…") : t("Try now")}
			</Button>
		</Dialog>
	);
}

const Line = ({ one, children }: { one: Unsent; children?: ComponentChildren }): VNode => (
	<li>
		<span class="unsent-what">
			<span>{one.name ? tx("{what}: {name}", { what: t(kinds[one.kind]), name: one.name }) : t(kinds[one.kind])}</span>
			<span class="hint">{ago(Date.now() - one.at_ms, language())}</span>
		</span>
		{children}
	</li>
);
