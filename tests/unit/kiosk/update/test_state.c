#include "kiosk/update/update.h"

#include "tests/unit/test.h"

static void a_state_is_read_again(void **state)
{
	struct update_state x = { .phase = PHASE_BACK,
		.tries = 2,
		.version = STR("2.0"),
		.from = STR("1.0"),
		.reason = STR("unhealthy"),
		.was_readers = true,
		.updater = true,
		.package_count = 2 };
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct update_state again;
	struct err e;

	(void)state;
	x.packages[0] = STR("kith-kiosk");
	x.packages[1] = STR("kith-screen");
	x.digest.b[3] = 7;
	update_state_write(&text, &x);
	assert_true(update_state_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(again.phase, PHASE_BACK);
	assert_int_equal(again.tries, 2);
	assert_str(again.version, "2.0");
	assert_str(again.from, "1.0");
	assert_str(again.reason, "unhealthy");
	assert_true(again.was_readers && !again.was_online && again.updater);
	assert_int_equal(again.package_count, 2);
	assert_str(again.packages[1], "kith-screen");
	assert_true(hash_equal(&again.digest, &x.digest));
	arena_finish(&a);
}

static void a_damaged_state_is_an_error_and_no_guess(void **state)
{
	static const char *const wrong[] = { "{", "{}", "{\"phase\":\"prove\"}",
		"{\"phase\":\"elsewhere\",\"tries\":0}" };
	struct arena a = { 0 };
	struct update_state x;
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(update_state_read(&x, str_bytes(str_of(wrong[i])), &a, &e));
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_read_again),
		cmocka_unit_test(a_damaged_state_is_an_error_and_no_guess),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
