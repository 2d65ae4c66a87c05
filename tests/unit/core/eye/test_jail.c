#include "tests/unit/test.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/eye/jail.h"
#include "core/eye/qr_write.h"

struct world {
	struct arena a;
	struct jail *jail;
	struct image image;
};

static int open_world(void **state)
{
	static struct world w;
	struct err e = { 0 };
	struct qr qr;

	w = (struct world){ 0 };
	*state = &w;
	return jail_open(&w.jail, &e) && qr_make(&qr, BYTES("behind bars"), QR_LEVEL_M, &w.a, &e) &&
			       qr_draw(&w.image, &qr, 4, &w.a, &e)
		       ? 0
		       : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	jail_close(w->jail);
	arena_finish(&w->a);
	return 0;
}

static void assert_reads(struct world *w)
{
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	if (!jail_read(w->jail, &w->image, EYE_VIDEO, JAIL_STILL_MS, &codes, &e))
		fail_msg("%s", e.text);
	assert_int_equal(codes.count, 1);
	assert_true(bytes_equal(codes.code[0].data, BYTES("behind bars")));
	assert_string_equal(codes.code[0].engine, "kith");
}

static void reads_pictures_and_files(void **state)
{
	struct world *w = *state;
	struct buf file = BUF_IN(&w->a);
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	assert_reads(w);
	image_write_pgm(&file, &w->image);
	assert_true(
		jail_read_file(w->jail, buf_bytes(&file), EYE_FIRST, JAIL_STILL_MS, &codes, &e));
	assert_int_equal(codes.count, 1);
	assert_int_equal(jail_starts(w->jail), 1);
}

static void a_bad_file_is_an_answer_and_ends_nothing(void **state)
{
	struct world *w = *state;
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	assert_false(
		jail_read_file(w->jail, BYTES("no picture"), EYE_FIRST, JAIL_STILL_MS, &codes, &e));
	assert_int_equal(e.code, ERR_UNSUPPORTED);
	assert_reads(w);
	assert_int_equal(jail_starts(w->jail), 1);
}

static void a_killed_decoder_costs_one_picture_a_hundred_times(void **state)
{
	struct world *w = *state;

	assert_reads(w);
	for (unsigned i = 0; i < 100; i++) {
		struct eye_codes codes = { 0 };
		struct err e = { 0 };

		assert_int_equal(kill(jail_pid(w->jail), SIGKILL), 0);
		/* dead before the picture comes, or under it: never a wrong answer */
		if (!jail_read(w->jail, &w->image, EYE_VIDEO, JAIL_STILL_MS, &codes, &e)) {
			assert_int_equal(e.code, ERR_UNAVAILABLE);
			assert_int_equal(jail_pid(w->jail), 0);
		}
		assert_reads(w);
	}
	assert_int_equal(jail_starts(w->jail), 101);
}

static void a_hanging_decoder_is_killed_in_time(void **state)
{
	struct world *w = *state;
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	assert_reads(w);
	assert_int_equal(kill(jail_pid(w->jail), SIGSTOP), 0);
	assert_false(jail_read(w->jail, &w->image, EYE_VIDEO, 20, &codes, &e));
	assert_int_equal(e.code, ERR_TIMEOUT);
	assert_reads(w);
	assert_int_equal(jail_starts(w->jail), 2);
}

static void refuses_what_is_too_large_before_it_is_sent(void **state)
{
	struct world *w = *state;
	struct image huge = { w->image.pixels, 16384, 16384, 0 };
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	assert_false(jail_read(w->jail, &huge, EYE_VIDEO, JAIL_STILL_MS, &codes, &e));
	assert_int_equal(e.code, ERR_TOO_LARGE);
	assert_int_equal(jail_starts(w->jail), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_pictures_and_files, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			a_bad_file_is_an_answer_and_ends_nothing, open_world, close_world),
		cmocka_unit_test_setup_teardown(a_killed_decoder_costs_one_picture_a_hundred_times,
			open_world, close_world),
		cmocka_unit_test_setup_teardown(
			a_hanging_decoder_is_killed_in_time, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			refuses_what_is_too_large_before_it_is_sent, open_world, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
