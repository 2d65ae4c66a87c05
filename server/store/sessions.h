/*
 * Sessions of people. The cookie is 4 bytes of event number and 32 random bytes, in base64url; the
 * store has its SHA-256. One ends by itself after 7 days without use or 30 days in all.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

enum session_kind { SESSION_ATTENDEE = 1, SESSION_ORGANIZER = 2 };

enum {
	COOKIE_LEN = 36,
	COOKIE_TEXT_LEN = 48,
	SESSIONS_MAX = 20, /* of one person; a further one ends the one that was seen longest ago */
};
#define SESSION_IDLE_MS	 INT64_C(604800000)
#define SESSION_LIFE_MS	 INT64_C(2592000000)
#define SESSION_TOUCH_MS INT64_C(3600000) /* seen_ms is renewed no more often */

struct cookie {
	char text[COOKIE_TEXT_LEN + 1];
};

/* A random one of that event, and the hash by which it is found again. */
struct cookie cookie_make(uint32_t event, uint8_t hash[32]);
/* False when s was never a cookie of ours. */
MUST_CHECK bool cookie_read(struct str s, uint32_t *event, uint8_t hash[32]);

struct session {
	uint32_t event; /* 0 for an organizer */
	struct id id;
	enum session_kind kind;
	struct id who;
	struct str label;
	int64_t made_ms, seen_ms;
};

/* The person's sessions that are over are deleted with it. */
MUST_CHECK bool session_make(struct db *db, enum session_kind kind, uint32_t event, struct id who,
	struct str label, int64_t now_ms, struct cookie *out, struct err *e);
/*
 * ERR_UNAUTHENTICATED: none of that kind, or it is over, or the id of its attendee was made
 * somebody else's badge since. Without the label.
 */
MUST_CHECK bool session_find(struct session *out, struct db *db, enum session_kind kind,
	struct str cookie, int64_t now_ms, struct err *e);
MUST_CHECK bool session_seen(struct db *db, const struct session *s, int64_t now_ms, struct err *e);
/* Those that live, newest first. Texts in a. */
MUST_CHECK bool session_list(struct session **out, size_t *n, struct db *db, uint32_t event,
	struct id who, int64_t now_ms, struct arena *a, struct err *e);
/* ERR_NOT_FOUND when this person has no such session. */
MUST_CHECK bool session_end(struct db *db, uint32_t event, struct id who, struct id session,
	int64_t now_ms, struct err *e);
/* Whether this person ever had one. */
MUST_CHECK bool session_ever(
	bool *out, struct db *db, uint32_t event, struct id who, struct err *e);

/* What every phone of this person is told, newest first, of the last 7 days; at most 20. */
struct notice {
	struct str text;
	int64_t at_ms;
};
MUST_CHECK bool notice_add(struct db *db, uint32_t event, struct id who, int64_t now_ms,
	struct str text, struct err *e);
MUST_CHECK bool notice_list(struct notice **out, size_t *n, struct db *db, uint32_t event,
	struct id who, int64_t now_ms, struct arena *a, struct err *e);

/* "Firefox on Android" of a User-Agent header; "a browser" when nothing in it is known. */
struct str browser_label(struct str user_agent, struct arena *a);
