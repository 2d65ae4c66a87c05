// kith-badge card on files: JSON lines, errors with their line, exit status; and python3-vobject,
// where it is installed, as somebody else who reads the vCards that Kith writes.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { toolMissing, bin, run } from './lib/chip.mjs';

const card = (args, options) => run(path.join(bin, 'kith-badge'), ['card', ...args], options);
const lines = (out) => out.trim().split('\n').map((line) => JSON.parse(line));

describe('kith-badge card', () => {
	let dir;
	const file = (name, text) => {
		fs.writeFileSync(path.join(dir, name), text);
		return path.join(dir, name);
	};
	before(() => {
		dir = fs.mkdtempSync(path.join(os.tmpdir(), 'kith-card-'));
	});
	after(() => {
		fs.rmSync(dir, { recursive: true });
	});

	test('a file with several cards gives several lines with every key', async () => {
		const two = file('two.vcf', 'BEGIN:VCARD\nFN:Žofie\nTEL:1\nTEL:2\nEND:VCARD\nBEGIN:VCARD\nUID:u\nEND:VCARD\n');
		const seen = await card([two]);
		assert.deepEqual([seen.status, seen.err], [0, '']);
		assert.deepEqual(lines(seen.out), [
			{ file: two, index: 0, name: 'Žofie', organization: '', title: '', emails: [], phones: ['1', '2'], urls: [], notes: [], uid: '' },
			{ file: two, index: 1, name: '', organization: '', title: '', emails: [], phones: [], urls: [], notes: [], uid: 'u' },
		]);
	});

	test('a broken card stops neither its file nor the next one', async () => {
		const many = 'X-A:1\n'.repeat(201);
		const broken = file('broken.vcf', `BEGIN:VCARD\n${many}END:VCARD\nBEGIN:VCARD\nFN:Good\nEND:VCARD\n`);
		const none = file('none.txt', '\nhello\n');
		const good = file('good.txt', 'MECARD:N:Next;;');
		const absent = path.join(dir, 'absent');
		const seen = await card([broken, none, absent, good]);
		assert.equal(seen.status, 65);
		assert.deepEqual(lines(seen.out).map((c) => c.name), ['Good', 'Next']);
		assert.equal(
			seen.err,
			`${broken}:202: more than 200 properties in the card: it was left out\n` +
				`${none}:1: not a card: no vCard, MECARD, BIZCARD or MEMORY begins here\n` +
				`${absent}:1: No such file or directory\n`,
		);
		assert.equal((await card([absent])).status, 66);
	});

	test('a line without effect is a warning and no failure', async () => {
		const loose = file('loose.vcf', 'BEGIN:VCARD\nFN:A\nloose\nEND:VCARD\n');
		const seen = await card([loose]);
		assert.deepEqual([seen.status, seen.err], [0, `${loose}:3: warning: no ':' in the line; it was left out\n`]);
	});

	test('wrong usage says what is right', async () => {
		assert.equal((await card([])).status, 64);
		const wrong = await card(['--vcard', '2.1', 'x']);
		assert.deepEqual([wrong.status, wrong.err], [64, 'kith-badge card: --vcard takes 3.0 or 4.0\n']);
	});

	test('what is written as vCard reads back the same', async () => {
		const folder = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../data/vcard');
		for (const name of fs.readdirSync(folder).filter((f) => f.endsWith('.out')))
			for (const version of ['3.0', '4.0']) {
				const source = path.join(folder, name.replace(/out$/, 'in'));
				const vcf = file('again.vcf', (await card(['--vcard', version, source])).out);
				const anonymous = (c) => ({ ...c, file: '', phones: c.phones.map((p) => p.replace(/^tel:/, '')) });
				assert.deepEqual(
					lines((await card([vcf])).out).map(anonymous),
					lines((await card([source])).out).map(anonymous),
					`${name} in ${version}`,
				);
			}
	});

	// not its URLs: it cuts them at a comma, which a URI may hold as it is (RFC 2426 5.8.4)
	test('python3-vobject reads what is written', async (t) => {
		// Debian's package is for Debian's interpreter, whatever else is on the path
		const python = '/usr/bin/python3';
		if ((await run(python, ['-c', 'import vobject'])).status !== 0) {
			toolMissing(t, 'python3-vobject');
			return;
		}
		const folder = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), '../data/vcard');
		const script = `
import json, sys, vobject
for c in vobject.readComponents(sys.stdin.buffer.read().decode('utf-8')):
    get = lambda name: [x.value for x in c.contents.get(name, [])]
    org = get('org')
    print(json.dumps({'name': get('fn')[0], 'emails': get('email'), 'phones': get('tel'), 'notes': get('note'),
        'organization': org[0][0] if org else ''}))
`;
		for (const name of fs.readdirSync(folder).filter((f) => f.endsWith('.out') && f !== 'empty.out')) {
			const source = path.join(folder, name.replace(/out$/, 'in'));
			const written = (await card(['--vcard', '3.0', source])).out;
			const theirs = await run(python, ['-c', script], { input: written });
			assert.equal(theirs.status, 0, `${name}: ${theirs.err}`);
			assert.deepEqual(
				lines(theirs.out),
				lines((await card([source])).out).map((c) => ({
					name: c.name,
					emails: c.emails,
					phones: c.phones.map((p) => p.replace(/^tel:/, '')),
					notes: c.notes,
					organization: c.organization,
				})),
				name,
			);
		}
	});
});
