#include "core/eye/reader.h"

#include <math.h>

#include "core/eye/decode.h"
#include "core/eye/grid.h"
#include "core/eye/group.h"
#include "core/eye/sight.h"
#include "core/eye/trace.h"

enum {
	LEVELS = 8, /* level 0 is twice the picture, 1 the picture, each further one half */
	PICTURE = 1,
	TWICE_MAX = 1000, /* the longer side up to which twice the picture is made */
	TRIES = 10,	  /* groups that come to nothing */
	TRIES_HARD = 36,
	TRIES_PAIRS = 16,
	FUSION_AGE = 45, /* pictures after which a code is another one */
	WORK = 120000,	 /* modules sampled without a text, four of the largest symbol */
	WORK_HARD = 150000,
	WORK_AGAIN = 40000, /* where a hard look at the same picture has come to nothing */
	PAIR_FINDERS = 12,  /* of which pairs are made, those seen in most rows */
};

/*
 * A code that was located and not read: the sum of its modules over frames, in which noise, dirt
 * on the lens and a glare that moves weigh less and less.
 */
struct fusion {
	int version; /* 0: none */
	unsigned frames, age;
	struct modules sum;
};

struct reader {
	struct fusion fusion;
	struct image level[LEVELS]; /* pixels NULL: not made */
	struct image_store store[LEVELS];
	uint16_t mix[TWICE_MAX + 2]; /* a row at work */
	struct finders finders;
	struct groups groups;
	bool used[FINDERS_MAX];
	struct symbol symbol;
	struct modules gray;
	struct decoder *decoder;
	size_t work, limit; /* modules sampled in this look, and how many may be */
	size_t spent;	    /* in all looks at this picture */
	unsigned found;	    /* the level of the last look; LEVELS: none that tells anything */
};

bool reader_open(struct reader **out, struct err *e)
{
	struct reader *r = calloc(1, sizeof(*r));

	if (!r)
		return err_set(e, ERR_FULL, "no memory for the reader");
	if (!decoder_open(&r->decoder, e)) {
		free(r);
		return false;
	}
	*out = r;
	return true;
}

void reader_close(struct reader *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < LEVELS; i++)
		image_store_finish(&r->store[i]);
	finders_finish(&r->finders);
	decoder_close(r->decoder);
	free(r);
}

/* Copies in several sizes */

void reader_begin(struct reader *r, const struct image *in)
{
	memset(r->level, 0, sizeof(r->level));
	r->spent = 0;
	r->found = LEVELS;
	r->level[PICTURE] = *in;
	if (++r->fusion.age > FUSION_AGE)
		r->fusion.version = 0;
}

static void halve(uint8_t *out, const struct image *in, uint32_t w, uint32_t h)
{
	for (uint32_t y = 0; y < h; y++, out += w) {
		const uint8_t *p = in->pixels + in->stride * (size_t)(2 * y), *q = p + in->stride;

		for (uint32_t x = 0; x < w; x++)
			out[x] = (uint8_t)((p[2 * x] + p[2 * x + 1] + q[2 * x] + q[2 * x + 1] +
						   2) >>
					   2);
	}
}

/* Bilinear: new pixel centres lie a quarter beside the old ones, 3 parts near and 1 part far. */
static void twice(uint8_t *out, const struct image *in, uint16_t *mix)
{
	uint32_t w = in->width, h = in->height;

	for (uint32_t y = 0; y < 2 * h; y++, out += 2 * (size_t)w) {
		uint32_t near = y / 2, far = y % 2 ? near + (near + 1 < h) : near - (near > 0);
		const uint8_t *p = in->pixels + in->stride * (size_t)near;
		const uint8_t *q = in->pixels + in->stride * (size_t)far;

		for (uint32_t x = 0; x < w; x++)
			mix[x + 1] = (uint16_t)(3 * p[x] + q[x]);
		mix[0] = mix[1];
		mix[w + 1] = mix[w];
		for (uint32_t x = 0; x < w; x++) {
			out[2 * x] = (uint8_t)((3 * mix[x + 1] + mix[x] + 8) >> 4);
			out[2 * x + 1] = (uint8_t)((3 * mix[x + 1] + mix[x + 2] + 8) >> 4);
		}
	}
}

/* Level i of the picture, made when it is first wanted. NULL pixels: too small to be of use. */
static bool make_level(struct reader *r, unsigned i, struct err *e)
{
	struct image *out = &r->level[i];
	struct image_store *store = &r->store[i];
	const struct image *from = i < PICTURE ? &r->level[PICTURE] : &r->level[i - 1];
	uint32_t w, h;

	if (out->pixels)
		return true;
	if (i > PICTURE && !make_level(r, i - 1, e))
		return false;
	if (!from->pixels || (i < PICTURE && (from->width > TWICE_MAX || from->height > TWICE_MAX)))
		return true;
	w = i < PICTURE ? from->width * 2 : from->width / 2;
	h = i < PICTURE ? from->height * 2 : from->height / 2;
	if (w < 16 || h < 16)
		return true;
	if (!image_store_reserve(store, (size_t)w * h, e))
		return false;
	*out = (struct image){ store->pixels, w, h, w };
	if (i < PICTURE)
		twice(store->pixels, from, r->mix);
	else
		halve(store->pixels, from, w, h);
	return true;
}

/* The largest copy whose longer side is at most side; at least the smallest that there is. */
static bool find_level(struct reader *r, uint32_t side, unsigned *level, struct err *e)
{
	unsigned i = side == 0 ? 0 : PICTURE;

	if (!make_level(r, i, e))
		return false;
	for (; side > 0 && i + 1 < LEVELS; i++) {
		uint32_t w = r->level[i].width, h = r->level[i].height;

		if ((w > h ? w : h) <= side)
			break;
		if (!make_level(r, i + 1, e))
			return false;
		if (!r->level[i + 1].pixels)
			break;
	}
	*level = i;
	return true;
}

/* Grids */

/* One group at one place, on its way to a text. */
struct sight {
	const struct image *in; /* the copy that is sampled */
	struct finder finder[3];
	uint8_t turn[3];
	bool inverted, hard, fuse;
	struct grid_point points[GRID_POINTS_MAX];
	size_t count;
	struct grid grid;
	struct trace trace[2]; /* row 6, column 6 */
};

static void scale_finder(struct finder *f, float by)
{
	f->centre.x *= by;
	f->centre.y *= by;
	f->module *= by;
	for (unsigned i = 0; i < 4; i++) {
		f->corner[i].x *= by;
		f->corner[i].y *= by;
	}
	for (unsigned i = 0; i < 2; i++) {
		f->side[i].x *= by;
		f->side[i].y *= by;
	}
}

/* The corner of new that lies where corner `turn` of old does. */
static uint8_t same_corner(const struct finder *old, uint8_t turn, const struct finder *new)
{
	uint8_t best = 0;
	float least = INFINITY;

	for (uint8_t i = 0; i < 4; i++) {
		float d = hypotf(new->corner[i].x - old->corner[turn].x,
			new->corner[i].y - old->corner[turn].y);

		if (d < least) {
			least = d;
			best = i;
		}
	}
	return best;
}

/* Go to the copy in which a module has 3 to 6 pixels, and measure the finders there again. */
static bool choose_copy(
	struct reader *r, struct sight *s, const struct group *g, unsigned found, struct err *e)
{
	const struct finder *list = r->finders.list;
	const uint16_t number[3] = { g->corner, g->right, g->below };
	float module = (list[g->corner].module + list[g->right].module + list[g->below].module) / 3;
	unsigned level = found;

	while (module < 3 && level > PICTURE) {
		level--;
		module *= 2;
	}
	while (module > 6.5f && level + 1 < LEVELS) {
		if (!make_level(r, level + 1, e))
			return false;
		if (!r->level[level + 1].pixels)
			break;
		level++;
		module /= 2;
	}
	s->in = &r->level[level];
	for (unsigned i = 0; i < 3; i++) {
		struct finder again;

		s->finder[i] = list[number[i]];
		s->turn[i] = g->turn[i];
		if (level == found)
			continue;
		scale_finder(&s->finder[i], ldexpf(1, (int)found - (int)level));
		again = s->finder[i];
		if (finder_measure(&again, s->in, s->inverted)) {
			s->turn[i] = same_corner(&s->finder[i], s->turn[i], &again);
			s->finder[i] = again;
		}
	}
	return true;
}

static void add_point(
	struct sight *s, float u, float v, struct eye_point p, float weight, enum grid_along along)
{
	if (s->count < GRID_POINTS_MAX)
		s->points[s->count++] = (struct grid_point){ u, v, p.x, p.y, weight, along };
}

/* What the finders alone tell of a symbol of that size. */
static bool project_finders(struct sight *s, unsigned size)
{
	const float far = (float)size - 7, at[3][2] = { { 0, 0 }, { far, 0 }, { 0, far } };
	static const float corner[4][2] = { { 0, 0 }, { 7, 0 }, { 7, 7 }, { 0, 7 } };

	s->count = 0;
	for (unsigned i = 0; i < 3; i++) {
		float weight = s->finder[i].hits == 0 ? 0.1f : 1;

		add_point(s, at[i][0] + 3.5f, at[i][1] + 3.5f, s->finder[i].centre, 4 * weight,
			GRID_BOTH);
		for (unsigned k = 0; k < 4; k++)
			add_point(s, at[i][0] + corner[k][0], at[i][1] + corner[k][1],
				s->finder[i].corner[(s->turn[i] + k) % 4], 0.5f * weight,
				GRID_BOTH);
	}
	return grid_project(&s->grid, size, s->points, s->count);
}

/* The edges of the timing patterns, where their number is that of the size. */
static bool add_traces(struct sight *s, unsigned size)
{
	bool any = false;

	for (unsigned down = 0; down < 2; down++) {
		const struct trace *t = &s->trace[down];

		for (unsigned i = 0; t->count + 13 == size && i < t->count; i++) {
			float at = 7 + (float)i;

			/* along the pattern an edge is sure; across it the curve is a guess */
			add_point(s, down ? 6.5f : at, down ? at : 6.5f, t->edge[i], 0.4f,
				down ? GRID_DOWN : GRID_ACROSS);
			add_point(s, down ? 6.5f : at, down ? at : 6.5f, t->edge[i], 0.1f,
				down ? GRID_ACROSS : GRID_DOWN);
			any = true;
		}
	}
	return any;
}

/* The grid through all points: bent where it is bent already. */
static bool fit_points(struct sight *s, unsigned size)
{
	if (!s->grid.bent)
		return grid_project(&s->grid, size, s->points, s->count);
	grid_bend_to(&s->grid, s->points, s->count, 4);
	return true;
}

static bool add_alignment(
	struct sight *s, unsigned row, unsigned column, float reach, float least, float weight)
{
	float u = (float)column + 0.5f, v = (float)row + 0.5f, du, dv;

	if (grid_find_rings(&s->grid, s->in, GRID_ALIGNMENT, u, v, reach, s->inverted, &du, &dv) <
		least)
		return false;
	add_point(s, u, v, grid_at(&s->grid, u + du, v + dv), weight, GRID_BOTH);
	return true;
}

/* The alignment patterns, the far one first, each looked for where the others say. */
static bool add_alignments(struct sight *s, const struct symbol *symbol)
{
	unsigned n = symbol->align_count, last = n ? symbol->align[n - 1] : 0, found = 0;
	float reach = 1.5f + 0.07f * (float)symbol->size;

	if (n < 2)
		return true;
	reach = reach > 5 ? 5 : reach;
	if (add_alignment(s, last, last, reach, 0.6f, 4) && !fit_points(s, symbol->size))
		return false;
	for (unsigned i = 0; i < n && n > 2; i++)
		for (unsigned j = 0; j < n; j++) {
			if (symbol_align_is_finder(symbol, i, j) || (i == n - 1 && j == n - 1) ||
				!add_alignment(
					s, symbol->align[i], symbol->align[j], 1.5f, 0.65f, 2))
				continue;
			/* the next ones profit */
			if (++found % 3 == 0 && !fit_points(s, symbol->size))
				return false;
		}
	return found == 0 || fit_points(s, symbol->size);
}

enum { VERSIONS = 3 };

/* Versions that the finders' distance and the timing patterns allow, likeliest first. */
static unsigned choose_versions(struct sight *s, float modules, int version[VERSIONS])
{
	int about = (int)lroundf((modules + 7 - 17) / 4), reach = about > 10 ? 2 : 1;
	float fit[VERSIONS];
	int counted[2];
	unsigned n = 0;

	for (unsigned down = 0; down < 2; down++) {
		trace_timing(&s->trace[down], s->in, &s->finder[0], s->turn[0],
			&s->finder[1 + down], s->turn[1 + down], down, modules, s->inverted);
		counted[down] = trace_version(&s->trace[down]);
	}
	for (int v = 1; v <= SYMBOL_VERSION_MAX; v++) {
		bool near = v >= about - reach && v <= about + reach;
		float timing = (v == counted[0] ? 0.6f : 0) + (v == counted[1] ? 0.6f : 0);
		unsigned at;

		if ((!near && timing == 0) || !project_finders(s, 17 + 4 * (unsigned)v))
			continue;
		timing += grid_timing(&s->grid, s->in, s->inverted);
		if (timing < (s->hard ? 0.15f : 0.35f))
			continue;
		if (n == VERSIONS && timing <= fit[n - 1])
			continue;
		n = n < VERSIONS ? n + 1 : n;
		for (at = n - 1; at > 0 && fit[at - 1] < timing; at--) {
			fit[at] = fit[at - 1];
			version[at] = version[at - 1];
		}
		fit[at] = timing;
		version[at] = v;
	}
	return n;
}

static bool sample_and_decode(
	struct reader *r, struct sight *s, float spread, bool hard, struct decoded *out)
{
	size_t side = r->symbol.size + 2 * MODULES_MARGIN;

	if (r->work > r->limit)
		return false;
	r->work += side * side;
	r->spent += side * side;
	r->gray.size = r->symbol.size;
	grid_sample(&r->gray, &s->grid, s->in, spread);
	for (size_t i = 0; s->inverted && i < side * side; i++)
		r->gray.v[i] = 255 - r->gray.v[i];
	return decoder_read(r->decoder, &r->symbol, &r->gray, hard, out);
}

static const float SAME_CODE = 0.5f; /* correlation of data modules */

/* How alike the sum and a new sight of it are, where codes differ. */
static float likeness(const struct symbol *symbol, const struct modules *a, const struct modules *b)
{
	float dot = 0, aa = 0.01f, bb = 0.01f;

	for (unsigned i = 0; i < symbol->size * symbol->size; i++) {
		size_t at = modules_at(a, i / symbol->size, i % symbol->size);

		if (symbol->kind[i] != MODULE_DATA)
			continue;
		dot += a->v[at] * b->v[at];
		aa += a->v[at] * a->v[at];
		bb += b->v[at] * b->v[at];
	}
	return dot / sqrtf(aa * bb);
}

/* Add what the decoder made of this frame to the frames before, and decode the sum. */
static bool fuse(struct reader *r, struct decoded *out)
{
	const struct modules *soft = decoder_soft(r->decoder);
	struct fusion *f = &r->fusion;
	size_t n = (size_t)(soft->size + 2 * MODULES_MARGIN) * (soft->size + 2 * MODULES_MARGIN);

	if (out->format_fit < 0.5f)
		return false;
	f->age = 0;
	if (f->version != r->symbol.version || likeness(&r->symbol, &f->sum, soft) < SAME_CODE) {
		f->version = r->symbol.version;
		f->frames = 1;
		f->sum = *soft;
		return false;
	}
	f->frames++;
	for (size_t i = 0; i < n; i++)
		f->sum.v[i] += soft->v[i];
	if (!decoder_read_soft(r->decoder, &r->symbol, &f->sum, out))
		return false;
	f->version = 0;
	return true;
}

/*
 * Flat; bent through all that is known; along the edges of the modules too. A way that a bend
 * has gone wrong is left for the next one.
 */
static bool read_version(struct reader *r, struct sight *s, int version, struct decoded *out)
{
	struct grid first;
	bool traced;

	if (r->symbol.version != version)
		symbol_init(&r->symbol, version);
	if (!project_finders(s, r->symbol.size) || !add_alignments(s, &r->symbol))
		return false;
	if (sample_and_decode(r, s, 0.2f, s->hard, out) || (s->fuse && fuse(r, out)))
		return true;
	first = s->grid;
	traced = project_finders(s, r->symbol.size) && add_traces(s, r->symbol.size);
	if (traced) {
		grid_bend_to(&s->grid, s->points, s->count, 4);
		traced = add_alignments(s, &r->symbol);
		if (traced && sample_and_decode(r, s, 0.2f, s->hard, out))
			return true;
	}
	if (traced)
		first = s->grid;
	s->grid = first;
	grid_bend(&s->grid, s->in, 2, 3);
	if (sample_and_decode(r, s, 0.2f, s->hard, out))
		return true;
	if (!s->hard)
		return false;
	s->grid = first;
	grid_bend(&s->grid, s->in, 4, 4);
	if (sample_and_decode(r, s, 0.2f, true, out) || sample_and_decode(r, s, 0, true, out))
		return true;
	s->grid = first;
	return sample_and_decode(r, s, 0.3f, true, out);
}

static bool read_group(struct reader *r, const struct group *g, unsigned level,
	const struct reader_look *look, struct sight *s, struct decoded *out, bool *read,
	struct err *e)
{
	int version[VERSIONS] = { 0 };
	unsigned n;

	*read = false;
	s->inverted = look->light_on_dark;
	s->hard = look->hard;
	s->fuse = look->fuse;
	if (!choose_copy(r, s, g, level, e))
		return false;
	n = choose_versions(s, g->modules, version);
	for (unsigned i = 0; i < n && i < (s->hard ? VERSIONS : 2) && !*read; i++)
		*read = read_version(r, s, version[i], out);
	return true;
}

static void report(const struct reader *r, const struct sight *s, const struct decoded *d,
	engine_found *found, void *context)
{
	const float n = s->grid.size, at[4][2] = { { 0, 0 }, { n, 0 }, { n, n }, { 0, n } };
	float scale = (float)r->level[PICTURE].width / (float)s->in->width;
	struct eye_point corner[4];

	for (unsigned i = 0; i < 4; i++) {
		corner[i] = grid_at(&s->grid, at[i][0], at[i][1]);
		corner[i].x *= scale;
		corner[i].y *= scale;
	}
	found(context, d->data, (const struct eye_point *)corner);
}

/* The text of one group, if it has one. *tries falls with each group that has none. */
static bool try_group(struct reader *r, const struct group *g, unsigned level,
	const struct reader_look *look, unsigned *tries, engine_found *found, void *context,
	struct err *e)
{
	struct decoded d = { 0 };
	struct sight s;
	bool read;

	if (r->used[g->corner] || r->used[g->right] || r->used[g->below])
		return true;
	if (!read_group(r, g, level, look, &s, &d, &read, e))
		return false;
	if (!read) {
		--*tries;
		return true;
	}
	r->work = 0;
	r->used[g->corner] = r->used[g->right] = r->used[g->below] = true;
	report(r, &s, &d, found, context);
	return true;
}

/* Symbols of which two finders are seen: the third is looked for closely, or guessed. */
static bool look_at_pairs(struct reader *r, unsigned level, const struct reader_look *look,
	engine_found *found, void *context, struct err *e)
{
	size_t n = r->finders.count > PAIR_FINDERS ? PAIR_FINDERS : r->finders.count;
	unsigned tries = TRIES_PAIRS;

	for (size_t a = 0; a < n; a++)
		for (size_t b = 0; b < n; b++) {
			struct group group[PAIR_GROUPS];
			size_t seen = r->finders.count, count;

			if (a == b || r->used[a] || r->used[b])
				continue;
			count = group_complete(
				&r->finders, a, b, &r->level[level], look->light_on_dark, group);
			for (size_t i = 0; i < count && tries > 0; i++)
				if (!try_group(
					    r, &group[i], level, look, &tries, found, context, e))
					return false;
			r->finders.count = seen;
			for (size_t i = seen; i < seen + PAIR_GROUPS && i < FINDERS_MAX; i++)
				r->used[i] = false;
		}
	return true;
}

bool reader_look(struct reader *r, const struct reader_look *look, engine_found *found,
	void *context, struct err *e)
{
	unsigned level, tries = look->hard ? TRIES_HARD : TRIES;

	r->found = LEVELS;
	if (!find_level(r, look->side, &level, e))
		return false;
	if (!r->level[level].pixels || r->level[level].width < 16 || r->level[level].height < 16)
		return true;
	if (!finders_find(&r->finders, &r->level[level], look->window, look->light_on_dark, e))
		return false;
	groups_find(&r->groups, &r->finders);
	r->found = look->light_on_dark ? LEVELS : level;
	memset(r->used, 0, sizeof(r->used));
	r->work = 0;
	r->limit = !look->hard ? WORK : r->spent > WORK_HARD ? WORK_AGAIN : WORK_HARD;
	for (size_t i = 0; i < r->groups.count && tries > 0 && r->work <= r->limit; i++)
		if (!try_group(r, &r->groups.list[i], level, look, &tries, found, context, e))
			return false;
	return !look->hard || look_at_pairs(r, level, look, found, context, e);
}

struct eye_sight reader_sight(const struct reader *r)
{
	if (r->found == LEVELS)
		return (struct eye_sight){ .located = false };
	return sight_of(&r->level[PICTURE], &r->level[r->found], &r->finders, &r->groups,
		(float)r->level[PICTURE].width / (float)r->level[r->found].width);
}

size_t reader_memory(const struct reader *r)
{
	size_t n = sizeof(*r) + decoder_memory() + r->finders.dark_capacity +
		   r->finders.sums_capacity * sizeof(*r->finders.sums);

	for (size_t i = 0; i < LEVELS; i++)
		n += r->store[i].capacity;
	return n;
}
