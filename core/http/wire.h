/* What the parts of core/http share among themselves. Nobody outside includes this. */
#pragma once

#include <stdatomic.h>

#include "core/http/http.h"

enum { HEADERS_MAX = 64, QUERY_MAX = 32, TARGET_MAX = 8192 };

struct field {
	struct str name, value;
};

/* A request's head, copied into its arena. */
struct http_wire {
	struct field *headers;
	size_t header_count;
	struct field *query;
	size_t query_count;
	bool has_length, chunked;
	uint64_t length; /* Content-Length */
};

/*
 * guard.c: what a request must look like before anything of it is believed (RFC 9112; facts:
 * libmicrohttpd 0.9.75 itself accepts contradictory lengths). False with e; the connection must
 * then be closed, since where the next request begins is not known.
 */
MUST_CHECK bool guard_head(struct request *q, bool http11, struct err *e);
/* The target: origin-form, visible ASCII, no %00, each query parameter once. Fills path and query.
 */
MUST_CHECK bool guard_target(struct request *q, struct err *e);

/*
 * route.c: the way of a request. Each returns false when r holds the refusal.
 * start: after the head; then the body may be received, at most *limit bytes of it.
 * ready: after the body; then the route may be handled.
 */
bool request_start(const struct http_config *c, struct request *q, struct reply *r, size_t *limit);
bool request_ready(const struct http_config *c, struct request *q, struct reply *r);
/* Run the handler, with the context that the configuration has for it; an error becomes the reply.
 */
bool request_handle(const struct http_config *c, struct request *q, struct reply *r);
bool request_handle_with(struct request *q, struct reply *r, void *context);
bool request_prepare(struct request *q, struct reply *r, void *context);
/* Whether the address (text, without port) is of the loopback. */
bool address_is_loopback(struct str address);

/* reply.c */
void reply_refuse(
	struct reply *r, struct request *q, int status, const char *code, const char *text);
bool reply_has(const struct reply *r, const char *name);
/* Each header that every reply carries and this one does not set itself. */
void reply_secure(const struct reply *r, bool secure,
	void (*add)(void *to, const char *name, struct str value), void *to);

/* gunzip.c: inflate one gzip member into malloc'ed memory of at most limit bytes. */
MUST_CHECK bool gunzip(uint8_t **out, size_t *len, struct bytes in, size_t limit, struct err *e);

/* body.c: a body while it is received. All bodies together are bounded too. */
struct body_budget {
	_Atomic size_t used;
	size_t max;
};
struct body {
	uint8_t *p; /* malloc'ed */
	size_t len, cap, limit;
	size_t held; /* counted in the budget */
	struct body_budget *budget;
};
/* ERR_TOO_LARGE past its limit, ERR_UNAVAILABLE past the budget. */
MUST_CHECK bool body_add(struct body *b, struct bytes part, struct err *e);
/* Replace a gzip body by what is in it. */
MUST_CHECK bool body_inflate(struct body *b, struct err *e);
void body_free(struct body *b);

/* listen.c */
struct listener {
	int fd;
	bool loopback;
	char address[64]; /* "ADDR:PORT" */
};
MUST_CHECK bool listener_open(struct listener *out, const char *where, struct err *e);
/* The address in text, without port and scope; an IPv4-mapped one as IPv4. */
struct sockaddr;
void address_text(const struct sockaddr *a, char out[64]);
/* Raise the number of files to what connections need, as far as allowed; the number that fits. */
unsigned files_for(unsigned connections);

/* tls.c: the PEM files as C strings in a. Refuses a key that others may read, or of another pair.
 */
MUST_CHECK bool tls_read(const char **certificate, const char **key, const struct http_config *c,
	struct arena *a, struct err *e);
extern const char tls_priority[];

/* deadline.c: a list of connections, each with the moment when it is cut off. */
struct deadline {
	struct deadline *prev, *next;
	_Atomic uint64_t at_ns; /* CLOCK_MONOTONIC; 0: none */
	int fd;
	struct subscriber *subscriber;
};
struct deadlines;
struct deadlines *deadlines_new(void);
void deadlines_free(struct deadlines *d);
void deadline_add(struct deadlines *d, struct deadline *one, int fd);
void deadline_remove(struct deadlines *d, struct deadline *one);
void deadline_subscribe(struct deadlines *d, struct deadline *one, struct subscriber *s);
void deadline_set(struct deadline *one, uint64_t ms_from_now);
/* Cut off what is late, ping what is quiet. Returns ms until the next is due, -1: none. */
int deadlines_check(struct deadlines *d, uint64_t now_ns, bool act);
/* Let every event stream end, for http_close. */
void deadlines_end_streams(struct deadlines *d);
/* A thread of its own that checks every period_ms, until stopped. */
MUST_CHECK bool deadlines_start(struct deadlines *d, unsigned period_ms, struct err *e);
void deadlines_stop(struct deadlines *d);

/* events.c: one client of an event stream. */
struct MHD_Connection;
struct MHD_Response;
enum { EVENTS_PING_MS = 15000 };
struct subscriber;
/* The response owns the subscriber; when it ends, gone(of) is called before it is freed. */
struct MHD_Response *events_subscribe(struct events *ev, struct MHD_Connection *con,
	void (*gone)(void *of), void *of, struct subscriber **out);
/* False when it did not keep up and must be cut off. *due_ms: until its next ping. */
bool subscriber_check(struct subscriber *s, uint64_t now_ns, bool act, int *due_ms);
void subscriber_end(struct subscriber *s);
/* Its connection goes first: do not call gone. On the connection's thread. */
void subscriber_forget(struct subscriber *s);
