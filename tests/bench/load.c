#define _DEFAULT_SOURCE
#include "tests/bench/load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/base/clock.h"

enum { REPLY_MAX = 256 << 10, EVENTS = 256 };

struct connection {
	int fd;
	const struct lane *lane;
	size_t at;   /* the request in the air */
	size_t sent; /* of it */
	bool wants_out;
	uint64_t from_ns;
	char *reply;
	size_t got, head_len, body_len; /* head_len 0: not whole yet */
};

struct load {
	int epoll;
	struct connection *connections;
	size_t count, open;
	struct load_result *result;
};

static bool connect_to(int *fd, const char *address, struct err *e)
{
	struct sockaddr_in to = { .sin_family = AF_INET };
	char host[64];
	unsigned port;
	int one = 1;

	if (sscanf(address, "%63[0-9.]:%u", host, &port) != 2 || port > UINT16_MAX ||
		inet_pton(AF_INET, host, &to.sin_addr) != 1)
		return err_set(e, ERR_USAGE, "%s is no IPv4 address with a port", address);
	to.sin_port = htons((uint16_t)port);
	*fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (*fd < 0 || connect(*fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return err_errno(e, "cannot connect to %s", address);
	setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	fcntl(*fd, F_SETFL, O_NONBLOCK);
	return true;
}

static bool watch(struct load *l, struct connection *c, int op, bool out, struct err *e)
{
	struct epoll_event ev = { .events = EPOLLIN | (out ? (uint32_t)EPOLLOUT : 0),
		.data.ptr = c };

	c->wants_out = out;
	return epoll_ctl(l->epoll, op, c->fd, &ev) == 0 || err_errno(e, "epoll_ctl");
}

static bool send_more(struct load *l, struct connection *c, struct err *e)
{
	struct bytes text = c->lane->requests[c->at].text;

	while (c->sent < text.len) {
		ssize_t n = send(c->fd, text.p + c->sent, text.len - c->sent, MSG_NOSIGNAL);

		if (n < 0 && errno != EAGAIN)
			return err_errno(e, "send");
		if (n < 0)
			return c->wants_out || watch(l, c, EPOLL_CTL_MOD, true, e);
		c->sent += (size_t)n;
	}
	return !c->wants_out || watch(l, c, EPOLL_CTL_MOD, false, e);
}

static bool begin(struct load *l, struct connection *c, struct err *e)
{
	c->sent = c->got = c->head_len = 0;
	c->from_ns = clock_monotonic_ns();
	return send_more(l, c, e);
}

static bool find_number(struct str text, const char *name, uint64_t *out)
{
	size_t at = str_find(text, str_of(name), 0);
	struct str digits;

	if (at == SIZE_MAX)
		return false;
	digits = str_sub(text, at + strlen(name), text.len);
	for (at = 0; at < digits.len && digits.p[at] >= '0' && digits.p[at] <= '9';)
		at++;
	return str_u64(str_sub(digits, 0, at), out);
}

static struct str body_of(const struct connection *c)
{
	return (struct str){ c->reply + c->head_len, c->body_len };
}

/* Sets *whole once the reply is there and is what was expected. */
static bool look(struct connection *c, bool *whole, struct err *e)
{
	struct str text = { c->reply, c->got };
	uint64_t expect = c->lane->requests[c->at].durable_seq, durable, length = 0;

	*whole = false;
	if (c->head_len == 0) {
		size_t end = str_find(text, STR("\r\n\r\n"), 0);

		if (end == SIZE_MAX)
			return true;
		c->head_len = end + 4;
		if (!find_number(str_sub(text, 0, end), "Content-Length: ", &length) ||
			c->head_len + length > REPLY_MAX)
			return err_set(e, ERR_MALFORMED, "a reply without length, or too long");
		c->body_len = (size_t)length;
	}
	if (c->got < c->head_len + c->body_len)
		return true;
	*whole = true;
	if (!str_starts(text, STR("HTTP/1.1 200 ")))
		return err_set(e, ERR_INTERNAL, "the server says %.12s " STR_FMT, c->reply,
			STR_ARG(body_of(c)));
	if (expect != UINT64_MAX &&
		(!find_number(body_of(c), "\"durable_seq\":", &durable) || durable != expect))
		return err_set(e, ERR_INTERNAL, "expected durable_seq %llu: " STR_FMT,
			(unsigned long long)expect, STR_ARG(body_of(c)));
	return true;
}

static bool receive(struct load *l, struct connection *c, struct err *e)
{
	ssize_t n = recv(c->fd, c->reply + c->got, REPLY_MAX - c->got, 0);
	bool whole;

	if (n < 0 && errno == EAGAIN)
		return true;
	if (n <= 0)
		return err_set(e, ERR_IO, "the server hung up");
	c->got += (size_t)n;
	if (!look(c, &whole, e))
		return false;
	if (!whole)
		return true;
	l->result->latency_ns[l->result->count++] = clock_monotonic_ns() - c->from_ns;
	if (++c->at < c->lane->count)
		return begin(l, c, e);
	l->open--;
	return true;
}

static bool fail_silent(const struct load *l, struct err *e)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct connection *c = &l->connections[i];

		if (c->at < c->lane->count)
			return err_set(e, ERR_TIMEOUT,
				"no answer for 30 s on %zu of %zu connections; number %zu sent %zu "
				"of %zu"
				" bytes of request %zu and got %zu",
				l->open, l->count, i, c->sent, c->lane->requests[c->at].text.len,
				c->at, c->got);
	}
	return err_set(e, ERR_TIMEOUT, "no answer for 30 s");
}

static bool run(struct load *l, struct err *e)
{
	struct epoll_event events[EVENTS];

	for (size_t i = 0; i < l->count; i++)
		if (!begin(l, &l->connections[i], e))
			return false;
	while (l->open > 0) {
		int n = epoll_wait(l->epoll, events, EVENTS, 30000);

		if (n == 0)
			return fail_silent(l, e);
		for (int i = 0; i < n; i++) {
			struct connection *c = events[i].data.ptr;

			if ((events[i].events & EPOLLOUT) && !send_more(l, c, e))
				return false;
			if ((events[i].events & ~(uint32_t)EPOLLOUT) && !receive(l, c, e))
				return false;
		}
	}
	return true;
}

static bool open_all(struct load *l, const char *address, const struct lane *lanes, struct arena *a,
	struct err *e)
{
	for (size_t i = 0; i < l->count; i++)
		l->connections[i] = (struct connection){ .fd = -1, .lane = &lanes[i] };
	l->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (l->epoll < 0)
		return err_errno(e, "epoll_create1");
	for (size_t i = 0; i < l->count; i++) {
		struct connection *c = &l->connections[i];

		c->reply = ARENA_ARRAY(a, REPLY_MAX, char);
		if (!connect_to(&c->fd, address, e) || !watch(l, c, EPOLL_CTL_ADD, false, e))
			return false;
	}
	return true;
}

bool load_run(struct load_result *out, const char *address, const struct lane *lanes, size_t n,
	struct arena *a, struct err *e)
{
	struct load l = { .epoll = -1, .count = n, .open = n, .result = out };
	struct arena own = { 0 };
	size_t requests = 0;
	uint64_t from;
	bool ok;

	for (size_t i = 0; i < n; i++)
		requests += lanes[i].count;
	*out = (struct load_result){ .latency_ns = ARENA_ARRAY(a, requests, uint64_t) };
	l.connections = ARENA_ARRAY(&own, n, struct connection);
	ok = open_all(&l, address, lanes, &own, e);
	from = clock_monotonic_ns();
	ok = ok && run(&l, e);
	out->seconds = (double)(clock_monotonic_ns() - from) / 1e9;
	for (size_t i = 0; i < n; i++)
		if (l.connections[i].fd >= 0)
			close(l.connections[i].fd);
	if (l.epoll >= 0)
		close(l.epoll);
	arena_finish(&own);
	return ok;
}

bool load_ask(struct bytes *body, const char *address, struct bytes request, struct arena *a,
	struct err *e)
{
	const struct load_request only = { request, UINT64_MAX };
	const struct lane lane = { &only, 1 };
	struct load_result result = { .latency_ns = ARENA_ARRAY(a, 1, uint64_t) };
	struct connection c = { .fd = -1 };
	struct load l = {
		.epoll = -1, .connections = &c, .count = 1, .open = 1, .result = &result
	};
	bool ok = open_all(&l, address, &lane, a, e) && run(&l, e);

	if (ok)
		*body = str_bytes(body_of(&c));
	if (c.fd >= 0)
		close(c.fd);
	if (l.epoll >= 0)
		close(l.epoll);
	return ok;
}
