// Certificates for tests, made by certtool (gnutls-bin) in a temporary folder.
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { run } from './chip.mjs';

async function certtool(...args) {
	const done = await run('certtool', args);
	assert.equal(done.status, 0, `certtool ${args.join(' ')}: ${done.err}`);
}

/**
 * A key and a self-signed certificate: { cert, key } as paths, pin as kiosks pin it.
 * from, to: dates in certtool's words. same: a pair whose key this one is to have.
 */
export async function certificate(dir, name, { from = '2020-01-01 00:00:00', to = '2099-01-01 00:00:00', same } = {}) {
	const file = (end) => path.join(dir, `${name}.${end}`);
	const key = same?.key ?? file('key');
	if (!same) {
		await certtool('--generate-privkey', '--key-type', 'ecdsa', '--curve', 'secp256r1', '--no-text', '--outfile', key);
		fs.chmodSync(key, 0o600);
	}
	fs.writeFileSync(file('template'), [`cn = "${name}"`, 'dns_name = "localhost"', 'ip_address = "127.0.0.1"', 'tls_www_server',
		'signing_key', `activation_date = "${from}"`, `expiration_date = "${to}"`, 'serial = 1', ''].join('\n'));
	await certtool('--generate-self-signed', '--load-privkey', key, '--template', file('template'), '--outfile', file('pem'));
	const spki = new crypto.X509Certificate(fs.readFileSync(file('pem'))).publicKey.export({ type: 'spki', format: 'der' });
	return { cert: file('pem'), key, pin: crypto.createHash('sha256').update(spki).digest('base64') };
}
