#include "core/eye/symbol.h"

#include <string.h>

enum { LEVELS = 4, FINDER = 7 };

/* ISO/IEC 18004 table 9. Rows in the order of the format's bits: M, L, H, Q. */
/* clang-format off */
static const uint8_t parity_of[LEVELS][SYMBOL_VERSION_MAX] = {
	{ 10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24, 28, 28, 26, 26, 26,
	  26, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28, 28 },
	{ 7, 10, 15, 20, 26, 18, 20, 24, 30, 18, 20, 24, 26, 30, 22, 24, 28, 30, 28, 28,
	  28, 28, 30, 30, 26, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
	{ 17, 28, 22, 16, 22, 28, 26, 26, 24, 28, 24, 28, 22, 24, 24, 30, 28, 28, 26, 28,
	  30, 24, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
	{ 13, 22, 18, 26, 18, 24, 18, 22, 20, 24, 28, 26, 24, 20, 30, 24, 28, 28, 26, 30,
	  28, 30, 30, 30, 30, 28, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30, 30 },
};
static const uint8_t blocks_of[LEVELS][SYMBOL_VERSION_MAX] = {
	{ 1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16,
	  17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49 },
	{ 1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8,
	  8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25 },
	{ 1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25,
	  25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81 },
	{ 1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20,
	  23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68 },
};
/* clang-format on */

/* Annex E: evenly spaced from the far end, an even step, the first always 6. */
static void place_alignment(struct symbol *s)
{
	unsigned v = (unsigned)s->version, n = v / 7 + 2, step, at = s->size - 7;

	s->align_count = 0;
	if (v == 1)
		return;
	step = v == 32 ? 26 : (v * 4 + n * 2 + 1) / (n * 2 - 2) * 2;
	s->align_count = n;
	s->align[0] = 6;
	for (unsigned i = n; i-- > 1; at -= step)
		s->align[i] = (uint8_t)at;
}

static void set_kind(struct symbol *s, int row, int column, enum module_kind kind)
{
	if (row >= 0 && column >= 0 && row < (int)s->size && column < (int)s->size)
		s->kind[(unsigned)row * s->size + (unsigned)column] = (uint8_t)kind;
}

/* A finder with its separator, or an alignment pattern: rings around a centre. */
static void draw_rings(struct symbol *s, int row, int column, int reach, unsigned light)
{
	for (int y = -reach; y <= reach; y++)
		for (int x = -reach; x <= reach; x++) {
			int ay = y < 0 ? -y : y, ax = x < 0 ? -x : x, ring = ay > ax ? ay : ax;

			set_kind(s, row + y, column + x,
				light >> ring & 1 ? MODULE_LIGHT : MODULE_DARK);
		}
}

static void draw_alignment(struct symbol *s)
{
	unsigned n = s->align_count;

	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < n; j++)
			if (!symbol_align_is_finder(s, i, j))
				draw_rings(s, s->align[i], s->align[j], 2, 1u << 1);
}

static void place_words(struct symbol *s)
{
	unsigned bit = 0, size = s->size;

	/* 7.7.3: pairs of columns from the right, up and down in turns, past the timing column */
	for (unsigned right = size - 1, up = 1; right < size; up = !up) {
		if (right == 6)
			right--;
		for (unsigned i = 0; i < size; i++)
			for (unsigned j = 0; j < 2; j++) {
				unsigned row = up ? size - 1 - i : i;
				unsigned at = row * size + right - j;

				if (s->kind[at] == MODULE_DATA && bit < 8 * s->words)
					s->place[bit++] = (uint16_t)at;
			}
		if (right < 2)
			break;
		right -= 2;
	}
}

/* Whole words in what the patterns leave. */
static unsigned count_words(unsigned v)
{
	unsigned n = v / 7 + 2, bits = (16 * v + 128) * v + 64;

	if (v >= 2)
		bits -= (25 * n - 10) * n - 55;
	if (v >= 7)
		bits -= 36;
	return bits / 8;
}

void symbol_init(struct symbol *s, int version)
{
	unsigned v = (unsigned)version;

	s->version = version;
	s->size = 17 + 4 * v;
	place_alignment(s);
	s->words = count_words(v);
	memset(s->kind, MODULE_DATA, (size_t)s->size * s->size);
	for (unsigned i = FINDER; i < s->size - FINDER; i++) {
		set_kind(s, 6, (int)i, i % 2 ? MODULE_LIGHT : MODULE_DARK);
		set_kind(s, (int)i, 6, i % 2 ? MODULE_LIGHT : MODULE_DARK);
	}
	draw_alignment(s);
	draw_rings(s, 3, 3, 4, 1u << 2 | 1u << 4);
	draw_rings(s, 3, (int)s->size - 4, 4, 1u << 2 | 1u << 4);
	draw_rings(s, (int)s->size - 4, 3, 4, 1u << 2 | 1u << 4);
	for (unsigned copy = 0; copy < 2; copy++) {
		for (unsigned i = 0; i < 15; i++)
			s->kind[symbol_format_place(s, copy, i)] = MODULE_FORMAT;
		for (unsigned i = 0; i < 18 && v >= 7; i++)
			s->kind[symbol_version_place(s, copy, i)] = MODULE_VERSION;
	}
	set_kind(s, (int)s->size - 8, 8, MODULE_DARK);
	place_words(s);
}

struct symbol_blocks symbol_blocks(int version, unsigned level)
{
	unsigned v = (unsigned)version, words = count_words(v);
	struct symbol_blocks b;

	b.blocks = blocks_of[level][v - 1];
	b.parity = parity_of[level][v - 1];
	b.short_blocks = b.blocks - words % b.blocks;
	b.data = words / b.blocks - b.parity;
	return b;
}

unsigned symbol_word(const struct symbol_blocks *b, unsigned block, unsigned i)
{
	unsigned data = symbol_block_data(b, block);

	if (i >= data) /* check bytes stand after all data bytes */
		return b->blocks * b->data + (b->blocks - b->short_blocks) +
		       (i - data) * b->blocks + block;
	/* the extra byte of the long blocks: only they are in the last round */
	return i == b->data ? b->blocks * i + block - b->short_blocks : b->blocks * i + block;
}

bool symbol_mask(unsigned mask, unsigned r, unsigned c)
{
	switch (mask) {
	case 0:
		return (r + c) % 2 == 0;
	case 1:
		return r % 2 == 0;
	case 2:
		return c % 3 == 0;
	case 3:
		return (r + c) % 3 == 0;
	case 4:
		return (r / 2 + c / 3) % 2 == 0;
	case 5:
		return r * c % 2 + r * c % 3 == 0;
	case 6:
		return (r * c % 2 + r * c % 3) % 2 == 0;
	default:
		return ((r + c) % 2 + r * c % 3) % 2 == 0;
	}
}

/* The remainder of a code whose generator has `degree`, put behind its data. */
static uint32_t bch(uint32_t data, uint32_t generator, unsigned degree)
{
	uint32_t rest = data << degree;

	for (unsigned i = 31; i >= degree; i--)
		if (rest >> i & 1)
			rest ^= generator << (i - degree);
	return data << degree | rest;
}

uint16_t symbol_format_bits(unsigned format)
{
	return (uint16_t)(bch(format, 0x537, 10) ^ 0x5412);
}

uint32_t symbol_version_bits(int version)
{
	return bch((uint32_t)version, 0x1f25, 12);
}

unsigned symbol_format_place(const struct symbol *s, unsigned copy, unsigned i)
{
	unsigned n = s->size, row, column;

	if (copy == 0) {
		/* up the column beside the finder, then left along the row under it; past timing */
		row = i < 6 ? i : i < 8 ? i + 1 : 8;
		column = i < 8 ? 8 : i == 8 ? 7 : 14 - i;
	} else {
		row = i < 8 ? 8 : n - 15 + i;
		column = i < 8 ? n - 1 - i : 8;
	}
	return row * n + column;
}

unsigned symbol_version_place(const struct symbol *s, unsigned copy, unsigned i)
{
	unsigned far = s->size - 11 + i % 3, near = i / 3;

	return copy == 0 ? near * s->size + far : far * s->size + near;
}
