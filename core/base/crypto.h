/*
 * What Kith needs of libsodium and nettle, with its sizes. Primitives: SHA-256 (FIPS 180-4;
 * nettle), HMAC-SHA-256 (RFC 2104), Ed25519 (RFC 8032), sealed boxes (X25519 + XSalsa20-Poly1305,
 * libsodium), argon2id (RFC 9106). Secret keys are wiped by their owner with crypto_wipe.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/buf.h"
#include "core/base/err.h"
#include "core/base/id.h"

enum {
	HASH_LEN = 32,
	SIGN_PUBLIC_LEN = 32,
	SIGN_SECRET_LEN = 64, /* seed and public key, as libsodium keeps them */
	SIGNATURE_LEN = 64,
	SEAL_PUBLIC_LEN = 32,
	SEAL_SECRET_LEN = 32,
	SEAL_EXTRA = 48, /* bytes by which a sealed box is longer than what is in it */
	PASSWORD_HASH_LEN = 128,
};

struct hash {
	uint8_t b[HASH_LEN];
};

static inline bool hash_equal(const struct hash *a, const struct hash *b)
{
	return memcmp(a->b, b->b, HASH_LEN) == 0;
}

static inline struct bytes hash_bytes(const struct hash *h)
{
	return (struct bytes){ h->b, HASH_LEN };
}

/* Before any other call here, once. False when the system has no randomness. */
MUST_CHECK bool crypto_init(struct err *e);
void crypto_random(void *out, size_t n);
struct id crypto_random_id(void);
/* A UUIDv7 of that time. */
struct id crypto_uuid7(uint64_t unix_ms);
void crypto_wipe(void *secret, size_t n);
/* In constant time; different lengths are unequal. */
bool crypto_equal(struct bytes a, struct bytes b);

struct hash hash_of(struct bytes b);
/* Over several pieces, as if they were one. */
struct hash hash_of_parts(const struct bytes *parts, size_t n);
struct hash hmac_of(struct bytes key, struct bytes message);

void sign_keypair(uint8_t public_key[SIGN_PUBLIC_LEN], uint8_t secret_key[SIGN_SECRET_LEN]);
void sign_message(uint8_t signature[SIGNATURE_LEN], struct bytes message,
	const uint8_t secret_key[SIGN_SECRET_LEN]);
MUST_CHECK bool sign_verify(const uint8_t signature[SIGNATURE_LEN], struct bytes message,
	const uint8_t public_key[SIGN_PUBLIC_LEN]);

void seal_keypair(uint8_t public_key[SEAL_PUBLIC_LEN], uint8_t secret_key[SEAL_SECRET_LEN]);
/* Adds len + SEAL_EXTRA bytes to out. Whoever seals cannot open. */
void seal_write(struct buf *out, struct bytes plain, const uint8_t public_key[SEAL_PUBLIC_LEN]);
/* False for a box that was changed, or sealed to another key. */
MUST_CHECK bool seal_open(struct buf *out, struct bytes sealed,
	const uint8_t public_key[SEAL_PUBLIC_LEN], const uint8_t secret_key[SEAL_SECRET_LEN]);

/* argon2id at 19 MiB, t=2 (OWASP): about 60 ms. text holds a NUL-terminated PHC string. */
MUST_CHECK bool password_hash(char text[PASSWORD_HASH_LEN], struct str password, struct err *e);
MUST_CHECK bool password_verify(const char *text, struct str password);
