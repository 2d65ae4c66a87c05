#include "server/store/private.h"

static const char sql_add[] = "INSERT INTO private (row, payload) VALUES ($1, $2)";
static const char sql_add_sealed[] = "INSERT INTO sealed (row, payload) VALUES ($1, $2)";
static const char sql_first_sealed[] = "SELECT MIN(row) FROM sealed";
static const char sql_get[] = "SELECT payload FROM private WHERE row = $1";

/* All kinds but buddy (15), which is two ids and the other's too. */
static const char sql_erase[] =
	"DELETE FROM private WHERE row IN (SELECT m.row FROM mention m WHERE m.event = $1"
	" AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2) AND m.kind <> 15)";
static const char sql_erase_refused[] =
	"DELETE FROM private WHERE row IN (SELECT e.row FROM station st"
	" JOIN refusal r ON r.event = st.event AND r.station = st.station"
	" JOIN entry e ON e.event = r.event AND e.id = r.id WHERE st.event = $1 AND st.kind = 2"
	" AND st.owner IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2))";
static const char sql_drop[] = "DELETE FROM private WHERE row = $1";

static bool add(struct db *db, const char *sql, int64_t row, struct bytes payload, struct err *e)
{
	struct db_query *q = db_query(db, sql);

	db_bind_i64(q, 1, row);
	db_bind_blob(q, 2, payload);
	return db_run(q, e);
}

bool private_add(struct db *db, int64_t row, struct bytes payload, struct err *e)
{
	return add(db, sql_add, row, payload, e);
}

bool sealed_add(struct db *db, int64_t row, struct bytes payload, struct err *e)
{
	return add(db, sql_add_sealed, row, payload, e);
}

bool sealed_first(struct db *db, int64_t *row, struct err *e)
{
	struct db_query *q = db_query(db, sql_first_sealed);
	bool ok = db_step(q, e) == DB_ROW;

	*row = ok && !db_is_null(q, 0) ? db_i64(q, 0) : INT64_MAX;
	db_reset(q);
	return ok;
}

bool private_get(struct db *db, int64_t row, struct arena *a, struct bytes *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_get);
	enum db_row found;

	db_bind_i64(q, 1, row);
	found = db_step(q, e);
	if (found == DB_ROW)
		*out = arena_copy(a, db_blob(q, 0));
	else if (found == DB_DONE)
		err_set(e, ERR_NOT_FOUND, "nothing private in row %lld", (long long)row);
	db_reset(q);
	return found == DB_ROW;
}

bool private_erase(struct db *db, uint32_t event, uint32_t attendee, struct err *e)
{
	const char *const both[] = { sql_erase, sql_erase_refused };

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		struct db_query *q = db_query(db, both[i]);

		db_bind_i64(q, 1, event);
		db_bind_i64(q, 2, attendee);
		if (!db_run(q, e))
			return false;
	}
	return true;
}

bool private_drop(struct db *db, int64_t row, struct err *e)
{
	struct db_query *q = db_query(db, sql_drop);

	db_bind_i64(q, 1, row);
	return db_run(q, e);
}
