/*
 * The memory of a Type 2 tag (NFC Forum T2T 1.x), and of NTAG213/215/216 (NXP data sheet NTAG213_
 * 215_216 rev 3.2): pages of 4 bytes; 0-2 UID and static locks, 3 capability container (CC), from
 * 4 on the data area with its TLV blocks, behind that dynamic locks and configuration.
 *
 * Pure: nothing here talks to a chip. Reading takes memory that somebody read, writing makes a
 * plan of pages that somebody writes, in an order that is safe against pulling the tag away.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/limits.h"

enum ntag_type { NTAG_OTHER, NTAG_213, NTAG_215, NTAG_216, NTAG_TYPES };

enum { NTAG_PAGE = 4, NTAG_CC_PAGE = 3, NTAG_DATA_PAGE = 4 };

struct ntag_layout {
	const char *name;
	uint8_t storage;     /* byte 6 of GET_VERSION's reply */
	uint8_t cc_size;     /* CC byte 2: data area in units of 8 bytes */
	uint16_t pages;	     /* all there are */
	uint16_t user_last;  /* last page of user memory */
	uint16_t lock_page;  /* dynamic locks; CFG0 follows */
	uint16_t lock_grain; /* pages a dynamic lock bit */
	uint16_t ndef_max;   /* longest NDEF message, with its terminator */
};

/* Of NTAG_OTHER: a name, everything else 0. */
const struct ntag_layout *ntag_layout(enum ntag_type type);
/* By GET_VERSION's 8 bytes. */
enum ntag_type ntag_type_of_version(struct bytes version);

struct ntag_ndef {
	struct bytes message; /* borrowed from the memory given */
	size_t at;	      /* its NDEF block's first byte, from page 0 */
	size_t more;	/* > 0: read so many more bytes behind mem, and ask again; no message yet */
	bool is_locked; /* the CC says: read only */
};

/*
 * Find the NDEF message in mem, the memory from page 3 (CC) on, as far as it was read.
 * ERR_NOT_FOUND: not formatted, or formatted but empty. ERR_MALFORMED: a block runs past the end.
 * ERR_UNSUPPORTED: another major version, or bytes reserved inside the data area (T2T 2.3.2).
 * ERR_FORBIDDEN: the CC allows no reading.
 */
MUST_CHECK bool ntag_find_ndef(struct ntag_ndef *out, struct bytes mem, struct err *e);

struct ntag_page {
	uint16_t number;
	uint8_t data[NTAG_PAGE];
};

struct ntag_plan {
	struct ntag_page pages[LIMIT_TAG_BYTES / NTAG_PAGE];
	size_t count;
};

/*
 * The pages to write, in order, so that the tag holds that NDEF message. mem is the whole memory
 * from page 0. Whenever the writing stops, the tag reads as the old message, as empty, or as the
 * new one: the length is emptied first and written last, in one page of which only its first byte
 * changes. Pages that hold what they should are left out, so the same plan made again after a stop
 * goes on where it was.
 *
 * A CC of zeros (never formatted) is written; control blocks in front are kept, but give
 * way, as the factory's on an NTAG213, to a message that needs their room. Other blocks are lost.
 * ERR_TOO_LARGE names the limit, ERR_FORBIDDEN the locked page, ERR_UNSUPPORTED another type.
 */
MUST_CHECK bool ntag_write_ndef(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	struct bytes ndef, struct err *e);

/* Do the static or dynamic lock bytes forbid writing that page? mem as above. */
bool ntag_page_locked(enum ntag_type type, struct bytes mem, uint16_t page);
