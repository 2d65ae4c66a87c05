/* A code in front of a camera, drawn: place, tilt, bend, focus, motion, light, glare, noise. */
#pragma once

#include "core/base/err.h"
#include "core/eye/grid.h"
#include "core/eye/qr_write.h"

struct scene {
	float x, y;		       /* of the code's middle, in pixels */
	float module;		       /* pixels */
	float turn;		       /* radians */
	float tilt_x, tilt_y;	       /* perspective: -0.5 to 0.5 */
	float bend;		       /* of the paper about its middle column, 0 to 1 */
	float blur;		       /* sigma in pixels */
	float move_x, move_y;	       /* pixels during the exposure */
	float dark, light;	       /* gray values */
	float shade;		       /* how much darker the right edge is, 0 to 1 */
	float glare_x, glare_y, glare; /* a bright spot and its radius in pixels, 0: none */
	float noise;		       /* sigma in gray values */
	bool inverted;
	float dim;  /* all of it darker, before noise; 0 and 1: not */
	bool plain; /* nothing but gray around the paper */
};

/* A card in the middle of 1280 x 720, held well; its lamp (glare) is off. */
extern const struct scene scene_clean;

struct canvas_of_scene {
	float *a, *b; /* width * height each */
	uint32_t width, height;
	uint32_t seed;
};

/* Draws into out (rows of width). qr may be NULL: only the background. */
void scene_draw(
	struct canvas_of_scene *c, uint8_t *out, const struct qr *qr, const struct scene *s);
/* 0 to 1, from the canvas' seed. */
float scene_chance(struct canvas_of_scene *c);
