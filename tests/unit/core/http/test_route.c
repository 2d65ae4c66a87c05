/* Requests without a socket: matching, roles, the order of guards, the OpenAPI document. */
#include "tests/unit/test.h"

#include "core/base/json.h"
#include "core/http/http.h"

struct seen {
	int prepared, handled, authenticated;
	bool body_at_authenticate;
};

static bool handle(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct seen *s = context;

	(void)e;
	s->handled++;
	reply_text(r, "text/plain", str_bytes(q->params[1].p ? q->params[1] : q->params[0]));
	return true;
}

static bool prepare(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct seen *s = context;
	struct str value;

	(void)r;
	s->prepared++;
	return !request_query(q, "bad", &value) || err_set(e, ERR_TOO_MANY, "prepare refuses");
}

static bool authenticate(void *context, struct request *q, struct err *e)
{
	struct seen *s = context;
	struct str who;

	s->authenticated++;
	s->body_at_authenticate = q->body.len > 0;
	if (!request_header(q, "x-who", &who))
		return true;
	if (str_equal(who, STR("forged")))
		return err_set(e, ERR_UNAUTHENTICATED, "the signature does not verify");
	q->caller.role = str_equal(who, STR("station")) ? ROLE_STATION : ROLE_ATTENDEE;
	return true;
}

static const struct route routes[] = {
	{ "GET", "/v1/a/{x}", ROLE_ATTENDEE, ROUTE_READ, handle, NULL, 0, "reads a" },
	{ "POST", "/v1/a/{x}", ROLE_ATTENDEE, ROUTE_WRITE, handle, prepare, 0, "writes a" },
	{ "GET", "/v1/a/{x}/b/{y}", ROLE_ANYONE, ROUTE_READ, handle, NULL, 0, "reads b" },
	{ "POST", "/v1/s", ROLE_STATION, ROUTE_WRITE, handle, NULL, 100, "takes from stations" },
	{ "REPORT", "/dav/{x}", ROLE_ATTENDEE | ROLE_STATION, ROUTE_READ, handle, NULL, 0,
		"reports" },
};

static int ask(struct seen *s, const char *method, const char *target, const char *who, size_t body,
	struct reply *r, struct arena *a)
{
	const char *headers[] = { who ? "X-Who" : NULL, who, NULL };
	struct http_config c = { .routes = routes,
		.route_count = ARRAY_LEN(routes),
		.context = s,
		.authenticate = authenticate };
	struct request q;
	struct err e;

	*s = (struct seen){ 0 };
	*r = (struct reply){ 0 };
	if (!request_make(&q, a, method, str_of(target), headers,
		    bytes_of(arena_alloc(a, body), body), &e))
		return err_http_status(e.code);
	http_answer(&c, &q, r);
	return r->status;
}

static void finds_a_route_only_where_every_segment_fits(void **state)
{
	static const struct {
		const char *target;
		int status;
		const char *body;
	} cases[] = {
		{ "/v1/a/1/b/two%20parts", 200, "two parts" },
		{ "/v1/a/1/b/a%2Fb", 200, "a/b" },
		{ "/v1/a/1/b/", 404, NULL },
		{ "/v1/a//b/2", 404, NULL },
		{ "/v1/a/1/b/2/", 404, NULL },
		{ "/v1/a/1/b", 404, NULL },
		{ "//v1/a/1/b/2", 404, NULL },
		{ "/v1/%61/1/b/2", 404, NULL },
		{ "/V1/a/1/b/2", 404, NULL },
		{ "/v1/a/1/b/2?x=%zz", 400, NULL },
		{ "/v1/a/1/b/2#x", 400, NULL },
		{ "v1/a/1/b/2", 400, NULL },
		{ "", 400, NULL },
	};
	struct arena a = { 0 };
	struct reply r;
	struct seen s;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (ask(&s, "GET", cases[i].target, NULL, 0, &r, &a) != cases[i].status)
			fail_msg("%s: got %d", cases[i].target, r.status);
		if (cases[i].body)
			assert_str(((struct str){ (const char *)r.body.p, r.body.len }),
				cases[i].body);
	}
	arena_finish(&a);
}

static void runs_a_handler_only_for_its_roles(void **state)
{
	struct arena a = { 0 };
	struct reply r;
	struct seen s;

	(void)state;
	assert_int_equal(ask(&s, "GET", "/v1/a/1", NULL, 0, &r, &a), 401);
	assert_int_equal(s.handled, 0);
	assert_int_equal(ask(&s, "GET", "/v1/a/1", "station", 0, &r, &a), 403);
	assert_int_equal(s.handled, 0);
	assert_int_equal(ask(&s, "GET", "/v1/a/1", "forged", 0, &r, &a), 401);
	assert_int_equal(s.handled, 0);
	assert_int_equal(ask(&s, "GET", "/v1/a/1/b/2", "forged", 0, &r, &a), 401);
	assert_int_equal(ask(&s, "GET", "/v1/a/1", "attendee", 0, &r, &a), 200);
	assert_int_equal(ask(&s, "REPORT", "/dav/1", "station", 5, &r, &a), 200);
	assert_int_equal(ask(&s, "DELETE", "/v1/a/1", "attendee", 0, &r, &a), 405);
	assert_str(r.headers[0].value, "GET, POST");
	arena_finish(&a);
}

static void authenticates_once_and_stations_after_the_body(void **state)
{
	struct arena a = { 0 };
	struct reply r;
	struct seen s;

	(void)state;
	assert_int_equal(ask(&s, "POST", "/v1/s", "station", 10, &r, &a), 200);
	assert_int_equal(s.authenticated, 1);
	assert_true(s.body_at_authenticate);
	assert_int_equal(ask(&s, "POST", "/v1/a/1", "attendee", 10, &r, &a), 200);
	assert_int_equal(s.authenticated, 1);
	assert_int_equal(s.prepared, 1);
	assert_int_equal(ask(&s, "POST", "/v1/a/1?bad=1", "attendee", 10, &r, &a), 429);
	assert_int_equal(s.handled, 0);
	assert_string_equal(r.headers[0].name, "Retry-After");
	assert_int_equal(ask(&s, "POST", "/v1/s", "station", 101, &r, &a), 413);
	arena_finish(&a);
}

static void writes_an_openapi_document_of_every_route(void **state)
{
	struct arena a = { 0 };
	struct buf out = BUF_IN(&a);
	struct json *doc;
	struct str summary;
	struct err e;

	(void)state;
	http_openapi_write(&out, STR("Test"), routes, ARRAY_LEN(routes));
	if (!json_read(&doc, buf_bytes(&out), &a, &e))
		fail_msg("%s", e.text);
	assert_int_equal(json_get(doc, "paths")->count, 4);
	assert_true(json_get_str(json_get(json_get(json_get(doc, "paths"), "/v1/a/{x}"), "post"),
		"summary", &summary));
	assert_str(summary, "writes a");
	assert_int_equal(
		json_get(json_get(json_get(json_get(doc, "paths"), "/v1/a/{x}/b/{y}"), "get"),
			"parameters")
			->count,
		2);
	assert_non_null(json_get(json_get(json_get(doc, "paths"), "/dav/{x}"), "x-report"));
	arena_finish(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_a_route_only_where_every_segment_fits),
		cmocka_unit_test(runs_a_handler_only_for_its_roles),
		cmocka_unit_test(authenticates_once_and_stations_after_the_body),
		cmocka_unit_test(writes_an_openapi_document_of_every_route),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
