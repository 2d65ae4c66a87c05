/* The reading half of server/store/log.h. */
#include "server/store/log.h"
#include "server/store/log_time.h"

/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_person[] =
	"SELECT e.row, e.id, e.kind, e.boot_id, e.boot_ms, e.wall_ms, e.quality, e.got_ms,"
	" s.station,"
	" COALESCE(e.payload, p.payload), o.attendee, oi.id, st.owner, m.gone"
	" FROM mention m"
	" JOIN entry e ON e.row = m.row"
	" JOIN stream s ON s.stream = e.stream"
	" JOIN station st ON st.station = s.station"
	" LEFT JOIN private p ON p.row = e.row"
	" LEFT JOIN ref o ON o.event = m.event AND o.ref = m.other"
	" LEFT JOIN ref oi ON oi.event = o.event AND oi.ref = o.attendee"
	" WHERE m.event = $1"
	" AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2) ORDER BY e.row";

static const char sql_refused[] =
	"SELECT r.id, e.kind, r.reason, p.payload FROM station st"
	" JOIN refusal r ON r.event = st.event AND r.station = st.station"
	" JOIN entry e ON e.event = r.event AND e.id = r.id"
	" LEFT JOIN private p ON p.row = e.row WHERE st.event = $1 AND st.kind = 2"
	" AND st.owner IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" ORDER BY r.number";

static void read_row(struct db_query *q, uint32_t event, uint32_t attendee, struct arena *a,
	struct log_entry *x, struct log_stamp *t)
{
	*x = (struct log_entry){
		.row = db_i64(q, 0),
		.event = event,
		.id = db_id(q, 1),
		.kind = (enum entry_kind)db_i64(q, 2),
		.payload = arena_copy(a, db_blob(q, 9)),
		.other = (uint32_t)db_i64(q, 10),
		.other_id = db_id(q, 11),
		.by_kiosk = db_is_null(q, 12),
		.own = (uint32_t)db_i64(q, 12) == attendee,
		.gone = db_i64(q, 13) != 0,
	};
	*t = (struct log_stamp){
		.station = db_i64(q, 8),
		.time = { db_id(q, 3), (uint64_t)db_i64(q, 4), db_i64(q, 5),
			(enum clock_quality)db_i64(q, 6) },
		.got_ms = db_i64(q, 7),
	};
}

bool log_of_person(struct log_entry **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_person);
	struct buf entries = BUF_IN(a), stamps = BUF_IN(a);
	struct log_stamp *times;
	struct log_clock clock = { .db = db, .event = event };
	int64_t last = 0;
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct log_entry x;
		struct log_stamp t;

		read_row(q, event, attendee, a, &x, &t);
		/* twice for a meeting of two badges of one person: that is no meeting */
		if (x.row == last || (x.kind == ENTRY_MEETING && x.other == attendee))
			continue;
		last = x.row;
		buf_add(&entries, bytes_of(&x, sizeof(x)));
		buf_add(&stamps, bytes_of(&t, sizeof(t)));
	}
	if (row == DB_FAILED)
		return false;
	*n = entries.len / sizeof(**out);
	*out = ARENA_ARRAY(a, *n, struct log_entry);
	times = ARENA_ARRAY(a, *n, struct log_stamp);
	if (*n > 0) {
		memcpy(*out, entries.p, entries.len);
		memcpy(times, stamps.p, stamps.len);
	}
	for (size_t i = 0; i < *n; i++)
		if (!log_correct(&clock, &times[i], &(*out)[i].at_ms, &(*out)[i].about, e))
			return false;
	return true;
}

bool log_refused_of(struct log_refused **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_refused);
	struct buf list = BUF_IN(a);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct log_refused one = {
			.id = db_id(q, 0),
			.kind = (enum entry_kind)db_i64(q, 1),
			.reason = arena_str(a, db_text(q, 2)),
			.payload = arena_copy(a, db_blob(q, 3)),
		};

		buf_add(&list, bytes_of(&one, sizeof(one)));
	}
	*out = (struct log_refused *)(void *)list.p;
	*n = list.len / sizeof(**out);
	return row == DB_DONE;
}
