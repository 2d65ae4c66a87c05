/*
 * A command with verbs, as "kith-badge key new": a table of them, sorted by name, each with options
 * of its own and one function.
 */
#pragma once

#include "core/base/arena.h"
#include "firmware-tools/options.h"

struct verb {
	const char *name, *help;
	const struct option_row *rows; /* of the command's job */
	size_t count;
	const char *arguments; /* as in struct option_table */
	int min, max;
	/* rest: the arguments behind the options, to a NULL. */
	bool (*run)(void *job, char **rest, struct arena *a, struct err *e);
};

#define VERB_ROWS(rows) (rows), ARRAY_LEN(rows)

/*
 * Run the verb argv[1] on job, whose fields are still zero, or print how each is used. Returns the
 * exit status, as a command does.
 */
int verbs_run(const char *command, const struct verb *verbs, size_t n, void *job, int argc,
	char **argv, struct arena *a, struct err *e);
