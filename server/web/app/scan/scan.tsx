// The Scan tab: somebody's card by camera, by photo or by typed code; then what to remember.
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { ago } from "@web/dates";
import { key } from "@web/i18n";
import { Button, Icon } from "../../parts";
import { type Key, language, t } from "../../text";
import { cardReader } from "../data/details";
import { dismiss, retract } from "../data/model";
import type { Model } from "../data/types";
import { Camera, type CameraProblem, cameraProblem, decodePhoto, mayOpen } from "./camera";
import { CodeDialog } from "./code";
import { type Found, codeText } from "./decode";
import { NoteSheet } from "./note";
import { type Reading, type Refusal, readCode } from "./read";
import { type Recorded, byTie, now, record } from "./record";

type Stage =
	| { name: "start"; problem?: CameraProblem | "no-code" | "failed" }
	| { name: "live" }
	| { name: "reading" }
	| { name: "refused"; why: Refusal }
	| { name: "held" }
	| { name: "hit"; recorded: Recorded; reading: Exclude<Reading, { kind: "refused" }> };

const refusals: Record<Refusal, { title: Key; text: Key }> = {
	own: { title: key("This is your own card"), text: key("Hold it out to others: they scan it, and both of you have met.") },
	ticket: {
		title: key("This is a ticket code"),
		text: key("It is private: it signs its owner in. Ask for the card on their phone, or for their badge."),
	},
	pair: {
		title: key("This code pairs a phone"),
		text: key("It is shown by a station to one person. To pair your own phone, open it with the phone's camera."),
	},
	"foreign-event": {
		title: key("A badge of another event"),
		text: key("It says nothing here. Ask the person for their card: most phones can show one as a QR code."),
	},
	link: { title: key("This is a web address, no card"), text: key("Ask the person for their card: most phones can show one as a QR code.") },
	nothing: { title: key("There is no card in this code"), text: key("Ask the person for their card: most phones can show one as a QR code.") },
};

const problems: Record<CameraProblem | "no-code" | "failed", Key> = {
	denied: key("The camera is not allowed here. Allow it in the browser's settings for this address, or use a photo."),
	none: key("This device shows no camera. A photo or the typed code does the same."),
	insecure: key("The camera needs a secure address (https). A photo or the typed code does the same."),
	busy: key("The camera could not be opened. Another app may use it; close that and try again."),
	"no-code": key("No code was found on that photo. Go closer, hold still, and avoid reflections."),
	failed: key("The scanner could not be loaded. It needs a network the first time."),
};

const good = 250;
const bad = [100, 50, 100];
const forgetMs = 2000;

/** The code that was just dealt with stays in the picture for a while: it is not new. */
class Lately {
	private text = "";
	private seen = 0;
	isNew(text: string): boolean {
		const fresh = text !== this.text || Date.now() - this.seen > forgetMs;
		if (text === this.text) this.seen = Date.now();
		return fresh;
	}
	mark(text: string): void {
		this.text = text;
		this.seen = Date.now();
	}
}

function nameOf(stage: Stage & { name: "hit" }, model: Model): { name: string; work: string } {
	const person = byTie(model, stage.recorded.tie);
	const shown = stage.reading.details;
	const name = person?.name || shown?.name || "";
	const work = [person?.title || shown?.title, person?.organization || shown?.organization].filter(Boolean).join(" · ");
	return { name, work };
}

export function ScanTab({ model }: { model: Model; route: string[] }): VNode {
	const [stage, setStage] = useState<Stage>({ name: "start" });
	const [typing, setTyping] = useState(false);
	const [torch, setTorch] = useState<boolean>();
	const video = useRef<HTMLVideoElement>(null);
	const camera = useRef<Camera | undefined>(undefined);
	const lately = useRef(new Lately());
	const alive = useRef(true);

	const closeCamera = (): void => {
		camera.current?.close();
		camera.current = undefined;
		setTorch(undefined);
	};
	const deal = async (reading: Reading): Promise<void> => {
		if (reading.kind === "refused") {
			navigator.vibrate?.(bad);
			setStage({ name: "refused", why: reading.why });
			return;
		}
		const recorded = await record(now() ?? model, reading);
		navigator.vibrate?.(good);
		setStage({ name: "hit", recorded, reading });
	};
	const take = async (found: Found[]): Promise<void> => {
		const cards = await cardReader();
		const readings = found.map((code) => readCode(cards, code.bytes, now() ?? model));
		const best = readings.findIndex((one) => one.kind !== "refused");
		lately.current.mark(codeText(found[Math.max(0, best)]!.bytes));
		await deal(readings[Math.max(0, best)]!);
	};
	const open = async (): Promise<void> => {
		setStage({ name: "live" });
		try {
			// the element is drawn with the stage
			await new Promise((next) => requestAnimationFrame(next));
			if (!navigator.mediaDevices) throw new Error("insecure");
			if (!video.current) return;
			const opened = await Camera.open(video.current);
			if (!alive.current || camera.current) {
				opened.close();
				return;
			}
			camera.current = opened;
			setTorch(opened.hasTorch ? false : undefined);
			await opened.watch((found) => {
				const fresh = found.filter((code) => lately.current.isNew(codeText(code.bytes)));
				if (fresh.length === 0) return false;
				closeCamera();
				void take(fresh);
				return true;
			});
		} catch (e) {
			closeCamera();
			if (alive.current) setStage({ name: "start", problem: cameraProblem(e) });
		}
	};
	const photo = async (file: Blob): Promise<void> => {
		closeCamera();
		setStage({ name: "reading" });
		try {
			const found = await decodePhoto(file);
			if (found.length > 0) await take(found);
			else setStage({ name: "start", problem: "no-code" });
		} catch {
			setStage({ name: "start", problem: "failed" });
		}
	};

	// once allowed it opens by itself; nobody is asked before they have touched the button
	useEffect(() => {
		alive.current = true;
		void mayOpen().then((yes) => {
			if (yes && alive.current) void open();
		});
		const hidden = (): void => {
			if (document.hidden && camera.current) {
				closeCamera();
				setStage({ name: "start" });
			}
		};
		document.addEventListener("visibilitychange", hidden);
		return () => {
			alive.current = false;
			document.removeEventListener("visibilitychange", hidden);
			camera.current?.close();
			camera.current = undefined;
		};
	}, []);

	const next = (): void => {
		void open();
	};
	if (stage.name === "hit")
		return (
			<NoteSheet
				key={stage.recorded.tie}
				model={model}
				person={byTie(model, stage.recorded.tie)}
				{...nameOf(stage, model)}
				recorded={stage.recorded}
				onNext={next}
				onUndo={() => {
					if (stage.recorded.fresh) void retract(stage.recorded.tie);
					setStage({ name: "start" });
				}}
			/>
		);
	if (stage.name === "refused" || stage.name === "held")
		return (
			<section class="notice" role="alert">
				<Icon name={stage.name === "held" ? "clock" : "attention"} />
				<h1>{stage.name === "held" ? t("The code is kept") : t(refusals[stage.why].title)}</h1>
				<p>
					{stage.name === "held"
						? t("It is looked up when the phone has a network, and counts from now.")
						: t(refusals[stage.why].text)}
				</p>
				<Button kind="main" icon="scan" onClick={next}>
					{t("Scan again")}
				</Button>
				<Button kind="quiet" onClick={() => setStage({ name: "start" })}>
					{t("Close")}
				</Button>
			</section>
		);

	const others = (
		<div class="row scan-others">
			<label class="button button-plain file-button">
				<Icon name="camera" />
				{t("Use a photo")}
				<input
					type="file"
					accept="image/*"
					capture="environment"
					onChange={(event) => {
						const file = event.currentTarget.files?.[0];
						event.currentTarget.value = "";
						if (file) void photo(file);
					}}
				/>
			</label>
			<Button icon="edit" onClick={() => setTyping(true)}>
				{t("Type the code")}
			</Button>
		</div>
	);
	const dialog = typing && (
		<CodeDialog
			onClose={() => setTyping(false)}
			onHeld={() => {
				setTyping(false);
				closeCamera();
				setStage({ name: "held" });
			}}
			onId={(id) => {
				setTyping(false);
				closeCamera();
				const own = id === model.me.id || id === model.card.badge;
				void deal(own ? { kind: "refused", why: "own" } : { kind: "badge", id });
			}}
		/>
	);
	if (stage.name === "live")
		return (
			<section class="live">
				<h1 class="hidden-text">{t("Scan")}</h1>
				<div class="view">
					<video ref={video} muted playsInline aria-label={t("Picture of the camera")} />
					<span class="view-frame" aria-hidden="true" />
					{torch !== undefined && (
						<button
							type="button"
							class="view-torch"
							aria-pressed={torch}
							aria-label={t("Light")}
							onClick={() => {
								void camera.current?.torch(!torch);
								setTorch(!torch);
							}}
						>
							<Icon name="light" />
						</button>
					)}
				</div>
				<p class="view-hint">{t("Hold the code inside the frame")}</p>
				{others}
				{dialog}
			</section>
		);
	return (
		<section class="scan-start">
			<div class="scan-picture" aria-hidden="true">
				<Icon name="scan" />
			</div>
			<h1>{t("Scan somebody's card")}</h1>
			<p>{t("Their card on the phone, their badge, or any QR code with a contact in it. It is kept on this phone, also without a network.")}</p>
			{stage.name === "reading" ? (
				<p role="status" class="big-note">
					{t("Reading the photo…")}
				</p>
			) : (
				<>
					{stage.name === "start" && stage.problem && (
						<p class="problem" role="alert">
							{t(problems[stage.problem])}
						</p>
					)}
					<Button kind="main" icon="camera" onClick={next}>
						{t("Open the camera")}
					</Button>
					<p class="hint">{t("The browser asks once whether Kith may use it. Pictures never leave this phone.")}</p>
					{others}
				</>
			)}
			{model.pending.length > 0 && (
				<div class="panel">
					{model.pending.some((one) => !one.unknown) && (
						<h2>{t("{n} codes wait for a network", { n: model.pending.filter((one) => !one.unknown).length })}</h2>
					)}
					<ul class="waiting-codes">
						{model.pending.map((one) => (
							<li key={one.code}>
								<code>{one.code.replace(/^(.{5})/, "$1-")}</code>
								<span class="hint">{ago(Date.now() - one.at_ms, language())}</span>
								{one.unknown && (
									<>
										<span class="hint">{t("Nobody at this event has that code. Compare it once more.")}</span>
										<Button small onClick={() => void dismiss(one.entry)}>
											{t("Understood")}
										</Button>
									</>
								)}
							</li>
						))}
					</ul>
				</div>
			)}
			{dialog}
		</section>
	);
}
