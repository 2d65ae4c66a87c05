// The first start: language, network and time zone, enrolment code, and whether everything works.
import type { ComponentChildren, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { key } from "@web/i18n";
import { Languages } from "./idle";
import { Keyboard } from "./keyboard";
import { Touch, hasCamera } from "./parts";
import { Icon, Waves } from "./shapes";
import type { SetupState, ViewProps } from "./state";
import { type Key, t } from "./text";
import { Zones } from "./zones";

interface StepProps extends ViewProps {
	setup: SetupState;
}

export function Setup(p: ViewProps): VNode {
	const { setup } = p.state;
	if (!setup) return <Busy text={t("Starting")} />;
	const props = { ...p, setup };
	if (setup.busy) return <Busy text={t("One moment")} small={t("The station is being set up")} />;
	if (setup.step === "language") return <Language {...props} />;
	if (setup.step === "network") return <Network {...props} />;
	return setup.step === "code" ? <Enrolment {...props} /> : <Check {...props} />;
}

const Busy = ({ text, small }: { text: string; small?: string }): VNode => (
	<main class="moment" aria-live="polite">
		<Waves />
		<h1>{text}</h1>
		{small && <p>{small}</p>}
	</main>
);

interface FrameProps {
	title: string;
	problem?: string;
	children: ComponentChildren;
	foot: ComponentChildren;
}

const Frame = (p: FrameProps): VNode => (
	<main class="setup">
		<h1>{p.title}</h1>
		{p.problem && (
			<p class="message tone-attention" role="alert">
				{p.problem}
			</p>
		)}
		<div class="setup-body">{p.children}</div>
		<div class="foot">{p.foot}</div>
	</main>
);

const problems: Record<string, Key> = {
	code_refused: key("The server does not take this code. It works once, for ten minutes: make a new one"),
	code_length: key("The code has 16 characters"),
	server_unreachable: key("The server cannot be reached. Is the network there, and the address right?"),
	wifi_password_length: key("A Wi-Fi password has 8 to 63 characters"),
	wifi_name_length: key("This name of a network is too long"),
	wifi_name_missing: key("A Wi-Fi password without the name of its network"),
	not_wiped: key("All is applied, but kith.txt could not be wiped: remove it from the card"),
	wifi_country_unknown: key("The country has two letters"),
	time_zone_unknown: key("This time zone is not known"),
	line_unknown: key("Line {n} of the settings is not understood. Comments and empty lines do not count"),
	role_unknown: key("The role is door, lounge, mixed or booth"),
	staff_pin_digits: key("The staff PIN has 4 to 8 digits"),
	server_missing: key("There is a code, but no address of the server"),
	not_kept: key("The settings cannot be written to the card"),
};

function problemWords({ problem, text }: SetupState): string {
	if (!problem || problem === "-") return "";
	// of the text, which is English, the number of the line
	const n = /\d+/.exec(text)?.[0] ?? "?";
	return problems[problem] ? t(problems[problem]!, { n }) : text || t("That did not work");
}

const Language = (p: StepProps): VNode => (
	<Frame
		title={t("A new station")}
		problem={problemWords(p.setup)}
		foot={
			<Touch
				kind="main"
				label={t("Next")}
				onTouch={() => p.act("step", { step: p.setup.system ? "network" : "code" })}
			/>
		}
	>
		<p>{t("Which language does it speak?")}</p>
		<Languages {...p} />
	</Frame>
);

type Ask = "list" | "name" | "password" | "country" | "zone";

/**
 * Everything is sent at once, at the end: the system starts this station again with it. Each
 * question has a keyboard of its own (by its key), so that no password is carried into the next.
 */
function Network({ act, setup }: StepProps): VNode {
	const [ask, setAsk] = useState<Ask>("list");
	const [name, setName] = useState("");
	const [password, setPassword] = useState("");
	const [country, setCountry] = useState("");
	const choose = (chosen: string): void => {
		setName(chosen);
		setAsk("password");
	};

	if (ask === "name")
		return (
			<Keyboard key={ask} plain title={t("Name of the network")} text={name} max={32} done={t("Next")} onDone={choose} onBack={() => setAsk("list")} />
		);
	if (ask === "password")
		return (
			<Keyboard
				key={ask}
				plain
				secret
				title={t("Password of {name}. Leave it empty if there is none", { name })}
				text=""
				max={63}
				done={t("Next")}
				onDone={(typed) => {
					setPassword(typed);
					setAsk("country");
				}}
				onBack={() => setAsk("list")}
			/>
		);
	if (ask === "country")
		return (
			<Keyboard
				key={ask}
				plain
				title={t("Country in two letters, such as DE: it sets the channels that are allowed")}
				text={country}
				max={2}
				done={t("Next")}
				onDone={(typed) => {
					setCountry(typed.trim().toUpperCase());
					setAsk("zone");
				}}
				onBack={() => setAsk("list")}
			/>
		);
	if (ask === "zone")
		return (
			<Zones
				now={setup.zone}
				onBack={() => setAsk("list")}
				onDone={(zone) => {
					act("system", { ...(name ? { wifi: { name, password, country } } : {}), zone });
					setPassword("");
				}}
			/>
		);
	return (
		<Frame
			title={t("Which network?")}
			problem={problemWords(setup)}
			foot={
				<>
					<Touch kind="quiet" label={t("Back")} onTouch={() => act("step", { step: "language" })} />
					<Touch
						kind="main"
						label={t("By cable")}
						onTouch={() => {
							setName("");
							setAsk("zone");
						}}
					/>
				</>
			}
		>
			<div class="choices">
				{setup.networks.slice(0, 5).map((network) => (
					<Touch key={network} label={<bdi>{network}</bdi>} onTouch={() => choose(network)} />
				))}
				<Touch icon="write" label={t("Type its name")} onTouch={() => setAsk("name")} />
			</div>
		</Frame>
	);
}

const codeLength = 16;
// Crockford's base32: nothing that is mistaken for something else
const codeKeys = ["01234567", "89ABCDEF", "GHJKMNPQ", "RSTVWXYZ"];

const clean = (code: string): string => code.toUpperCase().replace(/[^0-9A-Z]/g, "");

const grouped = (code: string): string =>
	code
		.padEnd(codeLength, "·")
		.replace(/(.{4})(?=.)/g, "$1 ");

function Enrolment({ act, setup }: StepProps): VNode {
	const [code, setCode] = useState(clean(setup.code));
	const [server, setServer] = useState(setup.server);
	const [typing, setTyping] = useState(false);
	// a code that was held before the camera comes with its server
	useEffect(() => {
		if (setup.code) {
			setCode(clean(setup.code));
			// an address half typed would send this code to another server
			setTyping(false);
		}
		if (setup.server) setServer(setup.server);
	}, [setup.code, setup.server]);

	if (typing)
		return (
			<Keyboard
				plain
				title={t("Address of the server")}
				text={server || "https://"}
				max={100}
				done={t("Next")}
				onDone={(typed) => {
					setServer(typed.trim());
					setTyping(false);
				}}
				onBack={() => setTyping(false)}
			/>
		);
	return (
		<main class="enrol">
			<div class="enrol-head">
				<h1>{t("Enrolment code")}</h1>
				<p>{t("Type it, or hold its QR code before the camera")}</p>
			</div>
			{problemWords(setup) && (
				<p class="message tone-attention" role="alert">
					{problemWords(setup)}
				</p>
			)}
			<p class="enrol-code" aria-live="polite" dir="ltr">
				{grouped(code)}
			</p>
			{codeKeys.map((row) => (
				<div class="keys" dir="ltr" key={row}>
					{[...row].map((letter) => (
						<button
							type="button"
							class="key"
							key={letter}
							disabled={code.length >= codeLength}
							onClick={() => setCode(code + letter)}
						>
							{letter}
						</button>
					))}
				</div>
			))}
			<div class="keys">
				<button type="button" class="key key-word" onClick={() => act("step", { step: "language" })}>
					{t("Back")}
				</button>
				<button type="button" class="key key-server" onClick={() => setTyping(true)}>
					<bdi>{server ? server.replace(/^https:\/\//, "") : t("Address of the server")}</bdi>
				</button>
				<button type="button" class="key key-word" aria-label={t("Delete the last letter")} onClick={() => setCode(code.slice(0, -1))}>
					<Icon name="back" />
				</button>
				<button
					type="button"
					class="key key-done"
					disabled={code.length !== codeLength || !server}
					onClick={() => act("enrol", { server, code })}
				>
					{t("Enrol")}
				</button>
			</div>
		</main>
	);
}

/** What stands in a reader's way (core/nfc/hints.h), for who cannot open a terminal here. */
const hints: Record<string, Key> = {
	"access": key("The station may not use this line: the package kith-kiosk gives it the right"),
	"console": key("The system's console is on the reader's line. Take it off in raspi-config, Serial port"),
	"latency": key("The adapter answers slowly (its latency timer). It works, but taps take longer"),
	"mini-uart": key("This line changes its speed. Write enable_uart=1 to config.txt on the card"),
	"modules": key("The system's own NFC driver has taken the reader. Start the station anew"),
	"pcscd": key("Another program, pcscd, has taken the reader. Remove it"),
};

function ReaderLine({ name, state, text, hint }: { name: string; state: string; text?: string; hint?: string }): VNode {
	const good = state === "ready";
	return (
		<li class={good ? "check-good" : "check-bad"}>
			<Icon name={good ? "check" : "cross"} />
			<span>
				<strong>
					<bdi>{name}</bdi>
					{": "}
					{good ? t("ready") : state === "starting" ? t("Starting") : t("not answering. Is its cable in?")}
				</strong>
				{!good && <span class="check-why">{hint ? t(hints[hint] ?? key("Please tell the organizer")) : <bdi>{text}</bdi>}</span>}
			</span>
		</li>
	);
}

function Check({ state, act, setup }: StepProps): VNode {
	const readers = state.readers ?? [];
	const { test } = state;
	return (
		<Frame
			title={t("It is enrolled. Does everything work?")}
			problem={problemWords(setup)}
			foot={<Touch kind="main" label={t("Finish")} onTouch={() => act("finish")} />}
		>
			<ul class="checks">
				{readers.slice(0, 3).map((reader) => (
					<ReaderLine key={reader.name} {...reader} hint={setup.hints.find((one) => one.reader === reader.name)?.hint} />
				))}
				{!hasCamera(state) && (
					<li class="check-bad">
						<Icon name="cross" />
						<span>{t("No camera is set up. Badges work without one")}</span>
					</li>
				)}
			</ul>
			<p class="setup-try" role="status">
				{test
					? test.seen === "chip"
						? t("{reader} has seen a chip: {tag}", { reader: test.reader, tag: test.tag ?? "?" })
						: t("{reader} has seen a code of {n} bytes", { reader: test.reader, n: test.bytes })
					: t("Try it: hold a badge on the reader, or a QR code before the camera")}
			</p>
		</Frame>
	);
}
