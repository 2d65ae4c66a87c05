/*
 * The badge as it stands on a chip: docs/badge-format.md shows it byte by byte.
 *
 *	record 1	URI https://HOST/b#ID, so that any phone opens it
 *	record 2	external "kith:b": version, flags, event, key number, UID check, signature
 *	record 3	text/vcard, where the owner wants one and the chip has room
 *
 * The signature is Ed25519 by the event key over everything that could be changed to somebody's
 * gain: event, key number, flags, the chip's UID, id, host, and a digest of what follows record 2.
 * A station verifies with the event's public keys alone. Records 1 and 2 always fit an NTAG213.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/crypto.h"
#include "core/base/err.h"
#include "core/base/id.h"
#include "core/tag/link.h"

enum {
	BADGE_VERSION = 1,
	BADGE_HOST_MAX = 29, /* of an NTAG213's 141 bytes, 112 are taken */
	BADGE_UID_MAX = 10,
};

struct badge {
	struct id id;
	struct str host;
	uint32_t event;
	uint8_t key;	    /* number of the event key that signed */
	uint8_t flags;	    /* none is defined in version 1: 0 */
	struct bytes vcard; /* text of record 3, empty when there is none */

	/* What reading finds and verifying needs; ignored in writing. */
	uint8_t uid_check[2];
	uint8_t signature[SIGNATURE_LEN];
	struct bytes after; /* all that follows record 2, as it stands there */
};

/* A public event key, as stations hold it. */
struct badge_key {
	uint32_t event;
	uint8_t number;
	uint8_t public_key[SIGN_PUBLIC_LEN];
	int64_t until_ms; /* when what it signed ends to hold, of the wall clock; 0: it signs still
			   */
};

/* An event key with its secret; its file is in core/tag/event_key.h. */
struct event_key {
	uint32_t event;
	uint8_t number;
	uint8_t secret[SIGN_SECRET_LEN];
};

enum badge_verdict {
	BADGE_OK,
	BADGE_FOREIGN_EVENT, /* an honest badge, it may be, but of another event */
	BADGE_UNKNOWN_KEY,   /* of this event, by a key that this station does not have yet */
	BADGE_ROTATED_OUT,   /* genuine, by a key that was replaced and whose time is over */
	BADGE_OTHER_CHIP,    /* copied: signed for another chip */
	BADGE_FORGED,	     /* or damaged */
	BADGE_UNSIGNED,	     /* printed links only */
};

/*
 * The NDEF message of a badge for the chip with that UID, by id, host, flags and vcard of what;
 * event and key number come from key. ERR_TOO_LARGE names the longest host; ERR_USAGE what else
 * is wrong. Whether the vCard fits the chip is for ntag_plan_write to say.
 */
MUST_CHECK bool badge_write(struct buf *ndef, const struct badge *what, struct bytes uid,
	const struct event_key *key, struct err *e);
/*
 * Parse only. ERR_NOT_FOUND: a good NDEF message, but no badge; ERR_UNSUPPORTED: a badge of a
 * newer version; ERR_MALFORMED: damaged. Slices of out borrow from ndef.
 */
MUST_CHECK bool badge_read(struct badge *out, struct bytes ndef, struct err *e);
/*
 * event is the station's own. Only BADGE_OK may be trusted in any field; BADGE_ROTATED_OUT is said
 * only of a badge whose signature is right.
 */
enum badge_verdict badge_verify(const struct badge *b, const struct badge_key *keys, size_t n,
	uint32_t event, struct bytes uid, int64_t now_ms);

/* The printed link: the signature over ("kith-qr-1", event, id). */
void badge_link_sign(uint8_t signature[SIGNATURE_LEN], struct id id, const struct event_key *key);
/*
 * BADGE_OK, BADGE_UNSIGNED, BADGE_ROTATED_OUT or BADGE_FORGED: links of another event, and of an
 * unknown key, are not told from forged ones.
 */
enum badge_verdict badge_link_verify(const struct link *link, const struct badge_key *keys,
	size_t n, uint32_t event, int64_t now_ms);

/* "ok", "foreign-event": for JSON and logs. */
const char *badge_verdict_name(enum badge_verdict v);
/* One sentence for people. */
const char *badge_verdict_words(enum badge_verdict v);
