/*
 * The floor that the server is measured against: SQLite alone, used as well as one can (bound by
 * number, prepared once), with the server's own schema, WAL and synchronous=FULL. Everything else
 * is SQLite's default, so its checkpoints come as seldom as they like.
 */
#pragma once

#include "core/entry/entry.h"

struct raw;

/* A new database at path with the server's schema. */
MUST_CHECK bool raw_open(struct raw **out, const char *path, struct err *e);
void raw_close(struct raw *r); /* accepts NULL */

/* A row of the log as the server keeps it when it acknowledges: what came sealed, as it came. */
struct raw_row {
	struct entry entry;
	uint32_t persons[2]; /* numbers of the two of a meeting */
};

enum raw_rows {
	RAW_LOG,     /* the log alone */
	RAW_DERIVED, /* and of a meeting, for both: that they are mentioned */
	RAW_PLANNED, /* and an item of each one's queue, with its text */
};

/* n rows of the log in one transaction, with what belongs to them. */
MUST_CHECK bool raw_add(
	struct raw *r, const struct raw_row *rows, size_t n, enum raw_rows which, struct err *e);
/* One small row in a transaction of its own: the least that a durable acknowledgement costs. */
MUST_CHECK bool raw_add_one(struct raw *r, struct err *e);

/* A second connection that reads a store which a server writes. */
struct raw_reader;
MUST_CHECK bool raw_reader_open(struct raw_reader **out, const char *path, struct err *e);
void raw_reader_close(struct raw_reader *r); /* accepts NULL */
/* The rows of one queue, each byte of them copied out: what a reply is made of. */
MUST_CHECK bool raw_reader_queue(
	struct raw_reader *r, uint32_t event, uint32_t owner, size_t *rows, struct err *e);
