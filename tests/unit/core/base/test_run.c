#include "core/base/run.h"

#include <stdlib.h>

#include "tests/unit/test.h"

static void gives_what_a_program_printed_and_how_it_ended(void **state)
{
	const char *const argv[] = { "sh", "-c", "echo \"$0\"; exit 3", "two words", NULL };
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	const struct run r = { .argv = argv, .out = &out, .die_with_us = true };
	struct err e;
	int status;

	(void)state;
	assert_true(run_wait(&r, &status, &e));
	assert_int_equal(status, 3);
	assert_str(buf_str(&out), "two words\n");
	assert_false(run_ok(&r, &e));
	assert_non_null(strstr(e.text, "sh ended with status 3"));
	arena_finish(&a);
}

static void a_signal_is_a_status_too(void **state)
{
	const char *const argv[] = { "sh", "-c", "kill -9 $$", NULL };
	const struct run r = { .argv = argv };
	struct err e;
	int status;

	(void)state;
	assert_true(run_wait(&r, &status, &e));
	assert_int_equal(status, 137);
}

static void says_what_cannot_be_run(void **state)
{
	const char *const argv[] = { "no-such-program-of-kith", NULL };
	const struct run r = { .argv = argv };
	struct err e;
	int status;

	(void)state;
	assert_false(run_wait(&r, &status, &e));
	assert_int_equal(e.code, ERR_IO);
	assert_non_null(strstr(e.text, "no-such-program-of-kith"));
}

static void stops_reading_from_one_that_prints_without_end(void **state)
{
	const char *const argv[] = { "yes", NULL };
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	const struct run r = { .argv = argv, .out = &out };
	struct err e;
	int status;

	(void)state;
	assert_false(run_wait(&r, &status, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_what_a_program_printed_and_how_it_ended),
		cmocka_unit_test(a_signal_is_a_status_too),
		cmocka_unit_test(says_what_cannot_be_run),
		cmocka_unit_test(stops_reading_from_one_that_prints_without_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
