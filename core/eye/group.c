#include "core/eye/group.h"

#include <math.h>

#include "core/eye/grid.h"

enum { DIRECTIONS = 4, NEAREST = 6 };

static const float LEAST = 11, MOST = 190; /* modules between middles, with room for error */
static const float ASIDE = 0.45f;	   /* of the way along a side: tilt and bend */

/* A finder along one side of another. */
struct partner {
	uint16_t number;
	uint8_t turn;  /* which of its own directions goes the same way */
	float modules; /* between the middles, the geometric mean of both views */
	float misfit;
};

struct partners {
	size_t count[DIRECTIONS];
	struct partner list[DIRECTIONS][NEAREST]; /* nearest first */
};

/*
 * Which of its sides the way (dx, dy) follows, how many modules it is by its own measure, and how
 * far it strays. Directions: along sides 0 and 1, then against them.
 */
static unsigned direction_of(
	const struct finder *f, float dx, float dy, float *modules, float *aside)
{
	float det = f->side[0].x * f->side[1].y - f->side[0].y * f->side[1].x;
	float a = (dx * f->side[1].y - dy * f->side[1].x) / det;
	float b = (dy * f->side[0].x - dx * f->side[0].y) / det;

	if (fabsf(a) >= fabsf(b)) {
		*modules = fabsf(a);
		*aside = fabsf(b) / (fabsf(a) + 0.01f);
		return a > 0 ? 0 : 2;
	}
	*modules = fabsf(b);
	*aside = fabsf(a) / (fabsf(b) + 0.01f);
	return b > 0 ? 1 : 3;
}

static void add_partner(struct partners *p, unsigned direction, const struct partner *new)
{
	struct partner *list = p->list[direction];
	size_t n = p->count[direction], at = n;

	for (; at > 0 && list[at - 1].modules > new->modules; at--)
		;
	if (at == NEAREST)
		return;
	n = n < NEAREST ? n + 1 : n;
	memmove(&list[at + 1], &list[at], (n - at - 1) * sizeof(*list));
	list[at] = *new;
	p->count[direction] = n;
}

static void find_partners(struct partners *p, const struct finders *f, size_t corner)
{
	const struct finder *a = &f->list[corner];

	*p = (struct partners){ .count = { 0 } };
	for (size_t i = 0; i < f->count; i++) {
		const struct finder *b = &f->list[i];
		float dx = b->centre.x - a->centre.x, dy = b->centre.y - a->centre.y;
		float here, there, aside_here, aside_there;
		struct partner new = { .number = (uint16_t)i };
		unsigned direction;

		if (i == corner || b->module > 2.5f * a->module || a->module > 2.5f * b->module)
			continue;
		direction = direction_of(a, dx, dy, &here, &aside_here);
		new.turn = (uint8_t)direction_of(b, dx, dy, &there, &aside_there);
		/* of a projected line the geometric mean of both scales is the true length */
		new.modules = sqrtf(here * there);
		if (aside_here > ASIDE || aside_there > ASIDE || new.modules < LEAST ||
			new.modules > MOST)
			continue;
		new.misfit = aside_here + aside_there + 0.3f * fabsf(logf(here / there)) +
			     0.2f * fabsf(logf(a->contrast / b->contrast));
		add_partner(p, direction, &new);
	}
}

static void add_group(struct groups *g, const struct group *new)
{
	size_t at = g->count;

	if (at == GROUPS_MAX && g->list[at - 1].misfit <= new->misfit)
		return;
	if (at == GROUPS_MAX)
		at--;
	else
		g->count++;
	for (; at > 0 && g->list[at - 1].misfit > new->misfit; at--)
		g->list[at] = g->list[at - 1];
	g->list[at] = *new;
}

void groups_find(struct groups *g, const struct finders *f)
{
	g->count = 0;
	for (size_t corner = 0; corner < f->count; corner++) {
		struct partners p;

		find_partners(&p, f, corner);
		for (unsigned d = 0; d < DIRECTIONS; d++)
			for (size_t i = 0; i < p.count[d]; i++)
				for (size_t j = 0; j < p.count[(d + 1) % DIRECTIONS]; j++) {
					const struct partner *r = &p.list[d][i];
					const struct partner *b = &p.list[(d + 1) % DIRECTIONS][j];
					float uneven = fabsf(logf(r->modules / b->modules));
					struct group new = {
						.corner = (uint16_t)corner,
						.right = r->number,
						.below = b->number,
						/* below goes the second way: one turn back */
						.turn = { (uint8_t)d, r->turn,
							(uint8_t)((b->turn + 3) % 4) },
						.modules = (r->modules + b->modules) / 2,
						.misfit = r->misfit + b->misfit + 3 * uneven,
					};

					if (uneven < 0.35f)
						add_group(g, &new);
				}
	}
}

/* Pairs */

static const float THIRD_FIT = 0.5f; /* correlation with the ideal finder */

/* One module in a direction, as f sees it. */
static struct eye_point way_of(const struct finder *f, unsigned direction)
{
	struct eye_point p = f->side[direction % 2];

	return direction % 4 < 2 ? p : (struct eye_point){ -p.x, -p.y };
}

/* A finder there with the sides given; measured where it can be, else as it should be. */
static float find_third(struct finder *out, struct eye_point at, struct eye_point across,
	struct eye_point down, float modules, const struct image *in, bool light_on_dark)
{
	struct grid g = { .h = { (double)across.x, (double)down.x, (double)at.x, (double)across.y,
				  (double)down.y, (double)at.y, 0, 0, 1 },
		.size = modules };
	float du = 0, dv = 0, reach = 1.5f + 0.2f * modules;
	float fit = grid_find_rings(
		&g, in, GRID_FINDER, 0, 0, reach > 9 ? 9 : reach, light_on_dark, &du, &dv);
	static const float corner[4][2] = { { -3.5f, -3.5f }, { 3.5f, -3.5f }, { 3.5f, 3.5f },
		{ -3.5f, 3.5f } };
	struct finder measured;

	if (fit < THIRD_FIT)
		du = dv = 0;
	*out = (struct finder){ .centre = grid_at(&g, du, dv), .side = { across, down } };
	for (unsigned i = 0; i < 4; i++)
		out->corner[i] = grid_at(&g, du + corner[i][0], dv + corner[i][1]);
	out->module = sqrtf(fabsf(across.x * down.y - across.y * down.x));
	out->contrast = 20;
	if (fit < THIRD_FIT)
		return fit;
	out->hits = 1;
	measured = *out;
	/* only where its corners stay in the same order, and its size is alike */
	if (finder_measure(&measured, in, light_on_dark) &&
		fabsf(logf(measured.module / out->module)) < 0.4f &&
		hypotf(measured.centre.x - out->centre.x, measured.centre.y - out->centre.y) <
			2 * out->module) {
		out->centre = measured.centre;
		out->contrast = measured.contrast;
	}
	return fit;
}

size_t group_complete(struct finders *f, size_t first, size_t second, const struct image *in,
	bool light_on_dark, struct group out[PAIR_GROUPS])
{
	const struct finder *a = &f->list[first], *b = &f->list[second];
	float here, there, aside_here, aside_there, modules;
	unsigned d = direction_of(
		a, b->centre.x - a->centre.x, b->centre.y - a->centre.y, &here, &aside_here);
	unsigned turn = direction_of(
		b, b->centre.x - a->centre.x, b->centre.y - a->centre.y, &there, &aside_there);
	size_t n = 0;

	modules = sqrtf(here * there);
	if (aside_here > ASIDE || aside_there > ASIDE || modules < LEAST || modules > MOST ||
		fabsf(logf(here / there)) > 0.7f || f->count + PAIR_GROUPS > FINDERS_MAX)
		return 0;
	/* a is the corner; b is right of it and the third below, or b below and the third right */
	for (unsigned below = 0; below < 2; below++) {
		unsigned right = below ? d + 3 : d, down = right + 1, aside = below ? right : down;
		unsigned right_b = below ? turn + 3 : turn;
		struct eye_point w = way_of(a, aside), v = way_of(b, right_b + !below);
		struct eye_point x = way_of(a, right), y = way_of(a, down), at;
		size_t number = f->count + n, place = n;
		struct group new = { .corner = (uint16_t)first,
			.modules = modules,
			.right = (uint16_t)(below ? number : second),
			.below = (uint16_t)(below ? second : number) };

		at.x = a->centre.x + modules * (w.x + v.x) / 2;
		at.y = a->centre.y + modules * (w.y + v.y) / 2;
		new.turn[0] = (uint8_t)(right % 4);
		new.turn[below ? 2 : 1] = (uint8_t)(right_b % 4);
		new.turn[below ? 1 : 2] = 0;
		new.misfit = 1 - find_third(&f->list[number], at, x, y, modules, in, light_on_dark);
		for (; place > 0 && out[place - 1].misfit > new.misfit; place--)
			out[place] = out[place - 1];
		out[place] = new;
		n++;
	}
	f->count += n;
	return n;
}
