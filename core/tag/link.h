/*
 * The four links of Kith, as they stand in a QR code or on a chip, and their classification:
 *
 *	https://HOST/b#ID	a badge: names a person, grants nothing
 *	https://HOST/b#ID.SIG	the same, printed: signed by the event key (core/tag/badge.h)
 *	https://HOST/t#CODE	a ticket: private, checks its owner in
 *	https://HOST/p#TOKEN	pairing: shown by a kiosk, used once
 *
 * What matters stands behind '#', so it never reaches a server's log. Pure; slices borrow from
 * the text.
 */
#pragma once

#include "core/base/id.h"
#include "core/tag/ticket.h"

enum link_kind {
	LINK_NONE,  /* not a URL at all */
	LINK_OTHER, /* a URL, but none of ours, or one of ours that is damaged */
	LINK_BADGE,
	LINK_TICKET,
	LINK_PAIR,
};

enum { LINK_SIGNATURE_LEN = 64, LINK_HOST_MAX = 255 };

struct link {
	enum link_kind kind;
	struct str host;    /* with its port; empty for LINK_NONE and for URLs without one */
	struct id id;	    /* LINK_BADGE: whose badge; LINK_PAIR: the token */
	bool has_signature; /* LINK_BADGE, printed */
	uint8_t signature[LINK_SIGNATURE_LEN];
	struct ticket ticket; /* LINK_TICKET */
};

/*
 * What is this text? Spaces and line ends around it are ignored, scheme and host are read in any
 * case, and http counts as https: what the link says is what is signed, not how it travels.
 */
enum link_kind link_read(struct str text, struct link *out);
const char *link_kind_name(enum link_kind kind);
/* Letters, digits, '.', '-', and ':' with '[' ']' for ports and addresses; 1 to LINK_HOST_MAX. */
MUST_CHECK bool link_host_check(struct str host);
/* Without signature when it is NULL. host must have passed link_host_check. */
void link_badge_write(struct buf *out, struct str host, struct id badge,
	const uint8_t signature[LINK_SIGNATURE_LEN]);
void link_ticket_write(struct buf *out, struct str host, struct ticket ticket);
void link_pair_write(struct buf *out, struct str host, struct id token);
