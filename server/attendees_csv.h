/*
 * The attendees of an event as CSV (kith-attendees(5)), for the bench and for spreadsheets: id,
 * name, organization, title, email, lang, and the badge that holds now. kith-badge batch takes it,
 * and so does kith-server import.
 */
#pragma once

#include "core/base/buf.h"
#include "core/db/db.h"

/* By name. Badges that were revoked or replaced are left out; without any the cell is empty. */
MUST_CHECK bool attendees_csv_write(struct buf *out, struct db *db, uint32_t event, struct err *e);
