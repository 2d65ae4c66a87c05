#include "tests/unit/test.h"

#include "core/card/charset.h"

static void reads_codes_in_the_set_that_their_bytes_show(void **state)
{
	static const struct {
		struct bytes bytes;
		const char *text;
	} cases[] = {
		{ { (const uint8_t *)"plain", 5 }, "plain" },
		{ { (const uint8_t *)"Zo\xC3\xAB", 4 }, "Zo\xC3\xAB" },
		{ { (const uint8_t *)"Zo\xEB", 3 }, "Zo\xC3\xAB" },
		/* e9 6e and e9 64 are kanji, too, but rare ones */
		{ { (const uint8_t *)"B\xE9n\xE9"
				     "dicte",
			  9 },
			"B\xC3\xA9n\xC3\xA9"
			"dicte" },
		{ { (const uint8_t *)"J\xD6RG", 4 }, "J\xC3\x96RG" },
		{ { (const uint8_t *)"M\xFCller", 6 }, "M\xC3\xBCller" },
		/* Windows-1252's own quotes, 93 and 94, before what is no second half */
		{ { (const uint8_t *)"\x93 a \x94 b", 7 }, "\xE2\x80\x9C a \xE2\x80\x9D b" },
		/* Yamada in kanji, then in katakana */
		{ { (const uint8_t *)"\x8E\x52\x93\x63", 4 }, "\xE5\xB1\xB1\xE7\x94\xB0" },
		{ { (const uint8_t *)"\x83\x84\x83\x7D\x83\x5F", 6 },
			"\xE3\x83\xA4\xE3\x83\x9E\xE3\x83\x80" },
		/* half-width kana beside a kanji; alone they are Latin */
		{ { (const uint8_t *)"\xB2\xD7\x93\xFC", 4 },
			"\xEF\xBD\xB2\xEF\xBE\x97\xE5\x85\xA5" },
		/* half a character is none */
		{ { (const uint8_t *)"\x8E\x52\x93", 3 }, "\xC5\xBDR\xE2\x80\x9C" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct arena a = { 0 };

		assert_str(charset_code_text(cases[i].bytes, &a), cases[i].text);
		arena_finish(&a);
	}
}

static void keeps_nul(void **state)
{
	struct arena a = { 0 };
	struct str text = charset_code_text(BYTES("a\0b\xFF"), &a);

	(void)state;
	assert_int_equal(text.len, 5);
	assert_memory_equal(text.p, "a\0b\xC3\xBF", 5);
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_codes_in_the_set_that_their_bytes_show),
		cmocka_unit_test(keeps_nul),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
