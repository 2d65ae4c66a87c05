// The kiosk's screen. The daemon owns the truth; this page draws it and sends touches back.
import "./screen.css";
import "./idle.css";
import "./results.css";
import "./note.css";
import "./staff.css";
import "./station.css";
import "./setup.css";
import { type VNode, render } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Closed, Help, Idle, Reading, Reconnecting, Starting } from "./idle";
import { Live } from "./live";
import { Note } from "./note";
import { Pairing } from "./pair";
import { Corner } from "./parts";
import { Exchanged, Guest, Refused, Welcome, Whose } from "./results";
import { Setup } from "./setup";
import { play } from "./sound";
import { Staff } from "./staff";
import type { ScreenName, State, ViewProps } from "./state";
import { useLanguage } from "./text";

const views: Record<ScreenName, (p: ViewProps) => VNode> = {
	starting: Starting,
	closed: Closed,
	idle: Idle,
	reading: Reading,
	welcome: Welcome,
	whose: Whose,
	exchange: Exchanged,
	note: Note,
	guest: Guest,
	refused: (p) => (p.state.reason === "help" ? <Help {...p} /> : <Refused {...p} />),
	pair: Pairing,
	staff: Staff,
	setup: Setup,
};

/** A touch anywhere but on a button asks for more time, at most once a second. */
function useMoreTime(live: Live): void {
	useEffect(() => {
		let last = 0;
		const more = (event: Event): void => {
			if (event.target instanceof Element && event.target.closest(".touch, .key-done")) return;
			if (event.timeStamp - last < 1000) return;
			last = event.timeStamp;
			live.act("touch");
		};
		addEventListener("pointerdown", more);
		return () => removeEventListener("pointerdown", more);
	}, [live]);
}

function Screen(): VNode {
	const [state, setState] = useState<State | undefined>();
	const [lost, setLost] = useState(false);
	const live = useRef<Live | undefined>(undefined);
	live.current ??= new Live(setState, setLost);
	const played = useRef<number | undefined>(undefined);

	useEffect(() => live.current?.connect(), []);
	useMoreTime(live.current);
	useEffect(() => {
		if (!state) return;
		// what was there before this page was is not announced again
		if (played.current !== undefined && played.current !== state.rev) play(state.sound ?? "none", state.volume);
		played.current = state.rev;
	}, [state]);

	useLanguage(state?.lang ?? "en");
	if (lost || !state) return lost ? <Reconnecting /> : <Starting />;
	const View = views[state.screen] ?? Closed;
	return (
		<div class={`screen screen-${state.screen}`} data-rev={state.rev}>
			{state.screen !== "setup" && <Corner state={state} />}
			<View key={viewKey(state)} state={state} act={live.current.act} />
		</div>
	);
}

/** A new person starts with a fresh view: nothing half typed is left from the one before. */
const viewKey = (state: State): string =>
	[state.screen, state.person?.name, state.other?.name, state.note_side, state.staff, state.tool, state.setup?.step].join("\n");

addEventListener("contextmenu", (event) => event.preventDefault());
const root = document.getElementById("app");
if (root) render(<Screen />, root);
