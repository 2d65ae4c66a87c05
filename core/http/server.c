/*
 * libmicrohttpd behind http.h. A connection carries one request at a time; its memory is kept for
 * the next one. The phases of a request, and who may touch the connection in each:
 *
 *	idle -> line -> body or drain -> (queued) -> ready -> sent -> idle
 *
 * All on the thread of the pool that owns the connection, but for queued: then it is suspended,
 * belongs to whoever holds the exchange, and comes back by exchange_finish.
 */
#include "core/http/wire.h"

#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/limits.h"
#include "core/base/log.h"

enum {
	DRAIN_MAX = 64 << 10,  /* of a refused body: read it, so that the client sees why */
	BODY_GRACE_MS = 10000, /* before the floor counts */
	SEND_MS = 60000,
	WATCH_MS = 250,
};

enum phase {
	PHASE_IDLE,
	PHASE_LINE,
	PHASE_BODY,
	PHASE_DRAIN,
	PHASE_QUEUED,
	PHASE_READY,
	PHASE_SENT
};

struct exchange {
	struct http *http;
	struct MHD_Connection *con;
	struct deadline deadline;
	struct arena arena;
	struct request q;
	struct reply r;
	enum phase phase;
	bool close; /* after the reply */
	char remote[64];
	struct body body;
	size_t drained; /* of a body that was refused */
	uint64_t body_since_ns;
};

struct http {
	struct http_config config;
	struct listener listener;
	struct MHD_Daemon *daemon;
	struct deadlines *deadlines;
	struct arena arena; /* of the configuration */
	struct body_budget budget;
};

/* The body must be whole in time, and no slower than the floor after a moment's grace. */
static void body_deadline(struct exchange *x)
{
	const struct http_limits *l = &x->http->config.limits;
	uint64_t whole = l->body_ms, floor_ms, passed;
	uint64_t expected = x->q.wire->has_length ? x->q.wire->length : x->body.limit;

	if (expected > LIMIT_REQUEST_BYTES)
		whole = whole * (expected / LIMIT_REQUEST_BYTES + 1);
	floor_ms = (BODY_GRACE_MS < l->body_ms ? BODY_GRACE_MS : l->body_ms) +
		   (uint64_t)(x->body.len + x->drained) * 1000 / l->bytes_per_s;
	whole = floor_ms < whole ? floor_ms : whole;
	passed = (clock_monotonic_ns() - x->body_since_ns) / 1000000;
	deadline_set(&x->deadline, whole > passed ? whole - passed : 1);
}

/* Replies */

static void add_header(void *to, const char *name, struct str value)
{
	char text[1024];
	struct MHD_Response *response = to;
	struct arena a = { 0 };
	const char *v = text;

	if (value.len < sizeof(text)) {
		memcpy(text, value.p ? value.p : "", value.len);
		text[value.len] = '\0';
	} else {
		v = arena_cstr(&a, value);
	}
	/* libmicrohttpd refuses a value with a line end in it, so that nothing can be smuggled out
	 */
	if (MHD_add_response_header(response, name, v) == MHD_NO)
		log_warn("header refused name=%s", name);
	arena_finish(&a);
}

static void stream_gone(void *of)
{
	struct exchange *x = of;

	deadline_subscribe(x->http->deadlines, &x->deadline, NULL);
}

static struct MHD_Response *make_response(struct exchange *x, struct subscriber **stream)
{
	if (x->r.events) {
		x->r.type = STR("text/event-stream");
		return events_subscribe(x->r.events, x->con, stream_gone, x, stream);
	}
	return MHD_create_response_from_buffer(
		x->r.body.len, (void *)(uintptr_t)x->r.body.p, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result send_reply(struct exchange *x)
{
	const struct http_limits *l = &x->http->config.limits;
	struct subscriber *stream = NULL;
	struct MHD_Response *response;
	enum MHD_Result sent;

	if (x->r.status == 0)
		x->r.status = 200;
	if (x->http->config.finish)
		x->http->config.finish(x->http->config.context, &x->q, &x->r);
	response = make_response(x, &stream);
	if (!response)
		return MHD_NO;
	if (x->r.type.len > 0)
		add_header(response, "Content-Type", x->r.type);
	for (size_t i = 0; i < x->r.header_count; i++)
		add_header(response, x->r.headers[i].name, x->r.headers[i].value);
	reply_secure(&x->r, x->q.secure, add_header, response);
	if (x->close)
		add_header(response, "Connection", STR("close"));
	x->phase = PHASE_SENT;
	deadline_set(&x->deadline, stream ? 0 : SEND_MS + x->r.body.len * 1000 / l->bytes_per_s);
	if (stream)
		deadline_subscribe(x->http->deadlines, &x->deadline, stream);
	sent = MHD_queue_response(x->con, (unsigned)x->r.status, response);
	MHD_destroy_response(response);
	return sent;
}

static enum MHD_Result refuse_now(struct exchange *x, const struct err *e)
{
	reply_err(&x->r, &x->q, e);
	x->close = true;
	return send_reply(x);
}

/* The head of a request */

static enum MHD_Result copy_header(void *cls, enum MHD_ValueKind kind, const char *name,
	size_t name_len, const char *value, size_t value_len)
{
	struct exchange *x = cls;
	struct http_wire *w = x->q.wire;
	struct str v = { value ? value : "", value ? value_len : 0 };

	(void)kind;
	/* optional white space around a value is no part of it (RFC 9110 5.5) */
	while (v.len > 0 && (v.p[0] == ' ' || v.p[0] == '\t'))
		v = str_sub(v, 1, v.len);
	while (v.len > 0 && (v.p[v.len - 1] == ' ' || v.p[v.len - 1] == '\t'))
		v.len--;
	if (w->header_count == HEADERS_MAX)
		return MHD_NO;
	w->headers[w->header_count].name = arena_str(&x->arena, (struct str){ name, name_len });
	w->headers[w->header_count++].value = arena_str(&x->arena, v);
	return MHD_YES;
}

/*
 * Where one part of the head ends and the next begins. libmicrohttpd 0.9 parses in place: it puts
 * NULs over each line end and keeps pointers, so that a line end is two bytes between a value and
 * the next name. One byte is a bare LF, more is a NUL within a value, and a value that is not
 * between its neighbours was folded (RFC 9112 2.2, 5.2): all are how requests get smuggled.
 */
struct seams {
	const char *at, *end;
	bool broken;
};

static void seam_next(struct seams *s, const char *name)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t'))
		s->at++;
	if (name != s->at + 2)
		s->broken = true;
}

static enum MHD_Result check_seam(void *cls, enum MHD_ValueKind kind, const char *name,
	size_t name_len, const char *value, size_t value_len)
{
	struct seams *s = cls;

	(void)kind;
	if (name < s->at || name >= s->end || !value || value < name + name_len ||
		value + value_len > s->end) {
		s->broken = true;
		return MHD_NO;
	}
	seam_next(s, name);
	s->at = value + value_len;
	return s->broken ? MHD_NO : MHD_YES;
}

static bool head_is_whole(
	struct exchange *x, const char *method, const char *version, struct err *e)
{
	const union MHD_ConnectionInfo *size;
	struct seams s;

	/* 1.0 and later refuse all this themselves, and lay out their memory otherwise */
	if (strncmp(MHD_get_version(), "0.9.", 4) != 0)
		return true;
	size = MHD_get_connection_info(x->con, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
	if (!size)
		return true;
	s = (struct seams){ version + strlen(version), method + size->header_size, false };
	if (version != method + strlen(method) + 1 + x->q.target.len + 1)
		s.broken = true;
	else
		MHD_get_connection_values_n(x->con, MHD_HEADER_KIND, check_seam, &s);
	if (!s.broken)
		seam_next(&s, s.end - 2); /* the empty line */
	if (s.broken)
		return err_set(
			e, ERR_MALFORMED, "the head has a NUL, a folded line or a bare line feed");
	return true;
}

static bool read_head(struct exchange *x, const char *method, const char *version, struct err *e)
{
	struct http_wire *w = ARENA_NEW(&x->arena, struct http_wire);
	int count;

	x->q.wire = w;
	x->q.method = arena_str(&x->arena, str_of(method));
	w->headers = ARENA_ARRAY(&x->arena, HEADERS_MAX, struct field);
	count = MHD_get_connection_values_n(x->con, MHD_HEADER_KIND, copy_header, x);
	if (count > HEADERS_MAX)
		return err_set(e, ERR_MALFORMED, "more than %d headers", HEADERS_MAX);
	if (!head_is_whole(x, method, version, e))
		return false;
	return guard_head(&x->q, strcmp(version, MHD_HTTP_VERSION_1_1) == 0, e) &&
	       guard_target(&x->q, e);
}

static enum MHD_Result begin(struct exchange *x, const char *method, const char *version)
{
	struct str expect;
	struct err e;
	bool started;

	if (!read_head(x, method, version, &e))
		return refuse_now(x, &e);
	started = request_start(&x->http->config, &x->q, &x->r, &x->body.limit);
	/* a small body is read and dropped, so that the connection lives on; a large one is not
	 * waited for */
	if (!started && (x->q.wire->length > DRAIN_MAX || x->q.wire->chunked ||
				request_header(&x->q, "expect", &expect))) {
		x->close = true;
		return send_reply(x);
	}
	x->phase = started ? PHASE_BODY : PHASE_DRAIN;
	x->body_since_ns = clock_monotonic_ns();
	body_deadline(x);
	return MHD_YES;
}

/* The body, and what follows */

static enum MHD_Result take_body(struct exchange *x, struct bytes part)
{
	struct err e;

	if (x->phase == PHASE_DRAIN)
		x->drained += part.len;
	else if (!body_add(&x->body, part, &e)) {
		/* a reply is not possible before the body's end, so the rest of it is not waited
		 * for */
		reply_err(&x->r, &x->q, &e);
		x->phase = PHASE_DRAIN;
		x->close = true;
		body_free(&x->body);
		x->drained = part.len;
	}
	if (x->phase == PHASE_DRAIN && x->drained > DRAIN_MAX)
		return MHD_NO;
	body_deadline(x);
	return MHD_YES;
}

static bool decode_body(struct exchange *x, struct err *e)
{
	struct str coding;

	x->q.body = bytes_of(x->body.p, x->body.len);
	if (x->body.len == 0 || !request_header(&x->q, "content-encoding", &coding) ||
		str_equal_nocase(coding, STR("identity")))
		return true;
	if (!str_equal_nocase(coding, STR("gzip")))
		return err_set(e, ERR_UNSUPPORTED, "content-encoding must be gzip or absent");
	if (!body_inflate(&x->body, e))
		return false;
	x->q.body = bytes_of(x->body.p, x->body.len);
	return true;
}

static enum MHD_Result complete(struct exchange *x)
{
	const struct http_config *c = &x->http->config;
	bool writes;
	struct err e;

	deadline_set(&x->deadline, 0);
	if (x->phase == PHASE_DRAIN)
		return send_reply(x);
	if (!decode_body(x, &e)) {
		reply_err(&x->r, &x->q, &e);
		return send_reply(x);
	}
	if (!request_ready(c, &x->q, &x->r))
		return send_reply(x);
	writes = x->q.route->kind == ROUTE_WRITE;
	if (writes && !request_prepare(&x->q, &x->r, c->context))
		return send_reply(x);
	if (writes && c->queue) {
		x->phase = PHASE_QUEUED;
		MHD_suspend_connection(x->con);
		c->queue(c->context, x); /* x is its taker's from here */
		return MHD_YES;
	}
	request_handle(c, &x->q, &x->r);
	return send_reply(x);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *con, const char *url,
	const char *method, const char *version, const char *upload, size_t *upload_len,
	void **con_cls)
{
	struct exchange *x = *con_cls;
	struct bytes part = { (const uint8_t *)upload, *upload_len };

	(void)cls;
	(void)con;
	(void)url;
	if (!x)
		return MHD_NO;
	switch (x->phase) {
	case PHASE_LINE:
		return begin(x, method, version);
	case PHASE_BODY:
	case PHASE_DRAIN:
		*upload_len = 0;
		return part.len > 0 ? take_body(x, part) : complete(x);
	case PHASE_READY:
		return send_reply(x);
	case PHASE_IDLE:
	case PHASE_QUEUED:
	case PHASE_SENT:
		break;
	}
	return MHD_NO;
}

struct request *exchange_request(struct exchange *x)
{
	return &x->q;
}

struct reply *exchange_reply(struct exchange *x)
{
	return &x->r;
}

bool exchange_run(struct exchange *x, void *context)
{
	return request_handle_with(&x->q, &x->r, context);
}

void exchange_finish(struct exchange *x)
{
	x->phase = PHASE_READY;
	MHD_resume_connection(x->con);
}

/* Connections */

/* The request line was read: the first moment of a request that libmicrohttpd tells. */
static void *on_line(void *cls, const char *uri, struct MHD_Connection *con)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		con, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct exchange *x = info ? info->socket_context : NULL;
	struct http *h = cls;

	if (!x)
		return NULL;
	arena_reset(&x->arena);
	x->q = (struct request){ .arena = &x->arena,
		.remote = str_of(x->remote),
		.secure = h->config.tls_key != NULL,
		.caller.role = ROLE_ANYONE };
	x->r = (struct reply){ 0 };
	x->close = false;
	x->drained = 0;
	x->body.limit = 0;
	x->phase = PHASE_LINE;
	x->q.target = arena_str(&x->arena, str_of(uri));
	deadline_set(&x->deadline, h->config.limits.header_ms);
	return x;
}

static void on_completed(
	void *cls, struct MHD_Connection *con, void **con_cls, enum MHD_RequestTerminationCode how)
{
	struct exchange *x = *con_cls;
	struct http *h = cls;

	(void)con;
	(void)how;
	if (!x)
		return;
	*con_cls = NULL;
	x->phase = PHASE_IDLE;
	body_free(&x->body);
	deadline_set(&x->deadline, h->config.limits.idle_ms);
}

static void connection_start(struct http *h, struct MHD_Connection *con, void **context)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		con, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	struct exchange *x = calloc(1, sizeof(*x));
	unsigned dead_ms = 2 * EVENTS_PING_MS;

	if (!x)
		return; /* on_line then finds no context, and the request is refused */
	x->http = h;
	x->con = con;
	x->body.budget = &h->budget;
	if (info && info->client_addr)
		address_text(info->client_addr, x->remote);
	info = MHD_get_connection_info(con, MHD_CONNECTION_INFO_CONNECTION_FD);
	/* a peer that vanished is noticed when a ping goes unanswered */
	(void)setsockopt(
		info->connect_fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &dead_ms, sizeof(dead_ms));
	deadline_set(&x->deadline, h->config.limits.header_ms);
	deadline_add(h->deadlines, &x->deadline, info->connect_fd);
	*context = x;
}

static void on_connection(void *cls, struct MHD_Connection *con, void **context,
	enum MHD_ConnectionNotificationCode what)
{
	struct http *h = cls;
	struct exchange *x = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		connection_start(h, con, context);
	} else if (x) {
		deadline_remove(h->deadlines, &x->deadline);
		if (x->deadline.subscriber)
			subscriber_forget(x->deadline.subscriber);
		body_free(&x->body);
		arena_finish(&x->arena);
		free(x);
		*context = NULL;
	}
}

static enum MHD_Result on_accept(void *cls, const struct sockaddr *from, socklen_t len)
{
	struct http *h = cls;
	char text[64];

	(void)len;
	if (!h->config.proxy)
		return MHD_YES;
	address_text(from, text);
	return strcmp(text, h->config.proxy) == 0 || address_is_loopback(str_of(text)) ? MHD_YES
										       : MHD_NO;
}

static void PRINTF_LIKE(2, 0) on_log(void *cls, const char *format, va_list args)
{
	char text[256];
	size_t len;

	(void)cls;
	vsnprintf(text, sizeof(text), format, args);
	for (len = strlen(text); len > 0 && text[len - 1] == '\n';)
		text[--len] = '\0';
	log_debug("microhttpd: %s", text);
}

/* Opening and closing */

static void set_limits(struct http *h)
{
	struct http_limits *l = &h->config.limits;
	bool threads = h->config.threads > 0;

#define DEFAULT(field, value)                                                                      \
	do {                                                                                       \
		if (l->field == 0)                                                                 \
			l->field = (value);                                                        \
	} while (0)
	DEFAULT(header_ms, 10000);
	DEFAULT(body_ms, 60000);
	DEFAULT(idle_ms, 75000);
	DEFAULT(bytes_per_s, 1000);
	DEFAULT(connections, threads ? 4000 : 64);
	DEFAULT(body_bytes, (size_t)64 << 20);
	if (threads)
		l->connections = files_for(l->connections);
	h->budget.max = l->body_bytes;
	if (l->per_address == 0 && !h->listener.loopback && !h->config.proxy)
		l->per_address = (l->connections + 3) / 4;
#undef DEFAULT
}

static bool check_exposure(const struct http *h, struct err *e)
{
	if (h->config.tls_key || h->config.tls_certificate || h->config.proxy ||
		h->listener.loopback)
		return true;
	return err_set(e, ERR_USAGE,
		"%s is open to the network without TLS: give a certificate and key, or name the "
		"proxy in front",
		h->listener.address);
}

static bool start_daemon(struct http *h, struct err *e)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
	const struct http_limits *l = &h->config.limits;
	const char *certificate = NULL, *key = NULL;
	struct MHD_OptionItem more[5] = { { MHD_OPTION_END, 0, NULL } };
	size_t n = 0;

	if (h->config.threads > 0)
		flags |= MHD_USE_INTERNAL_POLLING_THREAD;
	if (h->config.threads > 1)
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_THREAD_POOL_SIZE,
			(intptr_t)h->config.threads, NULL };
	if (h->config.tls_key || h->config.tls_certificate) {
		if (!tls_read(&certificate, &key, &h->config, &h->arena, e))
			return false;
		flags |= MHD_USE_TLS;
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_CERT, 0,
			(void *)(uintptr_t)certificate };
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_MEM_KEY, 0,
			(void *)(uintptr_t)key };
		more[n++] = (struct MHD_OptionItem){ MHD_OPTION_HTTPS_PRIORITIES, 0,
			(void *)(uintptr_t)tls_priority };
	}
	more[n] = (struct MHD_OptionItem){ MHD_OPTION_END, 0, NULL };
	h->daemon = MHD_start_daemon(flags, 0, on_accept, h, on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, h, MHD_OPTION_LISTEN_SOCKET, h->listener.fd,
		MHD_OPTION_CONNECTION_LIMIT, l->connections, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		l->per_address, MHD_OPTION_CONNECTION_TIMEOUT, 0u, MHD_OPTION_URI_LOG_CALLBACK,
		on_line, h, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_ARRAY, more,
		MHD_OPTION_END);
	if (!h->daemon)
		return err_errno(e, "cannot serve on %s", h->listener.address);
	h->listener.fd = -1; /* the daemon closes it */
	return true;
}

static void ignore_sigpipe(void)
{
	struct sigaction now;

	if (sigaction(SIGPIPE, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
		now.sa_handler = SIG_IGN;
		sigaction(SIGPIPE, &now, NULL);
	}
}

static unsigned watch_period(const struct http_limits *l)
{
	unsigned shortest = l->header_ms < l->idle_ms ? l->header_ms : l->idle_ms;

	return shortest < 4 * WATCH_MS ? shortest / 4 + 1 : WATCH_MS;
}

bool http_open(struct http **out, const struct http_config *config, struct err *e)
{
	struct http *h = calloc(1, sizeof(*h));

	if (!h)
		return err_set(e, ERR_UNAVAILABLE, "no memory");
	h->config = *config;
	h->deadlines = deadlines_new();
	ignore_sigpipe();
	if (!listener_open(&h->listener, config->listen, e))
		h->listener.fd = -1;
	else if (check_exposure(h, e)) {
		set_limits(h);
		if (start_daemon(h, e) &&
			(config->threads == 0 || deadlines_start(h->deadlines,
							 watch_period(&h->config.limits), e))) {
			*out = h;
			return true;
		}
	}
	http_close(h);
	return false;
}

void http_close(struct http *h)
{
	if (!h)
		return;
	deadlines_stop(h->deadlines);
	deadlines_end_streams(h->deadlines);
	if (h->daemon)
		MHD_stop_daemon(h->daemon);
	if (h->listener.fd >= 0)
		close(h->listener.fd);
	deadlines_free(h->deadlines);
	arena_finish(&h->arena);
	free(h);
}

const char *http_address(const struct http *h)
{
	return h->listener.address;
}

int http_fd(const struct http *h)
{
	const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);

	return info ? info->epoll_fd : -1;
}

int http_timeout_ms(const struct http *h)
{
	int due = deadlines_check(h->deadlines, clock_monotonic_ns(), false);
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(h->daemon, &ms) == MHD_YES &&
		(due < 0 || ms < (MHD_UNSIGNED_LONG_LONG)due))
		due = ms > 3600000 ? 3600000 : (int)ms;
	return due;
}

void http_run(struct http *h)
{
	deadlines_check(h->deadlines, clock_monotonic_ns(), true);
	MHD_run(h->daemon);
}
