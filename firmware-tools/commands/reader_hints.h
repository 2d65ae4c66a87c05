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

struct reader_hints {
	struct str hints[READER_HINTS_MAX];
	size_t count;
};

/* Lines with a stable name first; texts live in a. */
void reader_places_find(struct reader_places *out, const char *root, struct arena *a);
/* The device that a path leads to, by its name alone: "ttyUSB0"; in a. */
struct str reader_device(const char *path, struct arena *a);
/* About that place; device empty: what concerns USB readers. */
void reader_hints_find(
	struct reader_hints *out, const char *root, struct str device, struct arena *a);
