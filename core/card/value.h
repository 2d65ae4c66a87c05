/*
 * From the raw value of a content line to text. Order matters: quoted-printable, then character
 * set, then splitting, then escapes (the second byte of a Shift_JIS character may be a backslash).
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/bytes.h"
#include "core/card/line.h"

/* Quoted-printable and character set undone; escapes and structure are still in it. */
struct str value_text(const struct line *l, struct arena *a);
/*
 * As sent, for a value in base64 that nobody undoes. Without white space: where a line was folded
 * the lexer has left it out already, and it means nothing elsewhere either.
 */
struct str value_base64_text(const struct line *l, struct arena *a);
/*
 * Without the escapes of RFC 6350 3.4 and 2.1; \n and every kind of line end become a line feed,
 * other control characters go. A backslash before anything else stays.
 */
struct str value_unescape(struct str s, struct arena *a);
/* value_unescape without outer white space. */
struct str value_plain(struct str s, struct arena *a);
/* As it is written in a content line: line ends as \n, no other control characters, trimmed. */
struct str value_one_line(struct str s, struct arena *a);
/* Like str_split, at the first c without a backslash in front. */
bool value_split(struct str *s, char c, struct str *head);
/* Base64 as cards have it: white space, missing padding and loose bits do no harm. */
bool value_base64(struct bytes in, struct arena *a, struct bytes *out);
