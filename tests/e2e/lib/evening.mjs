// One attendee's evening on a real server, for tests of the app's pages: whom Ana met at a kiosk,
// what stands about them in her log, and her phone in a browser.
import { randomUUID } from 'node:crypto';
import { House } from './house.mjs';
import { appPath, phone, signIn } from './app.mjs';
import { Session } from './world.mjs';

const day = 86_400_000;

export const iso = (days = 0) => {
	const d = new Date(Date.now() + days * day);
	return `${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}`;
};

export const names = ['Ana Müller', 'Ben Kowalski', 'Chidi Okafor', 'Dóra Szabó', 'Elif Yılmaz', 'محمد علي'];

export class Evening {
	/** options: of House. */
	static async open(options = {}) {
		const evening = new Evening();
		evening.house = await House.open({
			attendees: names.map((name, i) => ({ name, organization: ['Kestrel', 'Harbour Labs', 'Lagos Systems', 'Tisza Data', 'Harbour Labs', 'مؤسسة النور'][i],
				title: ['Firmware lead', 'Engineer', 'SRE', 'Designer', 'Engineer', 'مهندس'][i], email: `person${i}@example.org`, phone: `+49 30 555 010${i}`,
				consent_card: 'yes' })),
			eventArgs: ['--topic', 'SQLite', '--topic', 'Hiring', '--topic', 'Music'],
			...options,
		});
		evening.tickets = await evening.house.tickets();
		evening.kiosk = await evening.house.station();
		return evening;
	}

	ticket(name) {
		return this.tickets.find((one) => one.name === name);
	}

	id(name) {
		return this.ticket(name).id;
	}

	/** Two badges at the kiosk; the meeting's entry. days: ago. */
	meet(a, b, days = 0) {
		// what is long ago was before the kiosk was last started: its boot clock knows nothing of it
		const then = days > 0 ? { boot_id: randomUUID(), boot_ms: 1000 } : {};
		return this.kiosk.meeting(this.id(a), this.id(b), { wall_ms: Date.now() - days * day, ...then }).id;
	}

	/** One more entry of somebody's, as a kiosk writes it for them. */
	write(kind, payload, days = 0) {
		return this.kiosk.add(kind, payload, { wall_ms: Date.now() - days * day }).id;
	}

	note(of, text, topics = [], more = {}) {
		return this.write('note', { author: this.id('Ana Müller'), of, text, topics, ...more });
	}

	owed(of, kind, due, text) {
		return this.write('followup', { owner: this.id('Ana Müller'), of, kind, due, text });
	}

	favour(of, way, text) {
		return this.write('favour', { owner: this.id('Ana Müller'), of, way, text });
	}

	async sync() {
		await this.kiosk.sync();
		await this.house.opened();
	}

	/** A new ticket, which ends the one before, and parts what its owner joined. */
	async code(name) {
		return (this.ticket(name).code = (await this.house.cli('ticket', String(this.house.event), this.id(name))).trim().split('\n')[0]);
	}

	/** By the ticket that holds. */
	async session(name = 'Ana Müller') {
		this.sessions ??= new Map();
		if (!this.sessions.has(name)) {
			const made = new Session(this.house.origin);
			await made.good('POST', '/v1/signin', { code: this.ticket(name).code });
			this.sessions.set(name, made);
		}
		return this.sessions.get(name);
	}

	/** Somebody's phone; with a new ticket each time, for one opens only so many sessions, but it joins no event then. */
	async phone(browser, name = 'Ana Müller', { path = '', code, ...options } = {}) {
		const page = await signIn(browser, this.house.origin, code ?? (await this.code(name)), { ...phone, ...options });
		if (path) await page.goto(`${this.house.origin}${appPath}${path}`);
		return page;
	}

	/** What the server plans for somebody. */
	async queue(name = 'Ana Müller') {
		return (await this.session(name)).good('GET', '/v1/queue');
	}

	async close() {
		await this.house?.close();
	}
}
