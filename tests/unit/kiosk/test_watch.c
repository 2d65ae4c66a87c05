#include "tests/unit/test.h"

#include "core/base/bytes.h"
#include "kiosk/watch.h"

/* A sign is fed with one measure after the other, and must be on or off then. */
struct row {
	uint64_t at_ms;
	int64_t value; /* NONE: not known */
	bool on;
};

enum { NONE = INT32_MIN };

static void run(enum watch_sign sign, struct watch *w, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct watch_measure m[WATCH_COUNT] = { 0 };
		bool was = w->sign[sign].on, changed;

		m[sign] = (struct watch_measure){ rows[i].value != NONE, rows[i].value };
		changed = watch_step(w, m, rows[i].at_ms);
		if (w->sign[sign].on != rows[i].on)
			fail_msg("%s, row %zu: %s", watch_name(sign), i,
				rows[i].on ? "is off" : "is on");
		assert_int_equal(changed, was != rows[i].on);
	}
}
#define RUN(sign, w, ...)                                                                          \
	do {                                                                                       \
		static const struct row rows_[] = { __VA_ARGS__ };                                 \
		run(sign, w, rows_, ARRAY_LEN(rows_));                                             \
	} while (0)

static void a_disk_is_full_from_one_line_and_fine_from_another(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_DISK, &w, { 1, 65, false }, { 2, 64, true }, { 3, 70, true }, { 4, 95, true },
		{ 5, 96, false }, { 6, 70, false }, { 7, 0, true });
}

static void the_configuration_moves_the_disks_lines(void **state)
{
	struct watch w = { .disk_warn_mib = 1000 };

	(void)state;
	RUN(WATCH_DISK, &w, { 1, 1001, false }, { 2, 1000, true }, { 3, 1499, true },
		{ 4, 1500, false });
}

static void a_reader_that_comes_back_soon_was_never_gone(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_READER, &w, { 1000, 1, false }, { 5999, 1, false }, { 5999, 0, false },
		{ 6000, 1, false }, { 10999, 1, false }, { 11000, 1, true }, { 12000, 0, true },
		{ 12500, 1, true }, { 12600, 0, true }, { 13600, 0, false });
}

static void it_is_gone_since_it_was_first_missed(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_READER, &w, { 1000, 2, false }, { 9000, 2, true });
	assert_int_equal(w.sign[WATCH_READER].since_ms, 1000);
	assert_int_equal(w.sign[WATCH_READER].value, 2);
}

static void weak_power_is_told_at_once_and_for_a_minute(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_POWER, &w, { 1, 0, false }, { 2, 1, true }, { 3, 0, true }, { 30000, 1, true },
		{ 30001, 0, true }, { 90000, 0, true }, { 90001, 0, false });
}

static void heat_ends_ten_degrees_below(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_HEAT, &w, { 1, 79999, false }, { 2, 80000, true }, { 3, 70001, true },
		{ 60000, 70000, true }, { 70000, 69000, false }, { 70001, 79000, false });
}

static void a_clock_that_nobody_set_is_a_sign_after_a_while(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_CLOCK, &w, { 1, WATCH_UNTRUSTED, false }, { 20001, WATCH_UNTRUSTED, true },
		{ 20002, 6, true }, { 20003, 5, false }, { 20004, 29, false });
}

static void what_is_not_known_is_no_sign(void **state)
{
	struct watch w = { 0 };

	(void)state;
	RUN(WATCH_HEAT, &w, { 1, NONE, false }, { 2, 90000, true }, { 3, NONE, true },
		{ 20000, NONE, false });
}

static void it_says_when_to_look_again(void **state)
{
	struct watch w = { 0 };
	struct watch_measure m[WATCH_COUNT] = { 0 };

	(void)state;
	assert_true(watch_next_ms(&w) == UINT64_MAX);
	m[WATCH_READER] = (struct watch_measure){ true, 1 };
	m[WATCH_CLOCK] = (struct watch_measure){ true, 99 };
	assert_false(watch_step(&w, m, 100));
	assert_int_equal(watch_next_ms(&w), 5100);
	assert_true(watch_step(&w, m, 5100));
	assert_int_equal(watch_next_ms(&w), 20100);
	assert_true(watch_step(&w, m, 20100));
	assert_true(watch_next_ms(&w) == UINT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_disk_is_full_from_one_line_and_fine_from_another),
		cmocka_unit_test(the_configuration_moves_the_disks_lines),
		cmocka_unit_test(a_reader_that_comes_back_soon_was_never_gone),
		cmocka_unit_test(it_is_gone_since_it_was_first_missed),
		cmocka_unit_test(weak_power_is_told_at_once_and_for_a_minute),
		cmocka_unit_test(heat_ends_ten_degrees_below),
		cmocka_unit_test(a_clock_that_nobody_set_is_a_sign_after_a_while),
		cmocka_unit_test(what_is_not_known_is_no_sign),
		cmocka_unit_test(it_says_when_to_look_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
