/*
 * What else is done to an NTAG21x's memory, as plans of pages like that of ntag_write_ndef: the
 * whole data area at once, locks for ever, and the password. Each order is safe against a chip that
 * is torn away at any page: what was done is found again, and the same plan made anew goes on.
 *
 * mem is always the whole memory from page 0, as it was read.
 */
#pragma once

#include "core/tag/ntag.h"

enum { NTAG_PASSWORD_LEN = 4, NTAG_PACK_LEN = 2, NTAG_AUTH_OFF = 0xFF };

struct ntag_state {
	bool cc_read_only;   /* the CC says so: readers obey, the chip does not */
	bool locked;	     /* every data page, by lock bits: for ever */
	bool some_locked;    /* at least one */
	bool protected;	     /* writing needs the password, from auth0 on */
	bool read_protected; /* reading too */
	bool config_locked;  /* CFGLCK */
	uint8_t auth0;
};

/* What the lock bytes and the configuration say. */
struct ntag_state ntag_state_of(enum ntag_type type, struct bytes mem);

/*
 * The data area (page 4 to the last user page) as in area, which has that many bytes. While it is
 * being written the chip reads as empty: its first byte is a terminator until everything else is in
 * place. ERR_FORBIDDEN: a locked page; ERR_USAGE: another length.
 */
MUST_CHECK bool ntag_write_area(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	struct bytes area, struct err *e);
/* The data area of an empty, formatted chip, into out. */
void ntag_blank_area(struct buf *out, enum ntag_type type);

/*
 * Every page locked by its lock bits, which nobody can undo, the lock bits themselves and the
 * configuration frozen, the CC read only. ERR_FORBIDDEN: a block-lock bit forbids it.
 */
MUST_CHECK bool ntag_lock_plan(
	struct ntag_plan *out, enum ntag_type type, struct bytes mem, struct err *e);
/* Are all of those bits set? */
bool ntag_lock_done(enum ntag_type type, struct bytes mem);

/*
 * Writing needs this password from page 4 on; reading stays free. PWD and PACK first, AUTH0 alone
 * last: until it is written the chip is open, so a torn PWD is written again.
 * ERR_FORBIDDEN: the configuration is locked.
 */
MUST_CHECK bool ntag_protect_plan(struct ntag_plan *out, enum ntag_type type, struct bytes mem,
	const uint8_t password[NTAG_PASSWORD_LEN], const uint8_t pack[NTAG_PACK_LEN],
	struct err *e);
/* AUTH0 off first, then PWD and PACK as from the factory. */
MUST_CHECK bool ntag_unprotect_plan(
	struct ntag_plan *out, enum ntag_type type, struct bytes mem, struct err *e);
