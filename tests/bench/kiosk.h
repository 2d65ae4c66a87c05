/* A kiosk as the server sees it: a key, a stream, and signed requests built in advance. */
#pragma once

#include "core/base/crypto.h"
#include "core/entry/wire/batch.h"
#include "tests/bench/load.h"

struct bench_kiosk {
	struct id id, store_id;
	uint8_t public_key[SIGN_PUBLIC_LEN], secret_key[SIGN_SECRET_LEN];
	uint64_t last_seq;
	uint8_t last_hash[ENTRY_HASH_LEN];
};

void bench_kiosk_init(struct bench_kiosk *k);
/* The next entry of its log; plain is the payload before sealing. seal_to NULL: left plain. */
struct entry bench_kiosk_write(struct bench_kiosk *k, uint32_t event, enum entry_kind kind,
	struct str plain, const uint8_t *seal_to, struct arena *a);
/* POST of n entries that follow each other; 0 of them make a heartbeat. */
struct load_request bench_kiosk_batch(const struct bench_kiosk *k, uint32_t event,
	struct entry *entries, size_t n, struct arena *a);
/* A signed GET. */
struct load_request bench_kiosk_get(
	const struct bench_kiosk *k, struct str target, struct arena *a);
