#include "tests/unit/core/card/card_test.h"

#include "core/base/text.h"
#include "core/card/line.h"
#include "core/card/line_write.h"
#include "core/card/value.h"

static void escapes_text_and_only_text(void **state)
{
	struct buf out = BUF_IN(*state);
	struct line_writer w = LINES_TO(&out);

	line_write(&w, STR("NOTE"), STR("a\\b;c,d\r\ne\nf\x01g"));
	line_write_plain(&w, STR("URL"), STR("https://x/?a=1,2;b"));
	assert_str(buf_str(&out), "NOTE:a\\\\b\\;c\\,d\\ne\\nfg\r\nURL:https://x/?a=1,2;b\r\n");
}

static void never_begins_a_line_for_somebody_else(void **state)
{
	struct buf out = BUF_IN(*state);
	struct line_writer w = LINES_TO(&out);

	line_write_begin(&w, STR("g\r\nX"), STR("TEL\r\nEVIL"));
	line_write_param(&w, STR("TYPE"), STR("a\r\nb\"c"));
	line_write_raw(&w, STR("1\r\nEVIL:2"));
	line_write_end(&w);
	assert_str(buf_str(&out), "gX.TELEVIL;TYPE=a^nb^'c:1\\nEVIL:2\r\n");
}

static void quotes_parameters_that_need_it(void **state)
{
	struct buf out = BUF_IN(*state);
	struct line_writer w = LINES_TO(&out);

	line_write_begin(&w, STR(""), STR("ADR"));
	line_write_param(&w, STR("LABEL"), STR("a, b: c^"));
	line_write_param(&w, STR("TYPE"), STR("home"));
	line_write_separator(&w, ';');
	line_write_end(&w);
	assert_str(buf_str(&out), "ADR;LABEL=\"a, b: c^^\";TYPE=home:;\r\n");
}

static void check_lines(struct str all)
{
	size_t from = 0, to;
	struct str s;

	while ((to = str_find(all, STR("\r\n"), from)) != SIZE_MAX) {
		assert_in_range(to - from, 1, 75);
		assert_true(utf8_check(str_bytes(str_sub(all, from, to)), &s));
		/* no escape is cut in two */
		assert_true(all.p[to - 1] != '\\' || all.p[to - 2] == '\\');
		from = to + 2;
	}
	assert_int_equal(from, all.len);
}

static void folds_at_75_bytes_between_characters(void **state)
{
	static const char *const pieces[] = { "x", "ü", "李", "\xF0\x9F\x98\x80", ",", "\n", "\\" };

	for (size_t p = 0; p < ARRAY_LEN(pieces); p++) {
		for (size_t shift = 0; shift < 4; shift++) {
			struct buf text = BUF_IN(*state), out = BUF_IN(*state);
			struct line_writer w = LINES_TO(&out);
			struct line_reader r;
			struct line l;

			for (size_t i = 0; i < 200; i++)
				buf_add_str(&text, i < shift ? STR("a") : str_of(pieces[p]));
			line_write(&w, STR("N"), buf_str(&text));
			check_lines(buf_str(&out));
			r = (struct line_reader){ .in = buf_bytes(&out) };
			assert_true(line_next(&r, &l, *state));
			assert_true(str_equal(
				value_unescape(value_text(&l, *state), *state), buf_str(&text)));
			assert_false(line_next(&r, &l, *state));
		}
	}
}

static void keeps_a_name_and_what_ends_it_on_one_line(void **state)
{
	const struct str name = str_of(arena_printf(*state, "X-%080d", 1).p);
	struct buf out = BUF_IN(*state);
	struct line_writer w = LINES_TO(&out);

	line_write_begin(&w, STR(""), name);
	line_write_raw(&w, STR("xy"));
	line_write_end(&w);
	assert_str(buf_str(&out), arena_printf(*state, STR_FMT ":\r\n xy\r\n", STR_ARG(name)).p);
	out.len = 0;
	line_write_begin(&w, STR(""), name);
	line_write_raw_params(&w, STR("A=b"));
	line_write_end(&w);
	assert_str(buf_str(&out), arena_printf(*state, STR_FMT ";\r\n A=b:\r\n", STR_ARG(name)).p);
}

static void writes_base64_that_reads_back(void **state)
{
	uint8_t *image = arena_alloc(*state, 10000);
	struct buf out = BUF_IN(*state);
	struct line_writer w = LINES_TO(&out);
	struct line_reader r;
	struct line l;
	struct bytes back;

	for (size_t i = 0; i < 10000; i++)
		image[i] = (uint8_t)(i * 31 >> 3);
	line_write_begin(&w, STR(""), STR("PHOTO"));
	line_write_base64(&w, bytes_of(image, 10000));
	line_write_end(&w);
	check_lines(buf_str(&out));
	r = (struct line_reader){ .in = buf_bytes(&out) };
	assert_true(line_next(&r, &l, *state));
	assert_true(value_base64(l.value, *state, &back));
	assert_true(bytes_equal(back, bytes_of(image, 10000)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(escapes_text_and_only_text),
		card_test(never_begins_a_line_for_somebody_else),
		card_test(quotes_parameters_that_need_it),
		card_test(folds_at_75_bytes_between_characters),
		card_test(keeps_a_name_and_what_ends_it_on_one_line),
		card_test(writes_base64_that_reads_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
