#include "tests/bench/options.h"

#include <getopt.h>
#include <stdio.h>

#include "core/base/buf.h"

enum { LETTERS_MAX = 64 };

static bool take(const struct bench_option *o, const char *value)
{
	uint64_t n;

	if (o->flag)
		*o->flag = true;
	if (o->text)
		*o->text = value;
	if (!o->number)
		return true;
	if (!str_u64(str_of(value), &n) || n < o->min || n > o->max)
		return false;
	*o->number = (size_t)n;
	return true;
}

static bool read_all(const struct bench_option *rows, size_t n, int argc, char **argv)
{
	char memory[LETTERS_MAX];
	struct buf letters = BUF_ON(memory);
	int c;

	for (size_t i = 0; i < n; i++)
		buf_printf(&letters, "%c%s", rows[i].letter, rows[i].flag ? "" : ":");
	buf_add_char(&letters, '\0');
	if (!buf_ok(&letters))
		return false;
	while ((c = getopt(argc, argv, memory)) != -1) {
		size_t i = 0;

		while (i < n && rows[i].letter != c)
			i++;
		if (i == n || !take(&rows[i], optarg))
			return false;
	}
	for (size_t i = 0; i < n; i++)
		if (rows[i].text && !*rows[i].text)
			return false;
	return optind == argc;
}

bool bench_options_read(
	const char *program, const struct bench_option *rows, size_t n, int argc, char **argv)
{
	if (read_all(rows, n, argc, argv))
		return true;
	fprintf(stderr, "usage: %s", program);
	for (size_t i = 0; i < n; i++) {
		const struct bench_option *o = &rows[i];

		fprintf(stderr, o->text ? " -%c" : " [-%c", o->letter);
		fprintf(stderr, "%s%s%s", o->name ? " " : "", o->name ? o->name : "",
			o->text ? "" : "]");
	}
	fputc('\n', stderr);
	return false;
}
