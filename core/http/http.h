/*
 * HTTP for the kiosk's screen and the server: routes in one const table, handlers that get a
 * parsed struct request and fill a struct reply and never see a socket. All libmicrohttpd code
 * is behind this header, with the guards that its version needs (docs/architecture.md).
 *
 * Two ways to run: with threads of its own (the server), or driven by the caller's poll loop
 * (the kiosk: threads = 0, then http_fd, http_timeout_ms and http_run).
 *
 * A route may be read or write. Reads run at once. A write is given to config->queue as a struct
 * exchange; whoever took it runs it (exchange_run) and sends it (exchange_finish), from any
 * thread: so the server commits groups of requests together. Without a queue writes run at once.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/id.h"

/* Who may call a route: any of these bits. A route without a role answers nobody. */
enum role {
	ROLE_ANYONE = 1,
	ROLE_ATTENDEE = 2,
	ROLE_DESK = 4,
	ROLE_ORGANIZER = 8,
	ROLE_STATION = 16, /* a kiosk by signature */
	ROLE_SCREEN = 32,  /* the kiosk's own page, on loopback */
};

/* Who calls, filled by config->authenticate. role stays ROLE_ANYONE for a stranger. */
struct caller {
	enum role role;
	uint32_t event;		  /* of an attendee or a station; 0: none */
	struct id id;		  /* attendee, station or organizer */
	struct id session;	  /* of a person; zero for a station */
	uint8_t request_hash[32]; /* of a station's signed message: the reply is signed over it */
	bool revoked; /* a station that is refused from now on: its reply says so, signed */
};

enum { REQUEST_PARAMS_MAX = 4, REPLY_HEADERS_MAX = 12 };

struct route;
struct request {
	const struct route *route;
	struct str method;
	struct str target; /* as sent, with its query: what a station signs */
	struct str path;
	struct str params[REQUEST_PARAMS_MAX]; /* the {name} parts of the route's path, decoded */
	struct bytes body;
	struct str remote; /* the client's address, without port */
	bool secure;	   /* TLS here, or at the configured proxy */
	bool known;	   /* authenticate has run */
	struct caller caller;
	void *note; /* what prepare leaves for handle; in the arena */
	struct arena *arena;
	struct http_wire *wire; /* private */
};

/* Decoded. False when it is absent; a parameter given twice is refused before the handler. */
MUST_CHECK bool request_query(const struct request *r, const char *name, struct str *out);
/* The last one, where a header may stand twice. */
MUST_CHECK bool request_header(const struct request *r, const char *name, struct str *out);
/* False also for a cookie given twice: which of them is ours could not be told. */
MUST_CHECK bool request_cookie(const struct request *r, const char *name, struct str *out);

struct events;
struct reply {
	int status;	   /* 200 unless set */
	struct str type;   /* Content-Type */
	struct bytes body; /* lives in the request's arena, or is constant */
	struct {
		const char *name;
		struct str value;
	} headers[REPLY_HEADERS_MAX];
	size_t header_count;
	struct events *events; /* not NULL: an event stream instead of a body */
};

void reply_header(struct reply *r, const char *name, struct str value);
/*
 * Permissions-Policy: what a page may ask the browser for. Replies carry POLICY_FEATURES(""),
 * nothing at all; a page that needs the camera sets the header with POLICY_FEATURES("self").
 */
#define POLICY_FEATURES(who)                                                                       \
	"camera=(" who "), screen-wake-lock=(" who "), microphone=(), geolocation=(), "            \
	"payment=(), usb=(), serial=()"
void reply_json(struct reply *r, const struct buf *json); /* 200, application/json, no-store */
void reply_text(struct reply *r, const char *type, struct bytes body);
/* Prometheus' text format, version 0.0.4. */
void reply_metrics(struct reply *r, const struct buf *text);
/*
 * Compress the body that is there, where the client takes gzip and it is worth it. For what one
 * person may read of their own: secrets beside text that a stranger chooses must not share a
 * compressed body with a size that the stranger sees.
 */
void reply_gzip(struct reply *r, struct request *q);
/*
 * {"error":{"code":"not-found","text":"..."}} with the code's status. Headers set before stay; 429
 * and 503 get a Retry-After where none is set. What went wrong inside (io, internal) is logged and
 * not told.
 */
void reply_err(struct reply *r, struct request *q, const struct err *e);

typedef bool route_handler(void *context, struct request *q, struct reply *r, struct err *e);

enum route_kind { ROUTE_READ, ROUTE_WRITE };
struct route {
	const char *method;
	const char *path; /* "/v1/streams/{store_id}"; a part in braces matches one segment */
	unsigned roles;
	enum route_kind kind;
	route_handler *handle;
	route_handler
		*prepare;    /* of a write, before it is queued, on a thread of the pool; or NULL */
	size_t body_limit;   /* 0: LIMIT_REQUEST_BYTES for POST, none for GET */
	const char *summary; /* for /openapi.json and the documents */
};

/* 0: the default in brackets. */
struct http_limits {
	uint32_t
		header_ms; /* [10 s] from the connection, or the request line, to the last header */
	uint32_t body_ms;  /* [60 s] for a body of 1 MiB; a larger one in proportion */
	uint32_t idle_ms;  /* [75 s] from a reply to the next request line */
	uint32_t bytes_per_s; /* [1000] slower bodies, and slower readers of replies, are cut off */
	unsigned connections; /* [4000, by threads; 64 when driven by the caller] */
	unsigned per_address; /* [a quarter; none on loopback and behind a proxy] */
	size_t body_bytes;    /* [64 MiB] of all bodies that are being received */
};

struct exchange;
struct http;
struct http_config {
	const char *listen; /* "ADDR:PORT", port 0 for a free one */
	const struct route *routes;
	size_t route_count;
	void *context;			       /* for authenticate, reads, prepare and finish */
	unsigned threads;		       /* 0: driven by http_run */
	const char *tls_certificate, *tls_key; /* PEM files; NULL: plain, loopback only */
	const char *proxy; /* --behind-proxy ADDR: trust its X-Forwarded-For and -Proto; or NULL */
	/*
	 * Fill q->caller, on a thread of the pool. False refuses the request with e (a signature
	 * that does not verify). Called once a request: after its body where the route is open to
	 * stations or anyone, else before it, so that a stranger's body is not received.
	 */
	bool (*authenticate)(void *context, struct request *q, struct err *e);
	/* Last, before sending, on a thread of the pool: sign a station's reply. Or NULL. */
	void (*finish)(void *context, struct request *q, struct reply *r);
	void (*queue)(void *context, struct exchange *x); /* or NULL */
	/* Start of a read on a pool thread: the context for its handler (a reader connection), NULL
	 * where none can be had now: 503. Or NULL. */
	void *(*reader)(void *context);
	/* The same for a write that runs at once: where there is no queue, and in http_answer. */
	void *(*writer)(void *context);
	struct str origin; /* "https://HOST": what a state-changing request's Origin must be; empty:
			      own Host */
	struct http_limits limits;
};

/*
 * The configuration is copied; what it points to must live until http_close. Ignores SIGPIPE where
 * the program has not done so. A plain listener outside loopback is refused unless a proxy is
 * named; then only the proxy and loopback may connect. On a plain loopback listener without a
 * proxy the Host must be a loopback name too, which stops DNS rebinding.
 */
MUST_CHECK bool http_open(struct http **out, const struct http_config *config, struct err *e);
/* Reads what http_open would: certificate and key are there, private, and belong together. */
MUST_CHECK bool http_check(const struct http_config *config, struct err *e);
/* Every exchange must have been finished. Accepts NULL. */
void http_close(struct http *h);
const char *http_address(const struct http *h); /* "127.0.0.1:40123": what "ready" prints */
int http_fd(const struct http *h);
int http_timeout_ms(const struct http *h); /* -1: none */
void http_run(struct http *h);

struct request *exchange_request(struct exchange *x);
struct reply *exchange_reply(struct exchange *x);
/* Run the route's handler with this context; an error becomes the reply. False then. */
bool exchange_run(struct exchange *x, void *context);
/* Send. x is gone afterwards. */
void exchange_finish(struct exchange *x);

/*
 * Server-sent events (HTML 9.2). A newcomer gets the newest message of each type at once, then
 * what is published; a client that does not keep up is dropped and comes back by itself.
 * Publishing is allowed from any thread. A comment line every 15 s finds dead peers.
 */
struct events *events_new(void);
void events_publish(struct events *ev, const char *type, struct bytes json);
/* Clients that hear it now. One that is gone does not count, though only a ping would end it. */
size_t events_listeners(struct events *ev);
void events_free(struct events *ev); /* after http_close */

/*
 * Whether "ADDR:PORT" can be listened on, as far as its text says: an address in numbers, of the
 * loopback where that is wanted. ERR_USAGE says what is wrong.
 */
MUST_CHECK bool http_listen_check(const char *where, bool loopback, struct err *e);

/*
 * Without a socket, for tests and for a program that asks itself: make a request, then let it pass
 * the same guards, authentication and handler as one that came by the network. headers are name,
 * value, name, value ... and end with NULL; NULL for none.
 */
MUST_CHECK bool request_make(struct request *q, struct arena *a, const char *method,
	struct str target, const char *const headers[], struct bytes body, struct err *e);
void http_answer(const struct http_config *config, struct request *q, struct reply *r);

/* The route for a method and path, and its params; NULL when there is none. */
const struct route *route_find(const struct route *routes, size_t n, struct request *q);
/* An OpenAPI 3.1 document of the table. */
void http_openapi_write(struct buf *out, struct str title, const struct route *routes, size_t n);
