#include "tests/unit/test.h"

#include "firmware-tools/options.h"

struct job {
	const char *reader, *wait;
	bool json;
};

static const struct option_row rows[] = {
	{ "reader", "CONN", "the reader", offsetof(struct job, reader), true },
	{ "wait", "SECONDS", "how long", offsetof(struct job, wait), false },
	{ "json", NULL, "as JSON", offsetof(struct job, json), false },
};

struct said {
	struct job job;
	char *argv[12];
	bool ok, helped;
	struct err e;
};

/* As main() calls it: argv ends in a NULL, and the words are put in order in it. */
static void read_into(struct said *s, int min, int max, const char *const *words)
{
	const struct option_table table = OPTION_TABLE("try", rows, "FILE", min, max);
	int argc = 1;

	memset(s, 0, sizeof(*s));
	s->argv[0] = (char *)(uintptr_t) "try";
	for (; words[argc - 1]; argc++)
		s->argv[argc] = (char *)(uintptr_t)words[argc - 1];
	s->ok = options_read(&s->job, &table, argc, s->argv, &s->helped, &s->e);
}

#define read_words(s, min, max, ...)                                                               \
	read_into((s), (min), (max), (const char *const[]){ __VA_ARGS__, NULL })

static void takes_options_in_any_order_around_the_arguments(void **state)
{
	struct said s;

	(void)state;
	read_words(&s, 1, 3, "a", "--json", "b", "--reader", "x", "--wait=3", "c");
	assert_true(s.ok && !s.helped && s.job.json);
	assert_string_equal(s.job.reader, "x");
	assert_string_equal(s.job.wait, "3");
	assert_string_equal(s.argv[1], "a");
	assert_string_equal(s.argv[2], "b");
	assert_string_equal(s.argv[3], "c");
	assert_null(s.argv[4]);
}

static void what_begins_with_one_dash_is_an_argument(void **state)
{
	struct said s;

	(void)state;
	read_words(&s, 1, 2, "-9RCH1y2NzCkJrQBMM6C3g", "--reader", "-x", "-");
	assert_true(s.ok);
	assert_string_equal(s.job.reader, "-x");
	assert_string_equal(s.argv[1], "-9RCH1y2NzCkJrQBMM6C3g");
	assert_string_equal(s.argv[2], "-");
	read_words(&s, 1, 1, "--reader=x", "--", "--json");
	assert_true(s.ok && !s.job.json);
	assert_string_equal(s.argv[1], "--json");
}

static void says_what_is_wrong(void **state)
{
	struct said s;

	(void)state;
	read_words(&s, 0, 0, "--json");
	assert_string_equal(s.e.text, "--reader is missing");
	read_words(&s, 0, 0, "--reader");
	assert_string_equal(s.e.text, "--reader takes CONN");
	read_words(&s, 0, 0, "--reader", "x", "--colour", "red");
	assert_string_equal(s.e.text, "there is no option --colour here");
	read_words(&s, 0, 0, "--reader", "x", "--json=1");
	assert_string_equal(s.e.text, "there is no option --json=1 here");
	read_words(&s, 1, 1, "--reader", "x");
	assert_string_equal(s.e.text, "what is missing is FILE");
	read_words(&s, 0, 1, "--reader", "x", "a", "b");
	assert_string_equal(s.e.text, "\"b\" is not understood");
	assert_int_equal(s.e.code, ERR_USAGE);
	read_words(&s, 1, 1, "--colour", "--help");
	assert_false(s.ok);
	read_words(&s, 1, 1, "--help", "--colour");
	assert_true(s.ok && s.helped);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_options_in_any_order_around_the_arguments),
		cmocka_unit_test(what_begins_with_one_dash_is_an_argument),
		cmocka_unit_test(says_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
