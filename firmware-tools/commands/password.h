/*
 * The password of a badge's chip, as --password gives it: "key" is derived from the event key and
 * the chip's UID, so that each chip has its own and nothing has to be written down; eight
 * hexadecimal digits are taken as they are, and answer with the PACK 0000.
 */
#pragma once

#include "core/tag/event_key.h"
#include "core/tag/ntag_area.h"

struct chip_password {
	uint8_t password[NTAG_PASSWORD_LEN], pack[NTAG_PACK_LEN];
};

/* key may be NULL: then "key" is ERR_USAGE. uid may be empty, to check the word alone. */
MUST_CHECK bool chip_password_read(struct chip_password *out, const char *word,
	const struct event_key *key, struct bytes uid, struct err *e);
