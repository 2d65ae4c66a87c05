/*
 * Where the modules of a symbol lie in a picture: a projection of the flat square, fitted to what
 * was found of its patterns, and a smooth bend of it for paper that is not flat. Module (row r,
 * column c) has its centre at u = c + 0.5, v = r + 0.5.
 */
#pragma once

#include "core/eye/decode.h"
#include "core/eye/engine.h"
#include "core/eye/image.h"

enum {
	GRID_POINTS_MAX = 512,
	GRID_BEND_TERMS = 14, /* of a polynomial in two variables */
};

/* What a place tells: both of its coordinates, or only u, or only v. */
enum grid_along { GRID_BOTH, GRID_ACROSS, GRID_DOWN };

/* A place of the symbol and where it was seen. */
struct grid_point {
	float u, v, x, y, weight;
	enum grid_along along; /* for grid_bend_to */
};

struct grid {
	double h[9]; /* x = (h0 u + h1 v + h2) / (h6 u + h7 v + h8), y with h3 to h5 */
	float bend_u[GRID_BEND_TERMS], bend_v[GRID_BEND_TERMS]; /* in modules */
	float size;						/* modules a side */
	bool bent;
};

/* Least squares through the points; at least 4. False where they lie on a line. */
MUST_CHECK bool grid_project(
	struct grid *g, unsigned size, const struct grid_point *points, size_t n);
struct eye_point grid_at(const struct grid *g, float u, float v);
/* Gray of every module, and of a margin of two around, each a mean over spread of a module. */
void grid_sample(struct modules *out, const struct grid *g, const struct image *in, float spread);
/* -1 to 1: how well the timing patterns alternate where the grid says. */
float grid_timing(const struct grid *g, const struct image *in, bool light_on_dark);
enum grid_rings { GRID_ALIGNMENT, GRID_FINDER };
/*
 * Look for a pattern about (u, v), reach modules to each side. Its offset in modules; the value
 * is the correlation with the ideal, -1 to 1.
 */
float grid_find_rings(const struct grid *g, const struct image *in, enum grid_rings kind, float u,
	float v, float reach, bool light_on_dark, float *du, float *dv);
/* Where on the flat square, not bent, a place of the picture lies. */
bool grid_flat_place(const struct grid *g, float x, float y, float *u, float *v);
/* The terms of the bend at a place, and what they come to with the grid's bend_u or bend_v. */
void grid_bend_terms(float t[GRID_BEND_TERMS], float u, float v, float size);
float grid_bend_of(const float coefficient[GRID_BEND_TERMS], const float t[GRID_BEND_TERMS]);
/* Bend the grid through the points, by least squares. */
void grid_bend_to(struct grid *g, const struct grid_point *points, size_t n, unsigned degree);
/*
 * Bend the grid so that the edges in the picture lie on its lines; trust grows from the finders
 * outward over the rounds. degree 1 to 4, the last one of degree 5 along rows and columns.
 */
void grid_bend(struct grid *g, const struct image *in, unsigned degree, unsigned rounds);
