// A real kiosk at a House, with a camera's folder for its only reader: tickets are shown to it.
import fs from 'node:fs';
import path from 'node:path';
import { bin, run } from './chip.mjs';
import { must, Screen, Service, until } from './world.mjs';

/** libfaketime's environment: the process believes this wall clock; its boot clock stays true. */
export function fakeClock(at) {
	for (const folder of fs.readdirSync('/usr/lib')) {
		const file = path.join('/usr/lib', folder, 'faketime', 'libfaketime.so.1');
		if (fs.existsSync(file))
			return { LD_PRELOAD: file, FAKETIME: at, FAKETIME_DONT_FAKE_MONOTONIC: '1', TZ: 'UTC' };
	}
	throw new Error('libfaketime is not installed (Debian package faketime)');
}

export class CameraKiosk {
	/** options: url (default the house's), config (further lines), name. Not enrolled, not running. */
	constructor(house, { url = house.origin, config = [], name = 'kiosk' } = {}) {
		this.house = house;
		this.url = url;
		this.dir = path.join(house.dir, name);
		this.state = path.join(this.dir, 'state');
		this.camera = path.join(this.dir, 'camera');
		this.configFile = path.join(this.dir, 'kiosk.conf');
		this.log = '';
		this.shots = 0;
		for (const folder of [this.dir, this.state, this.camera])
			fs.mkdirSync(folder, { mode: 0o700 });
		fs.writeFileSync(this.configFile, [`state_dir = ${this.state}`, 'screen_listen = 127.0.0.1:0', 'role = door',
			`reader = frames ${this.camera}`, ...config, ''].join('\n'));
	}

	/** What enrolling with this code says: { status, out, err }. */
	async tryEnrol(code, { url = this.url, env } = {}) {
		return run(path.join(bin, 'kith-kiosk'), ['--config', this.configFile, 'enrol', url, code ?? await this.house.enrolCode()], { env });
	}

	async enrol(options) {
		const said = await this.tryEnrol(undefined, options);
		if (said.status !== 0)
			throw new Error(`enrol: ${said.status} ${said.err}`);
		return said;
	}

	get identityFile() {
		return path.join(this.state, 'identity.json');
	}

	get identity() {
		return JSON.parse(fs.readFileSync(this.identityFile, 'utf8'));
	}

	/** closed: it will not get as far as idle. */
	async run({ env, closed = false } = {}) {
		this.service = await Service.start('kith-kiosk', ['--config', this.configFile, 'run'], { env });
		this.screen = await Screen.open(this.service.address);
		if (!closed)
			await this.screen.see('a ready camera', (s) => s.screen === 'idle' && s.readers.every((r) => r.state === 'ready'));
		return this;
	}

	/** What it said so far, in this run and those before. */
	get said() {
		return this.log + (this.service?.log ?? '');
	}

	async end(signal = 'SIGTERM') {
		if (!this.service)
			return undefined;
		this.screen.close();
		const how = await this.service.stop(signal);
		this.log += this.service.log;
		this.service = undefined;
		return how;
	}

	online(ms = 40000) {
		return this.screen.see('a server', (s) => s.link.server === 'ok', ms);
	}

	async metric(name) {
		const text = await (await fetch(`${this.screen.origin}/metrics`)).text();
		return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
	}

	/** Knows whom to expect. */
	ready(people = 1) {
		return until('the roster', async () => await this.metric('kith_kiosk_roster') >= people, 40000);
	}

	synced(ms = 40000) {
		return this.screen.see('nothing pending', (s) => s.link.server === 'ok' && s.link.pending === 0, ms);
	}

	async show(text) {
		const name = `shot-${String(++this.shots).padStart(6, '0')}.png`;
		await must('kith-badge', ['qr', '--out', path.join(this.dir, name), '--module', '6', '-'], { input: text });
		fs.renameSync(path.join(this.dir, name), path.join(this.camera, name));
	}

	/** Show a ticket (House.tickets) to the camera; the screen that follows. */
	async checkIn(ticket, ...shows) {
		const wanted = shows.length ? shows : ['welcome'];
		const answer = this.screen.answer(wanted.join(' or '), (s) => wanted.includes(s.screen));
		await this.show(ticket.url);
		return answer;
	}

	async entries() {
		const out = await must('kith-kiosk', ['--config', this.configFile, 'log', '--json']);
		return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
	}
}
