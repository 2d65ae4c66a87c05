/*
 * The options of a command: one table of rows, from which they are read and their help is printed.
 * To add an option, add a field to the command's struct and a row to its table.
 */
#pragma once

#include <stddef.h>
#include <stdio.h>

#include "core/base/bytes.h"
#include "core/base/err.h"

struct option_row {
	const char *name;  /* "reader" for --reader */
	const char *value; /* what follows, as in "CONN"; NULL: nothing does, the field is a bool */
	const char *help;
	size_t offset; /* of the const char * or bool in the command's struct */
	bool required;
};

struct option_table {
	const char *command;   /* "verify" */
	const char *arguments; /* what follows the options, as in "FILE"; "" for none */
	const struct option_row *rows;
	size_t count;
	int arguments_min, arguments_max;
};

#define OPTION_TABLE(command, rows, arguments, min, max)                                           \
	((struct option_table){ (command), (arguments), (rows), ARRAY_LEN(rows), (min), (max) })

/* "usage: ..." and a line for each option. */
void options_print(FILE *to, const struct option_table *t);
/*
 * Fill the fields of out from "--name value" or "--name=value". What follows the options, in
 * whatever order they were given, is argv[1] and on, to a NULL: arguments_min to arguments_max of
 * them. "--" ends the options.
 * ERR_USAGE with what is wrong, after the usage was printed to stderr. --help prints it too, to
 * stdout, and sets *helped: the command then ends with success.
 */
MUST_CHECK bool options_read(void *out, const struct option_table *t, int argc, char **argv,
	bool *helped, struct err *e);
