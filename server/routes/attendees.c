/* The organizer's list of attendees: reading, finding, importing; their badges. */
#include "core/base/json.h"
#include "server/import.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/people.h"

enum { LIST_MAX = 1000 };

static const char sql_find[] = "SELECT attendee FROM attendee WHERE event = $1 AND gone = 0 AND "
			       "(lower(name) LIKE lower($2) ESCAPE '!'"
			       " OR lower(organization) LIKE lower($2) ESCAPE '!' OR lower(email) "
			       "LIKE lower($2) ESCAPE '!')"
			       " ORDER BY name, attendee LIMIT $3";
static const char sql_badges[] =
	"SELECT id FROM ref WHERE event = $1 AND attendee = $2 AND badge = 1 AND revoked = 0"
	" ORDER BY ref";

/* "%text%", with the pattern's own characters taken literally. */
static struct str like(struct arena *a, struct str text)
{
	struct buf out = BUF_IN(a);

	buf_add_char(&out, '%');
	for (size_t i = 0; i < text.len; i++) {
		if (text.p[i] == '%' || text.p[i] == '_' || text.p[i] == '!')
			buf_add_char(&out, '!');
		buf_add_char(&out, text.p[i]);
	}
	buf_add_char(&out, '%');
	return buf_str(&out);
}

static bool write_attendee(struct json_writer *w, struct db *db, uint32_t event, uint32_t attendee,
	struct arena *a, struct err *e)
{
	struct db_query *q;
	struct attendee x;
	enum db_row row;

	if (!attendee_get(&x, db, event, attendee, a, e))
		return false;
	json_open(w, NULL, '{');
	json_id(w, "id", x.id);
	json_str(w, "name", x.name);
	json_str(w, "organization", x.organization);
	json_str(w, "email", x.email);
	if (x.in)
		json_i64(w, "checked_in_ms", x.in_ms);
	else
		json_null(w, "checked_in_ms");
	json_bool(w, "ticket", x.has_ticket);
	q = db_query(db, sql_badges);
	db_bind_i64(q, 1, event);
	db_bind_i64(q, 2, attendee);
	json_open(w, "badges", '[');
	while ((row = db_step(q, e)) == DB_ROW)
		json_id(w, NULL, db_id(q, 0));
	json_close(w, ']');
	json_open(w, "consents", '{');
	json_bool(w, "card", x.consents[PURPOSE_CARD]);
	json_bool(w, "followups", x.consents[PURPOSE_FOLLOWUPS]);
	json_bool(w, "contact", x.consents[PURPOSE_CONTACT]);
	json_close(w, '}');
	json_close(w, '}');
	return row == DB_DONE;
}

bool attendees_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	uint32_t *found = ARENA_ARRAY(q->arena, LIST_MAX, uint32_t), event;
	struct db_query *query;
	struct str text;
	enum db_row row;
	size_t n = 0;

	if (!route_event(work, q, &event, e))
		return false;
	if (!request_query(q, "q", &text))
		text = STR("");
	query = db_query(work->db, sql_find);
	db_bind_i64(query, 1, event);
	db_bind_text(query, 2, like(q->arena, text));
	db_bind_i64(query, 3, LIST_MAX);
	while ((row = db_step(query, e)) == DB_ROW && n < LIST_MAX)
		found[n++] = (uint32_t)db_i64(query, 0);
	db_reset(query);
	if (row == DB_FAILED)
		return false;
	json_open(&w, NULL, '[');
	for (size_t i = 0; i < n; i++)
		if (!write_attendee(&w, work->db, event, found[i], q->arena, e))
			return false;
	json_close(&w, ']');
	reply_json(r, &out);
	return true;
}

bool attendees_prepare(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct import *list = ARENA_NEW(q->arena, struct import);

	(void)context, (void)r;
	q->note = list;
	return import_read(list, q->body, q->arena, e);
}

bool attendees_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct import_result result = { 0 };
	struct import *list = q->note;
	struct str preview;
	uint32_t event;
	bool only_look = request_query(q, "preview", &preview) && !str_equal(preview, STR("0"));

	if (!route_event(work, q, &event, e))
		return false;
	/* a list with problems is shown with all of them, not refused with the first */
	if (list->problem_count == 0 && !import_run(work, event, list, only_look, &result, e))
		return false;
	import_write_json(&w, list, &result);
	reply_json(r, &out);
	if (list->problem_count > 0 && !only_look)
		r->status = 400;
	return true;
}

bool badge_revoke_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	uint32_t event;
	struct id badge;

	if (!route_event(work, q, &event, e) || !route_id(q, 1, &badge, e) ||
		!badge_revoke(work->db, event, badge, e))
		return false;
	json_open(&w, NULL, '{');
	json_id(&w, "badge", badge);
	json_str(&w, "state", STR("revoked"));
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}
