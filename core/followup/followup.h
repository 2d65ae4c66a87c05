/*
 * The follow-up rules: from one person's facts, a playbook and the time to what that person owes
 * whom, until when. Pure: no I/O, no clock, no foreign header; server and phone run this code.
 *
 * The answer depends on the set of facts alone, never on their order. Facts that were retracted
 * or hidden, and what hangs on them, count for nothing. Of concurrent changes done beats drop
 * beats snooze beats open, then the higher id wins; wall time never decides.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/id.h"
#include "core/entry/entry.h"

/* kind, name on the wire, days from its cause to its due date, 1 if an open loop (sorts first when
 * late) */
#define FOLLOWUP_KINDS(X)                                                                          \
	X(FOLLOWUP_HELLO, "hello", 2, 0)                                                           \
	X(FOLLOWUP_PROMISE, "promise", 2, 1)                                                       \
	X(FOLLOWUP_THANKS, "thanks", 2, 1)                                                         \
	X(FOLLOWUP_INTRODUCE, "introduce", 3, 1)                                                   \
	X(FOLLOWUP_REFERRAL, "referral", 3, 1)                                                     \
	X(FOLLOWUP_REPORT_BACK, "report-back", 14, 1)                                              \
	X(FOLLOWUP_SHARE, "share", 3, 0)                                                           \
	X(FOLLOWUP_CONGRATULATE, "congratulate", 1, 0)                                             \
	X(FOLLOWUP_KEEP_IN_TOUCH, "keep-in-touch", 90, 0)                                          \
	X(FOLLOWUP_FACE_TIME, "face-time", 180, 0)

enum followup_kind {
#define X(kind, name, days, loop) kind,
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
MUST_CHECK bool favour_way_read(struct str name, enum favour_way *out);
/* "2026-11-24" as days since 1970; false unless it is a date of the calendar. */
MUST_CHECK bool followup_date_read(struct str s, int64_t *day);
struct followup_date {
	char s[16];
};
struct followup_date followup_date_text(int64_t day);

/* How many days a person gives themselves. The defaults are the table above. */
struct playbook {
	int days[FOLLOWUP_KIND_COUNT];
	int keep_done_days; /* a finished item stays in the answer so long */
};
extern const struct playbook playbook_default;

/* An entry of the owner's, with what the rules need of its payload. Borrowed throughout. */
struct fact {
	enum entry_kind kind;
	struct id id;
	uint32_t event;
	int64_t at_ms;		 /* corrected time */
	struct id of;		 /* the entry that it speaks of; zero where a kind has none */
	struct id person;	 /* of a meeting: the other one; of a contact: the entry's own id */
	struct id item;		 /* of a followup-state */
	enum followup_kind what; /* of a followup */
	enum followup_state state; /* of a followup-state */
	enum favour_way way;	   /* of a favour */
	int64_t day;		   /* due of a followup, until of a snooze; days since 1970 */
	struct str text;
	const struct id *after;
	size_t after_count;
};

/* Why an item is there, for the sentence in front of it. */
enum followup_why {
	WHY_MET,       /* met on met.last */
	WHY_MET_AGAIN, /* the same, and met.count > 1 */
	WHY_SAID,      /* the owner wrote it down: text */
	WHY_HELPED,    /* the person did the owner a favour: text */
	WHY_RHYTHM,    /* last contact was long ago */
};

struct followup_item {
	struct id key; /* names the item in a followup-state; see followup_key */
	enum followup_kind kind;
	enum followup_state state;
	bool overdue;
	int64_t due;   /* day */
	int64_t until; /* day, of a snooze */
	enum followup_why why;
	struct id person;
	struct id of; /* the meeting or contact that it belongs to */
	uint32_t event;
	struct str text;
	const struct id *after; /* the state entries that a change must name */
	size_t after_count;
	int64_t changed_ms; /* of the deciding state entry; 0 while untouched */
	struct {
		unsigned count;
		int64_t first, last; /* days */
	} met;
};

struct followup_plan {
	struct followup_item *items; /* in the queue's order; finished ones last, newest first */
	size_t count, open;	     /* open: how many of them are not finished */
	int64_t good_until_ms;	     /* plan again at this time, or when a fact comes */
};

/* The key of the item of that kind that an entry causes. */
struct id followup_key(struct id entry, enum followup_kind kind);

/*
 * facts may come in any order and hold repeats; each followup needs its meeting or contact among
 * them. zone_ms is what to add to UTC for the owner's calendar. Everything lives in a.
 */
void followup_plan(struct followup_plan *out, const struct fact *facts, size_t count,
	const struct playbook *playbook, int64_t now_ms, int64_t zone_ms, struct arena *a);

/* Names for a draft; all may be empty. */
struct draft_words {
	struct str lang; /* "en" or "de"; else English */
	struct str me, them, event, topic;
};
/* One line for lists and calendars: "Say hello to Ben Kim". */
void followup_title(struct buf *out, enum followup_kind kind, const struct draft_words *w);
/* Why an item is there, as a sentence: "You met at C Meetup on 22 November." */
void followup_why(struct buf *out, const struct followup_item *item, const struct draft_words *w);
/* A short mail for an item, in plain text, to be changed by the sender. */
void followup_draft(struct buf *subject, struct buf *body, enum followup_kind kind,
	const struct draft_words *w);
