// The demo's table: badges and QR cards that a click puts on the reader or before the camera.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { must } from './world.mjs';

const folder = path.resolve(path.dirname(new URL(import.meta.url).pathname), '../bench-page');
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

async function body(request) {
	let text = '';
	for await (const piece of request) {
		text += piece;
		if (text.length > 10000)
			throw new Error('too long');
	}
	return JSON.parse(text || '{}');
}

export async function serveBench(world) {
	let on = null;
	const phones = new Map();

	async function take() {
		if (on)
			await world.chip.send(`take ${on}`);
		on = null;
	}

	const actions = {
		async '/put'({ name }) {
			if (!world.person(name))
				throw new Error('no such badge');
			await take();
			await world.chip.send(`put ${name}`);
			on = name;
		},
		'/take': take,
		async '/show'({ card }) {
			const guest = world.guests.find((g) => g.key === card);
			if (!guest)
				throw new Error('no such card');
			await world.show(guest.text);
		},
		async '/network'({ up }) {
			if (up && world.cable.cut)
				await world.cable.plug();
			else if (!up && !world.cable.cut)
				await world.cable.pull();
		},
	};

	async function table() {
		for (const p of world.people) {
			if (phones.has(p.key))
				continue;
			const said = await world.cli('ticket', world.event, p.id);
			phones.set(p.key, /[0-9A-HJKMNP-TV-Z]{4}(-?[0-9A-HJKMNP-TV-Z]{4}){3}/.exec(said)[0].replaceAll('-', ''));
		}
		return {
			badges: world.people.map((p) => ({ name: p.key, label: p.name, organization: p.organization, on: on === p.key })),
			cards: world.guests.map((g) => ({ name: g.key, label: g.label })),
			network: !world.cable.cut,
			links: [
				{ label: "The kiosk's screen", url: `${world.screen.origin}/` },
				{ label: 'The organizer', url: `${world.origin}/organizer` },
				...world.people.map((p) => ({ label: `${p.name.split(' ')[0]}'s queue`, url: `${world.origin}/t#${phones.get(p.key)}` })),
			],
		};
	}

	async function picture(key) {
		const guest = world.guests.find((g) => g.key === key);
		if (!guest)
			throw new Error('no such card');
		const file = path.join(world.dir, `${key}.svg`);
		if (!fs.existsSync(file))
			await must('kith-badge', ['qr', '--out', file, '-'], { input: guest.text });
		return fs.readFileSync(file);
	}

	const server = http.createServer(async (request, answer) => {
		const { pathname } = new URL(request.url, 'http://table');
		try {
			if (request.method === 'POST' && actions[pathname]) {
				await actions[pathname](await body(request));
				answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await table()));
			} else if (pathname === '/table') {
				answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await table()));
			} else if (pathname.startsWith('/card/')) {
				answer.writeHead(200, { 'content-type': types['.svg'] }).end(await picture(path.basename(pathname, '.svg')));
			} else {
				const file = path.join(folder, pathname === '/' ? 'index.html' : path.basename(pathname));
				const bytes = fs.readFileSync(file);
				answer.writeHead(200, { 'content-type': types[path.extname(file)] ?? 'application/octet-stream' }).end(bytes);
			}
		} catch (error) {
			answer.writeHead(error.code === 'ENOENT' ? 404 : 400, { 'content-type': 'text/plain' }).end(error.message);
		}
	});
	await new Promise((done) => server.listen(0, '127.0.0.1', done));
	return `http://127.0.0.1:${server.address().port}/`;
}
