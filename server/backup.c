#include "server/backup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "server/backup_file.h"
#include "server/backup_list.h"
#include "server/writer.h"

static const char sql_rows[] = "SELECT COALESCE(MAX(row), 0), COUNT(*) FROM entry";
/* Each stream's last number is how many entries it has, here or folded: nothing is missing. */
static const char sql_streams[] =
	"SELECT s.stream, s.last_seq, COALESCE(e.n, 0) + COALESCE(f.n, 0) FROM stream s"
	" LEFT JOIN (SELECT stream, COUNT(*) AS n FROM entry GROUP BY stream) e ON e.stream = "
	"s.stream"
	" LEFT JOIN (SELECT stream, COUNT(*) AS n FROM folded GROUP BY stream) f ON f.stream = "
	"s.stream"
	" ORDER BY s.stream";
static const char sql_head[] = "SELECT last_seq FROM stream WHERE stream = $1";

struct head {
	int64_t stream, last_seq;
};

/* What a verified copy holds. */
struct copy {
	struct head *heads;
	size_t head_count;
	int64_t rows, entries;
};

static bool count_rows(struct db *db, int64_t *rows, int64_t *entries, struct err *e)
{
	struct db_query *q = db_query(db, sql_rows);
	enum db_row row = db_step(q, e);

	*rows = row == DB_ROW ? db_i64(q, 0) : 0;
	*entries = row == DB_ROW ? db_i64(q, 1) : 0;
	db_reset(q);
	return row == DB_ROW;
}

static bool count_streams(struct db *db, struct copy *out, struct arena *a, struct err *e)
{
	struct db_query *q = db_query(db, sql_streams);
	struct buf list = BUF_IN(a);
	enum db_row row;

	while ((row = db_step(q, e)) == DB_ROW) {
		struct head head = { db_i64(q, 0), db_i64(q, 1) };

		if (db_i64(q, 2) != head.last_seq) {
			err_set(e, ERR_IO,
				"the copy's stream %lld ends at %lld and has %lld entries",
				(long long)head.stream, (long long)head.last_seq,
				(long long)db_i64(q, 2));
			db_reset(q);
			return false;
		}
		buf_add(&list, bytes_of(&head, sizeof(head)));
	}
	out->head_count = list.len / sizeof(struct head);
	out->heads = ARENA_ARRAY(a, out->head_count, struct head);
	if (out->head_count > 0)
		memcpy(out->heads, list.p, list.len);
	return row == DB_DONE;
}

/* The live store is never behind its own copy. */
static bool compare_live(struct db *live, const struct copy *copy, struct err *e)
{
	int64_t rows, entries;

	if (!count_rows(live, &rows, &entries, e))
		return false;
	if (rows < copy->rows || entries < copy->entries)
		return err_set(e, ERR_IO, "the copy has more entries than the store");
	for (size_t i = 0; i < copy->head_count; i++) {
		struct db_query *q = db_query(live, sql_head);
		enum db_row row;
		int64_t last;

		db_bind_i64(q, 1, copy->heads[i].stream);
		row = db_step(q, e);
		last = row == DB_ROW ? db_i64(q, 0) : -1;
		db_reset(q);
		if (row == DB_FAILED)
			return false;
		if (last < copy->heads[i].last_seq)
			return err_set(e, ERR_IO, "the copy's stream %lld is ahead of the store's",
				(long long)copy->heads[i].stream);
	}
	return true;
}

static bool verify(
	const char *path, struct db *live, struct copy *out, struct arena *a, struct err *e)
{
	struct db *db = NULL;
	bool ok = db_open(&db, path, DB_READER, e) && db_check(db, e) &&
		  count_rows(db, &out->rows, &out->entries, e) && count_streams(db, out, a, e) &&
		  compare_live(live, out, e);

	db_close(db);
	return ok;
}

struct record {
	const char *dir, *path;
	const struct copy *copy;
	int64_t bytes, now_ms;
};

/* On the writer: the new backup is offered, files that are gone are not, safe_seq follows. */
static bool record_backup(struct work *w, void *arg, struct err *e)
{
	const struct record *r = arg;
	int64_t number;

	if (!backup_list_add(w->db, r->path, r->now_ms, r->bytes, r->copy->entries, &number, e))
		return false;
	for (size_t i = 0; i < r->copy->head_count; i++)
		if (!backup_list_add_head(
			    w->db, number, r->copy->heads[i].stream, r->copy->heads[i].last_seq, e))
			return false;
	return backup_list_drop_missing(w->db, r->dir, e) && backup_list_set_safe(w->db, e);
}

static bool name_backup(char out[BACKUP_PATH_MAX], const char *dir, int64_t now_ms, struct err *e)
{
	char name[64] = "";
	struct buf b = BUF_OVER(name, sizeof(name) - 1);
	int64_t name_ms;
	uint16_t mark;

	if (!backup_list_next_ms(dir, now_ms, &name_ms, e))
		return false;
	crypto_random(&mark, sizeof(mark));
	backup_list_name(&b, name_ms, mark);
	if (snprintf(out, BACKUP_PATH_MAX, "%s/%s", dir, name) >= BACKUP_PATH_MAX)
		return err_set(e, ERR_USAGE, "the backup folder's path is too long");
	return true;
}

static bool sync_folder(const char *dir, struct err *e)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = fd >= 0 && fsync(fd) == 0;

	if (!ok)
		err_errno(e, "cannot write the folder %s", dir);
	if (fd >= 0)
		close(fd);
	return ok;
}

bool backup_make(
	struct server *s, const char *dir, unsigned keep, struct backup_result *out, struct err *e)
{
	char real[BACKUP_DIR_MAX], temporary[BACKUP_PATH_MAX], writing[BACKUP_PATH_MAX + 8];
	uint8_t public_key[SEAL_PUBLIC_LEN];
	struct record record = { .now_ms = server_now(s) };
	struct copy copy = { 0 };
	struct arena a = { 0 };
	struct db *live = NULL;
	bool ok = false;

	*out = (struct backup_result){ 0 };
	if (!backup_public_key(public_key, dir, e))
		return false;
	if (!backup_list_folder(real, dir, e) || !name_backup(out->path, real, record.now_ms, e))
		return false;
	snprintf(temporary, sizeof(temporary), "%s/backup-copy.db", store_folder(s->store));
	snprintf(writing, sizeof(writing), "%s.new", out->path);
	unlink(temporary);
	if (!store_connect(s->store, DB_GUEST, &live, e) || !db_copy(live, temporary, e) ||
		!verify(temporary, live, &copy, &a, e) ||
		!backup_file_write(writing, temporary, public_key, &out->bytes, e))
		goto out;
	if (rename(writing, out->path) != 0) {
		err_errno(e, "cannot name %s", out->path);
		goto out;
	}
	/* old ones go first: safe_seq must never be past one that can still be restored */
	if (!sync_folder(real, e) ||
		!backup_list_remove_old(real, keep ? keep : 1, &out->removed, e))
		goto out;
	record.dir = real;
	record.path = out->path;
	record.copy = &copy;
	record.bytes = out->bytes;
	ok = writer_run(s, record_backup, &record, e);
	out->entries = copy.entries;
	out->streams = (int64_t)copy.head_count;
out:
	db_close(live);
	unlink(temporary);
	if (!ok)
		unlink(writing);
	arena_finish(&a);
	return ok;
}

static bool join(char out[BACKUP_PATH_MAX], const char *dir, const char *name, struct err *e)
{
	return snprintf(out, BACKUP_PATH_MAX, "%s/%s", dir, name) < BACKUP_PATH_MAX ||
	       err_set(e, ERR_USAGE, "the backup folder's path is too long");
}

static const struct str public_mark = STR_INIT("kith-backup-public-1 ");
static const struct str secret_mark = STR_INIT("kith-backup-secret-1 ");

static bool read_blob(struct bytes text, struct str marked, uint8_t *out, size_t n)
{
	struct buf b = BUF_OVER(out, n);
	struct str s;

	if (!utf8_check(text, &s))
		return false;
	s = str_trim(s);
	return str_starts(s, marked) && base64_read(&b, str_sub(s, marked.len, s.len)) &&
	       b.len == n;
}

bool backup_public_key(uint8_t public_key[SEAL_PUBLIC_LEN], const char *dir, struct err *e)
{
	char path[BACKUP_PATH_MAX];
	struct arena a = { 0 };
	struct bytes text;
	bool ok;

	if (!join(path, dir, "backup.pub", e))
		return false;
	ok = file_read(&text, path, 4096, &a, e);
	if (!ok && e->code == ERR_NOT_FOUND)
		err_set(e, ERR_NOT_FOUND,
			"%s has no backup.pub: \"kith-server --store STORE backup %s\" makes one",
			dir, dir);
	if (ok && !read_blob(text, public_mark, public_key, SEAL_PUBLIC_LEN))
		ok = err_set(e, ERR_MALFORMED, "%s is no backup key", path);
	arena_finish(&a);
	return ok;
}

bool backup_make_key(struct backup_key *out, const char *dir, struct err *e)
{
	char path[BACKUP_PATH_MAX];
	struct arena a = { 0 };
	struct buf text = BUF_IN(&a);
	bool ok;

	if (mkdir(dir, S_IRWXU) != 0 && errno != EEXIST)
		return err_errno(e, "cannot make %s", dir);
	if (!join(path, dir, "backup.pub", e))
		return false;
	if (access(path, F_OK) == 0)
		return err_set(e, ERR_CONFLICT, "%s is there already", path);
	seal_keypair(out->public_key, out->secret_key);
	buf_add_str(&text, public_mark);
	base64url_write(&text, bytes_of(out->public_key, SEAL_PUBLIC_LEN));
	buf_add_char(&text, '\n');
	ok = file_replace(path, buf_bytes(&text), S_IRUSR | S_IWUSR, e);
	arena_finish(&a);
	return ok;
}

void backup_key_write(struct buf *out, const struct backup_key *key)
{
	buf_add_str(out, secret_mark);
	base64url_write(out, bytes_of(key, sizeof(*key)));
	buf_add_char(out, '\n');
}

bool backup_key_read(struct backup_key *out, struct bytes text, struct err *e)
{
	_Static_assert(sizeof(*out) == SEAL_PUBLIC_LEN + SEAL_SECRET_LEN, "no padding");

	return read_blob(text, secret_mark, (uint8_t *)out, sizeof(*out)) ||
	       err_set(e, ERR_MALFORMED,
		       "this is no backup key: it begins with \"kith-backup-secret-1\"");
}
