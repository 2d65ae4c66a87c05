/* derive_person of server/store/derive.h: what all of a person's own entries say together. */
#include "server/store/derive.h"
#include "server/store/facts.h"
#include "server/store/log_time.h"
#include "server/store/people.h"
#include "server/store/said.h"

/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_of_person[] =
	"SELECT e.id, e.kind, e.boot_id, e.boot_ms, e.wall_ms, e.quality, e.got_ms, s.station, "
	"e.payload"
	" FROM mention m JOIN entry e ON e.row = m.row JOIN stream s ON s.stream = e.stream"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.gone = 0 AND m.kind IN (1, 2, 11) ORDER BY e.id";
static const char sql_set_in[] =
	"UPDATE attendee SET in_entry = $3, in_ms = $4 WHERE event = $1 AND attendee = $2"
	" AND in_entry IS DISTINCT FROM $3";

static bool set_in(struct db *db, uint32_t event, uint32_t attendee, const struct id *entry,
	int64_t at_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_set_in);

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	if (entry) {
		db_bind_id(q, 3, entry);
		db_bind_i64(q, 4, at_ms);
	}
	/* who met them sees that they are here */
	return db_run(q, e) &&
	       (db_changes(db) == 0 || (attendee_touch(db, event, attendee, e) &&
					       dirty_around(db, event, attendee, e)));
}

/* What a person's own entries say, by id: the order of arrival is no matter. */
struct said {
	bool in, consented[PURPOSE_END], given[PURPOSE_END];
	struct id in_entry, consent_entry[PURPOSE_END];
	int64_t in_ms, consent_ms[PURPOSE_END], version[PURPOSE_END];
};

static bool take_said(
	struct said *s, struct db_query *q, struct log_clock *clock, struct arena *a, struct err *e)
{
	const struct log_stamp stamp = {
		.station = db_i64(q, 7),
		.time = { db_id(q, 2), (uint64_t)db_i64(q, 3), db_i64(q, 4),
			(enum clock_quality)db_i64(q, 5) },
		.got_ms = db_i64(q, 6),
	};
	enum entry_kind kind = (enum entry_kind)db_i64(q, 1);
	struct id id = db_id(q, 0);
	struct facts facts;
	int64_t at_ms;
	bool about;

	if (!log_correct(clock, &stamp, &at_ms, &about, e))
		return false;
	if (kind == ENTRY_CHECKOUT) {
		s->in = false;
	} else if (kind == ENTRY_CHECKIN && !s->in) {
		s->in = true;
		s->in_entry = id;
		s->in_ms = at_ms;
	} else if (kind == ENTRY_CONSENT && facts_read(&facts, kind, db_blob(q, 8), a, e) &&
		   (size_t)facts.purpose < ARRAY_LEN(s->given)) {
		s->consented[facts.purpose] = true;
		s->given[facts.purpose] = facts.given;
		s->version[facts.purpose] = facts.version;
		s->consent_entry[facts.purpose] = id;
		s->consent_ms[facts.purpose] = at_ms;
	}
	return true;
}

bool derive_said(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	struct log_clock clock = { .db = db, .event = event };
	struct db_query *q = db_query(db, sql_of_person);
	struct arena a = { 0 };
	struct said s = { 0 };
	enum db_row row;
	bool ok = true;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	while (ok && (row = db_step(q, e)) == DB_ROW)
		ok = take_said(&s, q, &clock, &a, e);
	db_reset(q);
	arena_finish(&a);
	ok = ok && row == DB_DONE &&
	     set_in(db, event, attendee, s.in ? &s.in_entry : NULL, s.in_ms, e);
	s.consented[PURPOSE_INTRODUCE] = false; /* of one introduction: server/store/about.h */
	for (unsigned i = PURPOSE_CARD; ok && i < PURPOSE_END; i++)
		ok = s.consented[i] ? consent_set(db, event, attendee, (enum purpose)i, s.given[i],
					      s.version[i], s.consent_ms[i], &s.consent_entry[i], e)
				    : consent_unsay(db, event, attendee, (enum purpose)i, e);
	return ok;
}

bool derive_person(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	return derive_said(db, event, attendee, e) && said_derive(db, event, attendee, e);
}
