// The wire to the daemon: state comes by server-sent events, touches go back as small POSTs.
import type { State } from "./state";

/** Well below the patience of kith-screen, which starts a browser without a listening page again. */
const retryMs = 300;
/** A lost daemon is shown after this long: a shorter gap would only flicker. */
const patienceMs = 1200;

export class Live {
	private patience: number | undefined;
	private rev = 0;
	private sending: Promise<void> = Promise.resolve();

	constructor(
		private onState: (state: State) => void,
		private onLost: (lost: boolean) => void,
	) {}

	connect(): void {
		const source = new EventSource("/events");
		source.addEventListener("state", (event) => {
			let state: State;
			try {
				state = JSON.parse((event as MessageEvent<string>).data) as State;
			} catch {
				return; // a torn message: the next one is whole again
			}
			this.rev = state.rev;
			this.found();
			this.onState(state);
		});
		source.addEventListener("error", () => {
			source.close();
			this.lost();
			setTimeout(() => this.connect(), retryMs);
		});
	}

	private found(): void {
		clearTimeout(this.patience);
		this.patience = undefined;
		this.onLost(false);
	}

	private lost(): void {
		this.patience ??= window.setTimeout(() => this.onLost(true), patienceMs);
	}

	/**
	 * In order, one at a time, with the revision that the person saw when touching: the daemon
	 * answers 409 to a touch that belongs to an earlier screen, and nothing happens.
	 */
	act = (name: string, fields: Record<string, unknown> = {}): void => {
		const rev = this.rev;
		this.sending = this.sending
			.then(() =>
				fetch("/act", {
					method: "POST",
					headers: { "Content-Type": "application/json" },
					body: JSON.stringify({ rev, act: name, ...fields }),
				}),
			)
			.then(
				() => undefined,
				() => this.lost(),
			);
	};
}
