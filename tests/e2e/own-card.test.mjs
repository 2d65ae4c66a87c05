// The QR code of one's own card, as the phone draws it (core/web/lib/qr.ts), read by Kith's eye and
// by zbarimg: the bytes of the vCard, in every script.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';

import { bin, run, toolMissing } from './lib/chip.mjs';
import { library, newCards, noCore } from './lib/core.mjs';
import { rasterize } from './lib/qr.mjs';

const people = {
	accents: { name: 'Zoë Łukasz-Ñandú Đặng', organization: 'Müller & Søn; “Größe”', title: 'Ingénieure', emails: ['zoë@müller.example'] },
	han: { name: '王小明', organization: '北京大学', title: '工程师', phones: ['+86 10 1234'], emails: ['wang@example.org'] },
	arabic: { name: 'عائشة بنت أحمد', organization: 'جامعة القاهرة', title: 'مهندسة', emails: ['aisha@example.org'] },
	mixed: { name: '👩🏽‍💻 Ana, \\;:', organization: 'e\u0301 \u202e', title: 'a\nb', urls: ['https://x.example/?a=%20&b=1'] },
	long: { name: 'N'.repeat(200), organization: '王'.repeat(300), emails: ['a@example.org'] },
};
const link = 'https://kith.example/b#AQEBAQEBAQEBAQEBAQEBAQ.' + 'A'.repeat(86);

describe('the QR code of one’s own card', { skip: noCore }, () => {
	let cards;
	let qrPath;
	let vcard;
	let dir;
	before(async () => {
		cards = await newCards();
		({ vcard } = await library('vcard'));
		({ qrPath } = await library('qr'));
		dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-own-card-'));
	});
	after(() => fs.rmSync(dir, { recursive: true }));

	const vcardOf = (person) => vcard({ emails: [], phones: [], ...person, urls: [...(person.urls ?? []), link] });
	function draw(name, ecc) {
		const file = path.join(dir, `${name}-${ecc}.pgm`);
		const { d, size } = qrPath(vcardOf(people[name]), ecc);
		fs.writeFileSync(file, rasterize(d, size));
		return file;
	}

	for (const name of Object.keys(people))
		for (const ecc of name === 'long' ? ['L'] : ['L', 'M', 'Q'])
			test(`${name}, level ${ecc}: read back by our own eye, byte for byte`, async () => {
				const { status, out, err } = await run(path.join(bin, 'kith-badge'), ['scan', '--json', draw(name, ecc)]);
				assert.equal(status, 0, err);
				const text = vcardOf(people[name]);
				assert.equal(JSON.parse(out).text, text);
				const [card] = cards.readCards(text);
				assert.equal(card.name, people[name].name);
				assert.deepEqual(cards.readLink(card.urls.at(-1)), { kind: 'badge', host: 'kith.example', id: 'AQEBAQEBAQEBAQEBAQEBAQ', signed: true });
			});

	test('zbarimg reads the same bytes', (t) => {
		for (const name of Object.keys(people)) {
			const seen = spawnSync('zbarimg', ['--quiet', '--raw', '--oneshot', '-Sbinary', draw(name, 'L')]);
			if (seen.error) return toolMissing(t, 'zbarimg');
			assert.equal(seen.stdout.toString('utf8').replace(/\n$/, ''), vcardOf(people[name]).replace(/\n$/, ''), name);
		}
	});

	test('refuses what no code holds', () => {
		assert.throws(() => qrPath('x'.repeat(2954)), /too long/i);
		assert.equal(qrPath('x'.repeat(2953)).version, 40);
		assert.equal(qrPath('\ud800').version, 1);
	});
});
