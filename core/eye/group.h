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
