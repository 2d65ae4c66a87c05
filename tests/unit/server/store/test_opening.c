#include "tests/unit/server/world.h"

#include "core/base/config.h"
#include "server/store/derive.h"
#include "server/store/opening.h"

static struct str note(struct world *w, struct id author, const char *text)
{
	return say(w, "{\"author\":\"%s\",\"of\":\"%s\",\"text\":\"%s\"}", id_text(author).s,
		id_uuid_text(author).s, text);
}

static int64_t waiting(struct world *w)
{
	return world_count(w, "SELECT COUNT(*) FROM sealed");
}

static void is_acknowledged_as_it_came_and_opened_afterwards(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "canary"));
	a = send_all(w, k);
	assert_int_equal(a.reply.durable_seq, 1);
	assert_int_equal(waiting(w), 1);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM private"), 0);
	assert_int_equal(world_count(w, "SELECT LENGTH(payload) FROM sealed"),
		(int64_t)k->entries[0].payload.len);
	world_settle(w);
	assert_int_equal(waiting(w), 0);
	assert_int_equal(
		world_count(w,
			"SELECT COUNT(*) FROM private WHERE CAST(payload AS TEXT) LIKE '%canary%'"),
		1);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention"), 1);
	diary_free(k);
	world_close(w);
}

static void what_waits_is_opened_after_a_restart(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");

	(void)state;
	for (int i = 0; i < 3; i++)
		diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "n"));
	send_all(w, k);
	server_close(w->s);
	world_reopen(w);
	assert_int_equal(waiting(w), 3);
	assert_int_equal(send_all(w, k).reply.durable_seq, 3);
	world_settle(w);
	assert_int_equal(waiting(w), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention"), 3);
	diary_free(k);
	world_close(w);
}

static void what_is_inside_is_judged_then(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	struct diary *p = diary_new(w, ROLE_ATTENDEE, ana.id);
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_NOTE, STR("{\"author\":7}"));
	diary_seal(w, k, ENTRY_NOTE, note(w, ben.id, "a kiosk may"));
	diary_seal(w, p, ENTRY_NOTE, note(w, ben.id, "not hers to write"));
	diary_seal(w, p, ENTRY_NOTE, note(w, ana.id, "hers"));
	diary_seal(w, p, ENTRY_NOTE, note(w, ana.id, "changed on its way"));
	((uint8_t *)(uintptr_t)p->entries[2].payload.p)[9] ^= 1;
	diary_chain(p);
	send_all(w, k);
	send_all(w, p);
	world_settle(w);
	a = send_entries(w, k, 3, 0);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_str(a.reply.refusals[0].reason, "malformed-payload");
	a = send_entries(w, p, 4, 0);
	assert_int_equal(a.reply.refusal_count, 2);
	assert_str(a.reply.refusals[0].reason, "not-your-own");
	assert_str(a.reply.refusals[1].reason, "cannot-be-opened");
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry WHERE refused = 1"), 3);
	/* nothing is dropped, and what is refused has no effect */
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM private"), 5);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention"), 2);
	diary_free(p);
	diary_free(k);
	world_close(w);
}

static void what_its_kind_forbids_is_refused_unopened(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_HIDE, STR("{}"));
	a = send_all(w, k);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_str(a.reply.refusals[0].reason, "not-for-this-station");
	assert_int_equal(waiting(w), 0);
	diary_free(k);
	world_close(w);
}

static void an_open_kind_that_came_sealed_stands_in_the_log(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct id who = crypto_random_id();

	(void)state;
	diary_seal(w, k, ENTRY_BADGE_ASSIGN,
		say(w, "{\"badge\":\"%s\",\"who\":\"%s\",\"name\":\"Cleo\"}",
			id_text(crypto_random_id()).s, id_text(who).s));
	send_all(w, k);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM entry WHERE payload IS NULL"), 1);
	world_settle(w);
	assert_int_equal(
		world_count(
			w, "SELECT COUNT(*) FROM entry WHERE CAST(payload AS TEXT) LIKE '%Cleo%'"),
		1);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM private"), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM attendee WHERE name = 'Cleo'"), 1);
	diary_free(k);
	world_close(w);
}

static void nothing_is_derived_past_what_waits(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana"), ben = world_attendee(w, "Ben");
	static const char in[] = "SELECT COUNT(*) FROM attendee WHERE in_ms IS NOT NULL";
	struct err e = { 0 };
	bool more = true;

	(void)state;
	write_checkin(w, k, ana.id);
	diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "n"));
	write_checkin(w, k, ben.id);
	send_all(w, k);
	assert_true(derive_step(&w->s->write, &more, &e));
	assert_false(more); /* for now: opening_step will ask for another turn */
	assert_int_equal(world_count(w, in), 1);
	assert_true(opening_step(&w->s->write, &more, &e));
	assert_true(derive_step(&w->s->write, &more, &e));
	assert_int_equal(world_count(w, in), 2);
	diary_free(k);
	world_close(w);
}

static void more_than_one_step_takes_are_opened_in_several(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct err e = { 0 };
	bool more = false;
	int64_t before;

	(void)state;
	for (int i = 0; i < 700; i++)
		diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "n"));
	send_all(w, k);
	assert_true(opening_step(&w->s->write, &more, &e));
	before = waiting(w);
	assert_true(more);
	assert_in_range(before, 1, 699);
	world_settle(w);
	assert_int_equal(waiting(w), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention"), 700);
	diary_free(k);
	world_close(w);
}

static void what_was_erased_before_it_was_opened_stops_nothing(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");

	(void)state;
	diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "canary"));
	write_checkin(w, k, ana.id);
	send_all(w, k);
	world_exec(w, "DELETE FROM sealed");
	world_settle(w);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM private"), 0);
	assert_int_equal(world_count(w, "SELECT COUNT(*) FROM mention"), 1);
	diary_free(k);
	world_close(w);
}

static bool file_has(struct world *w, const char *name, struct bytes what)
{
	struct bytes file;
	struct err e = { 0 };

	if (!file_read(&file, say(w, "%s/%s%c", w->dir, name, 0).p, 64 << 20, &w->arena, &e))
		return false;
	for (size_t i = 0; i + what.len <= file.len; i++)
		if (memcmp(file.p + i, what.p, what.len) == 0)
			return true;
	return false;
}

static void nothing_of_the_box_stays_behind(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct attendee ana = world_attendee(w, "Ana");
	struct bytes box;
	struct err e = { 0 };

	(void)state;
	for (int i = 0; i < 40; i++)
		diary_seal(w, k, ENTRY_NOTE, note(w, ana.id, "n"));
	send_all(w, k);
	box = (struct bytes){ k->entries[20].payload.p, 32 };
	assert_true(db_checkpoint(w->s->write.db, &e));
	assert_true(file_has(w, "kith.db", box));
	world_settle(w);
	assert_true(db_checkpoint(w->s->write.db, &e));
	assert_false(file_has(w, "kith.db", box));
	assert_false(file_has(w, "kith.db-wal", box));
	diary_free(k);
	world_close(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_acknowledged_as_it_came_and_opened_afterwards),
		cmocka_unit_test(what_waits_is_opened_after_a_restart),
		cmocka_unit_test(what_is_inside_is_judged_then),
		cmocka_unit_test(what_its_kind_forbids_is_refused_unopened),
		cmocka_unit_test(an_open_kind_that_came_sealed_stands_in_the_log),
		cmocka_unit_test(nothing_is_derived_past_what_waits),
		cmocka_unit_test(more_than_one_step_takes_are_opened_in_several),
		cmocka_unit_test(what_was_erased_before_it_was_opened_stops_nothing),
		cmocka_unit_test(nothing_of_the_box_stays_behind),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
