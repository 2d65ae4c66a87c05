import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { get, post } from "@web/api";
import { clockWords } from "@web/dates";
import { Button, Dialog, Icon, Problem, useTask } from "../parts";
import { language, t, tx } from "../text";
import { Import } from "./import";
import type { Attendee } from "./types";

interface AttendeesProps {
	event: number;
	/** Changes whenever the counts do: the list is asked again. */
	fresh: string;
	reload: () => void;
}

const rowsShown = 200;

export function Attendees({ event, fresh, reload }: AttendeesProps): VNode {
	const [query, setQuery] = useState("");
	const [found, setFound] = useState<Attendee[]>();
	const [error, setError] = useState<unknown>();
	const [importing, setImporting] = useState(false);
	const [ticket, setTicket] = useState<Attendee>();
	const [lost, setLost] = useState<Attendee>();
	const asked = useRef(0);

	useEffect(() => {
		const mine = ++asked.current;
		const timer = setTimeout(() => {
			get<Attendee[]>(`/v1/events/${event}/attendees?q=${encodeURIComponent(query)}`).then(
				(list) => {
					if (mine !== asked.current) return; // a later question was answered first
					setFound(list);
					setError(undefined);
				},
				(e: unknown) => mine === asked.current && setError(e),
			);
		}, 200);
		return () => clearTimeout(timer);
	}, [event, query, fresh]);

	return (
		<section class="panel" aria-labelledby="attendees">
			<div class="panel-head">
				<h2 id="attendees">{t("Attendees")}</h2>
				<Button small icon="upload" onClick={() => setImporting(true)}>
					{t("Import a list")}
				</Button>
			</div>
			<Problem error={error} />
			<label class="label">
				{t("Find by name, organization or mail")}
				<span class="find">
					<Icon name="find" />
					<input class="input" type="search" value={query} onInput={(e) => setQuery(e.currentTarget.value)} />
				</span>
			</label>
			<p class="hint" role="status">
				{found && (found.length > rowsShown
					? t("The first {n} of {all}: type more letters", { n: rowsShown, all: found.length })
					: t("{n} people", { n: found.length }))}
			</p>
			{found && found.length > 0 && (
				<div class="scroll scroll-tall" role="region" aria-labelledby="attendees" tabIndex={0}>
					<table class="table">
						<thead>
							<tr>
								<th scope="col">{t("Name")}</th>
								<th scope="col" class="wide">
									{t("Organization")}
								</th>
								<th scope="col" class="wide">
									{t("Mail")}
								</th>
								<th scope="col">{t("Checked in")}</th>
								<th scope="col" class="wide">
									{t("Agreed to")}
								</th>
								<td />
							</tr>
						</thead>
						<tbody>
							{found.slice(0, rowsShown).map((person) => (
								<tr key={person.id}>
									<th scope="row">
										<bdi>{person.name}</bdi>
									</th>
									<td class="wide">
										<bdi>{person.organization}</bdi>
									</td>
									<td class="wide">
										<bdi>{person.email}</bdi>
									</td>
									<td>
										{person.checked_in_ms ? clockWords(new Date(person.checked_in_ms), language()) : "–"}
									</td>
									<td class="wide">{agreed(person)}</td>
									<td class="act">
										<Button
											small
											kind="quiet"
											icon="ticket"
											label={t("Ticket code for {name}", { name: person.name })}
											onClick={() => setTicket(person)}
										>
											{t("Ticket")}
										</Button>
										{person.badges.length > 0 && (
											<Button
												small
												kind="quiet"
												label={t("Revoke badge: {name}", { name: person.name })}
												onClick={() => setLost(person)}
											>
												{t("Revoke badge")}
											</Button>
										)}
									</td>
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
			{found?.length === 0 && (
				<p class="nobody">{query ? t("Nobody found.") : t("Nobody yet: import a list to begin.")}</p>
			)}
			{importing && (
				<Import
					event={event}
					onClose={() => setImporting(false)}
					onDone={() => {
						setImporting(false);
						reload();
					}}
				/>
			)}
			{lost && (
				<Revoke
					event={event}
					person={lost}
					onClose={() => setLost(undefined)}
					onDone={() => {
						const { id } = lost;
						setFound((now) => now?.map((one) => (one.id === id ? { ...one, badges: [] } : one)));
						setLost(undefined);
					}}
				/>
			)}
			{ticket && <Ticket event={event} person={ticket} onClose={() => setTicket(undefined)} />}
		</section>
	);
}

function agreed({ consents }: Attendee): string {
	const words = [
		consents.card && t("card"),
		consents.followups && t("follow-ups"),
		consents.contact && t("contact"),
	].filter(Boolean);
	return words.length ? words.join(", ") : "–";
}

interface RevokeProps {
	event: number;
	person: Attendee;
	onClose: () => void;
	onDone: () => void;
}

function Revoke({ event, person, onClose, onDone }: RevokeProps): VNode {
	const { busy, error, run } = useTask();
	return (
		<Dialog title={t("Revoke the badge of {name}?", { name: person.name })} onClose={onClose}>
			<p>{t("No kiosk takes it any more, for good. The desk can give this person another one.")}</p>
			<Problem error={error} />
			<div class="row">
				<Button
					kind="danger"
					disabled={busy}
					onClick={() =>
						void run(async () => {
							for (const badge of person.badges)
								await post(`/v1/events/${event}/badges/${encodeURIComponent(badge)}/revoke`);
							onDone();
						})
					}
				>
					{t("Revoke badge")}
				</Button>
				<Button kind="quiet" onClick={onClose}>
					{t("Keep it")}
				</Button>
			</div>
		</Dialog>
	);
}

interface TicketProps {
	event: number;
	person: Attendee;
	onClose: () => void;
}

function Ticket({ event, person, onClose }: TicketProps): VNode {
	const [made, setMade] = useState<{ code: string; url: string }>();
	const { busy, error, run } = useTask();
	return (
		<Dialog title={tx("Ticket code for {name}", { name: person.name })} onClose={onClose}>
			<Problem error={error} />
			{made ? (
				<>
					<p>{t("Give it to this person only: it checks them in and opens their list.")}</p>
					<p class="code" role="status">
						{made.code}
					</p>
					<label class="label">
						{t("As a link")}
						<input class="input input-code" readonly value={made.url} onFocus={(e) => e.currentTarget.select()} />
					</label>
				</>
			) : (
				<>
					<p>{t("A new code ends the one before. It is shown once.")}</p>
					<Button
						kind="main"
						disabled={busy}
						onClick={() =>
							void run(async () =>
								setMade(await post(`/v1/events/${event}/attendees/${encodeURIComponent(person.id)}/ticket`)),
							)
						}
					>
						{t("Make a new code")}
					</Button>
				</>
			)}
		</Dialog>
	);
}
