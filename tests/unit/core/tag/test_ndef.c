#include "tests/unit/test.h"

#include "core/tag/ndef.h"

static void expect_refused(struct bytes b, enum err_code code, const char *text)
{
	struct ndef_message m;
	struct err e = { 0 };

	assert_false(ndef_read(&m, b, &e));
	assert_int_equal(e.code, code);
	assert_string_equal(e.text, text);
}

static void reads_the_poster_of_the_specification(void **state)
{
	/* NFC Forum URI RTD 1.0, appendix: http://www.nfc.com */
	struct bytes b = BYTES("\xD1\x01\x08U\x01nfc.com");
	struct ndef_message m;
	struct err e = { 0 };
	char text[64];
	struct buf to = BUF_ON(text);

	(void)state;
	assert_true(ndef_read(&m, b, &e));
	assert_int_equal(m.count, 1);
	assert_true(ndef_uri_read(&to, &m.records[0]));
	assert_str(buf_str(&to), "http://www.nfc.com");
	assert_string_equal(ndef_record_kind(&m.records[0]), "uri");
	assert_true(bytes_equal(m.records[0].whole, b));
}

static void writes_back_what_it_reads(void **state)
{
	static uint8_t big[300];
	struct ndef_message m = { .count = 4 }, again;
	uint8_t out[512];
	struct buf to = BUF_ON(out), once = BUF_ON(big);
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(big); i++)
		buf_add_u8(&once, (uint8_t)i);
	m.records[0] = (struct ndef_record){ .tnf = NDEF_EMPTY };
	m.records[1] = (struct ndef_record){ .tnf = NDEF_MIME,
		.type = BYTES("text/vcard"),
		.id = BYTES("me"),
		.payload = BYTES("x") };
	m.records[2] = (struct ndef_record){
		.tnf = NDEF_EXTERNAL, .type = BYTES("kith:b"), .payload = bytes_of(big, 256)
	};
	m.records[3] = (struct ndef_record){ .tnf = NDEF_UNKNOWN, .payload = bytes_of(big, 100) };
	ndef_write(&to, &m);
	assert_true(buf_ok(&to));
	assert_true(ndef_read(&again, buf_bytes(&to), &e));
	assert_int_equal(again.count, m.count);
	for (size_t i = 0; i < m.count; i++) {
		assert_int_equal(again.records[i].tnf, m.records[i].tnf);
		assert_true(bytes_equal(again.records[i].type, m.records[i].type));
		assert_true(bytes_equal(again.records[i].id, m.records[i].id));
		assert_true(bytes_equal(again.records[i].payload, m.records[i].payload));
	}
}

static void reads_the_long_form_of_a_short_record(void **state)
{
	struct ndef_message m;
	struct err e = { 0 };

	(void)state;
	assert_true(ndef_read(&m, BYTES("\xC1\x01\x00\x00\x00\x02T\x00z"), &e));
	assert_int_equal(m.records[0].payload.len, 2);
}

static void refuses_every_truncation(void **state)
{
	static const char whole[] = "\x99\x01\x02\x01U#\x04x\x54\x06\x01kith:b1";
	struct ndef_message m;
	struct err e = { 0 };

	(void)state;
	assert_true(ndef_read(&m, bytes_of(whole, sizeof(whole) - 1), &e));
	for (size_t n = 0; n < sizeof(whole) - 1; n++)
		assert_false(ndef_read(&m, bytes_of(whole, n), &e));
}

static void names_what_is_wrong(void **state)
{
	struct {
		const char *bytes;
		size_t len;
		enum err_code code;
		const char *text;
	} bad[] = {
		{ "", 0, ERR_NOT_FOUND, "the NDEF message is empty" },
		{ "\xB1\x01\x00T", 4, ERR_UNSUPPORTED, "NDEF record 1 comes in chunks" },
		{ "\xD6\x00\x00", 3, ERR_MALFORMED,
			"NDEF record 1 continues a chunk that never began" },
		{ "\xD7\x00\x00", 3, ERR_UNSUPPORTED,
			"NDEF record 1 has the reserved type format 7" },
		{ "\x51\x01\x00T", 4, ERR_MALFORMED, "NDEF record 1 lacks the mark of the first" },
		{ "\x91\x01\x00T\xD1\x01\x00T", 8, ERR_MALFORMED,
			"NDEF record 2 has the mark of the first" },
		{ "\x91\x01\x00T", 4, ERR_MALFORMED, "NDEF record 2 is missing" },
		{ "\xD1\x01\x00T\x00\x00", 6, ERR_MALFORMED,
			"2 bytes follow the last NDEF record" },
		{ "\xD0\x01\x00T", 4, ERR_MALFORMED, "NDEF record 1 is named empty but is not" },
		{ "\xD2\x00\x01T", 4, ERR_MALFORMED, "NDEF record 1 has no type" },
		{ "\xD5\x01\x00T", 4, ERR_MALFORMED, "NDEF record 1 of unknown type has a type" },
		{ "\xC1\x01\xFF\xFF\xFF\xFFT", 7, ERR_MALFORMED,
			"NDEF record 1 runs past the end of the message" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		expect_refused(bytes_of(bad[i].bytes, bad[i].len), bad[i].code, bad[i].text);
}

static void reads_at_most_sixteen_records(void **state)
{
	uint8_t out[256];
	struct buf to = BUF_ON(out);
	struct ndef_record r = { .tnf = NDEF_EMPTY };
	struct ndef_message m;
	struct err e = { 0 };

	(void)state;
	for (size_t i = 0; i < LIMIT_NDEF_RECORDS; i++)
		ndef_record_write(&to, &r, i == 0, i + 1 == LIMIT_NDEF_RECORDS);
	assert_true(ndef_read(&m, buf_bytes(&to), &e));
	to.len = 0;
	for (size_t i = 0; i <= LIMIT_NDEF_RECORDS; i++)
		ndef_record_write(&to, &r, i == 0, i == LIMIT_NDEF_RECORDS);
	expect_refused(buf_bytes(&to), ERR_TOO_LARGE, "more than 16 NDEF records");
}

static void shortens_a_uri_by_the_longest_prefix(void **state)
{
	static const struct {
		const char *uri;
		uint8_t code;
	} cases[] = { { "https://ev.example.org/b#x", 4 }, { "https://www.example.org", 2 },
		{ "urn:epc:id:1", 30 }, { "urn:epc:1", 34 }, { "kith:x", 0 }, { "urn:nfc:x", 35 } };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t payload[64];
		char text[64];
		struct buf to = BUF_ON(payload), back = BUF_ON(text);
		struct ndef_record r = { .tnf = NDEF_WELL_KNOWN, .type = BYTES("U") };

		ndef_uri_payload(&to, str_of(cases[i].uri));
		assert_int_equal(payload[0], cases[i].code);
		r.payload = buf_bytes(&to);
		assert_true(ndef_uri_read(&back, &r));
		assert_str(buf_str(&back), cases[i].uri);
	}
}

static void refuses_uris_that_are_no_text(void **state)
{
	struct ndef_record r = {
		.tnf = NDEF_WELL_KNOWN, .type = BYTES("U"), .payload = BYTES("\x04\xFF")
	};
	char text[64];
	struct buf to = BUF_ON(text);

	(void)state;
	assert_false(ndef_uri_read(&to, &r));
	r.payload = BYTES("");
	assert_false(ndef_uri_read(&to, &r));
	assert_int_equal(to.len, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_poster_of_the_specification),
		cmocka_unit_test(writes_back_what_it_reads),
		cmocka_unit_test(reads_the_long_form_of_a_short_record),
		cmocka_unit_test(refuses_every_truncation),
		cmocka_unit_test(names_what_is_wrong),
		cmocka_unit_test(reads_at_most_sixteen_records),
		cmocka_unit_test(shortens_a_uri_by_the_longest_prefix),
		cmocka_unit_test(refuses_uris_that_are_no_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
