#include "core/eye/reader.h"

#include <math.h>

#include "core/eye/decode.h"
#include "core/eye/grid.h"
#include "core/eye/group.h"

enum {
	LEVELS = 8, /* level 0 is twice the picture, 1 the picture, each further one half */
	PICTURE = 1,
	TWICE_MAX = 1000, /* the longer side up to which twice the picture is made */
	TRIES = 10,	  /* groups that come to nothing */
	TRIES_HARD = 36,
};

struct reader {
	struct image level[LEVELS]; /* pixels NULL: not made */
	struct image_store store[LEVELS];
	struct finders finders;
	struct groups groups;
	bool used[FINDERS_MAX];
	struct symbol symbol;
	struct modules gray;
	struct decoder *decoder;
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

bool reader_begin(struct reader *r, const struct image *in, struct err *e)
{
	(void)e;
	memset(r->level, 0, sizeof(r->level));
	r->level[PICTURE] = *in;
	return true;
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

static void twice(uint8_t *out, const struct image *in)
{
	uint32_t w = in->width, h = in->height;

	for (uint32_t y = 0; y < 2 * h; y++, out += 2 * w)
		for (uint32_t x = 0; x < 2 * w; x++)
			out[x] = (uint8_t)(image_gray(in, ((float)x + 0.5f) / 2,
						   ((float)y + 0.5f) / 2) +
					   0.5f);
}

/* Level i of the picture, made when it is first wanted. NULL pixels: too small to be of use. */
static bool make_level(struct reader *r, unsigned i, struct err *e)
{
	struct image *out = &r->level[i];
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
	if (!image_store_reserve(&r->store[i], (size_t)w * h, e))
		return false;
	*out = (struct image){ r->store[i].pixels, w, h, w };
	if (i < PICTURE)
		twice(r->store[i].pixels, from);
	else
		halve(r->store[i].pixels, from, w, h);
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
	bool inverted, hard;
	struct grid_point points[GRID_POINTS_MAX];
	size_t count;
	struct grid grid;
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

static void add_point(struct sight *s, float u, float v, struct eye_point p, float weight)
{
	if (s->count < GRID_POINTS_MAX)
		s->points[s->count++] = (struct grid_point){ u, v, p.x, p.y, weight };
}

/* What the finders alone tell of a symbol of that size. */
static bool project_finders(struct sight *s, unsigned size)
{
	const float far = (float)size - 7, at[3][2] = { { 0, 0 }, { far, 0 }, { 0, far } };
	static const float corner[4][2] = { { 0, 0 }, { 7, 0 }, { 7, 7 }, { 0, 7 } };

	s->count = 0;
	for (unsigned i = 0; i < 3; i++) {
		add_point(s, at[i][0] + 3.5f, at[i][1] + 3.5f, s->finder[i].centre, 4);
		for (unsigned k = 0; k < 4; k++)
			add_point(s, at[i][0] + corner[k][0], at[i][1] + corner[k][1],
				s->finder[i].corner[(s->turn[i] + k) % 4], 0.5f);
	}
	return grid_project(&s->grid, size, s->points, s->count);
}

/* The alignment patterns, those near the finders first, each looked for where the others say. */
static void add_alignments(struct sight *s, const struct symbol *symbol)
{
	unsigned n = symbol->align_count, last = n ? symbol->align[n - 1] : 0, found = 0;
	float du, dv, reach = 1.5f + 0.07f * (float)symbol->size;

	if (n < 2)
		return;
	reach = reach > 5 ? 5 : reach;
	if (grid_find_alignment(&s->grid, s->in, (float)last + 0.5f, (float)last + 0.5f, reach,
		    s->inverted, &du, &dv) > 0.6f) {
		add_point(s, (float)last + 0.5f, (float)last + 0.5f,
			grid_at(&s->grid, (float)last + 0.5f + du, (float)last + 0.5f + dv), 4);
		if (!grid_project(&s->grid, symbol->size, s->points, s->count))
			return;
	}
	for (unsigned i = 0; i < n && n > 2; i++)
		for (unsigned j = 0; j < n; j++) {
			float u = symbol->align[j] + 0.5f, v = symbol->align[i] + 0.5f;
			bool finder = (i == 0 && j == 0) || (i == 0 && j == n - 1) ||
				      (i == n - 1 && j == 0);

			if (finder || (i == n - 1 && j == n - 1))
				continue;
			if (grid_find_alignment(
				    &s->grid, s->in, u, v, 1.5f, s->inverted, &du, &dv) < 0.65f)
				continue;
			add_point(s, u, v, grid_at(&s->grid, u + du, v + dv), 2);
			/* the next ones profit */
			if (++found % 3 == 0 &&
				!grid_project(&s->grid, symbol->size, s->points, s->count))
				return;
		}
	if (found && !grid_project(&s->grid, symbol->size, s->points, s->count))
		s->count = 0;
}

/* Versions that the distance of the finders allows, best timing first. */
static unsigned choose_versions(struct sight *s, float modules, int version[3])
{
	int about = (int)lroundf((modules + 7 - 17) / 4), reach = about > 10 ? 2 : 1;
	float fit[3] = { -2, -2, -2 };
	unsigned n = 0;

	for (int v = about - reach; v <= about + reach; v++) {
		float timing;
		unsigned at;

		if (v < 1 || v > SYMBOL_VERSION_MAX || !project_finders(s, 17 + 4 * (unsigned)v))
			continue;
		timing = grid_timing(&s->grid, s->in, s->inverted);
		if (timing < (s->hard ? 0.15f : 0.35f))
			continue;
		for (at = n < 3 ? n : 2; at > 0 && fit[at - 1] < timing; at--) {
			fit[at] = fit[at - 1];
			version[at] = version[at - 1];
		}
		if (at < 3 && timing > fit[at]) {
			fit[at] = timing;
			version[at] = v;
		}
		n = n < 3 ? n + 1 : n;
	}
	return n;
}

static bool sample_and_decode(
	struct reader *r, struct sight *s, float spread, bool hard, struct decoded *out)
{
	size_t side = r->symbol.size + 2 * MODULES_MARGIN;

	r->gray.size = r->symbol.size;
	grid_sample(&r->gray, &s->grid, s->in, spread);
	for (size_t i = 0; s->inverted && i < side * side; i++)
		r->gray.v[i] = 255 - r->gray.v[i];
	return decoder_read(r->decoder, &r->symbol, &r->gray, hard, out);
}

static bool read_version(struct reader *r, struct sight *s, int version, struct decoded *out)
{
	struct grid flat;

	if (r->symbol.version != version)
		symbol_init(&r->symbol, version);
	if (!project_finders(s, r->symbol.size))
		return false;
	add_alignments(s, &r->symbol);
	if (s->count == 0)
		return false;
	flat = s->grid;
	if (sample_and_decode(r, s, 0.2f, s->hard, out))
		return true;
	grid_bend(&s->grid, s->in, 2, 3);
	if (sample_and_decode(r, s, 0.2f, s->hard, out))
		return true;
	if (!s->hard)
		return false;
	grid_bend(&s->grid, s->in, 3, 3);
	if (sample_and_decode(r, s, 0.2f, true, out) || sample_and_decode(r, s, 0, true, out))
		return true;
	s->grid = flat;
	return sample_and_decode(r, s, 0.3f, true, out);
}

static bool read_group(struct reader *r, const struct group *g, unsigned level,
	const struct reader_look *look, struct sight *s, struct decoded *out, bool *read,
	struct err *e)
{
	int version[3] = { 0 };
	unsigned n;

	*read = false;
	s->inverted = look->light_on_dark;
	s->hard = look->hard;
	if (!choose_copy(r, s, g, level, e))
		return false;
	n = choose_versions(s, g->modules, version);
	for (unsigned i = 0; i < n && i < (s->hard ? 3 : 2) && !*read; i++)
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

bool reader_look(struct reader *r, const struct reader_look *look, engine_found *found,
	void *context, struct err *e)
{
	struct sight s;
	unsigned level, tries = look->hard ? TRIES_HARD : TRIES;

	if (!find_level(r, look->side, &level, e))
		return false;
	if (!r->level[level].pixels || r->level[level].width < 16 || r->level[level].height < 16)
		return true;
	if (!finders_find(&r->finders, &r->level[level], look->window, look->light_on_dark, e))
		return false;
	groups_find(&r->groups, &r->finders);
	memset(r->used, 0, sizeof(r->used));
	for (size_t i = 0; i < r->groups.count && tries > 0; i++) {
		const struct group *g = &r->groups.list[i];
		struct decoded d = { 0 };
		bool read;

		if (r->used[g->corner] || r->used[g->right] || r->used[g->below])
			continue;
		if (!read_group(r, g, level, look, &s, &d, &read, e))
			return false;
		if (!read) {
			tries--;
			continue;
		}
		r->used[g->corner] = r->used[g->right] = r->used[g->below] = true;
		report(r, &s, &d, found, context);
	}
	return true;
}
