// A system in a folder, as far as an update is concerned: real packages under a real dpkg --root, the
// real updater, and in systemd's place a script that ends the kiosk and starts the one that is installed.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { bin, run } from './chip.mjs';
import { must, until } from './world.mjs';

// dpkg gives files to root; who is not root is root of a namespace of the own
const asRoot = process.getuid() === 0 ? [] : ['unshare', '--map-root-user'];
// what dpkg looks for may not be in the PATH of an ordinary user
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` };
const sh = async (program, args) => {
	const [first, ...rest] = [...asRoot, program, ...args];
	return run(first, rest, { env });
};

export async function dpkgArchitecture() {
	return (await run('dpkg', ['--print-architecture'])).out.trim();
}

/** A stand-in for the kiosk's daemon: says that it is well, and is there until it is ended. */
export const standIn = (version, alive) => `#!/bin/sh
printf '{"version":"${version}","pid":%d,"store":true,"readers":true,"online":true,"busy":false}' $$ >'${alive}.new'
mv '${alive}.new' '${alive}'
exec sleep 600
`;

export class UpdateRoot {
	static async open(options = {}) {
		const it = new UpdateRoot();
		it.dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-update-'));
		it.root = path.join(it.dir, 'root');
		it.state = path.join(it.dir, 'kept');
		it.kiosk = path.join(it.dir, 'kiosk');
		it.inbox = path.join(it.kiosk, 'update', 'install.kithup');
		it.alive = path.join(it.kiosk, 'alive.json');
		it.log = '';
		for (const folder of ['info', 'updates', 'triggers'])
			fs.mkdirSync(path.join(it.root, 'var/lib/dpkg', folder), { recursive: true });
		for (const file of ['status', 'available'])
			fs.writeFileSync(path.join(it.root, 'var/lib/dpkg', file), '');
		fs.mkdirSync(path.dirname(it.inbox), { recursive: true });
		it.key = path.join(it.dir, 'release.key');
		it.keys = path.join(it.dir, 'release.keys');
		fs.writeFileSync(it.keys, await must('kith-badge', ['release', 'key', '--out', it.key]), { mode: 0o644 });
		it.restart = path.join(it.dir, 'restart');
		it.pid = path.join(it.dir, 'pid');
		fs.writeFileSync(it.restart, `#!/bin/sh
if [ -f '${it.pid}' ]; then
	kill "$(cat '${it.pid}')" 2>/dev/null
	# like a service manager: the former one is gone before the next one begins
	while kill -0 "$(cat '${it.pid}')" 2>/dev/null; do sleep 0.05; done
fi
'${it.root}/usr/bin/kith-kiosk' ${options.kioskArgs ?? ''} </dev/null >>'${it.dir}/kiosk.log' 2>&1 &
echo $! >'${it.pid}'
`, { mode: 0o755 });
		it.config = path.join(it.dir, 'update.conf');
		it.configure(options.prove ?? 1, 60);
		it.architecture = await dpkgArchitecture();
		return it;
	}

	/** How long it must be well, and how long that may take at most: small only where it never will be. */
	configure(prove, patience) {
		const it = this;
		fs.writeFileSync(it.config, `state_dir = ${it.state}
inbox = ${it.inbox}
alive = ${it.alive}
keys = ${it.keys}
root = ${it.root}
restart = ${it.restart}
prove_s = ${prove}
patience_s = ${patience}
quiet_s = 0
`);
	}

	/** A package of the kiosk: its daemon's text or file, more files, other fields. */
	async deb(version, { daemon, files = {}, fields = '', scripts = {}, name = 'kith-kiosk' } = {}) {
		const tree = fs.mkdtempSync(path.join(this.dir, 'tree-'));
		fs.chmodSync(tree, 0o755);
		fs.mkdirSync(path.join(tree, 'DEBIAN'));
		fs.writeFileSync(path.join(tree, 'DEBIAN/control'), `Package: ${name}\nVersion: ${version}\nArchitecture: ${this.architecture}
Maintainer: Kith <kith@example.org>\n${fields}Description: a kiosk\n of a test\n`);
		for (const [script, text] of Object.entries(scripts))
			fs.writeFileSync(path.join(tree, 'DEBIAN', script), text, { mode: 0o755 });
		const all = { [`usr/share/${name}/version`]: `${version}\n`, ...files };
		if (name === 'kith-kiosk')
			all['usr/bin/kith-kiosk'] = daemon ?? standIn(version, this.alive);
		for (const [file, content] of Object.entries(all)) {
			fs.mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
			fs.writeFileSync(path.join(tree, file), content, { mode: file.startsWith('usr/bin/') ? 0o755 : 0o644 });
		}
		const deb = path.join(this.dir, `${name}_${version}.deb`);
		const done = await sh('dpkg-deb', ['--root-owner-group', '-Znone', '-b', tree, deb]);
		if (done.status !== 0)
			throw new Error(done.err);
		fs.rmSync(tree, { recursive: true });
		return deb;
	}

	async install(...debs) {
		const done = await sh('dpkg', [`--root=${this.root}`, '--install', ...debs]);
		if (done.status !== 0)
			throw new Error(done.err + done.out);
	}

	async release(debs, { key = this.key, args = [] } = {}) {
		const out = path.join(this.dir, `release-${fs.readdirSync(this.dir).length}.kithup`);
		await must('kith-badge', ['release', 'sign', '--key', key, '--out', out, ...args, ...[debs].flat()]);
		return out;
	}

	/** As the kiosk asks: a whole file appears. */
	ask(file) {
		fs.copyFileSync(file, `${this.inbox}.part`);
		fs.renameSync(`${this.inbox}.part`, this.inbox);
	}

	/** The updater, running: a process whose words are kept. */
	begin(command = 'run') {
		const [first, ...rest] = [...asRoot, path.join(bin, 'kith-update'), '--config', this.config, command];
		const child = spawn(first, rest, { env, stdio: ['ignore', 'ignore', 'pipe'] });
		child.said = '';
		child.stderr.setEncoding('utf8').on('data', (text) => {
			child.said += text;
			this.log += text;
		});
		child.ended = new Promise((done) => child.on('close', (status, signal) => {
			child.over = true;
			done({ status, signal });
		}));
		return child;
	}

	async update(command = 'run') {
		const child = this.begin(command);
		const { status } = await child.ended;
		return { status, said: child.said, outcome: this.outcome() };
	}

	outcome() {
		const file = path.join(this.state, 'outcome.json');
		return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
	}

	phase() {
		try {
			return JSON.parse(fs.readFileSync(path.join(this.state, 'state.json'), 'utf8')).phase;
		} catch {
			return 'none';
		}
	}

	async version(name = 'kith-kiosk') {
		const { out } = await run('dpkg-query', [`--admindir=${this.root}/var/lib/dpkg`, '-W', '-f', '${Version} ${db:Status-Status}', name]);
		return out.trim();
	}

	/** What is wrong with the packages, in dpkg's words; empty: nothing. */
	async audit() {
		return (await sh('dpkg', [`--root=${this.root}`, '--audit'])).out.trim();
	}

	/** The version of the daemon's files as they stand there. */
	files() {
		return fs.readFileSync(path.join(this.root, 'usr/share/kith-kiosk/version'), 'utf8').trim();
	}

	running() {
		try {
			const said = JSON.parse(fs.readFileSync(this.alive, 'utf8'));
			process.kill(said.pid, 0);
			return said.version;
		} catch {
			return undefined;
		}
	}

	async start() {
		const done = await run(this.restart, []);
		if (done.status !== 0)
			throw new Error(done.err);
		await until('the kiosk to say that it is well', () => this.running());
	}

	stop() {
		try {
			process.kill(Number(fs.readFileSync(this.pid, 'utf8')));
		} catch {
			// it is gone already
		}
	}

	async close() {
		this.stop();
		fs.rmSync(this.dir, { recursive: true, force: true });
	}
}
