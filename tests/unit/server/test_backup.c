#include "tests/unit/server/world.h"

#include <fcntl.h>

#include "server/backup.h"
#include "server/backup_list.h"
#include "server/store/accounts.h"
#include "server/store/sessions.h"

struct vault {
	char dir[128];
	struct backup_key key;
};

static struct vault vault_open(struct world *w)
{
	struct vault v;
	struct err e = { 0 };

	snprintf(v.dir, sizeof(v.dir), "%s/backups", w->dir);
	if (!backup_make_key(&v.key, v.dir, &e))
		fail_msg("%s", e.text);
	return v;
}

static struct backup_result back_up(struct world *w, const struct vault *v, unsigned keep)
{
	struct backup_result result;
	struct err e = { 0 };

	world_now += 1000;
	if (!backup_make(w->s, v->dir, keep, &result, &e))
		fail_msg("%s", e.text);
	return result;
}

static void write_some(struct world *w, struct diary *k, int n)
{
	for (int i = 0; i < n; i++)
		write_checkin(w, k, crypto_random_id());
	send_entries(w, k, k->count - (size_t)n + 1, (size_t)n);
}

static uint64_t safe_seq(struct world *w, const struct diary *k)
{
	return send_entries(w, k, k->count + 1, 0).reply.safe_seq;
}

static void restore(struct world *w, const struct vault *v, const char *name)
{
	char path[BACKUP_PATH_MAX];
	struct err e = { 0 };

	server_close(w->s);
	w->s = NULL;
	if (!backup_restore(w->dir, v->dir, name, &v->key, path, &e))
		fail_msg("%s", e.text);
	world_reopen(w);
}

static void safe_seq_is_what_the_oldest_backup_holds(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct vault v = vault_open(w);

	(void)state;
	write_some(w, k, 3);
	assert_int_equal(safe_seq(w, k), 0);
	back_up(w, &v, 2);
	assert_int_equal(safe_seq(w, k), 3);
	write_some(w, k, 4);
	assert_int_equal(safe_seq(w, k), 3);
	back_up(w, &v, 2);
	assert_int_equal(safe_seq(w, k), 3); /* the first one is still offered */
	write_some(w, k, 1);
	assert_int_equal(back_up(w, &v, 2).removed, 1);
	assert_int_equal(safe_seq(w, k), 7);
	diary_free(k);
	world_close(w);
}

static void a_second_folder_holds_safe_seq_back(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct vault v = vault_open(w), other;
	struct err e = { 0 };

	(void)state;
	snprintf(other.dir, sizeof(other.dir), "%s/elsewhere", w->dir);
	assert_true(backup_make_key(&other.key, other.dir, &e));
	write_some(w, k, 2);
	back_up(w, &other, 1);
	write_some(w, k, 2);
	back_up(w, &v, 1);
	assert_int_equal(safe_seq(w, k), 2);
	diary_free(k);
	world_close(w);
}

static void a_clock_that_went_back_leaves_the_newest_backup_newest(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct vault v = vault_open(w);
	struct backup_result first, second;

	(void)state;
	write_some(w, k, 2);
	first = back_up(w, &v, 2);
	write_some(w, k, 3);
	world_now -= 86400000;
	second = back_up(w, &v, 1);
	assert_true(strcmp(first.path, second.path) < 0);
	assert_int_equal(second.removed, 1);
	assert_int_equal(access(first.path, F_OK), -1);
	assert_int_equal(access(second.path, F_OK), 0);
	assert_int_equal(safe_seq(w, k), 5);
	restore(w, &v, NULL);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 5);
	diary_free(k);
	world_close(w);
}

static void restored_stores_are_filled_up_again(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct vault v = vault_open(w);
	struct id timeline = w->s->timeline;
	struct answer a;

	(void)state;
	write_some(w, k, 5);
	back_up(w, &v, 3);
	write_some(w, k, 4);
	write_checkin(w, k, ana.id);
	a = send_entries(w, k, 10, 1);
	assert_int_equal(a.reply.durable_seq, 10);
	assert_int_equal(a.reply.safe_seq, 5);

	restore(w, &v, NULL);
	assert_false(id_equal(timeline, w->s->timeline));
	a = send_entries(w, k, 11, 0); /* the next heartbeat: the cursor goes down */
	assert_int_equal(a.reply.status, BATCH_GAP);
	assert_int_equal(a.reply.durable_seq, 5);
	assert_memory_equal(a.reply.durable_hash, k->entries[4].hash, ENTRY_HASH_LEN);
	assert_int_equal(a.reply.safe_seq, 5);
	a = send_entries(w, k, 6, 5);
	assert_int_equal(a.reply.status, BATCH_OK);
	assert_int_equal(a.reply.durable_seq, 10);
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry"), 10);
	assert_int_equal(
		world_count(w, "SELECT COUNT(*) FROM attendee WHERE in_ms IS NOT NULL"), 1);
	/* and the one that it came from stays offered, so safe_seq waits for it */
	back_up(w, &v, 3);
	assert_int_equal(safe_seq(w, k), 5);
	diary_free(k);
	world_close(w);
}

static void what_waits_to_be_opened_is_in_the_backup(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct vault v = vault_open(w);
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_NOTE,
		say(w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"n\"}", id_text(ana.id).s,
			id_uuid_text(crypto_random_id()).s));
	diary_seal(w, k, ENTRY_NOTE, STR("{}"));
	a = send_entries(w, k, 1, 2);
	assert_int_equal(a.reply.refusal_count, 0);
	back_up(w, &v, 3);
	assert_int_equal(safe_seq(w, k), 2); /* so the kiosk may forget them */
	restore(w, &v, NULL);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM sealed"), 2);
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM sealed"), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention WHERE kind = 6"), 1);
	a = send_entries(w, k, 3, 0);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[1].id));
	diary_free(k);
	world_close(w);
}

/* What docs/operating.md, "After a restore", warns of, and that what it says to do works. */
static void a_restored_store_forgot_what_was_revoked_and_ended_since(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct vault v = vault_open(w);
	struct caller organizer = world_organizer(w);
	struct str revoke = say(
		w, "/v1/events/%u/stations/%s/revoke", w->event.event, id_uuid_text(k->station).s);
	struct cookie cookie;
	struct session s;
	struct err e = { 0 };
	bool ever = false;

	(void)state;
	assert_true(session_make(w->s->write.db, SESSION_ATTENDEE, w->event.event, ana.id,
		STR("a browser"), world_now, &cookie, &e));
	back_up(w, &v, 3);
	assert_true(session_find(
		&s, w->s->write.db, SESSION_ATTENDEE, str_of(cookie.text), world_now, &e));
	assert_true(session_end(w->s->write.db, w->event.event, ana.id, s.id, world_now, &e));
	assert_int_equal(ask(w, &organizer, "POST", revoke, BYTES("")).status, 200);
	assert_int_equal(send_entries(w, k, 1, 0).status, 403);

	restore(w, &v, NULL);
	assert_int_equal(send_entries(w, k, 1, 0).status, 200);
	assert_true(session_find(
		&s, w->s->write.db, SESSION_ATTENDEE, str_of(cookie.text), world_now, &e));
	world_exec(w, "UPDATE session SET ended_ms = made_ms WHERE ended_ms IS NULL");
	assert_false(session_find(
		&s, w->s->write.db, SESSION_ATTENDEE, str_of(cookie.text), world_now, &e));
	e = (struct err){ 0 };
	assert_true(session_ever(&ever, w->s->write.db, w->event.event, ana.id, &e) && ever);
	assert_int_equal(ask(w, &organizer, "POST", revoke, BYTES("")).status, 200);
	assert_int_equal(send_entries(w, k, 1, 0).status, 403);
	diary_free(k);
	world_close(w);
}

/* Who parted since would be joined again, unknown to them. */
static void after_a_restore_nobody_is_joined_and_everybody_is_told(void **state)
{
	struct world *w = world_open();
	struct attendee ana[2] = { world_attendee(w, "Ana") };
	struct event first = w->event;
	struct account both[2];
	struct vault v = vault_open(w);
	struct notice *notices;
	struct err e = { 0 };
	size_t n;

	(void)state;
	assert_true(writer_run(w->s, world_make_event, &w->event, &e));
	ana[1] = world_attendee(w, "Ana");
	both[0] = (struct account){ first.event, ana[0].attendee, ana[0].id };
	both[1] = (struct account){ w->event.event, ana[1].attendee, ana[1].id };
	assert_true(account_join(w->s->write.db, &both[0], &both[1], world_now, &e));
	world_settle(w);
	back_up(w, &v, 3);
	assert_true(account_part(w->s->write.db, &both[1], &e));

	restore(w, &v, NULL);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account"), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM queue_dirty"), 2);
	for (int i = 0; i < 2; i++) {
		assert_true(notice_list(
			&notices, &n, w->s->write.db, both[i].event, both[i].id, 0, &w->arena, &e));
		assert_int_equal(n, 1);
		assert_true(str_starts(notices[0].text, STR("The server was restored")));
	}
	/* once: who joins again stays joined */
	assert_true(account_join(w->s->write.db, &both[0], &both[1], world_now, &e));
	server_close(w->s);
	world_reopen(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM account"), 2);
	world_close(w);
}

static void a_damaged_store_does_not_move_safe_seq(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct vault v = vault_open(w);
	struct backup_result result;
	struct err e = { 0 };

	(void)state;
	write_some(w, k, 3);
	world_exec(w, "DELETE FROM entry WHERE seq = 2");
	assert_false(backup_make(w->s, v.dir, 2, &result, &e));
	assert_non_null(strstr(e.text, "has 2 entries"));
	assert_int_equal(safe_seq(w, k), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM backup"), 0);
	diary_free(k);
	world_close(w);
}

static void only_its_own_key_opens_a_backup(void **state)
{
	struct world *w = world_open();
	struct vault v = vault_open(w);
	struct backup_key other;
	char path[BACKUP_PATH_MAX], into[256];
	struct err e = { 0 };

	(void)state;
	back_up(w, &v, 1);
	seal_keypair(other.public_key, other.secret_key);
	snprintf(into, sizeof(into), "%s/into", w->dir);
	assert_false(backup_restore(into, v.dir, NULL, &other, path, &e));
	assert_int_equal(e.code, ERR_FORBIDDEN);
	e = (struct err){ 0 };
	assert_true(backup_restore(into, v.dir, NULL, &v.key, path, &e));
	world_close(w);
}

static void a_backup_that_was_cut_or_changed_is_refused(void **state)
{
	struct world *w = world_open();
	struct vault v = vault_open(w);
	struct backup_result made = back_up(w, &v, 1);
	char path[BACKUP_PATH_MAX], into[256];
	struct err e = { 0 };
	int fd;

	(void)state;
	snprintf(into, sizeof(into), "%s/into", w->dir);
	fd = open(made.path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, "?", 1, made.bytes / 2), 1);
	assert_false(backup_restore(into, v.dir, NULL, &v.key, path, &e));
	assert_int_equal(ftruncate(fd, 100), 0);
	e = (struct err){ 0 };
	assert_false(backup_restore(into, v.dir, NULL, &v.key, path, &e));
	assert_int_equal(e.code, ERR_MALFORMED);
	close(fd);
	world_close(w);
}

static void a_running_server_is_not_restored_over(void **state)
{
	struct world *w = world_open();
	struct vault v = vault_open(w);
	char path[BACKUP_PATH_MAX];
	struct err e = { 0 };

	(void)state;
	back_up(w, &v, 1);
	assert_false(backup_restore(w->dir, v.dir, NULL, &v.key, path, &e));
	assert_int_equal(e.code, ERR_CONFLICT);
	world_close(w);
}

static void a_key_survives_paper(void **state)
{
	struct world *w = world_open();
	struct vault v = vault_open(w);
	struct buf text = BUF_IN(&w->arena);
	struct backup_key again;
	struct err e = { 0 };

	(void)state;
	backup_key_write(&text, &v.key);
	assert_true(backup_key_read(&again, buf_bytes(&text), &e));
	assert_memory_equal(&again, &v.key, sizeof(again));
	assert_false(backup_key_read(&again, BYTES("kith-backup-secret-1 abc"), &e));
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(safe_seq_is_what_the_oldest_backup_holds),
		cmocka_unit_test(a_second_folder_holds_safe_seq_back),
		cmocka_unit_test(a_clock_that_went_back_leaves_the_newest_backup_newest),
		cmocka_unit_test(restored_stores_are_filled_up_again),
		cmocka_unit_test(what_waits_to_be_opened_is_in_the_backup),
		cmocka_unit_test(a_restored_store_forgot_what_was_revoked_and_ended_since),
		cmocka_unit_test(after_a_restore_nobody_is_joined_and_everybody_is_told),
		cmocka_unit_test(a_damaged_store_does_not_move_safe_seq),
		cmocka_unit_test(only_its_own_key_opens_a_backup),
		cmocka_unit_test(a_backup_that_was_cut_or_changed_is_refused),
		cmocka_unit_test(a_running_server_is_not_restored_over),
		cmocka_unit_test(a_key_survives_paper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
