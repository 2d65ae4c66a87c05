/* How a reader is named, and the lock that keeps two programs of ours from one reader. */
#pragma once

#include "core/base/buf.h"
#include "core/base/err.h"

enum { NFC_CONNECTION_MAX = 1024 }; /* libnfc's own bound */

struct nfc_connection {
	char text[NFC_CONNECTION_MAX]; /* for libnfc */
	char key[NFC_CONNECTION_MAX];  /* for the lock: the same for every name of one device */
};

/* See nfc_port_open. Symbolic links are followed for the key, so that by-id and ttyUSB0 are one. */
MUST_CHECK bool nfc_connection_read(struct nfc_connection *out, const char *where, struct err *e);
/*
 * Take the lock, in KITH_LOCK_DIR, else /run/lock, else /tmp. The file stays; closing *fd frees
 * the lock, and so does the end of the process. ERR_CONFLICT when it is held.
 */
MUST_CHECK bool nfc_connection_lock(const struct nfc_connection *c, int *fd, struct err *e);
