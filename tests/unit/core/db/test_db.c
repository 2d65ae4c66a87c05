#include "tests/unit/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "core/db/db.h"

static char folder[] = "/tmp/kith-db-XXXXXX", path[64], wal[64], copy[64];

static int make_folder(void **state)
{
	(void)state;
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof(path), "%s/t.db", folder);
	snprintf(wal, sizeof(wal), "%s/t.db-wal", folder);
	snprintf(copy, sizeof(copy), "%s/copy.db", folder);
	return 0;
}

static int remove_folder(void **state)
{
	char shm[64];

	(void)state;
	snprintf(shm, sizeof(shm), "%s/t.db-shm", folder);
	unlink(shm);
	unlink(wal);
	unlink(path);
	unlink(copy);
	return rmdir(folder);
}

static struct db *open_db(enum db_mode mode)
{
	struct db *db = NULL;
	struct err e = { 0 };

	if (!db_open(&db, path, mode, &e))
		fail_msg("%s", e.text);
	return db;
}

static int64_t count(struct db *db)
{
	static const char sql[] = "SELECT COUNT(*) FROM t";
	struct db_query *q = db_query(db, sql);
	struct err e = { 0 };
	int64_t n = -1;

	if (db_step(q, &e) == DB_ROW)
		n = db_i64(q, 0);
	db_reset(q);
	return n;
}

static void a_statement_that_cannot_be_prepared_fails_at_its_step(void **state)
{
	static const char sql[] = "SELECT nothing FROM nowhere WHERE x = $1";
	struct db *db = open_db(DB_WRITER);
	struct db_query *q = db_query(db, sql);
	struct err e = { 0 };

	(void)state;
	db_bind_i64(q, 1, 7);
	assert_int_equal(db_step(q, &e), DB_FAILED);
	assert_int_equal(e.code, ERR_INTERNAL);
	assert_non_null(strstr(e.text, "nowhere"));
	db_reset(q);
	db_close(db);
}

static void parameters_are_found_by_number_in_any_order(void **state)
{
	static const char sql[] = "SELECT $2, $1, $2";
	struct db *db = open_db(DB_WRITER);
	struct db_query *q = db_query(db, sql);
	struct err e = { 0 };

	(void)state;
	db_bind_i64(q, 1, 1);
	db_bind_i64(q, 2, 2);
	assert_int_equal(db_step(q, &e), DB_ROW);
	assert_int_equal(db_i64(q, 0), 2);
	assert_int_equal(db_i64(q, 1), 1);
	assert_int_equal(db_i64(q, 2), 2);
	db_reset(q);
	db_close(db);
}

static void a_reader_does_not_write(void **state)
{
	struct db *writer = open_db(DB_WRITER), *reader;
	struct err e = { 0 };

	(void)state;
	assert_true(db_exec(writer, "CREATE TABLE IF NOT EXISTS t (x INTEGER)", &e));
	reader = open_db(DB_READER);
	assert_false(db_exec(reader, "INSERT INTO t VALUES (1)", &e));
	db_close(reader);
	db_close(writer);
}

static void a_guest_writes_and_leaves_the_checkpoint_to_the_writer(void **state)
{
	struct db *writer = open_db(DB_WRITER), *guest;
	struct err e = { 0 };
	struct stat st;

	(void)state;
	assert_true(db_exec(writer, "CREATE TABLE IF NOT EXISTS t (x INTEGER)", &e));
	db_close(writer); /* the last one out writes the WAL back */
	assert_true(stat(wal, &st) != 0 || st.st_size == 0);
	guest = open_db(DB_GUEST);
	for (int i = 0; i < 400; i++)
		assert_true(db_exec(guest, "INSERT INTO t VALUES (zeroblob(3000))", &e));
	assert_true(db_copy(guest, copy, &e));
	db_close(guest);
	/* far past any automatic checkpoint, and after the last close: all of it is still there */
	assert_int_equal(stat(wal, &st), 0);
	assert_true(st.st_size > 400 * 3000);
	writer = open_db(DB_WRITER);
	assert_int_equal(count(writer), 400);
	db_close(writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_statement_that_cannot_be_prepared_fails_at_its_step),
		cmocka_unit_test(parameters_are_found_by_number_in_any_order),
		cmocka_unit_test(a_reader_does_not_write),
		cmocka_unit_test(a_guest_writes_and_leaves_the_checkpoint_to_the_writer),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
