#include "server/store/stats.h"

#include "core/followup/followup.h"

#include "core/entry/entry.h"
#include "server/store/signs.h"
#include "server/store/store.h"

static const char sql_followups[] = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN state = $2 THEN 1 "
				    "ELSE 0 END), 0) FROM queue_item WHERE event = $1 AND at = 0";
static const char sql_backup[] = "SELECT COALESCE(MAX(made_ms), 0), COUNT(*) FROM backup";
static const char sql_rows[] = "SELECT COALESCE(MAX(row), 0) FROM entry";
static const char sql_dirty[] = "SELECT COUNT(*) FROM queue_dirty";
static const char sql_all_stations[] = "SELECT COUNT(*), COALESCE(SUM(pending), 0) FROM station"
				       " WHERE kind = 1 AND revoked_ms IS NULL";
static const char sql_attendees[] =
	"SELECT COUNT(*), COUNT(in_ms) FROM attendee WHERE event = $1 AND gone = 0";
static const char sql_tally[] = "SELECT n FROM tally WHERE event = $1 AND kind = $2";
static const char sql_stations[] =
	"SELECT st.id, st.name, st.role, st.revoked_ms, st.seen_ms, st.pending,"
	" (SELECT COALESCE(SUM(s.last_seq), 0) FROM stream s WHERE s.station = st.station),"
	" (SELECT COUNT(*) FROM refusal r WHERE r.event = st.event AND r.station = st.station),"
	" st.station, st.version, st.update_state, st.update_version, st.update_reason"
	" FROM station st WHERE st.event = $1 AND st.kind = 1 ORDER BY st.station";

/* The first row's numbers. */
static bool numbers(struct db_query *q, int64_t *a, int64_t *b, struct err *e)
{
	enum db_row row = db_step(q, e);

	*a = row == DB_ROW ? db_i64(q, 0) : 0;
	if (b)
		*b = row == DB_ROW ? db_i64(q, 1) : 0;
	db_reset(q);
	return row != DB_FAILED;
}

bool stats_backup(struct stats_backup *out, struct db *db, struct err *e)
{
	return numbers(db_query(db, sql_backup), &out->last_ms, &out->offered, e);
}

/* How many rows there are, and how many of them are not worked in. */
static bool read_lag(int64_t *rows, int64_t *lag, struct db *db, struct err *e)
{
	struct err absent;
	int64_t derived;

	if (!meta_get(db, "derived", &derived, sizeof(derived), &absent))
		derived = 0;
	if (!numbers(db_query(db, sql_rows), rows, NULL, e))
		return false;
	*lag = *rows - derived;
	return true;
}

bool stats_settled(bool *out, struct db *db, struct err *e)
{
	int64_t rows, lag;

	if (!read_lag(&rows, &lag, db, e))
		return false;
	*out = lag <= 0;
	return true;
}

bool stats_log(struct stats_log *out, struct db *db, struct err *e)
{
	if (!read_lag(&out->rows, &out->lag, db, e))
		return false;
	if (!numbers(db_query(db, sql_dirty), &out->owners, NULL, e))
		return false;
	return numbers(db_query(db, sql_all_stations), &out->stations, &out->pending, e);
}

static bool tally(struct db *db, uint32_t event, enum entry_kind kind, int64_t *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_tally);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, kind);
	return numbers(q, n, NULL, e);
}

/* What it runs, and what became of the last release that it was offered. */
static void write_program(struct json_writer *w, struct db_query *q)
{
	if (db_text(q, 9).len == 0)
		return;
	json_str(w, "version", db_text(q, 9));
	if (db_text(q, 10).len == 0)
		return;
	json_open(w, "update", '{');
	json_str(w, "state", db_text(q, 10));
	json_str(w, "version", db_text(q, 11));
	json_str(w, "reason", db_text(q, 12));
	json_close(w, '}');
}

static bool write_stations(struct json_writer *w, struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_stations);
	enum db_row row;

	db_bind_i64(q, 1, event);
	json_open(w, "stations", '[');
	while ((row = db_step(q, e)) == DB_ROW) {
		json_open(w, NULL, '{');
		json_uuid(w, "station", db_id(q, 0));
		json_str(w, "name", db_text(q, 1));
		json_str(w, "role", db_text(q, 2));
		json_str(w, "state",
			db_is_null(q, 3) ? db_is_null(q, 4) ? STR("new") : STR("ok")
					 : STR("revoked"));
		json_i64(w, "seen_ms", db_i64(q, 4));
		json_i64(w, "pending", db_i64(q, 5));
		json_i64(w, "held", db_i64(q, 6));
		json_i64(w, "refused", db_i64(q, 7));
		write_program(w, q);
		if (!signs_write(w, db, event, db_i64(q, 8), e)) {
			db_reset(q);
			return false;
		}
		json_close(w, '}');
	}
	json_close(w, ']');
	return row == DB_DONE;
}

/* Follow-ups by state: how many, never whose or what (server/followups.h has who agreed). */
static bool write_followups(struct json_writer *w, struct db *db, uint32_t event, struct err *e)
{
	struct db_query *q = db_query(db, sql_followups);
	int64_t all, done;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, FOLLOWUP_DONE);
	if (!numbers(q, &all, &done, e))
		return false;
	json_i64(w, "followups", all);
	json_i64(w, "done", done);
	return true;
}

bool stats_write_event(struct json_writer *w, struct db *db, uint32_t event, struct err *e)
{
	static const struct {
		const char *name;
		enum entry_kind kind;
	} kinds[] = { { "meetings", ENTRY_MEETING }, { "contacts", ENTRY_CONTACT } };
	struct db_query *q = db_query(db, sql_attendees);
	int64_t attendees, in, n;

	db_bind_i64(q, 1, event);
	if (!numbers(q, &attendees, &in, e))
		return false;
	json_open(w, "counts", '{');
	json_i64(w, "attendees", attendees);
	json_i64(w, "checked_in", in);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (!tally(db, event, kinds[i].kind, &n, e))
			return false;
		json_i64(w, kinds[i].name, n);
	}
	if (!write_followups(w, db, event, e))
		return false;
	json_close(w, '}');
	return write_stations(w, db, event, e);
}
