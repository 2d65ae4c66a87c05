/*
 * What is done to a picture so that a decoder sees more in it. Each step takes the picture on the
 * canvas and leaves the next one there; a pass of the eye (core/eye/eye.c) is a row of steps.
 *
 * Black modules stay dark, edges count as repeated outward, nothing is allocated: the canvas is
 * made large enough first. Time is linear in pixels; only PREPARE_RADIUS_MAX bounds the windows.
 */
#pragma once

#include "core/base/err.h"
#include "core/eye/image.h"

enum { PREPARE_RADIUS_MAX = 128 };

struct canvas {
	uint8_t *front; /* the picture: width * height, rows without gaps */
	uint8_t *back;	/* where the next step writes */
	uint32_t *rows; /* a few rows of sums */
	uint32_t width, height;
	size_t capacity;      /* pixels of front and of back */
	size_t rows_capacity; /* numbers in rows */
};

void canvas_finish(struct canvas *c);
static inline size_t canvas_memory(const struct canvas *c)
{
	return 2 * c->capacity + c->rows_capacity * sizeof(*c->rows);
}
/*
 * Room for pictures of `pixels` in all, made from inputs and into results at most `side` wide.
 * Keeps what is there when it is enough. ERR_FULL.
 */
MUST_CHECK bool canvas_reserve(struct canvas *c, size_t pixels, uint32_t side, struct err *e);

/* The size after a shrink to a longer side of at most `side`; never larger than it was. */
void prepare_fit_size(uint32_t *width, uint32_t *height, uint32_t side);
/* Begin a picture: `in`, shrunk by area mean to a longer side of at most `side`. */
void prepare_fit(struct canvas *c, const struct image *in, uint32_t side);

/* The steps. radius in pixels; those that choose their own ignore it. */
/* Twice the size, bilinear. */
void prepare_up2(struct canvas *c, uint32_t radius);
/* Black where darker than the mean of 8x8 blocks, smoothed over 5x5 blocks. */
void prepare_hyb(struct canvas *c, uint32_t radius);
/* Black where darker than the mean around (a 16th of the short side) less 5. */
void prepare_mean(struct canvas *c, uint32_t radius);
/* Sauvola and Pietikainen 2000: k 0.2, R 128, a 32nd of the short side. */
void prepare_sauvola(struct canvas *c, uint32_t radius);
/* The mean over a square of radius. */
void prepare_box(struct canvas *c, uint32_t radius);
/* Edges raised: three times the difference to a Gaussian blur of that radius is added. */
void prepare_unsharp(struct canvas *c, uint32_t radius);
/* Light on dark becomes dark on light. */
void prepare_invert(struct canvas *c, uint32_t radius);
