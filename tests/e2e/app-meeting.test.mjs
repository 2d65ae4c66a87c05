// The same meeting, recorded by a kiosk and by both phones, in any order: one queue.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { online, photo, scanPhoto, signIn, tab, vcard } from './lib/app.mjs';
import { launch, noBrowser } from './lib/browser.mjs';
import { World, until } from './lib/world.mjs';

const orders = [
	{ pair: ['ana', 'ben'], order: ['kiosk', 'first', 'second'] },
	{ pair: ['chidi', 'dora'], order: ['second', 'kiosk', 'first'] },
	{ pair: ['elif', 'farid'], order: ['first', 'second', 'kiosk'] },
];

describe('one meeting on two phones and a kiosk', { skip: noBrowser }, () => {
	let world;
	let browser;
	const queues = [];

	before(async () => {
		world = await World.start({ frames: false });
		browser = await launch();
		for (const { key } of world.people) {
			await world.tap(key, 'welcome');
			await world.screen.act('finish');
			await world.screen.shows('idle');
		}
	});
	after(async () => {
		await browser?.close();
		await world?.stop();
	});

	for (const { pair, order } of orders)
		test(`recorded by ${order.join(', then ')}`, async () => {
			const [one, two] = await Promise.all(
				pair.map(async (key) => {
					const session = await world.phone(key);
					const { card } = await session.good('GET', '/v1/me/log');
					const { name } = world.person(key);
					const file = await photo(world.dir, key, vcard(name, [`X-KITH:https://${world.host}/b#${card.badge}`]));
					return { key, name, session, file, page: await signIn(browser, world.origin, session.code) };
				}),
			);
			const scan = async (mine, other) => {
				await tab(mine.page, 'Scan');
				await scanPhoto(mine.page, other.file, other.name);
				await online(mine.page);
			};
			const by = {
				kiosk: async () => {
					await world.tap(one.key, 'welcome');
					await world.tap(two.key, ['exchange', 'note']);
				await world.screen.shows('note');
				await world.screen.act('save');
					await world.synced();
				},
				first: () => scan(one, two),
				second: () => scan(two, one),
			};
			for (const who of order) await by[who]();
			for (const [mine, other] of [[one, two], [two, one]]) {
				const rows = (log) => log.rows.filter((row) => row.kind === 'meeting').length;
				await until('all three to be there', async () => rows(await mine.session.good('GET', '/v1/me/log')) >= 1);
				const { items } = await until('the queue', async () => {
					const queue = await mine.session.good('GET', '/v1/queue');
					return queue.items.length > 0 && queue;
				});
				const seen = items.map(({ kind, state, due, overdue, met, person }) => ({ kind, state, due, overdue, met, who: person.name === other.name }));
				queues.push(JSON.stringify(seen));
				// what the phone plans is what the server plans, down to the keys
				await mine.page.evaluate(() => dispatchEvent(new Event('online')));
				await tab(mine.page, 'Queue');
				for (const item of items) await mine.page.locator(`a[href="#/queue/go/${item.key}"]`).waitFor();
				await until('no other', async () => (await mine.page.locator('a[href^="#/queue/go/"]').count()) === items.length);
				assert.deepEqual(mine.page.problems, []);
			}
			await one.page.context().close();
			await two.page.context().close();
		});

	test('all orders gave the same queue to all', () => {
		assert.equal(queues.length, 2 * orders.length);
		assert.deepEqual([...new Set(queues)], [queues[0]]);
		const [hello, ...more] = JSON.parse(queues[0]);
		assert.equal(more.length, 0);
		assert.equal(hello.met.count, 1, 'one meeting, whoever wrote it down');
	});
});
