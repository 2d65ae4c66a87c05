#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/config.h"
#include "core/base/json.h"
#include "core/db/db.h"
#include "core/entry/wire/chain.h"
#include "tests/unit/kiosk/store_world.h"

static struct clock_time some_time(uint64_t n)
{
	return (struct clock_time){ .boot_id = { { 1 } },
		.boot_ms = n,
		.wall_ms = (int64_t)(1000 + n),
		.quality = CLOCK_NTP };
}

/* A meeting and a note about it: one plain, one sealed. */
static bool append_result(struct world *w, struct store *s)
{
	struct clock_time now = some_time(++w->made);
	struct store_fact facts[] = {
		{ .id = crypto_uuid7(w->made),
			.kind = ENTRY_MEETING,
			.payload = STR_INIT("{\"a\":1,\"b\":2}") },
		{ .id = crypto_uuid7(w->made),
			.kind = ENTRY_NOTE,
			.payload = STR_INIT("{\"text\":\"canary\"}") },
	};

	return store_append(s, facts, ARRAY_LEN(facts), &now, NULL, &w->e);
}

static void must_append(struct world *w, struct store *s)
{
	if (!append_result(w, s))
		fail_msg("%s", w->e.text);
}

/* Everything unpruned chains from the floor to the head. */
static size_t check_chain(struct world *w, struct store *s)
{
	struct store_head h = store_head(s);
	uint8_t prev[ENTRY_HASH_LEN];
	struct entry *list;
	size_t n;

	assert_true(
		store_read(s, h.prune_floor + 1, 1000, 1u << 30, &w->a, &list, &n, prev, &w->e));
	assert_int_equal(n, h.last_seq - h.prune_floor);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(list[i].seq, h.prune_floor + 1 + i);
		assert_memory_equal(
			list[i].prev_hash, i > 0 ? list[i - 1].hash : prev, ENTRY_HASH_LEN);
		assert_true(entry_hash_ok(&list[i]));
		assert_true(id_equal(list[i].store_id, h.store_id));
	}
	if (n > 0)
		assert_memory_equal(list[n - 1].hash, h.last_hash, ENTRY_HASH_LEN);
	return n;
}

static void keeps_what_it_took_and_seals_what_is_private(void **state)
{
	struct world w;
	struct store *s;
	struct entry *list;
	size_t n;
	uint8_t prev[ENTRY_HASH_LEN], text[256];
	struct buf open = BUF_ON(text);
	struct bytes raw;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	must_append(&w, s);
	must_append(&w, s);
	store_close(s);
	s = open_store(&w);
	assert_int_equal(check_chain(&w, s), 4);
	assert_true(store_read(s, 3, 10, 1u << 20, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(n, 2);
	assert_false(list[0].sealed);
	assert_true(bytes_equal(list[0].payload, BYTES("{\"a\":1,\"b\":2}")));
	assert_true(list[1].sealed);
	assert_true(seal_open(&open, list[1].payload, w.config.seal_public, w.seal_secret));
	assert_str(buf_str(&open), "{\"text\":\"canary\"}");
	store_close(s);
	assert_true(file_read(&raw, w.path, 1 << 20, &w.a, &w.e));
	assert_int_equal(
		str_find((struct str){ (const char *)raw.p, raw.len }, STR("canary"), 0), SIZE_MAX);
	end_world(&w);
}

static void limits_a_batch_by_count_and_by_bytes(void **state)
{
	struct world w;
	struct store *s;
	struct entry *list;
	size_t n;
	uint8_t prev[ENTRY_HASH_LEN];

	(void)state;
	make_world(&w);
	s = open_store(&w);
	for (int i = 0; i < 5; i++)
		must_append(&w, s);
	assert_true(store_read(s, 1, 3, 1u << 20, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(n, 3);
	assert_true(store_read(s, 1, 10, 100, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(n, 3); /* 13 + 65 + 13 bytes */
	assert_true(store_read(s, 1, 10, 0, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(n, 1);
	assert_true(store_read(s, 11, 10, 100, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(n, 0);
	store_close(s);
	end_world(&w);
}

static void moves_its_cursor_both_ways_and_prunes_only_behind_it(void **state)
{
	struct world w;
	struct store *s;
	uint8_t hash[ENTRY_HASH_LEN], prev[ENTRY_HASH_LEN];
	struct entry *list;
	size_t n;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	for (int i = 0; i < 5; i++)
		must_append(&w, s);
	assert_int_equal(store_pending(s), 10);
	assert_true(store_set_cursor(s, 8, &w.e));
	assert_true(store_set_cursor(s, 6, &w.e));
	assert_false(store_set_cursor(s, 11, &w.e));
	assert_int_equal(store_pending(s), 4);
	assert_true(store_hash_at(s, 6, hash, &w.e));
	assert_true(store_prune(s, 9, &w.e));
	assert_int_equal(store_head(s).prune_floor, 6);
	assert_int_equal(check_chain(&w, s), 4);
	assert_true(store_hash_at(s, 6, prev, &w.e));
	assert_memory_equal(hash, prev, ENTRY_HASH_LEN);
	assert_false(store_read(s, 6, 1, 1, &w.a, &list, &n, prev, &w.e));
	assert_int_equal(w.e.code, ERR_GONE);
	assert_false(store_set_cursor(s, 5, &w.e));
	store_close(s);
	s = open_store(&w);
	assert_int_equal(store_head(s).cursor, 6);
	assert_int_equal(check_chain(&w, s), 4);
	/* everything pruned: the numbers go on, they do not begin again */
	assert_true(store_set_cursor(s, 10, &w.e));
	assert_true(store_prune(s, 10, &w.e));
	store_close(s);
	s = open_store(&w);
	must_append(&w, s);
	assert_int_equal(store_head(s).last_seq, 12);
	assert_int_equal(check_chain(&w, s), 2);
	store_close(s);
	end_world(&w);
}

static void a_fork_keeps_ids_and_begins_a_new_chain(void **state)
{
	struct world w;
	struct store *s;
	struct store_head before;
	struct entry *old, *new;
	size_t n;
	uint8_t prev[ENTRY_HASH_LEN];

	(void)state;
	make_world(&w);
	s = open_store(&w);
	for (int i = 0; i < 4; i++)
		must_append(&w, s);
	assert_true(store_set_cursor(s, 3, &w.e));
	assert_true(store_prune(s, 3, &w.e));
	before = store_head(s);
	assert_true(store_read(s, 4, 10, 1u << 20, &w.a, &old, &n, prev, &w.e));
	assert_true(store_fork(s, &w.e));
	assert_false(id_equal(before.store_id, store_head(s).store_id));
	assert_int_equal(store_head(s).cursor, 0);
	assert_true(store_alert(s)[0] != '\0');
	assert_int_equal(check_chain(&w, s), 5);
	assert_true(store_read(s, 1, 10, 1u << 20, &w.a, &new, &n, prev, &w.e));
	for (size_t i = 0; i < n; i++) {
		assert_true(id_equal(old[i].id, new[i].id));
		assert_true(bytes_equal(old[i].payload, new[i].payload));
	}
	store_close(s);
	s = open_store(&w);
	must_append(&w, s);
	assert_int_equal(check_chain(&w, s), 7);
	store_close(s);
	end_world(&w);
}

static void copy_file(struct world *w, const char *from, const char *to)
{
	struct bytes b;

	unlink(to);
	if (file_read(&b, from, 64u << 20, &w->a, &w->e))
		assert_true(file_replace(to, b, 0600, &w->e));
}

static void a_copy_taken_at_any_point_holds_whole_results(void **state)
{
	struct world w;
	struct store *s, *t;
	struct store_config config;
	char copy[128], copy_wal[140], wal[140];

	(void)state;
	make_world(&w);
	snprintf(copy, sizeof(copy), "%s/copy.db", w.folder);
	snprintf(copy_wal, sizeof(copy_wal), "%s-wal", copy);
	snprintf(wal, sizeof(wal), "%s-wal", w.path);
	config = w.config;
	config.path = copy;
	s = open_store(&w);
	for (unsigned i = 0; i < 12; i++) {
		struct bytes b;

		must_append(&w, s);
		/* the WAL cut at any byte: what a power cut may leave of the last writes */
		copy_file(&w, w.path, copy);
		assert_true(file_read(&b, wal, 64u << 20, &w.a, &w.e));
		if (i % 2 == 1)
			b.len -= 1000 + 371 * i;
		unlink(copy_wal);
		assert_true(file_replace(copy_wal, b, 0600, &w.e));
		assert_true(store_open(&t, &config, &w.e));
		assert_string_equal(store_alert(t), "");
		if (i % 2 == 0)
			assert_int_equal(store_head(t).last_seq, 2 * (i + 1));
		assert_int_equal(check_chain(&w, t) % 2, 0);
		store_close(t);
	}
	store_close(s);
	end_world(&w);
}

/* The child writes the head's seq to the pipe after each commit, until it is killed. */
static NORETURN void append_until_killed(struct world *w, int fd)
{
	struct store *s = open_store(w);

	for (;;) {
		uint64_t seq;

		must_append(w, s);
		seq = store_head(s).last_seq;
		if (write(fd, &seq, sizeof(seq)) != sizeof(seq))
			_exit(1);
	}
}

static void loses_nothing_acknowledged_to_a_kill(void **state)
{
	struct world w;
	uint64_t acked = 0;

	(void)state;
	make_world(&w);
	for (unsigned round = 0; round < 12; round++) {
		int fd[2], status;
		uint64_t seq;
		struct store *s;
		pid_t pid;

		assert_int_equal(pipe(fd), 0);
		pid = fork();
		assert_true(pid >= 0);
		if (pid == 0)
			append_until_killed(&w, fd[1]);
		close(fd[1]);
		for (unsigned i = 0;
			i <= round * 3 && read(fd[0], &seq, sizeof(seq)) == sizeof(seq); i++)
			acked = seq;
		kill(pid, SIGKILL);
		while (read(fd[0], &seq, sizeof(seq)) == sizeof(seq))
			acked = seq;
		waitpid(pid, &status, 0);
		close(fd[0]);
		s = open_store(&w);
		assert_string_equal(store_alert(s), "");
		assert_true(store_head(s).last_seq >= acked);
		assert_true(store_head(s).last_seq <= acked + 2);
		assert_int_equal(check_chain(&w, s), store_head(s).last_seq);
		store_close(s);
	}
	end_world(&w);
}

static void says_not_recorded_on_a_full_disk_and_recovers(void **state)
{
	struct world w;
	struct store *s;
	struct rlimit old, tight;
	uint64_t held;
	unsigned refused = 0;

	(void)state;
	make_world(&w);
	signal(SIGXFSZ, SIG_IGN);
	s = open_store(&w);
	must_append(&w, s);
	getrlimit(RLIMIT_FSIZE, &old);
	tight = old;
	tight.rlim_cur = 24 * 1024;
	setrlimit(RLIMIT_FSIZE, &tight);
	for (int i = 0; i < 20; i++)
		refused += !append_result(&w, s);
	assert_true(refused > 0);
	assert_false(append_result(&w, s));
	assert_true(w.e.code == ERR_FULL || w.e.code == ERR_IO);
	held = store_head(s).last_seq;
	setrlimit(RLIMIT_FSIZE, &old);
	must_append(&w, s);
	assert_true(store_head(s).last_seq >= held + 2);
	assert_int_equal(check_chain(&w, s), store_head(s).last_seq);
	store_close(s);
	s = open_store(&w);
	assert_string_equal(store_alert(s), "");
	assert_int_equal(check_chain(&w, s), store_head(s).last_seq);
	store_close(s);
	end_world(&w);
}

static void moves_a_damaged_file_aside_and_goes_on(void **state)
{
	static const struct {
		off_t at;
		size_t len;
	} damage[] = { { 0, 64 }, { 100, 900 }, { 4096, 3000 } };
	struct world w;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < ARRAY_LEN(damage); i++) {
		struct store *s = open_store(&w);
		uint8_t noise[4096];
		char aside[128];
		int fd;

		for (int k = 0; k < 30; k++)
			must_append(&w, s);
		store_close(s);
		memset(noise, 0xA5, sizeof(noise));
		fd = open(w.path, O_WRONLY);
		assert_int_equal(
			pwrite(fd, noise, damage[i].len, damage[i].at), (ssize_t)damage[i].len);
		close(fd);
		s = open_store(&w);
		assert_true(strstr(store_alert(s), "damaged") != NULL);
		assert_int_equal(store_head(s).last_seq, 0);
		must_append(&w, s);
		store_close(s);
		snprintf(aside, sizeof(aside), "%s.damaged-%zu", w.path, i + 1);
		assert_int_equal(access(aside, F_OK), 0);
	}
	end_world(&w);
}

static void leaves_another_events_file_only_when_it_is_synced(void **state)
{
	struct world w;
	struct store *s;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	must_append(&w, s);
	store_close(s);
	w.config.event = 8;
	assert_false(store_open(&s, &w.config, &w.e));
	assert_int_equal(w.e.code, ERR_CONFLICT);
	w.config.event = 7;
	s = open_store(&w);
	assert_true(store_set_cursor(s, 2, &w.e));
	store_close(s);
	w.config.event = 8;
	s = open_store(&w);
	assert_int_equal(store_head(s).last_seq, 0);
	assert_int_equal(store_head(s).event, 8);
	store_close(s);
	end_world(&w);
}

static bool count_entry(void *context, const struct entry *x)
{
	size_t *n = context;

	assert_true(entry_hash_ok(x));
	++*n;
	return true;
}

static void the_log_is_read_beside_a_running_kiosk(void **state)
{
	struct world w;
	struct store *s;
	size_t n = 0;

	(void)state;
	make_world(&w);
	assert_false(store_log(w.path, count_entry, &n, &w.e));
	s = open_store(&w);
	must_append(&w, s);
	assert_true(store_log(w.path, count_entry, &n, &w.e));
	assert_int_equal(n, 2);
	store_close(s);
	end_world(&w);
}

struct seen_rows {
	unsigned rows, named, badges, revoked, tickets, checked_in;
};

static bool see_row(void *context, const struct roster_row *row)
{
	struct seen_rows *seen = context;

	seen->rows++;
	seen->named += row->name.len > 0 || row->organization.len > 0;
	seen->badges += (unsigned)row->badge_count;
	seen->revoked += (unsigned)row->revoked_count;
	seen->tickets += row->has_ticket && row->ticket[3] == 9;
	seen->checked_in += row->checked_in;
	return true;
}

static struct seen_rows look(struct world *w, struct store *s)
{
	struct seen_rows seen = { 0 };

	assert_true(store_roster_each(s, see_row, &seen, &w->e));
	return seen;
}

static void keeps_the_roster_without_names_unless_told_to(void **state)
{
	static const struct id badges[] = { { { 1 } }, { { 2 } } }, revoked[] = { { { 3 } } };
	const struct roster_row rows[] = {
		{ .id = { { 10 } },
			.name = STR_INIT("Ana Marin"),
			.organization = STR_INIT("Acme"),
			.lang = STR_INIT("de"),
			.badges = badges,
			.badge_count = 2,
			.revoked = revoked,
			.revoked_count = 1,
			.has_ticket = true,
			.ticket = { 0, 0, 0, 9 } },
		{ .id = { { 11 } },
			.name = STR_INIT("Ben"),
			.checked_in = true,
			.checked_in_ms = 5 },
	};
	const struct roster_row gone = { .id = { { 10 } }, .gone = true };
	struct seen_rows seen;
	struct world w;
	struct store *s;
	struct str cursor;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	assert_true(store_roster_cursor(s, &cursor, &w.a, &w.e));
	assert_str(cursor, "");
	assert_true(store_roster_write(s, rows, 2, true, STR("t.2"), &w.e));
	assert_true(store_roster_write(s, rows, 2, false, STR("t.3"), &w.e));
	seen = look(&w, s);
	assert_int_equal(seen.rows, 2);
	assert_int_equal(seen.named, 0);
	assert_int_equal(seen.badges, 2);
	assert_int_equal(seen.revoked, 1);
	assert_int_equal(seen.tickets, 1);
	assert_int_equal(seen.checked_in, 1);
	assert_true(store_roster_cursor(s, &cursor, &w.a, &w.e));
	assert_str(cursor, "t.3");
	store_close(s);
	w.config.names = true;
	s = open_store(&w);
	assert_true(store_roster_write(s, rows, 1, false, STR("t.4"), &w.e));
	assert_int_equal(look(&w, s).named, 1);
	assert_true(store_roster_write(s, &gone, 1, false, STR("t.5"), &w.e));
	seen = look(&w, s);
	assert_int_equal(seen.rows, 1);
	assert_int_equal(seen.badges, 0);
	assert_true(store_roster_write(s, NULL, 0, true, STR("u.1"), &w.e));
	assert_int_equal(look(&w, s).rows, 0);
	store_close(s);
	end_world(&w);
}

static bool is_first(void *context, struct id who)
{
	return id_equal(*(const struct id *)context, who);
}

static void a_roster_of_several_pages_forgets_at_its_end(void **state)
{
	const struct id badges[] = { { { 21 } }, { { 22 } } };
	const struct roster_row rows[] = {
		{ .id = { { 10 } }, .badges = &badges[0], .badge_count = 1 },
		{ .id = { { 11 } }, .revoked = &badges[1], .revoked_count = 1 },
	};
	struct id first = rows[0].id;
	struct seen_rows seen;
	struct world w;
	struct store *s;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	assert_true(store_roster_write(s, rows, 2, true, STR("t.2"), &w.e));
	assert_true(store_roster_write(s, rows, 1, false, STR("u.1"), &w.e));
	seen = look(&w, s);
	assert_int_equal(seen.rows, 2);
	assert_int_equal(seen.revoked, 1);
	assert_true(store_roster_keep(s, is_first, &first, &w.e));
	seen = look(&w, s);
	assert_int_equal(seen.rows, 1);
	assert_int_equal(seen.badges, 1);
	assert_int_equal(seen.revoked, 0);
	assert_true(store_roster_keep(s, is_first, &first, &w.e));
	store_close(s);
	end_world(&w);
}

static void remembers_checkins_undone_entries_and_new_badges(void **state)
{
	const struct roster_row rows[] = { { .id = { { 10 } } }, { .id = { { 11 } } } };
	struct clock_time now = some_time(1);
	struct store_fact facts[] = {
		{ .id = { { 1 } }, .kind = ENTRY_CHECKIN },
		{ .id = { { 2 } }, .kind = ENTRY_CHECKIN },
		{ .id = { { 3 } },
			.kind = ENTRY_RETRACT,
			.payload = STR_INIT("{}"),
			.undoes = { { 2 } } },
		{ .id = { { 4 } },
			.kind = ENTRY_BADGE_ASSIGN,
			.payload = STR_INIT("{}"),
			.badge = { { 20 } },
			.who = { { 11 } } },
	};
	char text[2][64];
	struct seen_rows seen;
	struct world w;
	struct store *s;

	(void)state;
	make_world(&w);
	for (size_t i = 0; i < 2; i++) {
		struct buf b = BUF_ON(text[i]);
		struct json_writer j = JSON_TO(&b);

		json_open(&j, NULL, '{');
		json_id(&j, "who", rows[i].id);
		json_close(&j, '}');
		facts[i].payload = buf_str(&b);
	}
	s = open_store(&w);
	assert_true(store_roster_write(s, rows, 2, true, STR("t.1"), &w.e));
	assert_true(store_append(s, facts, ARRAY_LEN(facts), &now, NULL, &w.e));
	assert_false(store_is_undone(s, facts[0].id));
	assert_true(store_is_undone(s, facts[1].id));
	assert_true(store_set_cursor(s, 4, &w.e));
	assert_true(store_prune(s, 4, &w.e));
	seen = look(&w, s);
	assert_int_equal(seen.checked_in, 1);
	assert_int_equal(seen.badges, 1);
	store_close(s);
	end_world(&w);
}

static const char *beside(struct world *w, const char *tail)
{
	return arena_printf(&w->a, "%s%s", w->path, tail).p;
}

static void a_wipe_leaves_only_what_the_server_lacks(void **state)
{
	const struct roster_row row = { .id = { { 0xC5, 0xA7, 0xD9, 0x11, 0x22 } },
		.lang = STR_INIT("wipe-canary") };
	static const char *const aside[] = { ".damaged-1", ".damaged-1-wal", ".event-7-1",
		".newer-2", "-of-somebody-else" };
	struct world w;
	struct store *s;
	struct bytes raw;

	(void)state;
	make_world(&w);
	s = open_store(&w);
	for (int i = 0; i < 3; i++)
		must_append(&w, s);
	assert_true(store_roster_write(s, &row, 1, true, STR("t.1"), &w.e));
	assert_true(store_set_cursor(s, 4, &w.e));
	for (size_t i = 0; i < ARRAY_LEN(aside); i++)
		assert_true(file_replace(beside(&w, aside[i]), BYTES("x"), 0600, &w.e));
	assert_true(store_wipe(s, &w.e));
	for (size_t i = 0; i < ARRAY_LEN(aside); i++)
		assert_int_equal(access(beside(&w, aside[i]), F_OK), aside[i][0] == '.' ? -1 : 0);
	assert_int_equal(check_chain(&w, s), 2);
	assert_int_equal(look(&w, s).rows, 0);
	store_close(s);
	assert_true(file_read(&raw, w.path, 1 << 20, &w.a, &w.e));
	assert_int_equal(
		str_find((struct str){ (const char *)raw.p, raw.len }, STR("wipe-canary"), 0),
		SIZE_MAX);
	unlink(beside(&w, "-of-somebody-else"));
	end_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keeps_what_it_took_and_seals_what_is_private),
		cmocka_unit_test(limits_a_batch_by_count_and_by_bytes),
		cmocka_unit_test(moves_its_cursor_both_ways_and_prunes_only_behind_it),
		cmocka_unit_test(a_fork_keeps_ids_and_begins_a_new_chain),
		cmocka_unit_test(a_copy_taken_at_any_point_holds_whole_results),
		cmocka_unit_test(loses_nothing_acknowledged_to_a_kill),
		cmocka_unit_test(says_not_recorded_on_a_full_disk_and_recovers),
		cmocka_unit_test(moves_a_damaged_file_aside_and_goes_on),
		cmocka_unit_test(leaves_another_events_file_only_when_it_is_synced),
		cmocka_unit_test(the_log_is_read_beside_a_running_kiosk),
		cmocka_unit_test(keeps_the_roster_without_names_unless_told_to),
		cmocka_unit_test(a_roster_of_several_pages_forgets_at_its_end),
		cmocka_unit_test(remembers_checkins_undone_entries_and_new_badges),
		cmocka_unit_test(a_wipe_leaves_only_what_the_server_lacks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
