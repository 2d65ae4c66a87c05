#include "tests/unit/test.h"

#include "core/base/crypto.h"
#include "core/tag/ticket.h"

static void reads_what_people_type(void **state)
{
	struct ticket a, b;
	char text[32];
	struct buf to = BUF_ON(text);

	(void)state;
	assert_true(ticket_read(STR("01AB-CDEF-GHJK-MNPQ"), &a));
	assert_true(ticket_read(STR("oIab cdef ghjk mnpq"), &b));
	assert_memory_equal(a.b, b.b, TICKET_LEN);
	ticket_write_groups(&to, a);
	assert_str(buf_str(&to), "01AB-CDEF-GHJK-MNPQ");
	assert_false(ticket_read(STR("01AB-CDEF-GHJK-MNP"), &b));
	assert_false(ticket_read(STR("01AB-CDEF-GHJK-MNPQ0"), &b));
	assert_false(ticket_read(STR("01AB-CDEF-GHJK-MNP!"), &b));
}

static void draws_a_new_code_each_time(void **state)
{
	struct ticket a, b;
	struct err e;

	(void)state;
	assert_true(crypto_init(&e));
	a = ticket_random();
	b = ticket_random();
	assert_memory_not_equal(a.b, b.b, TICKET_LEN);
}

static void hashes_by_key(void **state)
{
	/* HMAC-SHA-256 with key "roster" over 00 01 .. 09, by Python's hmac module */
	static const uint8_t want[TICKET_HASH_LEN] = { 0xC2, 0xD6, 0x5B, 0x9B, 0x70, 0x0F, 0x41,
		0x6C, 0x26, 0xA5, 0x24, 0xF5, 0xC4, 0xC6, 0x89, 0xDD };
	struct ticket t = { { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 } };
	struct ticket_hash h = ticket_hash(BYTES("roster"), t),
			   other = ticket_hash(BYTES("Roster"), t);

	(void)state;
	assert_memory_equal(h.b, want, sizeof(want));
	assert_memory_not_equal(h.b, other.b, sizeof(want));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_people_type),
		cmocka_unit_test(draws_a_new_code_each_time),
		cmocka_unit_test(hashes_by_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
