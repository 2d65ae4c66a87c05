// The kiosk without any network: real chip protocol, real store, real screen.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { LoneKiosk } from './lib/lone-kiosk.mjs';
import { bin, run } from './lib/chip.mjs';

const vcard = ['BEGIN:VCARD', 'VERSION:3.0', 'N:Wei;Li;;;', 'FN:Li Wei', 'ORG:Acme', 'EMAIL:li@example.org', 'END:VCARD', ''].join('\r\n');

async function withKiosk(options, body) {
	const lone = await LoneKiosk.start(options);
	try {
		await lone.run();
		await body(lone);
	} finally {
		await lone.stop();
	}
}

test('a first tap checks in, two taps exchange, chips make a sealed note', () => withKiosk({ role: 'mixed' }, async (k) => {
	const first = await k.tap('ana', 'welcome');
	assert.equal(first.already, undefined);
	assert.equal(first.sound, 'done');
	assert.ok(first.done_ns > first.seen_ns, 'the commit comes after the scan');
	await k.screen.act('finish');
	await k.screen.shows('idle');
	await k.away();
	const again = await k.tap('ana', 'welcome');
	assert.equal(again.already, true);
	const met = await k.tap('ben', 'exchange');
	assert.equal(met.sound, 'exchange');
	assert.deepEqual(met.shared, ['name', 'organization']);
	await k.screen.shows('note');
	await k.screen.act('verb', { verb: 'send', on: true });
	await k.screen.act('topic', { topic: 'SQLite', on: true });
	const chosen = await k.screen.see('both chips', (s) => s.chosen?.length === 2);
	assert.deepEqual(chosen.chosen, ['send', 'SQLite']);
	await k.screen.act('save');
	await k.screen.shows('idle');
	const log = await k.log();
	assert.deepEqual(log.map((x) => x.kind), ['checkin', 'checkin', 'meeting', 'followup', 'note']);
	assert.deepEqual(log.map((x) => x.seq), [1, 2, 3, 4, 5]);
	assert.deepEqual(JSON.parse(log[2].payload), { a: k.badges.ana, b: k.badges.ben });
	assert.ok(log.slice(3).every((x) => x.sealed && x.payload === undefined));
	assert.equal((await k.metrics()).kith_kiosk_commits_total, '4');
	assert.equal(k.screen.state.link.pending, 5);
}));

test('a guest\'s card is stored for whoever tapped, and can be taken back', () => withKiosk({ role: 'lounge' }, async (k) => {
	await k.show(vcard);
	const whose = await k.screen.shows('whose');
	assert.deepEqual(whose.other, { name: 'Li Wei', initials: 'LW', organization: 'Acme' });
	await k.tap('ana', 'guest');
	await k.screen.act('not-right');
	await k.screen.shows('idle');
	assert.deepEqual((await k.log()).map((x) => x.kind), ['contact', 'retract']);
}));

test('a copied badge, a foreign badge and a photo of a badge gain nothing', () => withKiosk({ role: 'door', config: ['help_desk = 3'] }, async (k) => {
	await k.chip.send('tag new copy ntag213');
	const file = path.join(k.dir, 'ana.bin');
	await k.chip.send(`tag save ana ${file}`);
	const pages = fs.readFileSync(file);
	pages[1] ^= 0x55; // another chip: its UID, and the check byte of that half
	pages[3] ^= 0x55;
	fs.writeFileSync(file, pages);
	await k.chip.send(`tag load copy ${file}`);
	const copied = await k.tap('copy', 'refused');
	assert.equal(copied.reason, 'other-chip');
	assert.equal(copied.sound, 'stop');
	assert.equal(copied.help, '3');
	const { kith_kiosk_scans_total: scans } = await k.metrics();
	assert.equal(scans, '1');
	await k.show(`https://${k.host}/b#${k.badges.ana}`);
	const photo = await k.screen.see('the second refusal', (s) => s.screen === 'refused' && s.reason !== 'other-chip');
	assert.equal(photo.reason, 'unknown-badge', 'unsigned and not in the roster');
	await k.show('https://elsewhere.example/b#AAAAAAAAAAAAAAAAAAAAAA');
	await k.screen.see('a foreign badge', (s) => s.reason === 'foreign-event');
	assert.ok((await k.log()).every((x) => x.kind === 'refused'));
}));

test('a late touch never hits the next person', () => withKiosk({ role: 'door' }, async (k) => {
	const ana = await k.tap('ana', 'welcome');
	await k.tap('ben', 'welcome');
	const late = await fetch(`${k.screen.origin}/act`, { method: 'POST', headers: { 'content-type': 'application/json', origin: k.screen.origin },
		body: JSON.stringify({ rev: ana.rev, act: 'undo' }) });
	assert.equal(late.status, 409);
	assert.equal((await late.json()).error.code, 'conflict');
	for (const [headers, body, status] of [
		[{ origin: 'http://evil.example' }, '{"rev":1,"act":"undo"}', 403],
		[{}, '{"rev":1,"act":"dance"}', 400],
		[{}, '{"rev":1,"act":"verb","verb":"send"}', 400],
		[{}, '{"rev":99999,"act":"undo"}', 409],
		[{}, 'x'.repeat(5000), 413],
	]) {
		const answer = await fetch(`${k.screen.origin}/act`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
		assert.equal(answer.status, status, body.slice(0, 60));
	}
	assert.deepEqual((await k.log()).map((x) => x.kind), ['checkin', 'checkin']);
}));

test('kill -9 at any moment loses nothing that was shown', async () => {
	const k = await LoneKiosk.start({ role: 'mixed', people: ['ana', 'ben', 'cid', 'dora', 'eli', 'fay'] });
	const shown = new Set();
	try {
		for (const name of k.people) {
			await k.run();
			await k.chip.send(`put ${name}`);
			// sometimes before the answer, sometimes after it
			const wait = k.people.indexOf(name) % 2;
			if (wait) {
				await k.screen.shows('welcome');
				shown.add(k.badges[name]);
			} else {
				await k.chip.send(`wait ${name} reads 1`); // it was never read before
			}
			await k.end('SIGKILL');
			await k.chip.send(`take ${name}`);
		}
		await k.run();
		const log = await k.log();
		assert.deepEqual(log.map((x) => x.seq), log.map((x, i) => i + 1));
		const ids = log.map((x) => JSON.parse(x.payload).who);
		assert.equal(new Set(ids).size, ids.length, 'nobody is in twice');
		for (const id of shown)
			assert.ok(ids.includes(id), 'who was greeted is in the log');
		const greeted = k.people.find((name) => shown.has(k.badges[name]));
		assert.equal((await k.tap(greeted, 'welcome')).already, true, 'and is still known after the restart');
	} finally {
		await k.stop();
	}
});

test('staff-pin makes a hash of digits only, and needs no configuration', async () => {
	const ask = (input) => run(path.join(bin, 'kith-kiosk'), ['staff-pin'], { input });
	const made = await ask('4711\n');
	assert.deepEqual([made.status, made.err], [0, '']);
	assert.match(made.out, /^staff_pin_hash = \$argon2id\$\S+\n$/);
	assert.notEqual((await ask('4711\n')).out, made.out, 'salted');
	for (const wrong of ['', '\n', '471\n', '123456789\n', '47 11\n', '471x\n', `${'1'.repeat(200)}\n`]) {
		const said = await ask(wrong);
		assert.deepEqual([said.status, said.out], [65, ''], wrong);
	}
	const full = await run('sh', ['-c', '"$0" staff-pin >/dev/full', path.join(bin, 'kith-kiosk')], { input: '4711\n' });
	assert.equal(full.status, 74, 'a line that was not written is no success');
});

const pinLine = async () => (await run(path.join(bin, 'kith-kiosk'), ['staff-pin'], { input: '4711\n' })).out.trim();

test('desk staff give out a badge by PIN', async () => withKiosk({ role: 'door', config: [await pinLine()] }, async (k) => {
	await k.screen.act('staff');
	await k.screen.shows('staff');
	await k.screen.act('staff', { pin: '0000' });
	await k.screen.see('the refusal', (s) => s.reason === 'pin');
	await k.screen.act('staff', { pin: '4711' });
	await k.screen.see('the desk', (s) => s.staff === true);
	await k.screen.act('walk-in', { name: 'Mo Walker' });
	await k.screen.see('the wish for a badge', (s) => s.reason === 'assign');
	const before = k.screen.state.rev;
	await k.chip.send('put ben');
	const given = await k.screen.see('the new badge', (s) => s.rev > before && s.reason === 'assigned');
	await k.chip.send('take ben');
	assert.equal(given.person.name, 'Mo Walker');
	await k.screen.act('find', { q: 'walk' });
	const found = await k.screen.see('the walk-in by name', (s) => s.found?.length === 1);
	assert.equal(found.found[0].name, 'Mo Walker');
	assert.deepEqual((await k.log()).map((x) => x.kind), ['badge-assign', 'checkin']);
	assert.ok(!fs.readFileSync(path.join(k.state, 'kiosk.db')).includes('Walker'), 'the name is not on the disk');
}));

test('a full disk is said in red, and the station opens again by itself', () => withKiosk({ role: 'door' }, async (k) => {
	const limit = (bytes) => run('prlimit', ['--pid', String(k.service.process.pid), `--fsize=${bytes}`]);
	assert.equal((await limit('4096:')).status, 0);
	const not = await k.tap('ana', 'refused');
	assert.equal(not.reason, 'not-recorded');
	assert.equal(not.sound, 'stop');
	await k.screen.act('finish');
	const closed = await k.screen.shows('closed');
	assert.equal(closed.reason, 'disk-full');
	assert.equal((await fetch(`${k.screen.origin}/healthz`)).status, 503);
	await limit('unlimited:');
	await k.screen.shows('idle');
	await k.away();
	await k.tap('ana', 'welcome');
	assert.deepEqual((await k.log()).map((x) => x.kind), ['checkin']);
}));

test('nothing private stands in the state folder or in the log', () => withKiosk({ role: 'lounge' }, async (k) => {
	const secrets = ['Canary-Li Wei', 'canary@example.org', 'Canary Cargo', 'canary note of ferries', 'Canary Topic'];
	await k.tap('ana', 'welcome');
	await k.show(['BEGIN:VCARD', 'VERSION:3.0', 'N:Wei;Canary-Li;;;', `FN:${secrets[0]}`, `ORG:${secrets[2]}`, `EMAIL:${secrets[1]}`, 'END:VCARD', ''].join('\r\n'));
	await k.screen.shows('guest');
	await k.screen.act('text', { text: secrets[3] });
	await k.screen.see('the note', (s) => s.text === secrets[3]);
	await k.screen.act('save');
	await k.end();
	const log = k.service.log;
	assert.match(log, /kind=contact/, 'the log tells what was written');
	for (const name of fs.readdirSync(k.state)) {
		const raw = fs.readFileSync(path.join(k.state, name));
		for (const secret of secrets)
			assert.ok(!raw.includes(secret), `${name} holds ${secret}`);
	}
	for (const secret of secrets)
		assert.ok(!log.includes(secret), `the log says ${secret}`);
}));

test('a reader that is unplugged is shown, and comes back', () => withKiosk({ role: 'door' }, async (k) => {
	await k.chip.send('fault hangup');
	await k.screen.see('a reader that is not ready', (s) => s.readers.some((r) => r.state !== 'ready'));
	await k.chip.send('fault off');
	await k.screen.see('all ready again', (s) => s.readers.every((r) => r.state === 'ready'), 20000);
	await k.tap('ana', 'welcome');
}));

test('memory stays small, and the program says what it can', async () => {
	const k = await LoneKiosk.start({ role: 'door' });
	try {
		const t = process.hrtime.bigint();
		await k.run({ ready: false });
		k.startMs = Number((process.hrtime.bigint() - t) / 1000000n);
		await k.screen.see('ready readers', (s) => s.readers.every((r) => r.state === 'ready'));
		await k.tap('ana', 'welcome');
		const kib = k.pss();
		assert.ok(kib < 40 * 1024, `${kib} KiB`);
		const health = await (await fetch(`${k.screen.origin}/healthz`)).json();
		assert.equal(health.ok, true);
		assert.equal(health.server, 'offline');
		const second = await run(path.join(process.env.KITH_BIN ?? 'build/bin', 'kith-kiosk'), ['--config', k.configFile, 'run']);
		assert.match(second.err, /another kith-kiosk works in/);
		assert.equal(second.status, 73);
	} finally {
		await k.stop();
	}
});

test('bad configuration is refused with file and line', async () => {
	const k = await LoneKiosk.start({ role: 'door', people: [] });
	const bin = path.join(process.env.KITH_BIN ?? 'build/bin', 'kith-kiosk');
	try {
		const fine = await run(bin, ['--config', k.configFile, '--check-config']);
		assert.equal(fine.status, 0, fine.err);
		for (const [line, words] of [
			['colour = red', /:\d+: unknown key "colour"/],
			['reader = oracle /dev/null', /oracle/],
			['staff_pin = 12', /4 to 8 digits/],
			['show_names = perhaps', /yes or no/],
			['languages = ', /languages/],
			['screen_listen = 0.0.0.0:8310', /screen_listen: .*open to the network/],
			['screen_listen = 8310', /screen_listen: .*no ADDR:PORT/],
		]) {
			const file = path.join(k.dir, 'bad.conf');
			fs.writeFileSync(file, `${line}\n`);
			const bad = await run(bin, ['--config', file, '--check-config']);
			assert.equal(bad.status, 65, line);
			assert.match(bad.err, words);
		}
		fs.rmSync(path.join(k.state, 'identity.json'));
		await k.run({ ready: false });
		await k.screen.see('the questions of a first start', (s) => s.screen === 'setup' && s.setup.step === 'language');
		const { status } = await fetch(`${k.screen.origin}/healthz`);
		assert.equal(status, 503);
	} finally {
		await k.stop();
	}
});
