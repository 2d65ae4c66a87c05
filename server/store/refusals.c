#include "server/store/refusals.h"

static const char sql_add[] =
	"INSERT INTO refusal (event, station, number, stream, seq, id, reason) VALUES ($1, $2,"
	" (SELECT COALESCE(MAX(number), 0) + 1 FROM refusal WHERE event = $1 AND station = $2),"
	" $3, $4, $5, $6)";
static const char sql_past[] = "SELECT number, id, reason FROM refusal WHERE event = $1"
			       " AND station = $2 AND number > $3 ORDER BY number LIMIT $4";

bool refusal_add(struct work *w, const struct refused *x, const char *reason, struct err *e)
{
	struct db_query *q = db_query(w->db, sql_add);

	db_bind_i64(q, 1, x->event);
	db_bind_i64(q, 2, x->station);
	db_bind_i64(q, 3, x->stream);
	db_bind_i64(q, 4, (int64_t)x->seq);
	db_bind_id(q, 5, &x->id);
	db_bind_text(q, 6, str_of(reason));
	atomic_fetch_add(&w->server->counts.refused, 1);
	return db_run(q, e);
}

bool refusals_past(struct batch_refusal **out, size_t *n, uint64_t *last, struct db *db,
	uint32_t event, int64_t station, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_past);
	struct buf list = BUF_IN(a);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, station);
	db_bind_i64(q, 3, *last > INT64_MAX ? INT64_MAX : (int64_t)*last);
	db_bind_i64(q, 4, LIMIT_BATCH_ENTRIES);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct batch_refusal x = { db_id(q, 1), arena_str(a, db_text(q, 2)) };

		*last = (uint64_t)db_i64(q, 0);
		buf_add(&list, bytes_of(&x, sizeof(x)));
	}
	*n = list.len / sizeof(**out);
	*out = ARENA_ARRAY(a, *n, struct batch_refusal);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row != DB_FAILED;
}
