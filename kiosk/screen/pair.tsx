import type { VNode } from "preact";
import { key } from "@web/i18n";
import { Attention, Done, Phone } from "./shapes";
import { Result, Ring, Touch } from "./parts";
import type { ViewProps } from "./state";
import { type Key, t } from "./text";

const Code = ({ path, size }: { path: string; size: number }): VNode => (
	<div class="code">
		<svg
			viewBox={`-4 -4 ${size + 8} ${size + 8}`}
			role="img"
			aria-label={t("QR code for your phone's camera")}
			shape-rendering="crispEdges"
		>
			<rect class="code-paper" x="-4" y="-4" width={size + 8} height={size + 8} />
			<path class="code-ink" d={path} />
		</svg>
	</div>
);

const over: Record<string, { text: Key; advice: Key }> = {
	offline: {
		text: key("Pairing needs the network"),
		advice: key("The station is offline. Your meetings are saved"),
	},
	"pair-expired": {
		text: key("The time for this code is over"),
		advice: key("Tap your badge and try again"),
	},
	"pair-refused": {
		text: key("The pairing was not finished"),
		advice: key("Tap your badge and try again"),
	},
};

/** The way of a pairing: code, two digits, the same badge again, done; or why not. */
export function Pairing({ state, act }: ViewProps): VNode {
	const foot = <Touch kind="main" label={t("Finish")} onTouch={() => act("finish")} />;

	if (state.reason === "paired")
		return (
			<Result tone="done" shape={<Done />} word={t("Paired")} foot={foot}>
				<h1 class="result-title fit-m">{t("Your list is on your phone")}</h1>
			</Result>
		);
	if (state.reason === "approval")
		return (
			<Result tone="attention" shape={<Phone />} word={t("One more step")} foot={foot}>
				<h1 class="result-title fit-m">{t("Approve it on your first phone")}</h1>
				<p class="result-line">{t("Or show your ticket code, or ask at the desk")}</p>
				<p class="next">
					<Ring state={state} />
					{state.digits && <span class="digits digits-small">{state.digits}</span>}
				</p>
			</Result>
		);
	const end = over[state.reason ?? ""];
	if (end)
		return (
			<Result tone="attention" shape={<Attention />} word={t("Not yet")} foot={foot}>
				<h1 class="result-title fit-m">{t(end.text)}</h1>
				<p class="result-line">{t(end.advice)}</p>
			</Result>
		);
	if (state.digits)
		return (
			<Result tone="done" shape={<Phone />} word={t("Your phone")} foot={foot}>
				<h1 class="result-title fit-s">{t("Does your phone show this number?")}</h1>
				<p class="digits">{state.digits}</p>
				<p class="next">
					<Ring state={state} />
					<span>{t("Then tap the same badge again. If not, touch Finish")}</span>
				</p>
			</Result>
		);
	if (state.qr && state.qr_size)
		return (
			<Result tone="calm" shape={<Code path={state.qr} size={state.qr_size} />} word="" foot={foot}>
				<h1 class="result-title fit-s">{t("Scan with your phone's camera")}</h1>
				<p class="result-line">{t("Your list opens there. The code works once")}</p>
				<p class="next">
					<Ring state={state} />
				</p>
			</Result>
		);
	return (
		<Result tone="calm" shape={<Phone />} word={t("Your phone")} foot={foot}>
			<h1 class="result-title fit-m">{t("Making a code")}</h1>
		</Result>
	);
}
