/* Buddies in GET /v1/me, and POST /v1/me/buddies/{id}/nudge. */
#include "server/routes/me_parts.h"

#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/buddies.h"
#include "server/store/queue.h"
#include "server/store/sessions.h"

static bool read_buddies(struct buddy **out, size_t *n, uint32_t *me, struct work *w,
	const struct request *q, struct err *e)
{
	struct my_log *log = ARENA_NEW(q->arena, struct my_log);
	struct ref ref;

	if (!ref_find(w->db, q->caller.event, q->caller.id, &ref, e))
		return false;
	*me = ref.attendee;
	return my_log_read(log, w->db, q->caller.event, *me, q->arena, e) &&
	       buddies_read(out, n, log, w->db, q->caller.event, *me, q->arena, e);
}

bool me_write_buddies(
	struct json_writer *w, struct work *work, const struct request *q, struct err *e)
{
	struct buddy *list;
	uint32_t me;
	size_t n;

	if (!read_buddies(&list, &n, &me, work, q, e))
		return false;
	json_open(w, "buddies", '[');
	for (size_t i = 0; i < n; i++) {
		const struct buddy *b = &list[i];
		bool mutual = b->mine && b->theirs;
		struct str goals;

		json_open(w, NULL, '{');
		json_id(w, "key", b->id);
		json_str(w, "name", b->person ? b->person->known.name : STR(""));
		json_bool(w, "mutual", mutual);
		json_bool(w, "asked", b->theirs && !b->mine);
		if (mutual) {
			if (!queue_goals(
				    &goals, work->db, q->caller.event, b->attendee, q->arena, e))
				return false;
			json_raw(w, "goals", goals);
		}
		json_close(w, '}');
	}
	json_close(w, ']');
	return true;
}

bool me_nudge_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct attendee person;
	struct buddy *list;
	struct id pair[2];
	uint32_t me;
	size_t n, i;

	if (!route_id(q, 0, &pair[1], e) || !read_buddies(&list, &n, &me, w, q, e))
		return false;
	for (i = 0; i < n && !id_equal(list[i].id, pair[1]); i++)
		;
	if (i == n || !list[i].mine || !list[i].theirs)
		return err_set(e, ERR_NOT_FOUND, "that is no buddy of yours, or not yet");
	pair[0] = q->caller.id;
	if (!access_limit(w->server, r, q, LIMIT_NUDGE, bytes_of(pair, sizeof(pair)), e) ||
		!attendee_get(&person, w->db, q->caller.event, me, q->arena, e) ||
		!notice_add(w->db, q->caller.event, list[i].id, server_now(w->server),
			arena_printf(q->arena,
				"Your buddy " STR_FMT " nudges you: how are your follow-ups?",
				STR_ARG(person.name)),
			e))
		return false;
	r->status = 204;
	return true;
}
