// The model as the screens use it: one store, its current state, and who wants to hear of a new one.
import { useEffect, useState } from "preact/hooks";
import type { EntryKind, Model, Payload, Phase } from "./types";

interface State {
	phase: Phase;
	model?: Model;
}

let state: State = { phase: "starting" };
const listeners = new Set<() => void>();

export function publish(next: State): void {
	state = next;
	for (const listener of [...listeners]) listener();
}

export const current = (): State => state;

/** Whether there is somebody signed in, and their model. */
export function useApp(): State {
	const [now, setNow] = useState(state);
	useEffect(() => {
		const changed = (): void => setNow(state);
		listeners.add(changed);
		changed();
		return () => {
			listeners.delete(changed);
		};
	}, []);
	return now;
}

/** Only inside the tabs, which are not drawn without a model. */
export function useModel(): Model {
	const { model } = useApp();
	if (!model) throw new Error("no model yet");
	return model;
}

export interface NewItem {
	/** Made by entryId() where another entry of the same write names it. */
	id?: string;
	kind: EntryKind;
	payload: Payload;
	/** When it happened, where that was not now. */
	at_ms?: number;
	/** Where its payload does not say it (events.ts). */
	event?: number;
}

/** What moves the data; set by start() of station.ts. */
export interface Engine {
	write(kind: EntryKind, payload: Payload): Promise<string>;
	writeAll(news: NewItem[]): Promise<string[]>;
	sync(): Promise<void>;
	signOut(how?: "lose"): Promise<void>;
	reloadAccount(): Promise<void>;
	download(): Promise<Blob>;
	hold(code: string, at_ms: number): Promise<void>;
	at(event: number): Promise<void>;
	dismiss(entry: string): Promise<void>;
}

let engine: Engine | undefined;
export const setEngine = (to: Engine): void => {
	engine = to;
};
const running = (): Engine => {
	if (!engine) throw new Error("not started");
	return engine;
};

/**
 * One more entry of the owner's: committed to this phone's store, shown in the next model, and sent
 * when it can be. The entry's id.
 */
export const write = (kind: EntryKind, payload: Payload): Promise<string> => running().write(kind, payload);

/** Several entries, all or none. */
export const writeAll = (news: NewItem[]): Promise<string[]> => running().writeAll(news);

/** Take back an own entry, and what hangs on it. */
export const retract = (entry: string): Promise<string> => running().write("retract", { of: entry });

/** A setting replaces all former values of its name. */
export const setSetting = (name: string, value: string): Promise<string> => {
	const { model } = state;
	return running().write("setting", {
		owner: model?.me.id,
		name,
		value,
		...(model?.settingAfter[name] ? { after: model.settingAfter[name] } : {}),
	});
};

/** Send and fetch now; resolves when that is over, however it went (model.sync says). */
export const syncNow = (): Promise<void> => running().sync();

/** Refused with UnsentError while entries are unsent, unless they are to be lost. */
export const signOut = (how?: "lose"): Promise<void> => running().signOut(how);

/** Read GET /v1/me again: after a change there that is not an entry. */
export const reloadAccount = (): Promise<void> => running().reloadAccount();

/** The unsent entries as a file, for whoever signs out without a network. */
export const unsentFile = (): Promise<Blob> => running().download();

/** A short code that waits to be looked up, with the time at which it was typed. */
export const holdCode = (code: string, at_ms = Date.now()): Promise<void> => running().hold(code, at_ms);

/** Where the owner is now, of their events. */
export const goTo = (event: number): Promise<void> => running().at(event);

/** A refusal was read and understood. */
export const dismiss = (entry: string): Promise<void> => running().dismiss(entry);
