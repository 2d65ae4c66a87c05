#include "tests/bench/raw.h"

#include <sqlite3.h>

#include "core/base/clock.h"
#include "core/db/db.h"

extern const struct db_step server_schema[];
extern const size_t server_schema_count;

enum {
	PERSONS_MAX = 1 << 20,
	ITEM_BYTES = 582, /* of one item of a queue, as the server's own are on average */
};

enum raw_query {
	RAW_ENTRY,
	RAW_SEALED,
	RAW_MENTION,
	RAW_ITEM,
	RAW_TEXT,
	RAW_SMALL,
	RAW__COUNT,
};

static const char *const sql[RAW__COUNT] = {
	[RAW_ENTRY] = ("INSERT INTO entry (event, id, stream, seq, kind, boot_id, boot_ms, wall_ms,"
		       " quality, got_ms, refused, hash, payload)"
		       " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
	[RAW_SEALED] = "INSERT INTO sealed (row, payload) VALUES (?, ?)",
	[RAW_MENTION] = "INSERT INTO mention (event, ref, row, kind, other) VALUES (?, ?, ?, ?, ?)",
	[RAW_ITEM] =
		"INSERT INTO queue_item (event, owner, pos, key, kind, state, due, other, met_ms)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	[RAW_TEXT] = "INSERT INTO queue_text (event, owner, pos, finished, item)"
		     " VALUES (?, ?, ?, 0, ?)",
	[RAW_SMALL] = "INSERT INTO tally (event, kind, n) VALUES (1, 1, 1)"
		      " ON CONFLICT (event, kind) DO UPDATE SET n = n + 1",
};

struct raw {
	sqlite3 *db;
	sqlite3_stmt *stmt[RAW__COUNT];
	uint32_t *next_pos; /* of each person's queue */
	char item[ITEM_BYTES];
};

static bool fail(struct raw *r, struct err *e)
{
	return err_set(e, ERR_IO, "raw SQLite: %s", sqlite3_errmsg(r->db));
}

static bool exec(struct raw *r, const char *text, struct err *e)
{
	return sqlite3_exec(r->db, text, NULL, NULL, NULL) == SQLITE_OK || fail(r, e);
}

bool raw_open(struct raw **out, const char *path, struct err *e)
{
	struct raw *r = calloc(1, sizeof(*r));
	bool ok;

	if (!r)
		return err_set(e, ERR_INTERNAL, "no memory");
	memset(r->item, 'x', sizeof(r->item));
	r->next_pos = calloc(PERSONS_MAX, sizeof(*r->next_pos));
	ok = r->next_pos != NULL || err_set(e, ERR_INTERNAL, "no memory");
	ok = ok && (sqlite3_open(path, &r->db) == SQLITE_OK || fail(r, e));
	ok = ok && exec(r, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL", e);
	for (size_t i = 0; ok && i < server_schema_count; i++)
		ok = exec(r, server_schema[i].sql, e);
	for (size_t i = 0; ok && i < RAW__COUNT; i++)
		ok = sqlite3_prepare_v3(r->db, sql[i], -1, SQLITE_PREPARE_PERSISTENT, &r->stmt[i],
			     NULL) == SQLITE_OK ||
		     fail(r, e);
	if (!ok) {
		raw_close(r);
		return false;
	}
	*out = r;
	return true;
}

void raw_close(struct raw *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < RAW__COUNT; i++)
		sqlite3_finalize(r->stmt[i]);
	sqlite3_close(r->db);
	free(r->next_pos);
	free(r);
}

static bool step(struct raw *r, enum raw_query which, struct err *e)
{
	bool ok = sqlite3_step(r->stmt[which]) == SQLITE_DONE || fail(r, e);

	sqlite3_reset(r->stmt[which]);
	return ok;
}

static void bind_blob(sqlite3_stmt *q, int n, const void *p, size_t len)
{
	sqlite3_bind_blob64(q, n, p, len, SQLITE_STATIC);
}

static bool add_entry(struct raw *r, const struct raw_row *row, int64_t now_ms, struct err *e)
{
	sqlite3_stmt *q = r->stmt[RAW_ENTRY];
	const struct entry *x = &row->entry;

	sqlite3_bind_int64(q, 1, x->event);
	bind_blob(q, 2, x->id.b, sizeof(x->id.b));
	sqlite3_bind_int64(q, 3, 1);
	sqlite3_bind_int64(q, 4, (int64_t)x->seq);
	sqlite3_bind_int64(q, 5, x->kind);
	bind_blob(q, 6, x->time.boot_id.b, sizeof(x->time.boot_id.b));
	sqlite3_bind_int64(q, 7, (int64_t)x->time.boot_ms);
	sqlite3_bind_int64(q, 8, x->time.wall_ms);
	sqlite3_bind_int64(q, 9, x->time.quality);
	sqlite3_bind_int64(q, 10, now_ms);
	sqlite3_bind_int64(q, 11, 0);
	bind_blob(q, 12, x->hash, sizeof(x->hash));
	if (x->sealed)
		sqlite3_bind_null(q, 13);
	else
		bind_blob(q, 13, x->payload.p, x->payload.len);
	return step(r, RAW_ENTRY, e);
}

static bool add_sealed(struct raw *r, const struct raw_row *row, struct err *e)
{
	sqlite3_stmt *q = r->stmt[RAW_SEALED];

	sqlite3_bind_int64(q, 1, sqlite3_last_insert_rowid(r->db));
	bind_blob(q, 2, row->entry.payload.p, row->entry.payload.len);
	return step(r, RAW_SEALED, e);
}

static bool add_mentions(struct raw *r, const struct raw_row *row, struct err *e)
{
	sqlite3_stmt *q = r->stmt[RAW_MENTION];
	int64_t number = sqlite3_last_insert_rowid(r->db);

	for (int i = 0; i < 2; i++) {
		sqlite3_bind_int64(q, 1, row->entry.event);
		sqlite3_bind_int64(q, 2, row->persons[i]);
		sqlite3_bind_int64(q, 3, number);
		sqlite3_bind_int64(q, 4, row->entry.kind);
		sqlite3_bind_int64(q, 5, row->persons[1 - i]);
		if (!step(r, RAW_MENTION, e))
			return false;
	}
	return true;
}

static bool add_items(struct raw *r, const struct raw_row *row, struct err *e)
{
	const struct entry *x = &row->entry;

	for (int i = 0; i < 2; i++) {
		uint32_t pos = r->next_pos[row->persons[i] % PERSONS_MAX]++;
		sqlite3_stmt *q = r->stmt[RAW_ITEM];

		sqlite3_bind_int64(q, 1, x->event);
		sqlite3_bind_int64(q, 2, row->persons[i]);
		sqlite3_bind_int64(q, 3, pos);
		bind_blob(q, 4, x->hash, sizeof(x->id.b));
		sqlite3_bind_int64(q, 5, 1);
		sqlite3_bind_int64(q, 6, 0);
		sqlite3_bind_int64(q, 7, 20780);
		sqlite3_bind_int64(q, 8, row->persons[1 - i]);
		sqlite3_bind_int64(q, 9, x->time.wall_ms);
		if (!step(r, RAW_ITEM, e))
			return false;
		q = r->stmt[RAW_TEXT];
		sqlite3_bind_int64(q, 1, x->event);
		sqlite3_bind_int64(q, 2, row->persons[i]);
		sqlite3_bind_int64(q, 3, pos);
		sqlite3_bind_text(q, 4, r->item, sizeof(r->item), SQLITE_STATIC);
		if (!step(r, RAW_TEXT, e))
			return false;
	}
	return true;
}

bool raw_add(
	struct raw *r, const struct raw_row *rows, size_t n, enum raw_rows which, struct err *e)
{
	int64_t now_ms = clock_wall_ms();
	bool ok = exec(r, "BEGIN IMMEDIATE", e);

	for (size_t i = 0; ok && i < n; i++) {
		bool meeting = rows[i].entry.kind == ENTRY_MEETING;

		ok = add_entry(r, &rows[i], now_ms, e);
		if (ok && rows[i].entry.sealed)
			ok = add_sealed(r, &rows[i], e);
		if (ok && meeting && which >= RAW_DERIVED)
			ok = add_mentions(r, &rows[i], e);
		if (ok && meeting && which >= RAW_PLANNED)
			ok = add_items(r, &rows[i], e);
	}
	return ok && exec(r, "COMMIT", e);
}

bool raw_add_one(struct raw *r, struct err *e)
{
	return step(r, RAW_SMALL, e);
}

struct raw_reader {
	sqlite3 *db;
	sqlite3_stmt *stmt;
	char text[256 << 10];
};

bool raw_reader_open(struct raw_reader **out, const char *path, struct err *e)
{
	static const char queue[] =
		"SELECT item FROM queue_text WHERE event = ? AND owner = ? AND finished = 0"
		" ORDER BY pos";
	struct raw_reader *r = calloc(1, sizeof(*r));

	if (!r)
		return err_set(e, ERR_INTERNAL, "no memory");
	if (sqlite3_open_v2(path, &r->db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
		sqlite3_prepare_v3(r->db, queue, -1, SQLITE_PREPARE_PERSISTENT, &r->stmt, NULL) !=
			SQLITE_OK) {
		err_set(e, ERR_IO, "raw SQLite: %s", sqlite3_errmsg(r->db));
		raw_reader_close(r);
		return false;
	}
	*out = r;
	return true;
}

void raw_reader_close(struct raw_reader *r)
{
	if (!r)
		return;
	sqlite3_finalize(r->stmt);
	sqlite3_close(r->db);
	free(r);
}

bool raw_reader_queue(
	struct raw_reader *r, uint32_t event, uint32_t owner, size_t *rows, struct err *e)
{
	size_t at = 0;
	int code;

	*rows = 0;
	sqlite3_bind_int64(r->stmt, 1, event);
	sqlite3_bind_int64(r->stmt, 2, owner);
	while ((code = sqlite3_step(r->stmt)) == SQLITE_ROW) {
		const void *item = sqlite3_column_text(r->stmt, 0);
		size_t len = (size_t)sqlite3_column_bytes(r->stmt, 0);

		if (at + len > sizeof(r->text))
			at = 0;
		memcpy(r->text + at, item, len);
		at += len;
		++*rows;
	}
	sqlite3_reset(r->stmt);
	return code == SQLITE_DONE || err_set(e, ERR_IO, "raw SQLite: %s", sqlite3_errmsg(r->db));
}
