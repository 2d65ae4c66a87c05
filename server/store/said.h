/*
 * What a person's settings change on the server: corrections of the own card, the own clock and
 * language, who is blocked (docs/sync-protocol.md, "Settings"). Of several settings of one name the
 * one that no other replaces holds, else the higher id: the order of arrival is no matter.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

struct attendee;

/* Work all settings of a person in, anew. No effect while the number is no attendee. */
MUST_CHECK bool said_derive(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
/* Replace what the person corrected by what the list says: for whoever compares with a list. */
MUST_CHECK bool said_listed(
	struct attendee *x, struct db *db, uint32_t event, struct arena *a, struct err *e);
/* The list's texts were written into the attendee's row: put the corrections back on top. */
MUST_CHECK bool said_keep(struct db *db, uint32_t event, uint32_t attendee, struct err *e);

enum apart_kind { APART_BLOCK = 1, APART_BUDDY_OFF };
/* Who set that about whom. */
struct apart {
	enum apart_kind kind;
	uint32_t by, other; /* attendees */
	struct id entry;
};
/* Everything between this attendee and others, both ways. In a. */
MUST_CHECK bool apart_read(struct apart **out, size_t *n, struct db *db, uint32_t event,
	uint32_t attendee, struct arena *a, struct err *e);
/* Whether either of the two blocks the other. */
MUST_CHECK bool apart_is_blocked(
	bool *out, struct db *db, uint32_t event, uint32_t a, uint32_t b, struct err *e);
