/*
 * Signed requests to the server, one poll descriptor, no thread: all libcurl code is behind this
 * header. The server's key is pinned and its certificate's dates and names are not asked, since
 * a kiosk's clock may be wrong (docs/security.md); a reply counts only with the server's
 * signature over what was asked.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/err.h"
#include "kiosk/identity.h"

struct transport;

/* What came of a request. status 0: no reply, and why is in error. */
struct transport_reply {
	int status;
	struct bytes body;     /* until the callback returns */
	int64_t retry_after_s; /* 0: none was given */
	struct err error;
	bool connected; /* something was reached at all */
	bool can_probe; /* it failed in connecting: transport_probe finds out when that is over */
};

typedef void transport_done(void *context, const struct transport_reply *r);

/* identity must outlive it. */
MUST_CHECK bool transport_open(
	struct transport **out, const struct identity *identity, struct err *e);
void transport_close(
	struct transport *t); /* accepts NULL; requests in flight are dropped uncalled */
int transport_fd(const struct transport *t);
/* When the descriptor is readable. Callbacks run in here, and may send again. */
void transport_run(struct transport *t);
/*
 * Begin a request; done is called once, later. Copies what it is given. ERR_UNAVAILABLE when
 * TRANSPORT_FLIGHTS are in the air.
 */
enum { TRANSPORT_FLIGHTS = 4 };
MUST_CHECK bool transport_send(struct transport *t, const char *method, const char *target,
	struct bytes body, unsigned timeout_ms, transport_done *done, void *context, struct err *e);
/* Only connect, to learn whether the server with the pinned key is there: status 200 or 0. */
MUST_CHECK bool transport_probe(
	struct transport *t, transport_done *done, void *context, struct err *e);

/*
 * For enrolment, before there is anything to pin: blocking. The SPKI pin of the key that the
 * server shows is written to pin (base64, with padding; empty without TLS).
 */
struct transport_pin {
	char s[64];
};
MUST_CHECK bool transport_pin_of(const char *url, struct transport_pin *pin, struct err *e);
/* One unsigned POST of JSON with that pin; blocking. The body lives in a. */
MUST_CHECK bool transport_post(const char *url, const char *target, const struct transport_pin *pin,
	struct bytes body, int *status, struct bytes *reply, struct arena *a, struct err *e);
