// The whole main job, as ./kith demo --check plays it.
import { test } from 'node:test';
import { check } from './lib/check.mjs';
import { World } from './lib/world.mjs';

test('an evening: check-ins, exchange, guest, network cut, pairing, queues, downloads', async (t) => {
	const world = await World.start();
	try {
		await check(world, (line) => t.diagnostic(line));
	} finally {
		await world.stop();
	}
});
