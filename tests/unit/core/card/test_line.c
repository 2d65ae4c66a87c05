#include "tests/unit/core/card/card_test.h"

#include "core/base/limits.h"
#include "core/card/line.h"

static struct line first_line(void **state, const char *text)
{
	struct line_reader r = { .in = str_bytes(str_of(text)) };
	struct line l;

	assert_true(line_next(&r, &l, *state));
	return l;
}

static struct str value_of(const struct line *l)
{
	return (struct str){ (const char *)l->value.p, l->value.len };
}

static void takes_every_kind_of_line_end(void **state)
{
	static const char *const ends[] = { "\r\n", "\n", "\r", "\r\r\n" };

	for (size_t i = 0; i < ARRAY_LEN(ends); i++) {
		struct str text = arena_printf(*state, "A:1%sB:2%s", ends[i], ends[i]);
		struct line_reader r = { .in = str_bytes(text) };
		struct line l;

		assert_true(line_next(&r, &l, *state));
		assert_str(value_of(&l), "1");
		assert_int_equal(l.number, 1);
		assert_true(line_next(&r, &l, *state));
		assert_str(l.name, "B");
		assert_int_equal(l.number, 2);
		assert_false(line_next(&r, &l, *state));
	}
}

static void unfolds_bytes_and_not_characters(void **state)
{
	struct line l = first_line(state, "FN:Zo\xC3\r\n \xAB Test\r\n\t!\r\nX:1");

	assert_str(value_of(&l), "Zo\xC3\xAB Test!");
}

static void unfolds_across_doubled_carriage_returns(void **state)
{
	struct line l = first_line(state, "NOTE:ab\r\r\n cd\r\r\nX:1");

	assert_str(value_of(&l), "abcd");
}

static void unfolds_inside_parameters(void **state)
{
	struct line l = first_line(state, "TEL;TYPE=\r\n cell;PR\r\n EF=1:5\r\n 5");
	struct str pref;

	assert_str(l.name, "TEL");
	assert_true(line_param(&l, STR("PREF"), &pref));
	assert_str(pref, "1");
	assert_str(value_of(&l), "55");
}

static void counts_lines_over_folds_and_blanks(void **state)
{
	struct line_reader r = { .in = BYTES("\n\nA:1\n 2\n\nB:3\n") };
	struct line l;

	assert_true(line_next(&r, &l, *state));
	assert_int_equal(l.number, 3);
	assert_true(line_next(&r, &l, *state));
	assert_int_equal(l.number, 6);
}

static void splits_groups_and_parameters(void **state)
{
	struct line l = first_line(
		state, "item1.EMAIL;type=INTERNET;TYPE=home,\"a;b:c\";X=\"q\":me@x");

	assert_str(l.group, "item1");
	assert_str(l.name, "EMAIL");
	assert_int_equal(l.param_count, 4);
	assert_str(l.params[0].value, "INTERNET");
	assert_str(l.params[1].value, "home");
	assert_str(l.params[2].value, "a;b:c");
	assert_str(l.params[3].name, "X");
	assert_str(l.params[3].value, "q");
	assert_str(l.raw_params, "type=INTERNET;TYPE=home,\"a;b:c\";X=\"q\"");
	assert_str(value_of(&l), "me@x");
}

static void reads_a_quoted_list_of_types(void **state)
{
	struct line l = first_line(state, "TEL;TYPE=\"cell,home\":1");

	assert_int_equal(l.param_count, 2);
	assert_str(l.params[1].value, "home");
}

static void takes_bare_words_as_types_and_encodings(void **state)
{
	struct line l = first_line(state, "LABEL;WORK;quoted-printable:x");

	assert_int_equal(l.encoding, LINE_QUOTED_PRINTABLE);
	assert_str(l.params[0].name, "TYPE");
	assert_str(l.params[0].value, "WORK");
	l = first_line(state, "PHOTO;BASE64:x");
	assert_int_equal(l.encoding, LINE_BASE64);
}

static void undoes_carets_of_rfc_6868(void **state)
{
	struct line l = first_line(state, "ADR;LABEL=\"a^nb^'c^'^^d^e\":x");

	assert_str(l.params[0].value, "a\nb\"c\"^d^e");
}

static void finds_the_colon_behind_a_quote_that_never_closes(void **state)
{
	struct line l = first_line(state, "TEL;TYPE=\"work:1\r\nX:2");

	assert_str(l.name, "TEL");
	assert_str(value_of(&l), "1");
}

static void joins_soft_breaks_and_keeps_their_spaces(void **state)
{
	struct line l = first_line(state, "N;ENCODING=QUOTED-PRINTABLE:a=\r\n b=20= \r\nc\r\nX:1");

	assert_str(value_of(&l), "a b=20c");
	/* an encoder that ended with one must not eat the end of the card */
	l = first_line(state, "N;ENCODING=QUOTED-PRINTABLE:a=\r\nEND:VCARD");
	assert_str(value_of(&l), "a=");
}

static void joins_base64_until_a_blank_line_or_a_name(void **state)
{
	struct line l = first_line(state, "PHOTO;ENCODING=b:AA\r\nBB\r\n  CC\r\n\r\nDD\r\n");

	assert_str(value_of(&l), "AABBCC");
	l = first_line(state, "PHOTO;ENCODING=b:\r\nAA\r\nNOTE:x\r\n");
	assert_str(value_of(&l), "AA");
}

static void ends_base64_where_a_folded_header_begins(void **state)
{
	struct line_reader r = { .in = BYTES("PHOTO;ENCODING=b:AA\r\n BB\r\n"
					     "X-SOCIALPROFILE;TYPE=boat;X-USER=\r\n ada:x\r\n") };
	struct line l;

	assert_true(line_next(&r, &l, *state));
	assert_str(value_of(&l), "AABB");
	assert_true(line_next(&r, &l, *state));
	assert_str(l.name, "X-SOCIALPROFILE");
	assert_str(value_of(&l), "x");
}

static void starts_no_name_with_what_is_skipped_at_the_start_of_a_line(void **state)
{
	struct line l = first_line(state, "a.\xEF\xBB\xBF \xEF\xBB\xBFX:1");

	assert_str(l.group, "a");
	assert_str(l.name, "X");
	l = first_line(state, "\"\xEF\xBB\xBF"
			      "a\".X:1");
	assert_str(l.group, "a");
	l = first_line(state, ".\xEF\xBB\xBF:1");
	assert_int_equal(l.name.len, 0);
}

static void leaves_out_of_a_name_what_nobody_writes(void **state)
{
	assert_str(first_line(state, "BE\tGIN:VCARD").name, "BEGIN");
	assert_str(first_line(state, "BE\":;\"GIN:VCARD").name, "BEGIN");
	assert_str(first_line(state, "i\t1.X:VCARD").group, "i1");
}

static void gives_a_line_without_a_colon_no_name(void **state)
{
	struct line l = first_line(state, "just text\r\nA:1");

	assert_int_equal(l.name.len, 0);
	assert_str(value_of(&l), "just text");
}

static void keeps_zero_bytes(void **state)
{
	struct line_reader r = { .in = BYTES("A:1\0"
					     "2\n") };
	struct line l;

	assert_true(line_next(&r, &l, *state));
	assert_int_equal(l.value.len, 3);
}

static void marks_a_line_past_the_limit(void **state)
{
	size_t len = LIMIT_CARD_LINE + 100;
	char *text = arena_alloc(*state, len);
	struct line_reader r = { .in = bytes_of(text, len) };
	struct line l;

	memset(text, 'x', len);
	memcpy(text, "A:", 2);
	memcpy(text + len - 4, "\nB:1", 4);
	assert_true(line_next(&r, &l, *state));
	assert_true(l.too_long);
	assert_int_equal(l.value.len, 0);
	assert_true(line_next(&r, &l, *state));
	assert_false(l.too_long);
	assert_str(value_of(&l), "1");
}

static void marks_a_line_with_too_many_parameters(void **state)
{
	struct buf text = BUF_IN(*state);
	struct line_reader r;
	struct line l;

	buf_lit(&text, "A");
	for (int i = 0; i <= LINE_PARAMS; i++)
		buf_lit(&text, ";x");
	buf_lit(&text, ":1");
	r = (struct line_reader){ .in = buf_bytes(&text) };
	assert_true(line_next(&r, &l, *state));
	assert_true(l.too_long);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(takes_every_kind_of_line_end),
		card_test(unfolds_bytes_and_not_characters),
		card_test(unfolds_across_doubled_carriage_returns),
		card_test(unfolds_inside_parameters),
		card_test(counts_lines_over_folds_and_blanks),
		card_test(splits_groups_and_parameters),
		card_test(reads_a_quoted_list_of_types),
		card_test(takes_bare_words_as_types_and_encodings),
		card_test(undoes_carets_of_rfc_6868),
		card_test(finds_the_colon_behind_a_quote_that_never_closes),
		card_test(joins_soft_breaks_and_keeps_their_spaces),
		card_test(joins_base64_until_a_blank_line_or_a_name),
		card_test(ends_base64_where_a_folded_header_begins),
		card_test(starts_no_name_with_what_is_skipped_at_the_start_of_a_line),
		card_test(leaves_out_of_a_name_what_nobody_writes),
		card_test(gives_a_line_without_a_colon_no_name),
		card_test(keeps_zero_bytes),
		card_test(marks_a_line_past_the_limit),
		card_test(marks_a_line_with_too_many_parameters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
