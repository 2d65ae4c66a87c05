/* What holds of every plan, whatever the log: see the issue "the queue", and docs/api.md "The
 * plan". */
#include <stdlib.h>

#include "tests/unit/test.h"

#include "tests/unit/core/followup/random_log.h"

enum { ROUNDS = 3000 };

struct round {
	struct arena arena;
	struct random_log log;
	uint8_t bytes[1024];
	unsigned seed;
	int64_t now_ms;
};

static unsigned roll(struct round *r)
{
	return (r->seed = r->seed * 1103515245u + 12345u) / 65536;
}

static void begin(struct round *r, unsigned n)
{
	arena_reset(&r->arena);
	r->seed = n * 2654435761u + 1;
	r->log = (struct random_log){ .bytes = r->bytes, .len = sizeof(r->bytes) };
	for (size_t i = 0; i < sizeof(r->bytes); i++)
		r->bytes[i] = (uint8_t)roll(r);
	log_make(&r->log, 8 + roll(r) % 60);
	r->now_ms = (LOG_FIRST_DAY + (int64_t)(roll(r) % 120)) * LOG_DAY_MS + 40000000;
}

static struct followup_plan plan_of(
	struct round *r, const struct fact *facts, size_t n, int64_t now_ms, int64_t zone_ms)
{
	struct followup_plan p;

	followup_plan(&p, facts, n, &playbook_default, now_ms, zone_ms, &r->arena);
	return p;
}

static void assert_same_items(const struct followup_plan *x, const struct followup_plan *y)
{
	assert_int_equal(x->count, y->count);
	assert_int_equal(x->open, y->open);
	for (size_t i = 0; i < x->count; i++) {
		const struct followup_item *p = &x->items[i], *q = &y->items[i];

		assert_memory_equal(&p->key, &q->key, sizeof(p->key));
		assert_memory_equal(&p->person, &q->person, sizeof(p->person));
		assert_int_equal(p->kind, q->kind);
		assert_int_equal(p->state, q->state);
		assert_int_equal(p->due, q->due);
		assert_int_equal(p->place, q->place);
		assert_int_equal(p->why, q->why);
		assert_int_equal(p->hint, q->hint);
		assert_int_equal(p->after_count, q->after_count);
		assert_int_equal(p->also_count, q->also_count);
	}
}

static void assert_same(const struct followup_plan *x, const struct followup_plan *y)
{
	assert_same_items(x, y);
	assert_int_equal(x->good_until_ms, y->good_until_ms);
	assert_int_equal(x->person_count, y->person_count);
	assert_int_equal(x->loop_count, y->loop_count);
	assert_memory_equal(&x->goals, &y->goals, sizeof(x->goals));
	assert_memory_equal(&x->balance, &y->balance, sizeof(x->balance));
	for (size_t i = 0; i < x->person_count; i++) {
		const struct followup_person *p = &x->persons[i], *q = &y->persons[i];

		assert_memory_equal(&p->key, &q->key, sizeof(p->key));
		assert_int_equal(p->contact_day, q->contact_day);
		assert_int_equal(p->rhythm_days, q->rhythm_days);
		assert_memory_equal(&p->balance, &q->balance, sizeof(p->balance));
	}
}

static void any_order_any_repeats_give_the_same_plan(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct fact f[2 * LOG_MAX];
		struct followup_plan first, again;
		size_t count, repeats;

		begin(&r, n);
		count = r.log.count;
		first = plan_of(&r, r.log.facts, count, r.now_ms, 0);
		memcpy(f, r.log.facts, count * sizeof(*f));
		/* what was downloaded and what is still in the outbox overlap anyhow */
		repeats = roll(&r) % (count + 1);
		for (size_t i = 0; i < repeats; i++)
			f[count + i] = f[roll(&r) % count];
		count += repeats;
		for (size_t i = count; i-- > 1;) {
			size_t k = roll(&r) % (i + 1);
			struct fact t = f[i];

			f[i] = f[k];
			f[k] = t;
		}
		again = plan_of(&r, f, count, r.now_ms, 0);
		assert_same(&first, &again);
	}
	arena_finish(&r.arena);
}

static void the_zone_only_moves_the_calendar(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS / 4; n++) {
		struct followup_plan here, there;
		int64_t zone_ms;

		begin(&r, n);
		zone_ms = ((int64_t)(roll(&r) % 105) - 48) * 900000;
		here = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < r.log.count; i++)
			r.log.facts[i].at_ms -= zone_ms;
		there = plan_of(&r, r.log.facts, r.log.count, r.now_ms - zone_ms, zone_ms);
		assert_same_items(&here, &there);
		if (here.good_until_ms != INT64_MAX)
			assert_int_equal(here.good_until_ms - zone_ms, there.good_until_ms);
	}
	arena_finish(&r.arena);
}

static void the_plan_holds_until_it_says(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan now, last;
		int64_t until;

		begin(&r, n);
		now = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		until = now.good_until_ms == INT64_MAX ? r.now_ms + INT64_C(400) * LOG_DAY_MS
						       : now.good_until_ms;
		assert_true(until > r.now_ms);
		last = plan_of(&r, r.log.facts, r.log.count, until - 1, 0);
		assert_same_items(&now, &last);
	}
	arena_finish(&r.arena);
}

static bool is_soft(const struct followup_item *i)
{
	return i->why == WHY_RHYTHM || i->why == WHY_FACE || i->why == WHY_LEAD ||
	       i->why == WHY_NOBODY;
}

static bool is_of_rhythm(const struct followup_item *i)
{
	return i->why == WHY_RHYTHM || i->why == WHY_FACE;
}

static void nothing_is_undated_and_keys_are_one_thing_each(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan p;

		begin(&r, n);
		p = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < p.count; i++) {
			const struct followup_item *x = &p.items[i];

			assert_true(x->due > LOG_FIRST_DAY - 30 && x->due < LOG_FIRST_DAY + 5000);
			assert_true(x->state != FOLLOWUP_SNOOZE || x->until > p.today);
			assert_true(x->overdue ==
				    (x->place == PLACE_WAITING || x->place == PLACE_LATE));
			for (size_t k = 0; k < i; k++)
				assert_memory_not_equal(&p.items[k].key, &x->key, sizeof(x->key));
		}
	}
	arena_finish(&r.arena);
}

/* Per person: one greeting, no rhythm beside what is owed, one hint; per day three soft ones. */
static void never_more_than_a_person_wants_to_see(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan p;
		unsigned on_day[2000] = { 0 };

		begin(&r, n);
		p = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < p.count; i++) {
			const struct followup_item *x = &p.items[i];
			int64_t day = x->due < p.today ? p.today : x->due;

			if (item_is_finished(x)) {
				assert_false(x->stale);
				continue;
			}
			assert_true(!x->stale ||
				    (x->kind == FOLLOWUP_PROMISE && x->state == FOLLOWUP_OPEN &&
					    x->due + playbook_default.let_go_days <= p.today &&
					    !x->hint));
			if (is_soft(x) && x->state == FOLLOWUP_OPEN && day < LOG_FIRST_DAY + 2000)
				assert_true(++on_day[day - LOG_FIRST_DAY] <=
					    (unsigned)playbook_default.soft_a_day);
			for (size_t k = 0; x->who && k < i; k++) {
				const struct followup_item *y = &p.items[k];

				if (y->who != x->who || item_is_finished(y))
					continue;
				assert_false(
					x->kind == FOLLOWUP_HELLO && y->kind == FOLLOWUP_HELLO);
				assert_false(is_of_rhythm(x) && !is_soft(y));
				assert_false(is_of_rhythm(y) && !is_soft(x));
				assert_false(x->why == WHY_RHYTHM && y->why == WHY_RHYTHM);
				assert_false(x->hint && y->hint);
			}
		}
	}
	arena_finish(&r.arena);
}

static const struct fact *find(const struct random_log *l, struct id id)
{
	for (size_t i = 0; i < l->count; i++)
		if (id_equal(l->facts[i].id, id))
			return &l->facts[i];
	return NULL;
}

static bool is_retracted(const struct random_log *l, struct id id)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->facts[i].kind == ENTRY_RETRACT && id_equal(l->facts[i].of, id))
			return true;
	return false;
}

/* Written again without any index: does this entry count? */
static bool counts(const struct random_log *l, const struct fact *f)
{
	if (is_retracted(l, f->id) || is_retracted(l, f->of))
		return false;
	for (size_t i = 0; i < l->count; i++)
		if (l->facts[i].kind == ENTRY_HIDE && !is_retracted(l, l->facts[i].id) &&
			(id_equal(l->facts[i].of, f->id) || id_equal(l->facts[i].of, f->of)))
			return false;
	return true;
}

static bool is_replaced(const struct random_log *l, const struct fact *f)
{
	for (size_t i = 0; i < l->count; i++)
		for (size_t k = 0; k < l->facts[i].after_count; k++)
			if (l->facts[i].kind == f->kind && counts(l, &l->facts[i]) &&
				id_equal(l->facts[i].after[k], f->id))
				return true;
	return false;
}

static bool ever_finished(const struct random_log *l, struct id key)
{
	for (size_t i = 0; i < l->count; i++)
		if (l->facts[i].kind == ENTRY_FOLLOWUP_STATE &&
			l->facts[i].state >= FOLLOWUP_DROP && id_equal(l->facts[i].item, key))
			return true;
	return false;
}

static bool is_there(const struct followup_plan *p, struct id key)
{
	for (size_t i = 0; i < p->count; i++)
		if (id_equal(p->items[i].key, key))
			return true;
	return false;
}

/* What was promised, referred or received is an item, until somebody finished it. */
static void everything_owed_has_its_item(void **state)
{
	struct round r = { 0 };
	size_t seen = 0;

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan p;

		begin(&r, n);
		p = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < r.log.count; i++) {
			const struct fact *f = &r.log.facts[i];
			const struct fact *tie = find(&r.log, f->of);
			enum followup_kind kind = FOLLOWUP_THANKS;

			if (f->kind == ENTRY_FOLLOWUP && f->what != FOLLOWUP_HELLO &&
				f->what != FOLLOWUP_SHARE)
				kind = f->what;
			else if (f->kind != ENTRY_FAVOUR || f->way != FAVOUR_RECEIVED)
				continue;
			if (!tie || !fact_is_tie(tie) || !counts(&r.log, tie) ||
				!counts(&r.log, f) || is_replaced(&r.log, f) ||
				ever_finished(&r.log, followup_key(f->id, kind)))
				continue;
			seen++;
			assert_true(is_there(&p, followup_key(f->id, kind)));
		}
	}
	assert_true(seen > ROUNDS);
	arena_finish(&r.arena);
}

/* Whoever is known was greeted, is to be greeted, or was let go. */
static void everybody_met_is_greeted(void **state)
{
	struct round r = { 0 };

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan p;

		begin(&r, n);
		p = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < p.person_count; i++) {
			const struct followup_person *x = &p.persons[i];
			bool greeted = x->tie_count == 0;

			for (size_t k = 0; k < x->tie_count; k++) {
				struct id key = followup_key(x->ties[k]->id, FOLLOWUP_HELLO);

				greeted = greeted || is_there(&p, key) ||
					  ever_finished(&r.log, key);
			}
			assert_true(greeted);
		}
	}
	arena_finish(&r.arena);
}

static void thanks_are_once_for_each_success(void **state)
{
	struct round r = { 0 };
	size_t thanks = 0;

	(void)state;
	for (unsigned n = 0; n < ROUNDS; n++) {
		struct followup_plan p;

		begin(&r, n);
		p = plan_of(&r, r.log.facts, r.log.count, r.now_ms, 0);
		for (size_t i = 0; i < p.count; i++)
			for (size_t k = 0; p.items[i].why == WHY_WORKED && k <= i; k++) {
				thanks += k == i;
				assert_false(k < i && p.items[k].why == WHY_WORKED &&
					     p.items[k].who == p.items[i].who &&
					     id_equal(p.items[k].source, p.items[i].source));
			}
	}
	assert_true(thanks > 100);
	arena_finish(&r.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_order_any_repeats_give_the_same_plan),
		cmocka_unit_test(the_zone_only_moves_the_calendar),
		cmocka_unit_test(the_plan_holds_until_it_says),
		cmocka_unit_test(nothing_is_undated_and_keys_are_one_thing_each),
		cmocka_unit_test(never_more_than_a_person_wants_to_see),
		cmocka_unit_test(everything_owed_has_its_item),
		cmocka_unit_test(everybody_met_is_greeted),
		cmocka_unit_test(thanks_are_once_for_each_success),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
