/*
 * The options of a bench: one table of rows, from which they are read and their usage is printed.
 * Each letter takes a value or is a flag; nothing may follow the options.
 */
#pragma once

#include "core/base/attr.h"
#include "core/base/bytes.h"

/* One of the three is set: where the value goes. A text is the caller's argv. */
struct bench_option {
	char letter;
	const char *name;  /* of the value, as in "ROUNDS"; NULL for a flag */
	const char **text; /* required */
	size_t *number;
	size_t min, max; /* of number */
	bool *flag;
};

/* False after the usage was printed to stderr: the program then ends with 64. */
MUST_CHECK bool bench_options_read(
	const char *program, const struct bench_option *rows, size_t n, int argc, char **argv);
