/* Pairing a phone: the kiosk's three routes and the page's two (server/store/pairings.h). */
#include "core/base/json.h"
#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/events.h"
#include "server/store/pairings.h"

static void reply_state(struct reply *r, struct request *q, const struct pairing *p, bool digits)
{
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);

	json_open(&w, NULL, '{');
	json_str(&w, "state", str_of(pairing_state_name(p->state)));
	if (digits && p->digits)
		json_str(&w, "digits", arena_printf(q->arena, "%u", p->digits));
	json_close(&w, '}');
	reply_json(r, &out);
}

static bool read_presented(struct id *badge, enum pairing_proof *proof, bool proof_needed,
	struct request *q, struct err *e)
{
	struct json *root;
	struct str name;

	if (!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_id(root, "who", badge))
		return err_set(e, ERR_MALFORMED, "who: the badge's id is missing");
	*proof = PROOF_CHIP;
	if (!json_get_str(root, "proof", &name))
		return !proof_needed || err_set(e, ERR_MALFORMED, "proof: chip, ticket or staff");
	return pairing_proof_read(name, proof) ||
	       err_set(e, ERR_MALFORMED, "proof: chip, ticket or staff");
}

/* Where the phone reaches us; plain only on loopback. */
static bool page_address(
	struct str *out, struct work *w, struct request *q, const char *token, struct err *e)
{
	struct str host, origin = str_of(w->server->config.origin);
	struct event event;

	if (origin.len > 0) {
		*out = arena_printf(q->arena, STR_FMT "/p#%s", STR_ARG(origin), token);
		return true;
	}
	if (!q->secure && request_header(q, "host", &host)) {
		*out = arena_printf(q->arena, "http://" STR_FMT "/p#%s", STR_ARG(host), token);
		return true;
	}
	if (!event_get(&event, w->db, q->caller.event, q->arena, e))
		return false;
	crypto_wipe(event.seal_secret, sizeof(event.seal_secret));
	*out = arena_printf(q->arena, "https://" STR_FMT "/p#%s", STR_ARG(event.host), token);
	return true;
}

bool pairings_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct server *s = work->server;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct pairing_token token;
	enum pairing_proof proof;
	struct pairing p;
	struct id badge;
	struct str url;

	if (!read_presented(&badge, &proof, true, q, e) ||
		!access_limit(s, r, q, LIMIT_PAIR_STATION, id_bytes(&q->caller.id), e) ||
		!pairing_start(&p, work->db, q->caller.event, q->caller.id, badge, proof,
			server_now(s), &token, e) ||
		!access_limit(s, r, q, LIMIT_PAIR_PERSON, id_bytes(&p.who), e) ||
		!page_address(&url, work, q, token.text, e))
		return false;
	json_open(&w, NULL, '{');
	json_uuid(&w, "pairing", p.id);
	json_str(&w, "url", url);
	json_i64(&w, "expires_ms", PAIRING_TOKEN_MS);
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

/* The pairing in the path, which this very station began. */
static bool own_pairing(struct pairing *p, struct work *w, struct request *q, struct err *e)
{
	struct id id;

	return route_id(q, 0, &id, e) &&
	       pairing_get(p, w->db, q->caller.event, id, server_now(w->server), q->arena, e) &&
	       (id_equal(p->station, q->caller.id) ||
		       err_set(e, ERR_NOT_FOUND, "there is no such pairing"));
}

bool pairing_state_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct pairing p;

	if (!own_pairing(&p, w, q, e))
		return false;
	reply_state(r, q, &p, true);
	return true;
}

bool pairing_confirm_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	enum pairing_proof proof;
	struct pairing p;
	struct id badge;

	if (!own_pairing(&p, w, q, e) || !read_presented(&badge, &proof, false, q, e) ||
		!pairing_confirm(&p, w->db, badge, proof, server_now(w->server), e))
		return false;
	reply_state(r, q, &p, true);
	return true;
}

bool pair_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct server *s = work->server;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct str token, agent = STR("");
	struct cookie page;
	struct pairing p;
	struct json *root;
	struct err wrong;

	if (!access_limit_ask(s, r, q, LIMIT_TOKEN_ADDRESS, str_bytes(q->remote), e) ||
		!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "token", &token))
		return err_set(e, ERR_MALFORMED, "token: missing");
	if (!request_header(q, "user-agent", &agent))
		agent = STR("");
	if (!pairing_open(
		    &p, work->db, token, browser_label(agent, q->arena), server_now(s), &page, e)) {
		if (e->code == ERR_GONE &&
			!access_limit(s, r, q, LIMIT_TOKEN_ADDRESS, str_bytes(q->remote), &wrong))
			*e = wrong;
		return false;
	}
	access_set_cookie(
		r, q, COOKIE_PAIR, page.text, (PAIRING_CONFIRM_MS + PAIRING_APPROVAL_MS) / 1000);
	json_open(&w, NULL, '{');
	json_uuid(&w, "pairing", p.id);
	json_str(&w, "digits", arena_printf(q->arena, "%u", p.digits));
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}

bool pair_finish_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct str page;
	struct cookie session;
	struct pairing p;

	if (!request_cookie(q, COOKIE_PAIR, &page))
		return err_set(e, ERR_UNAUTHENTICATED,
			"no pairing was begun here: scan the station's code");
	if (!pairing_of_page(&p, w->db, page, server_now(w->server), q->arena, e))
		return false;
	if (p.state == PAIRING_READY) {
		if (!pairing_finish(&p, w->db, server_now(w->server), &session, e))
			return false;
		access_set_session(r, q, COOKIE_ATTENDEE, session.text);
		access_set_cookie(r, q, COOKIE_PAIR, "", 0);
	}
	reply_state(r, q, &p, false);
	return true;
}
