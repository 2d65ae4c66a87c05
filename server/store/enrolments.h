/*
 * One-time codes by which kiosks join an event (docs/api.md, POST /v1/enrol): 16 base32
 * characters, of which the first 4 name the code and the rest are the key of a mutual proof. A
 * code lives 10 minutes, serves once, and is gone after 5 wrong proofs.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/db/db.h"

enum { CODE_ID_LEN = 4, CODE_SECRET_LEN = 12, CODE_TRIES = 5 };
#define CODE_LIFE_MS INT64_C(600000)

struct enrolment_code {
	char text[20]; /* XXXX-XXXX-XXXX-XXXX */
};

/* A new code for a station of that name. ERR_NOT_FOUND: no such event. */
MUST_CHECK bool enrolment_add(struct db *db, uint32_t event, struct str name, int64_t now_ms,
	struct enrolment_code *out, struct err *e);

struct enrolment {
	uint32_t event;
	char code_id[CODE_ID_LEN + 1], secret[CODE_SECRET_LEN + 1];
	struct str name; /* in the arena */
};

/* ERR_FORBIDDEN, always with the same text: unknown, over, used or tried too often. */
MUST_CHECK bool enrolment_find(struct enrolment *out, struct db *db, struct str code_id,
	int64_t now_ms, struct arena *a, struct err *e);
MUST_CHECK bool enrolment_tried(struct db *db, const struct enrolment *x, struct err *e);
bool enrolment_refuse(struct err *e);

/* tag || public key || pin of the TLS key that the kiosk saw; the key is the code's secret. */
struct hash enrolment_proof(
	const char *secret, struct str tag, struct bytes what, struct str pin, struct arena *a);

/* Spend the code: the kiosk with that key is a station of the event from now on. */
MUST_CHECK bool enrolment_spend(struct db *db, const struct enrolment *x, struct str name,
	const uint8_t public_key[SIGN_PUBLIC_LEN], int64_t now_ms, struct id *station,
	struct err *e);
