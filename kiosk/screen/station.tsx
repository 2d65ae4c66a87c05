// What staff do with the station itself: see how it is, test its readers, set its sound, close it.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./shapes";
import { ReaderList, Touch, hasCamera, linkWords } from "./parts";
import { refusal } from "./reasons";
import { signAdvice, signNumber, signWords } from "./signs";
import type { Act, State, ViewProps } from "./state";
import { t } from "./text";

export function Station(p: ViewProps): VNode {
	const [mode, setMode] = useState<"tiles" | "sound" | "off">("tiles");
	const { tool, reason } = p.state;

	if (tool === "reader") return <ReaderTest {...p} />;
	if (tool === "camera") return <CameraView {...p} />;
	if (mode === "sound") return <Sound {...p} onBack={() => setMode("tiles")} />;
	if (mode === "off" || reason === "unsynced") return <SwitchOff {...p} onBack={() => setMode("tiles")} />;
	return <Overview {...p} onSound={() => setMode("sound")} onOff={() => setMode("off")} />;
}

const pendingWords = (state: State): string => {
	const n = state.link?.pending ?? 0;
	return n === 0 ? t("Everything is on the server") : t("{n} entries are only here", { n });
};

const shownSigns = 2;

function HowItIs({ state }: { state: State }): VNode {
	const signs = state.signs ?? [];
	return (
		<section class="station-state">
			<h1>{t("This station")}</h1>
			<p class="station-pending">{pendingWords(state)}</p>
			<p>{linkWords(state).text}</p>
			<ul>
				{signs.slice(0, shownSigns).map((sign) => {
					const number = signNumber(sign);
					return (
						<li key={sign.sign} class="station-sign">
							<strong>{number ? `${signWords(sign)}: ${number}` : signWords(sign)}</strong>
							<span>{signAdvice(sign)}</span>
						</li>
					);
				})}
				{signs.length > shownSigns && <li>{t("{n} more", { n: signs.length - shownSigns })}</li>}
				{signs.length < shownSigns && <ReaderList state={state} most={4} />}
			</ul>
		</section>
	);
}

interface OverviewProps extends ViewProps {
	onSound: () => void;
	onOff: () => void;
}

function Overview({ state, act, onSound, onOff }: OverviewProps): VNode {
	const tool = (name: string) => () => act("tool", { tool: name });
	return (
		<main class="station">
			<HowItIs state={state} />
			<nav class="station-tools" aria-label={t("This station")}>
				<Touch icon="waves" label={t("Test the reader")} onTouch={tool("reader")} />
				{hasCamera(state) && <Touch icon="camera" label={t("Camera")} onTouch={tool("camera")} />}
				<Touch icon="swap" label={t("Sync now")} onTouch={() => act("sync")} />
				<Touch icon="sound" label={t("Sound")} onTouch={onSound} />
				{state.in_service === false ? (
					<Touch icon="check" kind="main" label={t("Put in service")} onTouch={() => act("service", { on: true })} />
				) : (
					<Touch icon="cross" label={t("Take out of service")} onTouch={() => act("service", { on: false })} />
				)}
				{state.can_shut_down && <Touch icon="power" label={t("Shut down")} onTouch={onOff} />}
				{!state.tools_only && <Touch kind="quiet" label={t("Back")} onTouch={tool("desk")} />}
				<Touch kind="quiet" label={t("Finish")} onTouch={() => act("finish")} />
			</nav>
		</main>
	);
}

/** What a scan was: the words of the public screen, with the numbers behind them. */
function Seen({ state }: { state: State }): VNode {
	const { test } = state;
	if (!test) return <p class="seen-wait">{t("Nothing seen yet")}</p>;
	const name = test.name ?? "";
	const names: Record<string, string> = {
		chip: name ? t("Badge of {name}", { name }) : t("A badge of this event"),
		ticket: name ? t("Ticket of {name}", { name }) : t("A ticket of this event"),
		code: name ? t("Printed code of {name}", { name }) : t("A printed code of this event"),
		card: name ? t("Card of {name}", { name }) : t("A card"),
	};
	const lines = [
		test.tag && `${test.tag} ${test.uid ?? ""}`,
		test.read_ms === undefined
			? t("{n} bytes", { n: test.bytes })
			: t("{n} bytes in {ms} ms", { n: test.bytes, ms: test.read_ms }),
		t("{reader}, scan {n}", { reader: test.reader, n: test.count }),
	].filter(Boolean);
	return (
		<div class={`seen tone-${test.reason ? refusal(test.reason).tone : "done"}`} role="status">
			<p class="seen-what">
				<bdi>{test.reason ? t(refusal(test.reason).text) : names[test.seen]}</bdi>
			</p>
			{lines.map((line) => (
				<p key={line} class="seen-line">
					<bdi>{line}</bdi>
				</p>
			))}
		</div>
	);
}

interface TrialProps extends ViewProps {
	title: string;
	children?: ComponentChildren;
}

const Trial = ({ title, state, act, children }: TrialProps): VNode => (
	<main class="trial">
		<div class="trial-head">
			<h1>{title}</h1>
			<p>{t("Nothing of it is written down")}</p>
		</div>
		<div class={children ? "trial-body trial-two" : "trial-body"}>
			{children}
			<Seen state={state} />
		</div>
		<div class="foot">
			<Touch kind="quiet" label={t("Back")} onTouch={() => act("tool", { tool: "station" })} />
		</div>
	</main>
);

const ReaderTest = (p: ViewProps): VNode => <Trial {...p} title={t("Tap anything")} />;

const askEveryMs = 400;

interface Picture {
	width: number;
	height: number;
	gray: string;
	codes: number[][];
}

function draw(canvas: HTMLCanvasElement, picture: Picture): void {
	const { width, height } = picture;
	const ink = canvas.getContext("2d");
	if (!ink) return;
	canvas.width = width;
	canvas.height = height;
	const bytes = atob(picture.gray.replaceAll("-", "+").replaceAll("_", "/"));
	const image = ink.createImageData(width, height);
	for (let i = 0; i < width * height; i++) {
		image.data.fill(bytes.charCodeAt(i), 4 * i, 4 * i + 3);
		image.data[4 * i + 3] = 255;
	}
	ink.putImageData(image, 0, 0);
	ink.strokeStyle = getComputedStyle(canvas).getPropertyValue("--exchange");
	ink.lineWidth = 4;
	for (const corners of picture.codes) {
		ink.beginPath();
		for (let i = 0; i < corners.length; i += 2) ink.lineTo(corners[i] ?? 0, corners[i + 1] ?? 0);
		ink.closePath();
		ink.stroke();
	}
}

/** The camera's picture, asked for again and again while it is looked at, and kept nowhere. */
function usePicture(canvas: { current: HTMLCanvasElement | null }): { codes: number; fails: boolean } | undefined {
	const [seen, setSeen] = useState<{ codes: number; fails: boolean }>();
	useEffect(() => {
		let over = false;
		let timer: number | undefined;
		const ask = async (): Promise<void> => {
			try {
				const answer = await fetch("/camera");
				if (answer.status === 200 && canvas.current) {
					const picture = (await answer.json()) as Picture;
					draw(canvas.current, picture);
					setSeen({ codes: picture.codes.length, fails: false });
				} else if (!answer.ok) {
					setSeen({ codes: 0, fails: true });
				}
			} catch {
				// the daemon is away: the page says so by itself
			}
			if (!over) timer = window.setTimeout(() => void ask(), askEveryMs);
		};
		void ask();
		return () => {
			over = true;
			clearTimeout(timer);
		};
	}, []);
	return seen;
}

function CameraView(p: ViewProps): VNode {
	const canvas = useRef<HTMLCanvasElement>(null);
	const picture = usePicture(canvas);
	const words = !picture
		? t("Waiting for a picture")
		: picture.fails
			? t("There is no picture")
			: picture.codes > 0
				? t("{n} codes in sight", { n: picture.codes })
				: t("No code in sight");
	return (
		<Trial {...p} title={t("What the camera sees")}>
			<div class="camera">
				<canvas ref={canvas} width={320} height={180} role="img" aria-label={words} />
				<p role="status">{words}</p>
			</div>
		</Trial>
	);
}

interface BackProps extends ViewProps {
	onBack: () => void;
}

function Sound({ state, act, onBack }: BackProps): VNode {
	const levels = [t("Silent"), t("Soft"), t("Medium"), t("Loud"), t("Very loud")];
	return (
		<main class="moment">
			<Icon name="sound" />
			<h1>{t("How loud?")}</h1>
			<div class="levels" role="group" aria-label={t("How loud?")}>
				{levels.map((label, level) => (
					<Touch
						key={label}
						label={label}
						pressed={state.volume === level}
						onTouch={() => act("volume", { level })}
					/>
				))}
			</div>
			<div class="foot">
				<Touch kind="quiet" label={t("Back")} onTouch={onBack} />
			</div>
		</main>
	);
}

function SwitchOff({ state, act, onBack }: BackProps): VNode {
	const pending = state.link?.pending ?? 0;
	const back = (): void => {
		onBack();
		leave(act);
	};
	return (
		<main class="moment switch-off">
			<Icon name="power" />
			<h1>{t("Shut down?")}</h1>
			<p role="alert">
				{pending === 0
					? t("Everything is on the server")
					: t("{n} entries are only here. They stay on its card and are sent when it is on again", { n: pending })}
			</p>
			<div class="levels">
				{pending > 0 && <Touch icon="swap" kind="main" label={t("Sync now")} onTouch={() => act("sync")} />}
				<Touch
					icon="power"
					kind={pending === 0 ? "main" : "plain"}
					label={pending === 0 ? t("Shut down") : t("Shut down all the same")}
					onTouch={() => act("shutdown", { confirmed: pending > 0 })}
				/>
			</div>
			<div class="foot">
				<Touch kind="quiet" label={t("Back")} onTouch={back} />
			</div>
		</main>
	);
}

/** Back to the tiles, whatever the station said last. */
const leave = (act: Act): void => act("tool", { tool: "station" });
