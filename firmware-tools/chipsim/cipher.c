#include "firmware-tools/chipsim/cipher.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>

bool cipher_des(uint8_t out[DES_LEN], const uint8_t in[DES_LEN], const uint8_t key[DES_LEN])
{
	/* three keys that are one: single DES, which the default provider lacks */
	uint8_t three[3 * DES_LEN], block[2 * DES_LEN];
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int n = 0;
	bool ok;

	for (size_t i = 0; i < 3; i++)
		memcpy(three + i * DES_LEN, key, DES_LEN);
	ok = ctx && EVP_EncryptInit_ex(ctx, EVP_des_ede3_ecb(), NULL, three, NULL) == 1 &&
	     EVP_CIPHER_CTX_set_padding(ctx, 0) == 1 &&
	     EVP_EncryptUpdate(ctx, block, &n, in, DES_LEN) == 1 && n == DES_LEN;
	if (ok)
		memcpy(out, block, DES_LEN);
	EVP_CIPHER_CTX_free(ctx);
	return ok;
}

bool cipher_cmac(uint8_t out[AES_LEN], struct bytes message, const uint8_t key[AES_LEN])
{
	char name[] = "AES-128-CBC";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_CIPHER, name, 0),
		OSSL_PARAM_construct_end(),
	};
	EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
	EVP_MAC_CTX *ctx = mac ? EVP_MAC_CTX_new(mac) : NULL;
	size_t n = 0;
	bool ok = ctx && EVP_MAC_init(ctx, key, AES_LEN, params) == 1 &&
		  (message.len == 0 || EVP_MAC_update(ctx, message.p, message.len) == 1) &&
		  EVP_MAC_final(ctx, out, &n, AES_LEN) == 1 && n == AES_LEN;

	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(mac);
	return ok;
}

bool cipher_sun(uint8_t out[8], const uint8_t uid[7], uint32_t counter, const uint8_t key[AES_LEN])
{
	uint8_t vector[AES_LEN] = { 0x3C, 0xC3, 0x00, 0x01, 0x00, 0x80 }, session[AES_LEN],
		mac[AES_LEN];

	memcpy(vector + 6, uid, 7);
	for (size_t i = 0; i < 3; i++)
		vector[13 + i] = (uint8_t)(counter >> (8 * i));
	if (!cipher_cmac(session, bytes_of(vector, sizeof(vector)), key) ||
		!cipher_cmac(mac, bytes_of(mac, 0), session))
		return false;
	for (size_t i = 0; i < 8; i++)
		out[i] = mac[2 * i + 1];
	return true;
}
