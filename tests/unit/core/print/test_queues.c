#include "tests/unit/test.h"

#include "core/base/buf.h"
#include "core/print/queues.h"

/* "A–M:3 N–Z:2" for surnames given as one text. */
static struct str split(const char *surnames, size_t desks, struct arena *a)
{
	struct str text = str_of(surnames), word, list[64];
	struct queue_range ranges[QUEUES_MAX];
	size_t range_of[64], n = 0, count;
	struct buf out = BUF_IN(a);

	while (str_split(&text, ' ', &word))
		list[n++] = word;
	count = queues_split(ranges, range_of, list, n, desks, a);
	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s" STR_FMT ":%zu", i ? " " : "", STR_ARG(ranges[i].label),
			ranges[i].people);
	for (size_t i = 0; i < n; i++)
		assert_true(range_of[i] < count);
	return buf_str(&out);
}

static void letters_are_split_into_like_shares(void **state)
{
	static const struct {
		const char *surnames;
		size_t desks;
		const char *shown;
	} rows[] = {
		{ "Abel Berg Cox Dorn", 2, "A–B:2 C–D:2" },
		{ "Abel Abt Adam Berg", 2, "A:3 B:1" },
		{ "Zorn Abel", 1, "A–Z:2" },
		{ "Abel", 5, "A:1" },
		{ "Öst Oster Łuk 'tHooft", 2, "O:2 T–Ł:2" },
		{ "王 李 Kim", 2, "K–李:2 王:1" },
		{ "Abel 42", 2, "#:1 A:1" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_str(split(rows[i].surnames, rows[i].desks, &a), rows[i].shown);
	arena_finish(&a);
}

static void nobody_is_left_out_however_many_desks(void **state)
{
	struct arena a = { 0 };
	struct str names[500];
	size_t range_of[500];
	uint32_t seed = 1;

	(void)state;
	for (size_t i = 0; i < 500; i++) {
		seed = seed * 1664525 + 1013904223;
		names[i] = arena_printf(&a, "%c", 'A' + (int)(seed >> 16) % 26);
	}
	for (size_t desks = 1; desks <= QUEUES_MAX; desks++) {
		struct queue_range ranges[QUEUES_MAX];
		size_t count = queues_split(ranges, range_of, names, 500, desks, &a), sum = 0;

		assert_true(count <= desks);
		for (size_t i = 0; i < count; i++)
			sum += ranges[i].people;
		assert_int_equal(sum, 500);
	}
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_split_into_like_shares),
		cmocka_unit_test(nobody_is_left_out_however_many_desks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
