#include "firmware-tools/options.h"

#include <getopt.h>
#include <stdio.h>

enum { OPTIONS_MAX = 24 };

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

static bool read_all(
	void *out, const struct option_table *t, int argc, char **argv, bool *helped, struct err *e)
{
	struct option longs[OPTIONS_MAX + 2] = { 0 };
	int index = 0, c;

	for (size_t i = 0; i < t->count && i < OPTIONS_MAX; i++)
		longs[i] = (struct option){ t->rows[i].name,
			t->rows[i].value ? required_argument : no_argument, NULL, 'o' };
	longs[t->count] = (struct option){ "help", no_argument, NULL, 'h' };
	optind = 1;
	while ((c = getopt_long(argc, argv, "", longs, &index)) != -1) {
		char *field;

		*helped = c == 'h';
		if (c == 'h')
			return true;
		if (c != 'o')
			return err_set(e, ERR_USAGE, "an option is wrong");
		field = (char *)out + t->rows[index].offset;
		if (t->rows[index].value)
			*(const char **)(void *)field = optarg;
		else
			*(bool *)(void *)field = true;
	}
	for (size_t i = 0; i < t->count; i++)
		if (t->rows[i].required &&
			!*(const char **)(void *)((char *)out + t->rows[i].offset))
			return err_set(e, ERR_USAGE, "--%s is missing", t->rows[i].name);
	if (argc - optind < t->arguments_min)
		return err_set(e, ERR_USAGE, "what is missing is %s", t->arguments);
	if (argc - optind > t->arguments_max)
		return err_set(e, ERR_USAGE, "\"%.80s\" is not understood",
			argv[optind + t->arguments_max]);
	return true;
}

bool options_read(void *out, const struct option_table *t, int argc, char **argv, int *rest,
	bool *helped, struct err *e)
{
	bool ok;

	*helped = false;
	ok = t->count <= OPTIONS_MAX ? read_all(out, t, argc, argv, helped, e)
				     : err_set(e, ERR_INTERNAL, "too many options");
	if (!ok || *helped)
		options_print(ok ? stdout : stderr, t);
	*rest = optind;
	return ok;
}
