/*
 * An entry: one immutable fact in a station's log, and the bytes that its hash covers.
 * docs/sync-protocol.md is the contract; this file is pure, so that a phone computes the same.
 */
#pragma once

#include "core/base/buf.h"
#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/err.h"
#include "core/base/id.h"

/*
 * kind, number in the canonical bytes (never reused), name on the wire. Of a kind past the last
 * one here the number is written beside the name, so that a server which does not know it yet can
 * check the hash (docs/sync-protocol.md, "Kinds that a server does not know").
 */
#define ENTRY_KINDS(X)                                                                             \
	X(ENTRY_CHECKIN, 1, "checkin")                                                             \
	X(ENTRY_CHECKOUT, 2, "checkout")                                                           \
	X(ENTRY_BADGE_ASSIGN, 3, "badge-assign")                                                   \
	X(ENTRY_MEETING, 4, "meeting")                                                             \
	X(ENTRY_CONTACT, 5, "contact")                                                             \
	X(ENTRY_NOTE, 6, "note")                                                                   \
	X(ENTRY_FOLLOWUP, 7, "followup")                                                           \
	X(ENTRY_FOLLOWUP_STATE, 8, "followup-state")                                               \
	X(ENTRY_FAVOUR, 9, "favour")                                                               \
	X(ENTRY_INTRODUCE, 10, "introduce")                                                        \
	X(ENTRY_CONSENT, 11, "consent")                                                            \
	X(ENTRY_SHARE, 12, "share")                                                                \
	X(ENTRY_HIDE, 13, "hide")                                                                  \
	X(ENTRY_MERGE, 14, "merge")                                                                \
	X(ENTRY_BUDDY, 15, "buddy")                                                                \
	X(ENTRY_SETTING, 16, "setting")                                                            \
	X(ENTRY_RETRACT, 17, "retract")                                                            \
	X(ENTRY_REFUSED, 18, "refused")

enum entry_kind {
#define X(kind, number, name) kind = number,
	ENTRY_KINDS(X)
#undef X
		ENTRY_KIND_END,
};

enum { ENTRY_HASH_LEN = 32, ENTRY_CANONICAL_LEN = 160, ENTRY_KIND_NAME_MAX = 32 };

struct entry {
	struct id id;	    /* UUIDv7, made at the desk */
	struct id store_id; /* the stream */
	uint64_t seq;	    /* 1, 2, 3 ... in its stream */
	uint32_t event;
	enum entry_kind kind; /* read from the wire it may be one that is not in the list */
	struct str kind_name; /* then its name as sent: a to z, 0 to 9 and "-"; else empty */
	struct clock_time time;
	bool sealed;	      /* payload is a sealed box to the event's key */
	struct bytes payload; /* else a JSON object; at most LIMIT_PAYLOAD_BYTES; borrowed */
	uint8_t prev_hash[ENTRY_HASH_LEN]; /* zero for seq 1 */
	uint8_t hash[ENTRY_HASH_LEN];
};

const char *entry_kind_name(enum entry_kind kind);
MUST_CHECK bool entry_kind_read(struct str name, enum entry_kind *out);
bool entry_kind_is_known(enum entry_kind kind);
/*
 * Kinds whose payload a kiosk may keep in the clear: check-ins and the two ids of a meeting
 * (DESIGN 5). Everything else is sealed before it touches the disk.
 */
bool entry_kind_is_plain(enum entry_kind kind);
/* The ENTRY_CANONICAL_LEN bytes under the hash; payload_hash is SHA-256 of the payload's bytes. */
void entry_canonical(
	struct buf *out, const struct entry *x, const uint8_t payload_hash[ENTRY_HASH_LEN]);
