#include "tests/unit/test.h"

#include "core/base/config.h"
#include "core/eye/image.h"

#define RAW(literal)                                                                               \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

/* Signature, IHDR of w x h, 8-bit gray; its CRC is given. */
static const uint8_t huge_png[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I',
	'H', 'D', 'R', 0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF, 8, 0, 0, 0, 0, 0x93, 0x6E, 0x86, 0x8C, 0,
	0, 0, 0, 'I', 'D', 'A', 'T', 0x35, 0xAF, 0x06, 0x1E };

static void refuse(struct bytes file, enum err_code code)
{
	struct image_store store = { 0 };
	struct image image;
	struct err e = { 0 };

	assert_false(image_read(&image, file, &store, &e));
	if (e.code != code)
		fail_msg("got %s: %s", err_name(e.code), e.text);
	assert_true(e.text[0] != '\0');
	/* nothing was reserved for what was refused */
	assert_true(code != ERR_TOO_LARGE || store.capacity == 0);
	image_store_finish(&store);
}

static struct image sample(uint8_t *pixels, uint32_t w, uint32_t h, size_t stride)
{
	for (uint32_t y = 0; y < h; y++)
		for (uint32_t x = 0; x < w; x++)
			pixels[y * stride + x] = (uint8_t)(x * 7 + y * 13);
	return (struct image){ pixels, w, h, stride };
}

static void assert_same(const struct image *a, const struct image *b)
{
	assert_int_equal(a->width, b->width);
	assert_int_equal(a->height, b->height);
	for (uint32_t y = 0; y < a->height; y++)
		assert_memory_equal(a->pixels + y * a->stride, b->pixels + y * b->stride, a->width);
}

static void refuses_a_pixel_flood_from_its_header(void **state)
{
	(void)state;
	refuse(bytes_of(huge_png, sizeof(huge_png)), ERR_TOO_LARGE);
	refuse(BYTES("P5 65535 65535 255\n"), ERR_TOO_LARGE);
	refuse(BYTES("P5 16384 16384 255\n"), ERR_TOO_LARGE);
	refuse(BYTES("P5 4294967295 4294967295 255\n"), ERR_TOO_LARGE);
	/* SOI, SOF0 of 65500 x 65500, SOS */
	refuse(BYTES("\xFF\xD8\xFF\xC0\x00\x0B\x08\xFF\xDC\xFF\xDC\x01\x01\x11\x00"
		     "\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00"),
		ERR_TOO_LARGE);
}

/* 10 x 10 pixels, behind them 8 MiB of rows, beside them 16 MiB of profile and of text. */
static void takes_no_memory_for_what_a_bomb_holds(void **state)
{
	struct arena a = { 0 };
	struct image_store store = { 0 };
	struct image image;
	struct bytes file;
	struct err e = { 0 };

	(void)state;
	assert_true(file_read(&file, TEST_DATA "/eye/bomb.png", 1 << 20, &a, &e));
	assert_true(
		!image_read(&image, file, &store, &e) || (image.width == 10 && image.height == 10));
	assert_int_equal(store.capacity, 100);
	image_store_finish(&store);
	arena_finish(&a);
}

static void refuses_what_is_no_picture(void **state)
{
	(void)state;
	refuse(BYTES(""), ERR_UNSUPPORTED);
	refuse(BYTES("BEGIN:VCARD\r\n"), ERR_UNSUPPORTED);
	refuse(BYTES("GIF89a"), ERR_UNSUPPORTED);
	refuse(BYTES("P5 0 10 255\n"), ERR_MALFORMED);
	refuse(BYTES("P5 10 10 0\n0123456789"), ERR_MALFORMED);
	refuse(BYTES("P5 10 10 70000\n0123456789"), ERR_MALFORMED);
	refuse(BYTES("P5 99999999999 1 255\n"), ERR_MALFORMED);
	refuse(BYTES("P5 10 10 255"), ERR_MALFORMED);
	refuse(BYTES("P5 4 4 255\n012345678901234"), ERR_MALFORMED);
	refuse(BYTES("P6 2 2 255\n01234567890"), ERR_MALFORMED);
	refuse(BYTES("P2 2 2 255\n1 2 x 4"), ERR_MALFORMED);
	refuse(BYTES("P2 2 2 255\n1 2 3"), ERR_MALFORMED);
	refuse(BYTES("\xFF\xD8\xFF\xD9"), ERR_MALFORMED);
}

static void refuses_every_cut_of_a_png(void **state)
{
	static uint8_t pixels[32 * 32];
	struct image in = sample(pixels, 32, 32, 32);
	struct arena a = { 0 };
	struct buf file = BUF_IN(&a);
	struct err e = { 0 };

	(void)state;
	assert_true(image_write_png(&file, &in, &e));
	/* the last 12 bytes are IEND, which holds no pixels */
	for (size_t len = 8; len + 12 < file.len; len++)
		refuse(bytes_of(file.p, len), ERR_MALFORMED);
	arena_finish(&a);
}

static void reads_back_what_it_writes(void **state)
{
	static uint8_t pixels[70 * 50];
	/* a stride wider than the picture, as cameras have */
	struct image in = sample(pixels, 61, 50, 70), out;
	struct image_store store = { 0 };
	struct arena a = { 0 };
	struct buf png = BUF_IN(&a), pgm = BUF_IN(&a);
	struct err e = { 0 };

	(void)state;
	assert_true(image_write_png(&png, &in, &e));
	assert_true(image_read(&out, buf_bytes(&png), &store, &e));
	assert_same(&in, &out);
	image_write_pgm(&pgm, &in);
	assert_true(image_read(&out, buf_bytes(&pgm), &store, &e));
	assert_same(&in, &out);
	image_store_finish(&store);
	arena_finish(&a);
}

static void reads_every_kind_of_pnm(void **state)
{
	static const struct {
		struct bytes file;
		uint8_t pixels[2];
	} cases[] = {
		{ RAW("P2\n# made by hand\n2 1\n15\n0\n15"), { 0, 255 } },
		{ RAW("P5 2 1 255\n\x10\x20"), { 0x10, 0x20 } },
		{ RAW("P5 2 1 65535\n\x10\x00\xFF\xFF"), { 0x10, 0xFF } },
		{ RAW("P5\t2\r1 1 \x01\x00"), { 255, 0 } },
		{ RAW("P6 2 1 255\n\xFF\xFF\xFF\x00\x00\x00"), { 255, 0 } },
		{ RAW("P6 2 1 255\n\xFF\x00\x00\x00\xFF\x00"), { 77, 149 } },
	};
	struct image_store store = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct image out;
		struct err e = { 0 };

		if (!image_read(&out, cases[i].file, &store, &e))
			fail_msg("case %zu: %s", i, e.text);
		assert_memory_equal(out.pixels, cases[i].pixels, 2);
	}
	image_store_finish(&store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_a_pixel_flood_from_its_header),
		cmocka_unit_test(takes_no_memory_for_what_a_bomb_holds),
		cmocka_unit_test(refuses_what_is_no_picture),
		cmocka_unit_test(refuses_every_cut_of_a_png),
		cmocka_unit_test(reads_back_what_it_writes),
		cmocka_unit_test(reads_every_kind_of_pnm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
