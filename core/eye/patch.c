#include "core/eye/patch.h"

enum {
	CELL = 8,	/* pixels a side; four of them are a block */
	SIDE_MAX = 160, /* cells, of pictures up to 1280 pixels */
	LEAST = 4,	/* blocks a side of a patch, each a cell from the next */
};

/* Through modules of 1.4 to 6 pixels a row of 16 changes so often, and so does a column. */
static const float TURNS_LEAST = 1.2f, TURNS_MOST = 8;
static const float EVEN = 1.7f; /* at most so many times more along rows than along columns */
static const float CONTRAST_LEAST = 12; /* between the means of dark and of light */
static const float FILLED = 0.5f;   /* of the square around one: turned by 45 degrees, half of it */
static const float MEAN_RUN = 1.9f; /* modules, in a masked symbol */

struct cell {
	uint16_t across, down, darks, light, dark; /* changes; pixels; sums of gray */
};

struct block {
	float across, down, light;
	bool busy, taken;
};

struct region {
	unsigned x0, x1, y0, y1, blocks;
	float across, down, light;
};

static struct cell count_cell(const struct image *in, const uint8_t *dark, uint32_t x, uint32_t y)
{
	struct cell c = { 0 };

	for (uint32_t i = 0; i < CELL; i++) {
		const uint8_t *d = dark + (size_t)(y + i) * in->width + x;
		const uint8_t *p = in->pixels + in->stride * (y + i) + x;
		uint64_t here, right, below;
		unsigned all = 0, darks = 0;

		/* eight pixels at a time, each a byte of 0 or 1 */
		memcpy(&here, d, CELL);
		memcpy(&right, d + 1, CELL);
		memcpy(&below, d + in->width, CELL);
		c.across += (uint16_t)__builtin_popcountll(here ^ right);
		c.down += (uint16_t)__builtin_popcountll(here ^ below);
		c.darks += (uint16_t)__builtin_popcountll(here);
		for (unsigned k = 0; k < CELL; k++) {
			all += p[k];
			darks += d[k] ? p[k] : 0;
		}
		c.dark += (uint16_t)darks;
		c.light += (uint16_t)(all - darks);
	}
	return c;
}

/* How often a block changes between dark and light, and how far these lie apart. */
static struct block judge(const struct cell *above, const struct cell *below)
{
	const struct cell *four[4] = { above, above + 1, below, below + 1 };
	float across = 0, down = 0, darks = 0, light = 0, dark = 0;
	const float pixels = 4 * CELL * CELL;
	struct block b = { .busy = false };
	float turns;

	for (unsigned i = 0; i < 4; i++) {
		across += four[i]->across;
		down += four[i]->down;
		darks += four[i]->darks;
		light += four[i]->light;
		dark += four[i]->dark;
	}
	if (darks < pixels / 5 || darks > pixels * 4 / 5)
		return b;
	b.light = light / (pixels - darks);
	b.across = across / (2 * CELL);
	b.down = down / (2 * CELL);
	turns = (b.across + b.down) / 2;
	b.busy = b.light - dark / darks > CONTRAST_LEAST && turns > TURNS_LEAST &&
		 turns < TURNS_MOST && across < EVEN * down && down < EVEN * across;
	return b;
}

/* All busy blocks that hang together with the one at (x, y). */
static struct region gather(
	struct block *blocks, unsigned w, unsigned h, unsigned x, unsigned y, uint16_t *stack)
{
	struct region r = { x, x, y, y, 0, 0, 0, 0 };
	size_t waiting = 0;

	stack[waiting++] = (uint16_t)(y * w + x);
	blocks[y * w + x].taken = true;
	while (waiting > 0) {
		unsigned at = stack[--waiting], bx = at % w, by = at / w;
		const unsigned next[4] = { at - 1, at + 1, at - w, at + w };
		const bool there[4] = { bx > 0, bx + 1 < w, by > 0, by + 1 < h };

		r.x0 = bx < r.x0 ? bx : r.x0;
		r.x1 = bx > r.x1 ? bx : r.x1;
		r.y0 = by < r.y0 ? by : r.y0;
		r.y1 = by > r.y1 ? by : r.y1;
		r.blocks++;
		r.across += blocks[at].across;
		r.down += blocks[at].down;
		r.light += blocks[at].light;
		for (unsigned i = 0; i < 4; i++)
			if (there[i] && blocks[next[i]].busy && !blocks[next[i]].taken) {
				blocks[next[i]].taken = true;
				stack[waiting++] = (uint16_t)next[i];
			}
	}
	return r;
}

/* A square, as busy both ways, and not something that goes on outside of the picture. */
static bool is_square(const struct region *r, unsigned w, unsigned h)
{
	unsigned across = r->x1 - r->x0 + 1, down = r->y1 - r->y0 + 1;

	return across >= LEAST && down >= LEAST && 2 * across <= 3 * down &&
	       2 * down <= 3 * across && (float)r->blocks > FILLED * (float)across * (float)down &&
	       r->x0 > 0 && r->y0 > 0 && r->x1 + 1 < w && r->y1 + 1 < h;
}

/* The blocks between four cells each; a row fewer and a column fewer than there are cells. */
static void judge_all(
	struct block *blocks, const struct image *in, const uint8_t *dark, unsigned w, unsigned h)
{
	struct cell rows[2][SIDE_MAX];

	for (unsigned y = 0; y < h; y++) {
		struct cell *row = rows[y % 2];

		for (unsigned x = 0; x < w; x++)
			row[x] = count_cell(in, dark, x * CELL, y * CELL);
		for (unsigned x = 0; y > 0 && x + 1 < w; x++)
			blocks[(size_t)(y - 1) * (w - 1) + x] = judge(
				&rows[(y - 1) % 2][x], &row[x]);
	}
}

bool patch_find(struct patch *out, const struct image *in, const uint8_t *dark)
{
	/* the pixels right of a cell and below it are looked at, too */
	unsigned w = (in->width - 1) / CELL, h = (in->height - 1) / CELL, best = 0;
	struct block blocks[SIDE_MAX * SIDE_MAX];
	uint16_t stack[SIDE_MAX * SIDE_MAX];

	if (w <= LEAST || h <= LEAST || w > SIDE_MAX || h > SIDE_MAX)
		return false;
	judge_all(blocks, in, dark, w--, h--);
	for (unsigned i = 0; i < w * h; i++) {
		struct region r;
		float n;

		if (!blocks[i].busy || blocks[i].taken)
			continue;
		r = gather(blocks, w, h, i % w, i / w, stack);
		n = (float)r.blocks;
		if (r.blocks <= best || !is_square(&r, w, h))
			continue;
		best = r.blocks;
		*out = (struct patch){ { (float)(r.x0 + r.x1 + 2) * CELL / 2,
					       (float)(r.y0 + r.y1 + 2) * CELL / 2 },
			CELL * (float)(r.x1 - r.x0 + r.y1 - r.y0 + 4) / 2,
			4 * CELL * n / (MEAN_RUN * (r.across + r.down)), r.light / n };
	}
	return best > 0;
}
