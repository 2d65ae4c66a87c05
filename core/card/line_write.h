/*
 * Writing content lines (RFC 6350 3.2, RFC 5545 3.1): CRLF, folded so that no line is longer than
 * 75 bytes, never inside a character, an escape or a name (one of more than 74 bytes makes a longer
 * line). For vCard and iCalendar alike.
 *
 *	line_write_begin(&w, STR("item1"), STR("TEL"));     item1.TEL
 *	line_write_param(&w, STR("TYPE"), STR("cell"));     ;TYPE=cell
 *	line_write_text(&w, number);                        :+1 555
 *	line_write_end(&w);
 *
 * Nothing from outside can begin a new line: line ends in values become \n, and other control
 * characters are left out.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

struct line_writer {
	struct buf *out;
	size_t column;
	bool in_value;
};

#define LINES_TO(buf_ptr) ((struct line_writer){ (buf_ptr), 0, false })

/* group is empty for none. Both are written without the characters that would end them. */
void line_write_begin(struct line_writer *w, struct str group, struct str name);
/* In quotes where needed; a double quote and a line end by RFC 6868. */
void line_write_param(struct line_writer *w, struct str name, struct str value);
/* Parameters that are complete, as "TYPE=work;PREF=1"; empty for none. */
void line_write_raw_params(struct line_writer *w, struct str params);
/* The first of these also writes the ':'. A value of type TEXT, with its escapes: */
void line_write_text(struct line_writer *w, struct str value);
/* A value that has no escapes: URI, date, number, or text that is escaped already. */
void line_write_raw(struct line_writer *w, struct str value);
/* ';' or ',' between the parts of a structured value or list. */
void line_write_separator(struct line_writer *w, char c);
void line_write_base64(struct line_writer *w, struct bytes b);
void line_write_end(struct line_writer *w);

/* A whole line with a TEXT value, and one with a raw value. */
void line_write(struct line_writer *w, struct str name, struct str text);
void line_write_plain(struct line_writer *w, struct str name, struct str raw);
