#include "core/eye/group.h"

#include <math.h>

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
