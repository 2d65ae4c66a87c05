/*
 * Buddies: two people who see each other's counts, never notes, and may nudge each other. Two are
 * buddies when both tapped it at a kiosk, or when the phone of each wrote so; until one of them
 * ends it (setting "buddy-off/ID"), which ends what was written before.
 */
#pragma once

#include "server/store/my_log.h"

struct buddy {
	const struct my_person *person; /* NULL: somebody whom the owner has not met */
	uint32_t attendee;
	struct id id;
	bool mine, theirs; /* whose phone wrote it; both by a kiosk, and then mutual */
};

/* In a, in order of id. */
MUST_CHECK bool buddies_read(struct buddy **out, size_t *n, const struct my_log *log, struct db *db,
	uint32_t event, uint32_t owner, struct arena *a, struct err *e);
