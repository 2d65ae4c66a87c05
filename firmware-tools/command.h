/*
 * A command of kith-badge: one file commands/NAME.c with one struct command, one line in the
 * table of main.c, one page docs/man/kith-badge-NAME.1, one test in tests/e2e/.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"

struct command {
	const char *name;
	const char *usage; /* arguments, as in "IMAGE..." */
	const char *help;  /* one line */
	/*
	 * argv[0] is the command's name. Returns the exit status: 0, or
	 * EX_* of sysexits.h after e was set; main prints e's text, prefixed by program and
	 * command.
	 */
	int (*run)(int argc, char **argv, struct arena *a, struct err *e);
};

extern const struct command command_batch;
extern const struct command command_card;
extern const struct command command_clone_check;
extern const struct command command_dump;
extern const struct command command_erase;
extern const struct command command_key;
extern const struct command command_label;
extern const struct command command_lock;
extern const struct command command_qr;
extern const struct command command_read;
extern const struct command command_reader;
extern const struct command command_release;
extern const struct command command_restore;
extern const struct command command_scan;
extern const struct command command_sheet;
extern const struct command command_verify;
extern const struct command command_version;
extern const struct command command_write;
