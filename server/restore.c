/* The way back: backup_restore of server/backup.h. */
#include "core/base/clock.h"
#include "server/backup.h"
#include "server/backup_file.h"
#include "server/backup_list.h"

/*
 * A restored store is another history: kiosks see it by the timeline, and fill it up. Its schema
 * may be an older one, so who joined what is dropped as it is opened (account_drop_all).
 */
static bool renew(const char *db_path, const char *dir, const char *name, struct err *e)
{
	struct id timeline = crypto_random_id();
	struct db *db = NULL;
	bool ok = db_open(&db, db_path, DB_WRITER, e) && db_check(db, e) && db_begin(db, e) &&
		  meta_set(db, "timeline", id_bytes(&timeline), e) &&
		  meta_set(db, STORE_RESTORED, BYTES("1"), e) &&
		  backup_list_adopt(db, dir, name, clock_wall_ms(), e) && db_commit(db, e) &&
		  db_checkpoint(db, e);

	if (!ok)
		db_rollback(db);
	db_close(db);
	return ok;
}

/* name, or the newest. */
static bool choose(
	const char *dir, const char *name, struct arena *a, const char **out, struct err *e)
{
	const char **files;
	size_t n;

	if (!backup_list_files(dir, a, &files, &n, e))
		return false;
	for (size_t i = 0; name && i < n; i++)
		if (strcmp(files[i], name) == 0)
			*out = files[i];
	if (!name && n > 0)
		*out = files[n - 1];
	return *out || err_set(e, ERR_NOT_FOUND, "%s holds no backup%s%s", dir, name ? " " : "",
			       name ? name : "");
}

bool backup_restore(const char *store, const char *dir, const char *name,
	const struct backup_key *key, char path[BACKUP_PATH_MAX], struct err *e)
{
	char real[BACKUP_DIR_MAX];
	struct store_swap swap;
	struct arena a = { 0 };
	const char *chosen = NULL;
	bool ok;

	if (!backup_list_folder(real, dir, e))
		return false;
	ok = choose(real, name, &a, &chosen, e);
	if (ok && snprintf(path, BACKUP_PATH_MAX, "%s/%s", real, chosen) >= BACKUP_PATH_MAX)
		ok = err_set(e, ERR_USAGE, "the backup's path is too long");
	arena_finish(&a);
	if (!ok || !store_swap_begin(&swap, store, e))
		return false;
	if (backup_file_read(swap.path, path, key->public_key, key->secret_key, e) &&
		renew(swap.path, real, strrchr(path, '/') + 1, e))
		return store_swap_commit(&swap, e);
	store_swap_abort(&swap);
	return false;
}
