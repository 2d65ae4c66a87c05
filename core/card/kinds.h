/* TYPE values (RFC 2426 3.2.1 and 3.3.1, RFC 6350 5.6 and 6.4.1) and the bits of enum card_kind. */
#pragma once

#include "core/card/card.h"
#include "core/card/line.h"

/* What the parameters of a line say. other: TYPEs that have no bit, joined by ','. */
void kinds_read(
	const struct line *l, unsigned *kinds, unsigned *pref, struct str *other, struct arena *a);
/* The lower-case word of the nth bit; empty past the last. */
struct str kinds_word(unsigned bit);
