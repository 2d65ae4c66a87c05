/*
 * What stations say of their own health (kiosk/watch.h, docs/sync-protocol.md "The request"): one
 * row for each sign that a station ever gave, with since when and until when.
 */
#pragma once

#include "core/base/json.h"
#include "core/db/db.h"
#include "core/entry/wire/batch.h"
#include "server/store/log.h"

enum { LIMIT_STATION_SIGNS = 32 }; /* different words of one station; further ones are not kept */

/*
 * These are its signs now, as of got_ms by our clock; what is not among them is over. A sign that
 * goes on keeps its beginning.
 */
MUST_CHECK bool signs_save(struct db *db, const struct station *st, const struct batch *b,
	int64_t got_ms, struct err *e);
/* A member "signs" of the open object, the newest first. */
MUST_CHECK bool signs_write(
	struct json_writer *w, struct db *db, uint32_t event, int64_t station, struct err *e);
