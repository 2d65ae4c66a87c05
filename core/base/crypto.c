/*
 * The only home of libsodium and nettle. SHA-256 is nettle's, since that uses the processor's own
 * instructions where there are some: five times libsodium's speed, and most of what is left of
 * reading a batch (docs/benchmarks.md).
 */
#include "core/base/crypto.h"

#include <nettle/sha2.h>
#include <sodium.h>

_Static_assert(HASH_LEN == SHA256_DIGEST_SIZE, "SHA-256");
_Static_assert(SIGN_SECRET_LEN == crypto_sign_SECRETKEYBYTES, "Ed25519");
_Static_assert(SEAL_EXTRA == crypto_box_SEALBYTES, "sealed box");
_Static_assert(PASSWORD_HASH_LEN == crypto_pwhash_STRBYTES, "argon2id");

bool crypto_init(struct err *e)
{
	if (sodium_init() < 0)
		return err_set(e, ERR_INTERNAL, "libsodium finds no source of randomness");
	return true;
}

void crypto_random(void *out, size_t n)
{
	randombytes_buf(out, n);
}

struct id crypto_random_id(void)
{
	struct id id = { { 0 } };

	crypto_random(id.b, sizeof(id.b));
	return id;
}

struct id crypto_uuid7(uint64_t unix_ms)
{
	uint8_t random[10];

	crypto_random(random, sizeof(random));
	return id_uuid7(unix_ms, random);
}

void crypto_wipe(void *secret, size_t n)
{
	sodium_memzero(secret, n);
}

bool crypto_equal(struct bytes a, struct bytes b)
{
	return a.len == b.len && (a.len == 0 || sodium_memcmp(a.p, b.p, a.len) == 0);
}

struct hash hash_of(struct bytes b)
{
	return hash_of_parts(&b, 1);
}

struct hash hash_of_parts(const struct bytes *parts, size_t n)
{
	struct sha256_ctx state;
	struct hash h;

	sha256_init(&state);
	for (size_t i = 0; i < n; i++)
		if (parts[i].len > 0)
			sha256_update(&state, parts[i].len, parts[i].p);
	sha256_digest(&state, sizeof(h.b), h.b);
	return h;
}

struct hash hmac_of(struct bytes key, struct bytes message)
{
	crypto_auth_hmacsha256_state state;
	struct hash h;

	crypto_auth_hmacsha256_init(&state, key.p, key.len);
	if (message.len > 0)
		crypto_auth_hmacsha256_update(&state, message.p, message.len);
	crypto_auth_hmacsha256_final(&state, h.b);
	return h;
}

void sign_keypair(uint8_t public_key[SIGN_PUBLIC_LEN], uint8_t secret_key[SIGN_SECRET_LEN])
{
	crypto_sign_keypair(public_key, secret_key);
}

void sign_message(uint8_t signature[SIGNATURE_LEN], struct bytes message,
	const uint8_t secret_key[SIGN_SECRET_LEN])
{
	crypto_sign_detached(signature, NULL, message.p, message.len, secret_key);
}

bool sign_verify(const uint8_t signature[SIGNATURE_LEN], struct bytes message,
	const uint8_t public_key[SIGN_PUBLIC_LEN])
{
	return crypto_sign_verify_detached(signature, message.p, message.len, public_key) == 0;
}

void seal_keypair(uint8_t public_key[SEAL_PUBLIC_LEN], uint8_t secret_key[SEAL_SECRET_LEN])
{
	crypto_box_keypair(public_key, secret_key);
}

void seal_write(struct buf *out, struct bytes plain, const uint8_t public_key[SEAL_PUBLIC_LEN])
{
	struct arena a = { 0 };
	uint8_t *sealed = arena_alloc(&a, plain.len + SEAL_EXTRA);

	/* fails only for an all-zero public key, which no key pair has */
	if (crypto_box_seal(sealed, plain.p, plain.len, public_key) == 0)
		buf_add(out, bytes_of(sealed, plain.len + SEAL_EXTRA));
	arena_finish(&a);
}

bool seal_open(struct buf *out, struct bytes sealed, const uint8_t public_key[SEAL_PUBLIC_LEN],
	const uint8_t secret_key[SEAL_SECRET_LEN])
{
	struct arena a = { 0 };
	bool ok = false;

	if (sealed.len >= SEAL_EXTRA) {
		size_t len = sealed.len - SEAL_EXTRA;
		uint8_t *plain = arena_alloc(&a, len + 1);

		ok = crypto_box_seal_open(plain, sealed.p, sealed.len, public_key, secret_key) == 0;
		if (ok)
			buf_add(out, bytes_of(plain, len));
		crypto_wipe(plain, len);
	}
	arena_finish(&a);
	return ok;
}

bool password_hash(char text[PASSWORD_HASH_LEN], struct str password, struct err *e)
{
	if (crypto_pwhash_str_alg(text, password.p, password.len, 2, 19u << 20,
		    crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(e, ERR_INTERNAL, "no memory to hash a password");
	return true;
}

bool password_verify(const char *text, struct str password)
{
	return crypto_pwhash_str_verify(text, password.p, password.len) == 0;
}
