#include "core/release/version.h"

#include <stdlib.h>

#include "tests/unit/test.h"

/* Sorted as dpkg sorts them; neighbours joined by "=" are equal. */
static const char *const sorted[] = { "0~", "0", "0.0.1~rc1", "0.0.1~rc1+b1", "0.0.1", "0.0.1-1",
	"0.0.1-1+deb12u1", "0.0.1-1.1", "0.0.1-2", "0.0.1+git", "0.0.2", "0.0.10", "0.1", "0.1a",
	"0.1b", "0.1.0", "1.0~~", "1.0~", "1.0", "1.0-1", "9.99", "10", "2017.1", "1:0.1",
	"1:0.1-1", "2:0" };

static const char *const same[][2] = { { "1.0", "1.0-0" }, { "0:1.0", "1.0" }, { "1.01", "1.1" },
	{ "1.0", "1.00" }, { "1", "01" } };

static int sign(int n)
{
	return (n > 0) - (n < 0);
}

static void sorts_as_dpkg_does(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sorted); i++)
		for (size_t j = 0; j < ARRAY_LEN(sorted); j++) {
			int wanted = (i > j) - (i < j);
			int got = sign(version_compare(str_of(sorted[i]), str_of(sorted[j])));

			if (got != wanted)
				fail_msg("%s against %s: %d, wanted %d", sorted[i], sorted[j], got,
					wanted);
		}
}

static void takes_the_same_number_in_another_form_for_equal(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(same); i++)
		assert_int_equal(version_compare(str_of(same[i][0]), str_of(same[i][1])), 0);
}

static bool dpkg_says(const char *a, const char *operator, const char * b)
{
	char command[256];

	snprintf(command, sizeof(command), "dpkg --compare-versions '%s' %s '%s'", a, operator, b);
	return system(command) == 0;
}

/* Another program judges: any two of random versions, made of what trips comparers up. */
static void agrees_with_dpkg_over_random_versions(void **state)
{
	static const char *const pieces[] = { "0", "1", "9", "10", "00", "a", "z", "~", "+", ".",
		"-", "rc", "~rc1", "+deb12u1" };
	uint32_t seed = 20261122;

	(void)state;
	for (int i = 0; i < 150; i++) {
		char text[2][64];

		for (int side = 0; side < 2; side++) {
			size_t n = (size_t)snprintf(
				text[side], sizeof(text[side]), "%u", seed >> 16 & 1);

			for (int p = 0; p < 4; p++) {
				seed = seed * 1664525 + 1013904223;
				n += (size_t)snprintf(text[side] + n, sizeof(text[side]) - n, "%s",
					pieces[(seed >> 16) % ARRAY_LEN(pieces)]);
			}
			snprintf(text[side] + n, sizeof(text[side]) - n, "1");
		}
		int got = version_compare(str_of(text[0]), str_of(text[1]));
		const char *wanted = got < 0 ? "lt" : got > 0 ? "gt" : "eq";

		if (!dpkg_says(text[0], wanted, text[1]))
			fail_msg("%s against %s: dpkg does not say %s", text[0], text[1], wanted);
	}
}

static void refuses_what_is_no_version(void **state)
{
	static const char *const wrong[] = { "", "a1", "-1", "1 2", "1/2", "1\n", "1;rm", "1_0",
		"12345678901234567890123456789012345678901234567890123456789012345" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		assert_false(version_ok(str_of(wrong[i])));
	for (size_t i = 0; i < ARRAY_LEN(sorted); i++)
		assert_true(version_ok(str_of(sorted[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sorts_as_dpkg_does),
		cmocka_unit_test(takes_the_same_number_in_another_form_for_equal),
		cmocka_unit_test(agrees_with_dpkg_over_random_versions),
		cmocka_unit_test(refuses_what_is_no_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
