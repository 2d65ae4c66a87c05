/*
 * The bit stream inside a QR code (ISO/IEC 18004 7.4): segments in numeric, alphanumeric, byte
 * and kanji mode, to the bytes that they stand for; kanji become Shift-JIS. An ECI changes no
 * byte: which characters they are is the reader's question (text_from_bytes).
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"

/* What stood in a stream, beside its bytes: signs of a right or a wrong reading. */
struct segments {
	unsigned count;	   /* segments with characters in them */
	unsigned eci;	   /* of the last ECI, else UINT_MAX */
	bool padded_right; /* what follows the end is the standard's padding, or nothing */
};

/*
 * words: the data bytes of all blocks in order. ERR_MALFORMED: a mode that is not known, a
 * segment that runs past the end, a character that is none.
 */
MUST_CHECK bool segments_read(
	struct buf *out, struct bytes words, int version, struct segments *s, struct err *e);
