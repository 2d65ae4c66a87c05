#include "tests/unit/test.h"

#include "core/base/id.h"
#include "core/base/text.h"

static void refuses_malformed_utf8(void **state)
{
	static const char *const bad[] = { "\x80", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80",
		"a\xE2\x82" };
	struct str s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(utf8_check(str_bytes(str_of(bad[i])), &s));
	assert_true(utf8_check(str_bytes(str_of("Łukasz Żak 李 \xF0\x9F\x98\x80")), &s));
}

static void reads_back_what_it_writes_in_every_base(void **state)
{
	uint8_t in[40];

	(void)state;
	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 37 + 11);
	for (size_t len = 0; len <= sizeof(in); len++) {
		static void (*const write[])(struct buf *, struct bytes) = { hex_write,
			base64_write, base64url_write, base32_write };
		static bool (*const read[])(struct buf *, struct str) = { hex_read, base64_read,
			base64_read, base32_read };

		for (size_t k = 0; k < ARRAY_LEN(write); k++) {
			char text[128];
			uint8_t out[64];
			struct buf t = BUF_ON(text), b = BUF_ON(out);

			write[k](&t, bytes_of(in, len));
			assert_true(read[k](&b, buf_str(&t)));
			assert_true(bytes_equal(buf_bytes(&b), bytes_of(in, len)));
		}
	}
}

static void refuses_base64_with_loose_bits(void **state)
{
	uint8_t out[8];
	struct buf b = BUF_ON(out);

	(void)state;
	assert_true(base64_read(&b, STR("QQ==")));
	assert_false(base64_read(&b, STR("QR==")));
	assert_false(base64_read(&b, STR("Q")));
	assert_false(base64_read(&b, STR("Q Q=")));
}

static void cuts_between_characters(void **state)
{
	(void)state;
	assert_str(utf8_cut(STR("Zoë"), 3), "Zo");
	assert_str(utf8_cut(STR("Zoë"), 4), "Zoë");
}

static void falls_back_to_windows_1252(void **state)
{
	struct arena a = { 0 };

	(void)state;
	assert_str(text_from_bytes(&a, BYTES("M\xFCller \x80")), "Müller €");
	arena_finish(&a);
}

static void reads_ids_in_three_forms(void **state)
{
	struct id id, again;

	(void)state;
	assert_true(id_read(STR("0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"), &id));
	assert_true(id_read(str_of(id_text(id).s), &again));
	assert_true(id_equal(id, again));
	assert_true(id_read(STR("0193A5B01C2D7E3F8A4B5C6D7E8F9A0B"), &again));
	assert_true(id_equal(id, again));
	assert_string_equal(id_uuid_text(id).s, "0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b");
	assert_false(id_read(STR("0193a5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0"), &id));
	assert_false(id_read(STR("0193a5b001c2d-7e3f-8a4b-5c6d7e8f9a0b"), &id));
}

static void escapes_for_json_and_the_terminal(void **state)
{
	char out[128];
	struct buf b = BUF_ON(out);

	(void)state;
	json_write_str(&b, STR("a\"\\\n\x01ü"));
	assert_str(buf_str(&b), "\"a\\\"\\\\\\n\\u0001ü\"");
	b.len = 0;
	escape_write(&b, BYTES("a\\\t\x01\xFFü"));
	assert_str(buf_str(&b), "a\\\\\\t\\x01\\xFFü");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_malformed_utf8),
		cmocka_unit_test(reads_back_what_it_writes_in_every_base),
		cmocka_unit_test(refuses_base64_with_loose_bits),
		cmocka_unit_test(cuts_between_characters),
		cmocka_unit_test(falls_back_to_windows_1252),
		cmocka_unit_test(reads_ids_in_three_forms),
		cmocka_unit_test(escapes_for_json_and_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
