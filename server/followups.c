#include "server/followups.h"

#include "core/base/csv.h"
#include "core/base/json.h"
#include "core/followup/followup.h"
#include "server/store/facts.h"

/* Who agreed to what is asked of the tables of today, so that a withdrawal works at once. */
static const char sql_rows[] =
	"SELECT i.met_ms, i.kind, i.due, i.state, a.id, a.name, a.email, a.consent_contact,"
	" b.id, b.name, b.email, b.consent_contact"
	" FROM queue_item i"
	" JOIN attendee a ON a.event = i.event AND a.attendee = i.owner AND a.consent_followups = "
	"1 AND a.gone = 0"
	" LEFT JOIN attendee b ON b.event = i.event AND b.attendee = i.other AND b.gone = 0"
	" AND (b.consent_card = 1 OR b.consent_followups = 1 OR b.consent_contact = 1)"
	" WHERE i.event = $1 AND i.at = 0 ORDER BY i.owner, i.pos";
static const char sql_silent_owners[] = "SELECT COUNT(DISTINCT i.owner) FROM queue_item i"
					" LEFT JOIN attendee a ON a.event = i.event AND a.attendee "
					"= i.owner AND a.consent_followups = 1 AND a.gone = 0"
					" WHERE i.event = $1 AND i.at = 0 AND a.id IS NULL";

struct person {
	struct id id;
	struct str name, email; /* empty without consent */
};

struct row {
	uint32_t event;
	int64_t met_ms, due;
	enum followup_kind kind;
	enum followup_state state;
	struct person a, b;
	bool has_b;
};

struct counts {
	uint64_t rows,
		others; /* others: rows whose other person agreed to nothing, or has no badge */
	int64_t owners;
};

static struct person read_person(struct db_query *q, int column)
{
	struct person p = { .id = db_id(q, column) };

	if (db_i64(q, column + 3)) {
		p.name = db_text(q, column + 1);
		p.email = db_text(q, column + 2);
	}
	return p;
}

static struct row read_row(struct db_query *q, uint32_t event)
{
	struct row r = {
		.event = event,
		.met_ms = db_i64(q, 0),
		.kind = (enum followup_kind)db_i64(q, 1),
		.due = db_i64(q, 2),
		.state = (enum followup_state)db_i64(q, 3),
		.a = read_person(q, 4),
		.has_b = !db_is_null(q, 8),
	};

	if (r.has_b)
		r.b = read_person(q, 8);
	return r;
}

static void write_person(struct json_writer *w, const char *key, const struct person *p)
{
	json_open(w, key, '{');
	json_id(w, "id", p->id);
	if (p->name.len > 0)
		json_str(w, "name", p->name);
	if (p->email.len > 0)
		json_str(w, "email", p->email);
	json_close(w, '}');
}

static void write_json_row(struct json_writer *w, const struct row *r)
{
	json_open(w, NULL, '{');
	json_u64(w, "event", r->event);
	json_str(w, "met_at", str_of(clock_text(r->met_ms).s));
	write_person(w, "a", &r->a);
	if (r->has_b)
		write_person(w, "b", &r->b);
	else
		json_null(w, "b");
	json_str(w, "kind", str_of(followup_kind_name(r->kind)));
	json_str(w, "due", str_of(followup_date_text(r->due).s));
	json_str(w, "state", str_of(followup_state_name(r->state)));
	json_close(w, '}');
}

static void write_csv_row(struct buf *out, const struct row *r)
{
	char number[16];
	struct buf event = BUF_ON(number);
	struct clock_text met = clock_text(r->met_ms);
	struct followup_date due = followup_date_text(r->due);
	struct id_text a = id_text(r->a.id), b = id_text(r->b.id);

	buf_add_u64(&event, r->event);
	const struct str cells[] = {
		buf_str(&event),
		str_of(met.s),
		str_of(a.s),
		r->a.name,
		r->a.email,
		r->has_b ? str_of(b.s) : STR(""),
		r->b.name,
		r->b.email,
		str_of(followup_kind_name(r->kind)),
		str_of(due.s),
		str_of(followup_state_name(r->state)),
	};

	csv_row(out, cells, ARRAY_LEN(cells));
}

static bool count_silent(struct db *db, uint32_t event, int64_t *out, struct err *e)
{
	struct db_query *q = db_query(db, sql_silent_owners);
	bool ok;

	db_bind_i64(q, 1, event);
	ok = db_step(q, e) == DB_ROW;
	*out = ok ? db_i64(q, 0) : 0;
	db_reset(q);
	return ok;
}

/* Rows one at a time from the database to the text; w is NULL for CSV. */
static bool write_rows(struct buf *out, struct json_writer *w, struct db *db, uint32_t event,
	struct counts *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_rows);
	enum db_row step;

	db_bind_i64(q, 1, event);
	while ((step = db_step(q, e)) == DB_ROW) {
		struct row r = read_row(q, event);

		n->rows++;
		n->others += !r.has_b;
		if (w)
			write_json_row(w, &r);
		else
			write_csv_row(out, &r);
	}
	return step == DB_DONE;
}

static bool write_csv(struct buf *out, struct db *db, uint32_t event, struct err *e)
{
	static const struct str head[] = {
		STR_INIT("event"),
		STR_INIT("met_at"),
		STR_INIT("a_id"),
		STR_INIT("a_name"),
		STR_INIT("a_email"),
		STR_INIT("b_id"),
		STR_INIT("b_name"),
		STR_INIT("b_email"),
		STR_INIT("kind"),
		STR_INIT("due"),
		STR_INIT("state"),
	};
	struct counts n = { 0 };

	csv_begin(out);
	csv_row(out, head, ARRAY_LEN(head));
	return write_rows(out, NULL, db, event, &n, e);
}

static bool write_json(struct buf *out, struct db *db, uint32_t event, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct counts n = { 0 };

	json_open(&w, NULL, '{');
	json_u64(&w, "event", event);
	json_open(&w, "rows", '[');
	if (!write_rows(out, &w, db, event, &n, e) || !count_silent(db, event, &n.owners, e))
		return false;
	json_close(&w, ']');
	json_open(&w, "counts", '{');
	json_u64(&w, "rows", n.rows);
	json_i64(&w, "owners_without_consent", n.owners);
	json_u64(&w, "others_without_consent", n.others);
	json_close(&w, '}');
	json_close(&w, '}');
	return true;
}

bool followups_write(
	struct buf *out, struct db *db, uint32_t event, struct str format, struct err *e)
{
	if (str_equal(format, STR("csv")))
		return write_csv(out, db, event, e);
	if (str_equal(format, STR("json")))
		return write_json(out, db, event, e);
	return err_set(e, ERR_USAGE, "the follow-up list comes as csv or json");
}
