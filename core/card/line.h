/*
 * Content lines, `group.NAME;PARAM=value:value`, of vCard 2.1, 3.0 (RFC 2425/2426), 4.0 (RFC 6350)
 * and iCalendar (RFC 5545): the one lexer for all of them.
 *
 * It takes CRLF, LF, CR and CR CR LF as line ends, unfolds bytes (so a fold inside a character
 * does no harm), joins the soft breaks of quoted-printable and the unindented lines of base64,
 * takes bare parameters (2.1) and quoted ones, and undoes RFC 6868. It refuses nothing: the
 * caller judges. Time is linear in what it takes.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"

enum { LINE_PARAMS = 100 }; /* values of parameters in one line */

struct line_reader {
	struct bytes in;
	size_t at;
	size_t number;	     /* physical lines taken so far */
	struct bytes peeked; /* the line at `at`, when peeked_end is past it */
	size_t peeked_end;
	size_t indent; /* white space to leave out at the start of every line */
	bool is_utf8;  /* in was converted already, so CHARSET says nothing */
};

/* One per value: TYPE=a,b gives two. A bare word is a TYPE, or an ENCODING where it names one. */
struct line_param {
	struct str name, value;
};

enum line_encoding { LINE_PLAIN, LINE_QUOTED_PRINTABLE, LINE_BASE64 };

struct line {
	size_t number;	  /* of its first physical line, from 1 */
	struct str group; /* empty: none */
	struct str name;  /* as sent; compare without case. Empty: the line has no ':' */
	struct str raw_params;
	struct line_param *params;
	size_t param_count;
	enum line_encoding encoding;
	struct bytes value; /* unfolded; of a line without ':' all of it */
	bool too_long;	    /* past LIMIT_CARD_LINE or LINE_PARAMS: value holds nothing */
	bool is_utf8;
};

/* The next line that is not blank; its texts live in a or borrow from in. False at the end. */
bool line_next(struct line_reader *r, struct line *out, struct arena *a);
bool line_is(const struct line *l, struct str name);
/* The first value of a parameter; false when it is not there. */
bool line_param(const struct line *l, struct str name, struct str *out);
/*
 * The parameters as sent, without those that say how value is encoded: for a line that is kept once
 * that was undone.
 */
struct str line_params_decoded(const struct line *l, struct arena *a);
/* The value is the word, without case and outer white space: line_says(&l, STR("VCARD")). */
bool line_says(const struct line *l, struct str word);
/*
 * Where the first line begins that starts with prefix, in any case and after any white space, whose
 * length is *indent. False when there is none.
 */
bool line_find(struct bytes in, struct str prefix, size_t *at, size_t *indent);
/* How much white space the second line of in that is not blank begins with. */
size_t line_indent_after(struct bytes in);
