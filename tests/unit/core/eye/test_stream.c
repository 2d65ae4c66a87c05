#include "tests/unit/test.h"

#include "core/eye/stream.h"

#define RAW(literal)                                                                               \
	{                                                                                          \
		(const uint8_t *)(literal), sizeof(literal) - 1                                    \
	}

struct world {
	struct stream s;
	struct image frame;
	struct err e;
	size_t frames;
	unsigned sum; /* over all pixels of all frames */
};

/* Feeds bytes in pieces of at most `piece`, and counts what comes out. */
static bool feed(struct world *w, struct bytes b, size_t piece)
{
	while (b.len > 0) {
		bool found;
		uint8_t *p;
		size_t n;

		if (!stream_space(&w->s, &p, &n, &w->e))
			return false;
		assert_true(n > 0);
		n = n < piece ? n : piece;
		n = n < b.len ? n : b.len;
		memcpy(p, b.p, n);
		b.p += n, b.len -= n;
		if (!stream_take(&w->s, n, &w->frame, &found, &w->e))
			return false;
		if (!found)
			continue;
		w->frames++;
		for (uint32_t y = 0; y < w->frame.height; y++)
			for (uint32_t x = 0; x < w->frame.width; x++)
				w->sum += w->frame.pixels[y * w->frame.stride + x];
	}
	return true;
}

static void takes_frames_in_pieces_of_any_length(void **state)
{
	static const struct {
		struct bytes stream;
		size_t frames;
		unsigned sum;
	} cases[] = {
		{ RAW("P5 2 1 255\n\1\2P5\n2 1\n255\n\3\4"), 2, 10 },
		{ RAW("P6 1 1 255\n\5\5\5P5 1 1 65535\n\x80\0"), 2, 5 + 128 },
		{ RAW("YUV4MPEG2 W2 H2 F30:1 C420jpeg\nFRAME\n\1\2\3\4##FRAME Ip\n\1\1\1\1##"), 2,
			14 },
		{ RAW("YUV4MPEG2 W3 H1 C444\nFRAME\n\1\2\3######FRAME\n\7\0\0######"), 2, 13 },
		{ RAW("YUV4MPEG2 H1 W2 Cmono\nFRAME\n\1\2FRAME\n\3\4"), 2, 10 },
		/* without a colour format it is 4:2:0, here of odd sides */
		{ RAW("YUV4MPEG2 W1 H1\nFRAME\n\7##"), 1, 7 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t piece = 1; piece < 64; piece += 9) {
			struct world w = { 0 };

			if (!feed(&w, cases[i].stream, piece))
				fail_msg("case %zu: %s", i, w.e.text);
			if (w.frames != cases[i].frames || w.sum != cases[i].sum)
				fail_msg("case %zu: %zu frames of sum %u", i, w.frames, w.sum);
			if (!stream_between(&w.s))
				fail_msg("case %zu: %zu bytes left over", i, w.s.have);
			stream_finish(&w.s);
		}
}

static void knows_when_it_stands_inside_a_frame(void **state)
{
	struct world w = { 0 };

	(void)state;
	assert_true(stream_between(&w.s));
	assert_true(feed(&w, BYTES("P5 2 2 255\n12"), 100));
	assert_false(stream_between(&w.s));
	assert_true(feed(&w, BYTES("34"), 100));
	assert_true(stream_between(&w.s));
	stream_finish(&w.s);
}

static void refuses_what_is_no_stream(void **state)
{
	static const struct {
		struct bytes stream;
		enum err_code code;
	} cases[] = {
		{ RAW("\x89PNG"), ERR_UNSUPPORTED },
		{ RAW("P2 1 1 255\n0"), ERR_UNSUPPORTED },
		{ RAW("P5 65535 65535 255\n"), ERR_TOO_LARGE },
		{ RAW("YUV4MPEG2 W99999999 H99999999\n"), ERR_TOO_LARGE },
		{ RAW("YUV4MPEG2 W99999999999999999999 H1\n"), ERR_MALFORMED },
		{ RAW("YUV4MPEG2 Wx H1\n"), ERR_MALFORMED },
		{ RAW("YUV4MPEG2\n"), ERR_UNSUPPORTED },
		{ RAW("YUV4MPEG2 W1 H1 C420p10\n"), ERR_UNSUPPORTED },
		{ RAW("YUV4MPEG2 W1 H1\nframe\n"), ERR_MALFORMED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct world w = { 0 };

		if (feed(&w, cases[i].stream, 100) || w.e.code != cases[i].code)
			fail_msg("case %zu: %s %s", i, err_name(w.e.code), w.e.text);
		/* no memory was taken for a size that was refused */
		assert_true(w.s.frame.capacity <= STREAM_LINE_MAX);
		stream_finish(&w.s);
	}
}

static void refuses_a_header_without_an_end(void **state)
{
	static const char *const starts[] = { "P5 ", "YUV4MPEG2 ", "YUV4MPEG2 W1 H1\nFRAME" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(starts); i++) {
		struct world w = { 0 };
		size_t fed = 0;

		assert_true(feed(&w, str_bytes(str_of(starts[i])), 100));
		while (fed < 2 * STREAM_LINE_MAX && feed(&w, BYTES(" "), 1))
			fed++;
		assert_true(fed <= STREAM_LINE_MAX);
		assert_int_equal(w.e.code, ERR_MALFORMED);
		stream_finish(&w.s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_frames_in_pieces_of_any_length),
		cmocka_unit_test(knows_when_it_stands_inside_a_frame),
		cmocka_unit_test(refuses_what_is_no_stream),
		cmocka_unit_test(refuses_a_header_without_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
