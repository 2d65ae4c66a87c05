/* The roster's cache and the settings of kiosk/store.h. */
#include "kiosk/store_private.h"

static const char sql_forget_attendees[] = "DELETE FROM attendee";
static const char sql_forget_badges[] = "DELETE FROM badge";
static const char sql_attendee_put[] =
	"INSERT INTO attendee (id, lang, ticket, checked_in_ms, name, organization)"
	" VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO UPDATE SET"
	" lang = excluded.lang, ticket = excluded.ticket,"
	" checked_in_ms = excluded.checked_in_ms, name = excluded.name,"
	" organization = excluded.organization";
static const char sql_attendee_remove[] = "DELETE FROM attendee WHERE id = $1";
static const char sql_attendee_each[] =
	"SELECT id, lang, ticket, checked_in_ms, name, organization FROM attendee";
static const char sql_badge_remove[] = "DELETE FROM badge WHERE who = $1";
static const char sql_badge_put[] =
	"INSERT INTO badge (id, who, revoked) VALUES ($1, $2, $3)"
	" ON CONFLICT (id) DO UPDATE SET who = excluded.who, revoked = excluded.revoked";
static const char sql_badge_each[] = "SELECT id, revoked FROM badge WHERE who = $1";
static const char sql_everybody[] = "SELECT id FROM attendee UNION SELECT who FROM badge";
static const char sql_setting_put[] = "INSERT INTO setting (name, value) VALUES ($1, $2)"
				      " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
static const char sql_setting_get[] = "SELECT value FROM setting WHERE name = $1";

static const char cursor_setting[] = "roster_cursor";

static bool run_with_id(struct store *s, const char *sql, const struct id *id, struct err *e)
{
	struct db_query *q = db_query(s->db, sql);

	db_bind_id(q, 1, id);
	return db_run(q, e);
}

static bool put_badges(struct store *s, const struct id *who, const struct id *badges, size_t n,
	bool revoked, struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct db_query *q = db_query(s->db, sql_badge_put);

		db_bind_id(q, 1, &badges[i]);
		db_bind_id(q, 2, who);
		db_bind_i64(q, 3, revoked);
		if (!db_run(q, e))
			return false;
	}
	return true;
}

static bool put_row(struct store *s, const struct roster_row *row, struct err *e)
{
	struct db_query *q;

	if (!run_with_id(s, sql_badge_remove, &row->id, e))
		return false;
	if (row->gone)
		return run_with_id(s, sql_attendee_remove, &row->id, e);
	q = db_query(s->db, sql_attendee_put);
	db_bind_id(q, 1, &row->id);
	db_bind_text(q, 2, row->lang);
	db_bind_blob(q, 3, bytes_of(row->ticket, row->has_ticket ? sizeof(row->ticket) : 0));
	if (row->checked_in)
		db_bind_i64(q, 4, row->checked_in_ms);
	else
		db_bind_null(q, 4);
	/* the one place that decides whether a name touches the disk */
	db_bind_text(q, 5, s->config.names ? row->name : STR(""));
	db_bind_text(q, 6, s->config.names ? row->organization : STR(""));
	return db_run(q, e) && put_badges(s, &row->id, row->badges, row->badge_count, false, e) &&
	       put_badges(s, &row->id, row->revoked, row->revoked_count, true, e);
}

static bool put_setting(struct store *s, const char *name, struct str value, struct err *e)
{
	struct db_query *q = db_query(s->db, sql_setting_put);

	db_bind_text(q, 1, str_of(name));
	db_bind_text(q, 2, value);
	return db_run(q, e);
}

bool store_roster_write(struct store *s, const struct roster_row *rows, size_t n, bool full,
	struct str cursor, struct err *e)
{
	bool ok;

	if (!store_ready(s, e))
		return false;
	ok = db_begin(s->db, e);
	if (ok && full)
		ok = db_run(db_query(s->db, sql_forget_attendees), e) &&
		     db_run(db_query(s->db, sql_forget_badges), e);
	for (size_t i = 0; ok && i < n; i++)
		ok = put_row(s, &rows[i], e);
	if (!ok || !put_setting(s, cursor_setting, cursor, e) || !db_commit(s->db, e))
		return store_failed(s, e);
	return true;
}

bool store_roster_keep(
	struct store *s, bool (*known)(void *context, struct id who), void *context, struct err *e)
{
	struct arena a = { 0 };
	struct buf gone = BUF_IN(&a);
	struct db_query *q;
	enum db_row step;
	bool ok;

	if (!store_ready(s, e))
		return false;
	q = db_query(s->db, sql_everybody);
	while ((step = db_step(q, e)) == DB_ROW) {
		struct id id = db_id(q, 0);

		if (!known(context, id))
			buf_add(&gone, id_bytes(&id));
	}
	ok = step == DB_DONE && (gone.len == 0 || db_begin(s->db, e));
	for (size_t at = 0; ok && at < gone.len; at += sizeof(struct id)) {
		struct id id;

		memcpy(id.b, gone.p + at, sizeof(id.b));
		ok = run_with_id(s, sql_badge_remove, &id, e) &&
		     run_with_id(s, sql_attendee_remove, &id, e);
	}
	ok = ok && (gone.len == 0 || db_commit(s->db, e));
	arena_finish(&a);
	return ok ? true : store_failed(s, e);
}

/* Badges of who into the row; false when the query fails. */
static bool read_badges(struct store *s, struct roster_row *row, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(s->db, sql_badge_each);
	struct buf good = BUF_IN(a), bad = BUF_IN(a);
	enum db_row step;

	db_bind_id(q, 1, &row->id);
	while ((step = db_step(q, e)) == DB_ROW) {
		struct id id = db_id(q, 0);

		buf_add(db_i64(q, 1) ? &bad : &good, id_bytes(&id));
	}
	/* struct id is 16 bytes without alignment, so the buffers are arrays of it */
	row->badges = (const struct id *)(const void *)good.p;
	row->badge_count = good.len / sizeof(struct id);
	row->revoked = (const struct id *)(const void *)bad.p;
	row->revoked_count = bad.len / sizeof(struct id);
	return step != DB_FAILED;
}

bool store_roster_each(struct store *s, bool (*each)(void *context, const struct roster_row *row),
	void *context, struct err *e)
{
	struct arena a = { 0 };
	struct db_query *q;
	enum db_row step;
	bool ok = true;

	if (!store_ready(s, e))
		return false;
	q = db_query(s->db, sql_attendee_each);
	while ((step = db_step(q, e)) == DB_ROW) {
		struct roster_row row = { .id = db_id(q, 0), .lang = arena_str(&a, db_text(q, 1)) };
		struct bytes ticket = db_blob(q, 2);

		row.has_ticket = ticket.len == sizeof(row.ticket);
		if (row.has_ticket)
			memcpy(row.ticket, ticket.p, sizeof(row.ticket));
		row.checked_in = !db_is_null(q, 3);
		row.checked_in_ms = db_i64(q, 3);
		row.name = arena_str(&a, db_text(q, 4));
		row.organization = arena_str(&a, db_text(q, 5));
		ok = read_badges(s, &row, &a, e);
		if (!ok || !each(context, &row))
			break;
		arena_reset(&a);
	}
	db_reset(q);
	arena_finish(&a);
	return ok && step != DB_FAILED ? true : store_failed(s, e);
}

bool store_roster_cursor(struct store *s, struct str *out, struct arena *a, struct err *e)
{
	return store_get(s, cursor_setting, out, a, e);
}

bool store_get(struct store *s, const char *name, struct str *out, struct arena *a, struct err *e)
{
	struct db_query *q;
	enum db_row step;

	*out = STR("");
	if (!store_ready(s, e))
		return false;
	q = db_query(s->db, sql_setting_get);
	db_bind_text(q, 1, str_of(name));
	step = db_step(q, e);
	if (step == DB_ROW) {
		*out = arena_str(a, db_text(q, 0));
		db_reset(q);
	}
	return step != DB_FAILED ? true : store_failed(s, e);
}

bool store_set(struct store *s, const char *name, struct str value, struct err *e)
{
	if (!store_ready(s, e))
		return false;
	return put_setting(s, name, value, e) ? true : store_failed(s, e);
}
