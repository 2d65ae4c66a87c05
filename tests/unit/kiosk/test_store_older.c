/* Back to this version from a newer one: whatever that one acknowledged is still to be sent. */
#include <unistd.h>

#include "core/db/db.h"
#include "core/entry/wire/chain.h"
#include "tests/unit/kiosk/store_world.h"

static struct id add(struct world *w, struct store *s, uint8_t n, enum entry_kind kind)
{
	struct store_fact f = { .id = { { n, 1 } },
		.kind = kind,
		.payload = STR("{\"who\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"name\":\"x\"}") };
	struct clock_time now = {
		.boot_id = { { 1 } }, .boot_ms = n, .wall_ms = 1000 + n, .quality = CLOCK_NTP
	};

	if (kind == ENTRY_RETRACT)
		f.undoes = (struct id){ { 1, 1 } };
	if (!store_append(s, &f, 1, &now, NULL, &w->e))
		fail_msg("%s", w->e.text);
	return f.id;
}

/* As a newer version would: its own tables and columns beside ours, and another number. */
static const char of_newer[] = "ALTER TABLE entry ADD COLUMN more TEXT NOT NULL DEFAULT 'x';"
			       "ALTER TABLE attendee ADD COLUMN more INTEGER;"
			       "CREATE TABLE later (id INTEGER PRIMARY KEY);"
			       "PRAGMA user_version = 99";

static void migrate(struct world *w, const char *sql)
{
	struct db *db;

	assert_true(db_open(&db, w->path, DB_WRITER, &w->e));
	if (!db_exec(db, sql, &w->e))
		fail_msg("%s", w->e.text);
	db_close(db);
}

static void some_roster(struct world *w, struct store *s)
{
	struct id badge = { { 9, 9 } };
	struct roster_row row = {
		.id = { { 9 } }, .lang = STR("de"), .badges = &badge, .badge_count = 1
	};

	assert_true(store_roster_write(s, &row, 1, true, STR("T.4"), &w->e));
	assert_true(store_set(s, "event", STR("{}"), &w->e));
}

static bool count_row(void *context, const struct roster_row *row)
{
	assert_int_equal(row->badge_count, 1);
	++*(size_t *)context;
	return true;
}

/* Everything of before, chained anew, in a stream of its own that the server has nothing of. */
static void check(struct world *w, struct store *s, struct id old_stream, size_t entries)
{
	uint8_t prev[ENTRY_HASH_LEN];
	struct entry *list;
	size_t n, rows = 0;
	struct str cursor;

	assert_false(id_equal(store_head(s).store_id, old_stream));
	assert_int_equal(store_head(s).last_seq, entries);
	assert_int_equal(store_pending(s), entries);
	assert_true(store_read(s, 1, 100, 1 << 20, &w->a, &list, &n, prev, &w->e));
	assert_int_equal(n, entries);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(list[i].id.b[0], i + 1);
		memcpy(list[i].prev_hash, prev, sizeof(prev));
		assert_true(entry_hash_ok(&list[i]));
		memcpy(prev, list[i].hash, sizeof(prev));
	}
	assert_true(store_is_undone(s, (struct id){ { 1, 1 } }));
	assert_true(store_roster_each(s, count_row, &rows, &w->e));
	assert_int_equal(rows, 1);
	assert_true(store_roster_cursor(s, &cursor, &w->a, &w->e));
	assert_str(cursor, "T.4");
}

static struct id fill(struct world *w)
{
	struct store *s = open_store(w);
	struct id stream = store_head(s).store_id;

	some_roster(w, s);
	add(w, s, 1, ENTRY_CHECKIN);
	add(w, s, 2, ENTRY_NOTE);
	add(w, s, 3, ENTRY_RETRACT);
	assert_true(store_set_cursor(s, 1, &w->e));
	store_close(s);
	return stream;
}

static void takes_over_what_a_newer_version_wrote(void **state)
{
	struct world w;
	struct store *s;
	struct id stream;
	char aside[128];

	(void)state;
	make_world(&w);
	stream = fill(&w);
	migrate(&w, of_newer);
	s = open_store(&w);
	check(&w, s, stream, 3);
	assert_non_null(strstr(store_alert(s), "newer version"));
	snprintf(aside, sizeof(aside), "%s.newer-1", w.path);
	assert_int_equal(access(aside, F_OK), 0);
	/* and works on */
	add(&w, s, 4, ENTRY_CHECKIN);
	store_close(s);
	s = open_store(&w);
	check(&w, s, stream, 4);
	assert_string_equal(store_alert(s), "");
	store_close(s);
	end_world(&w);
}

static void entries_come_also_where_the_roster_cannot(void **state)
{
	struct world w;
	struct store *s;

	(void)state;
	make_world(&w);
	fill(&w);
	migrate(&w, of_newer);
	migrate(&w, "DROP TABLE badge");
	s = open_store(&w);
	assert_int_equal(store_pending(s), 3);
	assert_true(store_is_undone(s, (struct id){ { 1, 1 } }));
	store_close(s);
	end_world(&w);
}

static void a_power_cut_on_the_way_loses_nothing(void **state)
{
	struct world w;
	struct store *s;
	struct id stream;
	char command[512];

	(void)state;
	for (int i = 0; i < 2; i++) {
		make_world(&w);
		stream = fill(&w);
		migrate(&w, of_newer);
		/* before the newer one was moved: part and whole are worth nothing */
		snprintf(command, sizeof(command),
			i ? "cp '%s' '%s.older'; echo x >'%s.older-part'"
			  : "cp '%s' '%s.older-part'; : '%s'",
			w.path, w.path, w.path);
		assert_int_equal(system(command), 0);
		s = open_store(&w);
		check(&w, s, stream, 3);
		store_close(s);
		end_world(&w);
	}
	/* after it was moved, with a WAL of the other file left in the way */
	make_world(&w);
	stream = fill(&w);
	snprintf(command, sizeof(command), "mv '%s' '%s.older'; echo stale >'%s-wal'", w.path,
		w.path, w.path);
	assert_int_equal(system(command), 0);
	s = open_store(&w);
	assert_int_equal(store_head(s).last_seq, 3);
	assert_true(id_equal(store_head(s).store_id, stream));
	store_close(s);
	end_world(&w);
}

/*
 * What an older version reads out of a store of this one. A schema step that breaks this makes
 * every kiosk that is taken back lose what it took meanwhile.
 */
static void later_schemas_keep_what_an_older_version_reads(void **state)
{
	static const char *const reads[] = {
		"SELECT store_id, event, prune_floor, floor_hash, cursor FROM stream",
		"SELECT seq, id, kind, boot_id, boot_ms FROM entry ORDER BY seq",
		"SELECT wall_ms, quality, sealed, payload, hash FROM entry",
		"SELECT id FROM undone",
		"SELECT id, lang, ticket, checked_in_ms, name, organization FROM attendee",
		"SELECT id, who, revoked FROM badge",
		"SELECT name, value FROM setting",
	};
	struct world w;
	struct db *db;

	(void)state;
	make_world(&w);
	fill(&w);
	assert_true(db_open(&db, w.path, DB_READER, &w.e));
	for (size_t i = 0; i < ARRAY_LEN(reads); i++) {
		struct db_query *q = db_query(db, reads[i]);

		if (db_step(q, &w.e) == DB_FAILED)
			fail_msg("%s: %s", reads[i], w.e.text);
		db_reset(q);
	}
	db_close(db);
	end_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(takes_over_what_a_newer_version_wrote),
		cmocka_unit_test(entries_come_also_where_the_roster_cannot),
		cmocka_unit_test(a_power_cut_on_the_way_loses_nothing),
		cmocka_unit_test(later_schemas_keep_what_an_older_version_reads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
