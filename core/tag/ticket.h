/*
 * Ticket codes: 80 random bits, as 16 characters of Crockford's base32. Whoever has the code is
 * the attendee, so it is never logged, and rosters hold only keyed hashes of it.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"

enum { TICKET_LEN = 10, TICKET_TEXT_LEN = 16, TICKET_HASH_LEN = 16 };

struct ticket {
	uint8_t b[TICKET_LEN];
};

struct ticket_hash {
	uint8_t b[TICKET_HASH_LEN];
};

/* As typed by people: lower case, spaces and dashes, I L O for 1 1 0 (core/base/text.h). */
MUST_CHECK bool ticket_read(struct str s, struct ticket *out);
void ticket_write(struct buf *out, struct ticket t);	    /* 16 characters, for links */
void ticket_write_groups(struct buf *out, struct ticket t); /* XXXX-XXXX-XXXX-XXXX, for paper */
struct ticket ticket_random(void);
/* The first 16 bytes of HMAC-SHA-256 by key over the 10 bytes of the code. */
struct ticket_hash ticket_hash(struct bytes key, struct ticket t);
