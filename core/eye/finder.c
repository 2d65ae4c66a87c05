#include "core/eye/finder.h"

#include <math.h>

enum {
	BLOCK = 8,	 /* pixels a side */
	RUNS_MAX = 8192, /* of a row; further right nothing is looked for */
	RAYS = 32,
	CROSS_MAX = 3,	 /* times that a cross check moves the centre */
	NOISE_MOST = 10, /* gray values from the mean, on average; more is no noise of a camera */
	NOISE_STEP = 2,	 /* gray values by which a block of noise is another colour than around */
};

void finders_finish(struct finders *f)
{
	free(f->dark);
	free(f->sums);
	*f = (struct finders){ 0 };
}

static bool finders_reserve(struct finders *f, size_t pixels, size_t blocks, struct err *e)
{
	/* each by itself: of two pictures with as many pixels, a narrow one has more blocks */
	if (pixels <= f->dark_capacity && 3 * blocks <= f->sums_capacity)
		return true;
	finders_finish(f);
	f->dark = malloc(pixels);
	f->sums = malloc(3 * blocks * sizeof(*f->sums));
	if (!f->dark || !f->sums) {
		finders_finish(f);
		return err_set(e, ERR_FULL, "no memory for a picture of %zu pixels", pixels);
	}
	f->dark_capacity = pixels;
	f->sums_capacity = 3 * blocks;
	return true;
}

/* Black and white */

/* The block that holds a place; the last one of a row or column is a whole one too, moved inward.
 */
static const uint8_t *block_at(const struct image *in, uint32_t bx, uint32_t by)
{
	uint32_t x = (bx + 1) * BLOCK <= in->width ? bx * BLOCK : in->width - BLOCK;
	uint32_t y = (by + 1) * BLOCK <= in->height ? by * BLOCK : in->height - BLOCK;

	return in->pixels + in->stride * y + x;
}

static void block_means(const struct image *in, uint16_t *mean, uint32_t bw, uint32_t bh)
{
	for (uint32_t by = 0; by < bh; by++)
		for (uint32_t bx = 0; bx < bw; bx++) {
			const uint8_t *p = block_at(in, bx, by);
			uint32_t sum = 0;

			for (uint32_t i = 0; i < BLOCK; i++, p += in->stride)
				for (uint32_t j = 0; j < BLOCK; j++)
					sum += p[j];
			mean[(size_t)by * bw + bx] = (uint16_t)(sum / (BLOCK * BLOCK / 16));
		}
}

/*
 * Whether a block shows nothing but noise, of which a pixel knows nothing of the next: pixels then
 * lie farther from their neighbours, on average, than from the mean (1.41 times for a Gaussian).
 * With modules of a pixel and more that stays below 1.1.
 */
static bool is_noise(const uint8_t *p, size_t stride, uint8_t mean)
{
	uint32_t steps = 0, away = 0;

	for (uint32_t i = 0; i < BLOCK; i++, p += stride) {
		for (uint32_t j = 0; j < BLOCK; j++)
			away += (uint32_t)abs(p[j] - mean);
		for (uint32_t j = 0; j + 1 < BLOCK; j++)
			steps += (uint32_t)abs(p[j] - p[j + 1]);
	}
	/* 56 steps, 64 pixels */
	return away < NOISE_MOST * BLOCK * BLOCK && 64 * steps > 70 * away;
}

/* The mean of means over a square of blocks, by columns and then by rows. */
static void smooth_means(uint16_t *mean, uint16_t *to, uint32_t bw, uint32_t bh, uint32_t reach)
{
	for (uint32_t y = 0; y < bh; y++)
		for (uint32_t x = 0; x < bw; x++) {
			uint32_t x0 = x < reach ? 0 : x - reach;
			uint32_t x1 = x + reach < bw ? x + reach + 1 : bw, sum = 0;

			for (uint32_t i = x0; i < x1; i++)
				sum += mean[(size_t)y * bw + i];
			to[(size_t)y * bw + x] = (uint16_t)(sum / (x1 - x0));
		}
	for (uint32_t y = 0; y < bh; y++) {
		uint32_t y0 = y < reach ? 0 : y - reach;
		uint32_t y1 = y + reach < bh ? y + reach + 1 : bh;

		for (uint32_t x = 0; x < bw; x++) {
			uint32_t sum = 0;

			for (uint32_t i = y0; i < y1; i++)
				sum += to[(size_t)i * bw + x];
			/* NOLINTNEXTLINE(clang-analyzer-*): y is in between */
			mean[(size_t)y * bw + x] = (uint16_t)(sum / (y1 - y0));
		}
	}
}

/* A block made black and white; n columns and rows of it are in the picture. */
static void make_block_dark(uint8_t *out, size_t width, const uint8_t *p, size_t stride, uint32_t n,
	uint32_t rows, uint8_t t, bool inverted)
{
	for (uint32_t y = 0; y < rows; y++, p += stride, out += width)
		if (inverted)
			for (uint32_t i = 0; i < n; i++)
				out[i] = p[i] > t;
		else
			for (uint32_t i = 0; i < n; i++)
				out[i] = p[i] < t;
}

/* What is noise is one colour: its finders that are none would crowd out those of the code. */
static void make_dark(struct finders *f, const struct image *in, unsigned window, bool inverted)
{
	uint32_t bw = (in->width + BLOCK - 1) / BLOCK, bh = (in->height + BLOCK - 1) / BLOCK;
	uint16_t *own = f->sums, *mean = own + (size_t)bw * bh, *work = mean + (size_t)bw * bh;

	block_means(in, own, bw, bh);
	memcpy(mean, own, (size_t)bw * bh * sizeof(*mean));
	smooth_means(mean, work, bw, bh, window);
	for (uint32_t by = 0; by < bh; by++)
		for (uint32_t bx = 0; bx < bw; bx++) {
			uint32_t x = bx * BLOCK, y = by * BLOCK, at = by * bw + bx;
			uint32_t n = x + BLOCK <= in->width ? BLOCK : in->width - x;
			uint32_t rows = y + BLOCK <= in->height ? BLOCK : in->height - y;
			/* NOLINTNEXTLINE(clang-analyzer-*): block_means wrote it */
			uint8_t t = (uint8_t)(mean[at] >> 4), all = (uint8_t)(own[at] >> 4);
			uint8_t *out = f->dark + (size_t)y * in->width + x;
			const uint8_t *p = in->pixels + in->stride * y + x;

			if (is_noise(block_at(in, bx, by), in->stride, all))
				for (uint32_t i = 0; i < rows; i++)
					memset(out + (size_t)i * in->width,
						inverted ? all > t + NOISE_STEP
							 : all + NOISE_STEP < t,
						n);
			else
				make_block_dark(
					out, in->width, p, in->stride, n, rows, t, inverted);
		}
}

/* Rows of 1:1:3:1:1 */

/*
 * Whether five runs are a cut through the pattern. From edge to like edge is compared, which
 * neither a high nor a low threshold changes.
 */
static bool runs_fit(const uint32_t r[5], float *module)
{
	float total = (float)(r[0] + r[1] + r[2] + r[3] + r[4]), m = total / 7;
	float slack = 0.75f * m + 0.6f;

	if (total < 7 || r[0] == 0 || r[1] == 0 || r[3] == 0 || r[4] == 0)
		return false;
	*module = m;
	return fabsf((float)(r[0] + r[1]) - 2 * m) < slack &&
	       fabsf((float)(r[3] + r[4]) - 2 * m) < slack &&
	       fabsf((float)(r[1] + r[2]) - 4 * m) < 1.25f * slack &&
	       fabsf((float)(r[2] + r[3]) - 4 * m) < 1.25f * slack && (float)r[2] > 1.5f * m &&
	       (float)r[2] < 4.6f * m;
}

struct line {
	const uint8_t *p; /* the pixel to begin at */
	ptrdiff_t step;
	uint32_t before, after; /* pixels there are on both sides */
};

/* Five runs around a dark pixel, along a line. *shift: from it to the middle of the third run. */
static bool cross_runs(const struct line *l, uint32_t limit, uint32_t r[5], float *shift)
{
	uint32_t i = 0, back, ahead;

	memset(r, 0, 5 * sizeof(*r));
	for (; i <= l->before && l->p[-(ptrdiff_t)i * l->step]; i++)
		r[2]++;
	back = i;
	for (; i <= l->before && !l->p[-(ptrdiff_t)i * l->step] && r[1] <= limit; i++)
		r[1]++;
	for (; i <= l->before && l->p[-(ptrdiff_t)i * l->step] && r[0] <= limit; i++)
		r[0]++;
	for (i = 1; i <= l->after && l->p[(ptrdiff_t)i * l->step]; i++)
		r[2]++;
	ahead = i;
	for (; i <= l->after && !l->p[(ptrdiff_t)i * l->step] && r[3] <= limit; i++)
		r[3]++;
	for (; i <= l->after && l->p[(ptrdiff_t)i * l->step] && r[4] <= limit; i++)
		r[4]++;
	*shift = ((float)ahead - (float)back) / 2;
	return r[2] <= 3 * limit;
}

static bool cross_check(const struct finders *f, const struct image *in, bool down, float *x,
	float *y, float module, float *found)
{
	uint32_t px = (uint32_t)*x, py = (uint32_t)*y, r[5];
	struct line line = { f->dark + (size_t)py * in->width + px, 1, px, in->width - 1 - px };
	float shift;

	if (down)
		line = (struct line){ line.p, (ptrdiff_t)in->width, py, in->height - 1 - py };
	if (!*line.p || !cross_runs(&line, (uint32_t)(3 * module) + 2, r, &shift) ||
		!runs_fit(r, found) || *found > 3 * module || 3 * *found < module)
		return false;
	if (down)
		*y = (float)py + 0.5f + shift;
	else
		*x = (float)px + 0.5f + shift;
	return true;
}

static void add_centre(struct finders *f, float x, float y, float module)
{
	struct finder *weakest = NULL;

	for (size_t i = 0; i < f->count; i++) {
		struct finder *k = &f->list[i];
		float reach = 1.5f * (module < k->module ? module : k->module) + 1;

		if (fabsf(k->centre.x - x) < reach && fabsf(k->centre.y - y) < reach) {
			float share = 1.0f / (float)++k->hits;

			k->centre.x += (x - k->centre.x) * share;
			k->centre.y += (y - k->centre.y) * share;
			k->module += (module - k->module) * share;
			return;
		}
		if (!weakest || k->hits < weakest->hits)
			weakest = k;
	}
	if (f->count < FINDERS_MAX)
		weakest = &f->list[f->count++];
	else if (weakest->hits > 1)
		return;
	*weakest = (struct finder){ .centre = { x, y }, .module = module, .hits = 1 };
}

static void look_closer(struct finders *f, const struct image *in, float x, float y, float module)
{
	float down, across;

	if (!cross_check(f, in, true, &x, &y, module, &down) ||
		!cross_check(f, in, false, &x, &y, module, &across))
		return;
	add_centre(f, x, y, (down + across) / 2);
}

/* The columns where a row changes colour, the first being where it first is dark. */
static uint32_t find_edges(const uint8_t *row, uint32_t width, uint16_t *edge)
{
	uint32_t n = 0, x = 0;
	uint8_t last = 0;

	while (x + 8 <= width && n < RUNS_MAX - 16) {
		uint64_t v;

		memcpy(&v, row + x, 8);
		if (v != (last ? UINT64_C(0x0101010101010101) : 0))
			for (uint32_t i = x; i < x + 8; i++) {
				edge[n] = (uint16_t)i;
				/* NOLINTNEXTLINE(clang-analyzer-*): make_dark wrote it */
				n += row[i] != last;
				last = row[i];
			}
		x += 8;
	}
	for (; x < width && n < RUNS_MAX - 16; x++)
		/* NOLINTNEXTLINE(clang-analyzer-*): as above */
		if (row[x] != last) {
			edge[n++] = (uint16_t)x;
			last = row[x];
		}
	if (last)
		edge[n++] = (uint16_t)x;
	return n;
}

static void scan_row(struct finders *f, const struct image *in, uint32_t y)
{
	uint16_t edge[RUNS_MAX];
	uint32_t n = find_edges(f->dark + (size_t)y * in->width, in->width, edge);

	/* dark from even edges to odd ones */
	for (uint32_t i = 0; i + 5 < n; i += 2) {
		uint32_t r[5];
		float module;

		for (uint32_t k = 0; k < 5; k++)
			r[k] = (uint32_t)edge[i + k + 1] - edge[i + k];
		if (runs_fit(r, &module))
			look_closer(
				f, in, (float)(edge[i + 2] + edge[i + 3]) / 2, (float)y, module);
	}
}

/* Measuring */

/* Where a ray leaves the core, enters the ring and leaves it; in pixels from the centre. */
struct ray {
	float cut[3];
	bool good; /* the first two are there */
	bool full; /* all three are */
};

/* What lies past the edge of the picture is light, as a quiet zone would be. */
static bool is_dark(const struct image *in, float x, float y, float level, float sign, float *v)
{
	bool inside = x >= 0 && y >= 0 && x <= (float)in->width && y <= (float)in->height;

	*v = inside ? sign * (level - image_gray(in, x, y)) : -32;
	return *v > 0;
}

static struct ray cast_ray(
	const struct image *in, const struct finder *f, float dx, float dy, float level, float sign)
{
	struct ray ray = { .good = false };
	float step = f->module / 4, before = 1, t = f->module * 0.5f;
	float furthest = f->module * 9;
	int cuts = 0;

	step = step < 0.4f ? 0.4f : step;
	for (; t < furthest && cuts < 3; t += step) {
		float v;
		bool dark = is_dark(
			in, f->centre.x + dx * t, f->centre.y + dy * t, level, sign, &v);

		if (dark != (cuts % 2 == 0))
			ray.cut[cuts++] = t - step + step * before / (before - v);
		before = v == 0 ? 0.01f : v;
	}
	/* 1.5, 2.5, 3.5 modules along a side, all alike longer along a diagonal */
	ray.good = cuts >= 2 && ray.cut[1] / ray.cut[0] > 1.2f && ray.cut[1] / ray.cut[0] < 2.4f;
	ray.full = ray.good && cuts == 3 && ray.cut[2] / ray.cut[1] > 1.1f &&
		   ray.cut[2] / ray.cut[1] < 1.8f;
	/* something dark stands against the ring, where a quiet zone should be */
	if (ray.good && !ray.full)
		ray.cut[2] = (ray.cut[0] * (3.5f / 1.5f) + ray.cut[1] * (3.5f / 2.5f)) / 2;
	return ray;
}

/* The gray between its dark and its light, from the core and what lies two modules out. */
static float gray_level(const struct image *in, const struct finder *f, float *contrast)
{
	float core = 0, ring = 0;

	for (int i = 0; i < 8; i++) {
		float dx = cosf((float)i * 0.7853982f), dy = sinf((float)i * 0.7853982f);
		float far = f->module * (i % 2 ? 2.6f : 2.0f);

		core += image_gray(in, f->centre.x + dx * f->module * 0.6f,
				f->centre.y + dy * f->module * 0.6f) /
			8;
		ring += image_gray(in, f->centre.x + dx * far, f->centre.y + dy * far) / 8;
	}
	*contrast = ring - core;
	return (core + ring) / 2;
}

static struct eye_point point_of(const struct ray rays[RAYS], int i)
{
	/* three squares around one centre; where ink has spread, they err in turns */
	float t = (rays[i].cut[0] * (3.5f / 1.5f) + rays[i].cut[1] * (3.5f / 2.5f) +
			  2 * rays[i].cut[2]) /
		  4;
	float angle = (float)i * (6.2831853f / RAYS);

	return (struct eye_point){ cosf(angle) * t, sinf(angle) * t };
}

/* A line n.x x + n.y y = d */
struct edge {
	float nx, ny, d;
};

static bool cross_edges(const struct edge *a, const struct edge *b, struct eye_point *out)
{
	float det = a->nx * b->ny - a->ny * b->nx;

	if (fabsf(det) < 0.2f)
		return false;
	out->x = (a->d * b->ny - b->d * a->ny) / det;
	out->y = (a->nx * b->d - b->nx * a->d) / det;
	return true;
}

/* The quad whose corners are those of a square turned by angle i of the rays, stretched to fit. */
static bool fit_sides(
	const struct eye_point *p, const bool *good, const float corner_at[4], struct edge side[4])
{
	for (int s = 0; s < 4; s++) {
		float from = corner_at[s], to = corner_at[(s + 1) % 4];
		float sx = 0, sy = 0, sxx = 0, sxy = 0, syy = 0, n = 0, span, theta;

		span = to - from;
		if (span < 0)
			span += RAYS;
		for (int i = 0; i < RAYS; i++) {
			float past = (float)i - from;

			past += past < 0 ? RAYS : 0;
			if (!good[i] || past < 0.12f * span || past > 0.88f * span)
				continue;
			sx += p[i].x;
			sy += p[i].y;
			sxx += p[i].x * p[i].x;
			sxy += p[i].x * p[i].y;
			syy += p[i].y * p[i].y;
			n++;
		}
		if (n < 3)
			return false;
		sxx -= sx * sx / n;
		sxy -= sx * sy / n;
		syy -= sy * sy / n;
		/* along the longer axis of the points; the normal is a right angle away */
		theta = 0.5f * atan2f(2 * sxy, sxx - syy) + 1.5707963f;
		side[s].nx = cosf(theta);
		side[s].ny = sinf(theta);
		side[s].d = (side[s].nx * sx + side[s].ny * sy) / n;
	}
	return true;
}

/* The corner directions: where the outline is farthest, a diagonal; and across it. */
static bool find_corners(const struct eye_point *p, const bool *good, float corner_at[4])
{
	int first = -1, opposite = -1, best[2] = { -1, -1 };
	float far = 0, across[2] = { 0, 0 };

	for (int i = 0; i < RAYS; i++)
		if (good[i] && p[i].x * p[i].x + p[i].y * p[i].y > far) {
			far = p[i].x * p[i].x + p[i].y * p[i].y;
			first = i;
		}
	if (first < 0)
		return false;
	far = 0;
	for (int i = 0; i < RAYS; i++) {
		float dx = p[i].x - p[first].x, dy = p[i].y - p[first].y;

		if (good[i] && dx * dx + dy * dy > far) {
			far = dx * dx + dy * dy;
			opposite = i;
		}
	}
	for (int i = 0; i < RAYS && opposite >= 0; i++) {
		float dx = p[opposite].x - p[first].x, dy = p[opposite].y - p[first].y;
		float side = (p[i].x - p[first].x) * dy - (p[i].y - p[first].y) * dx;
		int which = side > 0;

		if (good[i] && fabsf(side) > across[which]) {
			across[which] = fabsf(side);
			best[which] = i;
		}
	}
	if (best[0] < 0 || best[1] < 0)
		return false;
	/* clockwise as seen, y down: rising angle */
	corner_at[0] = (float)first;
	corner_at[1] = (float)best[1];
	corner_at[2] = (float)opposite;
	corner_at[3] = (float)best[0];
	for (int i = 1; i < 4; i++) {
		float past = corner_at[i] - corner_at[0], last = corner_at[i - 1] - corner_at[0];

		past += past < 0 ? RAYS : 0;
		last += last < 0 ? RAYS : 0;
		if (past <= last + 2 && i > 1)
			return false;
	}
	return true;
}

bool finder_measure(struct finder *f, const struct image *in, bool inverted)
{
	struct eye_point p[RAYS], corner[4];
	struct ray rays[RAYS];
	struct edge side[4];
	bool good[RAYS];
	float corner_at[4], level = gray_level(in, f, &f->contrast), sign = inverted ? -1 : 1;
	int n = 0, full = 0;

	f->contrast *= sign;
	if (f->contrast < 6)
		return false;
	for (int i = 0; i < RAYS; i++) {
		float angle = (float)i * (6.2831853f / RAYS);

		rays[i] = cast_ray(in, f, cosf(angle), sinf(angle), level, sign);
		good[i] = rays[i].good;
		p[i] = good[i] ? point_of(rays, i) : (struct eye_point){ 0, 0 };
		n += good[i];
		full += rays[i].full;
	}
	if (n < RAYS * 5 / 8 || full < RAYS * 3 / 8 || !find_corners(p, good, corner_at) ||
		!fit_sides(p, good, corner_at, side))
		return false;
	/* side s runs from corner s to corner s + 1 */
	for (int s = 0; s < 4; s++)
		if (!cross_edges(&side[(s + 3) % 4], &side[s], &corner[s]))
			return false;
	for (int s = 0; s < 4; s++)
		f->corner[s] = (struct eye_point){ f->centre.x + corner[s].x,
			f->centre.y + corner[s].y };
	f->side[0] = (struct eye_point){ (corner[1].x - corner[0].x + corner[2].x - corner[3].x) /
						 14,
		(corner[1].y - corner[0].y + corner[2].y - corner[3].y) / 14 };
	f->side[1] = (struct eye_point){ (corner[3].x - corner[0].x + corner[2].x - corner[1].x) /
						 14,
		(corner[3].y - corner[0].y + corner[2].y - corner[1].y) / 14 };
	f->centre.x += (corner[0].x + corner[1].x + corner[2].x + corner[3].x) / 4;
	f->centre.y += (corner[0].y + corner[1].y + corner[2].y + corner[3].y) / 4;
	f->module = sqrtf(fabsf(f->side[0].x * f->side[1].y - f->side[0].y * f->side[1].x));
	return f->module > 0.8f &&
	       hypotf(f->side[0].x, f->side[0].y) < 4 * hypotf(f->side[1].x, f->side[1].y) &&
	       hypotf(f->side[1].x, f->side[1].y) < 4 * hypotf(f->side[0].x, f->side[0].y);
}

/* Put number n where it belongs among those before it: most hits first, no memory needed. */
static void sort_in(struct finder *list, size_t n)
{
	struct finder new = list[n];

	for (; n > 0 && list[n - 1].hits < new.hits; n--)
		list[n] = list[n - 1];
	list[n] = new;
}

bool finders_find(struct finders *f, const struct image *in, unsigned window, bool light_on_dark,
	struct err *e)
{
	size_t kept = 0;

	f->count = 0;
	if (in->width < 2 * BLOCK || in->height < 2 * BLOCK)
		return true;
	if (!finders_reserve(f, (size_t)in->width * in->height,
		    (size_t)(in->width / BLOCK + 1) * (in->height / BLOCK + 1), e))
		return false;
	make_dark(f, in, window, light_on_dark);
	for (uint32_t y = 1; y < in->height; y += 2)
		scan_row(f, in, y);
	for (size_t i = 0; i < f->count; i++)
		if (finder_measure(&f->list[i], in, light_on_dark)) {
			f->list[kept] = f->list[i];
			sort_in(f->list, kept++);
		}
	f->count = kept;
	return true;
}
