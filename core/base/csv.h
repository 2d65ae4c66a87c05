/*
 * CSV (RFC 4180), read with what spreadsheets make of it: a byte order mark; comma, semicolon or
 * tab; CR, LF or both; UTF-8, else Windows-1252. Pure; bounded by LIMIT_CSV_* and CSV_CELLS_MAX.
 *
 * What a spreadsheet would run as a formula is written with an apostrophe in front (CWE-1236), and
 * read without it: a list that we wrote and read again says the same.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/err.h"

enum { CSV_CELLS_MAX = 200 /* of one line */ };

/* Where the reader stands in the text. */
struct csv {
	struct str text;
	size_t at, line; /* the next line, from 1 */
	char separator;
	struct arena *arena;
};

struct csv_record {
	struct str cells[CSV_CELLS_MAX]; /* trimmed; in the text or its arena */
	size_t count, line;
	const char *trouble; /* what is wrong with the line, for people; NULL: nothing */
};

/*
 * The text is converted into a. *lines: how many there are at most. ERR_TOO_LARGE past
 * LIMIT_CSV_BYTES or LIMIT_CSV_ROWS.
 */
MUST_CHECK bool csv_open(
	struct csv *out, struct bytes text, size_t *lines, struct arena *a, struct err *e);
/* The next record that is not an empty line. False at the end. */
bool csv_next(struct csv *c, struct csv_record *r);
/* A header as people write it: case, spaces, dashes, underscores and dots do not matter. */
bool csv_header_is(struct str text, const char *want);

/* UTF-8's byte order mark, by which spreadsheets know the encoding: before the first row. */
void csv_begin(struct buf *out);
/* One cell, quoted, without NULs; the caller puts commas between. */
void csv_cell(struct buf *out, struct str text);
/* Cells of one row, with commas and the CRLF. */
void csv_row(struct buf *out, const struct str *cells, size_t n);
