/* Buddies in GET /v1/me, and POST /v1/me/buddies/{id}/nudge. */
#include "server/routes/me_parts.h"

#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/buddies.h"
#include "server/store/queue.h"
#include "server/store/sessions.h"

static bool read_buddies(struct buddy **out, size_t *n, const struct account *me, struct work *w,
	const struct request *q, struct err *e)
{
	struct my_log *log = ARENA_NEW(q->arena, struct my_log);

	return my_log_of_event(log, w->db, me->event, me->attendee, q->arena, e) &&
	       buddies_read(out, n, log, w->db, me->event, me->attendee, q->arena, e);
}

static bool write_buddies(struct json_writer *w, const struct account *me, struct work *work,
	const struct request *q, struct err *e)
{
	struct buddy *list;
	size_t n;

	if (!read_buddies(&list, &n, me, work, q, e))
		return false;
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
			if (!queue_goals(&goals, work->db, me->event, b->attendee, q->arena, e))
				return false;
			json_raw(w, "goals", goals);
		}
		json_close(w, '}');
	}
	return true;
}

bool me_write_buddies(
	struct json_writer *w, struct work *work, const struct request *q, struct err *e)
{
	struct account *all;
	size_t n;

	if (!accounts_of_id(&all, &n, work->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	json_open(w, "buddies", '[');
	for (size_t i = 0; i < n; i++)
		if (!write_buddies(w, &all[i], work, q, e))
			return false;
	json_close(w, ']');
	return true;
}

/* As whom this person has that buddy: at one of their events. */
static bool find_buddy(const struct account **me, struct id key, struct work *w,
	const struct request *q, struct err *e)
{
	struct account *all;
	size_t n;

	if (!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		struct buddy *list;
		size_t count;

		if (!read_buddies(&list, &count, &all[i], w, q, e))
			return false;
		for (size_t k = 0; k < count; k++)
			if (id_equal(list[k].id, key) && list[k].mine && list[k].theirs) {
				*me = &all[i];
				return true;
			}
	}
	return err_set(e, ERR_NOT_FOUND, "that is no buddy of yours, or not yet");
}

bool me_nudge_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct account *me = NULL;
	struct work *w = context;
	struct attendee person;
	struct id pair[2];

	if (!route_id(q, 0, &pair[1], e) || !find_buddy(&me, pair[1], w, q, e))
		return false;
	pair[0] = me->id;
	if (!access_limit(w->server, r, q, LIMIT_NUDGE, bytes_of(pair, sizeof(pair)), e) ||
		!attendee_get(&person, w->db, me->event, me->attendee, q->arena, e) ||
		!notice_add(w->db, me->event, pair[1], server_now(w->server),
			arena_printf(q->arena,
				"Your buddy " STR_FMT " nudges you: how are your follow-ups?",
				STR_ARG(person.name)),
			e))
		return false;
	r->status = 204;
	return true;
}
