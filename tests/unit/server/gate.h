/*
 * A server without sockets, seen from its door: two events, their people, kiosks and organizers
 * with real credentials, and requests that pass the real guards, authentication and handlers.
 */
#pragma once

#include <unistd.h>

#include "core/base/json.h"
#include "core/base/text.h"
#include "core/entry/wire/chain.h"
#include "core/tag/ticket.h"
#include "server/access.h"
#include "server/routes/routes.h"
#include "server/store/enrolments.h"
#include "server/store/events.h"
#include "server/store/organizers.h"
#include "server/store/people.h"
#include "server/store/sessions.h"
#include "tests/unit/test.h"

#define PASSWORD "correct horse battery"

static int64_t gate_now = INT64_C(1795300000000);

static int64_t gate_clock(void)
{
	return gate_now;
}

struct kiosk {
	struct id station;
	uint8_t public_key[SIGN_PUBLIC_LEN], secret_key[SIGN_SECRET_LEN];
};

struct gate {
	char dir[64];
	struct server *s;
	struct http_config config;
	struct event event, other;
	struct attendee ana, ben; /* of event */
	struct id badge;	  /* Ana's, a second one of hers is spare */
	struct id spare;
	struct kiosk kiosk, kiosk2, revoked;
	struct id organizer, stranger; /* of event; of other */
	struct arena a;
};

/* How somebody asks: with these cookies, or signed by this kiosk. */
struct who {
	const char *cookie; /* NULL: none */
	const struct kiosk *kiosk;
	const char *agent, *forwarded; /* User-Agent; X-Forwarded-Proto */
	const char *etag, *encoding;   /* If-None-Match; Accept-Encoding */
};

#define MUST(call)                                                                                 \
	do {                                                                                       \
		struct err e = { 0 };                                                              \
		if (!(call))                                                                       \
			fail_msg("%s: %s", #call, e.text);                                         \
	} while (0)

static void gate_kiosk(struct gate *g, struct kiosk *k, uint32_t event, const char *name)
{
	struct db *db = g->s->write.db;
	struct enrolment_code code;
	struct enrolment found;

	sign_keypair(k->public_key, k->secret_key);
	MUST(enrolment_add(db, event, str_of(name), gate_now, &code, &e));
	MUST(enrolment_find(&found, db, (struct str){ code.text, 4 }, gate_now, &g->a, &e));
	MUST(enrolment_spend(db, &found, str_of(name), k->public_key, gate_now, &k->station, &e));
}

static struct attendee gate_attendee(struct gate *g, uint32_t event, const char *name)
{
	struct attendee x = {
		.name = str_of(name), .organization = STR("ACME"), .email = STR("x@y.example")
	};

	MUST(attendee_add(g->s->write.db, event, &x, NULL, &e));
	return x;
}

static struct id gate_badge(struct gate *g, uint32_t event, uint32_t attendee)
{
	struct id id = crypto_random_id();
	struct ref ref;

	MUST(ref_intern(g->s->write.db, event, id, &ref, &e));
	MUST(ref_assign(g->s->write.db, event, ref.ref, attendee, NULL, &e));
	return id;
}

static UNUSED struct gate *gate_open(void)
{
	static const char hash[] =
		"$argon2id$v=19$m=8,t=1,p=1$none$none"; /* nobody's; see gate_password */
	struct gate *g = calloc(1, sizeof(*g));
	struct server_config config = { .store = g->dir, .use = STORE_CREATE };
	struct db *db;

	MUST(crypto_init(&e));
	snprintf(g->dir, sizeof(g->dir), "/tmp/kith-gate-XXXXXX");
	assert_non_null(mkdtemp(g->dir));
	MUST(server_open(&g->s, &config, &e));
	g->s->now_ms = gate_clock;
	db = g->s->write.db;
	MUST(db_exec(db, "PRAGMA synchronous=OFF", &e));
	MUST(access_open(&g->s->access, g->s, &e));
	g->config = server_http_config(g->s);
	g->event = (struct event){ .name = STR("C Meetup"),
		.host = STR("kith.example"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	g->other = (struct event){ .name = STR("Another"),
		.host = STR("kith.example"),
		.topics = STR("[]"),
		.settings = STR("{}") };
	MUST(event_add(db, &g->event, gate_now, &e));
	MUST(event_add(db, &g->other, gate_now, &e));
	g->ana = gate_attendee(g, g->event.event, "Ana");
	g->ben = gate_attendee(g, g->event.event, "Ben");
	g->badge = gate_badge(g, g->event.event, g->ana.attendee);
	g->spare = gate_badge(g, g->event.event, g->ana.attendee);
	gate_kiosk(g, &g->kiosk, g->event.event, "Door");
	gate_kiosk(g, &g->kiosk2, g->event.event, "Lounge");
	gate_kiosk(g, &g->revoked, g->event.event, "Stolen");
	MUST(db_exec(db, "UPDATE station SET revoked_ms = 1 WHERE name = 'Stolen'", &e));
	MUST(organizer_add(
		db, STR("org@x.example"), g->event.event, hash, gate_now, &g->organizer, &e));
	MUST(organizer_add(
		db, STR("other@x.example"), g->other.event, hash, gate_now, &g->stranger, &e));
	return g;
}

static UNUSED void gate_password(struct gate *g)
{
	char hash[PASSWORD_HASH_LEN];

	MUST(password_hash(hash, STR(PASSWORD), &e));
	MUST(organizer_add(g->s->write.db, STR("org@x.example"), g->event.event, hash, gate_now,
		&g->organizer, &e));
}

static UNUSED void gate_close(struct gate *g)
{
	static const char *const files[] = { "kith.db", "kith.db-wal", "kith.db-shm", "lock",
		"open" };

	access_close(g->s->access);
	g->s->access = NULL;
	server_close(g->s);
	for (size_t i = 0; i < ARRAY_LEN(files); i++)
		unlink(arena_printf(&g->a, "%s/%s", g->dir, files[i]).p);
	rmdir(g->dir);
	arena_finish(&g->a);
	free(g);
}

/* A fresh session's cookie header. */
static UNUSED const char *gate_session(struct gate *g, enum session_kind kind, struct id who)
{
	bool attendee = kind == SESSION_ATTENDEE;
	struct cookie c;

	MUST(session_make(g->s->write.db, kind, attendee ? g->event.event : 0, who, STR("a test"),
		gate_now, &c, &e));
	return arena_printf(&g->a, "%s=%s", attendee ? COOKIE_ATTENDEE : COOKIE_ORGANIZER, c.text)
		.p;
}

static const char *encoded(struct gate *g, struct bytes b)
{
	struct buf out = BUF_IN(&g->a);

	base64url_write(&out, b);
	return arena_cstr(&g->a, buf_str(&out));
}

/* Name, value pairs of who, for request_make. */
static void add_headers(struct gate *g, const struct who *who, const char *method,
	struct str target, struct bytes body, const char *headers[], size_t n)
{
	if (who->cookie) {
		headers[n++] = "Cookie";
		headers[n++] = who->cookie;
		headers[n++] = "Origin";
		headers[n++] = "http://localhost";
	}
	if (who->agent) {
		headers[n++] = "User-Agent";
		headers[n++] = who->agent;
	}
	if (who->forwarded) {
		headers[n++] = "X-Forwarded-Proto";
		headers[n++] = who->forwarded;
	}
	if (who->etag) {
		headers[n++] = "If-None-Match";
		headers[n++] = who->etag;
	}
	if (who->encoding) {
		headers[n++] = "Accept-Encoding";
		headers[n++] = who->encoding;
	}
	if (who->kiosk) {
		uint8_t nonce[NONCE_LEN], signature[SIGNATURE_LEN];
		struct hash h;

		crypto_random(nonce, sizeof(nonce));
		h = request_hash(str_of(method), target, body, nonce);
		sign_message(signature, hash_bytes(&h), who->kiosk->secret_key);
		headers[n++] = "Kith-Station";
		headers[n++] = arena_printf(&g->a, "%s", id_uuid_text(who->kiosk->station).s).p;
		headers[n++] = "Kith-Nonce";
		headers[n++] = encoded(g, bytes_of(nonce, sizeof(nonce)));
		headers[n++] = "Kith-Signature";
		headers[n++] = encoded(g, bytes_of(signature, sizeof(signature)));
	}
	headers[n] = NULL;
}

struct answer {
	int status;
	struct reply reply;
	const struct json *json; /* NULL: none */
};

static UNUSED struct answer ask_body(
	struct gate *g, struct who who, const char *method, const char *path, struct bytes body)
{
	const char *headers[24] = { "Host", "localhost" };
	struct str target = arena_str(&g->a, str_of(path));
	struct answer out = { 0 };
	struct request q;
	struct json *json;
	struct err e;

	add_headers(g, &who, method, target, body, headers, 2);
	if (!request_make(&q, &g->a, method, target, headers, body, &e))
		fail_msg("%s %s: %s", method, path, e.text);
	http_answer(&g->config, &q, &out.reply);
	out.status = out.reply.status;
	if (str_equal(out.reply.type, STR("application/json")) && !who.encoding) {
		if (!json_read(&json, out.reply.body, &g->a, &e))
			fail_msg("%s %s: %s", method, path, e.text);
		out.json = json;
	}
	return out;
}

static UNUSED struct answer ask(
	struct gate *g, struct who who, const char *method, const char *path, const char *body)
{
	return ask_body(g, who, method, path, str_bytes(str_of(body)));
}

static UNUSED struct str said(const struct answer *a, const char *key)
{
	struct str out = { "", 0 };

	return json_get_str(a->json, key, &out) ? out : STR("(absent)");
}

/* The value of a cookie that the answer sets, as a Cookie header; NULL when it does not. */
static UNUSED const char *cookie_of(struct gate *g, const struct answer *a, const char *name)
{
	struct str start = arena_printf(&g->a, "%s=", name);

	for (size_t i = 0; i < a->reply.header_count; i++) {
		struct str v = a->reply.headers[i].value, first;

		if (strcmp(a->reply.headers[i].name, "Set-Cookie") != 0 || !str_starts(v, start) ||
			!str_split(&v, ';', &first) || first.len == start.len)
			continue;
		assert_true(str_find(v, STR("Secure"), 0) != SIZE_MAX);
		assert_true(str_find(v, STR("HttpOnly"), 0) != SIZE_MAX);
		return arena_cstr(&g->a, first);
	}
	return NULL;
}

static UNUSED const char *header_of(struct gate *g, const struct answer *a, const char *name)
{
	for (size_t i = 0; i < a->reply.header_count; i++)
		if (strcmp(a->reply.headers[i].name, name) == 0)
			return arena_cstr(&g->a, a->reply.headers[i].value);
	return NULL;
}

static UNUSED const char *print(struct gate *g, const char *format, ...) PRINTF_LIKE(2, 3);
static UNUSED const char *print(struct gate *g, const char *format, ...)
{
	struct buf out = BUF_IN(&g->a);
	va_list args;

	va_start(args, format);
	buf_vprintf(&out, format, args);
	va_end(args);
	return arena_cstr(&g->a, buf_str(&out));
}

/* Whether a session sees this event; whether its person has a notice with these words. */
static UNUSED bool reaches(struct gate *g, const char *session, uint32_t event)
{
	return ask(g, (struct who){ .cookie = session }, "GET", print(g, "/v1/me?event=%u", event),
		       "")
		       .status == 200;
}

static UNUSED bool is_told(struct gate *g, const char *session, const char *words)
{
	struct answer a = ask(g, (struct who){ .cookie = session }, "GET", "/v1/me", "");

	assert_int_equal(a.status, 200);
	return str_find((struct str){ (const char *)a.reply.body.p, a.reply.body.len },
		       str_of(words), 0) != SIZE_MAX;
}
