/* An attendee's sign-in by ticket code, the joining of a further event by its code, and every
 * sign-out. */
#include "core/base/json.h"
#include "core/tag/ticket.h"
#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/accounts.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/sessions.h"

static const char sql_ticket[] =
	"SELECT attendee FROM attendee WHERE event = $1 AND ticket_hash = $2 AND gone = 0";

static bool find_in_event(uint32_t *attendee, struct db *db, const struct event *event,
	struct ticket code, struct err *e)
{
	struct ticket_hash hash = ticket_hash(
		bytes_of(event->ticket_key, sizeof(event->ticket_key)), code);
	struct db_query *q = db_query(db, sql_ticket);
	enum db_row row;

	db_bind_i64(q, 1, event->event);
	db_bind_blob(q, 2, bytes_of(hash.b, sizeof(hash.b)));
	row = db_step(q, e);
	*attendee = row == DB_ROW ? (uint32_t)db_i64(q, 0) : 0;
	db_reset(q);
	return row != DB_FAILED;
}

/* A code does not say of which event it is; there are few. *attendee 0: nobody's. */
static bool find_ticket(uint32_t *event, uint32_t *attendee, struct db *db, struct ticket code,
	struct arena *a, struct err *e)
{
	uint32_t *events;
	size_t n;

	*attendee = 0;
	if (!event_list(db, a, &events, &n, e))
		return false;
	for (size_t i = 0; i < n && *attendee == 0; i++) {
		struct event x;
		bool ok;

		*event = events[i];
		ok = event_get(&x, db, events[i], a, e) && find_in_event(attendee, db, &x, code, e);
		crypto_wipe(&x, sizeof(x));
		if (!ok)
			return false;
	}
	return true;
}

static bool wrong_code(struct server *s, struct request *q, struct reply *r, struct err *e)
{
	return access_limit(s, r, q, LIMIT_TICKET_ADDRESS, str_bytes(q->remote), e) &&
	       err_set(e, ERR_UNAUTHENTICATED,
		       "this is no ticket code: it has 16 letters and digits");
}

/* Whose ticket the body's code is. */
static bool read_ticket(struct attendee *out, uint32_t *event, struct work *w, struct request *q,
	struct reply *r, struct err *e)
{
	struct server *s = w->server;
	struct ticket code;
	struct json *root;
	uint32_t attendee;
	struct str text;

	if (!access_limit_ask(s, r, q, LIMIT_TICKET_ADDRESS, str_bytes(q->remote), e) ||
		!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "code", &text))
		return err_set(e, ERR_MALFORMED, "code: missing");
	if (!ticket_read(text, &code))
		return wrong_code(s, q, r, e);
	if (!find_ticket(event, &attendee, w->db, code, q->arena, e))
		return false;
	if (attendee == 0)
		return wrong_code(s, q, r, e);
	return access_limit(s, r, q, LIMIT_TICKET_CODE, bytes_of(code.b, sizeof(code.b)), e) &&
	       attendee_get(out, w->db, *event, attendee, q->arena, e);
}

static struct str label_of(struct request *q)
{
	struct str agent;

	return browser_label(request_header(q, "user-agent", &agent) ? agent : STR(""), q->arena);
}

bool signin_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct server *s = w->server;
	struct str label = label_of(q);
	struct cookie session;
	struct attendee x;
	uint32_t event = 0;

	if (!read_ticket(&x, &event, w, q, r, e) ||
		!session_make(
			w->db, SESSION_ATTENDEE, event, x.id, label, server_now(s), &session, e) ||
		!notice_add(w->db, event, x.id, server_now(s),
			arena_printf(q->arena, "Signed in with the ticket code: " STR_FMT,
				STR_ARG(label)),
			e))
		return false;
	access_set_session(r, q, COOKIE_ATTENDEE, session.text);
	r->status = 204;
	return true;
}

/* What others' word opened at either of the two sees no more than it did. */
static bool join_two(struct work *w, const struct account *x, const struct account *y,
	struct request *q, struct err *e)
{
	int64_t now = server_now(w->server);

	return account_take_back(w->db, x, q->caller.session, now, e) &&
	       account_prove(w->db, y, now, e) && account_join(w->db, x, y, now, e);
}

bool join_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&out);
	struct account *all, joined = { 0 };
	int64_t now = server_now(w->server);
	struct event here, there;
	struct attendee x;
	size_t n;

	if (!read_ticket(&x, &joined.event, w, q, r, e) ||
		!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	joined.attendee = x.attendee;
	joined.id = x.id;
	if (account_at(all, n, joined.event) &&
		!id_equal(account_at(all, n, joined.event)->id, x.id))
		return err_set(e, ERR_CONFLICT,
			"you are somebody else at that event already: nothing was changed");
	if (!event_get(&here, w->db, all[0].event, q->arena, e) ||
		!event_get(&there, w->db, joined.event, q->arena, e))
		return false;
	crypto_wipe(here.seal_secret, sizeof(here.seal_secret));
	crypto_wipe(there.seal_secret, sizeof(there.seal_secret));
	if (!account_at(all, n, joined.event) &&
		(!account_may_join(w->db, all, n, q->caller.session, e) ||
			!join_two(w, &all[0], &joined, q, e) ||
			!account_tell_joined(w->db, &all[0], there.name, now, q->arena, e) ||
			!account_tell_joined(w->db, &joined, here.name, now, q->arena, e)))
		return false;
	json_open(&j, NULL, '{');
	event_write_short(&j, "event", &there);
	json_close(&j, '}');
	reply_json(r, &out);
	return true;
}

bool part_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	const struct account *x;
	struct work *w = context;
	struct account *all;
	struct json *root;
	int64_t event;
	size_t n;

	if (!json_read(&root, q->body, q->arena, e) ||
		!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	if (!json_get_i64(root, "event", &event))
		return err_set(e, ERR_MALFORMED, "event: the number of one of your events");
	x = event > 0 && event <= UINT32_MAX ? account_at(all, n, (uint32_t)event) : NULL;
	if (!x || n == 1)
		return err_set(e, ERR_NOT_FOUND, "that is no event that you joined");
	if (!account_part(w->db, x, e))
		return false;
	r->status = 204;
	return true;
}

static bool sign_out(
	struct work *w, struct request *q, struct reply *r, const char *cookie, struct err *e)
{
	if (!session_end(w->db, q->caller.event, q->caller.id, q->caller.session,
		    server_now(w->server), e))
		return false;
	access_set_cookie(r, q, cookie, "", 0);
	r->status = 204;
	return true;
}

bool signout_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	return sign_out(context, q, r, COOKIE_ATTENDEE, e);
}

bool organizer_signout_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	return sign_out(context, q, r, COOKIE_ORGANIZER, e);
}
