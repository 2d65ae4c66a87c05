/*
 * Short codes: what stands under a badge's QR code, for a person to type where a camera does not
 * help. The first 50 bits of SHA-256("kith-code-1" ‖ badge id), as 10 characters of Crockford's
 * base32, shown in two groups of five. A code names somebody only to the event's own attendees,
 * who may ask for few (docs/api.md, POST /v1/codes).
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/id.h"

enum { SHORT_CODE_LEN = 10 };

struct short_code {
	char s[SHORT_CODE_LEN + 1]; /* upper case, NUL-terminated */
};

struct short_code short_code_of(struct id badge);
/* As typed: lower case, spaces, dashes, I L O for 1 1 0. False unless it is ten characters. */
MUST_CHECK bool short_code_read(struct str s, struct short_code *out);
