/* Ticket codes: private, so only their keyed hash is kept (core/tag/ticket.h). */
#pragma once

#include "core/base/arena.h"
#include "core/db/db.h"

/*
 * A new code for an attendee (by attendee or badge id); the old one ends. code is in groups for
 * paper, url is https://HOST/t#CODE. Neither is kept, so neither can be shown again. Who is joined
 * to attendees of other events is parted from them (attendee_set_ticket).
 */
MUST_CHECK bool ticket_issue(struct db *db, uint32_t event, struct id attendee, int64_t now_ms,
	struct arena *a, struct str *code, struct str *url, struct err *e);
