#include "core/eye/grid.h"

#include <math.h>

#include "core/eye/least.h"

/* The projection */

bool grid_project(struct grid *g, unsigned size, const struct grid_point *points, size_t n)
{
	double cx = 0, cy = 0, reach = 1, s = 2.0 / size, h[9];
	struct least l;

	*g = (struct grid){ .size = (float)size };
	least_begin(&l, 8);
	for (size_t i = 0; i < n; i++) {
		cx += (double)points[i].x / (double)n;
		cy += (double)points[i].y / (double)n;
	}
	for (size_t i = 0; i < n; i++)
		reach = fmax(reach,
			fmax(fabs((double)points[i].x - cx), fabs((double)points[i].y - cy)));
	/* both planes about their middles and of size 1, so that all numbers are alike in size */
	for (size_t i = 0; i < n; i++) {
		double u = (double)points[i].u * s - 1, v = (double)points[i].v * s - 1;
		double x = ((double)points[i].x - cx) / reach,
		       y = ((double)points[i].y - cy) / reach;
		double ex[8] = { u, v, 1, 0, 0, 0, -u * x, -v * x };
		double ey[8] = { 0, 0, 0, u, v, 1, -u * y, -v * y };

		least_add(&l, ex, x, (double)points[i].weight);
		least_add(&l, ey, y, (double)points[i].weight);
	}
	/* a little against wild perspective where the points hardly tell */
	least_hold(&l, 6, 1e-4 * (double)n);
	least_hold(&l, 7, 1e-4 * (double)n);
	if (!least_end(&l, h))
		return false;
	h[8] = 1;
	for (unsigned i = 0; i < 3; i++) {
		g->h[i] = reach * h[i] + cx * h[6 + i];
		g->h[3 + i] = reach * h[3 + i] + cy * h[6 + i];
		g->h[6 + i] = h[6 + i];
	}
	for (unsigned row = 0; row < 9; row += 3) {
		g->h[row + 2] -= g->h[row] + g->h[row + 1];
		g->h[row] *= s;
		g->h[row + 1] *= s;
	}
	/* the horizon must not cross the symbol */
	for (unsigned i = 0; i < 4; i++)
		if (g->h[6] * (i & 1 ? size : 0) + g->h[7] * (i & 2 ? size : 0) + g->h[8] < 0.1)
			return false;
	return true;
}

void grid_bend_terms(float t[GRID_BEND_TERMS], float u, float v, float size)
{
	float a = 2 * u / size - 1, b = 2 * v / size - 1;

	t[0] = 1;
	t[1] = a;
	t[2] = b;
	t[3] = a * a;
	t[4] = a * b;
	t[5] = b * b;
	t[6] = a * a * a;
	t[7] = a * a * b;
	t[8] = a * b * b;
	t[9] = b * b * b;
	t[10] = t[3] * t[3];
	t[11] = t[5] * t[5];
	t[12] = t[10] * a;
	t[13] = t[11] * b;
}

float grid_bend_of(const float coefficient[GRID_BEND_TERMS], const float t[GRID_BEND_TERMS])
{
	float sum = 0;

	for (unsigned i = 0; i < GRID_BEND_TERMS; i++)
		sum += coefficient[i] * t[i];
	return sum;
}

struct eye_point grid_at(const struct grid *g, float u, float v)
{
	double w, x, y;

	if (g->bent) {
		float t[GRID_BEND_TERMS];

		grid_bend_terms(t, u, v, g->size);
		u += grid_bend_of(g->bend_u, t);
		v += grid_bend_of(g->bend_v, t);
	}
	x = g->h[0] * (double)u + g->h[1] * (double)v + g->h[2];
	y = g->h[3] * (double)u + g->h[4] * (double)v + g->h[5];
	w = g->h[6] * (double)u + g->h[7] * (double)v + g->h[8];
	w = w < 1e-3 ? 1e-3 : w;
	return (struct eye_point){ (float)(x / w), (float)(y / w) };
}

/* Gray */

static float gray_of(const struct grid *g, const struct image *in, float u, float v)
{
	struct eye_point p = grid_at(g, u, v);

	return image_gray(in, p.x, p.y);
}

void grid_sample(struct modules *out, const struct grid *g, const struct image *in, float spread)
{
	int n = (int)out->size;
	float *v = out->v;

	for (int r = -MODULES_MARGIN; r < n + MODULES_MARGIN; r++) {
		float y = (float)r + 0.5f;
		struct eye_point p = grid_at(g, 0.5f - MODULES_MARGIN, y);

		for (int c = -MODULES_MARGIN; c < n + MODULES_MARGIN; c++, v++) {
			/* the next module along the row shows how far a part of one reaches */
			struct eye_point next = grid_at(g, (float)c + 1.5f, y);
			float ax = (next.x - p.x) * spread, ay = (next.y - p.y) * spread;

			/* a module's middle counts more than what lies about it */
			*v = image_gray(in, p.x, p.y);
			if (spread > 0)
				*v = (2 * *v + image_gray(in, p.x + ax - ay, p.y + ay + ax) +
					     image_gray(in, p.x + ax + ay, p.y + ay - ax) +
					     image_gray(in, p.x - ax - ay, p.y - ay + ax) +
					     image_gray(in, p.x - ax + ay, p.y - ay - ax)) /
				     6;
			p = next;
		}
	}
}

float grid_timing(const struct grid *g, const struct image *in, bool light_on_dark)
{
	int last = (int)g->size - 8;
	float sum = 0, n = 0;

	for (unsigned down = 0; down < 2; down++) {
		float before = 0;

		for (int i = 7; i <= last; i++) {
			float at = (float)i + 0.5f;
			float v = down ? gray_of(g, in, 6.5f, at) : gray_of(g, in, at, 6.5f);
			/* 7 is light, 8 dark: steps go up and down in turns */
			float step = (i % 2 ? v - before : before - v);

			if (i > 7) {
				sum += step > 4 ? 1 : step < -4 ? -1 : 0;
				n++;
			}
			before = v;
		}
	}
	return n > 0 ? (light_on_dark ? -sum : sum) / n : 0;
}

bool grid_flat_place(const struct grid *g, float x, float y, float *u, float *v)
{
	const double *h = g->h, px = (double)x, py = (double)y;
	/* two lines through the place: x and y as they would be */
	double a = h[0] - px * h[6], b = h[1] - px * h[7], c = px * h[8] - h[2];
	double d = h[3] - py * h[6], e = h[4] - py * h[7], f = py * h[8] - h[5];
	double det = a * e - b * d;

	if (fabs(det) < 1e-12)
		return false;
	*u = (float)((c * e - b * f) / det);
	*v = (float)((a * f - c * d) / det);
	return true;
}

/* Patterns */

/*
 * Rings about a middle, dark where the bit of the ring is set. The correlation with them: -1 to
 * 1. The mean of both sides is taken off, so that neither light nor contrast matters.
 */
static float rings_fit(const struct grid *g, const struct image *in, float u, float v, int reach,
	unsigned dark, float sign)
{
	/* as flat as a few modules are */
	struct eye_point o = grid_at(g, u, v), across = grid_at(g, u + 1, v),
			 down = grid_at(g, u, v + 1);
	int side = 2 * reach + 1, n = side * side, darks = 0;
	float s[81], mean = 0, dot = 0, norm = 0, share;

	across.x -= o.x;
	across.y -= o.y;
	down.x -= o.x;
	down.y -= o.y;
	for (int i = 0; i < n; i++) {
		int column = i % side - reach, row = i / side - reach;
		float a = (float)column, b = (float)row;

		s[i] = image_gray(
			in, o.x + a * across.x + b * down.x, o.y + a * across.y + b * down.y);
		mean += s[i] / (float)n;
	}
	for (int i = 0; i <= reach; i++)
		darks += dark >> i & 1 ? (i ? 8 * i : 1) : 0;
	share = (float)darks / (float)n;
	for (int i = 0; i < n; i++) {
		int x = abs(i % side - reach), y = abs(i / side - reach), ring = x > y ? x : y;
		float d = (mean - s[i]) * sign;

		dot += (dark >> ring & 1 ? 1 - share : -share) * d;
		norm += d * d;
	}
	return norm < 9 * (float)n ? 0 : dot / sqrtf(norm * (float)n * share * (1 - share));
}

float grid_find_rings(const struct grid *g, const struct image *in, enum grid_rings kind, float u,
	float v, float reach, bool light_on_dark, float *du, float *dv)
{
	/* a finder with the light around it: 3 dark, 1 light, 1 dark, 1 light */
	int rings = kind == GRID_FINDER ? 4 : 2;
	unsigned dark = kind == GRID_FINDER ? 1u | 1u << 1 | 1u << 3 : 1u | 1u << 2;
	float first = kind == GRID_FINDER ? 1 : 0.5f;
	float best = -1, sign = light_on_dark ? -1 : 1, x = 0, y = 0;

	for (float b = -reach; b <= reach; b += first)
		for (float a = -reach; a <= reach; a += first) {
			/* of two that look alike, the nearer one */
			float fit = rings_fit(g, in, u + a, v + b, rings, dark, sign) -
				    0.02f * hypotf(a, b) / (reach + 1);

			if (fit > best) {
				best = fit;
				x = a;
				y = b;
			}
		}
	for (float step = first / 2; step > 0.05f; step /= 2) {
		float cx = x, cy = y;

		for (int i = 0; i < 9; i++) {
			int column = i % 3 - 1, row = i / 3 - 1;
			float a = cx + (float)column * step;
			float b = cy + (float)row * step;
			float fit = rings_fit(g, in, u + a, v + b, rings, dark, sign);

			if (fit > best) {
				best = fit;
				x = a;
				y = b;
			}
		}
	}
	*du = x;
	*dv = y;
	return best;
}
