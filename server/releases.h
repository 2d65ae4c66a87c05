/*
 * The releases that a server offers to its kiosks (core/release/release.h): files in the folder
 * "releases" of the store, named by their digest. The server holds no key and judges no
 * signature: it passes files on, and each kiosk judges for itself.
 *
 * Commands write the folder beside a running server, which reads it again when it changed. Any
 * thread may ask.
 */
#pragma once

#include "core/release/release.h"

struct releases;

enum { RELEASE_PIECE_MAX = 256 << 10, RELEASES_MAX = 64 /* offered at once */ };

struct releases *releases_new(const char *store);
void releases_free(struct releases *r); /* accepts NULL */

/* The newest one for that machine that may follow that version. False: there is none. */
bool releases_next(
	struct releases *r, struct str architecture, struct str version, struct hash *digest);
/* Its head; texts in a. ERR_NOT_FOUND: it is not offered. */
MUST_CHECK bool releases_get(struct releases *r, struct release *out, const struct hash *digest,
	struct arena *a, struct err *e);
/* At most max bytes of it from that place; none at its end. ERR_NOT_FOUND. */
MUST_CHECK bool releases_piece(struct releases *r, struct bytes *out, const struct hash *digest,
	uint64_t from, size_t max, struct arena *a, struct err *e);

/*
 * For commands. Visit each, in no order, until each() gives false, which is no error; x and digest
 * are good for that call only, in which the file may be removed. A file that is no release is left
 * out, and the log says so; no folder is no release. ERR_IO, ERR_FULL.
 */
MUST_CHECK bool releases_each(struct releases *r,
	bool (*each)(void *context, const struct release *x, const struct hash *digest),
	void *context, struct err *e);
/*
 * Check all of the file but its signature, and offer it; the same file again is no error. *out
 * borrows from file and a. ERR_MALFORMED: what is wrong with it. ERR_CONFLICT: another one of the
 * same version and machine is offered already. ERR_FULL: so are RELEASES_MAX, or the disk is full.
 * ERR_IO.
 */
MUST_CHECK bool releases_add(struct releases *r, struct bytes file, struct release *out,
	struct hash *digest, struct arena *a, struct err *e);
/* Offer it no more; a kiosk that has begun to fetch it is told so. ERR_NOT_FOUND, ERR_IO. */
MUST_CHECK bool releases_remove(struct releases *r, const struct hash *digest, struct err *e);
