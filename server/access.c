#include "server/access.h"

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/entry/wire/chain.h"
#include "server/passwords.h"
#include "server/routes/routes.h"
#include "server/store/accounts.h"
#include "server/store/events.h"
#include "server/store/sessions.h"
#include "server/writer.h"

struct access {
	struct limiter *limiter;
	struct passwords *passwords;
};

static const char sql_station[] =
	"SELECT event, public_key, revoked_ms FROM station WHERE id = $1 AND kind = 1";

bool access_open(struct access **out, struct server *s, struct err *e)
{
	struct access *a = calloc(1, sizeof(*a));

	if (!a)
		return err_set(e, ERR_INTERNAL, "no memory for access");
	a->limiter = limiter_new();
	if (!passwords_open(&a->passwords, organizer_signin_verify, writer_queue, s, e)) {
		access_close(a);
		return false;
	}
	*out = a;
	return true;
}

void access_stop(struct access *a)
{
	if (a)
		passwords_stop(a->passwords);
}

void access_close(struct access *a)
{
	if (!a)
		return;
	passwords_close(a->passwords);
	limiter_free(a->limiter);
	free(a);
}

void server_queue(void *context, struct exchange *x)
{
	struct server *s = context;
	struct err e;

	if (exchange_request(x)->route->handle != organizer_signin_post) {
		writer_queue(s, x);
	} else if (!passwords_take(s->access->passwords, x)) {
		err_set(&e, ERR_UNAVAILABLE,
			"too many people sign in at once: try again in a moment");
		reply_err(exchange_reply(x), exchange_request(x), &e);
		exchange_finish(x);
	}
}

/* Stations */

struct station_key {
	uint32_t event;
	uint8_t public_key[SIGN_PUBLIC_LEN];
	bool revoked;
};

static bool unknown_station(struct err *e)
{
	return err_set(
		e, ERR_UNAUTHENTICATED, "the station is unknown here, or its signature is wrong");
}

static bool find_station(struct station_key *out, struct db *db, struct id id, struct err *e)
{
	struct db_query *q = db_query(db, sql_station);
	enum db_row row;
	bool whole;

	db_bind_id(q, 1, &id);
	row = db_step(q, e);
	whole = row == DB_ROW && db_blob(q, 1).len == SIGN_PUBLIC_LEN;
	if (whole) {
		out->event = (uint32_t)db_i64(q, 0);
		memcpy(out->public_key, db_blob(q, 1).p, SIGN_PUBLIC_LEN);
		out->revoked = !db_is_null(q, 2);
	}
	db_reset(q);
	return whole || (row != DB_FAILED && unknown_station(e));
}

static bool read_blob(const struct request *q, const char *name, uint8_t *out, size_t n)
{
	struct buf b = BUF_OVER(out, n);
	struct str text;

	return request_header(q, name, &text) && base64_read(&b, text) && b.len == n;
}

static bool authenticate_station(struct work *w, struct request *q, struct str name, struct err *e)
{
	uint8_t nonce[NONCE_LEN], signature[SIGNATURE_LEN];
	struct station_key key;
	struct hash hash;
	struct id id;

	if (!id_read(name, &id) || !read_blob(q, "kith-nonce", nonce, sizeof(nonce)) ||
		!read_blob(q, "kith-signature", signature, sizeof(signature)))
		return unknown_station(e);
	if (!find_station(&key, w->db, id, e))
		return false;
	hash = request_hash(q->method, q->target, q->body, nonce);
	if (!sign_verify(signature, hash_bytes(&hash), key.public_key))
		return unknown_station(e);
	q->caller = (struct caller){
		.role = ROLE_STATION, .event = key.event, .id = id, .revoked = key.revoked
	};
	memcpy(q->caller.request_hash, hash.b, sizeof(hash.b));
	if (key.revoked)
		return err_set(e, ERR_FORBIDDEN, "this station was revoked by the organizer");
	return true;
}

void access_tell_revoked(struct request *q, struct reply *r)
{
	reply_text(r, "application/json",
		BYTES("{\"error\":{\"code\":\"revoked\",\"text\":\"this station was revoked by the "
		      "organizer\"},"
		      "\"wipe\":true}"));
	(void)q;
	r->status = 403;
}

/* People */

static const struct {
	enum role role;
	enum session_kind kind;
	const char *cookie;
} people[] = {
	{ ROLE_ATTENDEE, SESSION_ATTENDEE, COOKIE_ATTENDEE },
	{ ROLE_ORGANIZER, SESSION_ORGANIZER, COOKIE_ORGANIZER },
};

struct touch {
	struct session *session;
	int64_t now_ms;
};

static bool touch(struct work *w, void *arg, struct err *e)
{
	struct touch *t = arg;

	return session_seen(w->db, t->session, t->now_ms, e);
}

/* False when that cookie gives no session: which is no error, the caller is then a stranger. */
static bool try_cookie(struct server *s, struct work *w, struct request *q, size_t i)
{
	int64_t now = server_now(s);
	struct session session;
	struct err e = { 0 };
	struct str cookie;

	if (!request_cookie(q, people[i].cookie, &cookie))
		return false;
	if (!session_find(&session, w->db, people[i].kind, cookie, now, &e)) {
		if (e.code != ERR_UNAUTHENTICATED)
			log_error("session not read error=\"%s\"", e.text);
		return false;
	}
	q->caller = (struct caller){ .role = people[i].role,
		.event = session.event,
		.id = session.who,
		.session = session.id };
	if (now - session.seen_ms > SESSION_TOUCH_MS) {
		struct touch t = { &session, now };

		if (!writer_run(s, touch, &t, &e))
			log_warn("session not renewed error=\"%s\"", e.text);
	}
	return true;
}

/* ?event=N: the same person, as the attendee that they are at another event of theirs. */
static bool at_event(struct work *w, struct request *q, struct err *e)
{
	const struct account *there;
	struct account *all;
	struct str text;
	uint32_t event;
	size_t n;

	if (q->caller.role != ROLE_ATTENDEE || !request_query(q, "event", &text))
		return true;
	if (!event_number(text, &event, e) ||
		!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	there = account_at(all, n, event);
	if (!there)
		return err_set(e, ERR_NOT_FOUND, "that is no event of yours");
	q->caller.event = there->event;
	q->caller.id = there->id;
	return true;
}

bool server_authenticate(void *context, struct request *q, struct err *e)
{
	struct server *s = context;
	struct work *w = server_reader(s, e);
	struct str value;

	if (!w)
		return false;
	if (request_header(q, "kith-station", &value))
		return authenticate_station(w, q, value, e);
	/* one browser may be both an attendee's and an organizer's: the route says which is meant
	 */
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if ((q->route->roles & people[i].role) && try_cookie(s, w, q, i))
			return at_event(w, q, e);
	for (size_t i = 0; i < ARRAY_LEN(people); i++)
		if (!(q->route->roles & people[i].role) && try_cookie(s, w, q, i))
			return true;
	return true;
}

/* What routes share */

static bool limited(struct reply *r, struct request *q, int64_t retry_s)
{
	if (retry_s > 0)
		reply_header(r, "Retry-After", arena_printf(q->arena, "%lld", (long long)retry_s));
	return false;
}

bool access_limit_many(struct server *s, struct reply *r, struct request *q, enum limit what,
	struct bytes key, size_t n, struct err *e)
{
	struct limiter *l = s->access ? s->access->limiter : NULL;
	int64_t retry_s;

	return limiter_take_many(l, what, key, n, server_now(s), &retry_s, e) ||
	       limited(r, q, retry_s);
}

bool access_limit(struct server *s, struct reply *r, struct request *q, enum limit what,
	struct bytes key, struct err *e)
{
	return access_limit_many(s, r, q, what, key, 1, e);
}

bool access_limit_ask(struct server *s, struct reply *r, struct request *q, enum limit what,
	struct bytes key, struct err *e)
{
	struct limiter *l = s->access ? s->access->limiter : NULL;
	int64_t retry_s;

	return limiter_ask(l, what, key, server_now(s), &retry_s, e) || limited(r, q, retry_s);
}

void access_set_cookie(
	struct reply *r, struct request *q, const char *name, const char *value, int64_t age_s)
{
	reply_header(r, "Set-Cookie",
		arena_printf(q->arena,
			"%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%lld", name, value,
			(long long)age_s));
}

void access_set_session(struct reply *r, struct request *q, const char *name, const char *value)
{
	access_set_cookie(r, q, name, value, SESSION_LIFE_MS / 1000);
}
