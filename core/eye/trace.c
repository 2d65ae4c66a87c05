#include "core/eye/trace.h"

#include <math.h>

enum { SAMPLES_MAX = 2048, A_MODULE = 10 };

static const float SWING = 0.2f; /* of the finders' contrast, the least that makes an edge */

/* A place of a finder, in its own modules from its symbol's top left. */
static struct eye_point finder_place(const struct finder *f, unsigned turn, float u, float v)
{
	const struct eye_point *a = &f->corner[turn % 4], *b = &f->corner[(turn + 1) % 4];
	const struct eye_point *c = &f->corner[(turn + 2) % 4], *d = &f->corner[(turn + 3) % 4];
	float x = u / 7, y = v / 7;

	return (struct eye_point){
		(a->x * (1 - x) + b->x * x) * (1 - y) + (d->x * (1 - x) + c->x * x) * y,
		(a->y * (1 - x) + b->y * x) * (1 - y) + (d->y * (1 - x) + c->y * x) * y,
	};
}

/* A cubic from p to q that leaves and arrives along ways of length 1. */
struct curve {
	struct eye_point p, q, leave, arrive;
};

static struct eye_point unit(struct eye_point from, struct eye_point to)
{
	float dx = to.x - from.x, dy = to.y - from.y, len = hypotf(dx, dy) + 1e-6f;

	return (struct eye_point){ dx / len, dy / len };
}

static struct eye_point curve_at(const struct curve *c, float s)
{
	float reach = hypotf(c->q.x - c->p.x, c->q.y - c->p.y), t = 1 - s;
	float hp = t * t * (1 + 2 * s), hq = s * s * (1 + 2 * t);
	float hl = s * t * t * reach, ha = -s * s * t * reach;

	return (struct eye_point){
		hp * c->p.x + hq * c->q.x + hl * c->leave.x + ha * c->arrive.x,
		hp * c->p.y + hq * c->q.y + hl * c->leave.y + ha * c->arrive.y,
	};
}

/* Where between two turning points gray passes their middle. */
static float middle_between(const float *v, unsigned from, unsigned to)
{
	float level = (v[from] + v[to]) / 2;
	bool rising = v[to] > v[from];
	unsigned i = from;

	while (i + 1 < to && (v[i + 1] < level) == rising)
		i++;
	return (float)i + (level - v[i]) / (v[i + 1] - v[i] + (rising ? 1e-4f : -1e-4f));
}

void trace_timing(struct trace *t, const struct image *in, const struct finder *from,
	unsigned from_turn, const struct finder *to, unsigned to_turn, bool down, float modules,
	bool light_on_dark)
{
	float v[SAMPLES_MAX + 1], sign = light_on_dark ? -1 : 1;
	float swing = SWING * (from->contrast < to->contrast ? from->contrast : to->contrast);
	struct eye_point ahead = finder_place(
		from, from_turn, down ? 6.5f : 7.5f, down ? 7.5f : 6.5f);
	struct eye_point back = finder_place(to, to_turn, down ? 6.5f : -0.5f, down ? -0.5f : 6.5f);
	struct curve c = { .p = finder_place(from, from_turn, 6.5f, 6.5f),
		.q = finder_place(to, to_turn, down ? 6.5f : 0.5f, down ? 0.5f : 6.5f) };
	unsigned n = modules < 12 ? 128 : (unsigned)(modules * A_MODULE), least = 0, turn = 0;
	bool dark = true;

	n = n > SAMPLES_MAX ? SAMPLES_MAX : n;
	c.leave = unit(c.p, ahead);
	c.arrive = unit(back, c.q);
	t->count = 0;
	for (unsigned i = 0; i <= n; i++) {
		struct eye_point p = curve_at(&c, (float)i / (float)n);

		v[i] = sign * image_gray(in, p.x, p.y);
	}
	/* turn: the extreme so far; past it by more than a swing, an edge was passed */
	for (unsigned i = 1; i <= n && t->count < TRACE_EDGES_MAX; i++) {
		if (dark ? v[i] < v[turn] : v[i] > v[turn]) {
			turn = i;
		} else if (fabsf(v[i] - v[turn]) > swing) {
			/* the edge lies between the extreme before and this one */
			if (t->count > 0 || !dark) {
				struct eye_point p = curve_at(
					&c, middle_between(v, least, turn) / (float)n);

				t->edge[t->count++] = p;
			}
			least = turn;
			turn = i;
			dark = !dark;
		}
	}
	if (t->count < TRACE_EDGES_MAX && turn > least && (t->count > 0 || !dark))
		t->edge[t->count++] = curve_at(&c, middle_between(v, least, turn) / (float)n);
}

int trace_version(const struct trace *t)
{
	/* edges at 7, 8 and so on to size - 7 */
	unsigned size = t->count + 13;

	return t->count >= 8 && size % 4 == 1 && size <= 177 ? (int)(size - 17) / 4 : 0;
}
