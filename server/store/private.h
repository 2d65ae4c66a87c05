/*
 * The private payloads: notes, contacts, follow-ups, what people promised and asked. They have a
 * table of their own, and this is the only module that names it. Code that answers organizers
 * does not include it (a test in tests/check keeps that true): what it cannot read, it cannot
 * show.
 */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

MUST_CHECK bool private_add(struct db *db, int64_t row, struct bytes payload, struct err *e);
/* ERR_NOT_FOUND: that row's payload is open, or was erased. */
MUST_CHECK bool private_get(
	struct db *db, int64_t row, struct arena *a, struct bytes *out, struct err *e);
