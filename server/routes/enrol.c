/*
 * How a kiosk joins an event: an organizer asks for a code, the kiosk proves that it knows it and
 * learns in return, proven by the same code, whom to trust (docs/api.md, POST /v1/enrol).
 */
#include "core/base/config.h"
#include "core/base/json.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/http/pin.h"
#include "server/access.h"
#include "server/routes/common.h"
#include "server/routes/routes.h"
#include "server/store/enrolments.h"
#include "server/store/events.h"

enum { PINS_MAX = 2 /* current and next */ };

struct pins {
	char text[PINS_MAX][PIN_TEXT_LEN + 1];
	size_t count;
};

static bool read_pins(
	struct pins *out, const struct server_config *c, struct arena *a, struct err *e)
{
	const char *const files[PINS_MAX] = { c->tls_certificate, c->pin_certificate };

	out->count = 0;
	for (size_t i = 0; i < PINS_MAX; i++) {
		struct bytes pem;

		if (!files[i])
			continue;
		if (!file_read(&pem, files[i], LIMIT_CONFIG_BYTES, a, e) ||
			!pin_of_certificate((struct str){ (const char *)pem.p, pem.len },
				out->text[out->count], sizeof(out->text[0]), e))
			return false;
		out->count++;
	}
	return true;
}

struct asked {
	struct str name, code_id;
	uint8_t public_key[SIGN_PUBLIC_LEN];
	struct hash proof;
};

static bool read_asked(struct asked *out, struct request *q, struct err *e)
{
	struct json *root;

	if (!json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "name", &out->name))
		out->name = STR("");
	if (!json_get_str(root, "code_id", &out->code_id) || out->name.len > LIMIT_NAME_BYTES ||
		!json_get_blob(root, "public", out->public_key, sizeof(out->public_key)) ||
		!json_get_blob(root, "proof", out->proof.b, sizeof(out->proof.b)))
		return err_set(
			e, ERR_MALFORMED, "an enrolment has name, public, code_id and proof");
	return true;
}

/* The kiosk proves with the pin of the key that it saw: ours, or somebody stands between. */
static bool proves(const struct asked *x, const struct enrolment *code, const struct pins *pins,
	bool secure, struct arena *a)
{
	struct bytes key = bytes_of(x->public_key, sizeof(x->public_key));
	bool ok = false;

	for (size_t i = 0; i < (secure ? pins->count : 1); i++) {
		struct str pin = secure ? str_of(pins->text[i]) : STR("");
		struct hash wanted = enrolment_proof(
			code->secret, STR("kith-enrol-1"), key, pin, a);

		ok |= crypto_equal(hash_bytes(&x->proof), hash_bytes(&wanted));
	}
	return ok;
}

static bool write_reply(struct buf *out, struct work *work, const struct enrolment *code,
	struct id station, struct str name, const struct pins *pins, struct arena *a, struct err *e)
{
	struct json_writer w = JSON_TO(out);
	struct server *s = work->server;
	struct event event;
	struct hash proof;

	if (!event_get(&event, work->db, code->event, a, e))
		return false;
	crypto_wipe(event.seal_secret, sizeof(event.seal_secret));
	json_open(&w, NULL, '{');
	json_uuid(&w, "station", station);
	json_str(&w, "name", name);
	if (!event_write_json(&w, "event", work->db, code->event, a, e))
		return false;
	json_blob(&w, "seal_public", bytes_of(event.seal_public, sizeof(event.seal_public)));
	json_blob(&w, "server_public", bytes_of(s->public_key, sizeof(s->public_key)));
	json_blob(&w, "ticket_key", bytes_of(event.ticket_key, sizeof(event.ticket_key)));
	json_open(&w, "pins", '[');
	for (size_t i = 0; i < pins->count; i++)
		json_str(&w, NULL, str_of(pins->text[i]));
	json_close(&w, ']');
	json_i64(&w, "server_ms", server_now(s));
	/* over all that stands before the proof's member */
	proof = enrolment_proof(code->secret, STR("kith-enrol-2"), buf_bytes(out), STR(""), a);
	json_blob(&w, "proof", hash_bytes(&proof));
	json_close(&w, '}');
	return true;
}

/* The try counts, so it is committed: the refusal is a reply and no error. */
static bool refuse(struct work *w, struct request *q, struct reply *r, const struct enrolment *code,
	struct err *e)
{
	struct err limit;

	if (code && !enrolment_tried(w->db, code, e))
		return false;
	if (!access_limit(w->server, r, q, LIMIT_ENROL_ADDRESS, str_bytes(q->remote), &limit)) {
		reply_err(r, q, &limit);
		return true;
	}
	enrolment_refuse(e);
	reply_err(r, q, e);
	return true;
}

bool enrol_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *w = context;
	struct buf out = BUF_IN(q->arena);
	struct enrolment code;
	struct asked asked;
	struct pins pins;
	struct id station;
	struct str name;

	if (!access_limit_ask(w->server, r, q, LIMIT_ENROL_ADDRESS, str_bytes(q->remote), e) ||
		!read_asked(&asked, q, e) || !read_pins(&pins, &w->server->config, q->arena, e))
		return false;
	if (q->secure && pins.count == 0)
		return err_set(e, ERR_UNAVAILABLE,
			"the server does not know the certificate of the proxy before it: name it "
			"with --pin-cert");
	if (!enrolment_find(&code, w->db, asked.code_id, server_now(w->server), q->arena, e))
		return e->code == ERR_FORBIDDEN && refuse(w, q, r, NULL, e);
	if (!proves(&asked, &code, &pins, q->secure, q->arena))
		return refuse(w, q, r, &code, e);
	name = asked.name.len > 0 ? asked.name : code.name;
	if (!enrolment_spend(
		    w->db, &code, name, asked.public_key, server_now(w->server), &station, e) ||
		!write_reply(&out, w, &code, station, name, &pins, q->arena, e))
		return false;
	crypto_wipe(code.secret, sizeof(code.secret));
	reply_json(r, &out);
	return true;
}

bool enrolments_post(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct work *work = context;
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);
	struct enrolment_code code;
	uint32_t event;
	struct json *root;
	struct str name;

	if (!route_event(work, q, &event, e) || !json_read(&root, q->body, q->arena, e))
		return false;
	if (!json_get_str(root, "name", &name) || str_trim(name).len == 0 ||
		name.len > LIMIT_NAME_BYTES)
		return err_set(e, ERR_MALFORMED, "a station needs a name of at most %d bytes",
			LIMIT_NAME_BYTES);
	if (!enrolment_add(work->db, event, str_trim(name), server_now(work->server), &code, e))
		return false;
	json_open(&w, NULL, '{');
	json_str(&w, "code", str_of(code.text));
	json_i64(&w, "expires_ms", CODE_LIFE_MS);
	json_close(&w, '}');
	reply_json(r, &out);
	return true;
}
