#include "core/eye/grid.h"

#include <math.h>

/* Linear equations */

enum { UNKNOWNS_MAX = 10 };

/* Gauss with pivots; the answers replace the last column. */
static bool solve(double a[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		unsigned pivot = i;

		for (unsigned r = i + 1; r < n; r++)
			if (fabs(a[r][i]) > fabs(a[pivot][i]))
				pivot = r;
		if (fabs(a[pivot][i]) < 1e-10)
			return false;
		for (unsigned c = i; c <= n; c++) {
			double v = a[i][c];

			a[i][c] = a[pivot][c];
			a[pivot][c] = v;
		}
		for (unsigned r = 0; r < n; r++) {
			double f = a[r][i] / a[i][i];

			for (unsigned c = i; r != i && c <= n; c++)
				a[r][c] -= f * a[i][c];
		}
	}
	for (unsigned i = 0; i < n; i++)
		a[i][n] /= a[i][i];
	return true;
}

static void add_equation(double a[UNKNOWNS_MAX][UNKNOWNS_MAX + 1], unsigned n, const double *x,
	double value, double weight)
{
	for (unsigned i = 0; i < n; i++) {
		for (unsigned j = 0; j < n; j++)
			a[i][j] += weight * x[i] * x[j];
		a[i][n] += weight * x[i] * value;
	}
}

/* The projection */

bool grid_project(struct grid *g, unsigned size, const struct grid_point *points, size_t n)
{
	double a[UNKNOWNS_MAX][UNKNOWNS_MAX + 1] = { { 0 } }, cx = 0, cy = 0, reach = 1;
	double s = 2.0 / size, h[9];

	*g = (struct grid){ .size = (float)size };
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

		add_equation(a, 8, ex, x, (double)points[i].weight);
		add_equation(a, 8, ey, y, (double)points[i].weight);
	}
	/* a little against wild perspective where the points hardly tell */
	a[6][6] += 1e-4 * (double)n;
	a[7][7] += 1e-4 * (double)n;
	if (!solve(a, 8))
		return false;
	for (unsigned i = 0; i < 8; i++)
		h[i] = a[i][8];
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

static void bend_terms(float t[GRID_BEND_TERMS], float u, float v, float size)
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
}

static float bend_of(const float *coefficient, const float *t)
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

		bend_terms(t, u, v, g->size);
		u += bend_of(g->bend_u, t);
		v += bend_of(g->bend_v, t);
	}
	x = g->h[0] * (double)u + g->h[1] * (double)v + g->h[2];
	y = g->h[3] * (double)u + g->h[4] * (double)v + g->h[5];
	w = g->h[6] * (double)u + g->h[7] * (double)v + g->h[8];
	w = w < 1e-3 ? 1e-3 : w;
	return (struct eye_point){ (float)(x / w), (float)(y / w) };
}

float grid_module(const struct grid *g, float u, float v)
{
	struct eye_point o = grid_at(g, u, v), a = grid_at(g, u + 1, v), b = grid_at(g, u, v + 1);
	float du = hypotf(a.x - o.x, a.y - o.y), dv = hypotf(b.x - o.x, b.y - o.y);

	return du < dv ? du : dv;
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

	for (int r = -MODULES_MARGIN; r < n + MODULES_MARGIN; r++)
		for (int c = -MODULES_MARGIN; c < n + MODULES_MARGIN; c++, v++) {
			float x = (float)c + 0.5f, y = (float)r + 0.5f;

			/* a module's middle counts more than what lies about it */
			*v = gray_of(g, in, x, y);
			if (spread > 0)
				*v = (2 * *v + gray_of(g, in, x - spread, y - spread) +
					     gray_of(g, in, x + spread, y - spread) +
					     gray_of(g, in, x - spread, y + spread) +
					     gray_of(g, in, x + spread, y + spread)) /
				     6;
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

/* Alignment patterns */

static float alignment_fit(
	const struct grid *g, const struct image *in, float u, float v, float sign)
{
	float s[25], mean = 0, dot = 0, norm = 0;

	for (int i = 0; i < 25; i++) {
		s[i] = gray_of(g, in, u + (float)(i % 5 - 2), v + (float)(i / 5 - 2));
		mean += s[i] / 25;
	}
	/* 17 dark modules, 8 light: +8 and -17 have no mean; the norm is 25 * 8 * 17 */
	for (int i = 0; i < 25; i++) {
		int x = abs(i % 5 - 2), y = abs(i / 5 - 2), ring = x > y ? x : y;
		float d = (mean - s[i]) * sign;

		dot += ring == 1 ? -17 * d : 8 * d;
		norm += d * d;
	}
	return norm < 25 * 9 ? 0 : dot / sqrtf(norm * 25 * 8 * 17);
}

float grid_find_alignment(const struct grid *g, const struct image *in, float u, float v,
	float reach, bool light_on_dark, float *du, float *dv)
{
	float best = -1, sign = light_on_dark ? -1 : 1, x = 0, y = 0;

	for (float b = -reach; b <= reach; b += 0.5f)
		for (float a = -reach; a <= reach; a += 0.5f) {
			/* of two that look alike, the nearer one */
			float fit = alignment_fit(g, in, u + a, v + b, sign) -
				    0.02f * hypotf(a, b) / (reach + 1);

			if (fit > best) {
				best = fit;
				x = a;
				y = b;
			}
		}
	for (float step = 0.25f; step > 0.05f; step /= 2)
		for (int i = 0; i < 9; i++) {
			float a = x + (float)(i % 3 - 1) * step, b = y + (float)(i / 3 - 1) * step;
			float fit = alignment_fit(g, in, u + a, v + b, sign);

			if (fit > best) {
				best = fit;
				x = a;
				y = b;
			}
		}
	*du = x;
	*dv = y;
	return best;
}

/* Bending */

enum { STEPS = 4 }; /* samples a module */

struct bend_fit {
	double a[UNKNOWNS_MAX][UNKNOWNS_MAX + 1];
	unsigned terms;
};

static void bend_fit_begin(struct bend_fit *f, unsigned degree)
{
	static const unsigned terms[] = { 1, 3, 6, 10 };

	*f = (struct bend_fit){ .terms = terms[degree] };
	/* higher terms only for good reason */
	for (unsigned i = 0; i < f->terms; i++)
		f->a[i][i] = i < 3 ? 1 : i < 6 ? 4 : 8;
}

static void bend_fit_add(struct bend_fit *f, const float *t, float value, float weight)
{
	double x[UNKNOWNS_MAX];

	for (unsigned i = 0; i < f->terms; i++)
		x[i] = (double)t[i];
	add_equation(f->a, f->terms, x, (double)value, (double)weight);
}

static bool bend_fit_end(struct bend_fit *f, float *coefficient)
{
	if (!solve(f->a, f->terms))
		return false;
	for (unsigned i = 0; i < GRID_BEND_TERMS; i++)
		coefficient[i] = i < f->terms ? (float)f->a[i][f->terms] : 0;
	return true;
}

/* The nearest corner with a finder, as a share of the side. */
static float finder_distance(float u, float v, float size)
{
	float a = hypotf(u, v), b = hypotf(size - u, v), c = hypotf(u, size - v);

	a = a < b ? a : b;
	return (a < c ? a : c) / size;
}

/*
 * Along the middle of one row (or column): where gray passes the mean of the light and dark
 * beside it, there is an edge between modules, and it belongs on the nearest line.
 */
static void bend_measure(const struct grid *g, const struct image *in, bool down, unsigned line,
	float trusted, struct bend_fit *fit)
{
	unsigned n = (unsigned)g->size * STEPS;
	float before[3] = { 0 }, across = (float)line + 0.5f;

	for (unsigned i = 0; i <= n; i++) {
		float along = (float)i / STEPS;
		float v = down ? gray_of(g, in, across, along) : gray_of(g, in, along, across);
		float t[GRID_BEND_TERMS], slope = v - before[0];
		float mid_slope = before[1] - before[2], at, off, nearest, u, w;

		/* steepest here: slope between samples i-2 and i-1 is larger than on both sides */
		float here = before[0] - before[1];

		if (i >= 3 && fabsf(here) > 6 && fabsf(here) >= fabsf(slope) &&
			fabsf(here) > fabsf(mid_slope)) {
			/* a parabola through the three slopes */
			float l = fabsf(mid_slope), m = fabsf(here), r = fabsf(slope);
			float bow = l - 2 * m + r;

			at = along - 1.5f / STEPS +
			     (bow < -0.01f ? 0.5f * (l - r) / bow : 0) / STEPS;
			nearest = floorf(at + 0.5f);
			off = at - nearest;
			u = down ? across : nearest;
			w = down ? nearest : across;
			if (fabsf(off) < 0.45f && finder_distance(u, w, g->size) < trusted) {
				float sure = (1 - 2 * fabsf(off)) * (m > 40 ? 1 : m / 40);

				bend_terms(t, u, w, g->size);
				off += bend_of(down ? g->bend_v : g->bend_u, t);
				bend_fit_add(fit, t, off, sure);
			}
		}
		before[2] = before[1];
		before[1] = before[0];
		before[0] = v;
	}
}

void grid_bend(struct grid *g, const struct image *in, unsigned degree, unsigned rounds)
{
	for (unsigned round = 0; round < rounds; round++) {
		float trusted = 0.35f + 1.2f * (float)(round + 1) / (float)rounds;
		unsigned now = round == 0 && degree > 2 ? 2 : degree;
		float bend_u[GRID_BEND_TERMS], bend_v[GRID_BEND_TERMS];
		struct bend_fit u, v;

		bend_fit_begin(&u, now);
		bend_fit_begin(&v, now);
		for (unsigned line = 0; line < (unsigned)g->size; line++) {
			bend_measure(g, in, false, line, trusted, &u);
			bend_measure(g, in, true, line, trusted, &v);
		}
		if (!bend_fit_end(&u, bend_u) || !bend_fit_end(&v, bend_v))
			return;
		memcpy(g->bend_u, bend_u, sizeof(bend_u));
		memcpy(g->bend_v, bend_v, sizeof(bend_v));
		g->bent = true;
	}
}
