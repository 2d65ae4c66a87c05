/*
 * Back to an older version without losing what the newer one acknowledged. The new file is made
 * beside the other one and is whole on the disk before anything is renamed:
 *
 *	PATH.older-part	is being made; worth nothing
 *	PATH.older	whole; takes PATH's place once that is moved aside
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/log.h"
#include "core/entry/wire/chain.h"
#include "kiosk/store_private.h"

/* Columns by their types: b bytes, t text, i number, n number or nothing. */
static const struct table {
	const char *get, *put, *types;
} tables[] = {
	{ "SELECT id FROM undone",
		"INSERT INTO undone (id) VALUES ($1) ON CONFLICT (id) DO NOTHING", "b" },
	{ "SELECT id, lang, ticket, checked_in_ms, name, organization FROM attendee",
		"INSERT INTO attendee (id, lang, ticket, checked_in_ms, name, organization)"
		" VALUES ($1, $2, $3, $4, $5, $6)",
		"btbntt" },
	{ "SELECT id, who, revoked FROM badge",
		"INSERT INTO badge (id, who, revoked) VALUES ($1, $2, $3)", "bbi" },
	/* last: among them is the cursor that says up to where the rows above are known */
	{ "SELECT name, value FROM setting",
		"INSERT INTO setting (name, value) VALUES ($1, $2)"
		" ON CONFLICT (name) DO UPDATE SET value = excluded.value",
		"tt" },
};

static void bind(struct db_query *to, struct db_query *from, const char *types)
{
	for (int i = 0; types[i]; i++) {
		if (types[i] == 'b')
			db_bind_blob(to, i + 1, db_blob(from, i));
		else if (types[i] == 't')
			db_bind_text(to, i + 1, db_text(from, i));
		else if (types[i] == 'n' && db_is_null(from, i))
			db_bind_null(to, i + 1);
		else
			db_bind_i64(to, i + 1, db_i64(from, i));
	}
}

static bool copy_table(struct db *to, struct db *from, const struct table *t, struct err *e)
{
	struct db_query *rows = db_query(from, t->get);
	enum db_row row;

	while ((row = db_step(rows, e)) == DB_ROW) {
		struct db_query *put = db_query(to, t->put);

		bind(put, rows, t->types);
		if (!db_run(put, e)) {
			db_reset(rows);
			return false;
		}
	}
	return row == DB_DONE;
}

struct taking {
	struct store *to;
	struct store_head head;
	struct err *e;
	bool ok;
};

static bool take_entry(void *context, const struct entry *old)
{
	struct taking *t = context;
	struct entry x = *old;

	x.store_id = t->head.store_id;
	x.event = t->head.event;
	x.seq = t->head.last_seq + 1;
	memcpy(x.prev_hash, t->head.last_hash, ENTRY_HASH_LEN);
	entry_seal_hash(&x);
	t->ok = store_insert(t->to, &x, t->e);
	t->head.last_seq = x.seq;
	memcpy(t->head.last_hash, x.hash, ENTRY_HASH_LEN);
	return t->ok;
}

/* All or nothing, but for the roster's rows, which the server has too. */
static bool take_all(struct store *to, const char *from, struct db *newer, struct err *e)
{
	struct taking t = { .to = to, .head = store_head(to), .e = e, .ok = true };
	struct err why;

	if (!db_begin(to->db, e))
		return false;
	if (!store_log(from, take_entry, &t, e) || !t.ok ||
		!copy_table(to->db, newer, &tables[0], e)) {
		db_rollback(to->db);
		return false;
	}
	if (!db_commit(to->db, e) || !db_begin(to->db, e))
		return false;
	for (size_t i = 1; i < ARRAY_LEN(tables); i++)
		if (!copy_table(to->db, newer, &tables[i], &why)) {
			log_warn("the roster is left to the server: %s", why.text);
			db_rollback(to->db);
			return db_checkpoint(to->db, e);
		}
	return db_commit(to->db, e) && db_checkpoint(to->db, e);
}

static const char sql_event[] = "SELECT event FROM stream";

static uint32_t event_of(struct db *db, uint32_t otherwise)
{
	struct db_query *q = db_query(db, sql_event);
	struct err e;
	uint32_t event = otherwise;

	if (db_step(q, &e) == DB_ROW)
		event = (uint32_t)db_i64(q, 0);
	db_reset(q);
	return event;
}

static void remove_file(const char *path, struct arena *a)
{
	static const char *const tails[] = { "", "-wal", "-shm" };

	for (size_t i = 0; i < ARRAY_LEN(tails); i++)
		unlink(arena_printf(a, "%s%s", path, tails[i]).p);
}

static bool make(const struct store *s, const char *part, struct err *e)
{
	struct store_config c = s->config;
	struct store *to = NULL;
	struct db *newer = NULL;
	bool ok = db_open(&newer, s->path, DB_READER, e);

	if (ok) {
		c.path = part;
		c.event = event_of(newer, c.event);
		ok = store_open(&to, &c, e) && take_all(to, s->path, newer, e);
	}
	store_close(to);
	db_close(newer);
	return ok;
}

bool older_make(struct store *s, struct err *e)
{
	struct arena a = { 0 };
	const char *part = arena_printf(&a, "%s.older-part", s->path).p;
	const char *whole = arena_printf(&a, "%s.older", s->path).p;
	char why[sizeof(e->text)];
	struct str to;
	bool ok;

	memcpy(why, e->text, sizeof(why));
	db_close(s->db);
	s->db = NULL;
	remove_file(part, &a);
	ok = make(s, part, e) && (rename(part, whole) == 0 || err_errno(e, "%s", whole)) &&
	     store_move_aside(s, "newer", &to, &a, e) &&
	     (rename(whole, s->path) == 0 || err_errno(e, "%s", whole));
	if (ok) {
		log_warn("store: %s; its entries are taken over, it is kept as " STR_FMT, why,
			STR_ARG(to));
		snprintf(s->alert, sizeof(s->alert),
			"a newer version was taken back: its store is kept as " STR_FMT,
			STR_ARG(to));
	}
	arena_finish(&a);
	return ok;
}

bool older_finish(const char *path, struct err *e)
{
	struct arena a = { 0 };
	const char *whole = arena_printf(&a, "%s.older", path).p;
	bool ok = true;

	if (access(whole, F_OK) == 0 && access(path, F_OK) == 0) {
		/* cut before the newer one was moved; it may have gone on since, so it counts */
		remove_file(whole, &a);
	} else if (access(whole, F_OK) == 0) {
		/* a WAL of the file that was moved must not be taken for this one's */
		unlink(arena_printf(&a, "%s-wal", path).p);
		unlink(arena_printf(&a, "%s-shm", path).p);
		ok = rename(whole, path) == 0 || err_errno(e, "%s", whole);
	}
	arena_finish(&a);
	return ok;
}
