#include "firmware-tools/options.h"

#include <stdio.h>

void options_print(FILE *to, const struct option_table *t)
{
	fprintf(to, "usage: kith-badge %s", t->command);
	for (size_t i = 0; i < t->count; i++) {
		const struct option_row *r = &t->rows[i];

		if (r->required)
			fprintf(to, " --%s %s", r->name, r->value);
	}
	fprintf(to, " [OPTION...]%s%s\n", t->arguments[0] ? " " : "", t->arguments);
	for (size_t i = 0; i < t->count; i++) {
		const struct option_row *r = &t->rows[i];

		fprintf(to, "  --%s %-*s %s\n", r->name, 22 - (int)strlen(r->name),
			r->value ? r->value : "", r->help);
	}
}

static const struct option_row *find_row(const struct option_table *t, struct str name)
{
	for (size_t i = 0; i < t->count; i++)
		if (strlen(t->rows[i].name) == name.len &&
			strncmp(t->rows[i].name, name.p, name.len) == 0)
			return &t->rows[i];
	return NULL;
}

/* "--name", "--name=value", or "--name" with the value in the next argument; *i is the last used.
 */
static bool take_option(
	void *out, const struct option_table *t, int argc, char **argv, int *i, struct err *e)
{
	const char *text = argv[*i] + 2, *equals = strchr(text, '=');
	struct str name = { text, equals ? (size_t)(equals - text) : strlen(text) };
	const struct option_row *row = find_row(t, name);
	char *field = row ? (char *)out + row->offset : NULL;

	if (!row || (equals && !row->value))
		return err_set(e, ERR_USAGE, "there is no option --%.60s here", text);
	if (!row->value) {
		*(bool *)(void *)field = true;
		return true;
	}
	if (!equals && ++*i == argc)
		return err_set(e, ERR_USAGE, "--%s takes %s", row->name, row->value);
	*(const char **)(void *)field = equals ? equals + 1 : argv[*i];
	return true;
}

static bool check_required(const void *out, const struct option_table *t, struct err *e)
{
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].required && !*(const char *const *)(const void *)((const char *)out +
										 t->rows[i].offset))
			return err_set(e, ERR_USAGE, "--%s is missing", t->rows[i].name);
	return true;
}

/*
 * getopt_long is not for us: there are no options of one letter, and what begins with one dash is
 * an argument, since one in 64 badges' ids does.
 */
static bool read_all(
	void *out, const struct option_table *t, int argc, char **argv, bool *helped, struct err *e)
{
	bool options = true;
	int kept = 0;

	for (int i = 1; i < argc; i++) {
		if (options && strcmp(argv[i], "--help") == 0)
			return *helped = true;
		if (options && strcmp(argv[i], "--") == 0)
			options = false;
		else if (!options || strncmp(argv[i], "--", 2) != 0)
			argv[++kept] = argv[i];
		else if (!take_option(out, t, argc, argv, &i, e))
			return false;
	}
	if (kept + 1 < argc)
		argv[kept + 1] = NULL;
	if (!check_required(out, t, e))
		return false;
	if (kept < t->arguments_min)
		return err_set(e, ERR_USAGE, "what is missing is %s", t->arguments);
	return kept <= t->arguments_max ||
	       err_set(e, ERR_USAGE, "\"%.80s\" is not understood", argv[1 + t->arguments_max]);
}

bool options_read(
	void *out, const struct option_table *t, int argc, char **argv, bool *helped, struct err *e)
{
	bool ok;

	*helped = false;
	ok = read_all(out, t, argc, argv, helped, e);
	if (!ok || *helped)
		options_print(ok ? stdout : stderr, t);
	return ok;
}
