/*
 * Queues: what the follow-up rules make of each owner's log, kept as rows. Private: organizer
 * code reads followups.h instead.
 */
#pragma once

#include "core/base/json.h"
#include "core/followup/followup.h"
#include "server/store/log.h"
#include "server/writer.h"

/* Plans the owners of queue_dirty, and those whose plan is no longer good. */
writer_step queue_step;

/*
 * Plan one owner again and write the rows; in the caller's transaction. extra: an entry that was
 * just appended and is not derived yet, or NULL.
 */
MUST_CHECK bool queue_plan(struct db *db, uint32_t event, uint32_t owner,
	const struct log_entry *extra, int64_t now_ms, struct arena *a, struct err *e);
/* Append the "items" and "done" members of the queue as planned. */
MUST_CHECK bool queue_write_json(
	struct json_writer *w, struct db *db, uint32_t event, uint32_t owner, struct err *e);
/* One item as JSON, in a. ERR_NOT_FOUND: there is no such item (any more). */
MUST_CHECK bool queue_item_json(struct str *out, struct db *db, uint32_t event, uint32_t owner,
	struct id key, struct arena *a, struct err *e);

/* The counts of the owner's goals, for a buddy: a JSON object, in a. */
MUST_CHECK bool queue_goals(struct str *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e);

/* A new secret for the owner's feed; the former one ends. */
MUST_CHECK bool feed_renew(struct db *db, uint32_t event, uint32_t attendee, uint8_t secret[32],
	int64_t now_ms, struct err *e);
/* ERR_NOT_FOUND for a secret that is none, or ended. */
MUST_CHECK bool feed_find(
	struct db *db, struct bytes secret, uint32_t *event, uint32_t *attendee, struct err *e);
