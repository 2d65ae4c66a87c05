#include "server/store/private.h"

static const char sql_add[] = "INSERT INTO private (row, payload) VALUES ($1, $2)";
static const char sql_get[] = "SELECT payload FROM private WHERE row = $1";

bool private_add(struct db *db, int64_t row, struct bytes payload, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);

	db_bind_i64(q, 1, row);
	db_bind_blob(q, 2, payload);
	return db_run(q, e);
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
