/*
 * Run another program and wait for its end: no shell, the words as they are. Its stderr is ours.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"

enum { RUN_OUTPUT_MAX = 1 << 20 };

struct run {
	const char *const *argv; /* ends with NULL; argv[0] is looked for in PATH */
	bool die_with_us;	 /* killed when this process is, by whatever */
	struct buf *out;	 /* what it printed; NULL: its stdout is ours */
};

/*
 * *status is its exit status, 128 + N after signal N. ERR_IO: it could not be run; ERR_TOO_LARGE:
 * it printed more than RUN_OUTPUT_MAX.
 */
MUST_CHECK bool run_wait(const struct run *r, int *status, struct err *e);
/* The same, and any status but 0 is an error: ERR_IO names the program and the status. */
MUST_CHECK bool run_ok(const struct run *r, struct err *e);
