// The organizer's page: the event as it happens, its people, its stations, and what may be taken home.
import "./organizer.css";
import { type VNode, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, get, post } from "@web/api";
import { ago } from "@web/dates";
import { Button, Logo, Problem, Sheet, useEvery } from "../parts";
import { language, loadTexts, t } from "../text";
import { Attendees } from "./attendees";
import { Followups } from "./followups";
import { Counts, Stations } from "./live";
import { OrganizerSignIn } from "./signin";
import type { EventLive, EventName } from "./types";

const askEveryMs = 5000;

await loadTexts({
	ar: () => import("@texts/organizer/ar"),
	de: () => import("@texts/organizer/de"),
	en: () => import("@texts/organizer/en"),
	es: () => import("@texts/organizer/es"),
});

function EventPage({ event, onSignedOut }: { event: number; onSignedOut: () => void }): VNode {
	const [live, setLive] = useState<EventLive>();
	const [asOf, setAsOf] = useState(Date.now());
	const [error, setError] = useState<unknown>();
	const load = async (): Promise<void> => {
		try {
			setLive(await get<EventLive>(`/v1/events/${event}`));
			setError(undefined);
		} catch (e) {
			if (e instanceof ApiError && e.status === 401) onSignedOut();
			else setError(e);
		}
		setAsOf(Date.now());
	};
	useEvery(askEveryMs, () => void load());

	if (!live) return error ? <Problem error={error} /> : <p role="status">{t("One moment")}</p>;
	const fresh = JSON.stringify(live.counts);
	const { backup } = live;
	return (
		<>
			<Problem error={error} />
			{!backup.ok && (
				<p class="warning">
					{backup.last_ms
						? t("The last backup was {ago}. Stations keep their logs until a newer one is verified.", {
								ago: ago(asOf - backup.last_ms, language()),
							})
						: t("No backup yet. Stations keep their logs until one is verified.")}
				</p>
			)}
			<div class="columns">
				<Counts live={live} />
				<Followups event={event} fresh={fresh} />
			</div>
			<Stations live={live} now={asOf} reload={() => void load()} />
			<Attendees event={event} fresh={fresh} reload={() => void load()} />
		</>
	);
}

function Organizer(): VNode {
	const [events, setEvents] = useState<EventName[]>();
	const [chosen, setChosen] = useState<number>();
	const [signedOut, setSignedOut] = useState(false);
	const [error, setError] = useState<unknown>();

	const load = async (): Promise<void> => {
		try {
			const list = await get<EventName[]>("/v1/events");
			setEvents(list);
			// the one before may have been another organizer's
			setChosen((now) => (list.some((one) => one.event === now) ? now : list[0]?.event));
			setSignedOut(false);
			setError(undefined);
		} catch (e) {
			if (e instanceof ApiError && e.status === 401) setSignedOut(true);
			else setError(e);
		}
	};
	useEffect(() => void load(), []);

	if (signedOut) return <OrganizerSignIn onDone={() => void load()} />;
	if (!events)
		return (
			<Sheet title={error ? t("Not now") : t("One moment")}>
				<Problem error={error} />
				{error ? <Button onClick={() => void load()}>{t("Try again")}</Button> : null}
			</Sheet>
		);
	const event = events.find((one) => one.event === chosen);
	return (
		<div class="desk">
			<header class="desk-top">
				<Logo />
				<Button
					kind="quiet"
					small
					icon="leave"
					onClick={() => void post("/v1/organizer/signout").then(() => setSignedOut(true), setError)}
				>
					{t("Sign out")}
				</Button>
			</header>
			<main class="desk-main">
				<div class="title">
					<h1>
						<bdi>{event?.name ?? t("No event yet")}</bdi>
					</h1>
					{events.length > 1 && (
						<label class="pick-event">
							<span class="hidden-text">{t("Event")}</span>
							<select
								class="input"
								value={chosen}
								onChange={(e) => setChosen(Number(e.currentTarget.value))}
							>
								{events.map((one) => (
									<option key={one.event} value={one.event}>
										{one.name}
									</option>
								))}
							</select>
						</label>
					)}
				</div>
				<Problem error={error} />
				{event ? (
					<EventPage key={event.event} event={event.event} onSignedOut={() => setSignedOut(true)} />
				) : (
					<p>{t("Make one on the server: kith-server event add NAME")}</p>
				)}
			</main>
		</div>
	);
}

const root = document.getElementById("app");
if (root) render(<Organizer />, root);
