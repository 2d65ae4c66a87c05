#include "tests/unit/test.h"

#include "core/eye/finder.h"

static void pictures_of_any_shape_follow_each_other(void **state)
{
	/* a narrow one has more blocks than a square one of as many pixels */
	static const uint32_t sizes[][2] = { { 512, 512 }, { 17, 15200 }, { 509, 509 },
		{ 15200, 17 } };
	static uint8_t pixels[512 * 512];
	struct finders f = { 0 };
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		uint32_t w = sizes[i][0], h = sizes[i][1];
		struct image in = { pixels, w, h, w };
		size_t blocks = (size_t)((w + 7) / 8) * ((h + 7) / 8);

		assert_true(finders_find(&f, &in, 2, false, &e));
		assert_int_equal(f.count, 0);
		assert_true(f.dark_capacity >= (size_t)w * h);
		assert_true(f.sums_capacity >= 2 * blocks);
	}
	finders_finish(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pictures_of_any_shape_follow_each_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
