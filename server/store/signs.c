#include "server/store/signs.h"

static const char sql_signs[] =
	"SELECT sign, since_ms, until_ms, value FROM station_sign"
	" WHERE event = $1 AND station = $2 ORDER BY until_ms IS NOT NULL, since_ms DESC, sign";
static const char sql_put[] =
	"INSERT INTO station_sign (event, station, sign, since_ms, value)"
	" VALUES ($1, $2, $3, $4, $5) ON CONFLICT (event, station, sign) DO UPDATE SET"
	" since_ms = CASE WHEN station_sign.until_ms IS NULL THEN station_sign.since_ms"
	" ELSE excluded.since_ms END, until_ms = NULL, value = excluded.value";
static const char sql_end[] =
	"UPDATE station_sign SET until_ms = $4 WHERE event = $1 AND station = $2 AND sign = $3";

/* What is held of a station, copied: the statements above may not run inside each other. */
struct held {
	struct str name;
	bool over;
	bool same; /* said again, with the same value */
	bool has_value;
	int64_t value;
};

static bool read_held(struct held out[LIMIT_STATION_SIGNS], size_t *n, struct db *db,
	const struct station *st, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_signs);
	enum db_row row;

	*n = 0;
	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, st->station);
	while ((row = db_step(q, e)) == DB_ROW && *n < LIMIT_STATION_SIGNS)
		out[(*n)++] = (struct held){ .name = arena_str(a, db_text(q, 0)),
			.over = !db_is_null(q, 2),
			.has_value = !db_is_null(q, 3),
			.value = db_i64(q, 3) };
	db_reset(q);
	return row != DB_FAILED;
}

static bool end_sign(
	struct db *db, const struct station *st, struct str name, int64_t got_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_end);

	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, st->station);
	db_bind_text(q, 3, name);
	db_bind_i64(q, 4, got_ms);
	return db_run(q, e);
}

static bool put_sign(struct db *db, const struct station *st, const struct batch_sign *s,
	int64_t got_ms, struct err *e)
{
	struct db_query *q = db_query(db, sql_put);
	int64_t since_ms = got_ms - (int64_t)s->for_ms;

	db_bind_i64(q, 1, st->event);
	db_bind_i64(q, 2, st->station);
	db_bind_text(q, 3, s->name);
	db_bind_i64(q, 4, since_ms > 0 ? since_ms : 0);
	if (s->has_value)
		db_bind_i64(q, 5, s->value);
	else
		db_bind_null(q, 5);
	return db_run(q, e);
}

static struct held *find_held(struct held *held, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_equal(held[i].name, name))
			return &held[i];
	return NULL;
}

/* A heartbeat that says what the one before said writes nothing. */
static bool put_new(struct db *db, const struct station *st, const struct batch_sign *s,
	struct held *held, size_t *n, int64_t got_ms, struct err *e)
{
	struct held *h = find_held(held, *n, s->name);

	if (!h && *n == LIMIT_STATION_SIGNS)
		return true;
	if (!h) {
		h = &held[(*n)++];
		*h = (struct held){ .name = s->name, .over = true };
	}
	h->same = true;
	if (!h->over && h->has_value == s->has_value && h->value == s->value)
		return true;
	return put_sign(db, st, s, got_ms, e);
}

bool signs_save(struct db *db, const struct station *st, const struct batch *b, int64_t got_ms,
	struct err *e)
{
	struct held held[LIMIT_STATION_SIGNS];
	struct arena a = { 0 };
	size_t n = 0;
	bool ok = !b->has_signs || read_held(held, &n, db, st, &a, e);

	for (size_t i = 0; ok && i < b->sign_count; i++)
		ok = put_new(db, st, &b->signs[i], held, &n, got_ms, e);
	for (size_t i = 0; ok && i < n; i++)
		if (!held[i].over && !held[i].same)
			ok = end_sign(db, st, held[i].name, got_ms, e);
	arena_finish(&a);
	return ok;
}

bool signs_write(
	struct json_writer *w, struct db *db, uint32_t event, int64_t station, struct err *e)
{
	struct db_query *q = db_query(db, sql_signs);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, station);
	json_open(w, "signs", '[');
	while ((row = db_step(q, e)) == DB_ROW) {
		json_open(w, NULL, '{');
		json_str(w, "sign", db_text(q, 0));
		json_i64(w, "since_ms", db_i64(q, 1));
		if (!db_is_null(q, 2))
			json_i64(w, "until_ms", db_i64(q, 2));
		if (!db_is_null(q, 3))
			json_i64(w, "value", db_i64(q, 3));
		json_close(w, '}');
	}
	json_close(w, ']');
	return row == DB_DONE;
}
