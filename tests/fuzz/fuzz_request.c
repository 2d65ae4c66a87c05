/*
 * The head of a request as somebody may send it, without a socket: lines "METHOD TARGET",
 * "name: value" ..., an empty line, the body (inflated where it says gzip).
 */
#include "core/base/text.h"
#include "core/http/wire.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool handle(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct str value;

	(void)context;
	(void)e;
	if (request_query(q, "a", &value) || request_cookie(q, "k", &value) ||
		request_header(q, "x", &value))
		reply_text(r, "text/plain", str_bytes(value));
	return true;
}

static const struct route routes[] = {
	{ "GET", "/a/{x}/{y}", ROLE_ANYONE, ROUTE_READ, handle, NULL, 0, "" },
	{ "POST", "/a", ROLE_ANYONE, ROUTE_WRITE, handle, handle, 1000, "" },
};

/* Headers as C strings, as request_make takes them. */
static size_t read_headers(struct str *text, const char *headers[], size_t max, struct arena *a)
{
	struct str line, name;
	size_t n = 0;

	while (n + 2 < max && str_split(text, '\n', &line) && line.len > 0) {
		if (!str_split(&line, ':', &name))
			continue;
		headers[n++] = arena_cstr(a, name);
		headers[n++] = arena_cstr(a, str_trim(line));
	}
	headers[n] = NULL;
	return n;
}

static void answer(struct str text, struct arena *a)
{
	struct http_config c = {
		.routes = routes, .route_count = ARRAY_LEN(routes), .origin = STR("https://k")
	};
	const char *headers[2 * HEADERS_MAX + 5];
	struct str line, method, coding;
	struct request q;
	struct reply r = { 0 };
	struct err e;
	struct bytes body;

	if (!str_split(&text, '\n', &line) || !str_split(&line, ' ', &method))
		return;
	read_headers(&text, headers, ARRAY_LEN(headers), a);
	body = str_bytes(text);
	if (!request_make(&q, a, arena_cstr(a, method), line, headers, body, &e))
		return;
	if (request_header(&q, "content-encoding", &coding)) {
		uint8_t *plain;
		size_t len;

		if (gunzip(&plain, &len, body, 1000, &e)) {
			if (len > 1000)
				abort();
			free(plain);
		}
	}
	http_answer(&c, &q, &r);
	if (r.status < 200 || r.status > 599)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };

	answer((struct str){ (const char *)data, size }, &a);
	arena_finish(&a);
	return 0;
}
