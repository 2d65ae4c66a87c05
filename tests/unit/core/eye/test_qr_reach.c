#include "tests/unit/test.h"

#include "core/eye/qr_reach.h"

static void sizes_follow_the_distance(void **state)
{
	struct qr_reach near = qr_reach_for(37, 250), far = qr_reach_for(37, 1000);

	(void)state;
	/* facts: version 5 at 250 mm and 3 pixels a module is 28 mm without its quiet zone */
	assert_true(near.module_mm * 37 > 27 && near.module_mm * 37 < 29);
	assert_true(near.all_mm > 249 && near.all_mm < 251);
	assert_true(near.eye_mm > 374 && near.eye_mm < 376);
	assert_true(far.width_mm > 3.99 * near.width_mm && far.width_mm < 4.01 * near.width_mm);
}

static void modules_stay_large_enough_to_print(void **state)
{
	struct qr_reach r = qr_reach_for(21, 60);

	(void)state;
	assert_true(r.module_mm > 0.399 && r.module_mm < 0.401);
	assert_true(r.all_mm > 60);
}

static void takes_more_correction_where_it_costs_no_room(void **state)
{
	static const struct {
		size_t len;
		enum qr_level level;
		int version;
	} cases[] = {
		{ 7, QR_LEVEL_H, 1 },  /* 1-H holds 7 bytes */
		{ 8, QR_LEVEL_Q, 1 },  /* 1-Q holds 11 */
		{ 14, QR_LEVEL_M, 1 }, /* 1-M holds 14 */
		{ 15, QR_LEVEL_Q, 2 }, /* 2-Q holds 20 */
		{ 2331, QR_LEVEL_M, 40 },
	};
	static uint8_t data[2400];

	(void)state;
	memset(data, 'x', sizeof(data));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct qr qr;
		enum qr_level level;

		assert_true(qr_make_sturdy(&qr, bytes_of(data, cases[i].len), &level, &a, &e));
		assert_int_equal(level, cases[i].level);
		assert_int_equal(qr.version, cases[i].version);
		arena_finish(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_follow_the_distance),
		cmocka_unit_test(modules_stay_large_enough_to_print),
		cmocka_unit_test(takes_more_correction_where_it_costs_no_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
