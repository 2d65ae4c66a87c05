#include "tests/unit/test.h"

#include "core/eye/symbol.h"

static struct symbol symbol;

static void every_version_has_a_place_for_every_bit(void **state)
{
	(void)state;
	for (int v = 1; v <= SYMBOL_VERSION_MAX; v++) {
		static uint8_t taken[SYMBOL_MODULES_MAX];

		symbol_init(&symbol, v);
		memset(taken, 0, sizeof(taken));
		for (unsigned i = 0; i < 8 * symbol.words; i++) {
			assert_int_equal(symbol.kind[symbol.place[i]], MODULE_DATA);
			assert_int_equal(taken[symbol.place[i]]++, 0);
		}
	}
}

static void words_and_blocks_are_those_of_the_standard(void **state)
{
	/* ISO/IEC 18004 tables 1 and 9 */
	static const struct {
		int version;
		unsigned words, level, blocks, parity, data;
	} cases[] = {
		{ 1, 26, 1, 1, 7, 19 },
		{ 1, 26, 2, 1, 17, 9 },
		{ 5, 134, 3, 4, 18, 15 },
		{ 7, 196, 0, 4, 18, 31 },
		{ 14, 581, 2, 16, 24, 12 },
		{ 32, 2465, 1, 17, 30, 115 },
		{ 40, 3706, 1, 25, 30, 118 },
		{ 40, 3706, 2, 81, 30, 15 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct symbol_blocks b = symbol_blocks(cases[i].version, cases[i].level);

		symbol_init(&symbol, cases[i].version);
		assert_int_equal(symbol.words, cases[i].words);
		assert_int_equal(b.blocks, cases[i].blocks);
		assert_int_equal(b.parity, cases[i].parity);
		assert_int_equal(b.data, cases[i].data);
	}
}

static void blocks_share_out_every_word_once(void **state)
{
	(void)state;
	for (int v = 1; v <= SYMBOL_VERSION_MAX; v++)
		for (unsigned level = 0; level < 4; level++) {
			struct symbol_blocks b = symbol_blocks(v, level);
			static uint8_t taken[SYMBOL_WORDS_MAX];
			unsigned words = 0;

			symbol_init(&symbol, v);
			memset(taken, 0, sizeof(taken));
			for (unsigned block = 0; block < b.blocks; block++)
				for (unsigned i = 0;
					i < b.data + (block >= b.short_blocks) + b.parity; i++) {
					unsigned w = symbol_word(&b, block, i);

					assert_true(w < symbol.words);
					assert_int_equal(taken[w]++, 0);
					words++;
				}
			assert_int_equal(words, symbol.words);
		}
}

static unsigned differing(uint32_t a, uint32_t b)
{
	unsigned n = 0;

	for (uint32_t d = a ^ b; d; d &= d - 1)
		n++;
	return n;
}

static void formats_and_versions_keep_their_distance(void **state)
{
	(void)state;
	/* ISO/IEC 18004 7.9.1 and annex C: level M, mask 5; 7.10: version 7 */
	assert_int_equal(symbol_format_bits(5), 0x40ce);
	assert_int_equal(symbol_version_bits(7), 0x07c94);
	for (unsigned a = 0; a < 32; a++)
		for (unsigned b = 0; b < a; b++)
			assert_true(differing(symbol_format_bits(a), symbol_format_bits(b)) >= 5);
	for (int a = 7; a <= 40; a++)
		for (int b = 7; b < a; b++)
			assert_true(differing(symbol_version_bits(a), symbol_version_bits(b)) >= 8);
}

static void alignment_patterns_stand_where_annex_e_says(void **state)
{
	static const struct {
		int version;
		uint8_t at[SYMBOL_ALIGN_MAX];
	} cases[] = {
		{ 1, { 0 } },
		{ 2, { 6, 18 } },
		{ 7, { 6, 22, 38 } },
		{ 22, { 6, 26, 50, 74, 98 } },
		{ 32, { 6, 34, 60, 86, 112, 138 } },
		{ 36, { 6, 24, 50, 76, 102, 128, 154 } },
		{ 40, { 6, 30, 58, 86, 114, 142, 170 } },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		symbol_init(&symbol, cases[i].version);
		for (unsigned k = 0; k < symbol.align_count; k++)
			assert_int_equal(symbol.align[k], cases[i].at[k]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_version_has_a_place_for_every_bit),
		cmocka_unit_test(words_and_blocks_are_those_of_the_standard),
		cmocka_unit_test(blocks_share_out_every_word_once),
		cmocka_unit_test(formats_and_versions_keep_their_distance),
		cmocka_unit_test(alignment_patterns_stand_where_annex_e_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
