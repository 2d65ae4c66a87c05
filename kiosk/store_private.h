/* What the files of kiosk/store.h share. */
#pragma once

#include "core/db/db.h"
#include "kiosk/store.h"

struct store {
	char *path;
	struct store_config config;
	struct db *db; /* NULL: untrusted after an I/O error, opened again at the next call */
	struct store_head head;
	char alert[200];
};

extern const struct db_step store_schema[];
extern const size_t store_schema_count;

/* A connection that can be used: opens again where an error closed it. */
MUST_CHECK bool store_ready(struct store *s, struct err *e);
/*
 * After a failed statement: roll back; where the error says that the file cannot be trusted,
 * close. Returns false, so that it ends a failing path.
 */
bool store_failed(struct store *s, const struct err *e);
/* The head as the file has it. */
MUST_CHECK bool store_load_head(struct store *s, struct err *e);
/* The entry as it is, at its seq, inside a transaction. */
MUST_CHECK bool store_insert(struct store *s, const struct entry *x, struct err *e);

/* store_aside.c: out of the way, with its WAL, under the first free name. */
MUST_CHECK bool store_move_aside(
	const struct store *s, const char *why, struct str *to, struct arena *a, struct err *e);
/* Delete all that ever went out of the way: for a wipe alone. */
MUST_CHECK bool store_drop_aside(const struct store *s, struct err *e);

/*
 * store_older.c: a file that a newer version of this program wrote, met after that version was
 * taken back. Its entries go into a file of this version, as a stream of its own (store_fork),
 * and it is kept as PATH.newer-1. So the tables' columns that are named in store_older.c stay
 * what they are in every later schema; a test holds them.
 */
MUST_CHECK bool older_make(struct store *s, struct err *e);
/* What a power cut left of that. */
MUST_CHECK bool older_finish(const char *path, struct err *e);
