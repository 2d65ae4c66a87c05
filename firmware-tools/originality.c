#include "firmware-tools/originality.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "core/base/text.h"

/* GnuTLS, nettle and libsodium have no secp128r1; of what Debian has, OpenSSL does. */

const uint8_t originality_ntag21x[ORIGINALITY_KEY_LEN] = { 0x04, 0x49, 0x4E, 0x1A, 0x38, 0x6D, 0x3D,
	0x3C, 0xFE, 0x3D, 0xC1, 0x0E, 0x5D, 0xE6, 0x8A, 0x49, 0x9B, 0x1C, 0x20, 0x2D, 0xB5, 0xB1,
	0x32, 0x39, 0x3E, 0x89, 0xED, 0x19, 0xFE, 0x5B, 0xE8, 0xBC, 0x61 };

bool originality_key_read(uint8_t key[ORIGINALITY_KEY_LEN], const char *text, struct err *e)
{
	struct buf to = BUF_OVER(key, ORIGINALITY_KEY_LEN);

	if (hex_read(&to, str_of(text)) && to.len == ORIGINALITY_KEY_LEN && key[0] == 0x04)
		return true;
	return err_set(e, ERR_USAGE, "a maker's key is 04 and 64 more hexadecimal digits");
}

static EVP_PKEY *key_open(const uint8_t key[ORIGINALITY_KEY_LEN])
{
	char curve[] = "secp128r1";
	uint8_t point[ORIGINALITY_KEY_LEN];
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, curve, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point, sizeof(point)),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	EVP_PKEY *out = NULL;

	memcpy(point, key, sizeof(point));
	if (!ctx || EVP_PKEY_fromdata_init(ctx) != 1 ||
		EVP_PKEY_fromdata(ctx, &out, EVP_PKEY_PUBLIC_KEY, params) != 1)
		out = NULL;
	EVP_PKEY_CTX_free(ctx);
	return out;
}

/* The library wants r and s as DER. */
static int der_of(const uint8_t signature[ORIGINALITY_LEN], uint8_t **der)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(signature, ORIGINALITY_LEN / 2, NULL);
	BIGNUM *s = BN_bin2bn(signature + ORIGINALITY_LEN / 2, ORIGINALITY_LEN / 2, NULL);
	int len = -1;

	*der = NULL;
	if (sig && r && s && ECDSA_SIG_set0(sig, r, s) == 1) {
		r = s = NULL; /* sig owns them now */
		len = i2d_ECDSA_SIG(sig, der);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(sig);
	return len;
}

bool originality_check(bool *genuine, const uint8_t signature[ORIGINALITY_LEN], struct bytes uid,
	const uint8_t key[ORIGINALITY_KEY_LEN], struct err *e)
{
	EVP_PKEY *pkey = key_open(key);
	EVP_PKEY_CTX *ctx = pkey ? EVP_PKEY_CTX_new(pkey, NULL) : NULL;
	uint8_t *der;
	int len = der_of(signature, &der);
	bool ready = ctx && len > 0 && EVP_PKEY_verify_init(ctx) == 1;

	*genuine = ready && EVP_PKEY_verify(ctx, der, (size_t)len, uid.p, uid.len) == 1;
	OPENSSL_free(der);
	EVP_PKEY_CTX_free(ctx);
	EVP_PKEY_free(pkey);
	return ready || err_set(e, ERR_UNSUPPORTED, "the maker's key is no point of secp128r1");
}
