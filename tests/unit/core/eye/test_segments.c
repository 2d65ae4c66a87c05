#include "tests/unit/test.h"

#include "core/eye/segments.h"

/* Bits put down by hand, most significant first. */
struct pen {
	uint8_t bytes[64];
	size_t bits;
};

static void put(struct pen *p, unsigned value, unsigned width)
{
	for (unsigned i = width; i-- > 0; p->bits++)
		if (value >> i & 1)
			p->bytes[p->bits / 8] |= (uint8_t)(0x80 >> p->bits % 8);
}

/* What was read of a pen's bytes, the last one filled up with 0. */
struct reading {
	struct segments s;
	char out[64];
	size_t n;
};

static bool read_pen(const struct pen *p, int version, struct reading *r)
{
	struct buf b = BUF_ON(r->out);
	struct err e = { 0 };
	bool ok = segments_read(&b, bytes_of(p->bytes, (p->bits + 7) / 8), version, &r->s, &e);

	r->n = b.len;
	return ok;
}

static void assert_text(const struct reading *r, struct bytes expected)
{
	assert_int_equal(r->n, expected.len);
	assert_memory_equal(r->out, expected.p, expected.len);
}

static void reads_digits_letters_and_bytes_in_one_symbol(void **state)
{
	struct pen p = { { 0 }, 0 };
	struct reading r;

	(void)state;
	put(&p, 1, 4), put(&p, 8, 10), put(&p, 12, 10), put(&p, 345, 10), put(&p, 67, 7);
	put(&p, 2, 4), put(&p, 5, 9), put(&p, 10 * 45 + 12, 11), put(&p, 41 * 45 + 4, 11),
		put(&p, 2, 6);
	put(&p, 4, 4), put(&p, 2, 8), put(&p, 0, 8), put(&p, 0xff, 8);
	put(&p, 0, 4);
	p.bits = (p.bits + 7) / 8 * 8;
	put(&p, 0xec, 8), put(&p, 0x11, 8), put(&p, 0xec, 8);
	assert_true(read_pen(&p, 1, &r));
	assert_text(&r, BYTES("01234567AC-42\0\xff"));
	assert_int_equal(r.s.count, 3);
	assert_true(r.s.padded_right);
}

static void reads_kanji_as_shift_jis(void **state)
{
	struct pen p = { { 0 }, 0 };
	struct reading r;

	(void)state;
	/* ISO/IEC 18004 7.4.6: 935f is d9f, e4aa is 1aaa */
	put(&p, 8, 4), put(&p, 2, 8), put(&p, 0xd9f, 13), put(&p, 0x1aaa, 13);
	assert_true(read_pen(&p, 1, &r));
	assert_text(&r, BYTES("\x93\x5f\xe4\xaa"));
}

static void names_the_eci_and_keeps_the_bytes(void **state)
{
	static const struct {
		unsigned bits, width, eci;
	} cases[] = { { 26, 8, 26 }, { 0x8000 | 899, 16, 899 }, { 0xc00000 | 123456, 24, 123456 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pen p = { { 0 }, 0 };
		struct reading r;

		put(&p, 7, 4), put(&p, cases[i].bits, cases[i].width);
		put(&p, 4, 4), put(&p, 1, 8), put(&p, 0xe9, 8), put(&p, 0, 4);
		assert_true(read_pen(&p, 1, &r));
		assert_int_equal(r.s.eci, cases[i].eci);
		assert_text(&r, BYTES("\xe9"));
	}
}

static void takes_the_width_of_counts_from_the_version(void **state)
{
	static const struct {
		int version;
		unsigned width;
	} cases[] = { { 9, 8 }, { 10, 16 }, { 26, 16 }, { 40, 16 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pen p = { { 0 }, 0 };
		struct reading r;

		put(&p, 4, 4), put(&p, 1, cases[i].width), put(&p, 'x', 8), put(&p, 0, 4);
		assert_true(read_pen(&p, cases[i].version, &r));
		assert_text(&r, BYTES("x"));
	}
}

static void refuses_what_runs_past_the_end_or_is_no_character(void **state)
{
	static const struct {
		unsigned mode, width, count, first, bits;
	} cases[] = {
		{ 4, 8, 200, 'x', 8 },	  /* longer than the symbol */
		{ 1, 10, 3, 1000, 10 },	  /* no three digits */
		{ 2, 9, 2, 45 * 45, 11 }, /* no two letters */
		{ 6, 8, 1, 0, 8 },	  /* no mode */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct pen p = { { 0 }, 0 };
		struct reading r;

		put(&p, cases[i].mode, 4), put(&p, cases[i].count, cases[i].width);
		put(&p, cases[i].first, cases[i].bits), put(&p, 0, 4);
		assert_false(read_pen(&p, 1, &r));
	}
}

static void sees_padding_that_no_encoder_writes(void **state)
{
	struct pen p = { { 0 }, 0 };
	struct reading r;

	(void)state;
	put(&p, 4, 4), put(&p, 1, 8), put(&p, 'x', 8), put(&p, 0, 4), put(&p, 0x55, 8);
	assert_true(read_pen(&p, 1, &r));
	assert_false(r.s.padded_right);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_digits_letters_and_bytes_in_one_symbol),
		cmocka_unit_test(reads_kanji_as_shift_jis),
		cmocka_unit_test(names_the_eci_and_keeps_the_bytes),
		cmocka_unit_test(takes_the_width_of_counts_from_the_version),
		cmocka_unit_test(refuses_what_runs_past_the_end_or_is_no_character),
		cmocka_unit_test(sees_padding_that_no_encoder_writes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
