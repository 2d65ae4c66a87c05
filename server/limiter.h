/*
 * How often somebody may try (docs/api.md: 429 and Retry-After). Counted in memory by account,
 * badge, station or code first, and by address last and generously, since all guests of a venue
 * share one. A restart forgets the counts, which is harmless: each limit only slows somebody down.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

enum limit {
	LIMIT_PAIR_PERSON,     /* pairings begun, of one attendee */
	LIMIT_PAIR_STATION,    /* pairings begun, at one kiosk */
	LIMIT_TOKEN_ADDRESS,   /* pairing tokens that were wrong, from one address */
	LIMIT_TICKET_CODE,     /* sign-ins with one ticket code */
	LIMIT_TICKET_ADDRESS,  /* ticket codes that were wrong, from one address */
	LIMIT_ACCOUNT,	       /* passwords that were wrong, of one organizer */
	LIMIT_ACCOUNT_ADDRESS, /* passwords that were wrong, from one address */
	LIMIT_CODE_PERSON,     /* short codes asked for, by one attendee */
	LIMIT_NUDGE,	       /* of one buddy by the other */
	LIMIT_STREAM,	       /* streams begun, by one station */
	LIMIT_ENTRY,	       /* entries of one attendee, by phones and pages */
	LIMIT_ENROL_ADDRESS,   /* enrolments that failed, from one address */
	LIMIT_COUNT,
};

struct limiter;
struct limiter *limiter_new(void);
void limiter_free(struct limiter *l); /* accepts NULL */
/*
 * Count one for key. False when that is too often: ERR_TOO_MANY, and *retry_s says when to come
 * again. l may be NULL: nothing is limited. From any thread.
 */
MUST_CHECK bool limiter_take(struct limiter *l, enum limit what, struct bytes key, int64_t now_ms,
	int64_t *retry_s, struct err *e);
/* Count n, all of them or none; of more than the whole allowance never any. */
MUST_CHECK bool limiter_take_many(struct limiter *l, enum limit what, struct bytes key, size_t n,
	int64_t now_ms, int64_t *retry_s, struct err *e);
/* The same question as limiter_take without counting. */
MUST_CHECK bool limiter_ask(struct limiter *l, enum limit what, struct bytes key, int64_t now_ms,
	int64_t *retry_s, struct err *e);
