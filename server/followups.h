/*
 * The organizer's follow-up list, by consent (DESIGN 8): a row only where its owner agreed to
 * "followups"; name and e-mail only of who agreed to "contact"; who agreed to nothing is counted,
 * never listed. What people wrote is not here: this code cannot reach it (server/store/private.h).
 */
#pragma once

#include "core/base/buf.h"
#include "core/db/db.h"

/* format is "json" or "csv"; else ERR_USAGE. */
MUST_CHECK bool followups_write(
	struct buf *out, struct db *db, uint32_t event, struct str format, struct err *e);
