/*
 * The private payloads: notes, contacts, follow-ups, what people promised and asked. They have a
 * table of their own, which only two modules name: this one, by row, and server/store/log_read.c,
 * which joins it to read one owner's whole log at once. Code that answers organizers includes
 * neither this nor what is planned from it (tests/check/includes.sh keeps both true): what it
 * cannot read, it cannot show.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

MUST_CHECK bool private_add(struct db *db, int64_t row, struct bytes payload, struct err *e);
/* ERR_NOT_FOUND: that row's payload is open, or was erased. */
MUST_CHECK bool private_get(
	struct db *db, int64_t row, struct arena *a, struct bytes *out, struct err *e);
