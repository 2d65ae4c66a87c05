/*
 * GET /v1/me/log: all that a phone needs to plan its owner's queue and show its people without a
 * network (docs/api.md). Whole each time, with an ETag that is cheap to compare.
 */
#include "core/base/json.h"
#include "core/base/text.h"
#include "core/tag/badge.h"
#include "core/tag/short_code.h"
#include "server/routes/common.h"
#include "server/routes/me_parts.h"
#include "server/routes/routes.h"
#include "server/store/events.h"
#include "server/store/my_log.h"
#include "server/store/people.h"

enum { ETAG_FORM = 3 /* of the reply: a new one makes every ETag new */, ETAG_BYTES = 12 };

struct me {
	struct attendee person;
	struct event event;
	uint8_t key_number;
	struct id badge; /* the one that holds; the person's own id when there is none */
};

static bool read_me(
	struct me *out, struct db *db, const struct account *who, struct arena *a, struct err *e)
{
	uint8_t secret[SIGN_SECRET_LEN];
	bool ok = attendee_get(&out->person, db, who->event, who->attendee, a, e) &&
		  event_get(&out->event, db, who->event, a, e) &&
		  event_signing_key(db, who->event, &out->key_number, secret, e) &&
		  badge_of(db, who->event, &out->person, &out->badge, e);

	crypto_wipe(secret, sizeof(secret));
	crypto_wipe(out->event.seal_secret, sizeof(out->event.seal_secret));
	return ok;
}

/* As whom this person is known at each of their events, the one that was asked for first. */
static bool read_all(struct me **out, size_t *n, struct work *w, struct request *q, struct err *e)
{
	struct account *all;

	if (!accounts_of_id(&all, n, w->db, q->caller.event, q->caller.id, q->arena, e))
		return false;
	*out = ARENA_ARRAY(q->arena, *n, struct me);
	for (size_t i = 0; i < *n; i++)
		if (!read_me(&(*out)[i], w->db, &all[i], q->arena, e))
			return false;
	return true;
}

static void add_etag(struct buf *out, const struct me *me)
{
	const struct event *x = &me->event;

	buf_printf(out, "%u %u %s\n", me->key_number, me->person.attendee, id_text(me->badge).s);
	const struct str texts[] = { x->name, x->host, x->topics, x->starts, x->ends };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		buf_add(out, str_bytes(texts[i]));
		buf_add_char(out, '\n');
	}
}

/* Quoted. Over all that the reply holds and a plan's number does not count. */
static struct str etag_of(
	const struct me *me, size_t n, const struct work *w, int64_t rev, struct arena *a)
{
	struct buf all = BUF_IN(a), out = BUF_IN(a);
	struct hash h;

	buf_printf(&all, "%d %lld %s\n", ETAG_FORM, (long long)rev, id_text(w->server->timeline).s);
	for (size_t i = 0; i < n; i++)
		add_etag(&all, &me[i]);
	h = hash_of(buf_bytes(&all));
	buf_add_char(&out, '"');
	base64url_write(&out, bytes_of(h.b, ETAG_BYTES));
	buf_add_char(&out, '"');
	return buf_str(&out);
}

static void one_if(struct json_writer *w, const char *key, struct str value)
{
	json_open(w, key, '[');
	if (value.len > 0)
		json_str(w, NULL, value);
	json_close(w, ']');
}

static void text_if(struct json_writer *w, const char *key, struct str value)
{
	if (value.len > 0)
		json_str(w, key, value);
}

/* One's own card, with what makes a code of it: the link as it stands on a printed badge. */
static bool write_card(
	struct json_writer *w, const struct me *me, struct db *db, struct arena *a, struct err *e)
{
	const struct attendee *x = &me->person;
	struct event_key key = { .event = me->event.event };
	uint8_t signature[SIGNATURE_LEN];
	struct buf link = BUF_IN(a);

	if (!event_signing_key(db, key.event, &key.number, key.secret, e))
		return false;
	badge_link_sign(signature, me->badge, &key);
	crypto_wipe(&key, sizeof(key));
	link_badge_write(&link, me->event.host, me->badge, signature);
	json_open(w, "card", '{');
	json_str(w, "name", x->name);
	json_str(w, "organization", x->organization);
	json_str(w, "title", x->title);
	one_if(w, "emails", x->email);
	one_if(w, "phones", x->phone);
	one_if(w, "urls", x->url);
	json_id(w, "badge", me->badge);
	json_str(w, "link", buf_str(&link));
	json_str(w, "line", arena_printf(a, "X-KITH:" STR_FMT, STR_ARG(buf_str(&link))));
	json_str(w, "short_code", str_of(short_code_of(me->badge).s));
	json_close(w, '}');
	return true;
}

static void write_rows(struct json_writer *w, const struct my_log *log)
{
	json_open(w, "rows", '[');
	for (size_t i = 0; i < log->count; i++) {
		const struct log_entry *x = &log->entries[i];

		json_open(w, NULL, '{');
		json_uuid(w, "entry", x->id);
		json_u64(w, "event", x->event);
		json_str(w, "kind", str_of(entry_kind_name(x->kind)));
		json_i64(w, "at_ms", x->at_ms);
		json_bool(w, "own", x->own);
		if (!id_is_none(x->other_id))
			json_id(w, "other", x->other_id);
		json_raw(w, "payload", (struct str){ (const char *)x->payload.p, x->payload.len });
		json_close(w, '}');
	}
	json_close(w, ']');
	json_open(w, "gone", '[');
	for (size_t i = 0; i < log->gone_count; i++)
		json_uuid(w, NULL, log->gone[i]);
	json_close(w, ']');
}

void my_person_write(struct json_writer *w, const struct my_person *p)
{
	const struct attendee *x = &p->known;

	json_open(w, NULL, '{');
	json_id(w, "key", p->id);
	json_str(w, "name", x->name);
	text_if(w, "organization", x->organization);
	text_if(w, "title", x->title);
	one_if(w, "emails", x->email);
	one_if(w, "phones", x->phone);
	one_if(w, "urls", x->url);
	text_if(w, "lang", x->lang);
	json_bool(w, "vouched", p->vouched);
	json_bool(w, "withheld", p->withheld);
	if (x->in)
		json_bool(w, "here", true);
	json_u64(w, "event", p->event);
	if (p->coming_count > 0) {
		json_open(w, "coming", '[');
		for (size_t i = 0; i < p->coming_count; i++)
			json_u64(w, NULL, p->coming[i]);
		json_close(w, ']');
	}
	json_close(w, '}');
}

/* Whose the badges are that this person's phone may scan: known people's alone, who show
 * themselves. */
static bool write_badges(
	struct json_writer *w, const struct my_log *log, struct db *db, struct err *e)
{
	json_open(w, "badges", '[');
	for (size_t i = 0; i < log->people_count; i++) {
		const struct my_person *p = &log->people[i];
		struct id badge;

		if (p->withheld || p->known.attendee == 0)
			continue;
		if (!badge_of(db, p->event, &p->known, &badge, e))
			return false;
		if (id_equal(badge, p->id))
			continue;
		json_open(w, NULL, '{');
		json_id(w, "badge", badge);
		json_id(w, "key", p->id);
		json_close(w, '}');
	}
	json_close(w, ']');
	return true;
}

/* Of each of the person's events what the phone needs to be at that one. */
static bool write_events(struct json_writer *w, const struct me *me, size_t n, struct db *db,
	struct arena *a, struct err *e)
{
	json_open(w, "events", '[');
	for (size_t i = 0; i < n; i++) {
		json_open(w, NULL, '{');
		json_id(w, "me", me[i].person.id);
		event_write_short(w, "event", &me[i].event);
		if (!write_card(w, &me[i], db, a, e))
			return false;
		json_close(w, '}');
	}
	json_close(w, ']');
	return true;
}

static bool write_log(struct buf *out, struct work *work, struct request *q, const struct me *me,
	size_t n, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct my_log log;

	if (!my_log_read(&log, work->db, me->event.event, me->person.attendee, q->arena, e))
		return false;
	json_open(&w, NULL, '{');
	json_id(&w, "me", me->person.id);
	json_i64(&w, "zone_min", me->person.zone_min);
	json_i64(&w, "server_ms", server_now(work->server));
	event_write_short(&w, "event", &me->event);
	if (!write_card(&w, me, work->db, q->arena, e) ||
		(n > 1 && !write_events(&w, me, n, work->db, q->arena, e)))
		return false;
	write_rows(&w, &log);
	json_open(&w, "people", '[');
	for (size_t i = 0; i < log.people_count; i++)
		my_person_write(&w, &log.people[i]);
	json_close(&w, ']');
	if (!write_badges(&w, &log, work->db, e))
		return false;
	json_close(&w, '}');
	return true;
}

bool me_log_get(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf out = BUF_IN(q->arena);
	struct str etag, held;
	bool settled = false;
	struct me *me;
	int64_t rev = 0;
	size_t n;

	if (!read_all(&me, &n, w, q, e) ||
		!my_log_rev(w->db, q->caller.event, me->person.attendee, &rev, &settled, e))
		return false;
	etag = etag_of(me, n, w, rev, q->arena);
	if (settled)
		reply_header(r, "ETag", etag);
	if (settled && request_header(q, "if-none-match", &held) && str_equal(held, etag)) {
		r->status = 304;
		return true;
	}
	if (!write_log(&out, w, q, me, n, e))
		return false;
	reply_json(r, &out);
	reply_gzip(r, q);
	return true;
}
