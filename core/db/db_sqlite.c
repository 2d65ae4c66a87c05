/* The SQLite side of core/db/db.h: the only file that includes sqlite3.h. */
#include "core/db/db.h"

#include <sqlite3.h>

#include "core/base/log.h"

enum {
	SLOTS = 1024, /* more statements than any program of ours has; a power of two */
	PARAMETERS_MAX = 32,
};

struct db_query {
	struct db *db;
	const char *sql;
	sqlite3_stmt *stmt;
	uint8_t index[PARAMETERS_MAX]; /* of $1, $2 ...; 0: the text has no such parameter */
};

struct db {
	sqlite3 *handle;
	struct db_query slots[SLOTS];
};

static bool fail(struct db *db, const char *what, struct err *e)
{
	int code = sqlite3_errcode(db->handle) & 0xFF;
	enum err_code as = ERR_IO;

	if (code == SQLITE_FULL)
		as = ERR_FULL;
	else if (code == SQLITE_CONSTRAINT)
		as = ERR_CONFLICT;
	else if (code == SQLITE_ERROR || code == SQLITE_MISUSE)
		as = ERR_INTERNAL;
	else if (code == SQLITE_BUSY || code == SQLITE_LOCKED)
		as = ERR_UNAVAILABLE;
	return err_set(e, as, "database: %.120s: %s", what, sqlite3_errmsg(db->handle));
}

bool db_open(struct db **out, const char *path, enum db_mode mode, struct err *e)
{
	static const char writer[] =
		"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
		" PRAGMA secure_delete=ON; PRAGMA trusted_schema=OFF;"
		" PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
		" PRAGMA wal_autocheckpoint=200; PRAGMA temp_store=MEMORY;";
	static const char reader[] =
		"PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA mmap_size=0;"
		" PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;";
	static const char guest[] =
		"PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
		" PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0;"
		" PRAGMA wal_autocheckpoint=0; PRAGMA temp_store=MEMORY;";
	static const char *const pragmas[] = {
		[DB_WRITER] = writer,
		[DB_READER] = reader,
		[DB_GUEST] = guest,
	};
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
	struct db *db = calloc(1, sizeof(*db));

	if (!db)
		return err_set(e, ERR_INTERNAL, "no memory for a database");
	if (mode == DB_WRITER)
		flags |= SQLITE_OPEN_CREATE;
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) != SQLITE_OK) {
		err_set(e, ERR_IO, "database %s: %s", path, sqlite3_errmsg(db->handle));
		db_close(db);
		return false;
	}
	sqlite3_busy_timeout(db->handle, 5000);
	if (mode != DB_WRITER)
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
	if (!db_exec(db, pragmas[mode], e)) {
		err_in(e, "%s", path);
		db_close(db);
		return false;
	}
	*out = db;
	return true;
}

bool db_expect_load(struct db *db, struct err *e)
{
	return db_exec(db, "PRAGMA cache_size=-12000; PRAGMA wal_autocheckpoint=2000", e);
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < SLOTS; i++)
		sqlite3_finalize(db->slots[i].stmt);
	sqlite3_close(db->handle);
	free(db);
}

bool db_exec(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, sql, e);
	return true;
}

static const char sql_version_get[] = "PRAGMA user_version";

static bool schema_version(struct db *db, unsigned *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_version_get);

	if (db_step(q, e) != DB_ROW)
		return false;
	*out = (unsigned)db_i64(q, 0);
	db_reset(q);
	return true;
}

static bool run_step(struct db *db, const struct db_step *step, struct err *e)
{
	char set[64];

	snprintf(set, sizeof(set), "PRAGMA user_version=%u", step->number);
	if (db_begin(db, e) && db_exec(db, step->sql, e) && db_exec(db, set, e) && db_commit(db, e))
		return true;
	db_rollback(db);
	return err_in(e, "schema %03u_%s", step->number, step->name);
}

bool db_migrate(struct db *db, const struct db_step *steps, size_t n, struct err *e)
{
	unsigned version;

	if (!schema_version(db, &version, e))
		return false;
	if (n > 0 && version > steps[n - 1].number)
		return err_set(e, ERR_CONFLICT,
			"the database has schema %u, this program knows %u: run the newer program",
			version, steps[n - 1].number);
	for (size_t i = 0; i < n; i++)
		if (steps[i].number > version && !run_step(db, &steps[i], e))
			return false;
	return true;
}

static const char sql_begin[] = "BEGIN IMMEDIATE";
static const char sql_commit[] = "COMMIT";
static const char sql_savepoint[] = "SAVEPOINT one";
static const char sql_release[] = "RELEASE one";

bool db_begin(struct db *db, struct err *e)
{
	return db_run(db_query(db, sql_begin), e);
}

bool db_commit(struct db *db, struct err *e)
{
	return db_run(db_query(db, sql_commit), e);
}

void db_rollback(struct db *db)
{
	struct err ignored;

	if (!sqlite3_get_autocommit(db->handle) && !db_exec(db, "ROLLBACK", &ignored))
		log_error("rollback failed");
}

bool db_savepoint(struct db *db, struct err *e)
{
	return db_run(db_query(db, sql_savepoint), e);
}

bool db_release(struct db *db, struct err *e)
{
	return db_run(db_query(db, sql_release), e);
}

void db_rollback_to(struct db *db)
{
	struct err ignored;

	if (!db_exec(db, "ROLLBACK TO one; RELEASE one", &ignored))
		log_error("rollback to a savepoint failed");
}

/* "$7" is a name to SQLite, so indexes are looked up, once; a text may use a parameter twice. */
static void find_parameters(struct db_query *q)
{
	int count = sqlite3_bind_parameter_count(q->stmt);

	for (int i = 1; i <= count && i < PARAMETERS_MAX; i++) {
		const char *name = sqlite3_bind_parameter_name(q->stmt, i);
		uint64_t n;

		if (name && str_u64(str_of(name + 1), &n) && n < PARAMETERS_MAX)
			q->index[n] = (uint8_t)i;
	}
}

static void prepare(struct db_query *q)
{
	sqlite3_prepare_v3(q->db->handle, q->sql, -1, SQLITE_PREPARE_PERSISTENT, &q->stmt, NULL);
	find_parameters(q);
}

struct db_query *db_query(struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) * 0x9E3779B1u & (SLOTS - 1);
	struct db_query *q;

	while (db->slots[at].sql && db->slots[at].sql != sql)
		at = (at + 1) & (SLOTS - 1);
	q = &db->slots[at];
	if (!q->sql) {
		q->db = db;
		q->sql = sql;
	}
	if (!q->stmt)
		prepare(q);
	/* one that cannot be prepared fails at its step; SQLite takes NULL here, but not below */
	sqlite3_reset(q->stmt);
	if (q->stmt)
		sqlite3_clear_bindings(q->stmt);
	return q;
}

static int index_of(const struct db_query *q, int n)
{
	return n > 0 && n < PARAMETERS_MAX ? q->index[n] : 0;
}

void db_bind_null(struct db_query *q, int n)
{
	sqlite3_bind_null(q->stmt, index_of(q, n));
}

void db_bind_i64(struct db_query *q, int n, int64_t value)
{
	sqlite3_bind_int64(q->stmt, index_of(q, n), value);
}

void db_bind_text(struct db_query *q, int n, struct str value)
{
	sqlite3_bind_text64(q->stmt, index_of(q, n), value.p ? value.p : "", value.len,
		SQLITE_STATIC, SQLITE_UTF8);
}

void db_bind_blob(struct db_query *q, int n, struct bytes value)
{
	/* a NULL pointer would bind NULL, an empty blob is not that */
	sqlite3_bind_blob64(q->stmt, index_of(q, n), value.p ? (const void *)value.p : "",
		value.len, SQLITE_STATIC);
}

void db_bind_id(struct db_query *q, int n, const struct id *id)
{
	db_bind_blob(q, n, id_bytes(id));
}

enum db_row db_step(struct db_query *q, struct err *e)
{
	int code;

	if (!q->stmt) {
		prepare(q);
		if (!q->stmt) {
			fail(q->db, q->sql, e);
			return DB_FAILED;
		}
	}
	code = sqlite3_step(q->stmt);
	if (code == SQLITE_ROW)
		return DB_ROW;
	if (code != SQLITE_DONE)
		fail(q->db, q->sql, e);
	sqlite3_reset(q->stmt);
	return code == SQLITE_DONE ? DB_DONE : DB_FAILED;
}

bool db_any(struct db_query *q, bool *any, struct err *e)
{
	enum db_row row = db_step(q, e);

	db_reset(q);
	*any = row == DB_ROW;
	return row != DB_FAILED;
}

bool db_run(struct db_query *q, struct err *e)
{
	enum db_row row = db_step(q, e);

	db_reset(q);
	return row != DB_FAILED;
}

bool db_insert(struct db_query *q, int64_t *row, bool *added, struct err *e)
{
	if (!db_run(q, e))
		return false;
	*added = sqlite3_changes64(q->db->handle) > 0;
	if (*added)
		*row = sqlite3_last_insert_rowid(q->db->handle);
	return true;
}

void db_reset(struct db_query *q)
{
	sqlite3_reset(q->stmt);
}

int64_t db_i64(struct db_query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

struct str db_text(struct db_query *q, int column)
{
	const char *p = (const char *)sqlite3_column_text(q->stmt, column);

	return (struct str){ p ? p : "", p ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0 };
}

struct bytes db_blob(struct db_query *q, int column)
{
	const uint8_t *p = sqlite3_column_blob(q->stmt, column);

	return (struct bytes){ p, p ? (size_t)sqlite3_column_bytes(q->stmt, column) : 0 };
}

struct id db_id(struct db_query *q, int column)
{
	struct id id = { { 0 } };

	if (!id_from_bytes(db_blob(q, column), &id))
		return (struct id){ { 0 } };
	return id;
}

bool db_is_null(struct db_query *q, int column)
{
	return sqlite3_column_type(q->stmt, column) == SQLITE_NULL;
}

int64_t db_changes(struct db *db)
{
	return sqlite3_changes64(db->handle);
}

static const char sql_integrity[] = "PRAGMA integrity_check";
static const char sql_foreign_keys[] = "PRAGMA foreign_key_check";

bool db_check(struct db *db, struct err *e)
{
	struct db_query *q = db_query(db, sql_integrity);
	enum db_row row = db_step(q, e);
	bool ok = row == DB_ROW && str_equal(db_text(q, 0), STR("ok"));

	if (row == DB_ROW && !ok)
		err_set(e, ERR_IO, "database is damaged: " STR_FMT, STR_ARG(db_text(q, 0)));
	db_reset(q);
	if (!ok)
		return false;
	q = db_query(db, sql_foreign_keys);
	row = db_step(q, e);
	if (row == DB_ROW)
		err_set(e, ERR_IO, "database is damaged: a row of " STR_FMT " points nowhere",
			STR_ARG(db_text(q, 0)));
	db_reset(q);
	return row == DB_DONE;
}

static const char sql_copy[] = "VACUUM INTO $1";

bool db_copy(struct db *db, const char *path, struct err *e)
{
	struct db_query *q = db_query(db, sql_copy);

	db_bind_text(q, 1, str_of(path));
	return db_run(q, e);
}

bool db_checkpoint(struct db *db, struct err *e)
{
	static const char sql[] = "PRAGMA wal_checkpoint(TRUNCATE)";
	struct db_query *q = db_query(db, sql);
	enum db_row row = db_step(q, e);
	bool busy = row == DB_ROW && db_i64(q, 0) != 0;

	db_reset(q);
	if (row == DB_FAILED)
		return false;
	return !busy || err_set(e, ERR_UNAVAILABLE, "somebody reads: the WAL stays for now");
}
