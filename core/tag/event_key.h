/*
 * The event key in a file, for kith-badge --key; kith-server writes the same file. Text, mode
 * 0600; docs/badge-format.md has an example:
 *
 *	kith-event-key-1
 *	event 7
 *	key 1
 *	secret BASE64URL		64 bytes: seed and public key
 *
 * And a public key as one word, EVENT.NUMBER.BASE64URL (32 bytes), as in --key-public.
 */
#pragma once

#include "core/base/arena.h"
#include "core/tag/badge.h"

/*
 * ERR_FORBIDDEN when others may read the file; ERR_MALFORMED names the line. Wipe key->secret
 * with crypto_wipe when done.
 */
MUST_CHECK bool event_key_read_file(
	struct event_key *key, const char *path, struct arena *a, struct err *e);
/* Replaces path, durably, readable for its owner only. */
MUST_CHECK bool event_key_write_file(const char *path, const struct event_key *key, struct err *e);
/* The same text, to and from memory. ERR_MALFORMED also when the two halves of the secret differ.
 */
MUST_CHECK bool event_key_read(struct event_key *key, struct bytes text, struct err *e);
void event_key_write(struct buf *out, const struct event_key *key);

struct badge_key event_key_public(const struct event_key *key);
MUST_CHECK bool badge_key_read(struct badge_key *out, struct str word, struct err *e);
void badge_key_write(struct buf *out, const struct badge_key *key);
