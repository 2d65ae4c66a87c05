// A chip torn off the reader at every page of everything that writes it: what is left is never half
// of something, and the next run repairs it. One test file a kind, since each takes a while.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';

import { HOST, ID, checkBadge, makeKey, messageOf } from './badge-bytes.mjs';
import { Chip, bin, run } from './chip.mjs';

const OLD = 'BBBBBBBBBBBBBBBBBBBBBA';

/** Everything that writes an NTAG of that kind, torn at each page. */
export const tearTests = (kind, pages) => describe(`an ${kind} torn off at every page`, () => {
	let chip;
	let key;
	const badge = (command, ...args) => run(path.join(bin, 'kith-badge'),
		[command, '--reader', chip.connstring, '--wait', '0', ...args], { env: { KITH_LOCK_DIR: chip.dir } });
	const write = (id) => badge('write', '--key', key.file, '--event', '7', '--id', id, '--host', HOST);
	const dump = async () => {
		const file = path.join(chip.dir, 'saved');
		await chip.send(`tag save t ${file}`);
		return fs.readFileSync(file);
	};
	const load = async (bytes) => {
		await chip.send('take t').catch(() => {});
		fs.writeFileSync(path.join(chip.dir, 'start'), bytes);
		await chip.send(`tag load t ${path.join(chip.dir, 'start')}`);
		await chip.send('put t');
	};
	const fine = (seen) => assert.equal(seen.status, 0, seen.out + seen.err);
	const writes = async () => Number(/writes=(\d+)/.exec(await chip.send('tag info t'))[1]);

	/**
	 * Tears run() at every page it writes: from the start bytes, with the chip gone in the middle of
	 * that page. judge(torn) looks at what is left; then run() again must end well, and done(bytes).
	 */
	async function tearEverywhere(pages, start, command, judge, done) {
		await load(start);
		const before = await writes();
		fine(await command());
		const written = (await writes()) - before;
		const goal = await dump();
		assert.ok(written > 0);
		// asking for the version and reading every page comes first
		for (let n = 0; n < written; n++) {
			await load(start);
			await chip.send(`fault pull ${1 + pages + n}`);
			const torn = await command();
			await chip.send('fault off');
			assert.notEqual(torn.status, 0, `page ${n} of ${written}: ${torn.out}`);
			await judge(await dump(), n);
			await chip.send('put t');
			fine(await command());
			await done(await dump());
			assert.deepEqual(await dump(), goal, `after page ${n} of ${written}`);
		}
		return written;
	}

	before(async () => {
		chip = await Chip.start();
		key = makeKey(chip.dir, 7, 1);
		await chip.send(`tag new ${kind} ${kind}`);
	});
	after(() => chip.stop());

	test('write', async () => {
		await chip.send(`tag save ${kind} ${path.join(chip.dir, 'blank')}`);
		await load(fs.readFileSync(path.join(chip.dir, 'blank')));
		fine(await write(OLD));
		const old = await dump();
		const states = { old: 0, empty: 0, fresh: 0 };
		const written = await tearEverywhere(pages, old, () => write(ID), (torn) => {
			const { message } = messageOf(torn);
			if (message.length === 0)
				return states.empty++;
			if (message.equals(messageOf(old).message))
				return states.old++;
			checkBadge(torn, key);
			return states.fresh++;
		}, (bytes) => checkBadge(bytes, key));
		assert.ok(written > 20 && states.empty >= written - 2, JSON.stringify({ written, ...states }));
	});

	test('erase and restore', async () => {
		await load(fs.readFileSync((await chip.send(`tag save ${kind} ${path.join(chip.dir, 'blank')}`), path.join(chip.dir, 'blank'))));
		fine(await write(ID));
		const full = await dump();
		const file = path.join(chip.dir, 'full');
		fine(await badge('dump', file));
		const emptyOrWhole = (torn) => {
			const { message } = messageOf(torn);
			assert.ok(message.length === 0 || message.equals(messageOf(full).message));
		};
		await tearEverywhere(pages, full, () => badge('erase'), emptyOrWhole,
			(bytes) => assert.equal(messageOf(bytes).message.length, 0));
		const empty = await dump();
		await tearEverywhere(pages, empty, () => badge('restore', file), emptyOrWhole,
			(bytes) => checkBadge(bytes, key));
	});

	test('lock', async () => {
		await load(fs.readFileSync((await chip.send(`tag save ${kind} ${path.join(chip.dir, 'blank')}`), path.join(chip.dir, 'blank'))));
		fine(await write(ID));
		const full = await dump();
		const genuine = (torn) => checkBadge(torn, key);
		await tearEverywhere(pages, full, () => badge('lock', '--key', key.file, '--password', 'key'), genuine, genuine);
		await tearEverywhere(pages, full, () => badge('lock', '--key', key.file, '--forever'), genuine, genuine);
	});
});
