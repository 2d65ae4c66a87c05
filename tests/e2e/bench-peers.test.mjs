// What kith-badge writes, read by others' programs that share no line with it, and what these write,
// read by kith-badge: Qt's QNdefMessage, and ndef and nfccard-tool of npm. nfc-mfultralight's dumps
// are in bench-chip.test.mjs.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { HOST, ID, makeKey, messageOf } from './lib/badge-bytes.mjs';
import { Chip, bin, run, toolMissing } from './lib/chip.mjs';
import { top } from './lib/browser.mjs';

const python = '/usr/bin/python3';
const qt = `
import json, sys
from PyQt5.QtCore import QByteArray, QUrl
from PyQt5.QtNfc import QNdefMessage, QNdefNfcUriRecord, QNdefNfcTextRecord
if sys.argv[1] == 'read':
	records = []
	for r in QNdefMessage.fromByteArray(QByteArray(bytes.fromhex(sys.argv[2]))):
		record = {'format': int(r.typeNameFormat()), 'type': bytes(r.type()).decode('latin1'), 'payload': bytes(r.payload()).hex()}
		if record['format'] == 1 and record['type'] == 'U':
			record['uri'] = QNdefNfcUriRecord(r).uri().toString()
		records.append(record)
	print(json.dumps(records))
else:
	uri = QNdefNfcUriRecord()
	uri.setUri(QUrl('https://elsewhere.example/hello'))
	text = QNdefNfcTextRecord()
	text.setText('Gruesse')
	text.setLocale('de')
	print(bytes(QNdefMessage([uri, text]).toByteArray()).hex())
`;

const npm = createRequire(path.join(top, 'core/web/package.json'));
const vcard = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nEND:VCARD\r\n';

describe('others and kith-badge', () => {
	let chip;
	let key;
	let there;
	let count = 0;
	const ask = (...args) => run(python, ['-c', qt, ...args]);
	const badge = (...args) => run(path.join(bin, 'kith-badge'), args, { env: { KITH_LOCK_DIR: chip.dir } });
	const dump = async (name) => {
		await chip.send(`tag save ${name} ${path.join(chip.dir, 'saved')}`);
		return fs.readFileSync(path.join(chip.dir, 'saved'));
	};
	/** The dump of a chip of that kind after kith-badge write. */
	const written = async (kind, ...extra) => {
		const name = `w${++count}`;
		await chip.send(`tag new ${name} ${kind}`);
		await chip.send(`put ${name}`);
		const said = await badge('write', '--reader', chip.connstring, '--key', key.file, '--event', '7', '--id', ID, '--host', HOST, ...extra);
		assert.equal(said.status, 0, said.err);
		await chip.send(`take ${name}`);
		return dump(name);
	};
	/** What kith-badge reads of a chip of that kind with these bytes from page 4 on. */
	const read = async (kind, area) => {
		const name = `r${++count}`;
		await chip.send(`tag new ${name} ${kind}`);
		const bytes = await dump(name);
		Buffer.from(area).copy(bytes, 16);
		fs.writeFileSync(path.join(chip.dir, 'laid'), bytes);
		await chip.send(`tag load ${name} ${path.join(chip.dir, 'laid')}`);
		await chip.send(`put ${name}`);
		const said = await badge('read', '--json', '--reader', chip.connstring, '--wait', '0');
		await chip.send(`take ${name}`);
		assert.equal(said.status, 66, said.err);
		return JSON.parse(said.out);
	};
	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
		there = (await run(python, ['-c', 'import PyQt5.QtNfc'])).status === 0;
		fs.writeFileSync(path.join(chip.dir, 'ada.vcf'), vcard);
	});
	after(() => chip.stop());

	test('Qt reads a badge as it was meant', async (t) => {
		if (!there)
			return toolMissing(t, 'python3-pyqt5.qtnfc');
		const { message } = messageOf(await written('ntag215', '--vcard', path.join(chip.dir, 'ada.vcf')));
		const [uri, ours, card, more] = JSON.parse((await ask('read', message.toString('hex'))).out);
		assert.equal(more, undefined);
		assert.equal(uri.uri, `https://${HOST}/b#${ID}`);
		assert.deepEqual([ours.format, ours.type, ours.payload.length], [4, 'kith:b', 2 * 73]);
		assert.deepEqual([card.format, card.type, Buffer.from(card.payload, 'hex').toString()], [2, 'text/vcard', vcard]);
	});

	test('kith-badge reads what Qt wrote, and says that it is no badge', async (t) => {
		if (!there)
			return toolMissing(t, 'python3-pyqt5.qtnfc');
		const message = Buffer.from((await ask('write')).out.trim(), 'hex');
		const { records, error } = await read('ntag213', [3, message.length, ...message, 0xfe]);
		assert.deepEqual(records.map((r) => [r.kind, r.type, r.text]), [['uri', 'U', 'https://elsewhere.example/hello'], ['text', 'T', undefined]]);
		assert.match(error, /no Kith badge/);
	});

	test('ndef of npm reads a badge as it was meant', async () => {
		const ndef = npm('ndef');
		for (const [kind, extra] of [['ntag213', []], ['ntag215', ['--vcard', path.join(chip.dir, 'ada.vcf')]], ['ntag216', []]]) {
			const { message } = messageOf(await written(kind, ...extra));
			const [uri, ours, card, more] = ndef.decodeMessage([...message]);
			assert.equal(more, undefined);
			assert.deepEqual([uri.tnf, ndef.uri.decodePayload(uri.payload)], [ndef.TNF_WELL_KNOWN, `https://${HOST}/b#${ID}`]);
			assert.deepEqual([ours.tnf, Buffer.from(ours.type).toString(), ours.payload.length], [ndef.TNF_EXTERNAL_TYPE, 'kith:b', 73]);
			if (extra.length)
				assert.deepEqual([card.tnf, Buffer.from(card.type).toString(), Buffer.from(card.payload).toString()], [ndef.TNF_MIME_MEDIA, 'text/vcard', vcard]);
			else
				assert.equal(card, undefined);
			// and it writes the same bytes
			assert.deepEqual(Buffer.from(ndef.encodeMessage([uri, ours, card].filter(Boolean))), message);
		}
	});

	test('nfccard-tool of npm reads the chip\'s header and the link', async () => {
		const tool = npm('nfccard-tool');
		for (const [kind, room] of [['ntag213', 144], ['ntag215', 496], ['ntag216', 872]]) {
			const saved = await written(kind);
			const { parsedHeader } = tool.parseInfo(saved.subarray(0, 20));
			assert.deepEqual([parsedHeader.isFormatedAsNDEF, parsedHeader.type2SpecVersion, parsedHeader.maxNDEFMessageSize, parsedHeader.hasWritePermissions,
				parsedHeader.hasNDEFMessage, parsedHeader.NDEFMessageLength], [true, '1.0', room, true, true, messageOf(saved).message.length]);
			const [uri] = tool.parseNDEF(saved.subarray(16, 16 + tool.getNDEFMessageLengthToRead()));
			assert.deepEqual([uri.type, uri.uri], ['uri', `https://${HOST}/b#${ID}`]);
		}
		// closed for ever, it says so
		const name = `w${count}`;
		await chip.send(`put ${name}`);
		const locked = await badge('lock', '--reader', chip.connstring, '--key', key.file, '--forever');
		assert.equal(locked.status, 0, locked.err);
		await chip.send(`take ${name}`);
		assert.equal(tool.parseInfo((await dump(name)).subarray(0, 20)).parsedHeader.writePermissionsType, 'NO_WRITE_ACCESS');
	});

	test('kith-badge reads what ndef and nfccard-tool wrote', async () => {
		const ndef = npm('ndef');
		const message = ndef.encodeMessage([ndef.uriRecord('https://elsewhere.example/hello'), ndef.textRecord('Gruesse', 'de'),
			ndef.mimeMediaRecord('text/vcard', vcard)]);
		const first = await read('ntag215', [3, message.length, ...message, 0xfe]);
		assert.deepEqual(first.records.map((r) => [r.kind, r.type, r.text]), [['uri', 'U', 'https://elsewhere.example/hello'],
			['text', 'T', undefined], ['vcard', 'text/vcard', vcard]]);
		const tool = npm('nfccard-tool');
		await chip.send('tag new blank ntag213');
		tool.parseInfo((await dump('blank')).subarray(0, 20)); // it writes for the chip that it saw last
		const { preparedData } = tool.prepareBytesToWrite([{ type: 'uri', uri: 'https://elsewhere.example/hello' },
			{ type: 'text', text: 'Gruesse', language: 'de' }]);
		const second = await read('ntag213', preparedData);
		assert.deepEqual(second.records.map((r) => [r.kind, r.type, r.text]), [['uri', 'U', 'https://elsewhere.example/hello'], ['text', 'T', undefined]]);
		assert.match(second.error, /no Kith badge/);
	});
});
