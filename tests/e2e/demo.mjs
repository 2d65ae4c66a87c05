// ./kith demo: an event on this machine, to be played with. --check plays it by itself.
import path from 'node:path';
import process from 'node:process';

process.env.KITH_BIN ??= path.resolve(path.dirname(new URL(import.meta.url).pathname), '../../build/bin');
const { World } = await import('./lib/world.mjs');
const { check } = await import('./lib/check.mjs');
const { serveBench } = await import('./lib/bench-page.mjs');

const wanted = process.argv.slice(2);
const unknown = wanted.find((option) => !['--check', '--verbose', '--help'].includes(option));
if (unknown || wanted.includes('--help')) {
	console.log('usage: ./kith demo [--check] [--verbose]\n\n' +
		'  --check    play the whole event unattended, say what was seen, exit 0 only if all of it is right\n' +
		'  --verbose  show what the programs log');
	process.exit(unknown ? 64 : 0);
}

const world = await World.start({ quiet: !wanted.includes('--verbose') });
let ending = false;
async function end(status) {
	if (ending)
		return;
	ending = true;
	await world.stop();
	process.exit(status);
}
process.on('SIGINT', () => end(0));
process.on('SIGTERM', () => end(0));

if (wanted.includes('--check')) {
	let status = 0;
	try {
		await check(world, (line) => console.log(line));
		console.log('\nEverything is as it should be.');
	} catch (error) {
		console.error(`\nNot right: ${error.message}`);
		if (wanted.includes('--verbose'))
			console.error(error.stack);
		else
			console.error('(./kith demo --check --verbose shows what the programs log)');
		status = 1;
	}
	await end(status);
} else {
	const bench = await serveBench(world);
	console.log(`
The sample event is open. Three pages:

  the table with badges and cards   ${bench}
  the kiosk's screen                ${world.screen.origin}/
  the organizer                     ${world.origin}/organizer
      sign in as ${world.organizerEmail} with ${world.organizerPassword}

A minute's tour: click Ana's badge, then Ben's: both are checked in. Click Ana's again, and within
eight seconds Ben's: they have met. Touch a note on the screen; the table has a link to each queue. Control-C ends it all; nothing is kept.
`);
}
