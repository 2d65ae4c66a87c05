#include "tests/unit/test.h"

#include "core/eye/qr_write.h"

static void makes_the_smallest_symbol(void **state)
{
	static const struct {
		size_t len;
		char fill;
		enum qr_level level;
		int version; /* ISO/IEC 18004 table 7; 0: too long */
	} cases[] = {
		{ 17, 'x', QR_LEVEL_L, 1 },
		{ 18, 'x', QR_LEVEL_L, 2 },
		{ 14, 'x', QR_LEVEL_M, 1 },
		{ 41, '7', QR_LEVEL_L, 1 },
		{ 25, 'A', QR_LEVEL_L, 1 },
		{ 2953, 'x', QR_LEVEL_L, 40 },
		{ 2954, 'x', QR_LEVEL_L, 0 },
		{ 2331, 'x', QR_LEVEL_M, 40 },
		{ 2332, 'x', QR_LEVEL_M, 0 },
		{ 1273, 'x', QR_LEVEL_H, 40 },
		{ 7089, '7', QR_LEVEL_L, 40 },
		{ 7090, '7', QR_LEVEL_L, 0 },
		{ 2953, '\0', QR_LEVEL_L, 40 },
		{ 2954, '\0', QR_LEVEL_L, 0 },
		{ 0, 'x', QR_LEVEL_L, 0 },
	};
	static uint8_t data[8000];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = { 0 };
		struct err e = { 0 };
		struct qr qr = { 0 };
		bool ok;

		memset(data, cases[i].fill, sizeof(data));
		ok = qr_make(&qr, bytes_of(data, cases[i].len), cases[i].level, &a, &e);
		if (ok != (cases[i].version > 0) || (ok && qr.version != cases[i].version))
			fail_msg("case %zu: version %d %s", i, qr.version, e.text);
		if (ok)
			assert_int_equal(qr.size, 17 + 4 * qr.version);
		arena_finish(&a);
	}
}

static void draws_a_quiet_zone_and_whole_modules(void **state)
{
	struct arena a = { 0 };
	struct image image;
	struct err e = { 0 };
	struct qr qr;

	(void)state;
	assert_true(qr_make(&qr, BYTES("x"), QR_LEVEL_M, &a, &e));
	assert_true(qr_draw(&image, &qr, 3, &a, &e));
	assert_int_equal(image.width, (21 + 8) * 3);
	for (uint32_t y = 0; y < image.height; y++)
		for (uint32_t x = 0; x < image.width; x++) {
			uint32_t u = x / 3 - QR_QUIET,
				 v = y / 3 - QR_QUIET; /* wraps in the quiet zone */
			bool dark = u < qr.size && v < qr.size && qr.dark[v * qr.size + u];

			assert_int_equal(image.pixels[y * image.stride + x], dark ? 0 : 255);
		}
	assert_false(qr_draw(&image, &qr, 0, &a, &e));
	assert_false(qr_draw(&image, &qr, QR_MODULE_PX_MAX + 1, &a, &e));
	arena_finish(&a);
}

static void writes_one_svg_path_of_the_dark_modules(void **state)
{
	struct arena a = { 0 };
	struct buf svg = BUF_IN(&a);
	struct err e = { 0 };
	struct qr qr;
	size_t dark = 0, drawn = 0;

	(void)state;
	assert_true(qr_make(&qr, BYTES("x"), QR_LEVEL_M, &a, &e));
	qr_write_svg(&svg, &qr, 8);
	for (size_t i = 0; i < (size_t)qr.size * qr.size; i++)
		dark += qr.dark[i];
	/* each run of modules is h LENGTH v1 */
	for (size_t at = 0; (at = str_find(buf_str(&svg), STR("v1h-"), at)) != SIZE_MAX; at += 4) {
		uint64_t n = 0;
		size_t end = at + 4;

		while (svg.p[end] >= '0' && svg.p[end] <= '9')
			end++;
		assert_true(str_u64(str_sub(buf_str(&svg), at + 4, end), &n));
		drawn += n;
	}
	assert_int_equal(drawn, dark);
	arena_finish(&a);
}

static void knows_its_levels(void **state)
{
	enum qr_level level = QR_LEVEL_L;

	(void)state;
	assert_true(qr_level_read(STR("H"), &level));
	assert_int_equal(level, QR_LEVEL_H);
	assert_false(qr_level_read(STR("h"), &level));
	assert_false(qr_level_read(STR("LM"), &level));
	assert_false(qr_level_read(STR(""), &level));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(makes_the_smallest_symbol),
		cmocka_unit_test(draws_a_quiet_zone_and_whole_modules),
		cmocka_unit_test(writes_one_svg_path_of_the_dark_modules),
		cmocka_unit_test(knows_its_levels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
