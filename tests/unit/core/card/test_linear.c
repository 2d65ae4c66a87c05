/*
 * Hostile shapes, each read at n and at 16 n: the work must grow with n and not with its square.
 * Work is processor time of this process, the best of three; n squared would be 256 times, the
 * bound is 80.
 */
#include <time.h>

#include "tests/unit/core/card/card_test.h"

#include "core/base/limits.h"

struct shape {
	const char *name, *before, *repeated, *after;
	size_t n;
	size_t afters; /* how often after stands there */
};

static const struct shape shapes[] = {
	{ "folds of nothing", "BEGIN:VCARD\nA", "\n ", ":1\n", 5000, 1 },
	{ "folds of spaces under quoted-printable", "BEGIN:VCARD\nA;QUOTED-PRINTABLE:", " \n  ",
		"\n", 5000, 1 },
	{ "soft breaks", "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:", "=\n", "x\n", 7500, 1 },
	{ "carriage returns", "BEGIN:VCARD\rNOTE:", "\r", "x", 15000, 1 },
	{ "an open quote", "BEGIN:VCARD\nA;B=\"", "\n \"", "\n", 5000, 1 },
	{ "base64 lines", "BEGIN:VCARD\nPHOTO;BASE64:", "QQ\n", "\n", 7500, 1 },
	{ "no-colon lines after a note", "BEGIN:VCARD\nNOTE:x\n", "y\n", "", 60, 1 },
	{ "no-colon lines after a long note", "BEGIN:VCARD\nNOTE:", "x", "\ny", 15000, 190 },
	{ "names after a long name", "BEGIN:VCARD\nN:", "x", "\nN:y", 15000, 190 },
	{ "titles after a long title", "BEGIN:VCARD\nTITLE:", "x", "\nTITLE:y", 15000, 190 },
	{ "escapes", "BEGIN:VCARD\nNOTE:", "\\\\n", "\n", 10000, 1 },
	{ "semicolons", "BEGIN:VCARD\nORG:", ";a", "\n", 10000, 1 },
	{ "commas", "BEGIN:VCARD\nCATEGORIES:", ",a", "\n", 10000, 1 },
	{ "parameters", "BEGIN:VCARD\nX", ";a", ":1\n", 15000, 1 },
	{ "equal signs", "BEGIN:VCARD\nNOTE;QUOTED-PRINTABLE:", "=", "\n", 15000, 1 },
	{ "cards", "", "BEGIN:VCARD\nFN:x\nTEL:1\nEND:VCARD\n", "", 600, 1 },
	{ "cards without end", "", "BEGIN:VCARD\n", "", 600, 1 },
	{ "agents", "BEGIN:VCARD\n", "AGENT:\nBEGIN:VCARD\n", "", 5000, 1 },
	{ "blank lines", "", "\n", "BEGIN:VCARD\n", 15000, 1 },
	{ "lines outside of cards", "", "x\n", "BEGIN:VCARD\n", 15000, 1 },
	{ "grouped labels", "BEGIN:VCARD\n", "i.TEL:1\ni.X-ABLABEL:x\n", "", 6, 1 },
	{ "mecards", "", "MECARD:N:x;;\n", "", 600, 1 },
	{ "a mecard's fields", "MECARD:N:x", ";X:y", ";;", 12, 1 },
	{ "a mecard's semicolons in text", "MECARD:N:", "\\;", ";;", 10000, 1 },
};

static struct bytes fill(const struct shape *shape, size_t n, struct arena *a)
{
	struct buf out = BUF_IN(a);

	buf_add_str(&out, str_of(shape->before));
	for (size_t i = 0; i < n; i++)
		buf_add_str(&out, str_of(shape->repeated));
	for (size_t i = 0; i < shape->afters; i++)
		buf_add_str(&out, str_of(shape->after));
	return buf_bytes(&out);
}

static double work(const struct shape *shape, size_t n)
{
	struct arena input = { 0 };
	struct bytes in = fill(shape, n, &input);
	double best = 1e9;

	for (int i = 0; i < 3; i++) {
		struct arena a = { 0 };
		struct card_list list;
		struct err e = { 0 };
		clock_t before = clock();
		double took;

		(void)!card_read(&list, in, &a, &e);
		took = (double)(clock() - before) / CLOCKS_PER_SEC;
		best = took < best ? took : best;
		/* memory is work that can be counted exactly: bounded by the input too */
		if (a.used > 65536 + 150 * in.len)
			fail_msg("%s: %zu bytes took %zu of memory", shape->name, in.len, a.used);
		arena_finish(&a);
	}
	arena_finish(&input);
	return best;
}

static void takes_time_linear_in_the_input(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
		double once = work(&shapes[i], shapes[i].n),
		       more = work(&shapes[i], 16 * shapes[i].n);

		/* what takes less than half a millisecond drowns in the clock's own steps */
		once = once > 0.0005 ? once : 0.0005;
		if (more > 80 * once)
			fail_msg("%s: 16 times the input took %.0f times the work (%.2f ms)",
				shapes[i].name, more / once, more * 1000);
	}
}

static void reads_and_writes_a_photo_of_a_megabyte(void **state)
{
	uint8_t *image = arena_alloc(*state, 750 << 10);
	struct card card = { .formatted = STR("Big"),
		.name.given = STR("Big"),
		.photo = bytes_of(image, 750 << 10) };
	struct buf out = BUF_IN(*state);
	struct card_list list;
	clock_t before;

	for (size_t i = 0; i < card.photo.len; i++)
		image[i] = (uint8_t)(i * 2654435761u >> 13);
	card_write_vcard(&out, &card, CARD_VERSION_30);
	assert_true(out.len > 1 << 20);
	before = clock();
	list = read_bytes(state, buf_bytes(&out));
	print_message("a card of %zu bytes: %.1f ms\n", out.len,
		(double)(clock() - before) * 1000 / CLOCKS_PER_SEC);
	assert_true(bytes_equal(list.cards[0].photo, card.photo));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_time_linear_in_the_input),
		card_test(reads_and_writes_a_photo_of_a_megabyte),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
