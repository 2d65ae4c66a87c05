/* Text in and out of bytes: UTF-8, hexadecimal, base64 (RFC 4648 4 and 5), base32 (Crockford). */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

/* The one way from bytes to text. False unless b is well-formed UTF-8 (Unicode 3.9, table 3-7). */
MUST_CHECK bool utf8_check(struct bytes b, struct str *out);
/* The next scalar value; s must be valid. False at the end. */
bool utf8_next(struct str *s, uint32_t *scalar);
/* U+FFFD for what is no scalar value. */
void utf8_add(struct buf *out, uint32_t scalar);
/* At most max bytes, cut between characters. */
struct str utf8_cut(struct str s, size_t max);
/* Number of scalar values. */
size_t utf8_count(struct str s);
/* Windows-1252 to UTF-8; its five undefined bytes become the C1 controls of the same number. */
void cp1252_to_utf8(struct buf *out, struct bytes b);
/* UTF-8 where it is that, else Windows-1252 (facts: the rule for QR text and old cards). */
struct str text_from_bytes(struct arena *a, struct bytes b);

void hex_write(struct buf *out, struct bytes b); /* lower case */
MUST_CHECK bool hex_read(
	struct buf *out, struct str s);		       /* either case; false leaves out unchanged */
void base64_write(struct buf *out, struct bytes b);    /* with padding */
void base64url_write(struct buf *out, struct bytes b); /* without */
/* Either alphabet, with or without padding, no white space. False leaves out unchanged. */
MUST_CHECK bool base64_read(struct buf *out, struct str s);
/* Crockford's base32: no I, L, O, U. The reader takes lower case, spaces, '-', and I L O as 1 1 0.
 */
void base32_write(struct buf *out, struct bytes b);
MUST_CHECK bool base32_read(struct buf *out, struct str s);
/* Percent-decoding (RFC 3986 2.1); plus becomes a space when form is set. False on bad digits. */
MUST_CHECK bool percent_read(struct buf *out, struct str s, bool form);
/* Everything but unreserved characters becomes %XX. */
void percent_write(struct buf *out, struct str s);
/* A JSON string with its quotes (RFC 8259 7). */
void json_write_str(struct buf *out, struct str s);
/* For one line of a terminal or log: \\ \n \r \t, other controls and bytes outside UTF-8 as \xHH.
 */
void escape_write(struct buf *out, struct bytes b);
