/*
 * Codes out of what a barcode scanner types: a line is a code, ended by CR or LF; empty lines are
 * nothing. A vCard is many lines and one code: from BEGIN:VCARD to END:VCARD, joined by CR LF.
 *
 * A code past LIMIT_CODE_BYTES is dropped to its end. A code without an end is dropped when the
 * caller says so, after a silence.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/limits.h"

/* Zeroed is empty. */
struct scan_line {
	uint8_t data[LIMIT_CODE_BYTES];
	size_t len;	 /* of the code so far, as it was typed; past the array it is too long */
	char head[12];	 /* how the line at hand begins */
	size_t line_len; /* bytes of it */
	bool card;	 /* inside a vCard */
	bool done;	 /* data was handed out; the next byte begins afresh */
};

/* One byte more. True: *code is complete, borrowed until the next byte. */
bool scan_line_add(struct scan_line *l, uint8_t byte, struct bytes *code);
/* Forgets what has no end; true when there was something. */
bool scan_line_drop(struct scan_line *l);
