/*
 * What people say about a tie between them: a meeting is hidden by one of the two, a card shared
 * with the other, two of somebody's ties introduced to each other, an introduction answered. The
 * entries are in the log; the table "about" finds them by what they speak of. All is resolved at
 * reading, so the order of arrival is no matter.
 *
 * Private, like the payloads behind it.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"
#include "core/entry/entry.h"
#include "server/store/facts.h"

struct about {
	enum entry_kind kind; /* hide, share, introduce, consent */
	int64_t row;
	struct id entry, of;
	struct id pair;	 /* of an introduce */
	uint32_t writer; /* attendee */
};

/* The rows of an entry of those kinds, written by ref; others have none. */
MUST_CHECK bool about_add(struct db *db, uint32_t event, int64_t row, enum entry_kind kind,
	const struct facts *f, uint32_t ref, struct err *e);
/* They were taken back: about holds what stands. */
MUST_CHECK bool about_remove(struct db *db, uint32_t event, int64_t row, enum entry_kind kind,
	const struct facts *f, struct err *e);
/* All that holds about one entry, oldest id first. In a. */
MUST_CHECK bool about_of(struct about **out, size_t *n, struct db *db, uint32_t event, struct id of,
	struct arena *a, struct err *e);
/* The same about every meeting of an attendee. */
MUST_CHECK bool about_meetings_of(struct about **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e);

/* The fields of a card that one person lets another see. */
enum card_field {
	FIELD_NAME = 1,
	FIELD_ORGANIZATION = 2,
	FIELD_TITLE = 4,
	FIELD_EMAIL = 8,
	FIELD_PHONE = 16,
	FIELD_URL = 32,
	FIELD_ALL = 63,
};
/* What a share entry gives; nothing when it was erased. */
MUST_CHECK bool about_fields(
	unsigned *out, struct db *db, const struct about *share, struct arena *a, struct err *e);

/* The two of a meeting that holds. */
struct tie {
	int64_t row;
	uint32_t people[2];
	struct id ids[2]; /* of the attendees */
};
/* ERR_NOT_FOUND: no meeting, refused, or taken back. */
MUST_CHECK bool tie_read(struct tie *out, struct db *db, uint32_t event, struct id meeting,
	struct arena *a, struct err *e);

enum answer { ANSWER_NONE, ANSWER_YES, ANSWER_NO };
struct introduction {
	struct id entry;
	int64_t at_ms;
	uint32_t introducer;
	struct id introducer_id;
	struct str text;
	bool holds; /* both are there, with a badge, and neither took a meeting back or blocks */
	struct {
		uint32_t attendee; /* 0: nobody who could be asked */
		struct id id;
		enum answer said;
		unsigned fields; /* what this one lets the other see */
	} people[2];
};
/*
 * The text is in a, and nothing else: a person may be introduced any number of times.
 * ERR_NOT_FOUND: no such entry, refused, taken back, or erased.
 */
MUST_CHECK bool introduction_read(struct introduction *out, struct db *db, uint32_t event,
	struct id entry, struct arena *a, struct err *e);
