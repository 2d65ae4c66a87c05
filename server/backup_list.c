#define _XOPEN_SOURCE 700 /* realpath */
#include "server/backup_list.h"

#include <dirent.h>
#include <limits.h>
#include <unistd.h>

#include "core/base/clock.h"

static const char sql_add[] =
	"INSERT INTO backup (path, made_ms, bytes, entries) VALUES ($1, $2, $3, $4)"
	" RETURNING backup";
static const char sql_add_head[] =
	"INSERT INTO backup_head (backup, stream, last_seq) VALUES ($1, $2, $3)";
static const char sql_all[] = "SELECT backup, path FROM backup ORDER BY backup";
static const char sql_drop[] = "DELETE FROM backup WHERE backup = $1";
static const char sql_move[] = "UPDATE backup SET path = $2 WHERE backup = $1";
static const char sql_known[] = "SELECT 1 FROM backup WHERE path = $1";
static const char sql_heads[] = "INSERT INTO backup_head (backup, stream, last_seq)"
				" SELECT $1, stream, last_seq FROM stream WHERE $2 = 1";
static const char sql_safe[] =
	"UPDATE stream SET safe_seq = COALESCE((SELECT CASE WHEN COUNT(*) = (SELECT COUNT(*) FROM "
	"backup)"
	" THEN MIN(h.last_seq) ELSE 0 END FROM backup_head h WHERE h.stream = stream.stream), 0)";

struct offered {
	int64_t backup;
	const char *path;
};

bool backup_list_folder(char out[BACKUP_DIR_MAX], const char *dir, struct err *e)
{
	char real[PATH_MAX];

	if (!realpath(dir, real))
		return err_errno(e, "%s", dir);
	if ((size_t)snprintf(out, BACKUP_DIR_MAX, "%s", real) >= BACKUP_DIR_MAX)
		return err_set(e, ERR_USAGE, "the backup folder's path is too long");
	return true;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool backup_list_files(
	const char *dir, struct arena *a, const char ***out, size_t *n, struct err *e)
{
	struct buf list = BUF_IN(a);
	DIR *d = opendir(dir);
	struct dirent *entry;

	if (!d)
		return err_errno(e, "cannot read the folder %s", dir);
	while ((entry = readdir(d)) != NULL) {
		struct str name = str_of(entry->d_name);
		const char *copy;

		if (!str_starts(name, STR(BACKUP_PREFIX)) || !str_ends(name, STR(BACKUP_SUFFIX)))
			continue;
		copy = arena_cstr(a, name);
		buf_add(&list, bytes_of(&copy, sizeof(copy)));
	}
	closedir(d);
	*n = list.len / sizeof(const char *);
	*out = ARENA_ARRAY(a, *n, const char *);
	if (*n > 0) {
		memcpy(*out, list.p, list.len);
		qsort(*out, *n, sizeof(const char *), by_name);
	}
	return true;
}

void backup_list_name(struct buf *out, int64_t name_ms, uint16_t mark)
{
	struct clock_text t = clock_text(name_ms);

	buf_lit(out, BACKUP_PREFIX);
	for (const char *p = t.s; *p; p++)
		if (*p != '-' && *p != ':' && *p != 'Z')
			buf_add_char(out, *p);
	buf_printf(out, ".%03dZ-%04x" BACKUP_SUFFIX, (int)(name_ms % 1000), mark);
}

/* The time in a name; false for a name that is not of ours. */
static bool read_name(const char *name, int64_t *ms)
{
	int year, month, day, hour, minute, second, milli, end = 0;

	if (sscanf(name, BACKUP_PREFIX "%4d%2d%2dT%2d%2d%2d.%3dZ-%n", &year, &month, &day, &hour,
		    &minute, &second, &milli, &end) != 7 ||
		end == 0 || month < 1 || month > 12 || day < 1 || day > 31)
		return false;
	*ms = ((clock_day_of(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000 +
	      milli;
	return true;
}

bool backup_list_next_ms(const char *dir, int64_t now_ms, int64_t *name_ms, struct err *e)
{
	struct arena a = { 0 };
	const char **files;
	size_t n;
	bool ok = backup_list_files(dir, &a, &files, &n, e);

	*name_ms = now_ms;
	for (size_t i = 0; ok && i < n; i++) {
		int64_t ms;

		if (read_name(files[i], &ms) && ms >= *name_ms)
			*name_ms = ms + 1;
	}
	arena_finish(&a);
	return ok;
}

bool backup_list_remove_old(const char *dir, unsigned keep, unsigned *removed, struct err *e)
{
	struct arena a = { 0 };
	const char **files;
	size_t n;
	bool ok = backup_list_files(dir, &a, &files, &n, e);

	*removed = 0;
	for (size_t i = 0; ok && i + keep < n; i++) {
		const char *path = arena_printf(&a, "%s/%s", dir, files[i]).p;

		if (unlink(path) == 0)
			++*removed;
		else
			ok = err_errno(e, "cannot remove %s", path);
	}
	arena_finish(&a);
	return ok;
}

bool backup_list_add(struct db *db, const char *path, int64_t made_ms, int64_t bytes,
	int64_t entries, int64_t *number, struct err *e)
{
	struct db_query *q = db_query(db, sql_add);
	enum db_row row;

	db_bind_text(q, 1, str_of(path));
	db_bind_i64(q, 2, made_ms);
	db_bind_i64(q, 3, bytes);
	db_bind_i64(q, 4, entries);
	row = db_step(q, e);
	*number = row == DB_ROW ? db_i64(q, 0) : 0;
	db_reset(q);
	return row == DB_ROW;
}

bool backup_list_add_head(
	struct db *db, int64_t number, int64_t stream, int64_t last_seq, struct err *e)
{
	struct db_query *q = db_query(db, sql_add_head);

	db_bind_i64(q, 1, number);
	db_bind_i64(q, 2, stream);
	db_bind_i64(q, 3, last_seq);
	return db_run(q, e);
}

static bool list_offered(
	struct db *db, struct arena *a, struct offered **out, size_t *n, struct err *e)
{
	struct db_query *q = db_query(db, sql_all);
	struct buf list = BUF_IN(a);
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		struct offered o = { db_i64(q, 0), arena_cstr(a, db_text(q, 1)) };

		buf_add(&list, bytes_of(&o, sizeof(o)));
	}
	*n = list.len / sizeof(struct offered);
	*out = ARENA_ARRAY(a, *n, struct offered);
	if (*n > 0)
		memcpy(*out, list.p, list.len);
	return row == DB_DONE;
}

static bool drop(struct db *db, int64_t backup, struct err *e)
{
	struct db_query *q = db_query(db, sql_drop);

	db_bind_i64(q, 1, backup);
	return db_run(q, e);
}

static bool is_in(const char *path, const char *dir)
{
	size_t n = strlen(dir);

	return strncmp(path, dir, n) == 0 && path[n] == '/' && !strchr(path + n + 1, '/');
}

bool backup_list_drop_missing(struct db *db, const char *dir, struct err *e)
{
	struct arena a = { 0 };
	struct offered *all;
	size_t n;
	bool ok = list_offered(db, &a, &all, &n, e);

	for (size_t i = 0; ok && i < n; i++)
		if (is_in(all[i].path, dir) && access(all[i].path, F_OK) != 0)
			ok = drop(db, all[i].backup, e);
	arena_finish(&a);
	return ok;
}

bool backup_list_set_safe(struct db *db, struct err *e)
{
	return db_run(db_query(db, sql_safe), e);
}

/* Rows first: those that are here under whatever path, and those that are nowhere. */
static bool move_rows(struct db *db, const char *dir, struct arena *a, struct err *e)
{
	struct offered *all;
	size_t n;

	if (!list_offered(db, a, &all, &n, e))
		return false;
	for (size_t i = 0; i < n; i++) {
		const char *slash = strrchr(all[i].path, '/');
		const char *here = arena_printf(a, "%s/%s", dir, slash ? slash + 1 : all[i].path).p;
		struct db_query *q;

		if (access(here, F_OK) != 0) {
			if (!drop(db, all[i].backup, e))
				return false;
			continue;
		}
		q = db_query(db, sql_move);
		db_bind_i64(q, 1, all[i].backup);
		db_bind_text(q, 2, str_of(here));
		if (!db_run(q, e))
			return false;
	}
	return true;
}

static bool is_known(struct db *db, const char *path, bool *known, struct err *e)
{
	struct db_query *q = db_query(db, sql_known);

	db_bind_text(q, 1, str_of(path));
	return db_any(q, known, e);
}

bool backup_list_adopt(
	struct db *db, const char *dir, const char *name, int64_t now_ms, struct err *e)
{
	struct arena a = { 0 };
	const char **files;
	size_t n;
	bool ok = move_rows(db, dir, &a, e) && backup_list_files(dir, &a, &files, &n, e);

	for (size_t i = 0; ok && i < n; i++) {
		const char *path = arena_printf(&a, "%s/%s", dir, files[i]).p;
		struct db_query *q;
		int64_t number;
		bool known;

		ok = is_known(db, path, &known, e);
		if (!ok || known)
			continue;
		ok = backup_list_add(db, path, now_ms, 0, 0, &number, e);
		q = db_query(db, sql_heads);
		db_bind_i64(q, 1, number);
		db_bind_i64(q, 2, strcmp(files[i], name) >= 0);
		ok = ok && db_run(q, e);
	}
	ok = ok && backup_list_set_safe(db, e);
	arena_finish(&a);
	return ok;
}
