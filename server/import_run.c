/* The writing half of server/import.h. */
#include "core/tag/ticket.h"
#include "server/import.h"
#include "server/store/derive.h"
#include "server/store/erase.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/said.h"

enum { SAMPLE_ROWS = 5 };

static const char sql_by_email[] =
	"SELECT attendee FROM attendee WHERE event = $1 AND email = $2 AND gone = 0"
	" UNION SELECT s.attendee FROM said s JOIN attendee a ON a.event = s.event"
	" AND a.attendee = s.attendee WHERE s.event = $1 AND s.field = 'email' AND s.listed = $2"
	" AND a.gone = 0 LIMIT 2";
static const char sql_base[] = "SELECT given FROM consent WHERE event = $1 AND attendee = $2 AND "
			       "purpose = $3 AND said = 0";

struct run {
	struct work *work;
	uint32_t event;
	uint8_t ticket_key[32];
	bool preview;
	struct arena arena; /* of one row */
};

/* Exactly one attendee of that address; 0: none, or several. */
static bool find_by_email(struct run *run, struct str email, uint32_t *out, struct err *e)
{
	struct db_query *q = db_query(run->work->db, sql_by_email);
	enum db_row row;
	int n = 0;

	*out = 0;
	db_bind_i64(q, 1, run->event);
	db_bind_text(q, 2, email);
	while ((row = db_step(q, e)) == DB_ROW && n++ < 2)
		*out = n == 1 ? (uint32_t)db_i64(q, 0) : 0;
	db_reset(q);
	return row != DB_FAILED;
}

static bool find_row(struct run *run, const struct import_row *row, struct attendee *out,
	bool *found, struct err *e)
{
	uint32_t number = 0;
	struct ref ref;

	*found = false;
	*out = (struct attendee){ .id = row->id };
	if (!id_is_none(row->id)) {
		if (ref_find(run->work->db, run->event, row->id, &ref, e))
			number = ref.attendee;
		else if (e->code != ERR_NOT_FOUND)
			return false;
	} else if (row->cells[COLUMN_EMAIL].len > 0 &&
		   !find_by_email(run, row->cells[COLUMN_EMAIL], &number, e)) {
		return false;
	}
	*e = (struct err){ 0 };
	if (number == 0)
		return true;
	*found = attendee_get(out, run->work->db, run->event, number, &run->arena, e) &&
		 said_listed(out, run->work->db, run->event, &run->arena, e);
	if (*found || e->code != ERR_NOT_FOUND)
		return *found;
	*e = (struct err){ 0 }; /* an id that entries named, and nobody is */
	return true;
}

static void put(struct str *field, struct str cell, bool *changed)
{
	if (cell.len == 0 || str_equal(*field, cell))
		return;
	*field = cell;
	*changed = true;
}

static bool apply(struct attendee *x, const struct import_row *row)
{
	bool changed = false;

	put(&x->name, row->name, &changed);
	put(&x->organization, row->cells[COLUMN_ORGANIZATION], &changed);
	put(&x->title, row->cells[COLUMN_TITLE], &changed);
	put(&x->email, row->cells[COLUMN_EMAIL], &changed);
	put(&x->phone, row->cells[COLUMN_PHONE], &changed);
	put(&x->url, row->cells[COLUMN_URL], &changed);
	put(&x->lang, row->cells[COLUMN_LANG], &changed);
	changed |= x->gone;
	x->gone = false;
	return changed;
}

/* Whether the list says something else than the last list did. */
static bool consent_differs(
	struct run *run, uint32_t attendee, unsigned purpose, bool given, bool *out, struct err *e)
{
	struct db_query *q = db_query(run->work->db, sql_base);
	enum db_row row;

	db_bind_i64(q, 1, run->event);
	db_bind_i64(q, 2, attendee);
	db_bind_i64(q, 3, purpose);
	row = db_step(q, e);
	*out = row == DB_DONE || (db_i64(q, 0) != 0) != given;
	db_reset(q);
	return row != DB_FAILED;
}

static bool apply_consents(struct run *run, uint32_t attendee, const struct import_row *row,
	bool *changed, struct err *e)
{
	for (unsigned p = PURPOSE_CARD; p <= PURPOSE_CONTACT; p++) {
		bool differs;

		if (!row->has_consent[p])
			continue;
		if (!consent_differs(run, attendee, p, row->consents[p], &differs, e))
			return false;
		*changed |= differs;
		if (differs && !run->preview &&
			!consent_set(run->work->db, run->event, attendee, (enum purpose)p,
				row->consents[p], 0, server_now(run->work->server), NULL, e))
			return false;
	}
	return true;
}

static bool apply_ticket(struct run *run, const struct attendee *x, const struct import_row *row,
	bool *changed, struct err *e)
{
	struct ticket_hash hash;
	struct ticket ticket;

	if (row->cells[COLUMN_TICKET].len == 0 || !ticket_read(row->cells[COLUMN_TICKET], &ticket))
		return true;
	hash = ticket_hash(bytes_of(run->ticket_key, sizeof(run->ticket_key)), ticket);
	if (x->has_ticket && memcmp(x->ticket_hash, hash.b, sizeof(hash.b)) == 0)
		return true;
	*changed = true;
	if (run->preview || attendee_set_ticket(run->work->db, run->event, x->attendee, hash.b,
				    server_now(run->work->server), e))
		return true;
	return e->code == ERR_CONFLICT
		       ? err_set(e, ERR_CONFLICT, "the ticket is somebody else's already")
		       : false;
}

/* An attendee's own id is nobody's badge: their sessions and entries go by it. */
static bool can_give(struct run *run, const struct ref *badge, struct err *e)
{
	struct attendee unused;
	bool theirs = badge->attendee != badge->ref ||
		      attendee_get(&unused, run->work->db, run->event, badge->ref, &run->arena, e);

	if (theirs)
		return err_set(e, ERR_CONFLICT, "the badge is somebody else's already");
	if (e->code != ERR_NOT_FOUND)
		return false;
	*e = (struct err){ 0 };
	return true;
}

static bool apply_badge(struct run *run, const struct attendee *x, const struct import_row *row,
	bool *changed, struct err *e)
{
	struct db *db = run->work->db;
	struct ref ref;

	if (id_is_none(row->badge) || id_equal(row->badge, x->id))
		return true;
	if (run->preview) {
		bool known = ref_find(db, run->event, row->badge, &ref, e);

		if (!known && e->code != ERR_NOT_FOUND)
			return false;
		*e = (struct err){ 0 };
		*changed |= !known || ref.attendee != x->attendee;
		return true;
	}
	if (!ref_intern(db, run->event, row->badge, &ref, e))
		return false;
	if (ref.attendee == x->attendee)
		return true;
	*changed = true;
	return can_give(run, &ref, e) && badge_give(db, run->event, ref.ref, x->attendee, e);
}

/* Everybody has a badge to print and encode, so that no badge shows the attendee's own id. */
static bool give_badge(
	struct run *run, const struct attendee *x, const struct import_row *row, struct err *e)
{
	struct ref ref;

	return !id_is_none(row->badge) ||
	       (ref_intern(run->work->db, run->event, crypto_random_id(), &ref, e) &&
		       badge_give(run->work->db, run->event, ref.ref, x->attendee, e));
}

static bool import_one(
	struct run *run, const struct import_row *row, struct import_result *out, struct err *e)
{
	struct db *db = run->work->db;
	bool found, changed = false, erased = false;
	struct attendee x;

	if (!find_row(run, row, &x, &found, e))
		return false;
	if (found && !erase_done(&erased, db, run->event, x.attendee, e))
		return false;
	if (erased) {
		out->same++; /* who went stays away, whatever the list says */
		return true;
	}
	changed = apply(&x, row);
	if (run->preview && !found) {
		out->added++;
		return true;
	}
	if (!found && !(attendee_add(db, run->event, &x, NULL, e) && give_badge(run, &x, row, e)))
		return false;
	if (found && changed && !run->preview && !attendee_save(db, run->event, &x, e))
		return false;
	if (!apply_consents(run, x.attendee, row, &changed, e) ||
		!apply_ticket(run, &x, row, &changed, e) || !apply_badge(run, &x, row, &changed, e))
		return false;
	/* entries may have named this person before the list did */
	if (!found && !id_is_none(row->id) && !derive_person(db, run->event, x.attendee, e))
		return false;
	out->added += !found;
	out->changed += found && changed;
	out->same += found && !changed;
	return true;
}

bool import_run(struct work *w, uint32_t event, struct import *in, bool preview,
	struct import_result *out, struct err *e)
{
	struct run run = { .work = w, .event = event, .preview = preview };
	const struct import_problem *p = in->problems;
	struct event x;
	bool ok = true;

	*out = (struct import_result){ .rows = in->row_count };
	if (in->problem_count > 0)
		return err_set(e, ERR_MALFORMED, "line %zu: " STR_FMT "%s" STR_FMT, p->line,
			STR_ARG(p->field), p->field.len ? ": " : "", STR_ARG(p->text));
	if (!event_get(&x, w->db, event, &run.arena, e)) {
		arena_finish(&run.arena);
		return false;
	}
	memcpy(run.ticket_key, x.ticket_key, sizeof(run.ticket_key));
	crypto_wipe(&x, sizeof(x));
	for (size_t i = 0; ok && i < in->row_count; i++) {
		ok = import_one(&run, &in->rows[i], out, e) ||
		     err_in(e, "line %zu", in->rows[i].line);
		arena_reset(&run.arena);
	}
	arena_finish(&run.arena);
	crypto_wipe(run.ticket_key, sizeof(run.ticket_key));
	return ok;
}

static void write_problem(struct json_writer *w, const struct import_problem *p)
{
	json_open(w, NULL, '{');
	json_u64(w, "line", p->line);
	json_str(w, "field", p->field);
	json_str(w, "text", p->text);
	json_close(w, '}');
}

static void write_sample(struct json_writer *w, const struct import_row *row)
{
	static const char *const purposes[] = { NULL, "card", "followups", "contact" };

	json_open(w, NULL, '{');
	json_u64(w, "line", row->line);
	json_str(w, "name", row->name);
	json_str(w, "organization", row->cells[COLUMN_ORGANIZATION]);
	json_str(w, "email", row->cells[COLUMN_EMAIL]);
	json_open(w, "consents", '{');
	for (unsigned p = PURPOSE_CARD; p <= PURPOSE_CONTACT; p++)
		json_bool(w, purposes[p], row->consents[p]);
	json_close(w, '}');
	json_close(w, '}');
}

void import_write_json(
	struct json_writer *w, const struct import *in, const struct import_result *result)
{
	json_open(w, NULL, '{');
	json_u64(w, "rows", in->row_count);
	json_u64(w, "new", result->added);
	json_u64(w, "changed", result->changed);
	json_u64(w, "problem_count", in->problem_count);
	json_open(w, "problems", '[');
	for (size_t i = 0; i < in->problem_count && i < IMPORT_PROBLEMS_MAX; i++)
		write_problem(w, &in->problems[i]);
	json_close(w, ']');
	json_open(w, "ignored", '[');
	for (size_t i = 0; i < in->ignored_count; i++)
		json_str(w, NULL, in->ignored[i]);
	json_close(w, ']');
	json_open(w, "sample", '[');
	for (size_t i = 0; i < in->row_count && i < SAMPLE_ROWS; i++)
		write_sample(w, &in->rows[i]);
	json_close(w, ']');
	json_close(w, '}');
}
