#include "tests/unit/test.h"

#include "core/followup/language.h"

enum { DAY = 86400000 };

/* Day 20000 is 2024-10-04; ids grow with n, as UUIDv7 do. */
static struct id id_of(unsigned n)
{
	struct id id = { { 0 } };

	id.b[4] = (uint8_t)(n >> 8);
	id.b[5] = (uint8_t)n;
	id.b[10] = (uint8_t)(n * 7);
	return id;
}

static struct fact meeting(unsigned id, unsigned person, int64_t day)
{
	return (struct fact){ .kind = ENTRY_MEETING,
		.id = id_of(id),
		.event = 1,
		.at_ms = day * DAY + 1000,
		.person = id_of(person) };
}

static struct fact said(unsigned id, unsigned of, enum followup_kind what, int64_t due)
{
	return (struct fact){ .kind = ENTRY_FOLLOWUP,
		.id = id_of(id),
		.event = 1,
		.of = id_of(of),
		.what = what,
		.day = due,
		.text = STR("the slides") };
}

static struct fact state(unsigned id, struct id item, enum followup_state s, int64_t day)
{
	return (struct fact){ .kind = ENTRY_FOLLOWUP_STATE,
		.id = id_of(id),
		.event = 1,
		.item = item,
		.state = s,
		.at_ms = day * DAY,
		.day = day + 7 };
}

static struct followup_plan plan(const struct fact *facts, size_t n, int64_t today, struct arena *a)
{
	struct followup_plan p;

	followup_plan(&p, facts, n, &playbook_default, today * DAY + 3600000, 0, a);
	return p;
}

static void says_hello_within_two_days(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 20000) };
	struct followup_plan p = plan(f, 1, 20000, &a);

	(void)state_;
	assert_int_equal(p.count, 1);
	assert_int_equal(p.items[0].kind, FOLLOWUP_HELLO);
	assert_int_equal(p.items[0].due, 20002);
	assert_false(p.items[0].overdue);
	assert_int_equal(p.items[0].met.count, 1);
	/* good until the midnight after the due day */
	assert_int_equal(p.good_until_ms, (int64_t)20003 * DAY);
	assert_true(plan(f, 1, 20003, &a).items[0].overdue);
	arena_finish(&a);
}

static void takes_the_date_asked_at_the_tap(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 20000), said(2, 1, FOLLOWUP_HELLO, 20030) };
	struct followup_plan p = plan(f, 2, 20000, &a);

	(void)state_;
	assert_int_equal(p.count, 1);
	assert_int_equal(p.items[0].due, 20030);
	arena_finish(&a);
}

static void meeting_again_is_one_item_that_counts(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 20000), meeting(5, 100, 20001),
		meeting(9, 101, 20001) };
	struct followup_plan p = plan(f, 3, 20001, &a);

	(void)state_;
	assert_int_equal(p.count, 2);
	assert_int_equal(p.items[0].met.count, 2);
	assert_int_equal(p.items[0].why, WHY_MET_AGAIN);
	assert_int_equal(p.items[0].met.last, 20001);
	arena_finish(&a);
}

/* A kiosk and both phones write down the same meeting, within ten minutes. */
static void one_meeting_written_down_by_three_counts_once(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(9, 100, 20000), meeting(1, 100, 20000), meeting(5, 100, 20000),
		meeting(7, 100, 20000) };
	struct followup_plan p;

	(void)state_;
	f[1].at_ms += 9 * 60 * 1000;
	f[2].at_ms += 60 * 1000;
	p = plan(f, 3, 20000, &a);
	assert_int_equal(p.count, 1);
	assert_int_equal(p.items[0].met.count, 1);
	f[3].at_ms += 10 * 60 * 1000;
	p = plan(f, 4, 20000, &a);
	assert_int_equal(p.items[0].met.count, 2);
	arena_finish(&a);
}

static void broken_promises_come_first(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 19990), meeting(2, 101, 20000),
		said(3, 2, FOLLOWUP_PROMISE, 19999) };
	struct followup_plan p = plan(f, 3, 20000, &a);

	(void)state_;
	assert_int_equal(p.count, 3);
	assert_int_equal(p.items[0].kind, FOLLOWUP_PROMISE);
	assert_str(p.items[0].text, "the slides");
	assert_int_equal(p.items[1].due, 19992);
	arena_finish(&a);
}

static void a_favour_received_asks_for_thanks(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 20000),
		{ .kind = ENTRY_FAVOUR,
			.id = id_of(2),
			.of = id_of(1),
			.way = FAVOUR_RECEIVED,
			.at_ms = (int64_t)20000 * DAY },
		{ .kind = ENTRY_FAVOUR,
			.id = id_of(3),
			.of = id_of(1),
			.way = FAVOUR_GIVEN,
			.at_ms = (int64_t)20000 * DAY } };
	struct followup_plan p = plan(f, 3, 20000, &a);

	(void)state_;
	assert_int_equal(p.count, 2);
	assert_true(p.items[0].kind == FOLLOWUP_THANKS || p.items[1].kind == FOLLOWUP_THANKS);
	arena_finish(&a);
}

static void done_beats_drop_beats_snooze_whatever_the_time(void **state_)
{
	struct arena a = { 0 };
	struct id key = followup_key(id_of(1), FOLLOWUP_HELLO);
	struct fact f[] = { meeting(1, 100, 20000), state(9, key, FOLLOWUP_SNOOZE, 20003),
		state(7, key, FOLLOWUP_DONE, 20001), state(8, key, FOLLOWUP_DROP, 20002) };
	struct followup_plan p = plan(f, 4, 20003, &a);

	(void)state_;
	assert_int_equal(p.open, 1); /* the rhythm that a greeting starts */
	assert_int_equal(p.items[1].state, FOLLOWUP_DONE);
	assert_int_equal(p.items[1].after_count, 3);
	arena_finish(&a);
}

static void a_change_that_names_the_former_replaces_it(void **state_)
{
	struct arena a = { 0 };
	struct id key = followup_key(id_of(1), FOLLOWUP_HELLO), former = id_of(7);
	struct fact f[] = { meeting(1, 100, 20000), state(7, key, FOLLOWUP_DONE, 20001),
		state(8, key, FOLLOWUP_OPEN, 20002) };

	(void)state_;
	f[2].after = &former;
	f[2].after_count = 1;
	assert_int_equal(plan(f, 3, 20002, &a).items[0].state, FOLLOWUP_OPEN);
	arena_finish(&a);
}

static void a_snooze_ends_by_itself(void **state_)
{
	struct arena a = { 0 };
	struct id key = followup_key(id_of(1), FOLLOWUP_HELLO);
	struct fact f[] = { meeting(1, 100, 20000), state(7, key, FOLLOWUP_SNOOZE, 20001) };
	struct followup_plan p = plan(f, 2, 20001, &a);

	(void)state_;
	assert_int_equal(p.items[0].state, FOLLOWUP_SNOOZE);
	assert_int_equal(p.good_until_ms, (int64_t)20008 * DAY);
	assert_int_equal(plan(f, 2, 20008, &a).items[0].state, FOLLOWUP_OPEN);
	arena_finish(&a);
}

static void keeping_in_touch_begins_after_the_greeting(void **state_)
{
	struct arena a = { 0 };
	struct id hello = followup_key(id_of(1), FOLLOWUP_HELLO),
		  keep = followup_key(id_of(1), FOLLOWUP_KEEP_IN_TOUCH);
	struct fact f[] = { meeting(1, 100, 20000), state(7, hello, FOLLOWUP_DONE, 20001),
		state(8, keep, FOLLOWUP_DONE, 20091) };
	struct followup_plan p = plan(f, 2, 20001, &a);

	(void)state_;
	assert_int_equal(p.items[0].kind, FOLLOWUP_KEEP_IN_TOUCH);
	assert_int_equal(p.items[0].due, 20091);
	/* half a year of messages: better see each other */
	p = plan(f, 3, 20091, &a);
	assert_int_equal(p.items[0].kind, FOLLOWUP_FACE_TIME);
	assert_int_equal(p.items[0].due, 20180);
	assert_int_equal(p.items[0].state, FOLLOWUP_OPEN);
	arena_finish(&a);
}

static void undo_takes_everything_that_hangs_on_it(void **state_)
{
	struct arena a = { 0 };
	struct fact f[] = { meeting(1, 100, 20000), said(2, 1, FOLLOWUP_PROMISE, 20002),
		{ .kind = ENTRY_RETRACT, .id = id_of(3), .of = id_of(1) } };

	(void)state_;
	assert_int_equal(plan(f, 3, 20000, &a).count, 0);
	arena_finish(&a);
}

static bool same_plan(const struct followup_plan *x, const struct followup_plan *y)
{
	if (x->count != y->count || x->open != y->open || x->good_until_ms != y->good_until_ms)
		return false;
	for (size_t i = 0; i < x->count; i++) {
		const struct followup_item *p = &x->items[i], *q = &y->items[i];

		if (!id_equal(p->key, q->key) || p->kind != q->kind || p->state != q->state ||
			p->due != q->due || p->overdue != q->overdue ||
			p->met.count != q->met.count)
			return false;
	}
	return true;
}

static void any_order_and_any_repeats_give_the_same_plan(void **state_)
{
	struct arena a = { 0 };
	unsigned seed = 1;

	(void)state_;
	for (int round = 0; round < 300; round++) {
		struct fact f[48];
		size_t n = 0;
		struct followup_plan first, again;

		for (unsigned i = 1; i <= 20; i++) {
			seed = seed * 1103515245u + 12345u;
			if (i % 3 == 1)
				f[n++] = meeting(i, 100 + seed / 65536 % 4, 20000 + i % 5);
			else if (i % 3 == 2)
				f[n++] = said(i, i - 1, (enum followup_kind)(seed / 65536 % 4),
					20000 + i);
			else
				f[n++] = state(i,
					followup_key(
						id_of(i - seed / 65536 % 2 - 1), FOLLOWUP_HELLO),
					(enum followup_state)(seed / 65536 % 4), 20000 + i);
		}
		first = plan(f, n, 20010, &a);
		for (size_t i = n; i-- > 1;) {
			size_t k = (seed = seed * 1103515245u + 12345u) / 65536 % (i + 1);
			struct fact t = f[i];

			f[i] = f[k];
			f[k] = t;
		}
		f[n] = f[0];
		f[n + 1] = f[n / 2];
		again = plan(f, n + 2, 20010, &a);
		assert_true(same_plan(&first, &again));
		arena_reset(&a);
	}
	arena_finish(&a);
}

static void refuses_dates_that_no_calendar_has(void **state_)
{
	int64_t day;

	(void)state_;
	assert_true(followup_date_read(STR("2024-02-29"), &day));
	assert_string_equal(followup_date_text(day).s, "2024-02-29");
	assert_false(followup_date_read(STR("2023-02-29"), &day));
	assert_false(followup_date_read(STR("2023-13-01"), &day));
	assert_false(followup_date_read(STR("2023-1-01"), &day));
	assert_false(followup_date_read(STR("2023-04-31"), &day));
}

static void drafts_leave_out_what_is_not_known(void **state_)
{
	char subject[200], body[1000];
	struct draft_words w = { .language = &language_en,
		.me = STR_INIT("Ana"),
		.them = STR_INIT("Ben"),
		.event = STR_INIT("C Meetup") };

	(void)state_;
	for (int k = 0; k < FOLLOWUP_KIND_COUNT * WHY_COUNT; k++) {
		struct buf s = BUF_ON(subject), b = BUF_ON(body);
		struct followup_item item = { .kind = (enum followup_kind)(k / WHY_COUNT),
			.why = (enum followup_why)(k % WHY_COUNT) };

		followup_draft(&s, &b, &item, &w);
		assert_true(buf_ok(&s) && buf_ok(&b) && s.len > 0);
		assert_true(str_find(buf_str(&b), STR("Ben"), 0) != SIZE_MAX);
		assert_true(str_find(buf_str(&b), STR("{"), 0) == SIZE_MAX);
		assert_true(str_find(buf_str(&s), STR("|"), 0) == SIZE_MAX);
	}
	w.language = language_find(&languages_all, STR("de-AT"));
	struct buf s = BUF_ON(subject), b = BUF_ON(body);
	struct followup_item promise = { .kind = FOLLOWUP_PROMISE, .why = WHY_SAID };

	followup_draft(&s, &b, &promise, &w);
	assert_str(buf_str(&s), "Wie versprochen");
}

static void is_said(struct buf *b, const char *lang, int number)
{
	if (!buf_ok(b) || b->len == 0 || str_find_char(buf_str(b), '{', 0) != SIZE_MAX ||
		str_find_char(buf_str(b), '|', 0) != SIZE_MAX)
		fail_msg("%s, %d: \"" STR_FMT "\"", lang, number, STR_ARG(buf_str(b)));
	b->len = 0;
}

/* With all words known and with none, each sentence of each language says something whole. */
static void every_language_says_everything(void **state)
{
	static const char *const langs[] = { "en", "de", "es", "ar" };
	char text[2000], body[2000];
	struct buf t = BUF_ON(text), b = BUF_ON(body);

	(void)state;
	for (size_t i = 0; i < 2 * ARRAY_LEN(langs); i++) {
		const char *lang = langs[i / 2];
		struct draft_words w = { .language = language_find(&languages_all, str_of(lang)),
			.me = STR_INIT("Ana"),
			.them = STR_INIT("Ben") };

		if (i % 2)
			w.event = w.topic = w.by = STR("maps");
		for (int k = 0; k < FOLLOWUP_KIND_COUNT * WHY_COUNT; k++) {
			struct followup_item item = { .kind = (enum followup_kind)(k / WHY_COUNT),
				.why = (enum followup_why)(k % WHY_COUNT),
				.topic = STR_INIT("maps"),
				.since = 20000,
				.met = { .count = 2,
					.first = 20000,
					.last = 20001,
					.before = 20000 } };

			followup_title(&t, &item, &w);
			is_said(&t, lang, k);
			followup_why(&t, &item, &w);
			is_said(&t, lang, k);
			followup_draft(&t, &b, &item, &w);
			is_said(&t, lang, k);
			is_said(&b, lang, k);
			followup_decline(&t, &b, &item, &w);
			is_said(&t, lang, k);
			is_said(&b, lang, k);
		}
		for (int p = 0; p < PLACE_COUNT; p++) {
			followup_place_says(&t, (enum followup_place)p, w.language);
			is_said(&t, lang, p);
		}
		for (int l = 0; i % 2 && l < LINE_COUNT; l++) {
			assert_true(followup_line(&t, (enum followup_line)l, &w, 20000, 1, 2));
			is_said(&t, lang, l);
		}
	}
}

static void counts_as_a_language_counts(void **state)
{
	static const struct {
		unsigned n;
		const char *says;
	} cases[] = { { 2, "2nd" }, { 3, "3rd" }, { 4, "4th" }, { 11, "11th" }, { 12, "12th" },
		{ 21, "21st" }, { 113, "113th" } };
	char text[200];
	struct draft_words w = { .language = &language_en };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct buf b = BUF_ON(text);
		struct followup_item item = { .why = WHY_MET_AGAIN,
			.met = { .count = cases[i].n, .before = 20526 } };

		followup_why(&b, &item, &w);
		assert_true(str_find(buf_str(&b), str_of(cases[i].says), 0) != SIZE_MAX);
	}
}

static void says_why_in_the_owners_language(void **state_)
{
	char text[200];
	struct buf b = BUF_ON(text);
	struct draft_words w = {
		.language = &language_en, .them = STR_INIT("Ben Kim"), .event = STR_INIT("C Meetup")
	};
	struct followup_item item = {
		.why = WHY_MET,
		.since = 20779,
		.met = { .count = 3, .last = 20779, .before = 20526 },
	};

	(void)state_;
	followup_why(&b, &item, &w);
	assert_str(buf_str(&b), "You met at C Meetup on 22 November.");
	b.len = 0;
	item.why = WHY_MET_AGAIN;
	w.language = &language_de;
	followup_why(&b, &item, &w);
	assert_str(buf_str(&b), "Ihr habt euch zum 3. Mal getroffen, davor am 14. März.");
	b.len = 0;
	item.why = WHY_SAID;
	w.language = &language_en;
	followup_why(&b, &item, &w);
	assert_str(buf_str(&b), "You promised this on 22 November");
	b.len = 0;
	item.why = WHY_MET;
	followup_title(&b, &item, &w);
	assert_str(buf_str(&b), "Say hello to Ben Kim");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(says_hello_within_two_days),
		cmocka_unit_test(takes_the_date_asked_at_the_tap),
		cmocka_unit_test(meeting_again_is_one_item_that_counts),
		cmocka_unit_test(one_meeting_written_down_by_three_counts_once),
		cmocka_unit_test(broken_promises_come_first),
		cmocka_unit_test(a_favour_received_asks_for_thanks),
		cmocka_unit_test(done_beats_drop_beats_snooze_whatever_the_time),
		cmocka_unit_test(a_change_that_names_the_former_replaces_it),
		cmocka_unit_test(a_snooze_ends_by_itself),
		cmocka_unit_test(keeping_in_touch_begins_after_the_greeting),
		cmocka_unit_test(undo_takes_everything_that_hangs_on_it),
		cmocka_unit_test(any_order_and_any_repeats_give_the_same_plan),
		cmocka_unit_test(refuses_dates_that_no_calendar_has),
		cmocka_unit_test(every_language_says_everything),
		cmocka_unit_test(counts_as_a_language_counts),
		cmocka_unit_test(says_why_in_the_owners_language),
		cmocka_unit_test(drafts_leave_out_what_is_not_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
