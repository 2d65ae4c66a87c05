/* Cards of others: what the makers of calcard expect, and that nothing harms (KITH_CORPUS/vcard).
 */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <stdio.h>

#include "tests/unit/core/card/card_test.h"

#include "core/base/config.h"
#include "core/base/limits.h"
#include "core/card/line.h"
#include "core/card/value.h"

static const char *const folders[] = { "android", "calcard", "ez-vcard", "ruby-vobject",
	"synthetic", "zxing" };

static DIR *open_folder(const char *name, const char **path, struct arena *a)
{
	DIR *folder;

	*path = arena_printf(a, "%s/vcard/%s", test_corpus(), name).p;
	folder = opendir(*path);
	if (!folder) {
		print_message("skipped: %s is not there (set KITH_CORPUS)\n", *path);
		arena_finish(a); /* skip() does not come back */
	}
	return folder;
}

static struct bytes contents(const char *folder, const char *file, struct arena *a)
{
	struct bytes b;
	struct err e = { 0 };

	if (!file_read(&b, arena_printf(a, "%s/%s", folder, file).p, LIMIT_CARD_FILE, a, &e))
		fail_msg("%s", e.text);
	return b;
}

/* Without CR, which the expected files write as \r; outer space is no difference. */
static struct str bare(struct str s, struct arena *a)
{
	char *out = arena_alloc(a, s.len + 1);
	size_t len = 0;

	for (size_t i = 0; i < s.len; i++) {
		if (s.p[i] == '\\' && i + 1 < s.len && s.p[i + 1] == 'r')
			i++;
		else
			out[len++] = s.p[i];
	}
	return str_trim((struct str){ out, len });
}

static struct str text_of(const struct line *l, struct arena *a)
{
	return value_plain(bare(value_text(l, a), a), a);
}

struct comparison {
	const char *file;
	size_t wrong, compared;
	struct arena *a;
};

static void compare(struct comparison *c, const char *what, struct str got, struct str wanted)
{
	c->compared++;
	if (str_equal(str_trim(got), wanted))
		return;
	c->wrong++;
	print_message("%s: %s is \"" STR_FMT "\", calcard says \"" STR_FMT "\"\n", c->file, what,
		STR_ARG(got), STR_ARG(wanted));
}

/* The nth value of a card under the name of a property; false when it has no such value. */
static bool value_at(const struct card *card, struct str name, size_t n, struct str *out)
{
	const struct {
		struct str name;
		const struct card_values *values;
	} lists[] = { { STR_INIT("EMAIL"), &card->emails }, { STR_INIT("TEL"), &card->phones },
		{ STR_INIT("URL"), &card->urls } };

	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		if (!str_equal(name, lists[i].name) || n >= lists[i].values->count)
			continue;
		*out = lists[i].values->items[n].value;
		return true;
	}
	if (str_equal(name, STR("NOTE")) && n < card->notes.count) {
		*out = card->notes.items[n];
		return true;
	}
	if (n > 0)
		return false;
	*out = str_equal(name, STR("FN"))      ? card->formatted
	       : str_equal(name, STR("TITLE")) ? card->title
	       : str_equal(name, STR("UID"))   ? card->uid
	       : str_equal(name, STR("ORG"))   ? card->organization
					       : STR("");
	return out->len > 0;
}

static const char *const names[] = { "FN", "EMAIL", "TEL", "URL", "NOTE", "ORG", "TITLE", "UID" };

/* One property of one card: the same values in the same order, and no more of them. */
static void compare_property(struct comparison *c, const struct card *card, const char *name,
	const struct line *lines, size_t count)
{
	struct str got, wanted;
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!line_is(&lines[i], str_of(name)))
			continue;
		if (strcmp(name, "ORG") == 0) {
			struct str rest = value_text(&lines[i], c->a), part = rest;

			(void)!value_split(&rest, ';', &part);
			wanted = value_plain(part, c->a);
		} else {
			wanted = text_of(&lines[i], c->a);
		}
		if (wanted.len == 0)
			continue;
		if (!value_at(card, str_of(name), n, &got))
			got = STR("");
		compare(c, name, got, wanted);
		n++;
	}
	if (value_at(card, str_of(name), n, &got))
		compare(c, name, got, STR(""));
}

/* The whole file against its .out; true when nothing differs. */
static bool file_is_right(struct comparison *c, struct bytes in, struct bytes out)
{
	struct line_reader r = { .in = out };
	struct line *lines = ARENA_ARRAY(c->a, 4000, struct line);
	struct card_list list;
	struct err e = { 0 };
	size_t count = 0, cards = 0;

	if (!card_read(&list, in, c->a, &e)) {
		print_message("%s: %s\n", c->file, e.text);
		return false;
	}
	while (line_next(&r, &lines[count], c->a)) {
		if (line_is(&lines[count], STR("BEGIN"))) {
			count = 0;
		} else if (!line_is(&lines[count], STR("END"))) {
			assert_true(++count < 4000);
		} else if (cards < list.count) {
			for (size_t i = 0; i < ARRAY_LEN(names); i++)
				compare_property(c, &list.cards[cards], names[i], lines, count);
			cards++;
			count = 0;
		} else {
			cards++;
		}
	}
	if (cards != list.count)
		print_message("%s: %zu cards, calcard has %zu\n", c->file, list.count, cards);
	return c->wrong == 0 && cards == list.count;
}

static void agrees_with_calcard(void **state)
{
	struct arena *a = *state;
	const char *path;
	DIR *folder = open_folder("calcard", &path, a);
	size_t files = 0, right = 0, values = 0;

	if (!folder)
		skip();
	for (struct dirent *d; (d = readdir(folder));) {
		struct comparison c = { .a = a };

		if (!str_ends(str_of(d->d_name), STR(".vcf")))
			continue;
		c.file = arena_cstr(a, str_of(d->d_name));
		right += file_is_right(&c, contents(path, d->d_name, a),
			contents(path, arena_printf(a, "%s.out", d->d_name).p, a));
		values += c.compared;
		files++;
	}
	closedir(folder);
	print_message("%zu of %zu files as calcard has them, %zu values compared\n", right, files,
		values);
	assert_int_equal(files, 38);
	assert_true(values > 150);
	assert_true(right >= 37);
}

/* Written and read again, a stranger's card says the same. */
static void check_round_trip(
	const char *file, const struct card *card, enum card_version version, struct arena *a)
{
	struct buf out = BUF_IN(a);
	struct card wanted;
	struct card_list list;
	struct err e = { 0 };
	const char *difference;

	card_write_vcard(&out, card, version);
	if (!card_read(&list, buf_bytes(&out), a, &e))
		fail_msg("%s: %s", file, e.text);
	assert_int_equal(list.count, 1);
	wanted = card_as_written(card, &list.cards[0], a);
	difference = card_difference(&wanted, &list.cards[0], version == CARD_VERSION_30);
	if (difference)
		fail_msg("%s, card at line %zu: %s differs", file, card->line, difference);
}

static void check_problems(const char *file, const struct card_list *list)
{
	for (size_t i = 0; i < list->problem_count; i++)
		if (list->problems[i].line == 0 || list->problems[i].text.len == 0)
			fail_msg("%s: a problem without line or text", file);
}

static void reads_and_writes_every_file_or_names_a_line(void **state)
{
	size_t files = 0, cards = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		struct arena names_arena = { 0 };
		const char *path;
		DIR *folder = open_folder(folders[i], &path, &names_arena);

		if (!folder)
			skip();
		for (struct dirent *d; (d = readdir(folder));) {
			struct arena a = { 0 };
			struct card_list list;
			struct err e = { 0 };

			if (d->d_name[0] == '.')
				continue;
			if (!card_read(&list, contents(path, d->d_name, &a), &a, &e))
				assert_true(list.problem_count > 0);
			check_problems(d->d_name, &list);
			for (size_t k = 0; k < list.count; k++) {
				check_round_trip(d->d_name, &list.cards[k], CARD_VERSION_30, &a);
				check_round_trip(d->d_name, &list.cards[k], CARD_VERSION_40, &a);
			}
			cards += list.count;
			files++;
			arena_finish(&a);
		}
		closedir(folder);
		arena_finish(&names_arena);
	}
	print_message("%zu cards in %zu files\n", cards, files);
	assert_true(files >= 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		card_test(agrees_with_calcard),
		card_test(reads_and_writes_every_file_or_names_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
