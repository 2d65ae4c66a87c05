// A kiosk without a server: an event that exists only in its identity file, real badges on the
// simulated chip, the screen as its page sees it.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Chip } from './chip.mjs';
import { Screen, Service, must } from './world.mjs';

const b64 = (bytes) => Buffer.from(bytes).toString('base64url');

function keyPair(type) {
	const { publicKey, privateKey } = crypto.generateKeyPairSync(type);
	const pub = publicKey.export({ format: 'jwk' }).x;
	const seed = privateKey.export({ format: 'jwk' }).d;
	return { pub: Buffer.from(pub, 'base64url'), secret: Buffer.concat([Buffer.from(seed, 'base64url'), Buffer.from(pub, 'base64url')]) };
}

export class LoneKiosk {
	/** options: role, people (names of badges), config (further lines), settings, host. */
	static async start(options = {}) {
		const lone = new LoneKiosk();
		Object.assign(lone, { role: 'mixed', people: ['ana', 'ben'], config: [], settings: {}, timing: 'none', host: 'kith.example', event: 7 }, options);
		lone.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-lone-'));
		lone.state = path.join(lone.dir, 'state');
		lone.camera = path.join(lone.dir, 'camera');
		fs.mkdirSync(lone.state, { mode: 0o700 });
		fs.mkdirSync(lone.camera);
		lone.chip = await Chip.start({ dir: lone.dir, timing: lone.timing });
		lone.eventKey = keyPair('ed25519');
		lone.ticketKey = crypto.randomBytes(32);
		lone.#writeIdentity();
		await lone.#writeBadges();
		lone.configFile = path.join(lone.dir, 'kiosk.conf');
		fs.writeFileSync(lone.configFile, [`state_dir = ${lone.state}`, 'screen_listen = 127.0.0.1:0', `role = ${lone.role}`,
			`reader = nfc ${lone.chip.connstring}`, `reader = frames ${lone.camera}`, ...lone.config, ''].join('\n'));
		return lone;
	}

	#writeIdentity() {
		const station = keyPair('ed25519');
		const event = { event: this.event, name: 'C Meetup', host: this.host, topics: ['SQLite', 'Hiring'],
			keys: [{ number: 1, public: b64(this.eventKey.pub) }], settings: this.settings };
		fs.writeFileSync(path.join(this.state, 'identity.json'), JSON.stringify({
			station: crypto.randomUUID(), name: 'Front door', url: 'http://127.0.0.1:9', event: this.event,
			public: b64(station.pub), secret: b64(station.secret), server_public: b64(keyPair('ed25519').pub),
			seal_public: b64(keyPair('x25519').pub), ticket_key: b64(this.ticketKey), event_json: JSON.stringify(event), pins: [],
		}), { mode: 0o600 });
	}

	async #writeBadges() {
		this.keyFile = path.join(this.dir, 'event.key');
		fs.writeFileSync(this.keyFile, `kith-event-key-1\nevent ${this.event}\nkey 1\nsecret ${b64(this.eventKey.secret)}\n`, { mode: 0o600 });
		this.badges = {};
		for (const name of this.people)
			await this.badge(name);
	}

	/** A badge on a chip of that name. */
	async badge(name, { keyFile = this.keyFile, event = this.event } = {}) {
		this.badges[name] = b64(crypto.randomBytes(16));
		await this.chip.send(`tag new ${name} ntag213`);
		await this.chip.send(`put ${name}`);
		await must('kith-badge', ['write', '--reader', this.chip.connstring, '--key', keyFile, '--event', String(event),
			'--id', this.badges[name], '--host', this.host]);
		await this.chip.send(`take ${name}`);
	}

	async run({ ready = true, env = {} } = {}) {
		this.service = await Service.start('kith-kiosk', ['--config', this.configFile, 'run'], { env });
		this.screen = await Screen.open(this.service.address);
		if (ready)
			await this.screen.see('ready readers', (s) => s.screen === 'idle' && s.readers.every((r) => r.state === 'ready'));
	}

	async end(signal = 'SIGTERM') {
		this.screen?.close();
		return this.service?.stop(signal);
	}

	/** On the reader until the screen answers by one of these, and away. */
	async tap(name, ...shows) {
		const answer = this.screen.answer(shows.join(' or '), (s) => shows.includes(s.screen));
		await this.chip.send(`put ${name}`);
		try {
			return await answer;
		} finally {
			await this.chip.send(`take ${name}`);
		}
	}

	/** The reader has seen that nothing lies there: the same badge counts again. */
	away() {
		return this.chip.send('wait polls 12');
	}

	/** A code before the camera. */
	async show(text) {
		this.shots = (this.shots ?? 0) + 1;
		const name = `shot-${String(this.shots).padStart(6, '0')}.png`;
		await must('kith-badge', ['qr', '--out', path.join(this.dir, name), '--module', '6', '-'], { input: text });
		fs.renameSync(path.join(this.dir, name), path.join(this.camera, name));
	}

	async log() {
		const out = await must('kith-kiosk', ['--config', this.configFile, 'log', '--json']);
		return out.split('\n').filter(Boolean).map((line) => JSON.parse(line));
	}

	/** Numbers of /metrics by name. */
	async metrics() {
		const text = await (await fetch(`${this.screen.origin}/metrics`)).text();
		return Object.fromEntries(text.split('\n').filter((l) => l && !l.startsWith('#')).map((l) => l.split(' ')));
	}

	/** Daemon, readers, and what decodes pictures for them, in KiB of PSS. */
	pss() {
		const of = (pid) => Number(/^Pss:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]);
		const below = (pid) => fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
		const tree = (pid) => [pid, ...below(pid).flatMap(tree)];
		const main = this.service.process.pid;
		assert.ok(below(main).length > 0, 'readers run in processes of their own');
		return tree(main).map(of).reduce((a, b) => a + b, 0);
	}

	async stop() {
		await this.end();
		await this.chip.stop();
		fs.rmSync(this.dir, { recursive: true, force: true });
	}
}
