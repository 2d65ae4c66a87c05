/*
 * Where a code is likely although no finder of it can be made out: a square patch in which light
 * and dark take turns as often along rows as along columns, with calm paper around it. Too far
 * away, out of focus or in the dark, a code still looks like that, and little else does.
 */
#pragma once

#include "core/eye/engine.h"
#include "core/eye/image.h"

struct patch {
	struct eye_point at; /* its middle, in pixels of in */
	float side;	     /* pixels */
	float module;	     /* about; too large where modules merge */
	float paper;	     /* gray of its light parts */
};

/*
 * The largest one. dark: 1 where in is darker than around, rows without gaps (core/eye/finder.h).
 * False: there is none, or in is larger than is worth a look.
 */
bool patch_find(struct patch *out, const struct image *in, const uint8_t *dark);
