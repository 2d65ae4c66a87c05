#include "tests/unit/core/http/client.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <zlib.h>

#include "core/base/text.h"

struct world {
	struct http *http;
	_Atomic int runs, hidden;
	pthread_mutex_t lock;
	pthread_cond_t arrived;
	struct exchange *queued;
	struct arena arena;
};

static bool count(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct world *w = context;

	(void)e;
	atomic_fetch_add(str_equal(q->path, STR("/hidden")) ? &w->hidden : &w->runs, 1);
	reply_text(r, "text/plain", BYTES("ran"));
	return true;
}

static bool echo(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	(void)e;
	reply_text(r, "text/plain", q->body);
	return true;
}

static bool tell(void *context, struct request *q, struct reply *r, struct err *e)
{
	struct buf out = BUF_IN(q->arena);
	struct str x = { NULL, 0 }, k = { NULL, 0 };

	(void)context;
	if (!request_query(q, "x", &x) || !request_cookie(q, "k", &k))
		return err_set(e, ERR_NOT_FOUND, "no x or no k");
	buf_printf(&out, STR_FMT "|" STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(q->params[0]),
		STR_ARG(x), STR_ARG(k), STR_ARG(q->remote));
	reply_text(r, "text/plain", buf_bytes(&out));
	return true;
}

static bool broken(void *context, struct request *q, struct reply *r, struct err *e)
{
	(void)context;
	(void)q;
	(void)r;
	return err_set(e, ERR_IO, "database: SELECT secret");
}

static const struct route routes[] = {
	{ "GET", "/", ROLE_ANYONE, ROUTE_READ, count, NULL, 0, "counts" },
	{ "GET", "/hidden", ROLE_ANYONE, ROUTE_READ, count, NULL, 0, "must not run" },
	{ "POST", "/echo", ROLE_ANYONE, ROUTE_READ, echo, NULL, 1000, "gives the body back" },
	{ "GET", "/tell/{name}", ROLE_ANYONE, ROUTE_READ, tell, NULL, 0, "what was understood" },
	{ "POST", "/write", ROLE_ANYONE, ROUTE_WRITE, echo, NULL, 0, "is queued" },
	{ "GET", "/nobody", 0, ROUTE_READ, count, NULL, 0, "a route without a role" },
	{ "GET", "/attendee", ROLE_ATTENDEE, ROUTE_READ, count, NULL, 0, "for attendees" },
	{ "GET", "/broken", ROLE_ANYONE, ROUTE_READ, broken, NULL, 0, "fails inside" },
};

static void take(void *context, struct exchange *x)
{
	struct world *w = context;

	pthread_mutex_lock(&w->lock);
	w->queued = x;
	pthread_cond_signal(&w->arrived);
	pthread_mutex_unlock(&w->lock);
}

static void open_world(struct world *w, struct http_config c)
{
	struct err e;

	memset(w, 0, sizeof(*w));
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->arrived, NULL);
	c.listen = c.listen ? c.listen : "127.0.0.1:0";
	c.routes = routes;
	c.route_count = ARRAY_LEN(routes);
	c.context = w;
	if (!http_open(&w->http, &c, &e))
		fail_msg("%s", e.text);
}

static void close_world(struct world *w)
{
	http_close(w->http);
	arena_finish(&w->arena);
	pthread_cond_destroy(&w->arrived);
	pthread_mutex_destroy(&w->lock);
}

static const char *ask(struct world *w, struct bytes raw)
{
	return client_ask(http_address(w->http), raw, &w->arena);
}

#define HOST   "Host: localhost\r\n"
#define HIDDEN "GET /hidden HTTP/1.1\r\n" HOST "\r\n"

static const struct {
	const char *name;
	struct bytes raw;
	int status;
} table[] = {
#define CASE(name, status, raw)                                                                    \
	{                                                                                          \
		name, { (const uint8_t *)("" raw), sizeof(raw) - 1 }, status                       \
	}
	CASE("plain", 200, "GET / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("HEAD is answered like GET", 200, "HEAD / HTTP/1.1\r\n" HOST "\r\n"),
	CASE("white space around a value", 200,
		"GET / HTTP/1.1\r\nHost: \t localhost \t\r\nA:\r\n\r\n"),
	CASE("two lengths", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Length: 0\r\nContent-Length: 41\r\n\r\n" HIDDEN),
	CASE("two lengths, the other way round", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Length: 41\r\nContent-Length: 0\r\n\r\n" HIDDEN),
	CASE("two equal lengths", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Length: 1\r\nContent-Length: 1\r\n\r\na" HIDDEN),
	CASE("a length and chunks", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN),
	CASE("chunks and a length", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\nContent-Length: 46\r\n\r\n0\r\n\r\n" HIDDEN),
	CASE("a coding that is not chunked", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" HIDDEN),
	CASE("a hidden coding", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" HIDDEN),
	CASE("chunks in HTTP/1.0", 400,
		"POST /echo HTTP/1.0\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN),
	CASE("a list of lengths", 400,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 0, 0\r\n\r\n" HIDDEN),
	CASE("a signed length", 400,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: +1\r\n\r\na" HIDDEN),
	CASE("a length with a fraction", 400,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1.0\r\n\r\na" HIDDEN),
	CASE("two hosts", 400, "GET / HTTP/1.1\r\n" HOST HOST "\r\n" HIDDEN),
	CASE("no host", 400, "GET / HTTP/1.1\r\nA: b\r\n\r\n" HIDDEN),
	CASE("two cookies headers", 400,
		"GET / HTTP/1.1\r\n" HOST "Cookie: a=1\r\nCookie: a=2\r\n\r\n" HIDDEN),
	CASE("two owners", 400,
		"GET / HTTP/1.1\r\n" HOST "Kith-Owner: a\r\nKith-Owner: b\r\n\r\n" HIDDEN),
	CASE("a folded line", 400, "GET / HTTP/1.1\r\n" HOST "A: b\r\n c: d\r\n\r\n" HIDDEN),
	CASE("a NUL in a value", 400, "GET / HTTP/1.1\r\n" HOST "A: b\0c\r\nD: e\r\n\r\n" HIDDEN),
	CASE("a NUL in the last value", 400, "GET / HTTP/1.1\r\n" HOST "A: b\0c\r\n\r\n" HIDDEN),
	CASE("a NUL in the target", 400, "GET /\0a HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("bare line feeds", 400, "GET / HTTP/1.1\nHost: localhost\nA: b\n\n" HIDDEN),
	CASE("one bare line feed", 400, "GET / HTTP/1.1\r\n" HOST "A: b\nC: d\r\n\r\n" HIDDEN),
	CASE("a bare carriage return", 400, "GET / HTTP/1.1\r\n" HOST "A: b\rC: d\r\n\r\n" HIDDEN),
	CASE("a space in the target", 400, "GET /a b HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("a whole address as target", 400,
		"GET http://localhost/ HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("a coded NUL in the path", 400, "GET /tell/a%00b?x=1 HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("a bad percent sign", 400, "GET /tell/%zz HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("bytes that are no text", 400, "GET /tell/%ff HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("a parameter given twice", 400, "GET /tell/a?x=1&x=2 HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("the same parameter spelt otherwise", 400,
		"GET /tell/a?x=1&%78=2 HTTP/1.1\r\n" HOST "\r\n" HIDDEN),
	CASE("a name of another machine", 421, "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n"),
	CASE("no such path", 404, "GET /nothing HTTP/1.1\r\n" HOST "\r\n"),
	CASE("a traversal", 404, "GET /../etc/passwd HTTP/1.1\r\n" HOST "\r\n"),
	CASE("another method", 405, "POST / HTTP/1.1\r\n" HOST "Content-Length: 0\r\n\r\n"),
	CASE("a route without a role", 401, "GET /nobody HTTP/1.1\r\n" HOST "\r\n"),
	CASE("a stranger where attendees may", 401, "GET /attendee HTTP/1.1\r\n" HOST "\r\n"),
	CASE("a body at its limit", 413,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Length: 1001\r\nExpect: 100-continue\r\n\r\n"),
	CASE("an enormous length", 413,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 999999999999\r\n\r\n"),
	CASE("a length past counting", 413,
		"POST /echo HTTP/1.1\r\n" HOST "Content-Length: 99999999999999999999999\r\n\r\n"),
	CASE("a GET with a body", 413, "GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\nabc"),
	CASE("a cookie without an origin", 403,
		"POST /echo HTTP/1.1\r\n" HOST "Cookie: a=b\r\nContent-Length: 0\r\n\r\n"),
	CASE("a foreign origin", 403,
		"POST /echo HTTP/1.1\r\n" HOST
		"Origin: http://evil.example\r\nContent-Length: 0\r\n\r\n"),
	CASE("our own origin", 200,
		"POST /echo HTTP/1.1\r\n" HOST
		"Cookie: a=b\r\nOrigin: http://localhost\r\nContent-Length: 0\r\n\r\n"),
	CASE("an unknown coding of the body", 415,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Encoding: br\r\nContent-Length: 1\r\n\r\na"),
	CASE("a body that is no gzip", 400,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\naaaa"),
	CASE("chunks", 200,
		"POST /echo HTTP/1.1\r\n" HOST
		"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
	CASE("something wrong inside", 500, "GET /broken HTTP/1.1\r\n" HOST "\r\n"),
#undef CASE
};

static void gives_each_raw_request_its_status_and_never_runs_a_hidden_one(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 2 });
	for (size_t i = 0; i < ARRAY_LEN(table); i++) {
		const char *reply = ask(&w, table[i].raw);

		if (status_of(reply) != table[i].status)
			fail_msg("%s: got %d, wanted %d", table[i].name, status_of(reply),
				table[i].status);
		/* libmicrohttpd 0.9.75 writes the head of some refusals of its own twice */
		if (count_of(reply, "HTTP/1.1 ") != 1 &&
			count_of(reply, "<head><title>Request") != 1)
			fail_msg("%s: %zu replies: %s", table[i].name, count_of(reply, "HTTP/1.1 "),
				reply);
		if (w.hidden > 0)
			fail_msg("%s: the hidden request ran", table[i].name);
	}
	assert_int_equal(status_of(ask(&w, BYTES(HIDDEN))), 200);
	assert_int_equal(w.hidden, 1);
	close_world(&w);
}

static void keeps_a_connection_for_the_next_request(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1 });
	assert_int_equal(count_of(ask(&w, BYTES("GET / HTTP/1.1\r\n" HOST
						"\r\nGET /nothing HTTP/1.1\r\n" HOST
						"\r\nGET / HTTP/1.1\r\n" HOST "\r\n")),
				 "HTTP/1.1 "),
		3);
	assert_int_equal(w.runs, 2);
	close_world(&w);
}

static void decodes_params_query_and_cookies(void **state)
{
	struct world w;
	const char *reply;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1 });
	reply = ask(&w, BYTES("GET /tell/a%2Fb%C3%BC?y=&x=1%2B+2 HTTP/1.1\r\n" HOST
			      "Cookie: a=b; k=v=w ;c=d\r\nX-Forwarded-For: 9.9.9.9\r\n\r\n"));
	assert_non_null(strstr(reply, "\r\n\r\na/bü|1+ 2|v=w|127.0.0.1"));
	assert_int_equal(status_of(ask(&w, BYTES("GET /tell/a?x=1 HTTP/1.1\r\n" HOST
						 "Cookie: k=1; k=2\r\n\r\n"))),
		404);
	close_world(&w);
}

static void believes_proxy_headers_only_from_the_proxy(void **state)
{
	struct world w;
	const char *reply;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1, .proxy = "127.0.0.1" });
	reply = ask(
		&w, BYTES("GET /tell/a?x=1 HTTP/1.1\r\nHost: kith.example\r\nCookie: k=1\r\n"
			  "X-Forwarded-For: 6.6.6.6, 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n"));
	assert_non_null(strstr(reply, "|9.9.9.9"));
	assert_non_null(strstr(reply, "Strict-Transport-Security: "));
	close_world(&w);
	open_world(&w, (struct http_config){ .threads = 1, .proxy = "10.0.0.1" });
	reply = ask(&w, BYTES("GET /tell/a?x=1 HTTP/1.1\r\nHost: kith.example\r\nCookie: k=1\r\n"
			      "X-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n"));
	assert_non_null(strstr(reply, "|127.0.0.1"));
	assert_null(strstr(reply, "Strict-Transport-Security"));
	close_world(&w);
}

static void carries_security_headers_on_every_reply_of_its_own(void **state)
{
	static const char *const wanted[] = { "Content-Security-Policy: default-src 'none'",
		"X-Content-Type-Options: nosniff", "Referrer-Policy: no-referrer",
		"Permissions-Policy: camera=(), ", "Cache-Control: no-store" };
	static const char *const paths[] = { "/", "/nothing", "/attendee", "/broken", "/tell/%00" };
	struct world w;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1 });
	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		struct str raw = arena_printf(
			&w.arena, "GET %s HTTP/1.1\r\n" HOST "\r\n", paths[i]);
		const char *reply = ask(&w, str_bytes(raw));

		for (size_t k = 0; k < ARRAY_LEN(wanted); k++)
			if (!strstr(reply, wanted[k]))
				fail_msg("%s lacks %s", paths[i], wanted[k]);
		assert_null(strstr(reply, "SELECT"));
	}
	close_world(&w);
}

static struct bytes gzip(struct arena *a, struct bytes plain)
{
	z_stream z = { .next_in = (z_const Bytef *)plain.p, .avail_in = (uInt)plain.len };
	size_t room = plain.len + 1024;
	uint8_t *out = arena_alloc(a, room);

	assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	z.next_out = out;
	z.avail_out = (uInt)room;
	assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
	deflateEnd(&z);
	return bytes_of(out, room - z.avail_out);
}

static const char *post_gzip(struct world *w, size_t plain_len, size_t extra)
{
	uint8_t *plain = arena_alloc(&w->arena, plain_len);
	struct buf raw = BUF_IN(&w->arena);
	struct bytes packed;

	memset(plain, 'a', plain_len);
	packed = gzip(&w->arena, bytes_of(plain, plain_len));
	buf_printf(&raw,
		"POST /echo HTTP/1.1\r\n" HOST
		"Content-Encoding: gzip\r\nContent-Length: %zu\r\n\r\n",
		packed.len + extra);
	buf_add(&raw, packed);
	for (size_t i = 0; i < extra; i++)
		buf_add_char(&raw, 'x');
	return ask(w, buf_bytes(&raw));
}

static void inflates_gzip_bodies_up_to_the_limit_and_no_bomb(void **state)
{
	struct world w;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1 });
	assert_non_null(strstr(post_gzip(&w, 3, 0), "\r\n\r\naaa"));
	assert_int_equal(status_of(post_gzip(&w, 1000, 0)), 200);
	assert_int_equal(status_of(post_gzip(&w, 1001, 0)), 413);
	assert_int_equal(status_of(post_gzip(&w, 900000, 0)), 413);
	assert_int_equal(status_of(post_gzip(&w, 3, 1)), 400);
	close_world(&w);
}

static void counts_received_bytes_where_no_length_is_given(void **state)
{
	struct world w;
	struct buf raw;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1 });
	raw = BUF_IN(&w.arena);
	buf_lit(&raw, "POST /echo HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n");
	for (int i = 0; i < 11; i++)
		buf_printf(&raw, "64\r\n%0100d\r\n", i);
	buf_lit(&raw, "0\r\n\r\n");
	assert_int_equal(status_of(ask(&w, buf_bytes(&raw))), 413);
	close_world(&w);
}

/* Sends a byte whenever the server has had time to look; returns when it was cut off. */
static size_t drip(struct world *w, struct bytes head)
{
	int fd = client_connect(http_address(w->http));
	struct pollfd p = { .fd = fd, .events = POLLIN };
	size_t sent = 0;

	client_send(fd, head);
	/* the byte comes well within libmicrohttpd's idea of idle; poll returns when the server
	 * closes */
	while (poll(&p, 1, 20) == 0 && sent < 10000) {
		if (send(fd, "a", 1, MSG_NOSIGNAL) != 1)
			break;
		sent++;
	}
	close(fd);
	return sent;
}

static void drops_a_client_that_drips(void **state)
{
	struct http_config c = { .threads = 2,
		.limits = { .header_ms = 300, .body_ms = 300, .idle_ms = 300 } };
	struct world w;

	(void)state;
	open_world(&w, c);
	assert_true(drip(&w, BYTES("")) < 10000);
	assert_true(drip(&w, BYTES("GET / HTTP/1.1\r\n" HOST "A: ")) < 10000);
	assert_true(drip(&w, BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 900\r\n\r\n")) <
		    900);
	assert_int_equal(status_of(ask(&w, BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"))), 200);
	close_world(&w);
}

static void ends_an_idle_connection(void **state)
{
	struct http_config c = { .threads = 1, .limits = { .header_ms = 5000, .idle_ms = 100 } };
	struct world w;
	int fd;

	(void)state;
	open_world(&w, c);
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"));
	assert_int_equal(
		status_of(client_read_all(fd, &w.arena)), 200); /* returns only when it is closed */
	close(fd);
	close_world(&w);
}

static void bounds_connections_of_one_address(void **state)
{
	struct http_config c = { .threads = 1, .limits = { .connections = 100, .per_address = 3 } };
	struct world w;
	int held[3], fd;

	(void)state;
	open_world(&w, c);
	for (size_t i = 0; i < ARRAY_LEN(held); i++) {
		held[i] = client_connect(http_address(w.http));
		client_send(held[i], BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"));
		client_read_until(held[i], "ran", &w.arena);
	}
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"));
	assert_string_equal(client_read_all(fd, &w.arena), "");
	close(fd);
	for (size_t i = 0; i < ARRAY_LEN(held); i++)
		close(held[i]);
	close_world(&w);
}

static void bounds_the_bytes_of_all_bodies_together(void **state)
{
	struct http_config c = { .threads = 1, .limits = { .body_bytes = 20 << 10 } };
	struct world w;
	int fd;

	(void)state;
	open_world(&w, c);
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("POST /write HTTP/1.1\r\n" HOST
			      "Content-Length: 10\r\nExpect: 100-continue\r\n\r\n"));
	client_read_until(fd, "100 Continue\r\n\r\n", &w.arena);
	client_send(fd, BYTES("aaaaa"));
	/* the held one has 16 KiB; a second one does not fit until it ends */
	while (status_of(ask(&w,
		       BYTES("POST /echo HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\na"))) != 503)
		continue;
	client_send(fd, BYTES("aaaaa"));
	assert_non_null(client_read_until(fd, "aaaaaaaaaa", &w.arena));
	close(fd);
	assert_int_equal(status_of(ask(&w, BYTES("POST /echo HTTP/1.1\r\n" HOST
						 "Content-Length: 1\r\n\r\na"))),
		200);
	close_world(&w);
}

static void *finisher(void *arg)
{
	struct world *w = arg;

	pthread_mutex_lock(&w->lock);
	while (!w->queued)
		pthread_cond_wait(&w->arrived, &w->lock);
	pthread_mutex_unlock(&w->lock);
	assert_true(exchange_run(w->queued, w));
	reply_header(exchange_reply(w->queued), "X-From", STR("writer"));
	exchange_finish(w->queued);
	return NULL;
}

static void sends_what_another_thread_finishes(void **state)
{
	struct world w;
	pthread_t writer;
	const char *reply;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 2, .queue = take });
	pthread_create(&writer, NULL, finisher, &w);
	reply = ask(&w, BYTES("POST /write HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"));
	pthread_join(writer, NULL);
	assert_int_equal(status_of(reply), 200);
	assert_non_null(strstr(reply, "X-From: writer"));
	assert_non_null(strstr(reply, "\r\n\r\nhello"));
	close_world(&w);
}

static void finishes_an_exchange_whose_client_has_gone(void **state)
{
	struct world w;
	int fd;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 1, .queue = take });
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("POST /write HTTP/1.1\r\n" HOST "Content-Length: 5\r\n\r\nhello"));
	pthread_mutex_lock(&w.lock);
	while (!w.queued)
		pthread_cond_wait(&w.arrived, &w.lock);
	pthread_mutex_unlock(&w.lock);
	close(fd);
	assert_true(exchange_run(w.queued, &w));
	exchange_finish(w.queued);
	assert_int_equal(status_of(ask(&w, BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"))), 200);
	close_world(&w);
}

static void runs_in_the_callers_loop(void **state)
{
	struct world w;
	int fd;
	char got[4096] = "";
	ssize_t n = 0;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 0 });
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("GET / HTTP/1.1\r\n" HOST "\r\n"));
	while (n <= 0) {
		struct pollfd p = { .fd = http_fd(w.http), .events = POLLIN };

		poll(&p, 1, http_timeout_ms(w.http));
		http_run(w.http);
		n = recv(fd, got, sizeof(got) - 1, MSG_DONTWAIT);
	}
	assert_int_equal(status_of(got), 200);
	assert_true(http_timeout_ms(w.http) > 0); /* the idle deadline, not a busy loop */
	close(fd);
	close_world(&w);
}

static void drops_a_slow_client_in_the_callers_loop(void **state)
{
	struct world w;
	int fd;
	char byte;

	(void)state;
	open_world(&w, (struct http_config){ .threads = 0, .limits = { .header_ms = 50 } });
	fd = client_connect(http_address(w.http));
	client_send(fd, BYTES("GET / HTT"));
	while (recv(fd, &byte, 1, MSG_DONTWAIT) != 0) {
		struct pollfd p = { .fd = http_fd(w.http), .events = POLLIN };

		poll(&p, 1, http_timeout_ms(w.http));
		http_run(w.http);
	}
	close(fd);
	close_world(&w);
}

static void refuses_a_plain_listener_outside_loopback(void **state)
{
	struct http_config c = { .routes = routes, .route_count = ARRAY_LEN(routes), .threads = 1 };
	static const char *const bad[] = { "localhost", "127.0.0.1", "127.0.0.1:99999", ":80",
		"nowhere:80", "127.0.0.1:x" };
	struct http *h = NULL;
	struct err e;

	(void)state;
	c.listen = "0.0.0.0:0";
	assert_false(http_open(&h, &c, &e));
	assert_int_equal(e.code, ERR_USAGE);
	c.proxy = "127.0.0.1";
	assert_true(http_open(&h, &c, &e));
	http_close(h);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		c.listen = bad[i];
		assert_false(http_open(&h, &c, &e));
		assert_int_equal(e.code, ERR_USAGE);
	}
	c.listen = "[::1]:0";
	if (http_open(&h, &c, &e)) {
		assert_true(str_starts(str_of(http_address(h)), STR("[::1]:")));
		http_close(h);
	}
	http_close(NULL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_each_raw_request_its_status_and_never_runs_a_hidden_one),
		cmocka_unit_test(keeps_a_connection_for_the_next_request),
		cmocka_unit_test(decodes_params_query_and_cookies),
		cmocka_unit_test(believes_proxy_headers_only_from_the_proxy),
		cmocka_unit_test(carries_security_headers_on_every_reply_of_its_own),
		cmocka_unit_test(inflates_gzip_bodies_up_to_the_limit_and_no_bomb),
		cmocka_unit_test(counts_received_bytes_where_no_length_is_given),
		cmocka_unit_test(drops_a_client_that_drips),
		cmocka_unit_test(ends_an_idle_connection),
		cmocka_unit_test(bounds_connections_of_one_address),
		cmocka_unit_test(bounds_the_bytes_of_all_bodies_together),
		cmocka_unit_test(sends_what_another_thread_finishes),
		cmocka_unit_test(finishes_an_exchange_whose_client_has_gone),
		cmocka_unit_test(runs_in_the_callers_loop),
		cmocka_unit_test(drops_a_slow_client_in_the_callers_loop),
		cmocka_unit_test(refuses_a_plain_listener_outside_loopback),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
