#include "server/store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/base/crypto.h"
#include "server/store/accounts.h"
#include "server/store/people.h"

extern const struct db_step server_schema[];
extern const size_t server_schema_count;

enum { LOCK_WAIT_MS = 5000, LOCK_STEP_MS = 20 };

struct store {
	char folder[PATH_MAX];
	char path[PATH_MAX];
	int lock; /* -1: a guest */
	struct db *db;
};

static const char *const parts[] = { "kith.db", "kith.db-wal", "kith.db-shm" };

static const char sql_get[] = "SELECT value FROM meta WHERE name = $1";
static const char sql_set[] = "INSERT INTO meta (name, value) VALUES ($1, $2)"
			      " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

bool meta_get(struct db *db, const char *name, void *out, size_t n, struct err *e)
{
	struct db_query *q = db_query(db, sql_get);
	enum db_row row;
	bool ok;

	db_bind_text(q, 1, str_of(name));
	row = db_step(q, e);
	ok = row == DB_ROW && db_blob(q, 0).len == n;
	if (ok)
		memcpy(out, db_blob(q, 0).p, n);
	else if (row != DB_FAILED)
		err_set(e, ERR_NOT_FOUND, "the store has no %s", name);
	db_reset(q);
	return ok;
}

bool meta_set(struct db *db, const char *name, struct bytes value, struct err *e)
{
	struct db_query *q = db_query(db, sql_set);

	db_bind_text(q, 1, str_of(name));
	db_bind_blob(q, 2, value);
	return db_run(q, e);
}

static bool make_folder(const char *folder, enum store_use use, struct err *e)
{
	struct stat st;

	if (stat(folder, &st) == 0) {
		if (!S_ISDIR(st.st_mode))
			return err_set(e, ERR_USAGE, "--store %s is no folder", folder);
		if (st.st_mode & (S_IRWXG | S_IRWXO))
			return err_set(e, ERR_FORBIDDEN,
				"others may enter the store %s: run chmod 700 on it", folder);
		return true;
	}
	if (use == STORE_COMMAND)
		return err_set(
			e, ERR_NOT_FOUND, "no store at %s: \"event add NAME\" makes one", folder);
	if (mkdir(folder, S_IRWXU) != 0 && errno != EEXIST)
		return err_errno(e, "cannot make the store %s", folder);
	return true;
}

static int open_lock(const char *folder, const char *name, struct err *e)
{
	char path[PATH_MAX];
	int fd;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path)) {
		err_set(e, ERR_USAGE, "the store's path is too long");
		return -1;
	}
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
	if (fd < 0)
		err_errno(e, "cannot open %s", path);
	return fd;
}

/* -1 with e->code 0 when somebody else holds it, after that many tries. */
static int take(const char *folder, int tries, struct err *e)
{
	const struct timespec step = { 0, LOCK_STEP_MS * 1000000L };
	int lock = open_lock(folder, "lock", e);

	while (lock >= 0 && tries-- > 0) {
		if (flock(lock, LOCK_EX | LOCK_NB) == 0)
			return lock;
		if (tries > 0)
			nanosleep(&step, NULL);
	}
	if (lock >= 0)
		close(lock);
	return -1;
}

/* A server waits a little, since the holder may be a command; a command becomes a guest at once. */
static bool take_lock(struct store *st, enum store_use use, struct err *e)
{
	struct err cannot = { 0 };

	st->lock = take(st->folder, use == STORE_SERVE ? LOCK_WAIT_MS / LOCK_STEP_MS : 1, &cannot);
	if (cannot.code) {
		*e = cannot;
		return false;
	}
	return st->lock >= 0 || use != STORE_SERVE ||
	       err_set(e, ERR_CONFLICT, "another kith-server holds the store %s", st->folder);
}

/* What every store has from its first moment. */
static bool make_keys(struct db *db, struct err *e)
{
	uint8_t public_key[SIGN_PUBLIC_LEN], secret_key[SIGN_SECRET_LEN];
	struct id timeline;
	struct err absent;
	bool ok;

	if (meta_get(db, "timeline", timeline.b, sizeof(timeline.b), &absent))
		return true;
	timeline = crypto_random_id();
	sign_keypair(public_key, secret_key);
	ok = db_begin(db, e) && meta_set(db, "timeline", id_bytes(&timeline), e) &&
	     meta_set(db, "server_public", bytes_of(public_key, sizeof(public_key)), e) &&
	     meta_set(db, "server_secret", bytes_of(secret_key, sizeof(secret_key)), e) &&
	     db_commit(db, e);
	if (!ok)
		db_rollback(db);
	crypto_wipe(secret_key, sizeof(secret_key));
	return ok;
}

/* What a backup says of who joined what may have ended since, and nobody would be told. */
static bool after_restore(struct db *db, struct err *e)
{
	struct err absent = { 0 };
	uint8_t mark;
	bool ok;

	if (!meta_get(db, STORE_RESTORED, &mark, sizeof(mark), &absent)) {
		if (absent.code == ERR_NOT_FOUND)
			return true;
		*e = absent;
		return false;
	}
	ok = db_begin(db, e) && account_drop_all(db, clock_wall_ms(), e) &&
	     meta_set(db, STORE_RESTORED, BYTES(""), e) && db_commit(db, e);
	if (!ok)
		db_rollback(db);
	return ok;
}

/* Alone only: a guest finds the schema as the running server made it. */
static bool prepare(struct store *st, struct err *e)
{
	enum db_mode mode = st->lock >= 0 ? DB_WRITER : DB_GUEST;

	if (!db_open(&st->db, st->path, mode, e))
		return false;
	if (mode == DB_WRITER && !db_expect_load(st->db, e))
		return false;
	return db_migrate(st->db, server_schema, server_schema_count, e) && make_keys(st->db, e) &&
	       (mode == DB_GUEST || (ref_fill_codes(st->db, e) && after_restore(st->db, e)));
}

bool store_open(struct store **out, const char *url, enum store_use use, struct err *e)
{
	struct str text = str_of(url);
	struct store *st;
	int opening;
	bool ok;

	if (str_starts(text, STR("postgresql:")) || str_starts(text, STR("postgres:")))
		return err_set(e, ERR_UNSUPPORTED,
			"PostgreSQL is not built in yet: give a folder as --store");
	st = calloc(1, sizeof(*st));
	if (!st)
		return err_set(e, ERR_INTERNAL, "no memory for the store");
	st->lock = -1;
	if ((size_t)snprintf(st->folder, sizeof(st->folder), "%s", url) >= sizeof(st->folder) ||
		(size_t)snprintf(st->path, sizeof(st->path), "%s/kith.db", url) >=
			sizeof(st->path)) {
		free(st);
		return err_set(e, ERR_USAGE, "the store's path is too long");
	}
	ok = make_folder(st->folder, use, e);
	opening = ok ? open_lock(st->folder, "open", e) : -1;
	ok = ok && opening >= 0;
	if (ok && flock(opening, LOCK_EX) != 0)
		ok = err_errno(e, "cannot lock %s", st->folder);
	ok = ok && take_lock(st, use, e) && prepare(st, e);
	if (opening >= 0)
		close(opening);
	if (!ok) {
		store_close(st);
		return false;
	}
	*out = st;
	return true;
}

void store_close(struct store *st)
{
	if (!st)
		return;
	db_close(st->db);
	if (st->lock >= 0)
		close(st->lock);
	free(st);
}

struct db *store_db(struct store *st)
{
	return st->db;
}

const char *store_path(const struct store *st)
{
	return st->path;
}

const char *store_folder(const struct store *st)
{
	return st->folder;
}

bool store_connect(struct store *st, enum db_mode mode, struct db **out, struct err *e)
{
	return db_open(out, st->path, mode, e);
}

bool store_swap_begin(struct store_swap *swap, const char *folder, struct err *e)
{
	struct err cannot = { 0 };

	if ((size_t)snprintf(swap->folder, sizeof(swap->folder), "%s", folder) >=
		sizeof(swap->folder))
		return err_set(e, ERR_USAGE, "the store's path is too long");
	snprintf(swap->path, sizeof(swap->path), "%s/restored.db", folder);
	if (!make_folder(folder, STORE_CREATE, e))
		return false;
	swap->lock = take(folder, LOCK_WAIT_MS / LOCK_STEP_MS, &cannot);
	if (swap->lock < 0) {
		if (cannot.code)
			*e = cannot;
		else
			err_set(e, ERR_CONFLICT, "a kith-server holds the store %s: stop it first",
				folder);
		return false;
	}
	unlink(swap->path);
	return true;
}

/* The database and what belongs to it, together: a WAL beside another database would be its ruin.
 */
static bool move_away(const struct store_swap *swap, struct err *e)
{
	char to[PATH_MAX + 64], from[PATH_MAX + 64], folder[PATH_MAX];
	bool made = false;

	snprintf(folder, sizeof(folder), "%s/replaced-%lld", swap->folder, (long long)time(NULL));
	for (size_t i = ARRAY_LEN(parts); i-- > 0;) {
		snprintf(from, sizeof(from), "%s/%s", swap->folder, parts[i]);
		snprintf(to, sizeof(to), "%s/%s", folder, parts[i]);
		if (access(from, F_OK) != 0)
			continue;
		if (!made && mkdir(folder, S_IRWXU) != 0 && errno != EEXIST)
			return err_errno(e, "cannot make %s", folder);
		made = true;
		if (rename(from, to) != 0)
			return err_errno(e, "cannot move %s away", from);
	}
	return true;
}

bool store_swap_commit(struct store_swap *swap, struct err *e)
{
	char to[PATH_MAX + 64];
	bool ok = move_away(swap, e);
	int folder;

	snprintf(to, sizeof(to), "%s/%s", swap->folder, parts[0]);
	if (ok && rename(swap->path, to) != 0)
		ok = err_errno(e, "cannot put the restored store in place");
	folder = open(swap->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ok && (folder < 0 || fsync(folder) != 0))
		ok = err_errno(e, "cannot write the folder %s", swap->folder);
	if (folder >= 0)
		close(folder);
	close(swap->lock);
	return ok;
}

void store_swap_abort(struct store_swap *swap)
{
	unlink(swap->path);
	close(swap->lock);
}
