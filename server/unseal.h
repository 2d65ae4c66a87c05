/*
 * Opening sealed payloads, many at once. Each costs an X25519 (about 40 us), so many are shared
 * with a second thread.
 */
#pragma once

#include "core/base/arena.h"
#include "core/base/crypto.h"

struct unseal {
	struct bytes sealed;
	struct bytes plain; /* set when ok; in the arena that was given */
	bool ok;	    /* false: changed on its way, or sealed to another key */
};

void unseal_all(struct unseal *list, size_t n, const uint8_t public_key[SEAL_PUBLIC_LEN],
	const uint8_t secret_key[SEAL_SECRET_LEN], struct arena *a);
