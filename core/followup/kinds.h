/* The words of the follow-up rules, and dates as they are written. Pure. */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

/*
 * kind, name on the wire, days from its cause to its due date, 1 if an open loop (somebody waits:
 * sorts first when late), 1 if soft (nobody waits: so many a day, see struct playbook)
 */
#define FOLLOWUP_KINDS(X)                                                                          \
	X(FOLLOWUP_HELLO, "hello", 2, 0, 0)                                                        \
	X(FOLLOWUP_PROMISE, "promise", 2, 1, 0)                                                    \
	X(FOLLOWUP_THANKS, "thanks", 2, 1, 0)                                                      \
	X(FOLLOWUP_INTRODUCE, "introduce", 3, 1, 0)                                                \
	X(FOLLOWUP_REFERRAL, "referral", 3, 1, 0)                                                  \
	X(FOLLOWUP_REPORT_BACK, "report-back", 14, 1, 0)                                           \
	X(FOLLOWUP_SHARE, "share", 3, 0, 1)                                                        \
	X(FOLLOWUP_CONGRATULATE, "congratulate", 1, 0, 0)                                          \
	X(FOLLOWUP_KEEP_IN_TOUCH, "keep-in-touch", 90, 0, 1)                                       \
	X(FOLLOWUP_FACE_TIME, "face-time", 180, 0, 1)

enum followup_kind {
#define X(kind, name, days, loop, soft) kind,
	FOLLOWUP_KINDS(X)
#undef X
		FOLLOWUP_KIND_COUNT,
};

/* In order of strength: the later one wins over an earlier one that it does not know. */
enum followup_state { FOLLOWUP_OPEN, FOLLOWUP_SNOOZE, FOLLOWUP_DROP, FOLLOWUP_DONE };

enum favour_way { FAVOUR_OFFERED, FAVOUR_GIVEN, FAVOUR_ASKED, FAVOUR_RECEIVED };

const char *followup_kind_name(enum followup_kind kind);
MUST_CHECK bool followup_kind_read(struct str name, enum followup_kind *out);
const char *followup_state_name(enum followup_state state);
MUST_CHECK bool followup_state_read(struct str name, enum followup_state *out);
const char *favour_way_name(enum favour_way way);
MUST_CHECK bool favour_way_read(struct str name, enum favour_way *out);
/* "2026-11-24" as days since 1970; false unless it is a date of the calendar. */
MUST_CHECK bool followup_date_read(struct str s, int64_t *day);
struct followup_date {
	char s[16];
};
struct followup_date followup_date_text(int64_t day);
