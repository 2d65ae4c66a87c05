// The follow-up rules on the phone against the server's: the same plan of the same log, to the byte,
// in any order of its entries.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { before, describe, test } from 'node:test';

import { bin, run } from './lib/chip.mjs';
import { library, newCore, noCore } from './lib/core.mjs';
import { RandomLog } from './lib/random-log.mjs';

const planLog = path.join(bin, '../tests/plan-log');

/** Where two long texts part. */
function same(actual, expected, what) {
	if (actual === expected) return;
	let at = 0;
	while (actual[at] === expected[at]) at++;
	assert.equal(actual.slice(at - 200, at + 100), expected.slice(at - 200, at + 100), `${what}, character ${at}`);
}

describe('the plan of a log', { skip: noCore || (!existsSync(planLog) && `no ${planLog}`) }, () => {
	let core;
	let packPlan;
	let packs;
	before(async () => {
		core = await newCore();
		({ packPlan } = await library('plan'));
		const { languagePacks, loadLanguages } = await library('languages');
		await loadLanguages(['ar', 'de', 'en', 'es']);
		packs = languagePacks;
	});

	/** With the languages that the app would load for it, and no more. */
	const said = (input) => ({ ...input, languages: packs([input.lang, ...input.people.flatMap(({ lang }) => lang || [])]) });
	const pack = (input) => packPlan(said(input));
	const onPhone = (input) => new TextDecoder().decode(core.ask('kith_plan', pack(input)));
	async function onServer(inputs) {
		const { status, out, err } = await run(planLog, [], { input: inputs.map((input) => `${JSON.stringify(input)}\n`).join('') });
		assert.equal(status, 0, err);
		return out.split('\n').slice(0, -1);
	}

	test('phone and server plan 400 random logs alike, shuffled and with repeats too', async () => {
		const inputs = [];
		const phone = [];
		let facts = 0;
		let items = 0;
		for (let seed = 1; seed <= 400; seed++) {
			const log = new RandomLog(seed);
			// states of items that are there, of what they cause, and so on
			for (let round = 0; round < 4; round++) {
				log.grow(5 + log.below(seed % 20 === 0 ? 150 : 30));
				const plan = core.plan(said(log.input()));
				log.items = [...plan.items, ...plan.done].map((item) => item.key);
			}
			const input = log.input();
			const answer = onPhone(input);
			same(onPhone(log.input(log.shuffled())), answer, `seed ${seed}: another order`);
			inputs.push(input, log.input(log.shuffled()));
			phone.push(answer, answer);
			facts += log.facts.length;
			items += log.items.length;
		}
		assert.ok(facts > 20_000 && items > 5_000, `${facts} facts, ${items} items`);
		const server = await onServer(inputs);
		assert.equal(server.length, phone.length);
		for (let i = 0; i < server.length; i++) same(phone[i], server[i], `seed ${1 + (i >> 1)}`);
	});

	test('every kind of item is among them', () => {
		const seen = new Set();
		for (let seed = 1; seed <= 60; seed++) {
			const log = new RandomLog(seed);
			log.grow(120);
			for (const item of core.plan(said(log.input())).items) seen.add(item.kind);
		}
		assert.deepEqual([...seen].sort(), ['congratulate', 'face-time', 'hello', 'introduce', 'keep-in-touch', 'promise', 'referral', 'report-back', 'share', 'thanks']);
	});

	test('an empty log has an empty plan', () => {
		const plan = core.plan(said({ facts: [], people: [], events: [], me: '', lang: 'en', now_ms: 0, zone_min: 0 }));
		assert.deepEqual([plan.today, plan.items, plan.persons], ['1970-01-01', [], []]);
	});

	test('damaged input is refused, and the next call answers as before', () => {
		const log = new RandomLog(7);
		log.grow(40);
		const good = pack(log.input()).slice();
		const answer = Buffer.from(core.ask('kith_plan', good));
		for (let i = 0; i < 300; i++) {
			const bad = i % 3 === 0 ? good.slice(0, log.below(good.length)) : good.slice();
			if (i % 3) for (let k = 0; k < i % 7; k++) bad[log.below(bad.length)] = log.below(256);
			try {
				core.ask('kith_plan', bad);
			} catch (error) {
				assert.equal(error.code, 'malformed', error.message);
			}
		}
		assert.deepEqual(Buffer.from(core.ask('kith_plan', good)), answer);
		assert.throws(() => core.plan(said({ ...log.input(), now_ms: 1e18 })), { code: 'malformed' });
	});

	test('a log of years is planned in little memory, again and again', () => {
		const log = new RandomLog(3);
		log.grow(5000);
		const input = pack(log.input());
		core.ask('kith_plan', input);
		const held = core.memory();
		for (let i = 0; i < 20; i++) core.ask('kith_plan', input);
		assert.equal(core.memory(), held);
		assert.ok(held < 64 << 20, `${held >> 20} MiB`);
	});
});
