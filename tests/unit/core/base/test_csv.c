#include "tests/unit/test.h"

#include "core/base/buf.h"
#include "core/base/csv.h"

/* "a|b;line 2: ..." of a text, so that a row of the table is read at a glance. */
static struct str shown(const char *text, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct csv_record r;
	struct csv c;
	struct err e;
	size_t lines;

	assert_true(csv_open(&c, bytes_of(text, strlen(text)), &lines, a, &e));
	while (csv_next(&c, &r)) {
		buf_printf(&out, "%s%zu:", out.len ? "/" : "", r.line);
		for (size_t i = 0; i < r.count; i++)
			buf_printf(&out, "%s" STR_FMT, i ? "|" : "", STR_ARG(r.cells[i]));
		if (r.trouble)
			buf_printf(&out, "!");
	}
	return buf_str(&out);
}

static void lines_are_read_however_they_were_saved(void **state)
{
	static const struct {
		const char *text, *shown;
	} rows[] = {
		{ "a,b\n1,2\n", "1:a|b/2:1|2" },
		{ "\xEF\xBB\xBF"
		  "a;b\r\n1;2",
			"1:a|b/2:1|2" },
		{ "a\tb\r1\t2\r", "1:a|b/2:1|2" },
		{ "a,b\n\n\n1,2", "1:a|b/4:1|2" },
		{ "a,b\n\"x\ny\",2\n3,4", "1:a|b/2:x\ny|2/4:3|4" },
		{ "a,b\n\"say \"\"hi\"\"\",2", "1:a|b/2:say \"hi\"|2" },
		{ "a\n\"open", "1:a/2:open!" },
		{ "a,b\n\"x\"y,2", "1:a|b/2:x|2!" },
		{ "name\nJos\xE9", "1:name/2:José" },
		{ "", "" },
	};
	struct arena a = { 0 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		assert_str(shown(rows[i].text, &a), rows[i].shown);
	arena_finish(&a);
}

/* What a spreadsheet would run is guarded on paper, and the same again when we read it. */
static void a_list_that_we_wrote_is_read_back_the_same(void **state)
{
	static const struct {
		const char *cell, *written;
	} rows[] = {
		{ "Ana", "\"Ana\"" },
		{ "say \"hi\"", "\"say \"\"hi\"\"\"" },
		{ "'t Hooft", "\"'t Hooft\"" },
		{ "=SUM(A1)", "\"'=SUM(A1)\"" },
		{ "+49 30 1", "\"'+49 30 1\"" },
		{ "-", "\"'-\"" },
		{ "@home", "\"'@home\"" },
		{ "'=quoted", "\"''=quoted\"" },
		{ "' @b", "\"'' @b\"" },
		{ "one\ntwo", "\"one\ntwo\"" },
	};
	struct arena a = { 0 };
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct str cells[] = { str_of(rows[i].cell), STR("b") };
		struct buf text = BUF_IN(&a);
		struct csv_record r;
		struct csv c;
		size_t lines;

		csv_cell(&text, cells[0]);
		assert_str(buf_str(&text), rows[i].written);
		text = BUF_IN(&a);
		csv_begin(&text);
		csv_row(&text, cells, ARRAY_LEN(cells));
		assert_true(csv_open(&c, buf_bytes(&text), &lines, &a, &e));
		assert_true(csv_next(&c, &r));
		assert_int_equal(r.count, 2);
		assert_str(r.cells[0], rows[i].cell);
		assert_false(csv_next(&c, &r));
	}
	arena_finish(&a);
}

static void headers_are_known_however_they_are_spelled(void **state)
{
	(void)state;
	assert_true(csv_header_is(STR("E-Mail Address"), "emailaddress"));
	assert_true(csv_header_is(STR("first_name"), "firstname"));
	assert_false(csv_header_is(STR("first"), "firstname"));
	assert_false(csv_header_is(STR("firstnames"), "firstname"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_read_however_they_were_saved),
		cmocka_unit_test(a_list_that_we_wrote_is_read_back_the_same),
		cmocka_unit_test(headers_are_known_however_they_are_spelled),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
