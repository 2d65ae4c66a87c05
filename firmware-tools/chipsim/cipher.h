/* The ciphers that cards speak, of OpenSSL: DES for DESFire's old authentication, AES-CMAC for SUN.
 */
#pragma once

#include "core/base/bytes.h"

enum { DES_LEN = 8, AES_LEN = 16 };

/* One block, ECB; the key is 8 bytes. */
bool cipher_des(uint8_t out[DES_LEN], const uint8_t in[DES_LEN], const uint8_t key[DES_LEN]);
/* RFC 4493. */
bool cipher_cmac(uint8_t out[AES_LEN], struct bytes message, const uint8_t key[AES_LEN]);
/*
 * The MAC of a SUN message whose MAC input is empty (NXP AN12196 3.3, 3.4): a session key of the
 * UID and the counter, and every second byte of the CMAC over nothing.
 */
bool cipher_sun(uint8_t out[8], const uint8_t uid[7], uint32_t counter, const uint8_t key[AES_LEN]);
