#include "tests/unit/test.h"

#include "core/wasm/packed.h"

static void reads_what_the_header_says(void **state)
{
	static const uint8_t in[] = "\x2a\0\0\0"
				    "\xfe\xff\xff\xff\xff\xff\xff\xff"
				    "\x03\0\0\0Zo\xc3\xab"
				    "\x01\0\0\0"
				    "\x02\0\0\0\x01\0\0\0a\0\0\0";
	struct packed p = PACKED_OF(bytes_of(in, sizeof(in)));
	struct err e;

	(void)state;
	assert_int_equal(packed_u32(&p), 42);
	assert_int_equal(packed_i64(&p), -2);
	/* three bytes of four: the character is cut */
	assert_int_equal(packed_text(&p).len, 0);
	assert_false(packed_ok(&p, &e));
	assert_non_null(strstr(e.text, "byte 19: a text that is not UTF-8"));
}

static void takes_lists_flags_and_ids(void **state)
{
	static const uint8_t in[] = "\x04\0\0\0Zo\xc3\xab"
				    "\x01\0\0\0"
				    "\x02\0\0\0\x01\0\0\0a\0\0\0\0"
				    "\x16\0\0\0AQEBAQEBAQEBAQEBAQEBAQ"
				    "\0\0\0";
	struct packed p = PACKED_OF(bytes_of(in, sizeof(in)));
	struct id id, none;
	struct err e;

	(void)state;
	assert_str(packed_text(&p), "Zoë");
	assert_true(packed_bool(&p));
	assert_int_equal(packed_count(&p, 4), 2);
	assert_str(packed_text(&p), "a");
	assert_str(packed_text(&p), "");
	id = packed_id(&p);
	none = packed_id(&p);
	assert_int_equal(id.b[15], 1);
	assert_true(id_is_none(none));
	assert_true(packed_ok(&p, &e));
}

static void keeps_the_first_mistake_and_gives_nothing_after_it(void **state)
{
	static const struct {
		struct bytes in;
		const char *why;
	} cases[] = {
		{ { (const uint8_t *)"\x05\0\0\0abc", 7 }, "byte 4: a length runs past the end" },
		{ { (const uint8_t *)"\x05\0", 2 }, "byte 0: the input ends inside a value" },
		{ { (const uint8_t *)"\xff\xff\xff\xff", 4 }, "byte 4: a length runs past" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct packed p = PACKED_OF(cases[i].in);
		struct err e = { 0 };

		assert_int_equal(packed_text(&p).len, 0);
		assert_int_equal(packed_u32(&p), 0);
		assert_false(packed_bool(&p));
		assert_false(packed_ok(&p, &e));
		assert_int_equal(e.code, ERR_MALFORMED);
		assert_non_null(strstr(e.text, cases[i].why));
	}
}

static void refuses_lists_that_cannot_be_there(void **state)
{
	struct packed p = PACKED_OF(BYTES("\x03\0\0\0\0\0\0\0\0\0\0\0"));
	struct err e;

	(void)state;
	assert_int_equal(packed_count(&p, 4), 0);
	assert_false(packed_ok(&p, &e));
	p = PACKED_OF(BYTES("\x02\0\0\0\0\0\0\0\0\0\0\0"));
	assert_int_equal(packed_count(&p, 4), 2);
	assert_int_equal(packed_u32(&p) + packed_u32(&p), 0);
	assert_true(packed_ok(&p, &e));
}

static void refuses_what_is_left_over(void **state)
{
	struct packed p = PACKED_OF(BYTES("\x01\0\0\0x"));
	struct err e;

	(void)state;
	assert_true(packed_bool(&p));
	assert_false(packed_ok(&p, &e));
	assert_non_null(strstr(e.text, "1 bytes too many"));
}

static void refuses_other_flags_and_ids(void **state)
{
	struct packed flag = PACKED_OF(BYTES("\x02\0\0\0"));
	struct packed id = PACKED_OF(BYTES("\x02\0\0\0xy"));
	struct err e;

	(void)state;
	assert_false(packed_bool(&flag));
	assert_false(packed_ok(&flag, &e));
	(void)packed_id(&id);
	assert_false(packed_ok(&id, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_the_header_says),
		cmocka_unit_test(takes_lists_flags_and_ids),
		cmocka_unit_test(keeps_the_first_mistake_and_gives_nothing_after_it),
		cmocka_unit_test(refuses_lists_that_cannot_be_there),
		cmocka_unit_test(refuses_what_is_left_over),
		cmocka_unit_test(refuses_other_flags_and_ids),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
