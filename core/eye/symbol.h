/*
 * A QR code symbol of model 2 as ISO/IEC 18004 lays it out: which module is what, where each bit
 * of each code word lies, and the two small codes beside the data, format and version.
 *
 * Columns and rows count from the top left, which the three finders mark; a module's number is
 * row * size + column.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/attr.h"

enum {
	SYMBOL_VERSION_MAX = 40,
	SYMBOL_SIZE_MAX = 17 + 4 * SYMBOL_VERSION_MAX,
	SYMBOL_MODULES_MAX = SYMBOL_SIZE_MAX * SYMBOL_SIZE_MAX,
	SYMBOL_WORDS_MAX = 3706,
	SYMBOL_BLOCKS_MAX = 81,
	SYMBOL_ALIGN_MAX = 7, /* places along a side */
};

/* What a module is. Data is dark or light as its owner wishes, the others are given. */
enum module_kind { MODULE_DATA, MODULE_LIGHT, MODULE_DARK, MODULE_FORMAT, MODULE_VERSION };

struct symbol {
	int version;
	unsigned size; /* modules a side */
	unsigned words;
	unsigned align_count; /* places along a side, 0 for version 1 */
	uint8_t align[SYMBOL_ALIGN_MAX];
	uint8_t kind[SYMBOL_MODULES_MAX];
	/* the module of bit b (7 first) of code word w, as they are placed: place[8 * w + 7 - b] */
	uint16_t place[8 * SYMBOL_WORDS_MAX];
};

void symbol_init(struct symbol *s, int version);
/* Whether a finder stands where the alignment pattern of places i and j would. */
static inline bool symbol_align_is_finder(const struct symbol *s, unsigned i, unsigned j)
{
	unsigned last = s->align_count - 1;

	return (i == 0 && j == 0) || (i == 0 && j == last) || (i == last && j == 0);
}

/* How words are shared out: `blocks` of which the first `short_blocks` have one data byte less. */
struct symbol_blocks {
	unsigned blocks, short_blocks;
	unsigned data;	 /* data bytes of a short block */
	unsigned parity; /* check bytes of each */
};
/* Data bytes of a block. */
static inline unsigned symbol_block_data(const struct symbol_blocks *b, unsigned block)
{
	return b->data + (block >= b->short_blocks);
}
/* level as in the format's two bits: 1 L, 0 M, 3 Q, 2 H. */
struct symbol_blocks symbol_blocks(int version, unsigned level);
/* The place, among the words as laid out, of byte i of a block (data first, then check bytes). */
unsigned symbol_word(const struct symbol_blocks *b, unsigned block, unsigned i);

/* Whether the mask pattern turns the module over. */
bool symbol_mask(unsigned mask, unsigned row, unsigned column);
/* The 15 bits of format number 0 to 31 (level and mask); the 18 of a version from 7. */
uint16_t symbol_format_bits(unsigned format);
uint32_t symbol_version_bits(int version);
/* Modules of format bit i (bit 0 last), the copy at the top left (0) or the split one (1). */
unsigned symbol_format_place(const struct symbol *s, unsigned copy, unsigned i);
/* Modules of version bit i (bit 0 first), the copy at the top right (0) or bottom left (1). */
unsigned symbol_version_place(const struct symbol *s, unsigned copy, unsigned i);
