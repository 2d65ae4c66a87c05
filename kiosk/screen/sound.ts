// Four results, four sounds, made here from sine waves: nothing to load, nothing to license.
import type { Sound } from "./state";

interface Note {
	hz: number;
	at: number; // seconds
	long: number;
}

const notes: Record<Sound, Note[]> = {
	done: [
		{ hz: 660, at: 0, long: 0.1 },
		{ hz: 880, at: 0.11, long: 0.13 },
	],
	exchange: [
		{ hz: 587, at: 0, long: 0.1 },
		{ hz: 740, at: 0.11, long: 0.1 },
		{ hz: 988, at: 0.22, long: 0.18 },
	],
	attention: [
		{ hz: 520, at: 0, long: 0.14 },
		{ hz: 520, at: 0.24, long: 0.14 },
	],
	stop: [{ hz: 196, at: 0, long: 0.6 }],
	tick: [{ hz: 1400, at: 0, long: 0.025 }],
	none: [],
};

/** By the level that staff chose; the third of four is the ordinary one. */
const peaks = [0, 0.06, 0.15, 0.35, 0.8];

let audio: AudioContext | undefined;

export function play(sound: Sound, volume = 3): void {
	const peak = peaks[volume] ?? 0.35;
	if (!notes[sound]?.length || peak === 0) return;
	try {
		audio ??= new AudioContext();
		if (audio.state === "suspended") void audio.resume();
		const start = audio.currentTime + 0.01;
		for (const note of notes[sound]) {
			const tone = audio.createOscillator();
			const level = audio.createGain();
			tone.type = sound === "stop" ? "triangle" : "sine";
			tone.frequency.value = note.hz;
			level.gain.setValueAtTime(0, start + note.at);
			level.gain.linearRampToValueAtTime(peak, start + note.at + 0.008);
			level.gain.setTargetAtTime(0, start + note.at + note.long * 0.6, note.long * 0.2);
			tone.connect(level).connect(audio.destination);
			tone.start(start + note.at);
			tone.stop(start + note.at + note.long + 0.3);
		}
	} catch {
		// no audio device: colour, shape and word still say it
	}
}
