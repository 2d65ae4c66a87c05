/* The queue of whoever asks: nobody can name another owner. docs/api.md has the shapes. */
#include "server/routes/routes.h"

#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "server/access.h"
#include "server/exports.h"
#include "server/store/accounts.h"
#include "server/store/events.h"
#include "server/store/people.h"
#include "server/store/queue.h"

struct owner {
	uint32_t event, attendee;
	struct attendee person;
};

static bool find_owner(struct owner *out, struct work *w, struct request *q, struct err *e)
{
	out->event = q->caller.event;
	if (!attendee_find(&out->person, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	out->attendee = out->person.attendee;
	return true;
}

/*
 * What is said about an entry stands in the log of its event, where others are told of it: the
 * owner as each attendee that has that entry; when none has it, as the one who asks. In the arena.
 */
static bool owners_of_entry(struct owner **out, size_t *n, struct work *w, struct id of,
	struct request *q, struct err *e)
{
	struct account *all, *with;
	struct owner asks;
	size_t count;

	if (!find_owner(&asks, w, q, e) ||
		!accounts_of(&all, &count, w->db, asks.event, asks.attendee, q->arena, e) ||
		!accounts_with(&with, n, w->db, all, count, of, q->arena, e))
		return false;
	*out = ARENA_ARRAY(q->arena, count, struct owner);
	for (size_t i = 0; i < *n; i++) {
		struct owner *o = &(*out)[i];

		o->event = with[i].event;
		o->attendee = with[i].attendee;
		if (!attendee_get(&o->person, w->db, o->event, o->attendee, q->arena, e))
			return false;
	}
	if (*n == 0)
		(*out)[(*n)++] = asks;
	return true;
}

/* The queue as docs/api.md gives it. */
static bool write_queue(struct buf *out, struct work *w, const struct owner *o, struct err *e)
{
	struct json_writer j = JSON_TO(out);

	json_open(&j, NULL, '{');
	json_open(&j, "owner", '{');
	json_id(&j, "id", o->person.id);
	json_str(&j, "name", o->person.name);
	json_close(&j, '}');
	json_i64(&j, "as_of_ms", server_now(w->server));
	if (!queue_write_json(&j, w->db, o->event, o->attendee, e))
		return false;
	json_close(&j, '}');
	return true;
}

bool queue_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);
	struct owner o = { 0 };

	if (!find_owner(&o, context, q, e) || !write_queue(&out, context, &o, e))
		return false;
	reply_json(r, &out);
	return true;
}

static bool read_body(struct json **out, struct request *q, struct err *e)
{
	if (!json_read(out, q->body, q->arena, e))
		return false;
	return (*out)->type == JSON_OBJECT ||
	       err_set(e, ERR_MALFORMED, "the body must be a JSON object");
}

/*
 * Append an entry in the owner's name and let the queue show it at once. It counts with what the
 * owner's phones write in a day (server/routes/streams.c).
 */
static bool append(struct work *w, const struct owner *o, enum entry_kind kind,
	const struct buf *payload, struct id *id, struct request *q, struct reply *r, struct err *e)
{
	struct log_entry extra = {
		.event = o->event,
		.kind = kind,
		.at_ms = server_now(w->server),
		.own = true,
		.payload = buf_bytes(payload),
	};

	if (payload->len > LIMIT_PAYLOAD_BYTES)
		return err_set(e, ERR_TOO_LARGE, "that is over %d bytes", LIMIT_PAYLOAD_BYTES);
	if (!access_limit(w->server, r, q, LIMIT_ENTRY, id_bytes(&o->person.id), e) ||
		!log_append(w, o->event, o->person.id, kind, extra.payload, &extra.id, e))
		return false;
	*id = extra.id;
	return queue_plan(w->db, o->event, o->attendee, &extra, extra.at_ms, q->arena, e);
}

/* Copy the "after" of the request: which entries the sender knew. */
static bool copy_after(struct json_writer *j, const struct json *body, struct err *e)
{
	const struct json *after = json_get(body, "after");
	struct id id;

	json_open(j, "after", '[');
	for (const struct json *n = after ? after->first : NULL; n; n = n->next) {
		if (n->type != JSON_STRING || !id_read(n->text, &id))
			return err_set(e, ERR_MALFORMED, "after must be a list of entry ids");
		json_uuid(j, NULL, id);
	}
	json_close(j, ']');
	return true;
}

static bool reply_item(struct work *w, const struct owner *o, struct id key, struct request *q,
	struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&out);
	struct str item;

	bool there = queue_item_json(&item, w->db, o->event, o->attendee, key, q->arena, e);

	/* a coffee that was had leaves the queue: the next one is months away */
	if (!there && e->code != ERR_NOT_FOUND)
		return false;
	*e = (struct err){ 0 };
	json_open(&j, NULL, '{');
	if (there)
		json_raw(&j, "item", item);
	json_close(&j, '}');
	reply_json(r, &out);
	return true;
}

bool queue_item_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf payload = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&payload);
	enum followup_state state;
	struct str name, until, before;
	struct json *body;
	struct owner o = { 0 };
	struct id key, id;
	int64_t day;
	bool worked;

	if (!find_owner(&o, w, q, e) || !read_body(&body, q, e))
		return false;
	if (!id_read(q->params[0], &key) ||
		!queue_item_json(&before, w->db, o.event, o.attendee, key, q->arena, e))
		return err_set(e, ERR_NOT_FOUND, "there is no such follow-up in this queue");
	if (!json_get_str(body, "state", &name) || !followup_state_read(name, &state))
		return err_set(e, ERR_MALFORMED, "state must be done, drop, snooze or open");
	json_open(&j, NULL, '{');
	json_id(&j, "owner", o.person.id);
	json_id(&j, "item", key);
	json_str(&j, "state", name);
	if (state == FOLLOWUP_SNOOZE) {
		if (!json_get_str(body, "until", &until) || !followup_date_read(until, &day))
			return err_set(e, ERR_MALFORMED, "until must be a date, as in 2026-11-24");
		if (day <= clock_day(server_now(w->server) + o.person.zone_min * INT64_C(60000)))
			return err_set(e, ERR_MALFORMED, "until must be a day to come");
		json_str(&j, "until", until);
	}
	if (state == FOLLOWUP_DONE && json_get_bool(body, "worked", &worked))
		json_bool(&j, "worked", worked);
	if (!copy_after(&j, body, e))
		return false;
	json_close(&j, '}');
	return append(w, &o, ENTRY_FOLLOWUP_STATE, &payload, &id, q, r, e) &&
	       reply_item(w, &o, key, q, r, e);
}

static bool reply_entry(struct id id, struct request *q, struct reply *r)
{
	struct buf out = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&out);

	json_open(&j, NULL, '{');
	json_uuid(&j, "entry", id);
	json_close(&j, '}');
	reply_json(r, &out);
	return true;
}

bool notes_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf payload = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&payload);
	const struct json *topics;
	struct json *body;
	struct owner *o;
	struct str text;
	struct id of, id;
	size_t owners;

	if (!read_body(&body, q, e))
		return false;
	if (!json_get_id(body, "of", &of))
		return err_set(e, ERR_MALFORMED, "of must name a meeting or a contact");
	if (!json_get_str(body, "text", &text))
		return err_set(e, ERR_MALFORMED, "text is missing");
	if (text.len > LIMIT_NOTE_BYTES)
		return err_set(e, ERR_TOO_LARGE, "a note holds at most %d bytes", LIMIT_NOTE_BYTES);
	if (!owners_of_entry(&o, &owners, w, of, q, e))
		return false;
	json_open(&j, NULL, '{');
	json_id(&j, "author", o->person.id);
	json_uuid(&j, "of", of);
	json_str(&j, "text", text);
	json_open(&j, "topics", '[');
	topics = json_get(body, "topics");
	for (const struct json *n = topics ? topics->first : NULL; n; n = n->next)
		if (n->type == JSON_STRING)
			json_str(&j, NULL, n->text);
	json_close(&j, ']');
	if (!copy_after(&j, body, e))
		return false;
	json_close(&j, '}');
	return append(w, o, ENTRY_NOTE, &payload, &id, q, r, e) && reply_entry(id, q, r);
}

static bool hide_one(struct work *w, const struct owner *o, struct id of, struct id *id,
	struct request *q, struct reply *r, struct err *e)
{
	struct buf payload = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&payload);

	json_open(&j, NULL, '{');
	json_id(&j, "owner", o->person.id);
	json_uuid(&j, "of", of);
	json_close(&j, '}');
	return append(w, o, ENTRY_HIDE, &payload, id, q, r, e);
}

/* At every event whose log has it, so that no id that was planted elsewhere leads it astray. */
bool hide_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct json *body;
	struct owner *o;
	struct id of, id, first = { { 0 } };
	size_t n;

	if (!read_body(&body, q, e))
		return false;
	if (!json_get_id(body, "of", &of))
		return err_set(e, ERR_MALFORMED, "of must name a meeting or a contact");
	if (!owners_of_entry(&o, &n, context, of, q, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!hide_one(context, &o[i], of, &id, q, r, e))
			return false;
		if (i == 0)
			first = id;
	}
	return reply_entry(first, q, r);
}

/* The pages' own address, for links in what leaves them. */
static struct str page_of(struct work *w, struct request *q)
{
	const char *origin = w->server->config.origin;
	struct str host;

	if (origin)
		return arena_printf(q->arena, "%s/", origin);
	if (request_header(q, "Host", &host))
		return arena_printf(
			q->arena, "%s://" STR_FMT "/", q->secure ? "https" : "http", STR_ARG(host));
	return STR("");
}

static bool export_queue(struct work *w, const struct owner *o, const char *format,
	struct request *q, struct reply *r, struct err *e)
{
	const struct export_format *f = export_find(format);
	struct buf text = BUF_IN(q->arena), out = BUF_IN(q->arena);
	struct export_input in = { .now_ms = server_now(w->server), .page = page_of(w, q) };
	struct event about;
	struct json *queue;
	struct str as;

	if (!event_get(&about, w->db, o->event, q->arena, e) || !write_queue(&text, w, o, e) ||
		!json_read(&queue, buf_bytes(&text), q->arena, e))
		return false;
	in.queue = queue;
	in.name = about.name;
	in.as_todo = request_query(q, "as", &as) && str_equal(as, STR("vtodo"));
	f->write(&out, &in, q->arena);
	reply_text(r, f->type, buf_bytes(&out));
	reply_header(r, "Content-Disposition",
		arena_printf(q->arena, "attachment; filename=\"follow-ups.%s\"", format));
	reply_header(r, "Cache-Control", STR("private, no-store"));
	return true;
}

static bool export_own(
	void *context, const char *format, struct request *q, struct reply *r, struct err *e)
{
	struct owner o = { 0 };

	return find_owner(&o, context, q, e) && export_queue(context, &o, format, q, r, e);
}

bool queue_csv_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	return export_own(context, "csv", q, r, e);
}

bool queue_vcf_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	return export_own(context, "vcf", q, r, e);
}

/* By session, or by the secret in the address, which is all that a calendar program has. */
bool queue_ics_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	uint8_t secret[32];
	struct buf b = BUF_ON(secret);
	struct owner o = { 0 };
	struct str key;

	if (!request_query(q, "key", &key)) {
		if (q->caller.role != ROLE_ATTENDEE)
			return err_set(
				e, ERR_UNAUTHENTICATED, "sign in, or use your feed's own address");
		return export_own(context, "ics", q, r, e);
	}
	if (!base64_read(&b, key) || b.len != sizeof(secret))
		return err_set(e, ERR_NOT_FOUND, "this address has ended: make a new one under Me");
	return feed_find(w->db, bytes_of(secret, sizeof(secret)), &o.event, &o.attendee, e) &&
	       attendee_get(&o.person, w->db, o.event, o.attendee, q->arena, e) &&
	       export_queue(w, &o, "ics", q, r, e);
}

bool feed_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf url = BUF_IN(q->arena), out = BUF_IN(q->arena);
	struct json_writer j = JSON_TO(&out);
	uint8_t secret[32];
	struct owner o = { 0 };

	if (!find_owner(&o, w, q, e) ||
		!feed_renew(w->db, o.event, o.attendee, secret, server_now(w->server), e))
		return false;
	buf_printf(&url, STR_FMT "v1/queue.ics?key=", STR_ARG(page_of(w, q)));
	base64url_write(&url, bytes_of(secret, sizeof(secret)));
	crypto_wipe(secret, sizeof(secret));
	json_open(&j, NULL, '{');
	json_str(&j, "url", buf_str(&url));
	json_close(&j, '}');
	reply_json(r, &out);
	return true;
}
