#include "server/store/opening.h"

#include "core/base/limits.h"
#include "server/store/events.h"
#include "server/store/facts.h"
#include "server/store/private.h"
#include "server/store/refusals.h"
#include "server/unseal.h"

enum { OPEN_ROWS = 256 }; /* about 10 ms, in which no request is answered */

static const char sql_waiting[] =
	"SELECT w.row, w.payload, e.event, e.id, e.kind, e.stream, e.seq, st.station, st.kind, o.id"
	" FROM sealed w JOIN entry e ON e.row = w.row JOIN stream s ON s.stream = e.stream"
	" JOIN station st ON st.station = s.station"
	" LEFT JOIN ref o ON o.event = st.event AND o.ref = st.owner ORDER BY w.row LIMIT $1";
static const char sql_opened[] = "DELETE FROM sealed WHERE row <= $1";
static const char sql_set_open[] = "UPDATE entry SET payload = $2 WHERE row = $1";
static const char sql_set_refused[] = "UPDATE entry SET refused = 1 WHERE row = $1";

/* A row as it waits. */
struct waiting {
	int64_t row;
	enum entry_kind kind;
	enum station_kind station_kind;
	struct id owner; /* of a STATION_OWN */
	struct refused place;
};

struct opening {
	struct waiting rows[OPEN_ROWS];
	struct unseal boxes[OPEN_ROWS];
	size_t count;
	struct arena arena;
};

static bool load(struct opening *o, struct db *db, struct err *e)
{
	struct db_query *q = db_query(db, sql_waiting);
	enum db_row row;

	db_bind_i64(q, 1, OPEN_ROWS);
	while ((row = db_step(q, e)) == DB_ROW && o->count < OPEN_ROWS) {
		o->boxes[o->count].sealed = arena_copy(&o->arena, db_blob(q, 1));
		o->rows[o->count++] = (struct waiting){
			.row = db_i64(q, 0),
			.kind = (enum entry_kind)db_i64(q, 4),
			.station_kind = (enum station_kind)db_i64(q, 8),
			.owner = db_id(q, 9),
			.place = { .event = (uint32_t)db_i64(q, 2),
				.station = db_i64(q, 7),
				.stream = db_i64(q, 5),
				.seq = (uint64_t)db_i64(q, 6),
				.id = db_id(q, 3) },
		};
	}
	db_reset(q);
	return row != DB_FAILED;
}

/* All rows of one event, n from the first on. An event without keys opens nothing. */
static bool open_event(struct opening *o, size_t first, size_t n, struct db *db, struct err *e)
{
	uint8_t public_key[SEAL_PUBLIC_LEN], secret_key[SEAL_SECRET_LEN];

	if (!event_seal_keys(db, o->rows[first].place.event, public_key, secret_key, e)) {
		if (e->code != ERR_NOT_FOUND)
			return false;
		*e = (struct err){ 0 };
		return true;
	}
	unseal_all(o->boxes + first, n, public_key, secret_key, &o->arena);
	crypto_wipe(secret_key, sizeof(secret_key));
	return true;
}

static bool open_all(struct opening *o, struct db *db, struct err *e)
{
	for (size_t i = 0, n; i < o->count; i += n) {
		uint32_t event = o->rows[i].place.event;

		for (n = 1; i + n < o->count && o->rows[i + n].place.event == event;)
			n++;
		if (!open_event(o, i, n, db, e))
			return false;
	}
	return true;
}

static const char *judge(const struct waiting *x, const struct unseal *u, struct arena *a)
{
	struct facts facts;
	struct err e = { 0 };

	if (!u->ok)
		return "cannot-be-opened";
	if (!facts_read(&facts, x->kind, u->plain, a, &e))
		return "malformed-payload";
	return facts_refuse(&facts, x->kind, x->station_kind, &x->owner);
}

static bool set(
	struct db *db, const char *sql, int64_t row, const struct bytes *payload, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, row);
	if (payload)
		db_bind_blob(q, 2, *payload);
	return db_run(q, e);
}

static bool keep(struct work *w, const struct waiting *x, const struct unseal *u,
	const char *refusal, struct err *e)
{
	struct bytes payload = u->ok ? u->plain : u->sealed;

	if (!refusal && facts_are_open(x->kind))
		return set(w->db, sql_set_open, x->row, &payload, e);
	/* what nobody could judge may hold anything, so it is private */
	if (!private_add(w->db, x->row, payload, e))
		return false;
	return !refusal || (set(w->db, sql_set_refused, x->row, NULL, e) &&
				   refusal_add(w, &x->place, refusal, e));
}

/* In a transaction: a command beside a running server may have been quicker. */
static bool open_some(struct opening *o, struct work *w, struct err *e)
{
	if (!load(o, w->db, e) || !open_all(o, w->db, e))
		return false;
	for (size_t i = 0; i < o->count; i++) {
		const char *refusal = judge(&o->rows[i], &o->boxes[i], &o->arena);

		if (!keep(w, &o->rows[i], &o->boxes[i], refusal, e))
			return false;
	}
	return o->count == 0 || set(w->db, sql_opened, o->rows[o->count - 1].row, NULL, e);
}

bool opening_step(struct work *w, bool *more, struct err *e)
{
	struct opening *o;
	int64_t first;
	bool ok;

	*more = false;
	if (!sealed_first(w->db, &first, e))
		return false;
	if (first == INT64_MAX)
		return true;
	o = calloc(1, sizeof(*o));
	if (!o)
		return err_set(e, ERR_INTERNAL, "no memory to open payloads");
	ok = db_begin(w->db, e) && open_some(o, w, e) && db_commit(w->db, e);
	if (!ok)
		db_rollback(w->db);
	*more = ok && o->count == OPEN_ROWS;
	arena_finish(&o->arena);
	free(o);
	return ok;
}
