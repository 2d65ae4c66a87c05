#include "server/store/my_log.h"

/* With IN, not a join: SQLite would else read the mentions of the whole event. */
static const char sql_gone[] =
	"SELECT DISTINCT e.id FROM mention m JOIN entry e ON e.row = m.row"
	" WHERE m.event = $1 AND m.ref IN (SELECT ref FROM ref WHERE event = $1 AND attendee = $2)"
	" AND m.gone = 1 ORDER BY e.id";
static const char sql_rev[] =
	"SELECT COALESCE((SELECT rev FROM queue_owner WHERE event = $1 AND owner = $2), 0),"
	" EXISTS (SELECT 1 FROM queue_dirty WHERE event = $1 AND owner = $2)";

/* What nobody plans from: who gave out which badge, and what the desk turned away. */
static bool is_wanted(enum entry_kind kind)
{
	return kind != ENTRY_BADGE_ASSIGN && kind != ENTRY_REFUSED && kind != ENTRY_RETRACT;
}

static bool read_gone(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_gone);
	struct buf ids = BUF_IN(a);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	while ((row = db_step(q, e)) == DB_ROW) {
		struct id id = db_id(q, 0);

		buf_add(&ids, id_bytes(&id));
	}
	out->gone_count = ids.len / sizeof(struct id);
	out->gone = ARENA_ARRAY(a, out->gone_count, struct id);
	if (out->gone_count > 0)
		memcpy(out->gone, ids.p, ids.len);
	return row == DB_DONE;
}

bool my_log_read(struct my_log *out, struct db *db, uint32_t event, uint32_t owner, struct arena *a,
	struct err *e)
{
	size_t n, kept = 0;

	*out = (struct my_log){ 0 };
	if (!log_of_owner(&out->entries, &n, db, event, owner, a, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (is_wanted(out->entries[i].kind))
			out->entries[kept++] = out->entries[i];
	out->count = kept;
	return read_gone(out, db, event, owner, a, e);
}

bool my_log_rev(
	struct db *db, uint32_t event, uint32_t owner, int64_t *rev, bool *settled, struct err *e)
{
	struct db_query *q = db_query(db, sql_rev);
	enum db_row row;

	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, owner);
	row = db_step(q, e);
	if (row == DB_ROW) {
		*rev = db_i64(q, 0);
		*settled = db_i64(q, 1) == 0;
	}
	db_reset(q);
	return row == DB_ROW;
}
