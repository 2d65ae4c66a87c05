import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { ago } from "@web/dates";
import { key } from "@web/i18n";
import { Button, Icon, Problem, useTask } from "../parts";
import { type Key, language, t } from "../text";
import type { Me, Purpose } from "./types";

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
];

interface MeProps {
	me: Me;
	reload: () => void;
}

function Consents({ me, reload }: MeProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<section class="panel" aria-labelledby="me-share">
			<h2 id="me-share">{t("What I share")}</h2>
			<Problem error={error} />
			{purposes.map(({ purpose, title, text }) => (
				<label class="switch" key={purpose}>
					<span class="switch-words">
						<span class="switch-title">{t(title)}</span>
						<span class="hint">{t(text)}</span>
					</span>
					<input
						type="checkbox"
						role="switch"
						checked={me.consents[purpose]}
						disabled={busy}
						onChange={(event) => {
							const given = event.currentTarget.checked;
							void run(async () => {
								try {
									await post("/v1/me/consents", { purpose, given });
								} finally {
									reload();
								}
							});
						}}
					/>
				</label>
			))}
		</section>
	);
}

function Feed(): VNode {
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
		<section class="panel" aria-labelledby="me-take">
			<h2 id="me-take">{t("Take it with me")}</h2>
			<Problem error={error} />
			<ul class="downloads">
				<li>
					<a class="button button-plain" href="/v1/queue.vcf" download="people.vcf">
						<Icon name="person" />
						{t("People as contacts")}
					</a>
				</li>
				<li>
					<a class="button button-plain" href="/v1/queue.csv" download="follow-ups.csv">
						<Icon name="list" />
						{t("Follow-ups as a table")}
					</a>
				</li>
				<li>
					<a class="button button-plain" href="/v1/queue.ics" download="follow-ups.ics">
						<Icon name="calendar" />
						{t("Calendar file")}
					</a>
				</li>
			</ul>
			{url ? (
				<div class="form">
					<label class="label">
						{t("Secret address for your calendar program")}
						<input
							class="input input-code"
							readonly
							value={url}
							onFocus={(event) => event.currentTarget.select()}
						/>
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
		</section>
	);
}

function Devices({ me, reload }: MeProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<section class="panel" aria-labelledby="me-devices">
			<h2 id="me-devices">{t("Signed-in devices")}</h2>
			<Problem error={error} />
			<ul class="devices">
				{me.devices.map((device) => (
					<li key={device.session}>
						<Icon name="phone" />
						<span class="device-words">
							<bdi>{device.label || t("A browser")}</bdi>
							<span class="hint">
								{device.this
									? t("This one")
									: t("Last used {ago}", { ago: ago(Date.now() - device.seen_ms, language()) })}
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
										reload();
									})
								}
							>
								{t("Sign out")}
							</Button>
						)}
					</li>
				))}
			</ul>
		</section>
	);
}

/** Another phone waits for a yes: shown above every tab, since it has 90 seconds. */
export function Approvals({ me, reload }: MeProps): VNode | null {
	const { busy, error, run } = useTask();
	if (!me.approvals.length) return null;
	const answer = (pairing: string, approve: boolean): void =>
		void run(async () => {
			await post(`/v1/me/approvals/${encodeURIComponent(pairing)}`, { approve });
			reload();
		});
	return (
		<section class="approvals" aria-live="assertive">
			<Problem error={error} />
			{me.approvals.map(({ pairing, digits }) => (
				<div class="approval" key={pairing}>
					<p class="approval-digits">{digits}</p>
					<div>
						<h2>{t("Is this you, with another phone?")}</h2>
						<p>{t("It must show the same number. If you did not ask for this, refuse.")}</p>
						<div class="row">
							<Button kind="main" disabled={busy} onClick={() => answer(pairing, true)}>
								{t("Yes, allow it")}
							</Button>
							<Button disabled={busy} onClick={() => answer(pairing, false)}>
								{t("Refuse")}
							</Button>
						</div>
					</div>
				</div>
			))}
		</section>
	);
}

export function MePage({ me, reload }: MeProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<>
			{me.notices.length > 0 && (
				<section class="panel" aria-labelledby="me-news">
					<h2 id="me-news">{t("News about your account")}</h2>
					<ul class="notices">
						{me.notices.map((notice) => (
							<li key={`${notice.at_ms}`}>
								<bdi>{notice.text}</bdi>
								<span class="hint">{ago(Date.now() - notice.at_ms, language())}</span>
							</li>
						))}
					</ul>
				</section>
			)}
			<Consents me={me} reload={reload} />
			<Feed />
			<Devices me={me} reload={reload} />
			<Problem error={error} />
			<Button
				icon="leave"
				disabled={busy}
				onClick={() =>
					void run(async () => {
						await post("/v1/signout");
						location.reload();
					})
				}
			>
				{t("Sign out of this device")}
			</Button>
		</>
	);
}
