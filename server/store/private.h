/*
 * The private payloads: notes, contacts, follow-ups, what people promised and asked. They have a
 * table of their own, which only two modules name: this one, by row, and server/store/log_read.c,
 * which joins it to read one owner's whole log at once. What came sealed waits in a second table
 * until it is opened; only this module and server/store/opening.c name that one. A row's payload is
 * in one of the two, never in both: whoever erases it deletes it from both.
 * Code that answers organizers includes neither this nor what is planned from it
 * (tests/check/includes.sh keeps both true): what it cannot read, it cannot show.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

MUST_CHECK bool private_add(struct db *db, int64_t row, struct bytes payload, struct err *e);
/* ERR_NOT_FOUND: that row's payload is open, waits to be opened, or was erased. */
MUST_CHECK bool private_get(
	struct db *db, int64_t row, struct arena *a, struct bytes *out, struct err *e);

/*
 * Erase all that a person wrote: what is about their own ref alone, what hangs on it, and what of
 * theirs was refused. A row that is not worked in yet is erased when it is: private_drop.
 */
MUST_CHECK bool private_erase(struct db *db, uint32_t event, uint32_t attendee, struct err *e);
MUST_CHECK bool private_drop(struct db *db, int64_t row, struct err *e);

/* Keep a sealed payload as it came, for server/store/opening.h. */
MUST_CHECK bool sealed_add(struct db *db, int64_t row, struct bytes payload, struct err *e);
/* The first row that waits to be opened; INT64_MAX when none does. */
MUST_CHECK bool sealed_first(struct db *db, int64_t *row, struct err *e);
