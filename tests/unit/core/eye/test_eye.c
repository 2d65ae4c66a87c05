#include "tests/unit/test.h"

#include "core/eye/eye.h"
#include "core/eye/qr_write.h"

struct world {
	struct arena a;
	struct eye *eye;
};

static int open_world(void **state)
{
	static struct world w;
	struct err e = { 0 };

	w = (struct world){ 0 };
	*state = &w;
	return eye_open(&w.eye, &e) ? 0 : -1;
}

static int close_world(void **state)
{
	struct world *w = *state;

	eye_close(w->eye);
	arena_finish(&w->a);
	return 0;
}

static struct image draw(
	struct world *w, struct bytes data, enum qr_level level, uint32_t module_px)
{
	struct image image = { 0 };
	struct qr qr;
	struct err e = { 0 };

	if (!qr_make(&qr, data, level, &w->a, &e) || !qr_draw(&image, &qr, module_px, &w->a, &e))
		fail_msg("%s", e.text);
	return image;
}

static struct eye_codes look(struct world *w, const struct image *image, enum eye_mode mode)
{
	struct eye_codes codes = { 0 };
	struct err e = { 0 };

	if (!eye_read(w->eye, image, mode, &codes, &e))
		fail_msg("%s", e.text);
	return codes;
}

static void assert_reads(
	struct world *w, struct bytes data, enum qr_level level, uint32_t module_px)
{
	struct image image = draw(w, data, level, module_px);
	struct eye_codes codes = look(w, &image, EYE_FIRST);

	assert_int_equal(codes.count, 1);
	assert_true(bytes_equal(codes.code[0].data, data));
}

static void reads_names_in_many_scripts_byte_for_byte(void **state)
{
	static const char *const names[] = { "Łukasz Żak", "Björn Ångström",
		"Zoë Müller-Lüdenscheidt", "François Lefèvre", "Begoña Íñiguez", "Růžena Šťastná",
		"Ольга Щербакова", "Ελένη Νικολάου", "山田 太郎", "김민수", "王小明", "محمد علي",
		"שרה כהן", "अनिता शर्मा", "สมชาย ใจดี", "Nguyễn Thị Hồng", "Þórdís Ægisdóttir",
		"İbrahim Çağlayan", "გიორგი", "\xF0\x9F\x98\x80", "plain" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		assert_reads(*state, str_bytes(str_of(names[i])), QR_LEVEL_M, 4);
}

static void reads_bytes_that_are_no_text(void **state)
{
	assert_reads(*state, BYTES("a\0b\0\0c"), QR_LEVEL_M, 4);
	assert_reads(*state, BYTES("M\xFCller \x80\x81\xFF"), QR_LEVEL_Q, 4);
	/* valid as Shift-JIS, which ZBar's own guess would turn into other bytes */
	assert_reads(*state, BYTES("\x83\x8F\x83\x93"), QR_LEVEL_M, 4);
	assert_reads(*state,
		BYTES("\xEF\xBB\xBF"
		      "BOM 12345678 ABCDEF"),
		QR_LEVEL_M, 4);
}

static void reads_the_largest_code(void **state)
{
	static uint8_t data[2953];
	uint32_t seed = 1;

	for (size_t i = 0; i < sizeof(data); i++) {
		seed = seed * 1664525 + 1013904223;
		data[i] = (uint8_t)(seed >> 24);
	}
	assert_reads(*state, bytes_of(data, sizeof(data)), QR_LEVEL_L, 4);
}

static void paste(uint8_t *sheet, size_t stride, const struct image *in, uint32_t x, uint32_t y)
{
	for (uint32_t row = 0; row < in->height; row++)
		memcpy(sheet + (y + row) * stride + x, in->pixels + row * in->stride, in->width);
}

static void reports_each_code_once_with_its_place(void **state)
{
	enum { W = 900, H = 400, STRIDE = 1000 };
	struct world *w = *state;
	uint8_t *sheet = arena_alloc(&w->a, STRIDE * H);
	struct image in = { sheet, W, H, STRIDE };
	struct image one = draw(w, BYTES("one"), QR_LEVEL_M, 6),
		     two = draw(w, BYTES("two"), QR_LEVEL_M, 6);
	struct eye_codes codes;

	memset(sheet, 255, STRIDE * H);
	paste(sheet, STRIDE, &one, 20, 20);
	paste(sheet, STRIDE, &two, 320, 100);
	paste(sheet, STRIDE, &one, 650, 180); /* the same text elsewhere is another code */
	codes = look(w, &in, EYE_ALL);
	assert_int_equal(codes.count, 3);
	for (size_t i = 0; i < codes.count; i++) {
		const struct eye_code *c = &codes.code[i];
		float x = 0, y = 0;

		for (size_t k = 0; k < 4; k++)
			x += c->corners[k].x / 4, y += c->corners[k].y / 4;
		if (bytes_equal(c->data, BYTES("two"))) {
			/* 21 modules of 6 pixels after a quiet zone of 4 */
			assert_in_range((int)x, 320 + 14 * 6 + 3 - 8, 320 + 14 * 6 + 3 + 8);
			assert_in_range((int)y, 100 + 14 * 6 + 3 - 8, 100 + 14 * 6 + 3 + 8);
		} else {
			assert_true(bytes_equal(c->data, BYTES("one")));
		}
		assert_string_equal(c->engine, "kith");
		assert_non_null(c->pass);
	}
}

static void reads_light_on_dark_by_a_later_pass(void **state)
{
	struct world *w = *state;
	struct image in = draw(w, BYTES("inverted"), QR_LEVEL_M, 6);
	struct eye_codes codes;
	uint8_t *pixels = arena_alloc(&w->a, in.stride * in.height);

	for (size_t i = 0; i < in.stride * in.height; i++)
		pixels[i] = (uint8_t)(255 - in.pixels[i]);
	in.pixels = pixels;
	codes = look(w, &in, EYE_FIRST);
	assert_int_equal(codes.count, 1);
	assert_string_equal(codes.code[0].pass, "640-light");
	/* a video comes to that pass within a round of frames */
	codes.count = 0;
	for (size_t frame = 0; codes.count == 0 && eye_pass_name(frame); frame++)
		codes = look(w, &in, EYE_VIDEO);
	assert_int_equal(codes.count, 1);
}

static void finds_nothing_on_flat_paper_and_in_tiny_pictures(void **state)
{
	static uint8_t pixels[64 * 64];

	for (int value = 0; value < 256; value += 51) {
		memset(pixels, value, sizeof(pixels));
		for (uint32_t side = 1; side <= 64; side += side < 9 ? 1 : 11) {
			struct image in = { pixels, side, 65 - side, 64 };
			struct image row = { pixels, side, 1, 64 };

			assert_int_equal(look(*state, &in, EYE_ALL).count, 0);
			assert_int_equal(look(*state, &row, EYE_ALL).count, 0);
		}
	}
}

static void refuses_a_picture_without_an_area(void **state)
{
	struct world *w = *state;
	struct image in = { NULL, 0, 10, 0 };
	struct eye_codes codes;
	struct err e = { 0 };

	assert_false(eye_read(w->eye, &in, EYE_FIRST, &codes, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
}

static void holds_no_more_memory_than_it_says(void **state)
{
	static const uint32_t sizes[][2] = { { 1000, 1000 }, { 64, 64 }, { 4000, 3000 },
		{ 9000, 40 }, { 1280, 720 } };
	struct world *w = *state;
	size_t most = 0;

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		size_t pixels = (size_t)sizes[i][0] * sizes[i][1];
		uint8_t *p = arena_alloc(&w->a, pixels);
		struct image image = { p, sizes[i][0], sizes[i][1], sizes[i][0] };

		for (size_t k = 0; k < pixels; k++)
			p[k] = (uint8_t)(k * k >> 7);
		look(w, &image, EYE_ALL);
		most = pixels > most ? pixels : most;
		assert_in_range(eye_memory(w->eye), 1, EYE_MEMORY_LEAST + 2 * most);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			reads_names_in_many_scripts_byte_for_byte, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			reads_bytes_that_are_no_text, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			holds_no_more_memory_than_it_says, open_world, close_world),
		cmocka_unit_test_setup_teardown(reads_the_largest_code, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			reports_each_code_once_with_its_place, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			reads_light_on_dark_by_a_later_pass, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			finds_nothing_on_flat_paper_and_in_tiny_pictures, open_world, close_world),
		cmocka_unit_test_setup_teardown(
			refuses_a_picture_without_an_area, open_world, close_world),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
