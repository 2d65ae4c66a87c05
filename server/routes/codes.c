/*
 * POST /v1/codes: whom a short code names (core/tag/short_code.h). Only to the event's own
 * attendees, and few a person: a code gives the id that stands in the QR code above it, no more.
 */
#include "core/base/json.h"
#include "core/tag/short_code.h"
#include "server/access.h"
#include "server/routes/routes.h"
#include "server/store/people.h"
#include "server/store/said.h"

static bool unknown(struct err *e)
{
	return err_set(
		e, ERR_NOT_FOUND, "nobody at this event has that code: compare it once more");
}

/* Whom somebody blocks, that person's code says nothing to. */
static bool check_apart(
	struct work *w, struct request *q, uint32_t asks, uint32_t named, struct err *e)
{
	struct apart *all;
	size_t n;

	if (!apart_read(&all, &n, w->db, q->caller.event, asks, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++)
		if (all[i].kind == APART_BLOCK && all[i].by == named && all[i].other == asks)
			return unknown(e);
	return true;
}

bool codes_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&out);
	struct short_code code;
	uint32_t named = 0;
	struct json *root;
	struct str typed;
	struct ref me;
	struct id id;

	if (!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "code", &typed) || !short_code_read(typed, &code))
		return err_set(e, ERR_MALFORMED, "code: the ten characters under the QR code");
	if (!access_limit(w->server, r, q, LIMIT_CODE_PERSON, id_bytes(&q->caller.id), e) ||
		!ref_find(w->db, q->caller.event, q->caller.id, &me, e) ||
		!ref_find_code(w->db, q->caller.event, str_of(code.s), &id, &named, e) ||
		!check_apart(w, q, me.attendee, named, e))
		return false;
	json_open(&j, NULL, '{');
	json_id(&j, "id", id);
	json_close(&j, '}');
	reply_json(r, &out);
	return true;
}
