#include "core/release/handover.h"

#include "tests/unit/test.h"

static void what_the_kiosk_says_is_read_again(void **state)
{
	const struct alive x = { .version = STR("1.2~rc1"),
		.pid = 4711,
		.store = true,
		.readers = false,
		.online = true,
		.busy = true };
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct alive again;
	struct err e;

	(void)state;
	alive_write(&text, &x);
	assert_true(alive_read(&again, buf_bytes(&text), &a, &e));
	assert_str(again.version, "1.2~rc1");
	assert_int_equal(again.pid, 4711);
	assert_true(again.store && !again.readers && again.online && again.busy);
	arena_finish(&a);
}

static void half_of_it_is_nothing(void **state)
{
	static const char *const wrong[] = { "", "{}", "{\"version\":\"1\",\"pid\":1}",
		"{\"version\":\"1\",\"pid\":0,\"store\":true,\"readers\":true,\"online\":true,"
		"\"busy\":true}",
		"{\"version\":\"x;y\",\"pid\":1,\"store\":true,\"readers\":true,\"online\":true,"
		"\"busy\":true}" };
	struct arena a = { 0 };
	struct alive x;
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(alive_read(&x, str_bytes(str_of(wrong[i])), &a, &e));
	arena_finish(&a);
}

static struct hash digest(uint8_t n)
{
	struct hash h = { { n } };

	return h;
}

static void an_outcome_is_read_again_with_what_is_bad(void **state)
{
	struct outcome x = { .state = STR("rolled-back"),
		.version = STR("2.0"),
		.reason = STR("unhealthy"),
		.digest = digest(9) };
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct outcome again;
	struct hash h;
	struct err e;

	(void)state;
	for (uint8_t n = 1; n <= OUTCOME_BAD_MAX + 3; n++) {
		h = digest(n);
		outcome_add_bad(&x, &h);
		outcome_add_bad(&x, &h);
	}
	outcome_write(&text, &x);
	assert_true(outcome_read(&again, buf_bytes(&text), &a, &e));
	assert_str(again.state, "rolled-back");
	assert_str(again.version, "2.0");
	assert_str(again.reason, "unhealthy");
	assert_int_equal(again.bad_count, OUTCOME_BAD_MAX);
	h = digest(3);
	assert_false(outcome_is_bad(&again, &h));
	h = digest(4);
	assert_true(outcome_is_bad(&again, &h));
	h = digest(OUTCOME_BAD_MAX + 3);
	assert_true(outcome_is_bad(&again, &h));
	arena_finish(&a);
}

static void before_the_first_one_there_is_none(void **state)
{
	struct outcome x = { .state = STR(""), .version = STR(""), .reason = STR("") }, again;
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	struct err e;

	(void)state;
	outcome_write(&text, &x);
	assert_true(outcome_read(&again, buf_bytes(&text), &a, &e));
	assert_int_equal(again.state.len, 0);
	assert_false(outcome_read(&again, BYTES("{\"state\":\"A B\"}"), &a, &e));
	assert_false(outcome_read(&again, BYTES("{\"bad\":[{}]}"), &a, &e));
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_kiosk_says_is_read_again),
		cmocka_unit_test(half_of_it_is_nothing),
		cmocka_unit_test(an_outcome_is_read_again_with_what_is_bad),
		cmocka_unit_test(before_the_first_one_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
