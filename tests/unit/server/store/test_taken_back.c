/* A meeting that the other one's phone takes back, about which one wrote something. */
#include "tests/unit/server/store/scene.h"
#include "tests/unit/server/store/work.h"

#include "core/followup/followup.h"
#include "server/store/my_log.h"

/* What Ben may write about a meeting of Ana's making, and whether it then is his to keep. */
static struct id write_about(struct scene *s, int way, struct id met)
{
	const char *ben = id_of(s, BEN), *of = uuid(s, met);
	struct id key = followup_key(met, FOLLOWUP_HELLO);

	switch (way) {
	case 0:
		return note_down(s, BEN, ENTRY_NOTE,
			say(s->w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"sails\"}", ben, of));
	case 1:
		return note_down(s, BEN, ENTRY_FOLLOWUP,
			say(s->w,
				"{\"owner\":\"%s\",\"of\":\"%s\",\"kind\":\"promise\",\"due\":"
				"\"2030-"
				"01-01\"}",
				ben, of));
	case 2:
		return note_down(s, BEN, ENTRY_FOLLOWUP_STATE,
			say(s->w,
				"{\"owner\":\"%s\",\"item\":\"%s\",\"state\":\"done\",\"after\":[]"
				"}",
				ben, id_text(key).s));
	case 3:
		return note_down(s, BEN, ENTRY_FAVOUR,
			say(s->w, "{\"owner\":\"%s\",\"of\":\"%s\",\"way\":\"offered\"}", ben, of));
	case 4:
		return introduce(s, BEN, met, tap(s, BEN, CEM));
	case 5:
		return note_down(s, BEN, ENTRY_CONTACT,
			say(s->w,
				"{\"owner\":\"%s\",\"of\":\"%s\",\"card\":\"BEGIN:VCARD\\nFN:"
				"A\\nEND:"
				"VCARD\"}",
				ben, of));
	case 6: /* from here on nothing that would be lost */
		return note_down(s, BEN, ENTRY_NOTE,
			say(s->w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"\"}", ben, of));
	case 7:
		return share(s, BEN, met, "\"email\"");
	default:
		return set(s, BEN, say(s->w, "rhythm/%s%c", of, 0).p, "30");
	}
}

enum { WAYS = 9, WAYS_THAT_KEEP = 6 };

static void what_one_wrote_keeps_a_meeting_that_the_other_takes_back(void **state)
{
	(void)state;
	for (int way = 0; way < WAYS; way++)
		for (int late = 0; late < 2; late++) {
			struct scene *s = scene_open();
			struct id met = scan(s, ANA, BEN), said;

			sync_all(s);
			assert_string_equal(sees(s, BEN, ANA), "Ana+org");
			if (late)
				retract(s, ANA, met);
			said = write_about(s, way, met);
			if (!late)
				retract(s, ANA, met);
			sync_all(s);
			/* hers is gone; his stays, without her */
			assert_null(row_of(s, ANA, met));
			assert_true(is_gone(s, ANA, met));
			if (way < WAYS_THAT_KEEP) {
				assert_non_null(row_of(s, BEN, met));
				assert_false(is_gone(s, BEN, met));
				assert_string_equal(sees(s, BEN, ANA), "-");
				assert_true(str_find(log_text(s, BEN), STR("Ana"), 0) == SIZE_MAX);
				/* and goes with the last that he wrote */
				retract(s, BEN, said);
				sync_all(s);
			}
			assert_null(row_of(s, BEN, met));
			assert_true(is_gone(s, BEN, met));
			assert_string_equal(sees(s, BEN, ANA), "");
			scene_close(s);
		}
}

/* In any order, with repeats: it is there while it stands, or while something of his does. */
static void a_meeting_is_there_while_it_stands_or_something_of_ones_own_does(void **state)
{
	uint32_t seed = 7;

	(void)state;
	for (int round = 0; round < 12; round++) {
		struct scene *s = scene_open();
		struct id met = scan(s, ANA, BEN), again = scan(s, ANA, BEN), said[8];
		bool stands[8] = { false }, back = false;

		for (int step = 0; step < 8; step++) {
			int what = (int)((seed = seed * 1664525u + 1013904223u) >> 24);
			bool any = false;

			said[step] = write_about(s, what % WAYS_THAT_KEEP, met);
			stands[step] = true;
			if (what & 64 && step > 0 && stands[step - 1]) {
				retract(s, BEN, said[step - 1]);
				stands[step - 1] = false;
			}
			if (what & 32) {
				retract(s, BEN, said[step]);
				stands[step] = false;
			}
			if (what & 128) {
				retract(s, ANA, met);
				back = true;
			}
			if (step % 3 == 0)
				sync_all(s);
			for (int k = 0; k <= step; k++)
				any |= stands[k];
			if (step % 3 == 0) {
				assert_int_equal(row_of(s, BEN, met) != NULL, !back || any);
				assert_int_equal(row_of(s, ANA, met) != NULL, !back);
				assert_non_null(row_of(s, BEN, again));
				assert_string_equal(sees(s, BEN, ANA), "Ana+org");
			}
		}
		scene_close(s);
	}
}

static void what_a_kiosk_takes_back_is_gone_whatever_was_written(void **state)
{
	struct scene *s = scene_open();
	struct id met = tap(s, ANA, BEN);

	(void)state;
	write_about(s, 0, met);
	diary_write(s->kiosk, ENTRY_RETRACT, say(s->w, "{\"of\":\"%s\"}", uuid(s, met)));
	sync_all(s);
	assert_null(row_of(s, BEN, met));
	assert_true(is_gone(s, BEN, met));
	scene_close(s);
}

/* What is read and parsed for Ben's log after Ana took so many meetings back, beside so many notes.
 */
static size_t cost(int meetings, int notes)
{
	struct scene *s = scene_open();
	struct id met = tap(s, ANA, BEN);
	struct arena a = { 0 };
	struct err e = { 0 };
	struct my_log log;
	size_t used;

	for (int i = 0; i < notes; i++)
		(void)write_about(s, 0, met);
	for (int i = 0; i < meetings; i++)
		retract(s, ANA, scan(s, ANA, BEN));
	sync_all(s);
	work_steps = work_texts = 0;
	assert_true(my_log_read(
		&log, s->w->s->write.db, s->w->event.event, s->people[BEN].attendee, &a, &e));
	assert_int_equal(log.gone_count, meetings);
	assert_int_equal(log.count, notes + 1);
	used = work_steps + work_texts;
	arena_finish(&a);
	scene_close(s);
	return used;
}

/* What others take back costs one what they wrote, whatever one wrote oneself. */
static void the_cost_of_meetings_taken_back_does_not_grow_with_ones_notes(void **state)
{
	size_t alone = cost(200, 1) - cost(100, 1);

	(void)state;
	assert_true(cost(200, 60) - cost(100, 60) < 2 * alone);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_one_wrote_keeps_a_meeting_that_the_other_takes_back),
		cmocka_unit_test(a_meeting_is_there_while_it_stands_or_something_of_ones_own_does),
		cmocka_unit_test(what_a_kiosk_takes_back_is_gone_whatever_was_written),
		cmocka_unit_test(the_cost_of_meetings_taken_back_does_not_grow_with_ones_notes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
