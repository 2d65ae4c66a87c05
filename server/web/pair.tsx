// /p#TOKEN: the phone's half of a pairing. Opening the page spends nothing; its one button does.
import "./page.css";
import { type VNode, render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { ApiError, post } from "@web/api";
import { setSignoutDue } from "./leaving";
import { Button, Problem, Sheet, takeFragment, useTask } from "./parts";
import { Spoken } from "./spoken";
import { t } from "./text";

type PairState = "waiting" | "opened" | "approval" | "ready" | "paired" | "expired" | "refused";

const token = takeFragment();
const askEveryMs = 1000;

function Pair(): VNode {
	const [digits, setDigits] = useState("");
	const [state, setState] = useState<PairState>("waiting");
	const { busy, error, run } = useTask();
	const going = digits !== "" && ["waiting", "opened", "approval", "ready"].includes(state);

	useEffect(() => {
		if (!going) return undefined;
		let stopped = false;
		let timer: number | undefined;
		const ask = async (): Promise<void> => {
			try {
				const reply = await post<{ state: PairState }>("/v1/pair/finish");
				if (reply.state === "paired") setSignoutDue(false);
				if (!stopped) setState(reply.state);
			} catch (e) {
				// no connection is worth another try; what the server refuses is final
				if (!stopped && e instanceof ApiError && [401, 403, 404, 410].includes(e.status))
					setState("expired");
			}
			if (!stopped) timer = window.setTimeout(() => void ask(), askEveryMs);
		};
		void ask();
		return () => {
			stopped = true;
			clearTimeout(timer);
		};
	}, [going]);

	useEffect(() => {
		if (state !== "paired") return undefined;
		const timer = setTimeout(() => location.assign("/"), 1500);
		return () => clearTimeout(timer);
	}, [state]);

	const start = (): void => {
		void run(async () => {
			const reply = await post<{ digits: string }>("/v1/pair", { token });
			setDigits(reply.digits);
			setState("opened");
		});
	};

	if (!token)
		return (
			<Sheet title={t("Start at a station")}>
				<p>{t("Tap your badge at a station, touch “On my phone”, and scan the code that it shows.")}</p>
			</Sheet>
		);
	if (state === "paired")
		return (
			<Sheet title={t("Paired")}>
				<p class="big-note" role="status">
					{t("This phone now shows your list.")}
				</p>
				<a class="button button-main" href="/">
					{t("Open my list")}
				</a>
			</Sheet>
		);
	if (state === "expired" || state === "refused")
		return (
			<Sheet title={state === "refused" ? t("Not paired") : t("This code is over")}>
				<p role="status">{t("Nothing was shared. To try again, tap your badge at the station.")}</p>
			</Sheet>
		);
	if (digits)
		return (
			<Sheet title={t("Does the station show this number?")}>
				<p class="digits" role="status">
					{digits}
				</p>
				<p class="big-note" aria-live="polite">
					{state === "approval"
						? t("One more step: approve this on your first phone, show your ticket code at the station, or ask the desk.")
						: t("Then tap the same badge there again. If the numbers differ, leave this page.")}
				</p>
				<p class="waiting" aria-hidden="true">
					<span />
					<span />
					<span />
				</p>
			</Sheet>
		);
	return (
		<Sheet title={t("Show your list on this phone?")}>
			<p>{t("The people you meet, your notes and your follow-ups will open here. Only do this on your own phone.")}</p>
			<Problem error={error} />
			<Button kind="main" icon="phone" disabled={busy} onClick={start}>
				{t("Pair this phone")}
			</Button>
		</Sheet>
	);
}

const root = document.getElementById("app");
if (root) render(<Spoken>{() => <Pair />}</Spoken>, root);
