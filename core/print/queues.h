/* Which desk hands out whose badge: by the surname's first letter, in ranges of like length. */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"

enum { QUEUES_MAX = 26 };

struct queue_range {
	struct str label; /* "G–M", or "S" for a letter that fills a desk */
	size_t people;
};

/*
 * Split n people by surname into at most desks ranges; a letter is never split, an accent makes
 * no letter of its own (É is E). range_of[i] is the range of person i. Returns how many ranges.
 */
size_t queues_split(struct queue_range ranges[QUEUES_MAX], size_t *range_of,
	const struct str *surnames, size_t n, size_t desks, struct arena *a);
