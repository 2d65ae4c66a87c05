/*
 * kith-badge reader: what helps when a reader does not work. One word more than other commands:
 * reader list, reader probe. To add one, write reader_NAME.c and a line in the table of reader.c.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"

struct reader_command {
	const char *name, *help;
	bool (*run)(int argc, char **argv, struct arena *a, struct err *e);
};

extern const struct reader_command reader_list;
extern const struct reader_command reader_probe;
extern const struct reader_command reader_test;
extern const struct reader_command reader_watch;

/* Each hint as a line that begins with "look: ". */
void reader_print_hints(const char *root, const char *path, struct arena *a);
