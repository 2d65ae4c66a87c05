/*
 * What one person may read of the log: their own entries, and what others' entries tell them. The
 * queue is planned from it, here (server/store/queue.c) and on the person's phone, which downloads
 * it whole (server/routes/me_log.c): so both see the same facts.
 *
 * Private, like what it holds: code for organizers does not include it.
 */
#pragma once

#include "server/store/log.h"

struct my_log {
	struct log_entry *entries; /* in order of arrival */
	size_t count;
	struct id *gone; /* entries of theirs that have no effect any more: taken back */
	size_t gone_count;
};

/* In a. */
MUST_CHECK bool my_log_read(struct my_log *out, struct db *db, uint32_t event, uint32_t owner,
	struct arena *a, struct err *e);

/*
 * A number that changes with the log. False in *settled: there is news that it does not count
 * yet, so that an answer of now must not be taken for one of this number. Ask before my_log_read.
 */
MUST_CHECK bool my_log_rev(
	struct db *db, uint32_t event, uint32_t owner, int64_t *rev, bool *settled, struct err *e);
