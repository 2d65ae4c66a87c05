#include "tests/unit/test.h"

#include "core/base/crypto.h"
#include "server/limiter.h"

static int take_all(
	struct limiter *l, enum limit what, const char *key, int64_t now, int64_t *retry_s)
{
	struct err e;
	int n = 0;

	while (n < 1000 && limiter_take(l, what, str_bytes(str_of(key)), now, retry_s, &e))
		n++;
	return n;
}

static void gives_the_allowance_back_one_by_one(void **state)
{
	struct limiter *l = limiter_new();
	int64_t retry_s;

	(void)state;
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1000, &retry_s), 6);
	assert_true(retry_s >= 100 && retry_s <= 101);
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1000 + 99999, &retry_s), 0);
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1000 + 100000, &retry_s), 1);
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1000 + 10000000, &retry_s), 6);
	limiter_free(l);
}

static void counts_each_key_and_each_limit_for_itself(void **state)
{
	struct limiter *l = limiter_new();
	int64_t retry_s;

	(void)state;
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1, &retry_s), 6);
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "b", 1, &retry_s), 6);
	assert_int_equal(take_all(l, LIMIT_TICKET_CODE, "a", 1, &retry_s), 10);
	limiter_free(l);
}

static void asking_counts_nothing(void **state)
{
	struct limiter *l = limiter_new();
	int64_t retry_s;
	struct err e;

	(void)state;
	for (int i = 0; i < 100; i++)
		assert_true(limiter_ask(l, LIMIT_PAIR_PERSON, BYTES("a"), 1, &retry_s, &e));
	assert_int_equal(take_all(l, LIMIT_PAIR_PERSON, "a", 1, &retry_s), 6);
	assert_false(limiter_ask(l, LIMIT_PAIR_PERSON, BYTES("a"), 1, &retry_s, &e));
	assert_int_equal(e.code, ERR_TOO_MANY);
	assert_true(limiter_take(NULL, LIMIT_PAIR_PERSON, BYTES("a"), 1, &retry_s, &e));
	limiter_free(l);
}

static void many_are_counted_together_or_not_at_all(void **state)
{
	struct limiter *l = limiter_new();
	int64_t retry_s;
	struct err e;

	(void)state;
	assert_true(limiter_take_many(l, LIMIT_PAIR_PERSON, BYTES("a"), 4, 1, &retry_s, &e));
	assert_false(limiter_take_many(l, LIMIT_PAIR_PERSON, BYTES("a"), 4, 1, &retry_s, &e));
	assert_in_range(retry_s, 200, 201); /* two more come back by then */
	assert_true(limiter_take_many(
		l, LIMIT_PAIR_PERSON, BYTES("a"), 4, 1 + retry_s * 1000, &retry_s, &e));
	assert_true(limiter_take_many(l, LIMIT_PAIR_PERSON, BYTES("b"), 6, 1, &retry_s, &e));
	assert_true(limiter_take_many(l, LIMIT_PAIR_PERSON, BYTES("b"), 0, 1, &retry_s, &e));
	assert_false(limiter_take_many(l, LIMIT_PAIR_PERSON, BYTES("c"), 7, 1, &retry_s, &e));
	limiter_free(l);
}

/* A flood of addresses must not grow memory, nor free whoever is limited. */
static void keeps_the_limited_while_others_come_and_go(void **state)
{
	struct limiter *l = limiter_new();
	int64_t retry_s;
	struct err e;

	(void)state;
	take_all(l, LIMIT_ACCOUNT, "account", 1, &retry_s);
	for (uint32_t i = 0; i < 20000; i++)
		assert_true(limiter_take(
			l, LIMIT_TOKEN_ADDRESS, bytes_of(&i, sizeof(i)), 1, &retry_s, &e));
	assert_int_equal(take_all(l, LIMIT_ACCOUNT, "account", 1, &retry_s), 0);
	limiter_free(l);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(gives_the_allowance_back_one_by_one),
		cmocka_unit_test(counts_each_key_and_each_limit_for_itself),
		cmocka_unit_test(asking_counts_nothing),
		cmocka_unit_test(many_are_counted_together_or_not_at_all),
		cmocka_unit_test(keeps_the_limited_while_others_come_and_go),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
