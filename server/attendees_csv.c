#include "server/attendees_csv.h"

#include "core/base/csv.h"

static const char sql_rows[] =
	"SELECT a.id, a.name, a.organization, a.title, a.email, a.lang,"
	" (SELECT b.id FROM ref b WHERE b.event = a.event AND b.attendee = a.attendee"
	" AND b.badge = 1 AND b.revoked = 0 ORDER BY b.ref DESC LIMIT 1)"
	" FROM attendee a WHERE a.event = $1 AND a.gone = 0 ORDER BY a.name, a.id";

/* A dash in front would get an apostrophe, as a formula does: such an id is written as a UUID. */
static struct id_text id_cell(struct id id)
{
	struct id_text text = id_text(id);

	return text.s[0] == '-' ? id_uuid_text(id) : text;
}

bool attendees_csv_write(struct buf *out, struct db *db, uint32_t event, struct err *e)
{
	static const struct str head[] = { STR_INIT("id"), STR_INIT("name"),
		STR_INIT("organization"), STR_INIT("title"), STR_INIT("email"), STR_INIT("lang"),
		STR_INIT("badge") };
	struct db_query *q = db_query(db, sql_rows);
	enum db_row row;

	csv_begin(out);
	csv_row(out, head, ARRAY_LEN(head));
	db_bind_i64(q, 1, event);
	while ((row = db_step(q, e)) == DB_ROW) {
		const struct id_text id = id_cell(db_id(q, 0));
		struct id_text badge = { 0 };

		if (!db_is_null(q, 6))
			badge = id_cell(db_id(q, 6));
		csv_row(out,
			(struct str[]){ str_of(id.s), db_text(q, 1), db_text(q, 2), db_text(q, 3),
				db_text(q, 4), db_text(q, 5), str_of(badge.s) },
			ARRAY_LEN(head));
	}
	return row == DB_DONE;
}
