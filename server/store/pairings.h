/*
 * Pairings: how a badge at a kiosk becomes a session on a phone (docs/api.md, docs/security.md).
 *
 *	waiting --page spends the token--> opened --same badge again--> ready --page asks--> paired
 *	                                        \--later pairing--> approval --yes--/
 *
 * Only a person's first pairing goes from opened to ready by the badge alone; a later one needs
 * the ticket code, desk staff, or the word of a phone that is paired. At a station ticket and staff
 * are the station's word, so what they pair opens that event alone (account_set_apart). Another
 * badge, or a no, is refused; time runs out everywhere. A person has one living pairing: a new one
 * ends the old.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"
#include "server/store/sessions.h"

enum pairing_proof { PROOF_CHIP = 1, PROOF_TICKET, PROOF_STAFF };

enum pairing_state {
	PAIRING_WAITING = 1,
	PAIRING_OPENED,
	PAIRING_APPROVAL,
	PAIRING_READY,
	PAIRING_PAIRED,
	PAIRING_REFUSED,
	PAIRING_EXPIRED, /* never stored: read from the time */
};

enum { TOKEN_LEN = 16, TOKEN_TEXT_LEN = 22 };
#define PAIRING_TOKEN_MS    INT64_C(90000)  /* waiting */
#define PAIRING_CONFIRM_MS  INT64_C(120000) /* opened, ready */
#define PAIRING_APPROVAL_MS INT64_C(300000) /* approval */

struct pairing {
	uint32_t event;
	struct id id;
	struct id who;	 /* the attendee */
	struct id badge; /* as presented first */
	struct id station;
	enum pairing_proof proof;
	enum pairing_state state;
	int64_t until_ms;
	unsigned digits; /* 10 to 99, once opened */
	struct str label;
};

const char *pairing_state_name(enum pairing_state s);
MUST_CHECK bool pairing_proof_read(struct str name, enum pairing_proof *out);

struct pairing_token {
	char text[TOKEN_TEXT_LEN + 1];
};

/*
 * badge is what was presented: a badge's or an attendee's id. ERR_NOT_FOUND: nobody's.
 * ERR_FORBIDDEN: a badge that was revoked.
 */
MUST_CHECK bool pairing_start(struct pairing *out, struct db *db, uint32_t event, struct id station,
	struct id badge, enum pairing_proof proof, int64_t now_ms, struct pairing_token *token,
	struct err *e);
/* Spends the token. ERR_GONE: unknown, spent or over, which look the same. */
MUST_CHECK bool pairing_open(struct pairing *out, struct db *db, struct str token, struct str label,
	int64_t now_ms, struct cookie *page, struct err *e);
/* ERR_NOT_FOUND. The label in a. */
MUST_CHECK bool pairing_get(struct pairing *out, struct db *db, uint32_t event, struct id id,
	int64_t now_ms, struct arena *a, struct err *e);
/* By the page's cookie. ERR_GONE. */
MUST_CHECK bool pairing_of_page(struct pairing *out, struct db *db, struct str page, int64_t now_ms,
	struct arena *a, struct err *e);
/* A badge was presented again at the kiosk of p. */
MUST_CHECK bool pairing_confirm(struct pairing *p, struct db *db, struct id badge,
	enum pairing_proof proof, int64_t now_ms, struct err *e);
/* A paired phone of the same person says so. ERR_CONFLICT: it waits for no approval. */
MUST_CHECK bool pairing_approve(
	struct pairing *p, struct db *db, bool yes, int64_t now_ms, struct err *e);
/* Of a ready one: the session of the page. */
MUST_CHECK bool pairing_finish(
	struct pairing *p, struct db *db, int64_t now_ms, struct cookie *session, struct err *e);
/* Those of a person that wait for approval. */
MUST_CHECK bool pairing_approvals(struct pairing **out, size_t *n, struct db *db, uint32_t event,
	struct id who, int64_t now_ms, struct arena *a, struct err *e);
