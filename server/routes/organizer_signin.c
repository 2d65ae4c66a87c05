/*
 * An organizer's sign-in, in three steps: the account is looked up on a thread of the pool, the
 * password verified on one of its own (server/passwords.h), the session made by the writer. An
 * unknown address costs the same time and gets the same answer as a wrong password.
 */
#include "core/base/json.h"
#include "server/access.h"
#include "server/routes/routes.h"
#include "server/store/organizers.h"
#include "server/store/sessions.h"

/* argon2id of a random password that nobody knows, of the same cost. */
static const char nobodys[] = "$argon2id$v=19$m=19456,t=2,p=1$KSFa9cA6nidKSGBmhvc53A"
			      "$dXdbdxQQu4TwVZUQ24tHWvB/SZj80+AuRo5e0VxbusY";

struct attempt {
	struct organizer organizer;
	struct str email, password;
	bool known, done, right;
};

bool organizer_signin_prepare(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct server *s = context;
	struct work *w = server_reader(s, e);
	struct attempt *a = ARENA_NEW(q->arena, struct attempt);
	struct json *root;

	if (!w || !json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "email", &a->email) ||
		!json_get_str(root, "password", &a->password) || a->email.len > EMAIL_MAX ||
		a->password.len > PASSWORD_MAX)
		return err_set(e, ERR_MALFORMED, "a sign-in has email and password");
	if (!access_limit_ask(s, r, q, LIMIT_ACCOUNT, str_bytes(a->email), e) ||
		!access_limit_ask(s, r, q, LIMIT_ACCOUNT_ADDRESS, str_bytes(q->remote), e))
		return false;
	a->known = organizer_find(&a->organizer, w->db, a->email, e);
	if (!a->known && e->code != ERR_NOT_FOUND)
		return false;
	q->note = a;
	return true;
}

static void verify(struct attempt *a)
{
	bool same = password_verify(a->known ? a->organizer.password : nobodys, a->password);

	a->right = same && a->known;
	a->done = true;
}

void organizer_signin_verify(struct exchange *x)
{
	verify(exchange_request(x)->note);
}

bool organizer_signin_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct server *s = w->server;
	struct attempt *a = q->note;
	struct str agent = STR("");
	struct cookie session;

	if (!a->done)
		verify(a); /* without threads of its own: in tests */
	if (!a->right)
		return access_limit(s, r, q, LIMIT_ACCOUNT, str_bytes(a->email), e) &&
		       access_limit(s, r, q, LIMIT_ACCOUNT_ADDRESS, str_bytes(q->remote), e) &&
		       err_set(e, ERR_UNAUTHENTICATED, "e-mail address or password is wrong");
	if (!request_header(q, "user-agent", &agent))
		agent = STR("");
	if (!session_make(w->db, SESSION_ORGANIZER, 0, a->organizer.id,
		    browser_label(agent, q->arena), server_now(s), &session, e))
		return false;
	access_set_session(r, q, COOKIE_ORGANIZER, session.text);
	r->status = 204;
	return true;
}
