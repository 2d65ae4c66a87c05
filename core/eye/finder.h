/*
 * The three finder patterns of QR codes (ISO/IEC 18004 6.3.3): found by their 1:1:3:1:1 rows in a
 * picture made black and white, then measured in the gray one by rays from the centre outward,
 * so that each is known as a quad of 7 by 7 modules with its own size, turn and tilt.
 */
#pragma once

#include "core/base/err.h"
#include "core/eye/engine.h"
#include "core/eye/image.h"

enum { FINDERS_MAX = 256 };

struct finder {
	struct eye_point centre;
	struct eye_point corner[4]; /* of the outer edge, clockwise as seen */
	struct eye_point side[2];   /* one module: from corner 0 to 1, from corner 0 to 3 */
	float module;		    /* pixels */
	float contrast;		    /* gray values between its light and its dark */
	uint16_t hits;		    /* rows in which it was seen */
};

/* Memory for finding, kept from picture to picture. */
struct finders {
	uint8_t *dark; /* 1 where darker than around; rows without gaps */
	uint16_t *sums;
	size_t dark_capacity, sums_capacity;
	size_t count;
	struct finder list[FINDERS_MAX]; /* most hits first */
};

void finders_finish(struct finders *f);
/*
 * Measure a pattern whose centre and module are nearly right, in gray. False: it is none; f is
 * then worth nothing.
 */
MUST_CHECK bool finder_measure(struct finder *f, const struct image *in, bool light_on_dark);
/*
 * All patterns of a picture. window: blocks of 8 pixels to each side whose mean tells dark from
 * light. light_on_dark: of a code with its colours exchanged. ERR_FULL.
 */
MUST_CHECK bool finders_find(struct finders *f, const struct image *in, unsigned window,
	bool light_on_dark, struct err *e);
