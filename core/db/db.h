/*
 * A thin layer over a SQL database: SQLite now, PostgreSQL-ready. Statements are texts that name
 * no dialect, with parameters $1, $2 ... by position; they are prepared at their first use and
 * kept with the connection, found again by the address of the text, so a text must be a constant.
 *
 * One connection belongs to one thread at a time. In a program one connection writes and
 * checkpoints (DB_WRITER); all others are DB_READER (facts: the WAL-reset bug needs two that
 * checkpoint). A command that changes a running server's store is a DB_GUEST.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/err.h"
#include "core/base/id.h"

struct db;
struct db_query;

enum db_mode {
	DB_WRITER, /* creates the file; WAL, synchronous=FULL, secure_delete, foreign_keys */
	DB_READER, /* refuses to write; never checkpoints */
	DB_GUEST,  /* a second program beside the writer's: may write, never checkpoints; also
		      db_copy */
};

/* One numbered file of schema/: runs once, in one transaction of its own. */
struct db_step {
	unsigned number;
	const char *name;
	const char *sql;
};

/* path is a file, or ":memory:" for tests. */
MUST_CHECK bool db_open(struct db **out, const char *path, enum db_mode mode, struct err *e);
void db_close(struct db *db); /* accepts NULL */
/* For a DB_WRITER on a disk, not a card: 12 MiB of memory, and rarer, larger checkpoints. */
MUST_CHECK bool db_expect_load(struct db *db, struct err *e);
/* Bring the schema to the last step. ERR_CONFLICT when the database is newer than the program. */
MUST_CHECK bool db_migrate(struct db *db, const struct db_step *steps, size_t n, struct err *e);
/* A script without parameters or results. */
MUST_CHECK bool db_exec(struct db *db, const char *sql, struct err *e);

MUST_CHECK bool db_begin(struct db *db, struct err *e);
MUST_CHECK bool db_commit(struct db *db, struct err *e);
void db_rollback(struct db *db); /* no effect outside a transaction */
/* Nested, inside a transaction: undo one request's work without losing the group's. */
MUST_CHECK bool db_savepoint(struct db *db, struct err *e);
MUST_CHECK bool db_release(struct db *db, struct err *e);
void db_rollback_to(struct db *db);

/*
 * Prepared, reset and without values. Never NULL: a statement that cannot be prepared fails at
 * its first step, with its text in the error.
 */
struct db_query *db_query(struct db *db, const char *sql);
void db_bind_null(struct db_query *q, int n);
void db_bind_i64(struct db_query *q, int n, int64_t value);
/* The value must live until the query is stepped for the last time. */
void db_bind_text(struct db_query *q, int n, struct str value);
void db_bind_blob(struct db_query *q, int n, struct bytes value);
void db_bind_id(struct db_query *q, int n, const struct id *id);

enum db_row { DB_ROW, DB_DONE, DB_FAILED };
/* After DB_DONE or DB_FAILED the query is reset; leave no query half read at the end of a request.
 */
MUST_CHECK enum db_row db_step(struct db_query *q, struct err *e);
/* Whether there is a row at all, for questions whose columns nobody reads. The query is reset. */
MUST_CHECK bool db_any(struct db_query *q, bool *any, struct err *e);
/* For statements without result rows. */
MUST_CHECK bool db_run(struct db_query *q, struct err *e);
/*
 * An INSERT into a table whose integer key the database gives: the key goes to *row. *added is
 * false, and *row unchanged, when ON CONFLICT DO NOTHING held it back. Cheaper than RETURNING,
 * which doubles the cost of an insert in SQLite.
 */
MUST_CHECK bool db_insert(struct db_query *q, int64_t *row, bool *added, struct err *e);
/* Stop reading early. */
void db_reset(struct db_query *q);

/* Columns from 0. Text and blobs borrow from the query until its next step: copy what stays. */
int64_t db_i64(struct db_query *q, int column); /* 0 for NULL */
struct str db_text(struct db_query *q, int column);
struct bytes db_blob(struct db_query *q, int column);
struct id db_id(struct db_query *q, int column); /* zero unless it holds 16 bytes */
bool db_is_null(struct db_query *q, int column);
/* Rows that the last statement inserted, changed or deleted. */
int64_t db_changes(struct db *db);

/* PRAGMA integrity_check and foreign_key_check; the first finding is the error. */
MUST_CHECK bool db_check(struct db *db, struct err *e);
/* VACUUM INTO path, which must not exist. */
MUST_CHECK bool db_copy(struct db *db, const char *path, struct err *e);
/*
 * Write the WAL back into the file and truncate it; with secure_delete nothing deleted remains.
 * ERR_UNAVAILABLE: another connection was in the middle of something, so try again.
 */
MUST_CHECK bool db_checkpoint(struct db *db, struct err *e);
