#include "tests/unit/test.h"

#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/readers/view.h"

enum { WIDE = 1280, HIGH = 720 };
static uint8_t pixels[WIDE * HIGH];

/* Dark left half, bright right half, and a code in it. */
static struct image scene(void)
{
	for (size_t i = 0; i < sizeof(pixels); i++)
		pixels[i] = i % WIDE < WIDE / 2 ? 10 : 250;
	return (struct image){ pixels, WIDE, HIGH, WIDE };
}

static const struct eye_code code = { .corners = { { 400, 40 }, { 800, 40 }, { 800, 440 },
					      { 400, 440 } } };

static void a_frame_is_sent_only_when_it_was_asked_for(void **state)
{
	const struct eye_codes codes = { .code = &code, .count = 1 };
	struct image in = scene();
	struct view_frame f;
	int ends[2];

	(void)state;
	assert_true(view_pair(ends));
	assert_true(ends[0] > 4 && ends[1] > 4);
	view_offer(ends[1], &in, &codes);
	assert_false(view_take(ends[0], &f));
	view_ask(ends[0]);
	view_ask(ends[0]);
	view_offer(ends[1], &in, &codes);
	view_offer(ends[1], &in, &codes);
	assert_true(view_take(ends[0], &f));
	assert_false(view_take(ends[0], &f));
	assert_int_equal(f.width, 320);
	assert_int_equal(f.height, 180);
	assert_int_equal(f.pixels[0], 10);
	assert_int_equal(f.pixels[319], 250);
	assert_int_equal(f.code_count, 1);
	assert_int_equal(f.corners[0][0][0], 100);
	assert_int_equal(f.corners[0][2][1], 110);
	close(ends[0]);
	close(ends[1]);
}

static void the_newest_of_several_counts(void **state)
{
	const struct eye_codes none = { .code = NULL, .count = 0 };
	struct image in = scene();
	struct view_frame f;
	int ends[2];

	(void)state;
	assert_true(view_pair(ends));
	view_ask(ends[0]);
	view_offer(ends[1], &in, &none);
	in.width = 200;
	view_ask(ends[0]);
	view_offer(ends[1], &in, &none);
	assert_true(view_take(ends[0], &f));
	assert_int_equal(f.width, 100);
	close(ends[0]);
	close(ends[1]);
}

static void what_is_no_frame_is_not_taken(void **state)
{
	static const struct {
		uint16_t width, height, codes;
		size_t more;
	} wrong[] = { { 10, 10, 0, 99 }, { 10, 10, 0, 101 }, { 0, 10, 0, 0 }, { 10, 10, 9, 100 },
		{ 65535, 65535, 0, 100 } };
	struct view_frame f = { 0 };
	int ends[2];

	(void)state;
	assert_true(view_pair(ends));
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		f.width = wrong[i].width;
		f.height = wrong[i].height;
		f.code_count = wrong[i].codes;
		assert_true(send(ends[1], &f, offsetof(struct view_frame, pixels) + wrong[i].more,
				    0) > 0);
		assert_false(view_take(ends[0], &f));
	}
	close(ends[1]);
	assert_false(view_take(ends[0], &f));
	view_ask(ends[0]);
	close(ends[0]);
}

static void pictures_of_every_shape_fit(void **state)
{
	static const uint32_t sizes[][2] = { { 16, 16 }, { 1280, 720 }, { 720, 1280 }, { 321, 17 },
		{ 100, 640 }, { 1279, 719 } };
	const struct eye_codes none = { .code = NULL, .count = 0 };
	struct view_frame f;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct image in = { pixels, sizes[i][0], sizes[i][1], sizes[i][0] };

		view_shrink(&f, &in, &none);
		assert_true(f.width > 0 && f.height > 0);
		assert_true(f.width * f.height <= VIEW_PIXELS_MAX && f.width <= VIEW_WIDTH_MAX);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_is_sent_only_when_it_was_asked_for),
		cmocka_unit_test(the_newest_of_several_counts),
		cmocka_unit_test(what_is_no_frame_is_not_taken),
		cmocka_unit_test(pictures_of_every_shape_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
