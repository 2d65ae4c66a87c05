/* Counts for organizers and operators. Nothing here reads a private payload. */
#pragma once

#include "core/base/json.h"
#include "core/db/db.h"

struct stats_backup {
	int64_t last_ms; /* 0: none */
	int64_t offered;
};
MUST_CHECK bool stats_backup(struct stats_backup *out, struct db *db, struct err *e);

struct stats_log {
	int64_t rows, lag, owners, stations, pending; /* owners: whose queue is to be planned */
};
MUST_CHECK bool stats_log(struct stats_log *out, struct db *db, struct err *e);
/* Whether everything that was acknowledged is worked in. */
MUST_CHECK bool stats_settled(bool *out, struct db *db, struct err *e);

/* "counts" and "stations" of GET /v1/events/{event} (docs/api.md), as members of the open object.
 */
MUST_CHECK bool stats_write_event(
	struct json_writer *w, struct db *db, uint32_t event, struct err *e);
