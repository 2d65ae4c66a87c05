/*
 * Kith's own QR reader: finders, groups of three, a grid, soft modules, text. It looks for
 * symbols in a small copy of the picture and samples them in the copy that shows them best.
 *
 * It reads what libraries locate and cannot read: bent and tilted grids, modules hidden by glare
 * or dirt, modules that blur into each other. Nothing is allocated for a picture no larger than
 * the largest before it. Times are bounded by the table of efforts in reader.c.
 */
#pragma once

#include "core/base/err.h"
#include "core/eye/engine.h"
#include "core/eye/eye.h"
#include "core/eye/image.h"

struct reader;

MUST_CHECK bool reader_open(struct reader **out, struct err *e);
void reader_close(struct reader *r); /* accepts NULL */

/* How a picture is looked at. */
struct reader_look {
	uint16_t side;	/* find in the copy whose longer side is at most this; 0: twice the size */
	uint8_t window; /* blocks of 8 pixels to each side that tell dark from light */
	bool light_on_dark;
	bool hard; /* bend grids, try more groups, equalize longer */
	bool fuse; /* a frame of a video: add up what frames before showed of the same code */
};

/* A new picture: forget copies of the one before. in is borrowed until the next. */
void reader_begin(struct reader *r, const struct image *in);
/* One look at it. Corners are in pixels of the picture. False: ERR_FULL. */
MUST_CHECK bool reader_look(struct reader *r, const struct reader_look *look, engine_found *found,
	void *context, struct err *e);
/* What the last look located, for pictures of which nothing was read. */
struct eye_sight reader_sight(const struct reader *r);
/* Bytes that it holds. */
size_t reader_memory(const struct reader *r);
