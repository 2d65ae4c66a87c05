/* Filling a reply, and the headers that every reply carries. */
#include "core/http/wire.h"

#include <assert.h>

#include "core/base/json.h"
#include "core/base/log.h"

void reply_header(struct reply *r, const char *name, struct str value)
{
	assert(r->header_count < REPLY_HEADERS_MAX);
	r->headers[r->header_count].name = name;
	r->headers[r->header_count++].value = value;
}

bool reply_has(const struct reply *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (str_equal_nocase(str_of(r->headers[i].name), str_of(name)))
			return true;
	return false;
}

void reply_text(struct reply *r, const char *type, struct bytes body)
{
	r->type = str_of(type);
	r->body = body;
	if (r->status == 0)
		r->status = 200;
}

void reply_metrics(struct reply *r, const struct buf *text)
{
	reply_text(r, "text/plain; version=0.0.4; charset=utf-8", buf_bytes(text));
}

void reply_json(struct reply *r, const struct buf *json)
{
	reply_text(r, "application/json", buf_bytes(json));
}

void reply_refuse(
	struct reply *r, struct request *q, int status, const char *code, const char *text)
{
	struct buf out = BUF_IN(q->arena);
	struct json_writer w = JSON_TO(&out);

	json_open(&w, NULL, '{');
	json_open(&w, "error", '{');
	json_str(&w, "code", str_of(code));
	json_str(&w, "text", str_of(text));
	json_close(&w, '}');
	json_close(&w, '}');
	r->events = NULL;
	r->status = status;
	reply_text(r, "application/json", buf_bytes(&out));
	if ((status == 429 || status == 503) && !reply_has(r, "Retry-After"))
		reply_header(r, "Retry-After", STR("10"));
}

void reply_err(struct reply *r, struct request *q, const struct err *e)
{
	bool inside = e->code == ERR_IO || e->code == ERR_INTERNAL || e->code == ERR_NONE;

	if (inside)
		log_error("request failed route=%s error=%s text=\"%s\"",
			q->route ? q->route->path : "-", err_name(e->code), e->text);
	reply_refuse(r, q, e->code == ERR_NONE ? 500 : err_http_status(e->code),
		e->code == ERR_NONE ? "internal" : err_name(e->code),
		inside ? "something went wrong here; it was logged, please try again" : e->text);
}

/* facts ui-pi 2.1: what passed on the phone's scan page, the kiosk's screen and the organizer's
 * page */
#define POLICY_PAGE                                                                                \
	"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; "            \
	"connect-src 'self'; img-src 'self' blob:; media-src 'self' blob:; style-src 'self'; "     \
	"manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
#define POLICY_DATA                                                                                \
	"default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/* Types that a browser runs, and whose own policy therefore counts (a worker has its script's). */
static const char *const page_types[] = { "text/html", "text/javascript",
	"application/javascript" };

static bool is_page(struct str type)
{
	for (size_t i = 0; i < ARRAY_LEN(page_types); i++)
		if (str_starts_nocase(type, str_of(page_types[i])))
			return true;
	return false;
}

void reply_secure(const struct reply *r, bool secure,
	void (*add)(void *to, const char *name, struct str value), void *to)
{
	const struct {
		const char *name;
		struct str value;
		bool wanted;
	} all[] = {
		{ "Content-Security-Policy", is_page(r->type) ? STR(POLICY_PAGE) : STR(POLICY_DATA),
			true },
		{ "X-Content-Type-Options", STR("nosniff"), true },
		{ "Referrer-Policy", STR("no-referrer"), true },
		{ "Permissions-Policy", STR(POLICY_FEATURES("")), true },
		{ "Cross-Origin-Opener-Policy", STR("same-origin"), true },
		{ "Cross-Origin-Resource-Policy", STR("same-origin"), true },
		{ "Strict-Transport-Security", STR("max-age=31536000"), secure },
		/* whoever serves what may be kept says so */
		{ "Cache-Control", STR("no-store"), true },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i].wanted && !reply_has(r, all[i].name))
			add(to, all[i].name, all[i].value);
}
