/*
 * Who this kiosk is: STATE_DIR/identity.json, mode 0600, written once by "kith-kiosk enrol". The
 * secret key was born here and leaves the device never.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"
#include "core/base/err.h"
#include "core/base/id.h"

enum { IDENTITY_PINS_MAX = 4 };

struct identity {
	struct id station;
	struct str name;
	struct str url; /* of the server: "https://HOST[:PORT]", without a slash at the end */
	uint32_t event;
	uint8_t public_key[SIGN_PUBLIC_LEN];
	uint8_t secret_key[SIGN_SECRET_LEN];
	uint8_t server_public[SIGN_PUBLIC_LEN]; /* signs replies */
	uint8_t seal_public[SEAL_PUBLIC_LEN];	/* of the event */
	uint8_t ticket_key[HASH_LEN];
	struct str event_json; /* the event object of docs/sync-protocol.md, as of enrolment */
	/* SHA-256 of the server's public key (SPKI), base64 with padding: the current and the next.
	 */
	struct str pins[IDENTITY_PINS_MAX];
	size_t pin_count; /* 0 only without TLS, on loopback */
};

/* ERR_NOT_FOUND: not enrolled yet. ERR_FORBIDDEN: others may read the file. Texts live in a. */
MUST_CHECK bool identity_read(
	struct identity *out, const char *path, struct arena *a, struct err *e);
MUST_CHECK bool identity_write(const struct identity *id, const char *path, struct err *e);
/* https anywhere, http on loopback only; no path, no user. ERR_USAGE says which. */
MUST_CHECK bool identity_url_ok(struct str url, struct err *e);
