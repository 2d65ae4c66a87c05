/* The way of a request: its route, its limits, its origin, who calls, the handler. */
#include "core/http/wire.h"

#include "core/base/limits.h"
#include "core/base/text.h"

static bool is_brace(struct str part)
{
	return part.len > 2 && part.p[0] == '{' && part.p[part.len - 1] == '}';
}

static bool match(const struct route *route, struct request *q)
{
	struct str pattern = str_of(route->path), path = q->path, want, have;
	size_t n = 0;

	while (str_split(&pattern, '/', &want)) {
		if (!str_split(&path, '/', &have))
			return false;
		if (is_brace(want)) {
			struct buf b = BUF_IN(q->arena);

			if (have.len == 0 || n == REQUEST_PARAMS_MAX ||
				!percent_read(&b, have, false) ||
				!utf8_check(buf_bytes(&b), &q->params[n]))
				return false;
			n++;
		} else if (!str_equal(want, have)) {
			return false;
		}
	}
	return path.p == NULL;
}

static bool is_safe(struct str method)
{
	static const char *const safe[] = { "GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT" };

	for (size_t i = 0; i < ARRAY_LEN(safe); i++)
		if (str_equal(method, str_of(safe[i])))
			return true;
	return false;
}

const struct route *route_find(const struct route *routes, size_t n, struct request *q)
{
	struct str method = str_equal(q->method, STR("HEAD")) ? STR("GET") : q->method;

	for (size_t i = 0; i < n; i++)
		if (str_equal(method, str_of(routes[i].method)) && match(&routes[i], q))
			return &routes[i];
	return NULL;
}

/* 404, or 405 with what the path does answer to. */
static void refuse_route(const struct http_config *c, struct request *q, struct reply *r)
{
	struct buf allow = BUF_IN(q->arena);

	for (size_t i = 0; i < c->route_count; i++)
		if (match(&c->routes[i], q)) {
			if (allow.len > 0)
				buf_lit(&allow, ", ");
			buf_add_str(&allow, str_of(c->routes[i].method));
		}
	if (allow.len == 0) {
		reply_refuse(r, q, 404, "not-found", "there is nothing at this address");
		return;
	}
	reply_header(r, "Allow", buf_str(&allow));
	reply_refuse(r, q, 405, "method", "this address does not answer to that method");
}

bool address_is_loopback(struct str a)
{
	return str_starts(a, STR("127.")) || str_equal(a, STR("::1"));
}

/* A name that only this machine can mean: what stops a foreign page from rebinding its own name
 * here. */
static bool host_is_local(struct str host)
{
	if (host.len > 0 && host.p[0] == '[')
		host = str_sub(host, 1, str_find_char(host, ']', 0));
	else
		host = str_sub(host, 0, str_find_char(host, ':', 0));
	return str_equal_nocase(host, STR("localhost")) || address_is_loopback(host);
}

/*
 * A browser sends Origin with every POST. With a cookie it must be there and ours; without one it
 * may be absent (a program), but a foreign one is refused too (a sign-in forced by another page).
 */
static bool origin_is_ours(const struct http_config *c, struct request *q)
{
	struct str origin, host, ours = c->origin, cookie;

	if (!request_header(q, "origin", &origin))
		return !request_header(q, "cookie", &cookie);
	if (ours.len == 0) {
		if (!request_header(q, "host", &host))
			return false;
		ours = arena_printf(
			q->arena, "%s" STR_FMT, q->secure ? "https://" : "http://", STR_ARG(host));
	}
	return str_equal_nocase(origin, ours);
}

static void remote_of_proxy(const struct http_config *c, struct request *q)
{
	struct str value, last = { NULL, 0 };

	if (!c->proxy || !str_equal(q->remote, str_of(c->proxy)))
		return;
	if (request_header(q, "x-forwarded-for", &value)) {
		/* the last one is what the proxy saw; those before it anybody can write */
		while (str_split(&value, ',', &last))
			continue;
		last = str_trim(last);
		if (last.len > 0)
			q->remote = last;
	}
	if (request_header(q, "x-forwarded-proto", &value))
		q->secure = str_equal_nocase(value, STR("https"));
}

static size_t limit_of(const struct route *route)
{
	if (route->body_limit > 0)
		return route->body_limit;
	return str_equal(str_of(route->method), STR("GET")) ? 0 : LIMIT_REQUEST_BYTES;
}

static bool check_caller(const struct http_config *c, struct request *q, struct reply *r)
{
	struct err e = { 0 };
	unsigned roles = q->route->roles;

	if (!q->known && c->authenticate && !c->authenticate(c->context, q, &e)) {
		reply_err(r, q, &e);
		return false;
	}
	q->known = true;
	if (roles & (ROLE_ANYONE | (unsigned)q->caller.role))
		return true;
	if (q->caller.role == ROLE_ANYONE)
		reply_refuse(r, q, 401, "unauthenticated", "sign in first");
	else
		reply_refuse(r, q, 403, "forbidden", "this is not open to you");
	return false;
}

bool request_start(const struct http_config *c, struct request *q, struct reply *r, size_t *limit)
{
	struct str host;

	*limit = 0;
	if (!c->proxy && !c->tls_key && address_is_loopback(q->remote) &&
		request_header(q, "host", &host) && !host_is_local(host)) {
		reply_refuse(
			r, q, 421, "misdirected", "this machine answers only to its own address");
		return false;
	}
	remote_of_proxy(c, q);
	q->route = route_find(c->routes, c->route_count, q);
	if (!q->route) {
		refuse_route(c, q, r);
		return false;
	}
	*limit = limit_of(q->route);
	if (q->wire->length > *limit) {
		struct err e;

		err_set(&e, ERR_TOO_LARGE, "the body has %llu bytes, at most %zu are taken here",
			(unsigned long long)q->wire->length, *limit);
		reply_err(r, q, &e);
		return false;
	}
	if (!is_safe(q->method) && !origin_is_ours(c, q)) {
		reply_refuse(r, q, 403, "forbidden", "this must be sent from our own page");
		return false;
	}
	if (q->route->roles & (ROLE_ANYONE | ROLE_STATION))
		return true;
	return check_caller(c, q, r);
}

bool request_ready(const struct http_config *c, struct request *q, struct reply *r)
{
	return q->known || check_caller(c, q, r);
}

static bool run(route_handler *handle, struct request *q, struct reply *r, void *context)
{
	struct err e = { 0 };

	if (handle(context, q, r, &e)) {
		if (r->status == 0)
			r->status = 200;
		return true;
	}
	reply_err(r, q, &e);
	return false;
}

bool request_handle(const struct http_config *c, struct request *q, struct reply *r)
{
	void *(*of)(void *) = q->route->kind == ROUTE_READ ? c->reader : c->writer;
	void *context = of ? of(c->context) : c->context;
	struct err e;

	if (context || !of)
		return run(q->route->handle, q, r, context);
	err_set(&e, ERR_UNAVAILABLE, "too busy: try again in a moment");
	reply_err(r, q, &e);
	return false;
}

bool request_handle_with(struct request *q, struct reply *r, void *context)
{
	return run(q->route->handle, q, r, context);
}

bool request_prepare(struct request *q, struct reply *r, void *context)
{
	return !q->route->prepare || run(q->route->prepare, q, r, context);
}

void http_answer(const struct http_config *c, struct request *q, struct reply *r)
{
	size_t limit;

	if (request_start(c, q, r, &limit)) {
		if (q->body.len > limit)
			reply_refuse(r, q, 413, "too-large", "the body is too large");
		else if (request_ready(c, q, r) && request_prepare(q, r, c->context))
			request_handle(c, q, r);
	}
	if (c->finish)
		c->finish(c->context, q, r);
}
