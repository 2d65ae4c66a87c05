/*
 * The roster in memory: who may come, by attendee id, badge id and ticket hash, with names where
 * this run has them. Names are only here (docs/security.md); the disk's cache is kiosk/store.h.
 */
#pragma once

#include "core/base/id.h"
#include "kiosk/store.h"

struct people;

struct person {
	struct id id;
	const char *name, *organization; /* never NULL; empty: not known in this run */
	char lang[12];
	bool known; /* in the roster; else somebody verified by their badge alone */
	bool checked_in;
	int64_t checked_in_ms;
};

struct people *people_new(void);
void people_free(struct people *p); /* accepts NULL */
/*
 * One row, copied; what it says of badges and tickets replaces what was known of that person. What
 * it says of a check-in does too, unless this station wrote otherwise since the last people_settle.
 */
void people_put(struct people *p, const struct roster_row *row);
/*
 * The server has worked in all that this station wrote, and the rows that were put say what came
 * of it: where they differ (undone at another kiosk) they are right.
 */
void people_settle(struct people *p);
/*
 * A full snapshot of several pages begins, and ends: who was not put in between counts as unknown
 * from then on, and not before, since the network may end it half way. Check-ins of this station
 * stay: the server may not have them yet. One that begins again starts over.
 */
void people_begin(struct people *p);
void people_end(struct people *p);
size_t people_count(const struct people *p); /* of the roster */

/* Borrowed until the next put. NULL: nobody. id may be an attendee's or a badge's. */
const struct person *people_find(const struct people *p, struct id id);
bool people_is_revoked(const struct people *p, struct id badge);
const struct person *people_find_ticket(const struct people *p, const uint8_t hash[16]);
/* Who was not known is, without a name. */
void people_check_in(struct people *p, struct id who, int64_t at_ms);
void people_undo_check_in(struct people *p, struct id who);
/* badge is who's from now on; a zero who: nobody's. name: of a walk-in, or empty. */
void people_assign(struct people *p, struct id badge, struct id who, struct str name);
/*
 * By name: each word of q must begin a word of the name; case and the accents of Latin letters
 * do not matter. At most max, in the order of the roster.
 */
size_t people_search(const struct people *p, struct str q, const struct person **out, size_t max);
