/* The hash chain over entries, and the signatures of requests and replies (docs/sync-protocol.md).
 */
#pragma once

#include "core/base/crypto.h"
#include "core/entry/entry.h"

/* Fill x->hash from its other fields. */
void entry_seal_hash(struct entry *x);
/* Does x->hash match the other fields? */
MUST_CHECK bool entry_hash_ok(const struct entry *x);

enum { NONCE_LEN = 16 };

/* SHA-256 of ("kith-request-1", method, target, SHA-256 of body, nonce): what a kiosk signs. */
struct hash request_hash(
	struct str method, struct str target, struct bytes body, const uint8_t nonce[NONCE_LEN]);
/* SHA-256 of ("kith-reply-1", request hash, status, SHA-256 of body): what the server signs. */
struct hash reply_hash(const struct hash *request, int status, struct bytes body);
