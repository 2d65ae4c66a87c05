/* What an attendee sees and decides about themselves: card, consents, devices, approvals. */
#include "core/base/json.h"
#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/me_parts.h"
#include "server/routes/routes.h"
#include "server/store/accounts.h"
#include "server/store/events.h"
#include "server/store/log.h"
#include "server/store/pairings.h"
#include "server/store/people.h"
#include "server/store/sessions.h"

enum { CONSENT_VERSION = 1 /* of the texts that the pages show; a new text takes the next */ };

static const struct {
	const char *name;
	enum purpose purpose;
} purposes[] = {
	{ "card", PURPOSE_CARD },
	{ "followups", PURPOSE_FOLLOWUPS },
	{ "contact", PURPOSE_CONTACT },
	{ "coming", PURPOSE_COMING },
};

static void write_list(struct json_writer *w, const char *key, struct str only)
{
	json_open(w, key, '[');
	if (only.len > 0)
		json_str(w, NULL, only);
	json_close(w, ']');
}

static void write_card(struct json_writer *w, const struct attendee *x)
{
	json_open(w, "card", '{');
	json_str(w, "name", x->name);
	json_str(w, "organization", x->organization);
	json_str(w, "title", x->title);
	write_list(w, "emails", x->email);
	write_list(w, "phones", x->phone);
	write_list(w, "urls", x->url);
	json_close(w, '}');
}

static void write_consents(struct json_writer *w, const struct attendee *x)
{
	json_open(w, "consents", '{');
	for (size_t i = 0; i < ARRAY_LEN(purposes); i++)
		json_bool(w, purposes[i].name, x->consents[purposes[i].purpose]);
	json_close(w, '}');
}

/* A member of the reply that lists what there is at each of the person's events. */
typedef bool account_writer(struct json_writer *w, struct db *db, const struct request *q,
	const struct account *who, int64_t now_ms, struct err *e);

static bool write_each(struct json_writer *w, const char *key, account_writer *write, struct db *db,
	const struct request *q, int64_t now_ms, struct err *e)
{
	struct account *all;
	size_t n;

	if (!accounts_of_id(&all, &n, db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	json_open(w, key, '[');
	for (size_t i = 0; i < n; i++)
		if (!write(w, db, q, &all[i], now_ms, e))
			return false;
	json_close(w, ']');
	return true;
}

static bool write_devices(struct json_writer *w, struct db *db, const struct request *q,
	const struct account *who, int64_t now_ms, struct err *e)
{
	struct session *list;
	size_t n;

	if (!session_list(&list, &n, db, who->event, who->id, now_ms, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_id(w, "session", list[i].id);
		json_i64(w, "made_ms", list[i].made_ms);
		json_i64(w, "seen_ms", list[i].seen_ms);
		json_str(w, "label", list[i].label);
		json_bool(w, "this", id_equal(list[i].id, q->caller.session));
		json_close(w, '}');
	}
	return true;
}

static bool write_approvals(struct json_writer *w, struct db *db, const struct request *q,
	const struct account *who, int64_t now_ms, struct err *e)
{
	struct pairing *list;
	size_t n;

	if (!pairing_approvals(&list, &n, db, who->event, who->id, now_ms, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_uuid(w, "pairing", list[i].id);
		json_str(w, "digits", arena_printf(q->arena, "%u", list[i].digits));
		json_str(w, "label", list[i].label);
		json_close(w, '}');
	}
	return true;
}

static bool write_notices(struct json_writer *w, struct db *db, const struct request *q,
	const struct account *who, int64_t now_ms, struct err *e)
{
	struct notice *list;
	size_t n;

	if (!notice_list(&list, &n, db, who->event, who->id, now_ms, q->arena, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_str(w, "text", list[i].text);
		json_i64(w, "at_ms", list[i].at_ms);
		json_close(w, '}');
	}
	return true;
}

bool me_write(struct json_writer *w, const char *key, struct work *work, const struct request *q,
	struct err *e)
{
	int64_t now = server_now(work->server);
	struct attendee x;
	struct event event;

	if (!attendee_find(&x, work->db, q->caller.event, q->caller.id, q->arena, e) ||
		!event_get(&event, work->db, q->caller.event, q->arena, e))
		return false;
	json_open(w, key, '{');
	json_id(w, "id", x.id);
	json_str(w, "name", x.name);
	event_write_short(w, "event", &event);
	crypto_wipe(&event, sizeof(event));
	write_card(w, &x);
	write_consents(w, &x);
	if (!write_each(w, "devices", write_devices, work->db, q, now, e) ||
		!write_each(w, "approvals", write_approvals, work->db, q, now, e) ||
		!me_write_buddies(w, work, q, e) ||
		!write_each(w, "notices", write_notices, work->db, q, now, e))
		return false;
	json_close(w, '}');
	return true;
}

bool me_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);

	if (!me_write(&w, NULL, context, q, e))
		return false;
	reply_json(r, &out);
	return true;
}

static bool read_purpose(enum purpose *out, struct str name, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(purposes); i++)
		if (str_equal(name, str_of(purposes[i].name))) {
			*out = purposes[i].purpose;
			return true;
		}
	return err_set(e, ERR_MALFORMED, "purpose: card, followups, contact or coming");
}

/* An entry like any other, and at once what the next download asks. */
bool me_consents_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf payload = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&payload);
	uint32_t event = q->caller.event;
	struct attendee x;
	enum purpose purpose = PURPOSE_CARD;
	struct json *root;
	struct str name;
	struct id entry;
	bool given;

	if (!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "purpose", &name) || !json_get_bool(root, "given", &given))
		return err_set(e, ERR_MALFORMED, "a consent has purpose and given");
	if (!read_purpose(&purpose, name, e) ||
		!attendee_find(&x, work->db, event, q->caller.id, q->arena, e))
		return false;
	json_open(&w, NULL, '{');
	json_id(&w, "who", q->caller.id);
	json_str(&w, "purpose", name);
	json_bool(&w, "given", given);
	json_u64(&w, "version", CONSENT_VERSION);
	json_close(&w, '}');
	if (!access_limit(work->server, r, q, LIMIT_ENTRY, id_bytes(&x.id), e) ||
		!log_append(
			work, event, q->caller.id, ENTRY_CONSENT, buf_bytes(&payload), &entry, e) ||
		!consent_set(work->db, event, x.attendee, purpose, given, CONSENT_VERSION,
			server_now(work->server), &entry, e))
		return false;
	r->status = 204;
	return true;
}

bool me_device_end_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct account *all;
	struct id session;
	size_t n;
	bool done = false;

	if (!route_id(q, 0, &session, e) ||
		!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	for (size_t i = 0; i < n && !done; i++) {
		*e = (struct err){ 0 };
		done = session_end(
			w->db, all[i].event, all[i].id, session, server_now(w->server), e);
		if (!done && e->code != ERR_NOT_FOUND)
			return false;
	}
	if (!done)
		return false;
	if (id_equal(session, q->caller.session))
		access_set_cookie(r, q, COOKIE_ATTENDEE, "", 0);
	r->status = 204;
	return true;
}

bool me_approval_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct json *root;
	struct account *all;
	struct pairing p;
	struct id id;
	size_t n, i = 0;
	bool yes;

	if (!route_id(q, 0, &id, e) || !json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_bool(root, "approve", &yes))
		return err_set(e, ERR_MALFORMED, "approve: true or false");
	if (!accounts_of_id(&all, &n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	while (i < n &&
		!pairing_get(&p, w->db, all[i].event, id, server_now(w->server), q->arena, e)) {
		if (e->code != ERR_NOT_FOUND || ++i == n)
			return false;
		*e = (struct err){ 0 };
	}
	if (!id_equal(p.who, all[i].id))
		return err_set(e, ERR_NOT_FOUND, "there is no such pairing");
	if (!pairing_approve(&p, w->db, yes, server_now(w->server), e))
		return false;
	r->status = 204;
	return true;
}
