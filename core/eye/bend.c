/* The smooth bend of a grid: to places that are known, and to the edges in the picture. */
#include "core/eye/grid.h"

#include <math.h>

#include "core/eye/least.h"

enum {
	STEPS = 4, /* samples a module */
	STEEP = 6, /* gray values between two of them, the least that is an edge */
};

static const unsigned terms_of[] = { 1, 3, 6, 10, 14 };

static void fit_begin(struct least *l, unsigned degree, double hold)
{
	least_begin(l, terms_of[degree]);
	/* higher terms only for good reason */
	for (unsigned i = 0; i < l->n; i++)
		least_hold(l, i, hold * (i < 3 ? 1 : i < 6 ? 4 : 8));
}

static void fit_add(struct least *l, const float *t, float value, float weight)
{
	double x[GRID_BEND_TERMS];

	for (unsigned i = 0; i < l->n; i++)
		x[i] = (double)t[i];
	least_add(l, x, (double)value, (double)weight);
}

/* The new bend, both ways or neither. */
static bool fit_end(struct grid *g, struct least *u, struct least *v)
{
	double bend_u[GRID_BEND_TERMS], bend_v[GRID_BEND_TERMS];

	if (!least_end(u, bend_u) || !least_end(v, bend_v))
		return false;
	for (unsigned i = 0; i < GRID_BEND_TERMS; i++) {
		g->bend_u[i] = i < u->n ? (float)bend_u[i] : 0;
		g->bend_v[i] = i < v->n ? (float)bend_v[i] : 0;
	}
	g->bent = true;
	return true;
}

void grid_bend_to(struct grid *g, const struct grid_point *points, size_t n, unsigned degree)
{
	struct least u, v;

	fit_begin(&u, degree, 0.02);
	fit_begin(&v, degree, 0.02);
	for (size_t i = 0; i < n; i++) {
		const struct grid_point *p = &points[i];
		float t[GRID_BEND_TERMS], x, y;

		if (!grid_flat_place(g, p->x, p->y, &x, &y))
			continue;
		grid_bend_terms(t, p->u, p->v, g->size);
		if (p->along != GRID_DOWN)
			fit_add(&u, t, x - p->u, p->weight);
		if (p->along != GRID_ACROSS)
			fit_add(&v, t, y - p->v, p->weight);
	}
	fit_end(g, &u, &v);
}

/* The nearest corner with a finder, as a share of the side. */
static float finder_distance(float u, float v, float size)
{
	float a = hypotf(u, v), b = hypotf(size - u, v), c = hypotf(u, size - v);

	a = a < b ? a : b;
	return (a < c ? a : c) / size;
}

/* Gray along the middle of one row (or column), straight within a module. */
static unsigned sample_line(
	const struct grid *g, const struct image *in, bool down, float across, float *v)
{
	unsigned size = (unsigned)g->size;
	struct eye_point p = grid_at(g, down ? across : 0, down ? 0 : across);

	for (unsigned i = 0; i < size; i++) {
		float to = (float)i + 1;
		struct eye_point q = grid_at(g, down ? across : to, down ? to : across);

		for (unsigned k = 0; k < STEPS; k++) {
			float part = (float)k / STEPS;

			v[i * STEPS + k] = image_gray(
				in, p.x + (q.x - p.x) * part, p.y + (q.y - p.y) * part);
		}
		p = q;
	}
	v[size * STEPS] = image_gray(in, p.x, p.y);
	return size * STEPS + 1;
}

/*
 * Where gray is steepest along a row (or column) there is an edge between modules, and it belongs
 * on the nearest line.
 */
static void bend_measure(const struct grid *g, const struct image *in, bool down, unsigned line,
	float trusted, struct least *fit)
{
	float v[SYMBOL_SIZE_MAX * STEPS + 1], across = (float)line + 0.5f;
	unsigned n = sample_line(g, in, down, across, v);

	for (unsigned i = 1; i + 2 < n; i++) {
		float left = fabsf(v[i] - v[i - 1]), here = fabsf(v[i + 1] - v[i]);
		float right = fabsf(v[i + 2] - v[i + 1]), bow = left - 2 * here + right;
		float at, nearest, off, a, b, sure, t[GRID_BEND_TERMS];

		if (here <= STEEP || here < right || here <= left)
			continue;
		/* the top of a parabola through the three slopes */
		at = ((float)i + 0.5f + (bow < -0.01f ? 0.5f * (left - right) / bow : 0)) / STEPS;
		nearest = floorf(at + 0.5f);
		off = at - nearest;
		a = down ? across : nearest;
		b = down ? nearest : across;
		if (fabsf(off) >= 0.45f || finder_distance(a, b, g->size) >= trusted)
			continue;
		sure = (1 - 2 * fabsf(off)) * (here > 40 ? 1 : here / 40);
		grid_bend_terms(t, a, b, g->size);
		fit_add(fit, t, off + grid_bend_of(down ? g->bend_v : g->bend_u, t), sure);
	}
}

void grid_bend(struct grid *g, const struct image *in, unsigned degree, unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		float trusted = 0.35f + 1.2f * (float)(round + 1) / (float)rounds;
		unsigned now = round == 0 && degree > 2 ? 2 : degree;
		struct least u, v;

		fit_begin(&u, now, 1);
		fit_begin(&v, now, 1);
		for (unsigned line = 0; line < (unsigned)g->size; line++) {
			bend_measure(g, in, false, line, trusted, &u);
			bend_measure(g, in, true, line, trusted, &v);
		}
		if (!fit_end(g, &u, &v))
			return;
	}
}
