/* One's own data: GET /v1/me/export, all of it in one file, and POST /v1/me/delete. */
#include "core/base/json.h"
#include "core/base/text.h"
#include "server/access.h"
#include "server/routes/me_parts.h"
#include "server/routes/routes.h"
#include "server/store/erase.h"
#include "server/store/log.h"
#include "server/store/my_log.h"
#include "server/store/people.h"
#include "server/store/queue.h"

static void write_entry(struct json_writer *w, const struct log_entry *x)
{
	json_open(w, NULL, '{');
	json_uuid(w, "entry", x->id);
	json_u64(w, "event", x->event);
	json_str(w, "kind", str_of(entry_kind_name(x->kind)));
	json_i64(w, "at_ms", x->at_ms);
	if (x->about)
		json_bool(w, "about", true);
	json_str(w, "by", x->own ? STR("me") : x->by_kiosk ? STR("station") : STR("other"));
	if (!id_is_none(x->other_id))
		json_id(w, "other", x->other_id);
	if (x->gone)
		json_bool(w, "taken_back", true);
	if (x->payload.len > 0)
		json_raw(w, "payload", (struct str){ (const char *)x->payload.p, x->payload.len });
	json_close(w, '}');
}

/* Every entry that concerns this person, also what was taken back, and what others ask of them. */
static bool write_log(struct json_writer *w, struct db *db, const struct my_log *log,
	struct arena *a, struct err *e)
{
	json_open(w, "log", '[');
	for (size_t k = 0; k < log->account_count; k++) {
		const struct account *me = &log->accounts[k];
		struct log_entry *all;
		size_t n;

		if (!log_of_person(&all, &n, db, me->event, me->attendee, a, e))
			return false;
		for (size_t i = 0; i < n; i++)
			/* a badge of one's own may have had another owner before, with a name */
			if (all[i].kind != ENTRY_BADGE_ASSIGN || all[i].other == me->attendee)
				write_entry(w, &all[i]);
	}
	for (size_t i = 0; i < log->count; i++)
		if (log->entries[i].kind == ENTRY_INTRODUCE && log->entries[i].other &&
			!log->entries[i].own)
			write_entry(w, &log->entries[i]);
	json_close(w, ']');
	return true;
}

/* What was not understood may be anything, so it goes out as text. */
static bool write_refused(struct json_writer *w, struct db *db, const struct account *me,
	struct arena *a, struct err *e)
{
	struct log_refused *all;
	size_t n;

	if (!log_refused_of(&all, &n, db, me->event, me->attendee, a, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct str text;

		json_open(w, NULL, '{');
		json_uuid(w, "entry", all[i].id);
		json_str(w, "kind", str_of(entry_kind_name(all[i].kind)));
		json_str(w, "reason", all[i].reason);
		if (utf8_check(all[i].payload, &text) && text.len > 0)
			json_str(w, "payload", text);
		json_close(w, '}');
	}
	return true;
}

static void write_people(struct json_writer *w, const struct my_log *log)
{
	json_open(w, "people", '[');
	for (size_t i = 0; i < log->people_count; i++)
		my_person_write(w, &log->people[i]);
	json_close(w, ']');
}

static bool write_all(struct buf *out, struct work *work, struct request *q, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct db *db = work->db;
	uint32_t event = q->caller.event;
	struct my_log log;
	struct ref me;

	if (!ref_find(db, event, q->caller.id, &me, e) ||
		!my_log_read(&log, db, event, me.attendee, q->arena, e))
		return false;
	json_open(&w, NULL, '{');
	json_i64(&w, "exported_ms", server_now(work->server));
	if (!me_write(&w, "me", work, q, e) || !write_log(&w, db, &log, q->arena, e))
		return false;
	json_open(&w, "refused", '[');
	for (size_t i = 0; i < log.account_count; i++)
		if (!write_refused(&w, db, &log.accounts[i], q->arena, e))
			return false;
	json_close(&w, ']');
	write_people(&w, &log);
	json_open(&w, "queue", '{');
	if (!queue_write_json(&w, db, event, me.attendee, e))
		return false;
	json_close(&w, '}');
	json_close(&w, '}');
	return true;
}

bool me_export_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);

	if (!write_all(&out, context, q, e))
		return false;
	reply_json(r, &out);
	reply_header(r, "Content-Disposition", STR("attachment; filename=\"kith.json\""));
	reply_header(r, "Cache-Control", STR("private, no-store"));
	reply_gzip(r, q);
	return true;
}

bool me_delete_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct account *all;
	struct attendee x;
	struct json *root;
	struct str typed;
	size_t n;

	if (!json_read(&root, q->body, q->arena, e) ||
		!attendee_find(&x, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	if (!json_get_str(root, "confirm", &typed))
		return err_set(e, ERR_MALFORMED, "confirm: your name, as it stands on your card");
	if (!str_equal(str_trim(typed), str_trim(x.name)))
		return err_set(
			e, ERR_CONFLICT, "that is not the name on your card: nothing was deleted");
	/* before the first goes, since who went is no longer one with the others */
	if (!accounts_of(&all, &n, w->db, q->caller.event, x.attendee, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!erase_person(w, all[i].event, all[i].attendee, e))
			return false;
	access_set_cookie(r, q, COOKIE_ATTENDEE, "", 0);
	r->status = 204;
	return true;
}
