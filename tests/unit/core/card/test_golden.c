/*
 * Golden pairs: tests/data/FOLDER/NAME.in with NAME.out (the JSON lines of kith-badge card, as
 * FILE:index without the folder) or NAME.refused ("LINE: text", one a problem). A new case is new
 * files.
 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdio.h>

#include "tests/unit/core/card/card_test.h"

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/card/card_json.h"

static void add_problems(struct buf *out, const struct card_list *list)
{
	for (size_t i = 0; i < list->problem_count; i++)
		buf_printf(out, "%zu: %s" STR_FMT "\n", list->problems[i].line,
			list->problems[i].code ? "" : "warning: ", STR_ARG(list->problems[i].text));
}

static void check_pair(const char *folder, const char *file, struct arena *a)
{
	struct str name = str_sub(str_of(file), 0, strlen(file) - 3);
	struct buf out = BUF_IN(a);
	struct card_list list;
	struct bytes in, expected;
	struct err e = { 0 };
	bool read;

	assert_true(
		file_read(&in, arena_printf(a, "%s/%s", folder, file).p, LIMIT_CARD_FILE, a, &e));
	read = card_read(&list, in, a, &e);
	for (size_t i = 0; read && i < list.count; i++) {
		struct json_writer w = JSON_TO(&out);

		card_write_json(&w, str_of(file), i, &list.cards[i], a);
		buf_add_char(&out, '\n');
	}
	add_problems(&out, &list);
	if (!file_read(&expected,
		    arena_printf(
			    a, "%s/" STR_FMT ".%s", folder, STR_ARG(name), read ? "out" : "refused")
			    .p,
		    LIMIT_CARD_FILE, a, &e))
		fail_msg("%s; the answer was\n" STR_FMT, e.text, STR_ARG(buf_str(&out)));
	if (!bytes_equal(expected, buf_bytes(&out)))
		fail_msg("%s/%s gave\n" STR_FMT, folder, file, STR_ARG(buf_str(&out)));
}

static void check_folder(const char *name, size_t at_least)
{
	struct arena a = { 0 };
	const char *path = arena_printf(&a, "%s/%s", TEST_DATA, name).p;
	DIR *folder = opendir(path);
	struct dirent *d;
	size_t pairs = 0;

	assert_non_null(folder);
	while ((d = readdir(folder))) {
		if (!str_ends(str_of(d->d_name), STR(".in")))
			continue;
		check_pair(path, d->d_name, &a);
		pairs++;
	}
	closedir(folder);
	arena_finish(&a);
	assert_true(pairs >= at_least);
}

static void reads_the_golden_vcards(void **state)
{
	(void)state;
	check_folder("vcard", 10);
}

static void reads_the_golden_mecards(void **state)
{
	(void)state;
	check_folder("mecard", 4);
}

static void reads_the_golden_bizcards(void **state)
{
	(void)state;
	check_folder("bizcard", 2);
}

static void reads_the_golden_memory_cards(void **state)
{
	(void)state;
	check_folder("memory", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_the_golden_vcards),
		cmocka_unit_test(reads_the_golden_mecards),
		cmocka_unit_test(reads_the_golden_bizcards),
		cmocka_unit_test(reads_the_golden_memory_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
