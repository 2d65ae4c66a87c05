// What needs the server: other devices, approvals, the calendar feed. Offline they say so.
import type { ComponentChildren, VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, post } from "@web/api";
import { ago } from "@web/dates";
import { Button, Icon, Problem, useTask } from "../../parts";
import { language, t, tx } from "../../text";
import { reloadAccount, write } from "../data/model";
import type { Account, Model } from "../data/types";
import { buddiesOf, endBuddy } from "../ui/acts";
import { Panel } from "../ui/ui";
import { act } from "../ui/undo";

/** What a request to the server needs and has not: said plainly, before or after the touch. */
export function NeedsNet({ model, error }: { model: Model; error?: unknown }): VNode | null {
	if (error instanceof ApiError && error.status === 0)
		return <p class="problem" role="alert">{t("This needs a connection. Nothing was changed; try again later.")}</p>;
	if (error) return <Problem error={error} />;
	return model.sync === "offline" ? <p class="hint">{t("Offline: this needs a connection.")}</p> : null;
}

export function Devices({ model }: { model: Model }): VNode | null {
	const { busy, error, run } = useTask();
	const devices = model.account?.devices ?? [];
	return (
		<Panel title={t("Signed-in devices")}>
			<NeedsNet model={model} error={error} />
			<ul class="devices">
				{devices.map((device) => (
					<li key={device.session}>
						<Icon name="phone" />
						<span class="device-words">
							<bdi>{device.label || t("A browser")}</bdi>
							<span class="hint">
								{device.this ? t("This one") : t("Last used {ago}", { ago: ago(Date.now() - device.seen_ms, language()) })}
							</span>
						</span>
						{!device.this && (
							<Button
								small
								disabled={busy}
								label={t("Sign out {device}", { device: device.label })}
								onClick={() =>
									void run(async () => {
										await post(`/v1/me/devices/${encodeURIComponent(device.session)}/end`);
										await reloadAccount();
									})
								}
							>
								{t("Sign out")}
							</Button>
						)}
					</li>
				))}
			</ul>
		</Panel>
	);
}

export function Notices({ account }: { account: Account | undefined }): VNode | null {
	if (!account?.notices.length) return null;
	return (
		<Panel title={t("News about your account")}>
			<ul class="notices">
				{account.notices.map((notice, i) => (
					<li key={`${notice.at_ms}-${i}`}>
						<bdi>{notice.text}</bdi>
						<span class="hint">{ago(Date.now() - notice.at_ms, language())}</span>
					</li>
				))}
			</ul>
		</Panel>
	);
}

const Download = ({ href, file, icon, children }: { href: string; file: string; icon: string; children: ComponentChildren }): VNode => (
	<li>
		<a class="button button-plain" href={href} download={file}>
			<Icon name={icon} />
			{children}
		</a>
	</li>
);

export function Feed({ model }: { model: Model }): VNode {
	const [url, setUrl] = useState("");
	const [copied, setCopied] = useState(false);
	const { busy, error, run } = useTask();
	const ask = (renew: boolean): void => {
		setCopied(false);
		void run(async () => setUrl((await post<{ url: string }>("/v1/me/feed", { renew })).url));
	};
	const copy = (): void => {
		void run(async () => {
			await navigator.clipboard.writeText(url);
			setCopied(true);
		});
	};
	return (
		<Panel title={t("Take it with me")}>
			<NeedsNet model={model} error={error} />
			<ul class="downloads">
				<Download href="/v1/queue.vcf" file="people.vcf" icon="person">
					{t("People as contacts")}
				</Download>
				<Download href="/v1/queue.csv" file="follow-ups.csv" icon="list">
					{t("Follow-ups as a table")}
				</Download>
				<Download href="/v1/queue.ics" file="follow-ups.ics" icon="calendar">
					{t("Calendar file")}
				</Download>
			</ul>
			{url ? (
				<div class="form">
					<label class="label">
						{t("Secret address for your calendar program")}
						<input class="input input-code" readonly value={url} onFocus={(event) => event.currentTarget.select()} />
						<span class="hint">{t("Whoever has this address can read your follow-ups.")}</span>
					</label>
					<div class="row">
						<Button small icon="copy" onClick={copy}>
							{t("Copy")}
						</Button>
						<Button small kind="quiet" disabled={busy} onClick={() => ask(true)}>
							{t("Make a new address")}
						</Button>
						<span role="status">{copied ? t("Copied") : ""}</span>
					</div>
				</div>
			) : (
				<Button icon="calendar" disabled={busy} onClick={() => ask(false)}>
					{t("Subscribe in a calendar")}
				</Button>
			)}
		</Panel>
	);
}

/** Two people who see each other's counts, never notes, and may nudge once a day. */
export function Buddies({ model }: { model: Model }): VNode {
	const { busy, error, run } = useTask();
	const [nudged, setNudged] = useState<string[]>([]);
	const buddies = buddiesOf(model);
	return (
		<Panel title={t("Buddies")}>
			<NeedsNet model={model} error={error} />
			{buddies.length === 0 && (
				<p class="hint">{t("A buddy sees your two counts, never your notes, and may nudge you. Open a person and touch “Make us buddies”.")}</p>
			)}
			<ul class="buddies">
				{buddies.map((buddy) => (
					<li key={buddy.key} class="buddy">
						<span class="row-words">
							<bdi class="row-title">{buddy.name}</bdi>
							<span class="hint">
								{buddy.goals
									? `${t("New people: {done} of {goal}", buddy.goals.people)} · ${t("Leads shared: {done} of {goal}", buddy.goals.leads)}`
									: buddy.mutual || buddy.asked
										? ""
										: t("Waits for their yes")}
							</span>
						</span>
						{buddy.asked && (
							<Button
								small
								icon="buddy"
								disabled={busy}
								onClick={() => void run(async () => void (await write("buddy", { a: model.me.id, b: buddy.key })))}
							>
								{t("Make us buddies")}
							</Button>
						)}
						{buddy.mutual && (
							<Button
								small
								icon="bell"
								disabled={busy || nudged.includes(buddy.key)}
								label={t("Nudge {name}", { name: buddy.name })}
								onClick={() =>
									void run(async () => {
										await post(`/v1/me/buddies/${encodeURIComponent(buddy.key)}/nudge`);
										setNudged([...nudged, buddy.key]);
									})
								}
							>
								{nudged.includes(buddy.key) ? t("Nudged") : t("Nudge")}
							</Button>
						)}
						{!buddy.asked && (
							<Button
								small
								kind="quiet"
								icon="drop"
								label={t("End being buddies with {name}", { name: buddy.name })}
								onClick={() => void act(tx("No longer buddies: {name}", { name: buddy.name }), () => endBuddy(buddy))}
							>
								{""}
							</Button>
						)}
					</li>
				))}
			</ul>
			<p role="status" class="hidden-text">
				{nudged.length > 0 && tx("Nudged", {})}
			</p>
		</Panel>
	);
}
