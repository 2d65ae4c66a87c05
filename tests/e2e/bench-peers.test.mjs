// What kith-badge writes, read by Qt's QNdefMessage, and what Qt writes, read by kith-badge.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { HOST, ID, makeKey, messageOf } from './lib/badge-bytes.mjs';
import { Chip, bin, run, toolMissing } from './lib/chip.mjs';

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

describe('Qt and kith-badge', () => {
	let chip;
	let key;
	let there;
	const ask = (...args) => run(python, ['-c', qt, ...args]);
	const badge = (...args) => run(path.join(bin, 'kith-badge'), args, { env: { KITH_LOCK_DIR: chip.dir } });
	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
		there = (await run(python, ['-c', 'import PyQt5.QtNfc'])).status === 0;
	});
	after(() => chip.stop());

	test('Qt reads a badge as it was meant', async (t) => {
		if (!there)
			return toolMissing(t, 'python3-pyqt5.qtnfc');
		const vcard = 'BEGIN:VCARD\r\nVERSION:3.0\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\nEND:VCARD\r\n';
		fs.writeFileSync(path.join(chip.dir, 'ada.vcf'), vcard);
		await chip.send('tag new a ntag215');
		await chip.send('put a');
		const written = await badge('write', '--reader', chip.connstring, '--key', key.file, '--event', '7', '--id', ID, '--host', HOST,
			'--vcard', path.join(chip.dir, 'ada.vcf'));
		assert.equal(written.status, 0, written.err);
		await chip.send(`tag save a ${path.join(chip.dir, 'saved')}`);
		await chip.send('take a');
		const { message } = messageOf(fs.readFileSync(path.join(chip.dir, 'saved')));
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
		await chip.send('tag new b ntag213');
		const file = path.join(chip.dir, 'b');
		await chip.send(`tag save b ${file}`);
		const bytes = fs.readFileSync(file);
		Buffer.concat([Buffer.from([3, message.length]), message, Buffer.from([0xfe])]).copy(bytes, 16);
		fs.writeFileSync(file, bytes);
		await chip.send(`tag load b ${file}`);
		await chip.send('put b');
		const seen = await badge('read', '--json', '--reader', chip.connstring, '--wait', '0');
		assert.equal(seen.status, 66, seen.err);
		const { records, error } = JSON.parse(seen.out);
		assert.deepEqual(records.map((r) => [r.kind, r.type, r.text]), [['uri', 'U', 'https://elsewhere.example/hello'], ['text', 'T', undefined]]);
		assert.match(error, /no Kith badge/);
	});
});
