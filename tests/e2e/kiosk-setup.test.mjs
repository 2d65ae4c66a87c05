// The first start on the real daemon and a real server: nothing but the screen is touched. Root's
// service that applies network and time zone is played here.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { accessibility, launch, noBrowser, open, picture } from './lib/browser.mjs';
import { World, Screen, Service, attendees, freePort, must, until } from './lib/world.mjs';

const password = 'correct horse 7$';

describe('a first start', () => {
	let w;
	let k;
	before(async () => {
		w = await World.start({ people: attendees.slice(0, 1), guests: [], role: 'door' });
		await w.stopKiosk(); // it holds the reader
	});
	after(async () => {
		await k?.stop();
		await w?.stop();
	});

	/** Another kiosk, not enrolled. */
	async function fresh(name) {
		const dir = path.join(w.dir, name);
		const state = path.join(dir, 'state');
		const system = path.join(dir, 'system');
		const camera = path.join(dir, 'camera');
		for (const folder of [dir, system, camera])
			fs.mkdirSync(folder);
		const config = path.join(dir, 'kiosk.conf');
		fs.writeFileSync(config, [`state_dir = ${state}`, `screen_listen = 127.0.0.1:${await freePort()}`, 'role = door',
			`reader = nfc ${w.chip.connstring}`, `reader = frames ${camera}`, `control_dir = ${system}`, `setup_dir = ${system}`, ''].join('\n'));
		const kiosk = { state, system, camera, config };
		kiosk.run = async () => {
			kiosk.service = await Service.start('kith-kiosk', ['--config', config, 'run']);
			kiosk.screen = await Screen.open(kiosk.service.address);
		};
		kiosk.status = (lines) => {
			fs.writeFileSync(path.join(system, 'status.new'), lines.join('\n') + '\n');
			fs.renameSync(path.join(system, 'status.new'), path.join(system, 'status'));
		};
		kiosk.stop = async () => {
			kiosk.screen?.close();
			await kiosk.service?.stop();
		};
		return kiosk;
	}
	const newCode = async () => (await w.cli('enrol', w.event, 'Side door')).trim().split(/\s+/)[0];
	const step = (name) => k.screen.see(`the step ${name}`, (s) => s.setup?.step === name && !s.setup.busy);

	test('asks for network and zone where they are applied, and goes on with the code after a restart', async () => {
		k = await fresh('one');
		k.status(['state = ready', 'problem = -', 'text = the settings are applied']);
		fs.writeFileSync(path.join(k.system, 'networks'), 'Venue\nguest\n');
		await k.run();
		const first = await step('language');
		assert.equal(first.screen, 'setup');
		assert.equal(first.setup.system, true);
		assert.match(await (await fetch(`${k.screen.origin}/metrics`)).text(), /^kith_kiosk_screens 1$/m);
		assert.deepEqual(first.setup.networks, ['Venue', 'guest']);
		await k.screen.act('lang', { lang: 'de' });
		await k.screen.see('German', (s) => s.lang === 'de');
		await k.screen.act('step', { step: 'network' });
		await step('network');
		await k.screen.act('system', { wifi: { name: 'Venue', password, country: 'DE' }, zone: 'Europe/Lisbon' });
		await k.screen.see('busy', (s) => s.setup.busy === true);
		const request = path.join(k.system, 'setup');
		assert.equal(fs.readFileSync(request, 'utf8'),
			`wifi_name = Venue\nwifi_password = ${password}\nwifi_country = DE\ntime_zone = Europe/Lisbon\n`);
		assert.equal(fs.statSync(request).mode & 0o777, 0o600);
		// it is taken, and the kiosk is started again with it
		fs.rmSync(request);
		k.status(['state = failed', 'problem = wifi_password_length', 'text = a Wi-Fi password has 8 to 63 characters']);
		const failed = await step('code');
		assert.equal(failed.setup.problem, 'wifi_password_length');
		let said = k.service.log;
		await k.stop();
		await k.run();
		assert.equal((await step('code')).setup.problem, 'wifi_password_length', 'also to the one that was started again');
		k.status(['state = ready', 'problem = -', 'text = the settings are applied']);
		said += k.service.log;
		await k.stop();
		await k.run();
		assert.equal((await step('code')).setup.problem, '');
		assert.equal((await step('code')).lang, 'de', 'nothing is asked twice');
		for (const text of [said, k.service.log, fs.readFileSync(path.join(k.state, 'setup.json'), 'utf8'), JSON.stringify(k.screen.states)])
			assert.ok(!text.includes(password), 'the password is nowhere');
	});

	test('refuses a wrong code, takes one from its picture, shows what the readers see, and opens', async () => {
		await k.screen.act('enrol', { server: w.origin, code: 'ABCD-EFGH-JKMN-PQRS' });
		await k.screen.see('the refusal', (s) => s.setup.problem === 'code_refused' && !s.setup.busy);
		await k.screen.act('enrol', { server: `http://127.0.0.1:${await freePort()}`, code: 'ABCD-EFGH-JKMN-PQRS' });
		await k.screen.see('nobody there', (s) => s.setup.problem === 'server_unreachable' && !s.setup.busy);
		const code = await newCode();
		const shot = path.join(w.dir, 'enrol.png');
		await must('kith-badge', ['qr', '--out', shot, '--module', '6', '-'], { input: `${w.origin}/enrol#${code}` });
		fs.renameSync(shot, path.join(k.camera, 'enrol.png'));
		const seen = await k.screen.see('the code', (s) => s.setup.code !== '' && s.setup.server === w.origin);
		assert.equal(seen.setup.code.replaceAll('-', ''), code.replaceAll('-', ''));
		assert.ok(!fs.existsSync(path.join(k.state, 'identity.json')), 'a picture alone enrols nothing');
		await k.screen.act('enrol', { server: seen.setup.server, code: seen.setup.code });
		const enrolled = await step('test');
		assert.equal(enrolled.setup.code, '');
		await w.chip.send('put ana');
		await k.screen.see('the chip', (s) => s.test?.seen === 'chip' && s.test.reader === 'nfc 1');
		await w.chip.send('take ana');
		await k.screen.act('finish');
		k.screen.close();
		const open = await until('the kiosk itself', async () => {
			const screen = await Screen.open(k.service.address);
			return screen.state.screen === 'setup' ? (screen.close(), false) : screen;
		});
		k.screen = open;
		await k.screen.see('online', (s) => s.screen === 'idle' && s.link.online);
		assert.equal(k.screen.state.lang, 'de');
		assert.equal(k.screen.state.event, 'C Meetup');
		assert.ok(!k.service.log.includes(code), 'nor the code in the log');
		await k.stop();
		k = undefined;
	});

	test('enrolled by root, it tells what is still to be done', async () => {
		k = await fresh('three');
		k.status(['state = enrolling', 'problem = -', `text = enrolling at ${w.origin}`]);
		await k.run();
		await k.screen.see('busy', (s) => s.setup?.busy === true);
		await must('kith-kiosk', ['--config', k.config, 'enrol', w.origin, '-'], { input: await newCode() });
		k.status(['state = failed', 'problem = not_wiped', 'text = enrolled, but kith.txt cannot be written over']);
		await k.screen.see('what is left to do', (s) => s.setup?.step === 'test' && s.setup.problem === 'not_wiped');
		await k.stop();
		k = undefined;
	});

	test('on a system that applies nothing, by touches on the page', { skip: noBrowser }, async () => {
		k = await fresh('two');
		await k.run();
		const browser = await launch();
		try {
			const page = await open(browser, `${k.screen.origin}/`, { width: 800, height: 480 });
			await page.getByRole('button', { name: 'Next' }).click();
			await page.getByRole('heading', { name: 'Enrolment code' }).waitFor();
			assert.deepEqual(await accessibility(page), []);
			await picture(page, 'kiosk-800-setup-typing');
			await page.getByRole('button', { name: 'Address of the server' }).click();
			for (let i = 0; i < 8; i++)
				await page.getByRole('button', { name: 'Delete the last letter' }).click();
			for (const letter of w.origin) {
				if (!(await page.getByRole('button', { name: letter, exact: true }).count()))
					await page.getByRole('button', { name: /^(abc|123)$/ }).click();
				await page.getByRole('button', { name: letter, exact: true }).click();
			}
			await page.getByRole('button', { name: 'Next' }).click();
			for (const letter of (await newCode()).replaceAll('-', ''))
				await page.getByRole('button', { name: letter, exact: true }).click();
			await page.getByRole('button', { name: 'Enrol', exact: true }).click();
			await page.getByRole('heading', { name: 'It is enrolled' }).waitFor();
			await page.getByText('nfc 1: ready').waitFor();
			await page.getByRole('button', { name: 'Finish' }).click();
			await page.getByRole('heading', { name: 'Tap your badge' }).waitFor();
		} finally {
			await browser.close();
		}
	});
});
