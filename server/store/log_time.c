#include "server/store/log_time.h"

enum { BUCKET_MS = 600000, SANE_AHEAD_MS = 60000 };
static const int64_t SANE_FROM_MS = 1577836800000; /* 2020: older than every entry */

/* The nearest on each side; a boot has few buckets, and both are found by the key. */
static const char sql_before[] =
	"SELECT bucket, offset_ms FROM anchor WHERE event = $1 AND station = $2"
	" AND boot_id = $3 AND bucket <= $4 ORDER BY bucket DESC LIMIT 1";
static const char sql_after[] =
	"SELECT bucket, offset_ms FROM anchor WHERE event = $1 AND station = $2"
	" AND boot_id = $3 AND bucket > $4 ORDER BY bucket LIMIT 1";

static bool nearest(struct log_clock *c, const char *sql, int64_t *distance, struct err *e)
{
	struct db_query *q = db_query(c->db, sql);
	enum db_row row;

	db_bind_i64(q, 1, c->event);
	db_bind_i64(q, 2, c->station);
	db_bind_id(q, 3, &c->boot_id);
	db_bind_i64(q, 4, c->bucket);
	row = db_step(q, e);
	if (row == DB_ROW) {
		int64_t far = db_i64(q, 0) - c->bucket;

		far = far < 0 ? -far : far;
		if (!c->found || far < *distance) {
			c->found = true;
			c->offset_ms = db_i64(q, 1);
			*distance = far;
		}
	}
	db_reset(q);
	return row != DB_FAILED;
}

static bool look_up(struct log_clock *c, const struct log_stamp *t, struct err *e)
{
	int64_t bucket = (int64_t)(t->time.boot_ms / BUCKET_MS), distance = 0;

	if (c->known && c->station == t->station && c->bucket == bucket &&
		id_equal(c->boot_id, t->time.boot_id))
		return true;
	c->station = t->station;
	c->bucket = bucket;
	c->boot_id = t->time.boot_id;
	c->found = false;
	c->known = nearest(c, sql_before, &distance, e) && nearest(c, sql_after, &distance, e);
	return c->known;
}

bool log_correct(
	struct log_clock *c, const struct log_stamp *t, int64_t *at_ms, bool *about, struct err *e)
{
	*about = false;
	if (!look_up(c, t, e))
		return false;
	if (c->found && t->time.boot_ms < INT64_MAX / 2) {
		*at_ms = (int64_t)t->time.boot_ms + c->offset_ms;
		/* a phone may claim any boot time, and others are shown what it makes of it */
		if (*at_ms >= SANE_FROM_MS && *at_ms <= t->got_ms + SANE_AHEAD_MS)
			return true;
		*about = true;
		*at_ms = t->got_ms;
		return true;
	}
	*at_ms = t->time.wall_ms;
	/* a clock that was never set says 1970; one set from a file runs late, never early */
	*about = t->time.quality < CLOCK_NTP;
	if (*at_ms < SANE_FROM_MS || *at_ms > t->got_ms) {
		*about |= *at_ms < SANE_FROM_MS || *at_ms > t->got_ms + SANE_AHEAD_MS;
		*at_ms = t->got_ms;
	}
	return true;
}
