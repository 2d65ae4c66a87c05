#include "tests/bench/scene.h"

#include <math.h>

const struct scene scene_clean = { .x = 640,
	.y = 360,
	.module = 4,
	.blur = 0.7f,
	.dark = 40,
	.light = 190,
	.noise = 3,
	.glare_x = 680,
	.glare_y = 390,
	.turn = 0.3f,
	.plain = true };

float scene_chance(struct canvas_of_scene *c)
{
	c->seed = c->seed * 1664525 + 1013904223;
	return (float)(c->seed >> 8) / (float)(1 << 24);
}

/* The gray of what is seen at a place of the paper. */
static float paper(const struct qr *qr, const struct scene *s, float u, float v)
{
	float n = qr ? (float)qr->size : 0, quiet = QR_QUIET;

	/* paper bent about its middle column, seen from the front: farther out it is narrower */
	if (s->bend > 0 && n > 0) {
		float half = n / 2 + 8, a = (u - n / 2) / half * sinf(s->bend);

		if (fabsf(a) >= 1)
			return 110;
		u = n / 2 + asinf(a) / s->bend * half;
	}
	if (!qr || u < -quiet || v < -quiet || u >= n + quiet || v >= n + quiet)
		return s->plain ? 110 : 110 + 25 * sinf(u * 0.7f) * cosf(v * 0.45f);
	if (u < 0 || v < 0 || u >= n || v >= n)
		return s->inverted ? s->dark : s->light;
	return (qr->dark[(size_t)v * qr->size + (size_t)u] != 0) != s->inverted ? s->dark
										: s->light;
}

static void draw_sharp(struct canvas_of_scene *c, const struct qr *qr, const struct scene *s)
{
	float n = qr ? (float)qr->size : 30, co = cosf(s->turn), si = sinf(s->turn);
	struct grid g = { .size = n };
	double reach = (double)(n * s->module);

	/* about the code's middle: turned, scaled, and divided by a depth that tilts */
	g.h[6] = (double)(s->tilt_x * s->module) / reach;
	g.h[7] = (double)(s->tilt_y * s->module) / reach;
	g.h[8] = 1 - (g.h[6] + g.h[7]) * (double)n / 2;
	g.h[0] = (double)(s->module * co) + (double)s->x * g.h[6];
	g.h[1] = (double)(-s->module * si) + (double)s->x * g.h[7];
	g.h[2] = (double)(-s->module * (co - si) * n / 2) + (double)s->x * g.h[8];
	g.h[3] = (double)(s->module * si) + (double)s->y * g.h[6];
	g.h[4] = (double)(s->module * co) + (double)s->y * g.h[7];
	g.h[5] = (double)(-s->module * (si + co) * n / 2) + (double)s->y * g.h[8];
	for (uint32_t y = 0; y < c->height; y++)
		for (uint32_t x = 0; x < c->width; x++) {
			float sum = 0;

			for (int k = 0; k < 4; k++) {
				float u = 0, v = 0;

				if (grid_flat_place(&g, (float)x + 0.25f + 0.5f * (float)(k % 2),
					    (float)y + 0.25f + 0.5f * (float)(k / 2), &u, &v))
					sum += paper(qr, s, u, v);
			}
			c->a[(size_t)y * c->width + x] = sum / 4;
		}
}

/* Three boxes make nearly a Gaussian; their width follows from sigma. */
static void blur_rows(const float *in, float *out, uint32_t w, uint32_t h, int reach)
{
	for (uint32_t y = 0; y < h; y++) {
		const float *p = in + (size_t)y * w;
		float sum = 0;

		for (int i = -reach; i <= reach; i++)
			sum += p[i < 0 ? 0 : i];
		for (uint32_t x = 0; x < w; x++) {
			int64_t left = (int64_t)x - reach, right = (int64_t)x + reach + 1;

			/* transposed, so that twice is rows and columns */
			out[(size_t)x * h + y] = sum / (float)(2 * reach + 1);
			sum += p[right < (int64_t)w ? right : (int64_t)w - 1] -
			       p[left > 0 ? left : 0];
		}
	}
}

static void blur(struct canvas_of_scene *c, float sigma)
{
	for (int i = 0; i < 3; i++) {
		/* a third of the variance each, and boxes of whole pixels by turns */
		int reach = (int)((sqrtf(4 * sigma * sigma + 1) - 1) / 2 + (float)i * 0.33f);

		if (reach < 1)
			continue;
		blur_rows(c->a, c->b, c->width, c->height, reach);
		blur_rows(c->b, c->a, c->height, c->width, reach);
	}
}

static void move(struct canvas_of_scene *c, float dx, float dy)
{
	int steps = (int)(hypotf(dx, dy) + 1);

	if (steps < 2)
		return;
	for (int64_t y = 0; y < (int64_t)c->height; y++)
		for (int64_t x = 0; x < (int64_t)c->width; x++) {
			float sum = 0;

			for (int i = 0; i < steps; i++) {
				int64_t px = x + (int64_t)(dx * (float)i / (float)steps);
				int64_t py = y + (int64_t)(dy * (float)i / (float)steps);

				px = px < 0		       ? 0
				     : px >= (int64_t)c->width ? (int64_t)c->width - 1
							       : px;
				py = py < 0			? 0
				     : py >= (int64_t)c->height ? (int64_t)c->height - 1
								: py;
				sum += c->a[py * (int64_t)c->width + px];
			}
			c->b[y * (int64_t)c->width + x] = sum / (float)steps;
		}
	memcpy(c->a, c->b, (size_t)c->width * c->height * sizeof(*c->a));
}

void scene_draw(struct canvas_of_scene *c, uint8_t *out, const struct qr *qr, const struct scene *s)
{
	draw_sharp(c, qr, s);
	if (s->blur > 0.3f)
		blur(c, s->blur);
	move(c, s->move_x, s->move_y);
	for (uint32_t y = 0; y < c->height; y++)
		for (uint32_t x = 0; x < c->width; x++) {
			size_t at = (size_t)y * c->width + x;
			float v = c->a[at] * (1 - s->shade * (float)x / (float)c->width);
			float far = hypotf((float)x - s->glare_x, (float)y - s->glare_y);
			float noise = scene_chance(c) + scene_chance(c) + scene_chance(c) - 1.5f;

			if (s->glare > 0)
				v += 400 * expf(-far * far / (s->glare * s->glare));
			v *= s->dim > 0 ? s->dim : 1;
			v += 2 * s->noise * noise;
			out[at] = (uint8_t)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
}
