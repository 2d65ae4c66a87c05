import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { post } from "@web/api";
import { ago, clockWords } from "@web/dates";
import { key } from "@web/i18n";
import { qrPath } from "@web/qr";
import { Button, Dialog, Problem, useTask } from "../parts";
import { type Key, language, t } from "../text";
import { Program, updateFailed } from "./program";
import { Signs, hasSign } from "./signs";
import type { EventLive, Station } from "./types";

const Figure = ({ value, label }: { value: number | undefined; label: string }): VNode => (
	<div class="count">
		<dt>{label}</dt>
		<dd>{value === undefined ? "–" : new Intl.NumberFormat(language()).format(value)}</dd>
	</div>
);

export function Counts({ live }: { live: EventLive }): VNode {
	const { attendees, checked_in: here, meetings, contacts, followups, done } = live.counts;
	const share = attendees > 0 ? Math.round((here / attendees) * 100) : 0;
	return (
		<section class="panel" aria-labelledby="counts">
			<h2 id="counts">{t("Now")}</h2>
			<div class="here">
				<p class="here-words">
					<strong>{t("{n} of {all} checked in", { n: here, all: attendees })}</strong>
					<span>{share} %</span>
				</p>
				<svg class="bar" viewBox="0 0 100 3" preserveAspectRatio="none" aria-hidden="true">
					<rect class="bar-back" width="100" height="3" />
					<rect class="bar-done" width={Math.min(100, share)} height="3" />
				</svg>
			</div>
			<dl class="counts">
				<Figure value={meetings} label={t("Meetings")} />
				<Figure value={contacts} label={t("Guests' cards")} />
				<Figure value={followups} label={t("Follow-ups")} />
				<Figure value={done} label={t("Followed up")} />
			</dl>
		</section>
	);
}

const roles: Record<string, Key> = {
	door: key("Door"),
	lounge: key("Lounge"),
	mixed: key("Mixed"),
	booth: key("Booth"),
};
const freshMs = 90_000;

/** Said in a word; the colour only repeats it. */
function stationWords(station: Station, now: number): { text: string; tone: string } {
	if (station.state === "revoked") return { text: t("Revoked"), tone: "stop" };
	if (station.refused > 0 && station.state === "fork") return { text: t("Needs a look"), tone: "attention" };
	if (!station.seen_ms) return { text: t("Not seen yet"), tone: "attention" };
	if (now - station.seen_ms > freshMs) return { text: t("Silent"), tone: "attention" };
	if (hasSign(station) || updateFailed(station)) return { text: t("Needs a look"), tone: "attention" };
	return { text: t("Online"), tone: "done" };
}

interface StationsProps {
	live: EventLive;
	now: number;
	reload: () => void;
}

export function Stations({ live, now, reload }: StationsProps): VNode {
	const [enrolling, setEnrolling] = useState(false);
	const [revoking, setRevoking] = useState<Station>();
	return (
		<section class="panel" aria-labelledby="stations">
			<div class="panel-head">
				<h2 id="stations">{t("Stations")}</h2>
				<Button small icon="station" onClick={() => setEnrolling(true)}>
					{t("Add a station")}
				</Button>
			</div>
			{live.stations.length === 0 ? (
				<p class="hint">{t("None yet. Add one with a code that works once.")}</p>
			) : (
				<div class="scroll" role="region" aria-labelledby="stations" tabIndex={0}>
					<table class="table">
						<thead>
							<tr>
								<th scope="col">{t("Name")}</th>
								<th scope="col">{t("Role")}</th>
								<th scope="col">{t("State")}</th>
								<th scope="col">{t("Last contact")}</th>
								<th scope="col" class="number">
									{t("Waiting there")}
								</th>
								<th scope="col" class="number">
									{t("Held here")}
								</th>
								<th scope="col" class="number">
									{t("Refused")}
								</th>
								<td />
							</tr>
						</thead>
						<tbody>
							{live.stations.map((station) => {
								const { text, tone } = stationWords(station, now);
								return (
									<tr key={station.station}>
										<th scope="row">
											<bdi>{station.name}</bdi>
											<Program station={station} />
										</th>
										<td>{roles[station.role] ? t(roles[station.role]!) : <bdi>{station.role || "–"}</bdi>}</td>
										<td>
											<span class={`state state-${tone}`}>{text}</span>
											<Signs station={station} now={now} />
										</td>
										<td>{station.seen_ms ? ago(now - station.seen_ms, language()) : "–"}</td>
										<td class="number">{station.pending}</td>
										<td class="number">{station.held}</td>
										<td class="number">{station.refused}</td>
										<td class="act">
											{station.state !== "revoked" && (
												<Button
													small
													kind="quiet"
													label={t("Revoke {name}", { name: station.name })}
													onClick={() => setRevoking(station)}
												>
													{t("Revoke")}
												</Button>
											)}
										</td>
									</tr>
								);
							})}
						</tbody>
					</table>
				</div>
			)}
			{enrolling && <Enrol event={live.event} onClose={() => setEnrolling(false)} />}
			{revoking && (
				<Revoke
					event={live.event}
					station={revoking}
					onClose={() => {
						setRevoking(undefined);
						reload();
					}}
				/>
			)}
		</section>
	);
}

/** In groups of four, as it is read aloud and typed. */
const grouped = (code: string): string =>
	code.includes("-") ? code : code.replace(/(.{4})(?=.)/g, "$1 ");

/** For the camera of a kiosk that is not enrolled yet (docs/operating.md). */
function EnrolQr({ code }: { code: string }): VNode {
	const qr = qrPath(`${location.origin}/enrol#${code}`, "M");
	return (
		<figure class="enrol-qr">
			<svg viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={t("QR code of server and code")}>
				<rect width={qr.size} height={qr.size} fill="#fff" />
				<path d={qr.d} fill="#000" />
			</svg>
			<figcaption>{t("Or hold this before the new kiosk's camera.")}</figcaption>
		</figure>
	);
}

function Enrol({ event, onClose }: { event: number; onClose: () => void }): VNode {
	const [name, setName] = useState("");
	const [given, setGiven] = useState<{ code: string; expires_ms: number }>();
	const { busy, error, run } = useTask();
	const send = (e: Event): void => {
		e.preventDefault();
		void run(async () => setGiven(await post(`/v1/events/${event}/enrolments`, { name: name.trim() })));
	};
	// either a time, or how long it lasts
	const until = given
		? new Date(given.expires_ms > 1e12 ? given.expires_ms : Date.now() + given.expires_ms)
		: undefined;
	return (
		<Dialog title={t("Add a station")} onClose={onClose}>
			{given && until ? (
				<>
					<p>{t("Type this at the new kiosk. It works once, until {time}.", { time: clockWords(until, language()) })}</p>
					<p class="code" role="status">
						{grouped(given.code)}
					</p>
					<EnrolQr code={given.code} />
					<pre class="command">{`kith-kiosk --config FILE enrol ${location.origin} ${given.code}`}</pre>
				</>
			) : (
				<form class="form" onSubmit={send}>
					<Problem error={error} />
					<label class="label">
						{t("Name of the station")}
						<input
							class="input"
							required
							maxLength={100}
							value={name}
							onInput={(e) => setName(e.currentTarget.value)}
						/>
						<span class="hint">{t("People will read it: “Front desk 2”.")}</span>
					</label>
					<Button submit kind="main" disabled={busy || !name.trim()}>
						{t("Make a code")}
					</Button>
				</form>
			)}
		</Dialog>
	);
}

interface RevokeProps {
	event: number;
	station: Station;
	onClose: () => void;
}

function Revoke({ event, station, onClose }: RevokeProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<Dialog title={t("Revoke {name}?", { name: station.name })} onClose={onClose}>
			<p>{t("It can no longer send or fetch anything. What it has sent stays. What it still holds is lost to the event unless it is enrolled again.")}</p>
			<Problem error={error} />
			<div class="row">
				<Button
					kind="danger"
					disabled={busy}
					onClick={() =>
						void run(async () => {
							await post(`/v1/events/${event}/stations/${encodeURIComponent(station.station)}/revoke`);
							onClose();
						})
					}
				>
					{t("Revoke")}
				</Button>
				<Button kind="quiet" onClick={onClose}>
					{t("Keep it")}
				</Button>
			</div>
		</Dialog>
	);
}
