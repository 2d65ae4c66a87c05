/*
 * Backups that may be believed. A backup is a copy (VACUUM INTO) that passed an integrity check
 * and whose streams were counted, encrypted to a key whose secret half is kept elsewhere, written
 * and read again. Only then does safe_seq move, never past the oldest backup still offered in any
 * folder: what stations prune is in every one of them.
 *
 *	DIR/backup.pub		the public key: whoever has only this can make backups, not read
 *them DIR/kith-TIME.backup	server/backup_file.h
 */
#pragma once

#include "server/server.h"

enum { BACKUP_KEEP = 8, BACKUP_PATH_MAX = 4096 };

struct backup_key {
	uint8_t public_key[SEAL_PUBLIC_LEN];
	uint8_t secret_key[SEAL_SECRET_LEN];
};

/* Reads DIR/backup.pub. ERR_NOT_FOUND says how to make it. */
MUST_CHECK bool backup_public_key(
	uint8_t public_key[SEAL_PUBLIC_LEN], const char *dir, struct err *e);
/* Makes the folder where it is missing, a key pair, and DIR/backup.pub. ERR_CONFLICT when there is
 * one. */
MUST_CHECK bool backup_make_key(struct backup_key *out, const char *dir, struct err *e);
/* One line of text, for paper or a file kept elsewhere. */
void backup_key_write(struct buf *out, const struct backup_key *key);
MUST_CHECK bool backup_key_read(struct backup_key *out, struct bytes text, struct err *e);

struct backup_result {
	char path[BACKUP_PATH_MAX];
	int64_t bytes, entries, streams;
	unsigned removed; /* old backups beyond keep */
};

/*
 * One backup into dir; keeps the newest keep there. From any thread but the writer's. On failure
 * nothing is offered that was not verified, and safe_seq stays.
 */
MUST_CHECK bool backup_make(
	struct server *s, const char *dir, unsigned keep, struct backup_result *out, struct err *e);
/*
 * Put a backup in the place of a store that no server runs: the newest of dir, or the one named.
 * What was there is moved to STORE/replaced-TIME/. The store gets a new timeline, so that kiosks
 * take the whole roster again and fill its log up. path: the backup that was taken.
 */
MUST_CHECK bool backup_restore(const char *store, const char *dir, const char *name,
	const struct backup_key *key, char path[BACKUP_PATH_MAX], struct err *e);
