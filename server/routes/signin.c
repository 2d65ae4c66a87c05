/* An attendee's sign-in by ticket code, and every sign-out. */
#include "core/base/json.h"
#include "core/tag/ticket.h"
#include "server/access.h"
#include "server/routes/routes.h"
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

bool signin_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct server *s = w->server;
	struct str text, agent = STR(""), label;
	uint32_t event = 0, attendee;
	struct attendee x;
	struct cookie session;
	struct ticket code;
	struct json *root;

	if (!access_limit_ask(s, r, q, LIMIT_TICKET_ADDRESS, str_bytes(q->remote), e) ||
		!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "code", &text))
		return err_set(e, ERR_MALFORMED, "code: missing");
	if (!ticket_read(text, &code))
		return wrong_code(s, q, r, e);
	if (!find_ticket(&event, &attendee, w->db, code, q->arena, e))
		return false;
	if (attendee == 0)
		return wrong_code(s, q, r, e);
	if (!request_header(q, "user-agent", &agent))
		agent = STR("");
	label = browser_label(agent, q->arena);
	if (!access_limit(s, r, q, LIMIT_TICKET_CODE, bytes_of(code.b, sizeof(code.b)), e) ||
		!attendee_get(&x, w->db, event, attendee, q->arena, e) ||
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
