/*
 * Two lists that go between a server and the bench, as files of text: the public keys of events
 * with the time until which each holds, and the badges that were revoked. kith-server and
 * kith-badge both write them and read them (kith-event-key(5), kith-badge-key(1)).
 *
 *	kith-event-keys-1				kith-revoked-1
 *	7.1.BASE64URL until 2026-12-01T00:00:00Z	AAECAwQFBgcICQoLDA0ODw
 *	7.2.BASE64URL
 *
 * Empty lines and lines that begin with '#' say nothing. Errors of reading name the line.
 */
#pragma once

#include "core/base/arena.h"
#include "core/tag/badge.h"

enum { BADGE_KEYS_MAX = 256, BADGE_LIST_MAX = 16 << 20 /* bytes of a file */ };

struct badge_keys {
	struct badge_key keys[BADGE_KEYS_MAX];
	size_t count;
};

/* ERR_CONFLICT: that event has a key of that number; ERR_TOO_LARGE. */
MUST_CHECK bool badge_keys_add(struct badge_keys *list, struct badge_key key, struct err *e);
struct badge_key *badge_keys_find(struct badge_keys *list, uint32_t event, uint8_t number);
/* Adds to what the list holds. */
MUST_CHECK bool badge_keys_read(struct badge_keys *list, struct bytes text, struct err *e);
void badge_keys_write(struct buf *out, const struct badge_keys *list);
/* "2026-12-01T00:00:00Z" (RFC 3339, UTC) to milliseconds since 1970. */
MUST_CHECK bool badge_until_read(struct str text, int64_t *ms);

struct badge_revoked {
	struct id *ids; /* sorted */
	size_t count;
};

/* In place of what out holds; it lives in a. */
MUST_CHECK bool badge_revoked_read(
	struct badge_revoked *out, struct bytes text, struct arena *a, struct err *e);
bool badge_revoked_has(const struct badge_revoked *list, struct id id);
/* The first line of such a list, then a line for each id. */
void badge_revoked_write_mark(struct buf *out);
void badge_revoked_write_id(struct buf *out, struct id id);
