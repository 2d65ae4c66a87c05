/*
 * A file encrypted to a public key, in chunks, so that neither side holds it in memory:
 *
 *	"kith-backup-1\n", 16 random bytes that name the file, then chunks:
 *	length (4 bytes, big-endian), a libsodium sealed box of
 *		the file's name (16), chunk number (8), 1 in the last chunk (1), up to 1 MiB of
 *content
 *
 * So chunks cannot be changed, left out, moved between files, or cut off at the end unnoticed.
 */
#pragma once

#include "core/base/crypto.h"

/* Writes to, which must not exist, durably, and reads it once more to compare. */
MUST_CHECK bool backup_file_write(const char *to, const char *from,
	const uint8_t public_key[SEAL_PUBLIC_LEN], int64_t *bytes, struct err *e);
/* ERR_FORBIDDEN for another key, ERR_MALFORMED for a damaged file; then to is removed again. */
MUST_CHECK bool backup_file_read(const char *to, const char *from,
	const uint8_t public_key[SEAL_PUBLIC_LEN], const uint8_t secret_key[SEAL_SECRET_LEN],
	struct err *e);
