/*
 * The originality signature of NXP's chips (data sheet NTAG213/215/216 8.9, AN11350): ECDSA on
 * secp128r1 over the raw bytes of the UID, 16 bytes r and 16 bytes s. It says that NXP made a chip
 * with this UID; whoever can copy it onto a chip with a changeable UID can copy the signature too.
 */
#pragma once

#include "core/base/bytes.h"
#include "core/base/err.h"

enum { ORIGINALITY_LEN = 32, ORIGINALITY_KEY_LEN = 33 };

/* NXP's public key of the NTAG21x family, as published; 04 and the point's 32 bytes. */
extern const uint8_t originality_ntag21x[ORIGINALITY_KEY_LEN];

/* "04..." of 66 hexadecimal digits. ERR_USAGE. */
MUST_CHECK bool originality_key_read(
	uint8_t key[ORIGINALITY_KEY_LEN], const char *text, struct err *e);
/* *genuine tells; false only when the key is no point of the curve or the library fails. */
MUST_CHECK bool originality_check(bool *genuine, const uint8_t signature[ORIGINALITY_LEN],
	struct bytes uid, const uint8_t key[ORIGINALITY_KEY_LEN], struct err *e);
