/*
 * GET /v1/roster?after=TIMELINE.REV (docs/sync-protocol.md, "The roster"). Each change of an
 * attendee takes the event's next rev, in the one writer's transactions, so whatever is visible
 * has no gap below it: rows are read in the order of rev, and a cursor never skips one.
 */
#include "core/base/json.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/events.h"
#include "server/store/log.h"
#include "server/store/people.h"
#include "server/store/stats.h"

enum { ROWS_MAX = 500 };

static const char sql_rows[] =
	"SELECT attendee, rev FROM attendee WHERE event = $1 AND rev > $2 ORDER BY rev LIMIT $3";
static const char sql_badges[] =
	"SELECT id, revoked FROM ref WHERE event = $1 AND attendee = $2 AND badge = 1"
	" ORDER BY ref";

/* False: no cursor of this timeline, so everything is sent. */
static bool read_cursor(const struct work *w, const struct request *q, uint64_t *rev)
{
	struct str cursor, timeline;
	struct id id;

	*rev = 0;
	return request_query(q, "after", &cursor) && str_split(&cursor, '.', &timeline) &&
	       id_read(timeline, &id) && id_equal(id, w->server->timeline) && str_u64(cursor, rev);
}

static bool write_badges(struct json_writer *w, const char *key, bool revoked, struct db *db,
	uint32_t event, uint32_t attendee, struct err *e)
{
	struct db_query *q = db_query(db, sql_badges);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	json_open(w, key, '[');
	while ((row = db_step(q, e)) == DB_ROW)
		if ((db_i64(q, 1) != 0) == revoked)
			json_id(w, NULL, db_id(q, 0));
	json_close(w, ']');
	return row == DB_DONE;
}

static bool write_row(struct json_writer *w, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	struct attendee x;
	bool ok;

	if (!attendee_get(&x, db, event, attendee, a, e))
		return false;
	json_open(w, NULL, '{');
	json_id(w, "id", x.id);
	json_str(w, "name", x.name);
	json_str(w, "organization", x.organization);
	json_str(w, "lang", x.lang);
	ok = write_badges(w, "badges", false, db, event, attendee, e) &&
	     write_badges(w, "revoked", true, db, event, attendee, e);
	if (x.has_ticket)
		json_blob(w, "ticket", bytes_of(x.ticket_hash, sizeof(x.ticket_hash)));
	if (x.in)
		json_i64(w, "checked_in_ms", x.in_ms);
	else
		json_null(w, "checked_in_ms");
	json_bool(w, "gone", x.gone);
	json_close(w, '}');
	return ok;
}

/* The numbers first, since writing a row asks the database again. */
static bool list_rows(struct db *db, uint32_t event, uint64_t after, struct arena *a,
	uint32_t **out, size_t *n, uint64_t *last, struct err *e)
{
	struct db_query *q = db_query(db, sql_rows);
	enum db_row row;

	*n = 0;
	*out = ARENA_ARRAY(a, ROWS_MAX, uint32_t);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, (int64_t)after);
	db_bind_i64(q, 3, ROWS_MAX);
	while ((row = db_step(q, e)) == DB_ROW) {
		(*out)[(*n)++] = (uint32_t)db_i64(q, 0);
		*last = (uint64_t)db_i64(q, 1);
	}
	return row == DB_DONE;
}

bool roster_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	uint32_t event = q->caller.event, *rows;
	uint64_t after, last;
	struct event x;
	size_t n;
	bool full = !read_cursor(work, q, &after), settled;

	/* both are read before the rows: what changes in between comes again, and is not lost */
	if (!stats_settled(&settled, work->db, e) || !event_get(&x, work->db, event, q->arena, e))
		return false;
	crypto_wipe(x.seal_secret, sizeof(x.seal_secret));
	last = after;
	if (!list_rows(work->db, event, after, q->arena, &rows, &n, &last, e))
		return false;
	if (n < ROWS_MAX && last < x.roster_rev)
		last = x.roster_rev;
	json_open(&w, NULL, '{');
	json_str(&w, "cursor",
		arena_printf(q->arena, "%s.%llu", id_uuid_text(work->server->timeline).s,
			(unsigned long long)last));
	json_bool(&w, "full", full);
	json_bool(&w, "more", n == ROWS_MAX);
	json_bool(&w, "settled", settled);
	if (!event_write_json(&w, "event", work->db, event, q->arena, e))
		return false;
	json_open(&w, "rows", '[');
	for (size_t i = 0; i < n; i++)
		if (!write_row(&w, work->db, event, rows[i], q->arena, e))
			return false;
	json_close(&w, ']');
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}
