// ./kith bench kill [--taps N] [--seed N] [--people N]: tests/e2e/lib/kill.mjs at full length.
import crypto from 'node:crypto';
import { parseArgs } from 'node:util';
import { killDrill } from '../e2e/lib/kill.mjs';

const { values } = parseArgs({ options: { taps: { type: 'string', default: '2000' }, people: { type: 'string', default: '72' },
	seed: { type: 'string', default: String(crypto.randomInt(2 ** 31)) } } });
const from = Date.now();
console.log(`seed ${values.seed} (repeat it with --seed ${values.seed})`);
try {
	const said = await killDrill({ taps: Number(values.taps), people: Number(values.people), seed: Number(values.seed),
		progress: (n) => n % 100 === 0 && console.log(`${n} taps, ${Math.round((Date.now() - from) / 1000)} s`) });
	console.log(`nothing shown was lost, nothing is doubled, both stores pass integrity_check (${Math.round((Date.now() - from) / 1000)} s)`);
	for (const [name, value] of Object.entries({ taps: said.taps, acknowledged: said.acknowledged, entries: said.entries,
		kiosk_kills: said.kills.kiosk, server_kills: said.kills.server, lost: 0, doubled: 0, seed: said.seed }))
		console.log(`RESULT kill.${name}=${value}`);
} catch (error) {
	console.error(`bench kill, seed ${values.seed}: ${error.stack}`);
	process.exitCode = 1;
}
