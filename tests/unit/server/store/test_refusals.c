#include "tests/unit/server/world.h"

extern const struct db_step server_schema[];
extern const size_t server_schema_count;

/* A check-in that says nothing: refused when it arrives. */
static void write_poison(struct diary *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		diary_write(d, ENTRY_CHECKIN, STR("{}"));
}

static struct answer heartbeat(struct world *w, struct diary *d)
{
	return send_entries(w, d, d->count + 1, 0);
}

static void a_refusal_is_told_until_the_station_heard_of_it(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	a = heartbeat(w, k);
	assert_int_equal(a.reply.refusal_count, 0);
	assert_int_equal(a.reply.refusal_seq, 0);
	write_poison(k, 2);
	send_entries(w, k, 1, 2); /* this reply is lost */
	a = send_entries(w, k, 1, 2);
	assert_int_equal(a.reply.refusal_count, 2);
	assert_int_equal(a.reply.refusal_seq, 2);
	assert_true(id_equal(a.reply.refusals[1].id, k->entries[1].id));
	assert_int_equal(heartbeat(w, k).reply.refusal_count, 2);
	k->refusal_seq = a.reply.refusal_seq;
	a = heartbeat(w, k);
	assert_int_equal(a.reply.refusal_count, 0);
	assert_int_equal(a.reply.refusal_seq, 2);
	write_poison(k, 1);
	a = send_entries(w, k, 3, 1);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[2].id));
	diary_free(k);
	world_close(w);
}

static void what_was_sealed_is_refused_in_a_later_reply(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_NOTE, STR("{}"));
	write_poison(k, 1);
	a = send_all(w, k);
	assert_int_equal(a.reply.durable_seq, 2);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[1].id));
	k->refusal_seq = a.reply.refusal_seq;
	assert_int_equal(heartbeat(w, k).reply.refusal_count, 0);
	world_settle(w);
	a = heartbeat(w, k);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[0].id));
	assert_str(a.reply.refusals[0].reason, "malformed-payload");
	assert_int_equal(a.reply.refusal_seq, 2);
	diary_free(k);
	world_close(w);
}

static void many_refusals_are_told_200_at_a_time(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	size_t told = 0;
	struct answer a;

	(void)state;
	write_poison(k, 450);
	send_all(w, k);
	for (unsigned i = 0; i < 3; i++) {
		a = heartbeat(w, k);
		assert_int_equal(a.reply.refusal_count, i < 2 ? 200 : 50);
		for (size_t j = 0; j < a.reply.refusal_count; j++)
			assert_true(id_equal(a.reply.refusals[j].id, k->entries[told++].id));
		k->refusal_seq = a.reply.refusal_seq;
	}
	assert_int_equal(heartbeat(w, k).reply.refusal_count, 0);
	diary_free(k);
	world_close(w);
}

static void a_fork_takes_no_refusal_with_it(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w), *other = kiosk_new(w);
	struct answer a;

	(void)state;
	diary_seal(w, k, ENTRY_NOTE, STR("{}"));
	send_all(w, k);
	k->store_id = crypto_random_id();
	diary_chain(k);
	a = send_all(w, k); /* folded: its first telling waits in the former stream */
	assert_int_equal(a.reply.refusal_count, 0);
	world_settle(w);
	a = heartbeat(w, k);
	assert_int_equal(a.reply.refusal_count, 1);
	assert_true(id_equal(a.reply.refusals[0].id, k->entries[0].id));
	/* and it is that station's alone */
	assert_int_equal(heartbeat(w, other).reply.refusal_count, 0);
	diary_free(other);
	diary_free(k);
	world_close(w);
}

static void a_number_from_another_history_only_says_nothing(void **state)
{
	struct world *w = world_open();
	struct diary *k = kiosk_new(w);
	struct answer a;

	(void)state;
	write_poison(k, 1);
	send_all(w, k);
	k->refusal_seq = UINT64_MAX;
	a = heartbeat(w, k);
	assert_int_equal(a.status, 200);
	assert_int_equal(a.reply.refusal_count, 0);
	k->refusal_seq = 0; /* the timeline is another one: hear them all again */
	assert_int_equal(heartbeat(w, k).reply.refusal_count, 1);
	diary_free(k);
	world_close(w);
}

static void refusals_of_an_older_store_are_numbered(void **state)
{
	struct db *db;
	struct err e = { 0 };
	struct db_query *q;

	(void)state;
	assert_true(db_open(&db, ":memory:", DB_WRITER, &e));
	assert_true(db_migrate(db, server_schema, 4, &e));
	if (!db_exec(db,
		    "INSERT INTO event VALUES (7, 'E', 'h', '[]', '{}', x'', x'', x'', 0, 0);"
		    "INSERT INTO station (station, event, id, kind, made_ms)"
		    " VALUES (1, 7, x'01', 1, 0), (2, 7, x'02', 1, 0);"
		    "INSERT INTO stream (stream, event, store_id, station, last_seq, last_hash)"
		    " VALUES (1, 7, x'01', 1, 9, x''), (2, 7, x'02', 2, 9, x''),"
		    " (3, 7, x'03', 1, 9, x'');"
		    "INSERT INTO refusal VALUES (7, 3, 1, x'31', 'r'), (7, 1, 4, x'14', 'r'),"
		    " (7, 2, 2, x'22', 'r'), (7, 1, 2, x'12', 'r')",
		    &e))
		fail_msg("%s", e.text);
	if (!db_migrate(db, server_schema, server_schema_count, &e))
		fail_msg("%s", e.text);
	q = db_query(db, "SELECT group_concat(station || ':' || number || ':' || hex(id), ' ')"
			 " FROM (SELECT * FROM refusal ORDER BY station, number)");
	assert_int_equal(db_step(q, &e), DB_ROW);
	assert_str(db_text(q, 0), "1:1:12 1:2:14 1:3:31 2:1:22");
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refusal_is_told_until_the_station_heard_of_it),
		cmocka_unit_test(what_was_sealed_is_refused_in_a_later_reply),
		cmocka_unit_test(many_refusals_are_told_200_at_a_time),
		cmocka_unit_test(a_fork_takes_no_refusal_with_it),
		cmocka_unit_test(a_number_from_another_history_only_says_nothing),
		cmocka_unit_test(refusals_of_an_older_store_are_numbered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
