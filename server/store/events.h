/* Events and their keys. */
#pragma once

#include "core/base/crypto.h"
#include "core/base/json.h"
#include "core/db/db.h"

struct event {
	uint32_t event;
	struct str name, host;
	struct str topics, settings; /* JSON: an array of texts, an object */
	struct str starts, ends;     /* dates, "2026-11-24"; may be empty */
	uint8_t seal_public[SEAL_PUBLIC_LEN], seal_secret[SEAL_SECRET_LEN];
	uint8_t ticket_key[32];
	uint64_t roster_rev;
};

/* Makes number and keys, and its first signing key, number 1. Texts of x are the caller's. */
MUST_CHECK bool event_add(struct db *db, struct event *x, int64_t now_ms, struct err *e);
/* Texts are copied into a; wipe the secrets of out where that matters. ERR_NOT_FOUND. */
MUST_CHECK bool event_get(
	struct event *out, struct db *db, uint32_t event, struct arena *a, struct err *e);
/* Writes name, host, topics and settings back; kiosks are told with the roster. ERR_NOT_FOUND. */
MUST_CHECK bool event_save(struct db *db, const struct event *x, struct err *e);
/* Every event's number, ascending. */
MUST_CHECK bool event_list(
	struct db *db, struct arena *a, uint32_t **out, size_t *n, struct err *e);
/* The newest signing key: its number and 64 secret bytes, for whoever encodes badges. */
MUST_CHECK bool event_signing_key(struct db *db, uint32_t event, uint8_t *number,
	uint8_t secret[SIGN_SECRET_LEN], struct err *e);
/*
 * Make the next signing key; what the others signed holds until until_ms. Kiosks are told with the
 * roster, of keys whose time is over too: their badges are refused by a word of their own.
 * ERR_NOT_FOUND; ERR_FULL after 255.
 */
MUST_CHECK bool event_rotate_key(struct db *db, uint32_t event, int64_t until_ms, int64_t now_ms,
	uint8_t *number, struct err *e);
/* The public keys with their times, as kith-badge takes them (kith-event-key(5)). */
MUST_CHECK bool event_write_keys(
	struct buf *out, struct db *db, uint32_t event, struct arena *a, struct err *e);
/* Only the opening of payloads needs this much, and it needs it often. */
MUST_CHECK bool event_seal_keys(struct db *db, uint32_t event, uint8_t public_key[SEAL_PUBLIC_LEN],
	uint8_t secret_key[SEAL_SECRET_LEN], struct err *e);
/* {"event":N,"name":...,"keys":[...]}, as in the roster and the enrolment (docs/sync-protocol.md).
 */
MUST_CHECK bool event_write_json(struct json_writer *w, const char *key, struct db *db,
	uint32_t event, struct arena *a, struct err *e);
/* {"event":N,"name":TEXT,"topics":[TEXT],"host":TEXT,"starts"?:DATE,"ends"?:DATE}, for attendees.
 */
void event_write_short(struct json_writer *w, const char *key, const struct event *x);
/* A decimal event number from a path or a command line. */
MUST_CHECK bool event_number(struct str s, uint32_t *out, struct err *e);
