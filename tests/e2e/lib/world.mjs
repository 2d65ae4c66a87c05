// A whole event on this machine: server, simulated reader, kiosk, badges. For the demo, the
// end-to-end tests and the benches. Everything real but the chip's silicon and the camera's lens.
import { spawn } from 'node:child_process';
import crypto from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { bin, Chip, run } from './chip.mjs';

export const attendees = [
	{ key: 'ana', name: 'Ana Müller', organization: 'Kestrel Robotics', title: 'Firmware lead', email: 'ana@example.org',
		phone: '+49 30 5550101', lang: 'en', chip: 'ntag215', card: true, followups: true, contact: true },
	{ key: 'ben', name: 'Ben Kowalski', organization: 'Harbour Labs', title: 'Compiler engineer', email: 'ben@example.org',
		phone: '+48 22 555 0102', lang: 'en', chip: 'ntag213', card: true, followups: false, contact: false },
	{ key: 'chidi', name: 'Chidi Okafor', organization: 'Lagos Systems', title: 'SRE', email: 'chidi@example.org',
		phone: '+234 1 555 0103', lang: 'en', chip: 'ntag213', card: false, followups: false, contact: false },
	{ key: 'dora', name: 'Dóra Szabó', organization: 'Tisza Data', title: 'Database designer', email: 'dora@example.org',
		phone: '+36 1 555 0104', lang: 'de', chip: 'ntag216', card: true, followups: true, contact: false },
	{ key: 'elif', name: 'Elif Yılmaz', organization: 'Bosphorus Audio', title: 'DSP engineer', email: 'elif@example.org',
		phone: '+90 212 555 0105', lang: 'en', chip: 'ntag213', card: false, followups: true, contact: true },
	{ key: 'farid', name: 'Farid Haddad', organization: 'Cedar Cloud', title: 'Founder', email: 'farid@example.org',
		phone: '+961 1 555 106', lang: 'en', chip: 'ntag215', card: true, followups: false, contact: true },
];

/** People without a badge: what their QR code says. */
export const guests = [
	{ key: 'li-wei', label: 'Li Wei (vCard 3.0)', text: ['BEGIN:VCARD', 'VERSION:3.0', 'N:李;伟;;;', 'FN:Li Wei 李伟',
		'ORG:Acme', 'TITLE:Kernel engineer', 'EMAIL:li.wei@example.org', 'TEL:+86 10 5550 1001', 'END:VCARD', ''].join('\r\n') },
	{ key: 'noor', label: 'Noor (MECARD)', text: 'MECARD:N:Rahman,Noor;ORG:Delta Maps;TEL:+880255501002;EMAIL:noor@example.org;;' },
	{ key: 'jose', label: 'José (vCard 2.1)', text: ['BEGIN:VCARD', 'VERSION:2.1',
		'N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:N=C3=BA=C3=B1ez;Jos=C3=A9', 'FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Jos=C3=A9 N=C3=BA=C3=B1ez',
		'ORG:Faro', 'EMAIL;INTERNET:jose@example.org', 'END:VCARD', ''].join('\r\n') },
];

export const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/** Asks again until what it gives is true; throws with what at the end. */
export async function until(what, ask, ms = 60000) {
	const end = Date.now() + ms;
	let last;
	for (;;) {
		try {
			last = await ask();
			if (last)
				return last;
		} catch (error) {
			last = error;
		}
		if (Date.now() > end)
			throw new Error(`waited in vain for ${what}${last instanceof Error ? `: ${last.message}` : ''}`);
		await sleep(25);
	}
}

export async function freePort() {
	const server = net.createServer();
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	const { port } = server.address();
	await new Promise((done) => server.close(done));
	return port;
}

/** Runs one of our programs to its end; throws with its words when it fails. */
export async function must(program, args, options) {
	const result = await run(path.join(bin, program), args, options);
	if (result.status !== 0)
		throw new Error(`${program} ${args.join(' ')}: exit ${result.status}\n${result.err}${result.out}`);
	return result.out;
}

/** A program that serves: started, ready, stopped. */
export class Service {
	static async start(program, args, { env = {}, quiet = true } = {}) {
		const service = new Service();
		service.name = program;
		service.log = '';
		service.process = spawn(path.join(bin, program), args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
		service.process.stderr.setEncoding('utf8').on('data', (text) => {
			service.log += text;
			if (!quiet)
				process.stderr.write(text);
		});
		service.ended = new Promise((done) => service.process.on('close', (status, signal) => {
			service.over = true;
			done({ status, signal });
		}));
		service.address = await new Promise((resolve, reject) => {
			service.process.on('error', reject);
			createInterface({ input: service.process.stdout }).on('line', (line) => {
				if (line.startsWith('ready '))
					resolve(line.slice(6).trim());
			});
			service.ended.then(({ status, signal }) =>
				reject(new Error(`${program} ended (${status ?? signal}) before it was ready:\n${service.log}`)));
		});
		return service;
	}

	async stop(signal = 'SIGTERM') {
		if (!this.over)
			this.process.kill(signal);
		return this.ended;
	}
}

/** Each Set-Cookie; Debian's Node 18 only has them joined by commas. Ours hold none but between them. */
function setCookies(headers) {
	if (headers.getSetCookie)
		return headers.getSetCookie();
	return (headers.get('set-cookie') ?? '').split(/,\s*(?=[^;,\s]+=)/).filter(Boolean);
}

/** Cookies by hand: what a browser would keep for one origin. */
export class Session {
	constructor(origin) {
		this.origin = origin;
		this.cookies = new Map();
		this.heard = []; // every answer: { method, target, status, text }
	}

	async request(method, target, body, headers = {}) {
		const answer = await fetch(this.origin + target, {
			method,
			redirect: 'manual',
			headers: {
				...(body === undefined ? {} : { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json' }),
				...(method === 'GET' ? {} : { origin: this.origin }),
				...(this.cookies.size ? { cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
				...headers,
			},
			body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
		});
		for (const line of setCookies(answer.headers)) {
			const [pair] = line.split(';');
			const at = pair.indexOf('=');
			if (/max-age=0/i.test(line))
				this.cookies.delete(pair.slice(0, at));
			else
				this.cookies.set(pair.slice(0, at), pair.slice(at + 1));
		}
		const text = await answer.text();
		let json;
		try {
			json = JSON.parse(text);
		} catch {
			json = undefined;
		}
		this.heard.push({ method, target, status: answer.status, text });
		return { status: answer.status, headers: answer.headers, text, json };
	}

	get(target) {
		return this.request('GET', target);
	}

	post(target, body = {}) {
		return this.request('POST', target, body);
	}

	/** As get and post, but anything other than 2xx is an error. */
	async good(method, target, body) {
		const answer = await this.request(method, target, body);
		if (answer.status < 200 || answer.status > 299)
			throw new Error(`${method} ${target}: ${answer.status} ${answer.text.slice(0, 300)}`);
		return answer.json ?? answer.text;
	}
}

/** The kiosk's screen as its page sees it: the newest state, and touches. */
export class Screen {
	static async open(address) {
		const screen = new Screen();
		screen.origin = `http://${address}`;
		screen.states = [];
		screen.abort = new AbortController();
		const answer = await fetch(`${screen.origin}/events`, { signal: screen.abort.signal });
		screen.reading = screen.#read(answer.body).catch(() => {});
		await until('the screen', () => screen.state);
		return screen;
	}

	async #read(body) {
		let text = '';
		for await (const piece of body.pipeThrough(new TextDecoderStream())) {
			text += piece;
			for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
				const data = text.slice(0, end).split('\n').filter((l) => l.startsWith('data:')).map((l) => l.slice(5)).join('\n');
				if (!data)
					continue;
				this.state = JSON.parse(data);
				this.states.push(this.state);
			}
		}
	}

	/** Waits for a state for which ask is true: that of now, or one that follows, however soon it is over. */
	see(what, ask, ms) {
		let next = this.states.length - 1;
		const found = () => {
			while (next < this.states.length) {
				const state = this.states[next++];
				if (ask(state))
					return state;
			}
			return undefined;
		};
		return until(`the screen to show ${what} (it shows ${this.state?.screen})`, found, ms)
			.catch((error) => {
				throw new Error(`${error.message}; now: ${JSON.stringify(this.state)}`);
			});
	}

	shows(name, ms) {
		return this.see(`"${name}"`, (s) => s.screen === name, ms);
	}

	/** As see, of what a badge or a code does that comes now: call it before. */
	answer(what, ask = () => true, ms) {
		const before = this.state.seen_ns;
		return this.see(what, (s) => s.seen_ns && s.seen_ns !== before && ask(s), ms);
	}

	async act(name, more = {}) {
		const answer = await fetch(`${this.origin}/act`, {
			method: 'POST',
			headers: { 'content-type': 'application/json', origin: this.origin },
			body: JSON.stringify({ act: name, rev: this.state.rev, ...more }),
		});
		if (!answer.ok)
			throw new Error(`act ${name}: ${answer.status} ${await answer.text()}`);
	}

	close() {
		this.abort.abort();
	}
}

/** A cable between kiosk and server that can be pulled. */
export class Cable {
	static async between(port) {
		const cable = new Cable();
		cable.sockets = new Set();
		cable.connections = 0; // so far
		cable.cut = false;
		cable.server = net.createServer((near) => {
			if (cable.cut) {
				near.destroy();
				return;
			}
			cable.connections++;
			const far = net.connect(port, '127.0.0.1');
			for (const [from, to] of [[near, far], [far, near]]) {
				cable.sockets.add(from);
				from.on('close', () => {
					cable.sockets.delete(from);
					to.destroy();
				}).on('error', () => to.destroy());
				from.pipe(to);
			}
		});
		await cable.listen(0);
		return cable;
	}

	async listen(port) {
		await new Promise((done) => this.server.listen(port, '127.0.0.1', done));
		this.port = this.server.address().port;
	}

	/** Nothing goes through, nothing answers. */
	async pull() {
		this.cut = true;
		const closed = new Promise((done) => this.server.close(done));
		for (const socket of this.sockets)
			socket.destroy();
		await closed;
	}

	async plug() {
		this.cut = false;
		await this.listen(this.port);
	}

	async stop() {
		if (!this.cut)
			await this.pull();
	}
}

export class World {
	/**
	 * options: event (its name), role, people, guests, timing of the chip, config (further kiosk
	 * lines), frames (a camera's folder, default yes), quiet, serverArgs.
	 */
	static async start(options = {}) {
		const world = new World();
		Object.assign(world, { people: attendees, guests, role: 'mixed', frames: true, quiet: true, serverArgs: [], config: [] }, options);
		world.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-'));
		world.store = path.join(world.dir, 'store');
		world.state = path.join(world.dir, 'kiosk');
		world.camera = path.join(world.dir, 'camera');
		fs.mkdirSync(world.state, { mode: 0o700 });
		fs.mkdirSync(world.camera);
		try {
			await world.#openEvent();
			await world.startServer();
			await world.#signInOrganizer();
			world.cable = await Cable.between(world.port);
			world.chip = await Chip.start({ dir: world.dir, timing: options.timing ?? 'none' });
			await world.#encodeBadges();
			await world.#enrolKiosk();
			await world.startKiosk();
			await world.roster();
			return world;
		} catch (error) {
			await world.stop();
			throw error;
		}
	}

	cli(...args) {
		return must('kith-server', ['--store', this.store, ...args]);
	}

	async #openEvent() {
		this.port = await freePort();
		this.origin = `http://127.0.0.1:${this.port}`;
		this.host = `127.0.0.1:${this.port}`;
		this.event = (await this.cli('event', 'add', this.eventName ?? 'C Meetup', '--host', this.host,
			'--topic', 'SQLite', '--topic', 'Hiring', '--topic', 'Compilers', '--topic', 'Music')).trim().split(/\s+/)[0];
		const list = path.join(this.dir, 'attendees.csv');
		const yes = (flag) => (flag ? 'yes' : 'no');
		fs.writeFileSync(list, ['name,organization,title,email,phone,lang,consent_card,consent_followups,consent_contact',
			...this.people.map((p) => [p.name, p.organization, p.title, p.email, p.phone, p.lang, yes(p.card), yes(p.followups), yes(p.contact)]
				.map((cell) => `"${cell}"`).join(','))].join('\n') + '\n');
		await this.cli('import', this.event, list);
	}

	async startServer() {
		this.server = await Service.start('kith-server', ['--store', this.store, 'run', '--listen', `127.0.0.1:${this.port}`,
			'--origin', this.origin, ...this.serverArgs], { quiet: this.quiet });
	}

	async #signInOrganizer() {
		const email = 'organizer@example.org';
		const said = await this.cli('organizer', 'add', email);
		this.organizerEmail = email;
		this.organizerPassword = said.trim().split(/\s+/).at(-1);
		this.organizer = new Session(this.origin);
		await this.organizer.good('POST', '/v1/organizer/signin', { email, password: this.organizerPassword });
		const listed = await this.organizer.good('GET', `/v1/events/${this.event}/attendees`);
		for (const p of this.people) {
			const row = (listed.attendees ?? listed).find((r) => r.name === p.name);
			p.id = row.id;
			p.badge = row.badges[0] ?? crypto.randomBytes(16).toString('base64url');
		}
	}

	async #encodeBadges() {
		this.keyFile = path.join(this.dir, 'event.key');
		const key = await this.cli('event', 'key', this.event);
		if (key.startsWith('kith-event-key'))
			fs.writeFileSync(this.keyFile, key, { mode: 0o600 });
		else
			fs.copyFileSync(key.trim(), this.keyFile);
		for (const p of this.people) {
			await this.chip.send(`tag new ${p.key} ${p.chip ?? 'ntag213'}`);
			await this.encode(p.key, p.badge);
		}
	}

	/** A tag becomes the event's badge of that id. The reader must be free. */
	async encode(tag, badge) {
		await this.chip.send(`put ${tag}`);
		await must('kith-badge', ['write', '--reader', this.chip.connstring, '--key', this.keyFile, '--event', this.event,
			'--id', badge, '--host', this.host]);
		await this.chip.send(`take ${tag}`);
	}

	async #enrolKiosk() {
		this.configFile = path.join(this.dir, 'kiosk.conf');
		fs.writeFileSync(this.configFile, [
			`state_dir = ${this.state}`,
			'screen_listen = 127.0.0.1:0',
			`role = ${this.role}`,
			`reader = nfc ${this.chip.connstring}`,
			...(this.frames ? [`reader = frames ${this.camera}`] : []),
			...this.config,
		].join('\n') + '\n');
		const code = (await this.cli('enrol', this.event, 'Front door')).trim().split(/\s+/)[0];
		await must('kith-kiosk', ['--config', this.configFile, 'enrol', `http://127.0.0.1:${this.cable.port}`, code]);
	}

	async startKiosk() {
		this.kiosk = await Service.start('kith-kiosk', ['--config', this.configFile, 'run'], { quiet: this.quiet });
		this.screen = await Screen.open(this.kiosk.address);
		await this.screen.see('ready readers', (s) => s.screen === 'idle' && s.readers?.every((r) => r.state === 'ready'));
	}

	/** Whoever is greeted by name is in the roster, which comes after the readers. */
	roster() {
		return until('the roster', async () => {
			const text = await (await fetch(`${this.screen.origin}/metrics`)).text();
			return Number(/^kith_kiosk_roster (\d+)$/m.exec(text)?.[1]) >= this.people.length;
		});
	}

	async stopKiosk(signal) {
		this.screen?.close();
		return this.kiosk?.stop(signal);
	}

	person(key) {
		return this.people.find((p) => p.key === key);
	}

	/** Put a badge on the reader until the screen answers, and take it away. */
	async tap(key, shows) {
		const answer = this.screen.answer(shows ?? 'an answer', (s) => s.screen !== 'reading' && (!shows || [shows].flat().includes(s.screen)));
		await this.chip.send(`put ${key}`);
		try {
			return await answer;
		} finally {
			await this.chip.send(`take ${key}`);
			// the reader looks twice before a tag counts as gone: the next tap must not come sooner
			await this.chip.send('wait polls 12');
		}
	}

	/** Hold a QR code before the camera: text, through libqrencode, as a picture in its folder. */
	async show(text) {
		this.shots = (this.shots ?? 0) + 1;
		const name = `shot-${String(this.shots).padStart(6, '0')}.png`;
		const beside = path.join(this.dir, name);
		await must('kith-badge', ['qr', '--out', beside, '--module', '6', '-'], { input: text });
		fs.renameSync(beside, path.join(this.camera, name));
	}

	/** The kiosk's log, oldest first. */
	async log() {
		const out = await must('kith-kiosk', ['--config', this.configFile, 'log', '--json']);
		return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
	}

	/** Signed in by ticket code, as a phone. */
	async phone(key) {
		const said = await this.cli('ticket', this.event, this.person(key).id);
		const code = /[0-9A-HJKMNP-TV-Z]{4}(-?[0-9A-HJKMNP-TV-Z]{4}){3}/.exec(said)[0];
		const session = new Session(this.origin);
		await session.good('POST', '/v1/signin', { code });
		session.code = code;
		return session;
	}

	/** Everything that the kiosk holds has reached the server. */
	synced() {
		return this.screen.see('nothing pending', (s) => s.link.online && s.link.pending === 0, 40000);
	}

	async stop() {
		this.screen?.close();
		for (const part of [this.kiosk, this.server])
			await part?.stop();
		await this.cable?.stop();
		await this.chip?.stop();
		if (!this.keep)
			fs.rmSync(this.dir, { recursive: true, force: true });
	}
}
