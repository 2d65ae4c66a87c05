/*
 * Configuration files: one "key = value" a line, '#' begins a comment line, a value in double
 * quotes keeps its outer white space. Each program has one table of keys; it gives the type, the
 * default and the help, and an unknown key is an error that names file and line.
 */
#pragma once

#include <stddef.h>

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum config_type {
	CONFIG_TEXT, /* struct str */
	CONFIG_LIST, /* struct config_list: the key may stand any number of times */
	CONFIG_U64,  /* uint64_t */
	CONFIG_BOOL, /* bool: yes or no, true or false, on or off */
};

struct config_list {
	struct str items[16];
	size_t count;
};

struct config_key {
	const char *name;
	enum config_type type;
	size_t offset;	      /* of the field in the program's struct */
	const char *fallback; /* NULL: must be given (a list may stay empty) */
	const char *help;
};

/* A row of the table, of a field that is named as its key. */
#define CONFIG_KEY(config, name, type, fallback, help)                                             \
	{                                                                                          \
#name, type, offsetof(config, name), fallback, help                                \
	}

/*
 * Read path into the struct at out, by keys. Texts live in a. Errors read "FILE:LINE: text".
 * A key given twice (other than a list) is an error, so that no line is without effect.
 */
MUST_CHECK bool config_read(void *out, const char *path, const struct config_key *keys, size_t n,
	struct arena *a, struct err *e);
/* Read a whole file of at most limit bytes. ERR_TOO_LARGE, ERR_NOT_FOUND, ERR_IO. */
MUST_CHECK bool file_read(
	struct bytes *out, const char *path, size_t limit, struct arena *a, struct err *e);
/* Replace path with b, durably: a new file beside it, fsync, rename, fsync of the folder. */
MUST_CHECK bool file_replace(const char *path, struct bytes b, unsigned mode, struct err *e);
