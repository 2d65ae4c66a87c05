/*
 * Load on an HTTP server from one thread: lanes with a keep-alive connection each, all driven by
 * one epoll; a lane sends its next request once the former one is answered (closed loop).
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"

struct load_request {
	struct bytes text;    /* head and body, ready to send */
	uint64_t durable_seq; /* what the reply must say; UINT64_MAX: any reply with 200 will do */
};

struct lane {
	const struct load_request *requests;
	size_t count;
};

struct load_result {
	double seconds;	      /* from the first byte sent to the last answer */
	uint64_t *latency_ns; /* of each request, in a */
	size_t count;
};

/*
 * Connect all lanes to address ("127.0.0.1:PORT"), then run them. Any answer other than 200 and
 * what was expected is the error, with its text.
 */
MUST_CHECK bool load_run(struct load_result *out, const char *address, const struct lane *lanes,
	size_t n, struct arena *a, struct err *e);
/* One request on a connection of its own; the reply's body goes to *body. */
MUST_CHECK bool load_ask(struct bytes *body, const char *address, struct bytes request,
	struct arena *a, struct err *e);
