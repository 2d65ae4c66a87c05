/* The backups that are offered for restore: their files in a folder, and what the store knows of
 * them. */
#pragma once

#include "core/base/arena.h"
#include "core/base/buf.h"
#include "core/db/db.h"

#define BACKUP_PREFIX "kith-"
#define BACKUP_SUFFIX ".backup"

enum { BACKUP_DIR_MAX = 4000 };
/* The folder's absolute path, without links: what rows are compared by. */
MUST_CHECK bool backup_list_folder(char out[BACKUP_DIR_MAX], const char *dir, struct err *e);
/* Names of the backups in dir, oldest first. */
MUST_CHECK bool backup_list_files(
	const char *dir, struct arena *a, const char ***out, size_t *n, struct err *e);
/*
 * The time that a new backup is named by: now, or later than the newest name there is, so that the
 * order of names is that of making also after the clock went back.
 */
MUST_CHECK bool backup_list_next_ms(
	const char *dir, int64_t now_ms, int64_t *name_ms, struct err *e);
/* "kith-20261122T094100.123Z-7f3a.backup": sorted by name is sorted by time. */
void backup_list_name(struct buf *out, int64_t name_ms, uint16_t mark);
/* Delete all but the newest keep. */
MUST_CHECK bool backup_list_remove_old(
	const char *dir, unsigned keep, unsigned *removed, struct err *e);

/* The rest is in the caller's transaction. Paths are absolute. */
MUST_CHECK bool backup_list_add(struct db *db, const char *path, int64_t made_ms, int64_t bytes,
	int64_t entries, int64_t *number, struct err *e);
MUST_CHECK bool backup_list_add_head(
	struct db *db, int64_t number, int64_t stream, int64_t last_seq, struct err *e);
/* Forget those of dir whose file is gone. Other folders may only be unplugged: they stay. */
MUST_CHECK bool backup_list_drop_missing(struct db *db, const char *dir, struct err *e);
/* Each stream's safe_seq: its head in the oldest backup offered; 0 where one does not know it. */
MUST_CHECK bool backup_list_set_safe(struct db *db, struct err *e);
/*
 * After a restore from dir/name: forget what cannot be reached from here, and know every file of
 * dir. Newer ones hold at least what the restored one holds; of older ones without a row nothing
 * is known, so nothing is safe until they are gone.
 */
MUST_CHECK bool backup_list_adopt(
	struct db *db, const char *dir, const char *name, int64_t now_ms, struct err *e);
