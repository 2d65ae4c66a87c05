/*
 * Pictures as the eye sees them: 8-bit gray, 0 black to 255 white.
 *
 * PNG (ISO/IEC 15948), JPEG (ITU-T T.81, also the table-less frames of a webcam) and PGM/PPM
 * (netpbm P2, P5, P6) are read; what is transparent counts as white paper. A size is refused from
 * the header, before anything is decoded, so that a small file cannot ask for a large memory.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"

enum {
	LIMIT_IMAGE_BYTES = 64 << 20,	   /* a picture's file */
	LIMIT_IMAGE_SIDE = 16384,	   /* pixels */
	LIMIT_IMAGE_PIXELS = 48 * 1000000, /* a large phone photo */
	LIMIT_IMAGE_SCANS = 40, /* of a progressive JPEG: each costs a pass over all pixels */
};

/* Borrowed: rows of width pixels, stride bytes apart (stride >= width). */
struct image {
	const uint8_t *pixels;
	uint32_t width, height;
	size_t stride;
};

/* Memory for one picture at a time, kept from one to the next. Zeroed is valid and empty. */
struct image_store {
	uint8_t *pixels;
	size_t capacity;
};

/*
 * The gray value between pixels, whose centres lie at .5; outward the edge is repeated. The
 * picture is at least 2 by 2.
 */
static inline float image_gray(const struct image *in, float x, float y)
{
	float fx = x - 0.5f, fy = y - 0.5f, top, bottom;
	const uint8_t *p, *q;
	uint32_t ix, iy;

	/* not a number becomes the edge */
	fx = !(fx > 0) ? 0 : fx > (float)(in->width - 1) ? (float)(in->width - 1) : fx;
	fy = !(fy > 0) ? 0 : fy > (float)(in->height - 1) ? (float)(in->height - 1) : fy;
	ix = (uint32_t)fx < in->width - 1 ? (uint32_t)fx : in->width - 2;
	iy = (uint32_t)fy < in->height - 1 ? (uint32_t)fy : in->height - 2;
	fx -= (float)ix;
	fy -= (float)iy;
	p = in->pixels + in->stride * iy + ix;
	q = p + in->stride;
	top = (float)p[0] + fx * (float)(p[1] - p[0]);
	bottom = (float)q[0] + fx * (float)(q[1] - q[0]);
	return top + fy * (bottom - top);
}

void image_store_finish(struct image_store *store);
/* Room for n bytes; what stood in it is kept. False: ERR_FULL. */
MUST_CHECK bool image_store_reserve(struct image_store *store, size_t n, struct err *e);

/* ERR_TOO_LARGE past the limits above, ERR_MALFORMED without an area. */
MUST_CHECK bool image_size_check(uint64_t width, uint64_t height, struct err *e);

/*
 * Read a whole file. *out borrows from store until its next use.
 * ERR_UNSUPPORTED: not one of the formats. ERR_MALFORMED: it is damaged or ends early.
 */
MUST_CHECK bool image_read(
	struct image *out, struct bytes file, struct image_store *store, struct err *e);

/* The header of one PGM or PPM, taken from the front of file. */
struct pnm_header {
	char kind; /* '2', '5' or '6' */
	uint32_t width, height, max_value;
	size_t body; /* bytes of the pixels that follow, for '5' and '6' */
};
MUST_CHECK bool pnm_header_take(struct bytes *file, struct pnm_header *out, struct err *e);
/* Pixels of a binary body to gray. gray has width * height bytes and may be body itself. */
void pnm_to_gray(uint8_t *gray, const uint8_t *body, const struct pnm_header *header);

/* A whole file is added to out. */
void image_write_pgm(struct buf *out, const struct image *in);
MUST_CHECK bool image_write_png(struct buf *out, const struct image *in, struct err *e);
