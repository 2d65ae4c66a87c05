/*
 * What a station sent and the server keeps without effect, with the reason. A station's refusals
 * are numbered as they are made, some of them after the reply to their batch: what came sealed is
 * judged when it is opened. So a station says which number it heard of last, and every reply tells
 * what is past it (docs/sync-protocol.md, "Refusals"). A lost reply only means being told again.
 */
#pragma once

#include "core/entry/wire/batch.h"
#include "server/server.h"

/* Where the entry stands. */
struct refused {
	uint32_t event;
	int64_t station, stream;
	uint64_t seq;
	struct id id;
};

MUST_CHECK bool refusal_add(
	struct work *w, const struct refused *x, const char *reason, struct err *e);
/*
 * The first LIMIT_BATCH_ENTRIES of a station's refusals past that number, in a; *last is the
 * number of the last of them, or as it was when there are none.
 */
MUST_CHECK bool refusals_past(struct batch_refusal **out, size_t *n, uint64_t *last, struct db *db,
	uint32_t event, int64_t station, struct arena *a, struct err *e);
