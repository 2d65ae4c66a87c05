#include "tests/unit/test.h"

#include "core/tag/short_code.h"

static void names_a_badge_by_its_hash(void **state)
{
	/* SHA-256("kith-code-1" + 16 bytes 00 01 .. 0f), first 50 bits, by Python's hashlib */
	const struct id badge = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 } };

	(void)state;
	assert_string_equal(short_code_of(badge).s, "8FWZPGR821");
}

static void reads_what_people_type(void **state)
{
	const struct id badge = { { 7 } };
	struct short_code want = short_code_of(badge), got;
	char typed[32];

	(void)state;
	snprintf(typed, sizeof(typed), "%.5s-%.5s", want.s, want.s + 5);
	for (char *c = typed; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
	assert_true(short_code_read(str_of(typed), &got));
	assert_string_equal(got.s, want.s);
	assert_true(short_code_read(STR("OIL00 00000"), &got));
	assert_string_equal(got.s, "0110000000");
}

static void refuses_what_is_no_code(void **state)
{
	static const char *const bad[] = { "", "123456789", "12345678901", "12345-6789U",
		"12345-6789!", "ÄÄÄÄÄ" };
	struct short_code out;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(short_code_read(str_of(bad[i]), &out));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_a_badge_by_its_hash),
		cmocka_unit_test(reads_what_people_type),
		cmocka_unit_test(refuses_what_is_no_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
