/*
 * From sampled modules to bytes: soft decisions, an equalizer for what blur mixes, and
 * Reed-Solomon with errors and erasures, where what is least certain is erased first.
 *
 * A wrong text is worse than none. Each correction is worth bits of evidence: how unlikely a
 * word of noise would have been corrected the same way. A symbol counts only with enough of them.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/eye/symbol.h"

/* One float a module, and a margin around: at(row, column) is row + MARGIN, column + MARGIN. */
enum { MODULES_MARGIN = 2, MODULES_SIDE_MAX = SYMBOL_SIZE_MAX + 2 * MODULES_MARGIN };

struct modules {
	unsigned size;				      /* of the symbol, without the margin */
	float v[MODULES_SIDE_MAX * MODULES_SIDE_MAX]; /* rows of size + 2 * MODULES_MARGIN */
};

static inline size_t modules_at(const struct modules *m, unsigned row, unsigned column)
{
	return (size_t)(row + MODULES_MARGIN) * (m->size + 2 * MODULES_MARGIN) + column +
	       MODULES_MARGIN;
}

struct decoder;

MUST_CHECK bool decoder_open(struct decoder **out, struct err *e);
void decoder_close(struct decoder *d); /* accepts NULL */
size_t decoder_memory(void);	       /* bytes that one holds */

/* How well the sampled modules look like a symbol, before and after. */
struct decoded {
	struct bytes data;    /* borrowed from the decoder, until its next symbol */
	float format_fit;     /* -1 to 1: agreement with the nearest format */
	unsigned format;      /* level and mask */
	bool mirrored;	      /* rows and columns were exchanged */
	unsigned errors;      /* bytes corrected that were thought to be right */
	unsigned erasures;    /* bytes corrected that were given up */
	unsigned blocks_read; /* of blocks, also when not all were */
	unsigned blocks;
	unsigned eci; /* UINT_MAX: none */
};

/*
 * Decode gray: gray values as sampled, dark low. False: no symbol, or past repair.
 * hard: also try what takes longer.
 */
bool decoder_read(struct decoder *d, const struct symbol *s, const struct modules *gray, bool hard,
	struct decoded *out);
/* What decoder_read made of gray: -1 light to 1 dark; for the sum over frames. */
const struct modules *decoder_soft(const struct decoder *d);
/* As decoder_read, of values that decoder_soft gave, added up. */
bool decoder_read_soft(
	struct decoder *d, const struct symbol *s, const struct modules *soft, struct decoded *out);
