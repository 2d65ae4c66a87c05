#include "firmware-tools/verbs.h"

#include "core/base/buf.h"

static struct option_table table_of(const char *command, const struct verb *v, struct arena *a)
{
	const char *name = arena_printf(a, "%s %s", command, v->name).p;

	return (struct option_table){ name, v->arguments, v->rows, v->count, v->min, v->max };
}

static bool run_verb(const char *command, const struct verb *v, void *job, int argc, char **argv,
	struct arena *a, struct err *e)
{
	const struct option_table table = table_of(command, v, a);
	bool helped;

	if (!options_read(job, &table, argc, argv, &helped, e) || helped)
		return helped;
	return v->run(job, argv + 1, a, e);
}

/* "new, rotate or export" */
static struct str names_of(const struct verb *verbs, size_t n, struct arena *a)
{
	struct buf out = BUF_IN(a);

	for (size_t i = 0; i < n; i++)
		buf_printf(&out, "%s%s", i == 0 ? "" : i + 1 < n ? ", " : " or ", verbs[i].name);
	return buf_str(&out);
}

int verbs_run(const char *command, const struct verb *verbs, size_t n, void *job, int argc,
	char **argv, struct arena *a, struct err *e)
{
	const char *name = argc > 1 ? argv[1] : "";

	for (size_t i = 0; i < n; i++)
		if (strcmp(verbs[i].name, name) == 0) {
			if (run_verb(command, &verbs[i], job, argc - 1, argv + 1, a, e))
				*e = (struct err){ 0 };
			return err_exit_status(e->code);
		}
	for (size_t i = 0; i < n; i++) {
		const struct option_table table = table_of(command, &verbs[i], a);

		printf("%s %s: %s\n", command, verbs[i].name, verbs[i].help);
		options_print(stdout, &table);
	}
	if (strcmp(name, "--help") == 0)
		return 0;
	err_set(e, ERR_USAGE, "%s " STR_FMT, command, STR_ARG(names_of(verbs, n, a)));
	return err_exit_status(e->code);
}
