/*
 * Which readers this machine may have, and what on it stands in a reader's way: kernel modules,
 * consoles, timers, permissions. Read from /dev, /sys, /proc below a root, which tests replace.
 */
#pragma once

#include "core/base/arena.h"

struct reader_place {
	struct str connection; /* for --reader */
	struct str what;       /* "FTDI USB serial line", "ACR122U" */
	struct str device;     /* "ttyUSB0", or empty */
};

enum { READER_PLACES_MAX = 64, READER_HINTS_MAX = 16 };

struct reader_places {
	struct reader_place places[READER_PLACES_MAX];
	size_t count;
};

struct reader_hint {
	const char *key; /* "console": for texts in other languages */
	struct str text; /* what it is and what to type */
};

struct reader_hints {
	struct reader_hint hints[READER_HINTS_MAX];
	size_t count;
};

/* Lines with a stable name first; texts live in a. */
void reader_places_find(struct reader_places *out, const char *root, struct arena *a);
/* The device that a path leads to, by its name alone: "ttyUSB0"; in a. */
struct str reader_device(const char *path, struct arena *a);
/*
 * The device of a connection string, by its name as above; empty for one of USB, and for a line
 * that is not there. root as for the others.
 */
struct str reader_connection_device(const char *where, const char *root, struct arena *a);
/* About that place; device empty: what concerns USB readers. */
void reader_hints_find(
	struct reader_hints *out, const char *root, struct str device, struct arena *a);
