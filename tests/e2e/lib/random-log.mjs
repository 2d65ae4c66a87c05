// Logs that nobody would write, made of a seed: every kind with every member of its payload, that
// names entries which are there, are not, or are of the wrong kind.

/** The same numbers for the same seed (Mulberry32): 0 to 1. */
export function numbers(seed) {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let n = Math.imul(state ^ (state >>> 15), state | 1);
		n ^= n + Math.imul(n ^ (n >>> 7), n | 61);
		return ((n ^ (n >>> 14)) >>> 0) / 4294967296;
	};
}

const kinds = ['hello', 'promise', 'thanks', 'introduce', 'referral', 'report-back', 'share', 'congratulate', 'keep-in-touch', 'face-time'];
const topics = ['Rust', 'rust', 'gardens', 'Łódź', '网络', 'شبكات', 'C', ''];
const words = ['the book', 'a link: https://x.example/?q=1', 'Zoë “quoted” \\ \n', '王小明', 'مرحبا', '', '{them} {event}', '\u0000\u001f', 'e\u0301'];
const begin = Date.UTC(2026, 2, 1);
const day = 86_400_000;

export class RandomLog {
	facts = [];
	#random;
	#people;
	#me;
	#names = new Map();
	#expected;

	constructor(seed) {
		this.#random = numbers(seed);
		this.#people = Array.from({ length: 1 + this.below(12) }, () => this.id());
		this.#me = this.id();
		this.now_ms = begin + this.below(700) * day + this.below(day);
		this.zone_min = this.pick([0, 60, -480, 345, 840, -720]);
		this.#expected = this.chance(0.5) ? this.#people.slice(0, 4) : undefined;
		this.lang = this.pick(['en', 'de', 'es', 'ar', 'fr', '']);
	}

	below(n) {
		return Math.floor(this.#random() * n);
	}
	pick(list) {
		return list[this.below(list.length)];
	}
	chance(of) {
		return this.#random() < of;
	}
	#bytes(n) {
		return Buffer.from(Array.from({ length: n }, () => this.below(256)));
	}
	id() {
		return this.#bytes(16).toString('base64url');
	}
	/** Version 7, of few milliseconds, so that order is by chance within them. */
	uuid(at_ms) {
		const bytes = this.#bytes(16);
		bytes.writeUIntBE(at_ms - (at_ms % (10 * day)), 0, 6);
		bytes[6] = 0x70 | (bytes[6] & 15);
		bytes[8] = 0x80 | (bytes[8] & 63);
		return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
	}
	entry(...ofKinds) {
		const fitting = this.facts.filter((fact) => ofKinds.length === 0 || ofKinds.includes(fact.kind));
		if (fitting.length === 0 || this.chance(0.03)) return this.uuid(begin);
		return this.chance(0.05) ? this.pick(this.facts).entry : this.pick(fitting).entry;
	}
	tie() {
		return this.entry('meeting', 'contact', 'introduce');
	}
	entries(...ofKinds) {
		return Array.from({ length: this.below(3) }, () => this.entry(...ofKinds));
	}
	date() {
		if (this.chance(0.03)) return this.pick(['2026-02-30', '', 'soon', '2026-13-01']);
		return new Date(begin + this.below(800) * day).toISOString().slice(0, 10);
	}

	/** A payload's members, some of them left out. */
	#payload(kind) {
		const owner = this.#me;
		const after = this.entries(kind);
		switch (kind) {
			case 'meeting':
				return { a: this.#me, b: this.pick(this.#people), ...(this.chance(0.2) ? { by: 'badge' } : {}) };
			case 'contact':
				return { owner, card: 'BEGIN:VCARD\nFN:A\nEND:VCARD', claimed: true, ...(this.chance(0.3) ? { of: this.tie() } : {}) };
			case 'note':
				return {
					author: owner,
					of: this.tie(),
					text: this.pick(words),
					topics: [this.pick(topics), this.pick(topics)],
					after: this.chance(0.2) ? after : [],
					...(this.chance(0.5) ? { prompt: this.pick(['working', 'cares', 'x']) } : {}),
				};
			case 'followup':
				return {
					owner,
					...(this.chance(0.8) ? { of: this.tie() } : {}),
					kind: this.chance(0.02) ? 'x' : this.pick(kinds),
					due: this.date(),
					text: this.pick(words),
					topics: this.chance(0.4) ? [this.pick(topics)] : [],
					after: this.chance(0.2) ? after : [],
					...(this.chance(0.3) ? { about: this.tie() } : {}),
				};
			case 'followup-state':
				return {
					owner,
					item: this.items?.length ? this.pick(this.items) : this.id(),
					state: this.pick(['done', 'drop', 'snooze', 'open', 'done', 'x']),
					...(this.chance(0.5) ? { until: this.date() } : {}),
					...(this.chance(0.3) ? { worked: this.chance(0.8) } : {}),
					after: this.chance(0.4) ? after : [],
				};
			case 'favour':
				return {
					owner,
					of: this.tie(),
					way: this.pick(['offered', 'given', 'asked', 'received']),
					text: this.pick(words),
					after: this.chance(0.3) ? [this.entry('favour', 'followup')] : [],
				};
			case 'introduce':
				if (this.chance(0.4))
					return { asked: true, text: this.pick(words), ...(this.chance(0.5) ? { with: this.pick(this.#people), said: 'yes' } : {}) };
				return { owner, a: this.tie(), b: this.tie(), text: this.pick(words), a_said: this.pick(['yes', 'no', '']), b_said: this.pick(['yes', 'no', '']) };
			case 'consent':
				return { who: owner, purpose: this.pick(['introduce', 'card']), of: this.entry('introduce'), given: this.chance(0.6), version: 1 };
			case 'share':
				return { owner, of: this.tie(), fields: ['email', 'phone'] };
			case 'merge':
				return { owner, of: [this.tie(), this.tie(), ...(this.chance(0.2) ? [this.tie()] : [])] };
			case 'buddy':
				return { a: owner, b: this.pick(this.#people) };
			case 'setting':
				return {
					owner,
					name: this.pick(['zone', 'lang', 'rhythm', `rhythm/${this.tie()}`, 'goal/people', 'goal/leads', 'situation', '']),
					value: this.pick(['0', '60', '30', '-480', '90', 'x', '']),
					after: this.chance(0.3) ? after : [],
				};
			default: // hide, retract
				return { owner, of: this.entry() };
		}
	}

	grow(n) {
		const often = ['meeting', 'meeting', 'meeting', 'contact', 'note', 'followup', 'followup', 'followup-state', 'followup-state', 'followup-state', 'favour', 'introduce'];
		const seldom = ['consent', 'share', 'merge', 'buddy', 'setting', 'hide', 'retract', 'checkin', 'refused', 'later-kind'];
		for (let i = 0; i < n; i++) {
			const kind = this.facts.length === 0 || this.chance(0.85) ? this.pick(often) : this.pick(seldom);
			const at_ms = begin + this.below(720) * day + this.below(day);
			const payload = this.#payload(kind);
			if (this.chance(0.05)) payload.unknown = this.pick([null, { deep: [1] }, [1, true, null, 'x'], 7]);
			this.facts.push({
				entry: this.uuid(at_ms),
				event: this.pick([7, 7, 8, 2147483647]),
				kind,
				at_ms,
				own: this.chance(0.6),
				...(['meeting', 'buddy', 'introduce'].includes(kind) && this.chance(0.95) ? { other: this.pick(this.#people) } : {}),
				payload,
			});
		}
	}

	shuffled() {
		const facts = [...this.facts, ...this.facts.filter(() => this.chance(0.1))];
		for (let i = facts.length - 1; i > 0; i--) {
			const k = this.below(i + 1);
			[facts[i], facts[k]] = [facts[k], facts[i]];
		}
		return facts;
	}

	input(facts = this.facts) {
		const contacts = this.facts.filter((fact) => fact.kind === 'contact').map((fact) => fact.entry);
		for (const key of [...this.#people, ...contacts])
			if (!this.#names.has(key))
				this.#names.set(key, {
					key,
					name: this.pick(['Ben Kim', 'Zoë', '王小明', 'عائشة', 'Dr. A. B.', '']),
					...(this.chance(0.5) ? { lang: this.pick(['de', 'ar', 'es', 'xx']) } : {}),
				});
		return {
			facts,
			people: [...this.#names.values()],
			events: [
				{ event: 8, name: 'Später Abend' },
				{ event: 7, name: 'C Meetup' },
			],
			me: 'Ana',
			lang: this.lang,
			now_ms: this.now_ms,
			zone_min: this.zone_min,
			...(this.#expected ? { expected: this.#expected } : {}),
		};
	}
}
