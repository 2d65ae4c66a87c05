// The phone's clocks as an entry has them. A browser's steady clock may stop while the phone
// sleeps: when it and the wall clock part, a new "boot" begins, so that the server never adds an
// offset from before the sleep to a time from after it.
import { randomId } from "./bytes";

export interface Stamp {
	boot_id: string;
	boot_ms: number;
	wall_ms: number;
	quality: "ntp";
}

const apart = 2000;

export class Clock {
	private boot = randomId();
	private steady0 = performance.now();
	private wall0 = Date.now();

	now(): Stamp {
		const steady = performance.now();
		const wall = Date.now();
		if (Math.abs(wall - this.wall0 - (steady - this.steady0)) > apart) {
			this.boot = randomId();
			this.steady0 = steady;
			this.wall0 = wall;
		}
		return {
			boot_id: this.boot,
			boot_ms: Math.round(steady - this.steady0),
			wall_ms: wall,
			quality: "ntp",
		};
	}

	/** Of something earlier: in a boot of its own, so that only the wall clock says when. */
	at(wall_ms: number): Stamp {
		return { boot_id: randomId(), boot_ms: 0, wall_ms, quality: "ntp" };
	}
}
