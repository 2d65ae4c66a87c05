// A short run of ./kith bench kill; the bench itself plays 2,000 taps.
import crypto from 'node:crypto';
import { test } from 'node:test';
import { killDrill } from './lib/kill.mjs';

test('kill -9 of kiosk and server at random: nothing shown is lost, nothing is doubled', async (t) => {
	const seed = Number(process.env.KITH_SEED ?? crypto.randomInt(2 ** 31));
	t.diagnostic(`KITH_SEED=${seed} repeats this run`);
	const said = await killDrill({ taps: 60, people: 14, kills: 6, seed });
	t.diagnostic(JSON.stringify(said));
});
