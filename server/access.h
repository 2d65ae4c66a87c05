/*
 * Who calls, and how often they may: stations by signature, attendees and organizers by cookie
 * (docs/api.md, docs/sync-protocol.md). What a pairing, a code or an account is stands in
 * server/store/; the routes that use them in server/routes/.
 */
#pragma once

#include "server/limiter.h"
#include "server/server.h"

#define COOKIE_ATTENDEE	 "__Host-kith"
#define COOKIE_ORGANIZER "__Host-kith-org"
#define COOKIE_PAIR	 "__Host-pair"

/* What of access lives as long as a server serves. */
struct access;
MUST_CHECK bool access_open(struct access **out, struct server *s, struct err *e);
/* Before the writer stops: what waits here goes on to it. Both accept NULL. */
void access_stop(struct access *a);
/* After HTTP is closed. */
void access_close(struct access *a);

/* http_config.authenticate. */
bool server_authenticate(void *context, struct request *q, struct err *e);
/* http_config.queue: to the writer, for passwords by way of their own threads. */
void server_queue(void *context, struct exchange *x);

/* 403 with "wipe": what a station that was revoked is told (docs/sync-protocol.md). */
void access_tell_revoked(struct request *q, struct reply *r);

/* The route may not be used so often: Retry-After is set. Pass e on. */
MUST_CHECK bool access_limit(struct server *s, struct reply *r, struct request *q, enum limit what,
	struct bytes key, struct err *e);
/* The same for n at once, all of them or none. */
MUST_CHECK bool access_limit_many(struct server *s, struct reply *r, struct request *q,
	enum limit what, struct bytes key, size_t n, struct err *e);
/* access_limit without counting. */
MUST_CHECK bool access_limit_ask(struct server *s, struct reply *r, struct request *q,
	enum limit what, struct bytes key, struct err *e);

/* Set-Cookie of a session or page; age_s 0 takes it away. */
void access_set_cookie(
	struct reply *r, struct request *q, const char *name, const char *value, int64_t age_s);
/* The session's, for a person's browser. */
void access_set_session(struct reply *r, struct request *q, const char *name, const char *value);
