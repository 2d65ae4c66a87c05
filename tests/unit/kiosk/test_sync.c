#include "tests/unit/test.h"

#include "kiosk/sync.h"

static enum sync_act next(const struct sync *s, uint64_t now, uint64_t pending)
{
	uint64_t again;

	return sync_next(s, now, pending, &again);
}

static struct batch_reply held(uint64_t seq)
{
	struct batch_reply r = { .status = BATCH_OK, .durable_seq = seq };

	memset(r.durable_hash, (int)seq, sizeof(r.durable_hash));
	return r;
}

static void first_request_goes_at_once_then_a_heartbeat(void **state)
{
	struct sync s;
	struct batch_reply r = held(0);
	uint64_t again;

	(void)state;
	sync_init(&s);
	assert_int_equal(next(&s, 5, 0), SYNC_SEND);
	sync_began(&s, SYNC_SEND, 5);
	assert_int_equal(next(&s, 6, 9), SYNC_NOTHING);
	sync_succeeded(&s, 7, &r);
	assert_int_equal(sync_next(&s, 8, 0, &again), SYNC_NOTHING);
	assert_int_equal(again, 5 + SYNC_HEARTBEAT_MS);
	assert_int_equal(next(&s, 8, 1), SYNC_SEND);
	assert_int_equal(next(&s, again, 0), SYNC_SEND);
}

static void waits_longer_after_each_failure_and_never_past_a_minute(void **state)
{
	struct sync s;
	uint64_t longest = 0;

	(void)state;
	sync_init(&s);
	for (unsigned i = 0; i < 40; i++) {
		uint64_t bound = SYNC_WAIT_MIN_MS;

		for (unsigned k = 0; k < i && bound < SYNC_WAIT_MAX_MS; k++)
			bound *= 2;
		bound = bound > SYNC_WAIT_MAX_MS ? SYNC_WAIT_MAX_MS : bound;
		sync_began(&s, SYNC_SEND, 1000);
		sync_failed(&s, 1000, false, 0, i * 7919);
		assert_in_range(s.wait_until_ms - 1000, bound / 2, bound);
		longest = s.wait_until_ms - 1000 > longest ? s.wait_until_ms - 1000 : longest;
		assert_int_equal(next(&s, s.wait_until_ms - 1, 1), SYNC_NOTHING);
		assert_int_equal(next(&s, s.wait_until_ms, 1), SYNC_SEND);
	}
	assert_true(longest > SYNC_WAIT_MAX_MS / 2);
}

static void retry_after_is_obeyed(void **state)
{
	struct sync s;

	(void)state;
	sync_init(&s);
	sync_began(&s, SYNC_SEND, 0);
	sync_failed(&s, 0, false, 17, 3);
	assert_int_equal(s.wait_until_ms, 17000);
	/* the server is there and asks for patience: neither a probe nor a link ends that */
	assert_int_equal(next(&s, 5000, 1), SYNC_NOTHING);
	sync_link_up(&s);
	assert_int_equal(next(&s, 5000, 1), SYNC_NOTHING);
}

static void a_link_or_a_probe_ends_the_wait_at_once(void **state)
{
	struct sync s;

	(void)state;
	for (int by_probe = 0; by_probe < 2; by_probe++) {
		sync_init(&s);
		s.failures = 10;
		sync_began(&s, SYNC_SEND, 0);
		sync_failed(&s, 0, true, 0, 0);
		assert_int_equal(next(&s, 10, 1), SYNC_NOTHING);
		if (by_probe) {
			assert_int_equal(next(&s, SYNC_PROBE_MS, 1), SYNC_PROBE);
			sync_began(&s, SYNC_PROBE, SYNC_PROBE_MS);
			assert_int_equal(next(&s, SYNC_PROBE_MS + 1, 1), SYNC_NOTHING);
			sync_probed(&s, SYNC_PROBE_MS + 2, false);
			assert_int_equal(next(&s, SYNC_PROBE_MS + 3, 1), SYNC_NOTHING);
			sync_probed(&s, SYNC_PROBE_MS + 2, true);
		} else {
			sync_link_up(&s);
		}
		assert_int_equal(next(&s, SYNC_PROBE_MS + 3, 1), SYNC_SEND);
	}
}

static void who_asks_for_a_heartbeat_gets_one(void **state)
{
	struct sync s;

	(void)state;
	sync_init(&s);
	sync_began(&s, SYNC_SEND, 1000);
	sync_now(&s);
	/* one is in the air: the next one goes after its answer */
	assert_int_equal(next(&s, 1001, 0), SYNC_NOTHING);
	sync_succeeded(&s, 1002, NULL);
	assert_int_equal(next(&s, 1003, 0), SYNC_SEND);
	sync_began(&s, SYNC_SEND, 1003);
	sync_failed(&s, 1004, true, 0, 0);
	assert_int_equal(next(&s, 1005, 0), SYNC_NOTHING);
	sync_now(&s);
	assert_int_equal(next(&s, 1006, 0), SYNC_SEND);
	s.state = SYNC_HALTED;
	assert_int_equal(next(&s, 1007, 0), SYNC_NOTHING);
}

static void the_cursor_follows_the_answer_up_and_down(void **state)
{
	struct batch_reply r = held(5);
	uint8_t own[ENTRY_HASH_LEN];

	(void)state;
	memset(own, 5, sizeof(own));
	assert_int_equal(sync_judge(&r, 9, 0, own), SYNC_TAKE);
	r = held(0);
	assert_int_equal(sync_judge(&r, 9, 0, NULL), SYNC_TAKE);
	r.status = BATCH_GAP;
	assert_int_equal(sync_judge(&r, 9, 0, NULL), SYNC_TAKE);
}

static void another_history_is_a_fork(void **state)
{
	struct batch_reply r = held(5);
	uint8_t own[ENTRY_HASH_LEN] = { 1 };

	(void)state;
	assert_int_equal(sync_judge(&r, 9, 0, own), SYNC_FORK);
	assert_int_equal(sync_judge(&r, 4, 0, NULL), SYNC_FORK);
	assert_int_equal(sync_judge(&r, 9, 7, NULL), SYNC_FORK);
	r.status = BATCH_FORK;
	memset(own, 5, sizeof(own));
	assert_int_equal(sync_judge(&r, 9, 0, own), SYNC_FORK);
	r.wipe = true;
	assert_int_equal(sync_judge(&r, 9, 0, own), SYNC_WIPE);
}

static void too_large_halves_the_batch_and_success_grows_it_again(void **state)
{
	struct sync s;
	struct batch_reply r = held(1);

	(void)state;
	sync_init(&s);
	sync_began(&s, SYNC_SEND, 1);
	sync_halve(&s, 100);
	assert_int_equal(s.batch_max, 50);
	assert_int_equal(next(&s, 2, 1), SYNC_SEND);
	sync_halve(&s, 1);
	assert_int_equal(s.batch_max, 1);
	for (int i = 0; i < 20; i++)
		sync_succeeded(&s, 3, &r);
	assert_int_equal(s.batch_max, LIMIT_BATCH_ENTRIES);
}

static void entries_go_before_the_roster(void **state)
{
	struct sync s;
	struct batch_reply r = held(1);

	(void)state;
	sync_init(&s);
	sync_began(&s, SYNC_SEND, 1);
	r.roster_rev = 4;
	sync_succeeded(&s, 2, &r);
	assert_int_equal(next(&s, 3, 1), SYNC_SEND);
	assert_int_equal(next(&s, 3, 0), SYNC_ROSTER);
	s.roster_have = 4;
	assert_int_equal(next(&s, 3, 0), SYNC_NOTHING);
	s.roster_asked = true;
	assert_int_equal(next(&s, 3, 0), SYNC_ROSTER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_request_goes_at_once_then_a_heartbeat),
		cmocka_unit_test(waits_longer_after_each_failure_and_never_past_a_minute),
		cmocka_unit_test(retry_after_is_obeyed),
		cmocka_unit_test(a_link_or_a_probe_ends_the_wait_at_once),
		cmocka_unit_test(who_asks_for_a_heartbeat_gets_one),
		cmocka_unit_test(the_cursor_follows_the_answer_up_and_down),
		cmocka_unit_test(another_history_is_a_fork),
		cmocka_unit_test(too_large_halves_the_batch_and_success_grows_it_again),
		cmocka_unit_test(entries_go_before_the_roster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
