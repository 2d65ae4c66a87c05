#include "tests/unit/test.h"

#include "core/eye/rs.h"

static uint32_t seed;

static uint32_t chance(uint32_t below)
{
	seed = seed * 1664525 + 1013904223;
	return (seed >> 8) % below;
}

/* n different places, in random order. */
static void choose(uint8_t *place, size_t n, size_t of)
{
	uint8_t all[RS_WORD_MAX];

	for (size_t i = 0; i < of; i++)
		all[i] = (uint8_t)i;
	for (size_t i = 0; i < n; i++) {
		size_t k = i + chance((uint32_t)(of - i));
		uint8_t v = all[k];

		all[k] = all[i];
		place[i] = all[i] = v;
	}
}

static bool correct(uint8_t *word, size_t n, size_t parity, const uint8_t *erased, size_t erasures,
	size_t errors, size_t *found)
{
	uint8_t s[RS_PARITY_MAX];

	*found = 0;
	return rs_syndromes(s, word, n, parity) ||
	       rs_repair(word, n, parity, s, erased, erasures, errors, found);
}

struct word {
	uint8_t sent[RS_WORD_MAX], got[RS_WORD_MAX], place[RS_WORD_MAX];
	size_t n, parity;
};

static void make_word(struct word *w)
{
	w->parity = 2 + chance(RS_PARITY_MAX - 2);
	w->n = w->parity + 1 + chance((uint32_t)(RS_WORD_MAX - w->parity));
	for (size_t i = 0; i < w->n; i++)
		w->sent[i] = (uint8_t)chance(256);
	rs_encode(w->sent, w->n, w->parity);
	memcpy(w->got, w->sent, w->n);
}

static void spoil(struct word *w, size_t first, size_t count)
{
	for (size_t i = first; i < first + count; i++)
		w->got[w->place[i]] ^= (uint8_t)(1 + chance(255));
}

static void a_word_of_the_standard_is_one_of_the_code(void **state)
{
	/* ISO/IEC 18004 annex I: 01234567 in version 1-M */
	uint8_t word[26] = { 0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec, 0x11,
		0xec, 0x11, 0xec, 0x11, 0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c,
		0x55 };
	uint8_t made[26];
	size_t errors;

	(void)state;
	assert_true(correct(word, 26, 10, NULL, 0, 5, &errors));
	assert_int_equal(errors, 0);
	memcpy(made, word, 26);
	memset(made + 16, 0, 10);
	rs_encode(made, 26, 10);
	assert_memory_equal(made, word, 26);
}

static void corrects_errors_and_erasures_up_to_the_bound(void **state)
{
	(void)state;
	for (uint32_t run = 1; run < 3000; run += 7) {
		struct word w;
		size_t erasures, errors, found;

		seed = run;
		make_word(&w);
		erasures = chance((uint32_t)w.parity + 1);
		errors = (w.parity - erasures) / 2;
		if (errors + erasures > w.n)
			continue;
		choose(w.place, errors + erasures, w.n);
		/* some erasures are right all the same */
		spoil(&w, 0, erasures - erasures / 3);
		spoil(&w, erasures, errors);
		assert_true(correct(w.got, w.n, w.parity, w.place, erasures, errors, &found));
		assert_memory_equal(w.got, w.sent, w.n);
		assert_true(found <= errors);
	}
}

static void gives_up_past_the_bound_and_leaves_the_word(void **state)
{
	size_t refused = 0, tried = 0;

	(void)state;
	for (uint32_t run = 2; run < 3000; run += 7) {
		struct word w;
		uint8_t before[RS_WORD_MAX];
		size_t errors, found;

		seed = run;
		make_word(&w);
		errors = w.parity / 2 + 1;
		if (errors > w.n || w.parity < 8)
			continue;
		choose(w.place, errors, w.n);
		spoil(&w, 0, errors);
		memcpy(before, w.got, w.n);
		tried++;
		if (!correct(w.got, w.n, w.parity, NULL, 0, w.parity / 2, &found)) {
			assert_memory_equal(w.got, before, w.n);
			refused++;
		} else {
			/* another word of the code may be as near; the one sent is not */
			assert_memory_not_equal(w.got, w.sent, w.n);
		}
	}
	assert_true(tried > 100 && refused > tried * 9 / 10);
}

static void changes_no_more_than_it_is_allowed(void **state)
{
	struct word w;
	size_t found;

	(void)state;
	seed = 5;
	do
		make_word(&w);
	while (w.parity < 10);
	choose(w.place, 3, w.n);
	spoil(&w, 0, 3);
	assert_false(correct(w.got, w.n, w.parity, NULL, 0, 2, &found));
	assert_true(correct(w.got, w.n, w.parity, NULL, 0, 3, &found));
	assert_int_equal(found, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_of_the_standard_is_one_of_the_code),
		cmocka_unit_test(corrects_errors_and_erasures_up_to_the_bound),
		cmocka_unit_test(gives_up_past_the_bound_and_leaves_the_word),
		cmocka_unit_test(changes_no_more_than_it_is_allowed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
