#include "core/eye/sight.h"

#include <math.h>

#include "core/eye/patch.h"

enum {
	PAIR_LOOK = 10, /* finders of which pairs are made, those seen in most rows */
	ONE_HITS = 3,	/* rows in which a finder alone must be seen */
	WASHED_STEPS = 40,
	SATURATED = 250,
};

static const float MODULE_READ = 2.2f;	/* pixels: smaller ones are seldom read */
static const float MODULE_SHARP = 2.6f; /* from here on a finder that is sharp is found */
static const float CARD_SIDE = 0.13f;	/* of the picture's width; a code held well is larger */
static const float DIM = 75;		/* gray of paper */
static const float DIM_CONTRAST = 45;	/* between paper and ink, where the picture is not bright */
static const float WASHED = 0.03f;	/* of the code, in patches that no mask leaves white */
static const float MODULATION = 0.45f;	/* of one module, against seven; a sharp one has 1 */
static const float NEAREST = 11, FARTHEST = 180; /* modules between middles */

/* The finders of one symbol: corner, right and below, or a pair and what must be between. */
struct found {
	struct finder finder[3];
	unsigned count;
	struct eye_point origin, across, down; /* of the square over their middles */
	float modules;			       /* along across */
};

static struct finder in_picture(const struct finder *f, float scale)
{
	struct finder out = *f;

	out.centre.x *= scale;
	out.centre.y *= scale;
	out.module *= scale;
	for (unsigned i = 0; i < 2; i++) {
		out.side[i].x *= scale;
		out.side[i].y *= scale;
	}
	return out;
}

static struct eye_point between(struct eye_point a, struct eye_point b)
{
	return (struct eye_point){ b.x - a.x, b.y - a.y };
}

static void take_group(
	struct found *out, const struct finders *f, const struct group *g, float scale)
{
	const uint16_t number[3] = { g->corner, g->right, g->below };

	for (unsigned i = 0; i < 3; i++)
		out->finder[i] = in_picture(&f->list[number[i]], scale);
	out->count = 3;
	out->origin = out->finder[0].centre;
	out->across = between(out->origin, out->finder[1].centre);
	out->down = between(out->origin, out->finder[2].centre);
	out->modules = g->modules;
}

/* Two finders of a size and as dark, one in line with a side of the other. */
static bool fit_together(const struct finder *a, const struct finder *b, float *modules)
{
	float dx = b->centre.x - a->centre.x, dy = b->centre.y - a->centre.y;
	float det = a->side[0].x * a->side[1].y - a->side[0].y * a->side[1].x;
	float along = fabsf(dx * a->side[1].y - dy * a->side[1].x) / fabsf(det);
	float aside = fabsf(dy * a->side[0].x - dx * a->side[0].y) / fabsf(det);

	*modules = hypotf(along, aside);
	return *modules > NEAREST && *modules < FARTHEST &&
	       fminf(along, aside) < 0.25f * fmaxf(along, aside) &&
	       fabsf(logf(a->module / b->module)) < 0.3f &&
	       fabsf(logf(a->contrast / b->contrast)) < 0.5f && a->hits > 1 && b->hits > 1;
}

static bool take_pair(struct found *out, const struct finders *f, float scale)
{
	size_t n = f->count < PAIR_LOOK ? f->count : PAIR_LOOK;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			if (!fit_together(&f->list[i], &f->list[k], &out->modules))
				continue;
			out->finder[0] = in_picture(&f->list[i], scale);
			out->finder[1] = in_picture(&f->list[k], scale);
			out->count = 2;
			out->origin = out->finder[0].centre;
			out->across = between(out->origin, out->finder[1].centre);
			out->down = (struct eye_point){ -out->across.y, out->across.x };
			return true;
		}
	return false;
}

/* One that is seen so clearly that it can hardly be anything else. */
static bool take_one(struct found *out, const struct finders *f, float scale)
{
	if (f->count == 0 || f->list[0].hits < ONE_HITS)
		return false;
	out->finder[0] = in_picture(&f->list[0], scale);
	out->count = 1;
	out->origin = out->finder[0].centre;
	return true;
}

/* A place a steps along one side of a finder and b along the other, in modules. */
static float gray_beside(const struct image *in, const struct finder *f, float a, float b)
{
	return image_gray(in, f->centre.x + a * f->side[0].x + b * f->side[1].x,
		f->centre.y + a * f->side[0].y + b * f->side[1].y);
}

struct light {
	float paper, ink;
	float modulation; /* what is left of a line one module wide */
};

/* Of one finder: its core, its light ring, its dark ring, and the margin around. */
static struct light light_of(const struct image *in, const struct finder *f)
{
	static const float way[4][2] = { { 1, 0 }, { 0, 1 }, { -1, 0 }, { 0, -1 } };
	float core = gray_beside(in, f, 0, 0), light = 0, dark = 0, margin = 0, wide;

	for (unsigned i = 0; i < 4; i++) {
		light += gray_beside(in, f, 2 * way[i][0], 2 * way[i][1]) / 4;
		dark += gray_beside(in, f, 3 * way[i][0], 3 * way[i][1]) / 4;
		margin += gray_beside(in, f, 4.5f * way[i][0], 4.5f * way[i][1]) / 4;
	}
	wide = fmaxf(margin, light) - core;
	return (struct light){ fmaxf(margin, light), core, wide > 1 ? (light - dark) / wide : 1 };
}

static bool is_saturated(const struct image *in, float x, float y)
{
	return x >= 0 && y >= 0 && x < (float)in->width && y < (float)in->height &&
	       in->pixels[(size_t)y * in->stride + (size_t)x] >= SATURATED;
}

/* The share of the square over the finders that lies in saturated patches of three by three. */
static float washed_out(const struct image *in, const struct found *s, bool other_side)
{
	float n = s->modules, more = 3 / n, step = (1 + 2 * more) / WASHED_STEPS;
	float sign = other_side ? -1 : 1;
	unsigned washed = 0;

	for (unsigned i = 0; i < WASHED_STEPS * WASHED_STEPS; i++) {
		unsigned across = i % WASHED_STEPS, down = i / WASHED_STEPS;
		float a = -more + step * ((float)across + 0.5f);
		float b = -more + step * ((float)down + 0.5f);
		unsigned around = 0;

		for (unsigned k = 0; k < 9 && around == k; k++) {
			int du = (int)(k % 3) - 1, dv = (int)(k / 3) - 1;
			float u = a + (float)du / n;
			float v = sign * (b + (float)dv / n);

			around += is_saturated(in, s->origin.x + u * s->across.x + v * s->down.x,
				s->origin.y + u * s->across.y + v * s->down.y);
		}
		washed += around == 9;
	}
	return (float)washed / (WASHED_STEPS * WASHED_STEPS);
}

static enum eye_advice judge(const struct image *in, const struct found *s)
{
	struct light all = { 255, 0, 0 };
	float module = 0, washed;

	for (unsigned i = 0; i < s->count; i++) {
		struct light one = light_of(in, &s->finder[i]);

		/* the darkest paper: a reflection lies on one of them, if at all */
		all.paper = fminf(all.paper, one.paper);
		all.ink = fmaxf(all.ink, one.ink);
		all.modulation += one.modulation / (float)s->count;
		module += s->finder[i].module / (float)s->count;
	}
	if (all.paper < DIM || (all.paper < 2 * DIM && all.paper - all.ink < DIM_CONTRAST))
		return EYE_MORE_LIGHT;
	washed = all.paper < SATURATED - 5 && s->count > 1 ? washed_out(in, s, false) : 0;
	/* of a pair it is not known on which side the code lies */
	if (all.paper < SATURATED - 5 && s->count == 2)
		washed = fmaxf(washed, washed_out(in, s, true));
	if (washed > WASHED)
		return EYE_TILT;
	if (module < MODULE_READ)
		return EYE_CLOSER;
	return all.modulation < MODULATION ? EYE_HOLD_STILL : EYE_NO_ADVICE;
}

/* Something like a code, of which no finder can be made out. */
static struct eye_sight sight_of_patch(
	const struct image *copy, const struct finders *f, float scale)
{
	struct patch p;
	bool too_small;

	if (!patch_find(&p, copy, f->dark))
		return (struct eye_sight){ .located = false };
	too_small = p.side < CARD_SIDE * (float)copy->width || p.module * scale < MODULE_SHARP;
	return (struct eye_sight){ .located = true,
		.at = { p.at.x / (float)copy->width, p.at.y / (float)copy->width },
		.advice = p.paper < DIM ? EYE_MORE_LIGHT
			  : too_small	? EYE_CLOSER
					: EYE_HOLD_STILL };
}

struct eye_sight sight_of(const struct image *in, const struct image *copy, const struct finders *f,
	const struct groups *g, float scale)
{
	struct found s = { .count = 0 };
	float down;

	if (g->count > 0)
		take_group(&s, f, &g->list[0], scale);
	else if (!take_pair(&s, f, scale) && !take_one(&s, f, scale))
		return sight_of_patch(copy, f, scale);
	down = s.count == 3 ? 0.5f : 0;
	return (struct eye_sight){ .located = true,
		.at = { (s.origin.x + s.across.x / 2 + down * s.down.x) / (float)in->width,
			(s.origin.y + s.across.y / 2 + down * s.down.y) / (float)in->width },
		.advice = judge(in, &s) };
}
