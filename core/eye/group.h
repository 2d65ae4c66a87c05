/*
 * Which three finders belong to one symbol. Each finder knows its own turn, size and tilt, so
 * that a partner must lie along one of its sides and be seen alike from there.
 */
#pragma once

#include "core/eye/finder.h"

enum { GROUPS_MAX = 384 };

struct group {
	uint16_t corner, right, below; /* numbers in the list */
	uint8_t turn[3];	       /* the corner of each that is its symbol's top left */
	float modules;		       /* from middle to middle of neighbours */
	float misfit;		       /* 0 is perfect */
};

struct groups {
	size_t count;
	struct group list[GROUPS_MAX]; /* least misfit first */
};

void groups_find(struct groups *g, const struct finders *f);

enum { PAIR_GROUPS = 4 };
/*
 * Groups of two finders and a third that was not found: looked for closely where it must be, it
 * is added to f; else guessed, with no hits. The number of groups, likeliest first.
 */
size_t group_complete(struct finders *f, size_t first, size_t second, const struct image *in,
	bool light_on_dark, struct group out[PAIR_GROUPS]);
